"""A text under repair that remembers where each of its characters stood in the decoded source."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from yifa.reading.document import Repair, Span

Edit = tuple[int, int, str]


class Tracked:
    """The text, its origin in the source, and the repairs made so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self.repairs: list[Repair] = []
        self._origin: array[int] | None = None  # None while nothing has moved

    def origin(self, span: Span) -> Span:
        """The place in the source of a place in the text."""
        start, end = span
        if self._origin is None:
            return span
        at = self._origin
        first = at[start] if start < len(at) else len(self.source)
        return (first, at[end - 1] + 1) if end > start else (first, first)

    def edit(self, edits: Sequence[Edit], kind: str | None) -> None:
        """Apply sorted, disjoint edits at once; record each as a repair unless `kind` is None."""
        if not edits:
            return
        if kind is not None:
            for start, end, after in edits:
                at = self.origin((start, end))
                self.repairs.append(Repair(kind, at, self.source[at[0] : at[1]], after))
        old = self._origin if self._origin is not None else array("L", range(len(self.text)))
        origin: array[int] = array("L")
        pieces: list[str] = []
        done = 0
        for start, end, after in edits:
            pieces += (self.text[done:start], after)
            origin += old[done:start]
            origin.extend(_spread(self.origin((start, end)), len(after)))
            done = end
        pieces.append(self.text[done:])
        origin += old[done:]
        self.text, self._origin = "".join(pieces), origin

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
