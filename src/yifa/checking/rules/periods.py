"""`period.*`: title and body cover different periods; figures stop early; something lies behind the signature."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from yifa.checking.finding import Finding, Severity
from yifa.checking.landmarks import Landmarks
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.phrases import day as in_chinese

_YEARS = r"(20\d\d)\s*年?(?:度)?(?:\s*(?:[-—–－~～至到]+)\s*(20\d\d)\s*年?(?:度)?)?"
_TITLE_YEARS = re.compile(_YEARS)
_DECEMBER, _LAST_DAY = 12, 31
_LEAD_IN = re.compile(
    rf"现(?:将|就|把|对)[^。\n]{{0,12}}?{_YEARS}[^。\n]{{0,60}}(?:报告|汇报|总结|通报|公布|公开)"
)
_PLAN_YEARS = re.compile(r"[（(]\s*20\d\d\s*年?\s*[-—–－~～至到]+\s*20\d\d\s*年?\s*[)）]")
_CUT_OFF = re.compile(
    r"截[至止到](?:了)?\s{0,4}(?:(20\d\d)\s{0,4}年)?\s{0,4}(\d{1,2})\s{0,4}月(?:\s{0,4}(\d{1,2})\s{0,4}日|底|末|份)?"
)
_MONTHS = re.compile(
    r"(?:(20\d\d)\s{0,2}年\s{0,2})?(?<!\d)1\s{0,2}月?\s{0,2}[-—–－~～至到]{1,3}\s{0,2}(\d{1,2})\s{0,2}月()"
)
_FIRST_MONTHS = re.compile(
    r"(?:(20\d\d)\s{0,2}年)?前\s{0,2}(三|十一|十|九|八|11|10|9|8)\s{0,2}(?:个月|季度)()"
)
_UP_TO = Landmarks(("截至", "截止", "截到"))
_JANUARY_TO = Landmarks(f"1{sign}" for sign in "月 \t\u3000\xa0-—–－~～至到")
_FIRST_OF = Landmarks(f"前{sign}" for sign in (*"三八九十189 ", "\u3000"))
_YEAR_ROOM, _CUT_OFF_ROOM = 12, 40  # characters of a year before it, and of the whole
_FIRST = {"三": 9, "八": 8, "九": 9, "十": 10, "十一": 11}
_SHORT_DATE = re.compile(r"(?<![\d年.])(\d{1,2})月(\d{1,2})日")
_MONTH = re.compile(r"(20\d\d)年(\d{1,2})月(?!\s*\d)(?:份|上旬|中旬|下旬)?")
_DECLARES = re.compile(r"(?:统计|数据|数字|报告期|口径)[^。；\n\d]{0,16}$")
_REACHED = re.compile(r"^[^。；]{0,16}?(?:已|均|全部|全面)?(?:实现|建成|完成|覆盖)")
_FULL_DATE = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日")
_DONE = re.compile(
    r"^[^。；\n]{0,20}?(?:召开了|召开|举办了|举行了|印发了|印发|出台了|签署了|签署|完成了|开展了|组织了|已|通过了)"
)
_YET = re.compile(r"将|拟|计划|预计|前|起|至|到|截止|有效|届时|力争|确保")
_OTHER_YEAR = re.compile(r"20\d\d年|去年|上年")


def check_title(view: View) -> Iterator[Finding]:
    """The year of the title against the years of 现将……报告如下."""
    title = view.document.title
    if not title:
        return
    named = _TITLE_YEARS.search(_PLAN_YEARS.sub("", title))
    lead_in = _LEAD_IN.search(view.text)
    if not named or not lead_in:
        return
    of_title, of_body = _years(named), _years(lead_in)
    if of_title == of_body:
        return
    place = view.text.find(title)
    spans = [(place, place + len(title))] if place >= 0 else []
    yield TITLE.finding(
        f"标题写的是{_shown(of_title)}，正文却说报告{_shown(of_body)}的情况。请统一报告期，跨年的数字按年分列。",
        [*spans, lead_in.span()],
        title=of_title[0] if len(of_title) == 1 else of_title,
        body=of_body,
    )


def _years(found: re.Match[str]) -> list[int]:
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    return [first] if first == last else [first, last]


def _shown(years: list[int]) -> str:
    return "至".join(f"{year}年" for year in years)


def check_cutoff(view: View) -> Iterator[Finding]:
    """「截至11月底」 in a report on the whole year, where a figure stands behind it: one finding with all places.

    Silent where the day is the one up to which the report says that it reports or counts.
    """
    year, period = view.document.year, view.document.period
    if not view.is_report or year is None or (period and period[0].year < period[1].year):
        return  # a report on several years stops where it was written
    yield from _stale(view, year)
    declared = _declared(view, year)
    early = [
        (found, day)
        for found in _cut_offs(view)
        if (day := _cut_off_day(found, year)) and _stops_early(day, year) and day not in declared
        if _counted(view, found)
    ]
    if early:
        phrases = list(dict.fromkeys(found.group().strip() for found, _ in early))
        yield CUTOFF.finding(
            f"报告的是{year}年全年，有{len(early)}处数字只统计到“{'”“'.join(phrases)}”，年末以前的没有计入。"
            "请补到12月31日，或在开头写明统计截止日。",
            [found.span() for found, _ in early],
            cutoff=phrases[0],
            cutoffs=phrases,
            month=early[0][1].month,
            year=year,
        )


def _stale(view: View, year: int) -> Iterator[Finding]:
    """「数据统计截至」 the last day of the year before: the opening was taken over from last year's report."""
    period = view.document.period
    for found in _cut_offs(view):
        before = view.text[max(found.start() - 24, 0) : found.start()]
        if (
            _cut_off_day(found, year) == date(year - 1, _DECEMBER, _LAST_DAY)
            and _DECLARES.search(before)
            and period is not None
            and period[1].year == year
        ):
            yield CUTOFF.finding(
                f"报告的是{year}年，统计截止日却写作“{found.group().strip()}”，是上一年的。请改正，并核对文中的数是不是本年的。",
                [found.span()],
                cutoff=found.group().strip(),
                cutoffs=[found.group().strip()],
                month=_DECEMBER,
                year=year,
            )


def _cut_offs(view: View) -> list[re.Match[str]]:
    """All that name a day up to which something is counted, each found from the words it has."""
    found: dict[tuple[re.Pattern[str], int], re.Match[str]] = {}
    for pattern, landmarks in ((_CUT_OFF, _UP_TO), (_MONTHS, _JANUARY_TO), (_FIRST_MONTHS, _FIRST_OF)):
        for place, _ in view.places(landmarks):
            match = pattern.search(view.text, max(place - _YEAR_ROOM, 0), place + _CUT_OFF_ROOM)
            if match and match.start() <= place < match.end():
                found.setdefault((pattern, match.end()), match)
    return sorted(found.values(), key=re.Match.start)


def _cut_off_day(found: re.Match[str], year: int) -> date | None:
    """The last day counted: the day named, else the end of the month named."""
    named, number = int(found.group(1) or year), found.group(2)
    if found.re is _FIRST_MONTHS and ("季度" in found.group()) != (number == "三"):
        return None
    month = _FIRST[number] if number in _FIRST else int(number)
    if not 1 <= month <= _DECEMBER:
        return None
    last = monthrange(named, month)[1]
    return date(named, month, min(int(found.group(3) or last), last) or last)


def _declared(view: View, year: int) -> set[date]:
    """The days the report itself gives as its end: of its period, and of its statistics as a whole."""
    days = {view.document.period[1]} if view.document.period else set()
    for found in _cut_offs(view):
        before = view.text[max(found.start() - 24, 0) : found.start()]
        day = _cut_off_day(found, year)
        if day and _DECLARES.search(before) and not _counted(view, found):
            days.add(day)
    return days


def _stops_early(day: date, year: int) -> bool:
    return day.year == year and (day.month, day.day) != (_DECEMBER, _LAST_DAY)


def _counted(view: View, found: re.Match[str]) -> bool:
    """Whether a figure follows in the sentence, and not only something that had been built or reached by then."""
    if _REACHED.match(view.text[found.end() : found.end() + 24]):
        return False
    figures = view.sentence_of(found.start()).figures
    return bool(figures) and figures[-1].span[0] >= found.end()


def check_future(view: View) -> Iterator[Finding]:
    """A day later than the signature, told as past."""
    signed = view.document.dated
    if signed is None:
        return
    for found, day in _days(view):
        if found.start() in view.parts.ahead:
            continue
        before = view.text[max(found.start() - 4, 0) : found.start()]
        after = view.text[found.end() : found.end() + 40]
        if day <= signed or _YET.search(before) or _YET.match(after):
            continue
        told = _DONE.match(after)
        if told and not _YET.search(told.group()):
            yield FUTURE.finding(
                f"文中说{found.group()}已经发生的事，晚于落款日期{in_chinese(signed)}。请核对两个日期。",
                [found.span()],
                date=day.isoformat(),
                dated=signed.isoformat(),
            )


def _days(view: View) -> Iterator[tuple[re.Match[str], date]]:
    """Days with their year; months as a whole; days without a year where it can only be the year of the signature."""
    signed, year = view.document.dated, view.document.year
    for found in _FULL_DATE.finditer(view.text):
        day = _day(found.group(1), found.group(2), found.group(3))
        if day:
            yield found, day
    for found in _MONTH.finditer(view.text):
        day = _day(found.group(1), found.group(2), "1")
        if day:
            yield found, day
    if signed and signed.year == year and view.is_report:
        for found in _SHORT_DATE.finditer(view.text):
            day = _day(str(year), found.group(1), found.group(2))
            if day and day > signed and not _OTHER_YEAR.search(view.sentence_of(found.start()).text):
                yield found, day


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


TITLE = Rule(
    id="period.title",
    severity=Severity.WARNING,
    title="标题与正文的报告期不同",
    explanation=(
        "标题写明的年度，与“现将……情况报告如下”一句写明的年度不同（如标题为一年，正文报告三年）。标题或正文没有写年度的不比较。\n\n"
        "例：标题“2022年法治政府建设工作情况报告”，正文“现就我委2021年……报告如下”——依据：title 2022，body 2021。"
    ),
    check=check_title,
)
CUTOFF = Rule(
    id="period.cutoff",
    severity=Severity.WARNING,
    title="数字没有统计到年末",
    explanation=(
        "年度报告中写明“截至某月”“1—某月”“前三季度”的数字，截止日早于报告年度的12月31日。报告开头写明的报告期、统计截止日与此相同的不提出；"
        "只写“截至目前”的、说某项工作到那时已经建成或实现的，也不提出。\n\n"
        "例：2023年度报告写“截至11月15日，查处违法案件532件”——依据：cutoff 截至11月15日，month 11，year 2023。"
    ),
    check=check_cutoff,
)
FUTURE = Rule(
    id="period.future",
    severity=Severity.WARNING,
    title="所述日期晚于落款",
    explanation=(
        "正文把一件注明日期（或月份）的事说成已经发生，日期却晚于落款日期。没有写年份的，只在报告于当年落款时才比较。计划、预计、期限等将来的日期不算。\n\n"
        "例：落款2020年12月25日，正文写“2020年12月30日，我局召开了总结会”——依据：date 2020-12-30，dated 2020-12-25。"
    ),
    check=check_future,
)
