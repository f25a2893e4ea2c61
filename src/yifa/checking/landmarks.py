"""The words rules look for, all found in one pass over a text.

A rule that needs some fixed words somewhere in the text declares them once and asks the view for their places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import ClassVar

from ahocorasick_rs import AhoCorasick, Implementation

from yifa.reading.document import Span


class Landmarks:
    """Words of one rule. Where two of them overlap, the one that ends first is found."""

    _all: ClassVar[list[Landmarks]] = []

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self.id = len(self._all)
        self._all.append(self)

    @classmethod
    def find(cls, text: str) -> list[list[Span]]:
        """The places of all landmarks, by the id of whose they are, in order of the text."""
        automaton, owners = _automaton(len(cls._all))
        places: list[list[Span]] = [[] for _ in cls._all]
        for word, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            for owner in owners[word]:
                own = places[owner]
                if not own or own[-1][1] <= start:
                    own.append((start, end))
        return places


@cache
def _automaton(declared: int) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...]]:
    """For the landmarks declared up to now: modules may be loaded later."""
    owners: dict[str, list[int]] = defaultdict(list)
    for landmarks in Landmarks._all[:declared]:
        for word in landmarks.words:
            owners[word].append(landmarks.id)
    return AhoCorasick(list(owners), implementation=Implementation.DFA), tuple(map(tuple, owners.values()))
