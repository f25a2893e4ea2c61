"""Where a report tells what was done: outside the sections on shortcomings and on what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from yifa.checking.rules.sections import Parts
from yifa.checking.view import Sentence, View
from yifa.reading.document import Span


@lru_cache(maxsize=1)
def _spans(view: View) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Plans and shortcomings, found once for all rules that look at one text in turn."""
    parts = Parts(view)
    return parts.plans, parts.shortcomings


class Past:
    """The part of a report that speaks of what was done. Shortcomings may be counted in (`with_shortcomings`)."""

    def __init__(self, view: View, *, with_shortcomings: bool = False) -> None:
        plans, shortcomings = _spans(view)
        self._away = plans if with_shortcomings else (*plans, *shortcomings)
        self._view = view

    def holds(self, place: int) -> bool:
        """Whether a place of the text lies in it."""
        return not any(start <= place < end for start, end in self._away)

    def sentences(self) -> Iterator[Sentence]:
        """Its sentences with a figure, without tables."""
        return (sentence for sentence in self._view.short_sentences if self.holds(sentence.start))


def clause(sentence: Sentence, index: int) -> str:
    """The words right before figure `index`, back to the nearest comma; 、 does not end them."""
    before = sentence.before(index)
    cut = max(before.rfind(stop) for stop in "，,；;：:（()）")
    return before[cut + 1 :]
