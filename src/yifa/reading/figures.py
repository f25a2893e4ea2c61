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

SENTENCE_SIGN = re.compile(r"[。；;！？!?\n]")
EXACT = Approx.EXACT
FLOORS = (Approx.AT_LEAST, Approx.AT_MOST)
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
    before: Figure | None = None
    namer = Namer(text)
    for found in quantities(text, sections.numbers()):
        approx = _approximation(text, found, demanding=demanding)
        if (
            approx is None
            and before is not None
            and before.approx in FLOORS
            and _carries(text, before, found)
        ):
            approx = before.approx
        subject = namer.name(found.start, found.end, found.unit, done)
        if not subject and before is not None and before.span[1] == found.start:
            subject = before.subject  # 10件12人: one thing in two units
        before = _figure(text, found, approx, subject, sections.label(found.start))
        done.append(before)
    return done


def _figure(text: str, found: Found, approx: Approx | None, subject: str, section: str) -> Figure:
    start, end = found.start, found.end
    value = found.value * found.scale
    if found.value == 1 and not found.inside and _negated(text, start):
        value, low, high, approx = 0.0, 0.0, 0.0, EXACT
    else:
        low, high = _interval(found, approx or EXACT)
    if approx is None:
        approx = EXACT if found.high is None else Approx.ABOUT
    return Figure(
        text[start:end],
        _tidy(value),
        approx,
        found.unit,
        subject,
        (start, end),
        section,
        None,
        None,
        low,
        high,
    )


def _tidy(value: float) -> float:
    if value != int(value):
        value = round(value, 6)
    return int(value) if value == int(value) else value


@cache
def _near_ends() -> frozenset[str]:
    """The characters that stand right before a number where a word directly before it says how exact it is."""
    return frozenset({*(word[-1] for word in words("approximations")["before"]), *BETWEEN})


@cache
def _distant() -> re.Pattern[str]:
    return re.compile(alternatives(words("approximations")["distant"]))


@cache
def _before_pattern() -> re.Pattern[str]:
    lexicon = words("approximations")
    near = alternatives(list(lexicon["before"]))
    distant = alternatives(lexicon["distant"])
    gap = rf"[^，。；、,;:：”\"\n\d]{{0,{lexicon['gap']}}}"
    return re.compile(rf"(?:(?P<near>{near})[{BETWEEN}]?|(?P<distant>{distant}){gap})\Z")


@cache
def _meaning() -> dict[str, dict[str, Approx]]:
    """What words before, inside and after a number make of it."""
    lexicon = words("approximations")
    return {
        place: {word: Approx(name) for word, name in lexicon[place].items()}
        for place in ("before", "inside", "after")
    }


@cache
def _not_before() -> tuple[str, ...]:
    return tuple(words("approximations")["not_before"])


BETWEEN = "了有达到"  # may stand between such a word and the number
LOOK_BACK = 16  # characters before a number that may say how exact it is


def _approximation(text: str, found: Found, *, demanding: bool) -> Approx | None:
    start = found.start
    begin = max(start - LOOK_BACK, 0)
    if text[start - 1 : start] in _near_ends() or _distant().search(text, begin, start):
        match = _before_pattern().search(text, begin, start)
        if match and not text[begin:start].endswith(_not_before()):
            return _meaning()["before"][match["near"] or match["distant"]]
    if found.inside:
        return _meaning()["inside"][found.inside]
    if found.after:
        approx = _meaning()["after"][found.after]
        return Approx.AT_LEAST if approx is Approx.OVER and (demanding or _demanded(text, start)) else approx
    return None


@cache
def _demand() -> re.Pattern[str]:
    return re.compile(words("approximations")["demand"])


def _demanded(text: str, position: int) -> bool:
    clause = SENTENCE_SIGN.split(text[max(position - 60, 0) : position])[-1]
    return _demand().search(clause) is not None


@cache
def _negation() -> tuple[str, ...]:
    return tuple(words("approximations")["negation"])


def _negated(text: str, position: int) -> bool:
    return text[max(position - 6, 0) : position].endswith(_negation())


def _carries(text: str, before: Figure, found: Found) -> bool:
    """「至少举办4次…，1次…」: the floor (or ceiling) of `before` holds for the next number in the list."""
    if found.unit == "%" or before.unit == "%":
        return False
    between = text[before.span[1] : found.start]
    return (
        len(between) < 40
        and between.endswith(("，", ",", "、", "和", "及"))
        and not SENTENCE_SIGN.search(between)
    )


def _interval(found: Found, approx: Approx) -> tuple[float, float]:
    """What the printed precision allows: half the last printed place, and what 余、近、约 open."""
    value = found.value * found.scale
    if found.high is not None:
        return value, found.high * found.scale
    if approx is EXACT:
        number = found.number
        decimals = len(number.partition(".")[2]) if "." in number and number[0].isdigit() else 0
        if not (decimals or found.scale > 1 or found.unit in ROUNDED_UNITS):
            return value, value
        half = 0.5 * 10**-decimals * found.scale
        return value - half, value + half
    if approx is Approx.ABOUT:
        return value * 0.9, value * 1.1
    if approx is Approx.NEARLY:
        return value - max(_last_place(found) * found.scale, value * 0.1), value
    if approx is Approx.OVER:
        return value, value + _last_place(found) * found.scale
    return (value, float("inf")) if approx is Approx.AT_LEAST else (0.0, value)


def _last_place(found: Found) -> float:
    """The place of the last digit that is not nought: 18000 → 1000, 1.6 → 0.1."""
    number = found.number.replace(",", "")
    if "." in number:
        return float(10 ** -len(number.partition(".")[2]))
    digits = number if number[0].isdigit() else str(int(found.value))
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))
