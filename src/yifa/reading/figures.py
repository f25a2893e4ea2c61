"""Figures: every number of something, with its value, how exactly it is given, its unit and what is counted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from yifa.reading.document import Approx, Figure, Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import CHARACTERS, SCALES, chinese_number
from yifa.reading.outline import Sections
from yifa.reading.subjects import subject_of

MAGNITUDE = r"(?:万亿|千万|百万|十万|亿|万|千|百)"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
QUOTED = re.compile(
    r"《[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})*》|“[^”“\n]{1,18}”|[‘「『][^’」』\n]{1,18}[’」』]"
)
SENTENCE_END = "。；;！？!?\n"


@dataclass(frozen=True, slots=True)
class Found:
    """A figure as the pattern saw it."""

    start: int
    end: int
    number: str
    value: float
    high: float | None  # of a range
    scale: float
    inside: str  # 余、多 …
    unit: str
    after: str  # 以上 …


@cache
def _unit_pattern() -> str:
    units: dict[str, str] = words("measures")["units"]
    parts = []
    for unit in sorted(units, key=len, reverse=True):
        if units[unit] != "__never__":
            not_before = f"(?![{units[unit]}])" if units[unit] else ""
            parts.append(re.escape(unit) + not_before)
    return "|".join(parts)


@cache
def _arabic() -> re.Pattern[str]:
    after = alternatives(list(words("approximations")["after"]))
    return re.compile(
        rf"(?<![\dA-Za-z第〔\[/])(?<!\d[.,:：])(?P<number>{NUMBER})"
        rf"(?:(?P<range>%?{MAGNITUDE}?(?:[-—–－~～至到]|——))(?P<other>{NUMBER}))?"
        rf"(?P<inside>[余多来几])?(?P<scale>{MAGNITUDE}?)(?P<inside2>[余多来])?"
        rf"(?P<unit>{_unit_pattern()})(?P<after>{after})?"
    )


@cache
def _chinese() -> re.Pattern[str]:
    lexicon = words("measures")
    after = alternatives(list(words("approximations")["after"]))
    free, guarded = (
        "|".join(
            re.escape(unit) + (f"(?![{no}])" if (no := lexicon["units"].get(unit, "")) else "")
            for unit in sorted(lexicon[key], key=len, reverse=True)
        )
        for key in ("chinese", "chinese_guarded")
    )
    return re.compile(
        rf"(?P<number>百分之[{CHARACTERS}点]+)(?P<after0>{after})?"
        rf"|(?P<num>[一二三四五六七八九十百千两][{CHARACTERS}]*)(?P<inside>[余多来几])?(?P<scale>[万亿])?"
        rf"(?P<inside2>[余多])?(?P<big>大)?(?:(?P<free>{free})|(?P<guarded>{guarded}))(?P<after>{after})?"
    )


def figures(text: str, sections: Sections) -> list[Figure]:
    """All figures in order of the text, not yet bound to wholes."""
    shut = _Shut(text, sections.numbers())
    found = [item for item in _arabic_figures(text) if not shut.holds(item)]
    found += [item for item in _chinese_figures(text) if not shut.holds(item)]
    found.sort(key=lambda item: item.start)
    done: list[Figure] = []
    previous: Found | None = None
    for item in found:
        if previous is not None and item.start < previous.end:
            continue
        carried = (
            done[-1].approx if done and previous is not None and _carries(text, done[-1], item) else None
        )
        done.append(_figure(text, item, carried, sections.label(item.start), previous.end if previous else 0))
        previous = item
    return done


def _arabic_figures(text: str) -> Iterable[Found]:
    for match in _arabic().finditer(text):
        if not _is_quantity(text, match):
            continue
        scale = SCALES[match["scale"]]
        value = float(match["number"].replace(",", ""))
        high = float(match["other"].replace(",", "")) if match["other"] else None
        inside = match["inside"] or match["inside2"] or ""
        end = match.end("unit")
        yield Found(
            match.start(),
            end,
            match["number"],
            value,
            high,
            scale,
            inside,
            match["unit"],
            match["after"] or "",
        )


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    """Not a hotline, a round-the-clock service, a page of a web address, a year."""
    before = text[max(match.start() - 2, 0) : match.start()]
    if match["number"] == "24" and match["unit"] == "小时":
        return (match["after"] or "") in words("measures")["after_24_hours"]
    if before.endswith(("第", "+", "＋", "＋", "‘")) or re.search(r"[A-Za-z]-?$", before):
        return False
    digits = match["number"]
    if (
        match["other"]
        and match["unit"] in ("个", "项", "年")
        and len(digits) == 4
        and digits.startswith(("19", "20"))
    ):
        return False
    return not (digits.startswith("0") and len(digits) > 1 and "." not in digits)


def _chinese_figures(text: str) -> Iterable[Found]:
    for match in _chinese().finditer(text):
        if match["number"]:
            value = _chinese_decimal(match["number"][3:])
            if value is not None:
                end = match.end("number")
                yield Found(
                    match.start(), end, match["number"], value, None, 1.0, "", "%", match["after0"] or ""
                )
            continue
        unit = match["free"] or match["guarded"]
        value = chinese_number(match["num"])
        if value is None or not _is_chinese_quantity(text, match, value):
            continue
        scale = SCALES[match["scale"] or ""]
        inside = match["inside"] or match["inside2"] or ""
        end = match.end("free") if match["free"] else match.end("guarded")
        yield Found(
            match.start(), end, match["num"], float(value), None, scale, inside, unit, match["after"] or ""
        )


def _chinese_decimal(text: str) -> float | None:
    whole, _, part = text.partition("点")
    value = chinese_number(whole)
    if value is None:
        return None
    digits = [chinese_number(char) for char in part]
    if any(digit is None or digit > 9 for digit in digits):
        return None
    return float(f"{value}." + "".join(map(str, digits))) if digits else float(value)


FREQUENCY = re.compile(r"每(?:个|一)?(?:年度?|季度?|月|周|半年|学期|两年|三年|旬)[^，。；,;\n]{0,14}\Z")
HABIT = re.compile(
    r"(?:最多|只|仅|只需|只要|最多只|再)(?:跑|来|去|交|录)?\Z|跑\Z|办\Z|[第首每这那哪某另前后上下本此同逐\d]\Z|[一二三四五六七八九十]\Z"
)
VAGUE = re.compile(r"(?:数|几|上)\Z")
ORDINAL_AFTER = re.compile(r"(?:以上的?(?:地方|领导)|会议精神|报告|全会|中全会|讲话|审议|党代会)")


def _is_chinese_quantity(text: str, match: re.Match[str], value: int) -> bool:
    """A number in characters counts something only with a plain unit, or with a verb or a countable noun beside it."""
    lexicon = words("measures")
    before = text[max(match.start() - 24, 0) : match.start()]
    if HABIT.search(before) or VAGUE.search(before) or ORDINAL_AFTER.match(text, match.end()):
        return False
    unit = match["free"] or match["guarded"]
    if value == 1:
        plain = not match["inside"] and not match["scale"]
        return plain and unit in ("次", "场", "期") and FREQUENCY.search(before) is not None
    if match["free"]:
        return not (unit == "次" and text.startswith(("全国", "会议", "全体", "党代", "人代"), match.end()))
    if match["big"] and unit == "类":
        return True
    if value >= 20 or match["inside"]:
        return True
    behind = text[match.end() : match.end() + 8]
    if unit == "个" and behind.startswith(
        ("方面", "层面", "维护", "确保", "意识", "自信", "坚持", "结合", "统一")
    ):
        return False
    verb = any(before.endswith((verb, verb + "了", verb + "的")) for verb in lexicon["verbs"])
    return (
        verb
        and not behind.startswith(("制度", "机制", "体系"))
        or (unit in ("个", "所", "支", "类", "批") and behind.startswith(tuple(lexicon["countable"])))
    )


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


def _figure(text: str, found: Found, carried: Approx | None, section: str, previous: int) -> Figure:
    approx = _approximation(text, found) or carried or Approx.EXACT
    value = found.value * found.scale
    negated = found.value == 1 and not found.inside and _negated(text, found)
    if negated:
        value = 0.0
    low, high = (0.0, 0.0) if negated else _interval(found, approx)
    if found.high is not None and approx is Approx.EXACT:
        approx = Approx.ABOUT
    subject = subject_of(text, (found.start, found.end), found.unit, previous)
    value = int(value) if value == int(value) else round(value, 6)
    return Figure(
        text[found.start : found.end],
        value,
        approx,
        found.unit,
        subject,
        (found.start, found.end),
        section,
        low=low,
        high=high,
    )


@cache
def _before_pattern() -> re.Pattern[str]:
    lexicon = words("approximations")
    near = alternatives(list(lexicon["before"]))
    distant = alternatives(lexicon["distant"])
    gap = rf"[^，。；、,;:：\n\d]{{0,{lexicon['gap']}}}"
    return re.compile(rf"(?:(?P<near>{near})(?:了|有|达|到)?|(?P<distant>{distant}){gap})\Z")


def _approximation(text: str, found: Found) -> Approx | None:
    lexicon = words("approximations")
    before = text[max(found.start - 16, 0) : found.start]
    match = _before_pattern().search(before)
    if match:
        word = match["near"] or match["distant"]
        if not (word in ("近", "超") and before.endswith(("最近", "附近", "最近了"))):
            return Approx(lexicon["before"][word])
    if found.inside:
        return Approx(lexicon["inside"][found.inside])
    if found.after:
        approx = Approx(lexicon["after"][found.after])
        if approx is Approx.OVER and _demanded(text, found.start):
            return Approx.AT_LEAST
        return approx
    return None


def _demanded(text: str, position: int) -> bool:
    start = max(text.rfind(sign, max(position - 60, 0), position) for sign in SENTENCE_END)
    clause = text[max(start + 1, position - 60) : position]
    return any(word in clause for word in words("approximations")["demand"])


def _negated(text: str, found: Found) -> bool:
    return text[max(found.start - 6, 0) : found.start].endswith(tuple(words("approximations")["negation"]))


def _carries(text: str, before: Figure, found: Found) -> bool:
    """「至少举办4次…，1次…」: the floor holds for the next number in the list."""
    if before.approx not in (Approx.AT_LEAST, Approx.AT_MOST) or found.unit == "%":
        return False
    between = text[before.span[1] : found.start]
    return (
        len(between) < 40
        and between.endswith(("，", ",", "、", "和", "及"))
        and not any(sign in between for sign in SENTENCE_END)
    )


def _interval(found: Found, approx: Approx) -> Span | tuple[float, float]:
    """What the printed precision allows: half the last printed place, and what 余、近、约 open."""
    decimals = len(found.number.partition(".")[2]) if found.number[0].isdigit() else 0
    rounded = decimals or found.scale > 1 or found.unit in ("%", "倍", "个百分点", "百分点")
    half = 0.5 * 10**-decimals * found.scale if rounded else 0.0
    value = found.value * found.scale
    if found.high is not None:
        return value, found.high * found.scale
    last_place = _last_place(found) * found.scale
    bounds = {
        Approx.EXACT: (value - half, value + half),
        Approx.ABOUT: (value * 0.9, value * 1.1),
        Approx.NEARLY: (value - max(last_place, value * 0.1), value),
        Approx.OVER: (value, value + last_place),
        Approx.AT_LEAST: (value, float("inf")),
        Approx.AT_MOST: (0.0, value),
    }
    return bounds[approx]


def _last_place(found: Found) -> float:
    """The place of the last digit that is not nought: 18000 → 1000, 1.6 → 0.1."""
    number = found.number.replace(",", "")
    if not number[0].isdigit():
        digits = str(int(found.value))
    elif "." in number:
        return float(10 ** -len(number.partition(".")[2]))
    else:
        digits = number
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))
