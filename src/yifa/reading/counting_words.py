"""What numbers count in: the pattern of the unit words, and units that are one only where the words around say so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from yifa.reading.lexicon import words


class Found(NamedTuple):
    """A quantity as a pattern saw it. A tuple: a long text makes ten thousand of them."""

    start: int
    end: int
    number: str
    value: float
    high: float | None  # of a range
    scale: float
    inside: str  # 余、多 …
    unit: str
    after: str  # 以上 …


def unit_pattern(units: Iterable[str]) -> str:
    """Alternatives, the longest first, each not before what would make it part of another word."""
    not_before: dict[str, str] = words("measures")["units"]
    ordered = sorted(units, key=len, reverse=True)
    return "|".join(re.escape(unit) + _unless_before(not_before.get(unit, "")) for unit in ordered)


def first_signs(units: Iterable[str]) -> str:
    """The characters that units begin with, each once."""
    return "".join(sorted({unit[0] for unit in units}))


def _unless_before(no: str) -> str:
    """Single characters, or a pattern in brackets."""
    if not no:
        return ""
    return f"(?!{no[1:-1]})" if no.startswith("(") else f"(?![{no}])"


@cache
def _context(unit: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    found = words("measures")["context"][unit]
    return (
        re.compile(f"(?:{found['never']})\\Z"),
        re.compile(f"(?:{found['before']})\\Z"),
        re.compile(found["behind"]),
    )


def in_context(text: str, start: int, end: int, unit: str) -> bool:
    """日 counts days in 「15日内」「压缩至5日」, not in 「3月15日」; 岁 is a figure as an age that somebody found."""
    never, before, behind = _context(unit)
    window = text[max(start - 12, 0) : start]
    return never.search(window) is None and (
        before.search(window) is not None or behind.match(text, end) is not None
    )
