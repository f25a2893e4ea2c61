"""Figures: every number of something, with its value, how exactly it is given, its unit and what is counted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from yifa.reading.counting_words import Found
from yifa.reading.document import Approx, Figure
from yifa.reading.grids import Cell, Grid
from yifa.reading.lexicon import alternatives, words
from yifa.reading.outline import Sections
from yifa.reading.quantities import quantities
from yifa.reading.subjects import Namer

SENTENCE_END = "。；;！？!?\n"
ROUNDED_UNITS = ("%", "‰", "倍", "个百分点", "百分点")


def figures(
    text: str, sections: Sections, *, demanding: bool = False, tables: Sequence[Grid] = ()
) -> list[Figure]:
    """All figures in order of the text, not yet bound to wholes; `demanding`: it is a plan, 以上 means at least."""
    if not tables:
        return _in_prose(text, sections, demanding=demanding)
    cells = [_of_cell(text, cell, sections) for table in tables for cell in table.cells]
    ends = [cell.span[1] for cell in cells]
    prose = [
        figure
        for figure in _in_prose(text, sections, demanding=demanding)
        if (place := bisect_right(ends, figure.span[0])) == len(cells)
        or cells[place].span[0] >= figure.span[1]
    ]
    return sorted([*prose, *cells], key=_begins)


def _begins(figure: Figure) -> int:
    return figure.span[0]


def _of_cell(text: str, cell: Cell, sections: Sections) -> Figure:
    start, end = cell.span
    found = Found(start, end, cell.number, cell.value, None, cell.scale, "", cell.unit, "")
    return _figure(text, found, Approx.EXACT, cell.subject, sections.label(start))


def _in_prose(text: str, sections: Sections, *, demanding: bool) -> list[Figure]:
    done: list[Figure] = []
    namer = Namer(text)
    for found in quantities(text, sections.numbers()):
        before = done[-1] if done else None
        approx = _approximation(text, found, demanding=demanding)
        if approx is None and before is not None and _carries(text, before, found):
            approx = before.approx
        subject = namer.name((found.start, found.end), found.unit, done)
        if not subject and before is not None and before.span[1] == found.start:
            subject = before.subject  # 10件12人: one thing in two units
        done.append(_figure(text, found, approx, subject, sections.label(found.start)))
    return done


def _figure(text: str, found: Found, approx: Approx | None, subject: str, section: str) -> Figure:
    span = (found.start, found.end)
    value = found.value * found.scale
    if found.value == 1 and not found.inside and _negated(text, found):
        value, low, high, approx = 0.0, 0.0, 0.0, Approx.EXACT
    else:
        low, high = _interval(found, approx or Approx.EXACT)
    if approx is None:
        approx = Approx.ABOUT if found.high is not None else Approx.EXACT
    return Figure(
        text[found.start : found.end],
        _tidy(value),
        approx,
        found.unit,
        subject,
        span,
        section,
        low=low,
        high=high,
    )


def _tidy(value: float) -> float:
    value = round(value, 6)
    return int(value) if value == int(value) else value


@cache
def _before_pattern() -> re.Pattern[str]:
    lexicon = words("approximations")
    near = alternatives(list(lexicon["before"]))
    distant = alternatives(lexicon["distant"])
    gap = rf"[^，。；、,;:：”\"\n\d]{{0,{lexicon['gap']}}}"
    return re.compile(rf"(?:(?P<near>{near})(?:了|有|达|到)?|(?P<distant>{distant}){gap})\Z")


def _approximation(text: str, found: Found, *, demanding: bool) -> Approx | None:
    lexicon = words("approximations")
    before = text[max(found.start - 16, 0) : found.start]
    match = _before_pattern().search(before)
    if match and not before.endswith(tuple(lexicon["not_before"])):
        return Approx(lexicon["before"][match["near"] or match["distant"]])
    if found.inside:
        return Approx(lexicon["inside"][found.inside])
    if found.after:
        approx = Approx(lexicon["after"][found.after])
        return (
            Approx.AT_LEAST
            if approx is Approx.OVER and (demanding or _demanded(text, found.start))
            else approx
        )
    return None


def _demanded(text: str, position: int) -> bool:
    begin = max(position - 60, 0)
    clause = text[max(text.rfind(sign, begin, position) for sign in SENTENCE_END) + 1 or begin : position]
    return re.search(words("approximations")["demand"], clause) is not None


def _negated(text: str, found: Found) -> bool:
    return text[max(found.start - 6, 0) : found.start].endswith(tuple(words("approximations")["negation"]))


def _carries(text: str, before: Figure, found: Found) -> bool:
    """「至少举办4次…，1次…」: the floor holds for the next number in the list."""
    if before.approx not in (Approx.AT_LEAST, Approx.AT_MOST) or found.unit == "%" or before.unit == "%":
        return False
    between = text[before.span[1] : found.start]
    return (
        len(between) < 40
        and between.endswith(("，", ",", "、", "和", "及"))
        and not any(sign in between for sign in SENTENCE_END)
    )


def _interval(found: Found, approx: Approx) -> tuple[float, float]:
    """What the printed precision allows: half the last printed place, and what 余、近、约 open."""
    decimals = len(found.number.partition(".")[2]) if found.number[0].isdigit() else 0
    rounded = decimals or found.scale > 1 or found.unit in ROUNDED_UNITS
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
    if "." in number:
        return float(10 ** -len(number.partition(".")[2]))
    digits = number if number[0].isdigit() else str(int(found.value))
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))
