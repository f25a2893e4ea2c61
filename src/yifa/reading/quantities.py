"""Finds the numbers that are quantities; leaves names, slogans, dates and codes alone. Those in characters: spelled."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from yifa.reading.counting_words import Found, in_context, unit_pattern
from yifa.reading.document import Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import SCALES
from yifa.reading.spelled import spelled_quantities

MAGNITUDE = r"(?:万亿|千万|百万|十万|个亿|亿|万|千|百)"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
QUOTED = re.compile(
    r"《[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})*》|“[^”“\n]{1,18}”|[‘「『][^’」』\n]{1,18}[’」』]"
)


def quantities(text: str, numbers: Sequence[Span]) -> list[Found]:
    """All quantities in order; `numbers` are the places of heading numbers."""
    shut = _Shut(text, numbers)
    found = [item for item in _arabic_quantities(text) if not shut.holds(item)]
    found += [item for item in spelled_quantities(text) if not shut.holds(item)]
    found.sort(key=lambda item: item.start)
    kept: list[Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


START = re.compile(r"[0-9０-９](?<![0-9０-９][0-9０-９])")


@cache
def _arabic() -> re.Pattern[str]:
    after = alternatives(list(words("approximations")["after"]))
    return re.compile(
        rf"(?<![\dA-Za-z第〔\[/×])(?<!\d[.,:：])(?P<number>{NUMBER})"
        rf"(?:%?{MAGNITUDE}?(?:[-—–－~～至到]|——)(?P<other>{NUMBER}))?"
        rf"(?P<inside>[余多来几])?(?P<scale>{MAGNITUDE}?)(?P<inside2>[余多来])?(?:[大小](?=[类项]))?"
        rf"(?:(?P<unit>{unit_pattern(words('measures')['units'])})|(?P<bare>(?<=[万亿余多])(?=[\u4e00-\u9fff，。；、）])))"
        rf"(?P<after>{after})?"
    )


def _arabic_quantities(text: str) -> Iterator[Found]:
    end = 0
    pattern = _arabic()
    for start in START.finditer(text):  # a set of characters is searched ten times as fast as the pattern
        match = pattern.match(text, start.start()) if start.start() >= end else None
        if match is None:
            continue
        end = match.end()
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
        if text[found.start - 1 : found.start] in ("万", "亿"):
            found = _with_head(text, found)
        yield from _sharing(text, found)
        yield found


@cache
def _people() -> tuple[str, ...]:
    return tuple(words("measures")["people"])


HEAD = re.compile(r"(?<![\d.])(?P<number>\d{1,6})(?P<scale>[万亿])\Z")


def _with_head(text: str, found: Found) -> Found:
    """「12万6千元」: one number in two steps."""
    head = HEAD.search(text, max(found.start - 8, 0), found.start)
    if head is None or found.high is not None or found.value * found.scale >= SCALES[head["scale"]]:
        return found
    value = int(head["number"]) * SCALES[head["scale"]] + found.value * found.scale
    return replace(found, start=head.start(), value=value / found.scale, number=f"{value / found.scale:.10g}")


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
        yield replace(
            last,
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
MONEY = ("元", "美元", "人民币", "%")


def _is_quantity(text: str, match: re.Match[str], unit: str) -> bool:
    """Not a round-the-clock service, a rank, a name with a number in it, a code."""
    lexicon = words("measures")
    before = text[max(match.start() - 2, 0) : match.start()]
    digits = match["number"]
    if digits.startswith("0") and len(digits) > 1 and "." not in digits:
        return False
    if (before.endswith(("第", "+", "＋")) and not before.startswith(("比", "增", "幅"))) or (
        unit not in MONEY and LETTER_BEFORE.search(before)
    ):
        return False
    if unit in lexicon["context"]:
        return in_context(text, match.start(), match.end("unit"), unit)
    if unit == "小时" and digits == "24":
        return (match["after"] or "") in lexicon["round_the_clock"]
    if unit in ("小时", "分钟") and CIRCLE.match(text, match.end()):
        return False
    if unit in lexicon["nouns"]:
        return len(digits) <= 3 and not match["scale"]
    if before.endswith("前") and unit in ("名", "位"):
        return False
    names = lexicon["names_behind"].get(unit)
    return not (names and text.startswith(tuple(names), match.end()))


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
