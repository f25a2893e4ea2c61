"""Which files of a batch are so alike that they are worth setting side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from yifa.checking.likeness import near_copies
from yifa.checkups.result import Checked, Result

ALIKE = 0.3  # share of word groups in common from which passages are looked for
MOST = 5  # neighbours of one file, the nearest


def neighbours(results: Iterable[Result]) -> dict[str, tuple[str, ...]]:
    """For each path those of the files most like it, the nearest first. Takes results that carry the text."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in near_copies(_texts(results), at_least=ALIKE).pairs:  # the most alike first
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if len(found[one]) < MOST:
                found[one].append(other)
    return {path: tuple(others) for path, others in found.items()}


def _texts(results: Iterable[Result]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for result in results:
        if isinstance(result, Checked) and result.text and result.path not in seen:
            seen.add(result.path)
            yield result.path, result.text
