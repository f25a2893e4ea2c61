"""Near-copies in a heap of many texts, read one after the other.

Every text becomes a signature of half a kilobyte (MinHash over its runs of eight words, numbers masked); texts whose
signatures fall together in one band are candidates, and candidates are compared exactly. The words themselves wait
in a temporary file, so that ten thousand reports need a few megabytes of memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from rensa import RMinHash, RMinHashLSH

from yifa.checking.likeness.bare import bare_text
from yifa.reading.document import Document

_RUN = 8  # words of a run
_SEED = 20190415  # any number, but always the same: the same heap gives the same answer
_SIZE = 128  # values of a signature
_ROWS = (8, 4, 2)  # values of a band: many for few candidates, fewer where the limit is low
_MISSED = 0.005  # share of the pairs just at the limit that may be missed
_DOUBT = 0.15  # how far a signature may err: three standard deviations
_NEAREST = (
    20  # earlier texts one text is compared with, the likest first: a heap of one form does not grow squared
)
_KEPT = 64  # sets of runs held at one time


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and the share of their runs of words that stand in both; `first` came earlier."""

    first: str
    second: str
    share: float


@dataclass(frozen=True, slots=True)
class NearCopies:
    """Pairs, the likest first, and the groups they form, the largest first, each in the order of the heap."""

    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]


def near_copies(texts: Iterable[Document | tuple[str, str]], at_least: float = 0.8) -> NearCopies:
    """The pairs that share at least so much of their words (0.3 to 1), in one pass over documents or (id, text).

    Numbers count as equal. Of many likenesses a text is given its 20 nearest among those before it.
    Texts of fewer than eight words are left out. Ids must differ: ValueError.
    """
    if not 0.3 <= at_least <= 1:
        raise ValueError(f"at_least must be from 0.3 to 1, not {at_least}")
    with tempfile.TemporaryFile() as file:
        heap = _Heap(file, at_least)
        for text in texts:
            name, words = (text.source.path, text.text) if isinstance(text, Document) else text
            heap.add(name, bare_text(words))
        pairs = sorted(heap.pairs(), key=lambda pair: (-pair[2], pair[0], pair[1]))
        names = heap.names
    return NearCopies(
        tuple(Pair(names[first], names[second], share) for first, second, share in pairs),
        _groups(names, pairs),
    )


class _Heap:
    """The texts so far: their names, their words in a file, the index of their signatures, the candidates."""

    def __init__(self, file: IO[bytes], at_least: float) -> None:
        self.names: list[str] = []
        self._known: set[str] = set()
        self._file, self._at_least = file, at_least
        self._places: list[tuple[int, int]] = []
        self._signatures: dict[int, RMinHash] = {}
        self._index = RMinHashLSH(at_least, _SIZE, _SIZE // _rows(at_least))
        self._candidates: list[tuple[int, int]] = []
        self._end = 0

    def add(self, name: str, words: str) -> None:
        if name in self._known:
            raise ValueError(f"two texts have the id {name}")
        number = len(self.names)
        self.names.append(name)
        self._known.add(name)
        data = words.encode("utf-16-le", "surrogatepass")
        self._places.append((self._end, len(data)))
        self._end += self._file.write(data)
        if len(words) < _RUN:
            return
        signature = RMinHash(_SIZE, _SEED)
        signature.update(_runs(words))
        met = ((signature.jaccard(self._signatures[one]), -one) for one in self._index.query(signature))
        near = sorted((one for one in met if one[0] >= self._at_least - _DOUBT), reverse=True)
        self._candidates += [(-one, number) for _, one in near[:_NEAREST]]
        self._index.insert(number, signature)
        self._signatures[number] = signature

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """The candidates that hold when compared exactly."""

        @lru_cache(_KEPT)
        def runs(number: int) -> frozenset[str]:
            start, size = self._places[number]
            self._file.seek(start)
            return frozenset(_runs(self._file.read(size).decode("utf-16-le", "surrogatepass")))

        for first, second in sorted(self._candidates):
            one, two = runs(first), runs(second)
            common = len(one & two)
            share = common / (len(one) + len(two) - common)
            if share >= self._at_least:
                yield first, second, share


def _runs(words: str) -> list[str]:
    return [words[place : place + _RUN] for place in range(len(words) - _RUN + 1)]


def _rows(at_least: float) -> int:
    """How many values a band may hold so that hardly a pair at the limit is missed."""
    return next(
        (rows for rows in _ROWS if (1 - at_least**rows) ** (_SIZE // rows) <= _MISSED),
        _ROWS[-1],
    )


def _groups(names: list[str], pairs: list[tuple[int, int, float]]) -> tuple[tuple[str, ...], ...]:
    """The texts that hang together through pairs."""
    above = list(range(len(names)))

    def root(one: int) -> int:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for first, second, _ in pairs:
        low, high = sorted((root(first), root(second)))
        above[high] = low
    members: dict[int, list[int]] = {}
    for number in sorted({number for first, second, _ in pairs for number in (first, second)}):
        members.setdefault(root(number), []).append(number)
    ordered = sorted(members.values(), key=lambda group: (-len(group), group))
    return tuple(tuple(names[number] for number in group) for group in ordered)
