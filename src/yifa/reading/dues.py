"""Until when a task is to be done, as plans write it, resolved against the plan's year."""

from __future__ import annotations

import re
from datetime import date

from yifa.reading.dates import make_date, month_end
from yifa.reading.numerals import integer

MONTH = r"(?<![每两几个第\d])(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月"
COUNTED = r"[一二两三四五六七八九十半几数\d]"  # 「三年内」 begins on a day that the text does not name
PARTS = {"上旬": 10, "中旬": 20}
DUE = re.compile(
    rf"(?<!截至)(?<!截止)(?:(?P<year>20\d{{2}})年|(?P<next>明年|次年|翌年)|今年|本年|当年|每年)?{MONTH}"
    r"(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬|份)?)?"
    r"(?:(?:之|以)?(?:前|底前|内)|(?:之前|以前)?(?:完成|办结|举办|召开|开展)(?![^，。；]{0,16}[的了以来])"
    r"|(?<=[日底末旬])(?=[ \t]*[)）〕】]))"
    r"|(?:(?P<qyear>20\d{2})年)?第?(?P<quarter>[一二三四1234])季度(?:末|底|前|内|结束前|完成)?"
    rf"|(?:(?P<eyear>(?<!\d)20\d{{2}})年?|(?<!{COUNTED}))(?P<end>年底|年末|年度?内|上半年|下半年)(?:之|以)?前?"
    r"|(?P<by>20\d{2})年(?:12月)?底?前"
    r"|(?<![\d.])(?P<dyear>20\d{2})[.．/-](?P<dmonth>\d{1,2})(?:[.．/-](?P<dday>\d{1,2})日?)?(?:之|以)?前"
)
WITHIN = re.compile(
    r"(?<![近过前这\d])(?:[一二两三四五六七八九十]|\d{1,2})(?:到[一二两三四五六七八九十])?年(?:之|以)?内"
)
STAGE = re.compile(
    r"(?:(?P<year>20\d{2})年)?\d{1,2}月?(?:\d{1,2}日|初|上旬|中旬|下旬|底)?[ ]?[-—–~～至到]{1,2}[ ]?"
    r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末|份)?"
)
BEGUN = re.compile(
    r"(?P<year>20\d{2})年\d{1,2}月(?:\d{1,2}日|初|上旬|中旬|下旬|底)?[ ]?[-—–~～至到]{1,2}[ ]?\Z"
)
FARTHEST_BEGUN = 16  # characters of 「2025年3月至」 before the month that ends it
DUE_FIELD = re.compile(
    r"(?:完成|办结|办理|整改|落实)?(?:时限|时间|期限|日期)(?:要求|节点|安排)?[ \t]*[:：]([^；;，,（）()〔〕【】。\n]{2,30})"
)
NOTE = re.compile(
    r"长期(?:坚持|推进|任务)?|持续(?:推进|坚持|开展|实施|深化)?|常态化(?:推进|开展|实施)?|全年(?:推进|坚持)?|每季度末?|每半年|每年|每月"
    r"|按时序(?:进度)?(?:推进)?|适时|即时|随时|贯穿全年"
)
STANDING = re.compile(
    r"(?:[（(〔【，,；;。：:\n]|\A)[ \t]*(?P<note>长期坚持|长期推进|长期任务|持续推进|持续坚持"
    r"|常态化(?:推进|开展)|全年(?:持续)?(?:推进|坚持|开展)?|每季度末|每半年|贯穿全年|按时序(?:进度)?推进)(?=[）)〕】。；;，,\n]|\Z)"
)
TITLED = re.compile(r"《[^《》\n]{1,120}》")


def due(body: str, year: int | None) -> date | None:
    """The last day by which the task is to be done; 全年 and 每季度 set none."""
    if not any(sign in body for sign in ("月", "季度", "年", "期限", "时限", "前")):
        return None
    plain = TITLED.sub(lambda match: "＿" * len(match[0]), body) if "《" in body else body
    fields = [field[1].strip() for field in DUE_FIELD.finditer(plain)]
    plain += "".join(f"\n{field}前" for field in fields)  # 「完成时限：6月底」 has no 前
    found = [day for match in DUE.finditer(plain) if (day := _day_of(match, plain, year))]
    if not found:
        found = [day for match in STAGE.finditer(plain) if (day := _end_of_stage(match, year))]
    return max((day for day in found if year is None or day.year >= year), default=None)


def field_due(text: str, year: int | None) -> date | None:
    """The last day that a field names: 「完成时限：6月底」; days in the sentences around it do not count."""
    fields = [f"{field[1].strip()}前" for field in DUE_FIELD.finditer(text)]
    return due("\n".join(fields), year)


def due_note(body: str) -> str | None:
    """A time that is stated but is no day: 「长期坚持」, 「每季度末」, 「三年内」."""
    for field in DUE_FIELD.finditer(body):
        if note := NOTE.match(field[1].strip()):
            return note[0]
    if standing := STANDING.search(body):
        return standing["note"]
    within = WITHIN.search(body) if "年" in body else None
    return within[0] if within else None


def _day_of(match: re.Match[str], text: str, year: int | None) -> date | None:
    if match["month"]:
        return _day_in_month(match, text, year)
    if match["quarter"]:
        before = text[max(match.start() - 2, 0) : match.start()]
        in_year = int(match["qyear"]) if match["qyear"] else year
        quarter = integer(match["quarter"])
        if in_year is None or quarter is None or before.endswith(("每", "上", "各", "前")):
            return None
        return month_end(in_year, quarter * 3)
    if match["end"]:
        in_year = int(match["eyear"]) if match["eyear"] else year
        return month_end(in_year, 6 if match["end"] == "上半年" else 12) if in_year else None
    if match["dyear"]:
        return _day_in_figures(match)
    return date(int(match["by"]), 12, 31)


def _day_in_figures(match: re.Match[str]) -> date | None:
    """「2025.12.31前」, 「2025-06前」."""
    in_year, month = int(match["dyear"]), int(match["dmonth"])
    return make_date(in_year, month, int(match["dday"])) if match["dday"] else month_end(in_year, month)


def _day_in_month(match: re.Match[str], text: str, year: int | None) -> date | None:
    begun = (
        None if match["year"] else BEGUN.search(text, max(match.start() - FARTHEST_BEGUN, 0), match.start())
    )
    stated = match["year"] or (begun and begun["year"])
    in_year = int(stated) if stated else year
    month = integer(match["month"])
    if in_year is None or month is None:
        return None
    if match["next"]:
        in_year += 1
    if match["day"]:
        return make_date(in_year, month, int(match["day"]))
    if match["part"] in PARTS:
        return make_date(in_year, month, PARTS[match["part"]])
    return month_end(in_year, month)


def _end_of_stage(match: re.Match[str], year: int | None) -> date | None:
    """The end of 「3月至4月」, the time of one stage of the plan."""
    in_year = int(match["year"]) if match["year"] else year
    if in_year is None:
        return None
    month = int(match["month"])
    return make_date(in_year, month, int(match["day"])) if match["day"] else month_end(in_year, month)
