"""Where a report tells what was done: outside the sections on shortcomings and on what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.checking.view import Sentence, View


class Past:
    """The part of a report that speaks of what was done. Shortcomings may be counted in (`with_shortcomings`)."""

    def __init__(self, view: View, *, with_shortcomings: bool = False) -> None:
        self._away = view.parts.ahead if with_shortcomings else view.parts.away
        self._view = view

    def holds(self, place: int) -> bool:
        """Whether a place of the text lies in it."""
        return place not in self._away

    def sentences(self) -> Iterator[Sentence]:
        """Its sentences with a figure, without tables."""
        return (sentence for sentence in self._view.short_sentences if self.holds(sentence.start))


def clause(sentence: Sentence, index: int) -> str:
    """The words right before figure `index`, back to the nearest comma; 、 does not end them."""
    before = sentence.before(index)
    cut = max(before.rfind(stop) for stop in "，,；;：:（()）")
    return before[cut + 1 :]
