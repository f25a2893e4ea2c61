"""Finds the numbers that are quantities, in arabic and in Chinese figures; leaves names, slogans and dates alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from yifa.reading.document import Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import CHARACTERS, SCALES, chinese_number

MAGNITUDE = r"(?:万亿|千万|百万|十万|个亿|亿|万|千|百)"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
QUOTED = re.compile(
    r"《[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})*》|“[^”“\n]{1,18}”|[‘「『][^’」』\n]{1,18}[’」』]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity as the pattern saw it."""

    start: int
    end: int
    number: str
    value: float
    high: float | None  # of a range
    scale: float
    inside: str  # 余、多 …
    unit: str
    after: str  # 以上 …


def quantities(text: str, numbers: Sequence[Span]) -> list[Found]:
    """All quantities in order; `numbers` are the places of heading numbers."""
    shut = _Shut(text, numbers)
    found = [item for item in _arabic_quantities(text) if not shut.holds(item)]
    found += [item for item in _chinese_quantities(text) if not shut.holds(item)]
    found.sort(key=lambda item: item.start)
    kept: list[Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _units(names: list[str]) -> str:
    not_before: dict[str, str] = words("measures")["units"]
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(
        re.escape(unit) + (f"(?![{no}])" if (no := not_before.get(unit)) else "") for unit in ordered
    )


@cache
def _after() -> str:
    return alternatives(list(words("approximations")["after"]))


@cache
def _arabic() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\dA-Za-z第〔\[/×])(?<!\d[.,:：])(?P<number>{NUMBER})"
        rf"(?:%?{MAGNITUDE}?(?:[-—–－~～至到]|——)(?P<other>{NUMBER}))?"
        rf"(?P<inside>[余多来几])?(?P<scale>{MAGNITUDE}?)(?P<inside2>[余多来])?(?:大(?=[类项]))?"
        rf"(?:(?P<unit>{_units(list(words('measures')['units']))})|(?P<bare>(?<=[万亿余多])(?=[\u4e00-\u9fff，。；、）])))"
        rf"(?P<after>{_after()})?"
    )


@cache
def _chinese() -> re.Pattern[str]:
    lexicon = words("measures")
    return re.compile(
        rf"百分之(?P<percent>[{CHARACTERS}点]{{1,8}})(?P<after0>{_after()})?"
        rf"|(?P<lower>[二三四五六七八九十]{{1,2}})分之(?P<upper>[一二三四五六七八九]{{1,2}})(?P<after1>{_after()})?"
        rf"|(?<![\d/.])(?P<over>[1-9])/(?P<under>[2-9]|10)(?![\d/.])(?:(?P<after2>{_after()})|(?=[的，,。、；强]))"
        rf"|(?<![{CHARACTERS}])(?P<num>[一二三四五六七八九十百千两][{CHARACTERS}]{{0,11}}|(?<=[近超逾达过破])[万亿])(?P<inside>[余多来几])?(?P<scale>[万亿])?"
        rf"(?P<inside2>[余多])?(?P<big>大)?"
        rf"(?:(?P<free>{_units(lexicon['chinese'])})|(?P<guarded>{_units(lexicon['chinese_guarded'])}))(?P<after>{_after()})?"
    )


def _arabic_quantities(text: str) -> Iterator[Found]:
    for match in _arabic().finditer(text):
        if match["bare"] is not None and match["scale"] not in ("万", "亿", "万亿", "个亿"):
            continue
        unit = match["unit"] or ("人" if text.startswith(_people(), match.end("bare")) else "")
        if not _is_quantity(text, match, unit):
            continue
        found = Found(
            match.start(),
            match.end("unit") if match["unit"] else match.end("bare"),
            match["number"],
            float(match["number"].replace(",", "")),
            float(match["other"].replace(",", "")) if match["other"] else None,
            SCALES[match["scale"]],
            match["inside"] or match["inside2"] or "",
            unit,
            match["after"] or "",
        )
        yield from _sharing(text, found)
        yield found


@cache
def _people() -> tuple[str, ...]:
    return tuple(words("measures")["people"])


SHARED = re.compile(rf"(?:{NUMBER}{MAGNITUDE}?(?:、|和|及|与)){{1,12}}\Z")
ONE = re.compile(rf"(?P<number>{NUMBER})(?P<scale>{MAGNITUDE}?)(?=[、和及与])")


def _sharing(text: str, last: Found) -> Iterator[Found]:
    """「分别为12、31和42件」: numbers before this one that share its unit."""
    if text[last.start - 1 : last.start] not in ("、", "和", "及", "与"):
        return
    begin = max(last.start - 60, 0)
    run = SHARED.search(text, begin, last.start)
    if run is None or "分别" not in text[max(run.start() - 30, 0) : run.start()]:
        return
    for match in ONE.finditer(text, run.start(), last.start):
        scale = SCALES[match["scale"]] if match["scale"] else last.scale
        value = float(match["number"].replace(",", ""))
        end = match.end("scale")
        yield replace(
            last,
            start=match.start(),
            end=end,
            number=match["number"],
            value=value,
            scale=scale,
            high=None,
            inside="",
        )


LETTER_BEFORE = re.compile(r"[A-Za-z]-?\Z")


def _is_quantity(text: str, match: re.Match[str], unit: str) -> bool:
    """Not a round-the-clock service, a rank, a name with a number in it, a code."""
    before = text[max(match.start() - 2, 0) : match.start()]
    digits = match["number"]
    if digits == "24" and unit == "小时":
        return (match["after"] or "") in words("measures")["round_the_clock"]
    if before.endswith(("第", "+", "＋")) or LETTER_BEFORE.search(before):
        return False
    if before.endswith("前") and unit in ("名", "位"):
        return False
    names = words("measures")["names_behind"].get(unit)
    if names and text.startswith(tuple(names), match.end()):
        return False
    return not (digits.startswith("0") and len(digits) > 1 and "." not in digits)


def _chinese_quantities(text: str) -> Iterator[Found]:
    for match in _chinese().finditer(text):
        if match["num"]:
            value = chinese_number(match["num"])
            if value is None or not _is_chinese_quantity(text, match, value):
                continue
            end = match.end("free") if match["free"] else match.end("guarded")
            yield Found(
                match.start(),
                end,
                match["num"],
                float(value),
                None,
                SCALES[match["scale"] or ""],
                match["inside"] or match["inside2"] or "",
                match["free"] or match["guarded"],
                match["after"] or "",
            )
            continue
        share = _share(match)
        if share is not None:
            name, unit, after = _parts_of_share(match)
            end = match.end(name)
            yield Found(match.start(), end, match[0], share, None, 1.0, "", unit, match[after] or "")


def _parts_of_share(match: re.Match[str]) -> tuple[str, str, str]:
    """The groups that end a share and hold what follows it, and its unit."""
    if match["percent"]:
        return "percent", "%", "after0"
    return ("under", "", "after2") if match["over"] else ("upper", "", "after1")


def _share(match: re.Match[str]) -> float | None:
    """The value of 百分之八十五点五 (85.5) or 三分之二 (0.667)."""
    if match["percent"]:
        whole, _, part = match["percent"].partition("点")
        value = chinese_number(whole)
        digits = [chinese_number(char) for char in part]
        if value is None or any(digit is None or digit > 9 for digit in digits):
            return None
        return float(f"{value}." + "".join(map(str, digits))) if digits else float(value)
    if match["over"]:
        over, under = int(match["over"]), int(match["under"])
        return over / under if over < under else None
    upper, lower = chinese_number(match["upper"]), chinese_number(match["lower"])
    return upper / lower if upper and lower and upper < lower else None


FREQUENCY = re.compile(
    r"每(?:个|一)?(?:年度?|季度?|月|周|半年|学期|两年|三年|旬)[^，。；,;\n]{0,14}\Z|(?:发生|办理|受理|收到|新增|仅有|新收)了?\Z"
)
HABIT = re.compile(
    r"(?:最多|只|仅|只需|只要|最多只|再)(?:跑|来|去|交|录)?\Z|跑\Z|(?<!举)办\Z|[第首每这那哪某另前后上下本此同逐\d]\Z"
    r"|届\Z|[数几]\Z"
)
SESSION = re.compile(r"(?:[、和至到][一二三四五六七八九十]{1,3}次)*(?:全体)?(?:会议|全会)")
MEASURED = re.compile(r"(?:近|超|超过|逾|约|过|突破|达|达到|不少于|至少|接近|将近)\Z")


def _is_chinese_quantity(text: str, match: re.Match[str], value: int) -> bool:
    """A number in characters counts something only with a plain unit, or with a verb or a countable noun beside it."""
    lexicon = words("measures")
    unit = match["free"] or match["guarded"]
    before = text[max(match.start() - 24, 0) : match.start()]
    behind = text[match.end() : match.end() + 8]
    if (
        HABIT.search(before)
        or match["num"] == "二"
        or behind.startswith(tuple(lexicon["names_behind"].get(unit, ())))
    ):
        return False
    if unit == "次" and SESSION.match(text, match.end()):
        return False
    if value == 1:
        plain = not match["inside"] and not match["scale"]
        return plain and unit in ("次", "场", "期", "起", "件", "宗") and FREQUENCY.search(before) is not None
    if not any(
        char in "一二两三四五六七八九十" for char in match["num"]
    ):  # 百名、千人: a saying unless measured
        return bool(match["inside"]) or MEASURED.search(before) is not None
    if match["big"]:
        return unit == "类"
    if match["free"] or match["inside"]:
        return not (unit == "小时" and value == 24)
    return _is_guarded_quantity(before, behind, unit)


@cache
def _counting_verbs() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('measures')['verbs'])})[了的]?\Z")


def _is_guarded_quantity(before: str, behind: str, unit: str) -> bool:
    if behind.startswith(("制度", "机制", "体系", "清单制度", "规则")):
        return False
    if _counting_verbs().search(before):
        return True
    return unit in ("个", "所", "支", "批") and behind.startswith(tuple(words("measures")["countable"]))


class _Shut:
    """Places where a number is no figure: inside a title or a short quotation, and the numbers of headings."""

    def __init__(self, text: str, numbers: Sequence[Span]) -> None:
        quoted = [(m.start(), m.end(), text[m.start()] == "《") for m in QUOTED.finditer(text)]
        quoted += [(start, end, True) for start, end in numbers]
        quoted.sort()
        self._starts = [start for start, _, _ in quoted]
        self._quoted = quoted

    def holds(self, found: Found) -> bool:
        place = bisect_right(self._starts, found.start) - 1
        if place < 0:
            return False
        _, end, title = self._quoted[place]
        return found.start < end and (title or found.unit not in ("%", "元", "个百分点"))
