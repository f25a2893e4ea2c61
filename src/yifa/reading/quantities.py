"""Finds the numbers that are quantities; leaves names, slogans, dates and codes alone. Those in characters: spelled."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from operator import attrgetter

from yifa.reading.counting_words import Found, first_signs, in_context, unit_pattern
from yifa.reading.document import Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import SCALES
from yifa.reading.spelled import spelled_quantities

LONGEST_NUMBER = 24  # characters: a longer one is a code
MAGNITUDE = r"(?:万亿|千万|百万|十万|个亿|亿|万|千|百)"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
# One alternative for each sign that opens: patterns that begin with a plain character are found faster than sets.
QUOTED = re.compile(
    r"《[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})*》|“[^”“\n]{1,18}”"
    + "".join(rf"|{opening}[^’」』\n]{{1,18}}[’」』]" for opening in "‘「『")
)


def quantities(text: str, numbers: Sequence[Span]) -> list[Found]:
    """All quantities in order; `numbers` are the places of heading numbers."""
    shut = _Shut(text, numbers)
    kept: list[Found] = []
    end = 0
    for item in sorted([*_arabic_quantities(text), *spelled_quantities(text)], key=BY_START):
        if item.start >= end and not shut.holds(item):
            kept.append(item)
            end = item.end
    return kept


BY_START = attrgetter("start")


@cache
def _arabic() -> re.Pattern[str]:
    """A number and its unit.

    It begins with a digit, which a search finds fast, and then looks at what stands behind all the digits: most
    numbers are years and dates and need no closer look.
    """
    units = words("measures")["units"]
    after = alternatives(list(words("approximations")["after"]))
    behind = re.escape(first_signs(units) + "万千百十个亿余多来几大小%至到—–－~～-")
    return re.compile(
        rf"[0-9](?<![\dA-Za-z第〔\[/×][0-9])(?<!\d[.,:：][0-9])(?=[\d,.]{{0,{LONGEST_NUMBER - 1}}}+[{behind}])"
        rf"(?P<digits>\d{{0,2}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d*(?:\.\d+)?)"
        rf"(?:%?{MAGNITUDE}?(?:[-—–－~～至到]|——)(?P<other>{NUMBER}))?"
        rf"(?P<inside>[余多来几])?(?P<scale>{MAGNITUDE}?)(?P<inside2>[余多来])?(?:[大小](?=[类项]))?"
        rf"(?:(?P<unit>{unit_pattern(units)})|(?P<bare>(?<=[万亿余多])(?=[\u4e00-\u9fff，。；、）])))"
        rf"(?P<after>{after})?"
    )


def _arabic_quantities(text: str) -> Iterator[Found]:
    for match in _arabic().finditer(text):
        start, end = match.span()
        digits, other, inside, scale, inside2, unit, bare, after = match.groups()
        number = text[start] + digits
        if bare is not None:
            if scale not in ("万", "亿", "万亿", "个亿"):
                continue
            unit = "人" if text.startswith(_people(), match.end("bare")) else ""
        if not _is_quantity(text, start, number, unit) or (
            unit in _doubtful() and not _is_counted(text, match, number, unit)
        ):
            continue
        found = Found(
            start,
            end - len(after) if after else end,
            number,
            _value(number),
            _value(other) if other and len(other) <= LONGEST_NUMBER else None,
            SCALES[scale],
            inside or inside2 or "",
            unit,
            after or "",
        )
        if text[start - 1 : start] in JOINING:
            found = _with_head(text, found)
            yield from _sharing(text, found)
        yield found


JOINING = frozenset("万亿、和及与")  # what stands between two numbers that belong together


def _value(number: str) -> float:
    return float(number.replace(",", "") if "," in number else number)


@cache
def _people() -> tuple[str, ...]:
    return tuple(words("measures")["people"])


HEAD = re.compile(r"(?<![\d.])(?P<number>\d{1,6})(?P<scale>[万亿])\Z")


def _with_head(text: str, found: Found) -> Found:
    """「12万6千元」: one number in two steps."""
    if text[found.start - 1] not in "万亿":
        return found
    head = HEAD.search(text, max(found.start - 8, 0), found.start)
    if head is None or found.high is not None or found.value * found.scale >= SCALES[head["scale"]]:
        return found
    value = int(head["number"]) * SCALES[head["scale"]] + found.value * found.scale
    return found._replace(start=head.start(), value=value / found.scale, number=f"{value / found.scale:.10g}")


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
        yield last._replace(
            start=match.start(),
            end=match.end("scale"),
            number=match["number"],
            value=float(match["number"].replace(",", "")),
            scale=SCALES[match["scale"]] if match["scale"] else last.scale,
            high=None,
            inside="",
        )


LETTER_BEFORE = re.compile(r"[A-Za-z]-?\Z")
CIRCLE = re.compile(r"[\u4e00-\u9fff]{0,10}圈")  # 15分钟便民服务圈: a name
NO_COUNT_BEHIND = frozenset("第+＋-")
MONEY = ("元", "美元", "人民币", "%")


@cache
def _doubtful() -> frozenset[str]:
    """Units that are none in some surroundings; all others need no second look."""
    lexicon = words("measures")
    return frozenset(
        {"小时", "分钟", "名", "位", *lexicon["context"], *lexicon["nouns"], *lexicon["names_behind"]}
    )


def _is_quantity(text: str, start: int, digits: str, unit: str) -> bool:
    """Not a round-the-clock service, a rank, a name with a number in it, a code."""
    if digits[0] == "0" and len(digits) > 1 and "." not in digits:
        return False
    if text[start - 1 : start] in NO_COUNT_BEHIND:
        before = text[max(start - 2, 0) : start]
        if before[-1] != "-" and before[0] not in "比增幅":
            return False
        if before[-1] == "-" and unit not in MONEY and LETTER_BEFORE.search(before):
            return False
    return True


def _is_counted(text: str, match: re.Match[str], digits: str, unit: str) -> bool:
    """Whether a unit that may be part of a name or a rank is one here."""
    lexicon = words("measures")
    if unit in lexicon["context"]:
        return in_context(text, match.start(), match.end("unit"), unit)
    if unit == "小时" and digits == "24":
        return (match["after"] or "") in lexicon["round_the_clock"]
    if unit in ("小时", "分钟") and CIRCLE.match(text, match.end()):
        return False
    if unit in lexicon["nouns"]:
        return len(digits) <= 3 and not match["scale"]
    if unit in ("名", "位") and text[match.start() - 1 : match.start()] == "前":
        return False
    names = lexicon["names_behind"].get(unit)
    return not (names and text.startswith(tuple(names), match.end()))


class _Shut:
    """Places where a number is no figure: inside a title or a short quotation, and the numbers of headings."""

    def __init__(self, text: str, numbers: Sequence[Span]) -> None:
        quoted = [(*match.span(), match[0][0] == "《") for match in QUOTED.finditer(text)]
        if numbers:
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
