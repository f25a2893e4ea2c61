"""The words around a place, for people to read."""

from __future__ import annotations

import re

from yifa.reading.document import Span

_CUT_NUMBER = re.compile(r"[\d.,，％%]*(?:年度?|月|日)?")
_STOPS = "。！？；\n"


def excerpt(text: str, span: Span, room: int = 60) -> tuple[str, str, str]:
    """The sentence around a place as (before, marked, after), each side at most `room` characters.

    Line ends inside the marked words become spaces.
    """
    start, end = max(span[0], 0), min(span[1], len(text))
    left = max((text.rfind(stop, 0, start) for stop in _STOPS), default=-1) + 1
    ends = [place for stop in _STOPS if (place := text.find(stop, end)) >= 0]
    right = min(ends) + 1 if ends else len(text)
    before, after = text[left:start].lstrip()[-room:], text[end:right].rstrip()[:room]
    return before, text[start:end].replace("\n", " "), after


def ending(words: str, most: int) -> str:
    """The last words of a clause, at most `most` characters behind …… and no number or date cut in two."""
    words = words.strip()
    return words if len(words) <= most else "……" + _CUT_NUMBER.sub("", words[-most:], count=1)
