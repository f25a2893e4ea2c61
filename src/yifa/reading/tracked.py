"""A text under repair that remembers where each of its characters stood in the decoded source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from yifa.reading.document import Repair, Span

Edit = tuple[int, int, str]


class Tracked:
    """The text, its origin in the source, and the repairs made so far.

    Most of a text is never touched: the origin is kept as stretches that moved as one, not character by character.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self.repairs: list[Repair] = []
        self._begins = [0]  # where the stretches begin in the text
        self._origins = [0]  # and where each of them stood in the source

    def origin(self, span: Span) -> Span:
        """The place in the source of a place in the text."""
        start, end = span
        first = self._origin(start) if start < len(self.text) else len(self.source)
        return (first, self._origin(end - 1) + 1) if end > start else (first, first)

    def _origin(self, place: int) -> int:
        stretch = bisect_right(self._begins, place) - 1
        return self._origins[stretch] + place - self._begins[stretch]

    def edit(self, edits: Sequence[Edit], kind: str | None) -> None:
        """Apply sorted, disjoint edits at once; record each as a repair unless `kind` is None."""
        if not edits:
            return
        begins: list[int] = []
        origins: list[int] = []
        pieces: list[str] = []
        done = length = 0
        for start, end, after in edits:
            at = self.origin((start, end))
            if kind is not None:
                self.repairs.append(Repair(kind, at, self.source[at[0] : at[1]], after))
            self._keep(done, start, length, begins, origins)
            length += start - done
            begins += range(length, length + len(after))
            origins += _spread(at, len(after))
            length += len(after)
            pieces += (self.text[done:start], after)
            done = end
        self._keep(done, len(self.text), length, begins, origins)
        pieces.append(self.text[done:])
        self.text, self._begins, self._origins = "".join(pieces), begins or [0], origins or [0]

    def _keep(self, start: int, end: int, at: int, begins: list[int], origins: list[int]) -> None:
        """Note the stretches of text[start:end], which stands at `at` from now on."""
        if start >= end:
            return
        begins.append(at)
        origins.append(self._origin(start))
        stretch = bisect_right(self._begins, start)
        while stretch < len(self._begins) and self._begins[stretch] < end:
            begins.append(at + self._begins[stretch] - start)
            origins.append(self._origins[stretch])
            stretch += 1

    def replace_whole(self, after: str) -> list[Edit]:
        """Swap in a text of the same length (another script); returns the lines that changed, as edits."""
        changed = []
        position = 0
        for before_line, after_line in zip(self.text.split("\n"), after.split("\n"), strict=True):
            if before_line != after_line:
                changed.append((position, position + len(before_line), after_line))
            position += len(before_line) + 1
        self.text = after
        return changed


def _spread(at: Span, length: int) -> list[int]:
    """Positions for `length` new characters that stand for source[at]: never decreasing, the last at its end."""
    start, end = at
    if end == start:
        return [max(start - 1, 0)] * length
    last = end - 1
    places = [min(start + i, last) for i in range(length)]
    if places:
        places[-1] = last
    return places
