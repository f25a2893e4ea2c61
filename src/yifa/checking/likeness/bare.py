"""A text stripped to what may be copied: words without punctuation, blanks and line ends, every number as one 「0」."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from yifa.reading.document import Span

_RUN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
NUMBER = "0"


def bare_text(text: str) -> str:
    """The words of a text, numbers masked."""
    return "".join([NUMBER if run[0].isdecimal() else run for run in _RUN.findall(text)])


class Bare:
    """The words of a text with the way back to their places in it, which is worked out only when asked for."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.text = bare_text(text)

    @cached_property
    def _runs(self) -> list[Span]:
        return [found.span() for found in _RUN.finditer(self.source)]

    @cached_property
    def _starts(self) -> list[int]:
        sizes = (1 if self.source[start].isdecimal() else end - start for start, end in self._runs)
        return list(accumulate(sizes, initial=0))[:-1]

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """All numbers as printed, in order."""
        return tuple(self.source[start:end] for start, end in self._runs if self.source[start].isdecimal())

    def place(self, index: int) -> Span:
        """Where a word character, or the number it stands for, is in the text."""
        run = bisect_right(self._starts, index) - 1
        start, end = self._runs[run]
        if self.source[start].isdecimal():
            return (start, end)
        place = start + index - self._starts[run]
        return (place, place + 1)

    def index(self, place: int) -> int:
        """The first word character that begins at or behind a place of the text."""
        run = bisect_right(self._runs, (place, place)) - 1
        if run < 0:
            return 0
        start, end = self._runs[run]
        if place >= end:
            return self._starts[run + 1] if run + 1 < len(self._runs) else len(self.text)
        return self._starts[run] + (0 if self.source[start].isdecimal() else place - start)

    def span(self, start: int, end: int) -> Span:
        """Where a stretch of words is in the text."""
        return (self.place(start)[0], self.place(end - 1)[1])

    def is_parted(self, index: int) -> bool:
        """Whether punctuation, a blank or a line end stands before a word character; so it is at both ends."""
        return index in (0, len(self.text)) or self.place(index - 1)[1] < self.place(index)[0]
