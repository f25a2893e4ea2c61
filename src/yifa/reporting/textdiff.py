"""What differs between two texts, word by word; two changes of one text made into one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A live figure, a number and a Latin word stand or fall as one; a Chinese character is a word.
_TOKEN = re.compile(r"\{[^{}\n]*\}|\d+(?:[.,]\d+)*[%％]?|[A-Za-z]+|\n|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？]?\n?")
SHORT = 2  # as many equal characters between two changes are no island worth keeping


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a comparison."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """Paragraphs of two texts that belong together; one of them is "" where something was added or struck out."""

    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether nothing was changed."""
        return self.before == self.after

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The change word by word."""
        return word_diff(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes of one text made into one. Where they contradict each other both stand, one after the other."""

    text: str
    contradictions: tuple[tuple[str, str], ...]  # (theirs, mine)


def tokens(text: str) -> list[str]:
    """A text cut into what changes as one."""
    return _TOKEN.findall(text)


def word_diff(before: str, after: str) -> tuple[Stretch, ...]:
    """The two texts as one, with what was removed and added."""
    old, new = tokens(before), tokens(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pairs: list[tuple[str, str, bool]] = []  # removed, added, same
    for index, (tag, a, b, c, d) in enumerate(steps):
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        island = tag == "equal" and b - a <= SHORT and 0 < index < len(steps) - 1
        same = tag == "equal" and not island
        if not same and pairs and not pairs[-1][2]:
            pairs[-1] = (pairs[-1][0] + removed, pairs[-1][1] + added, False)
        else:
            pairs.append((removed, added, same))
    return tuple(_stretches(pairs))


def _stretches(pairs: Sequence[tuple[str, str, bool]]) -> Iterator[Stretch]:
    for removed, added, same in pairs:
        if same:
            yield Stretch("same", removed)
            continue
        if removed:
            yield Stretch("removed", removed)
        if added:
            yield Stretch("added", added)


def line_diff(before: Sequence[str], after: Sequence[str]) -> tuple[LineChange, ...]:
    """The paragraphs of two texts side by side, those that were only reworded in one pair."""
    changes: list[LineChange] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [LineChange(line, line) for line in before[a:b]]
        else:
            changes += _paired(before[a:b], after[c:d])
    return tuple(changes)


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _paired(before: Sequence[str], after: Sequence[str], least: float = 0.4) -> list[LineChange]:
    """Changed paragraphs in order: each old one with the first new one that is like it."""
    found: list[LineChange] = []
    place = 0
    for line in before:
        match = next((i for i in range(place, len(after)) if likeness(line, after[i]) >= least), None)
        if match is None:
            found.append(LineChange(line, ""))
            continue
        found += [LineChange("", new) for new in after[place:match]]
        found.append(LineChange(line, after[match]))
        place = match + 1
    return found + [LineChange("", new) for new in after[place:]]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What came of `base` when two people changed it at once: first by paragraphs, within them by sentences."""
    contradictions: list[tuple[str, str]] = []
    parts: list[str] = []
    for old, ours, others in _regions(_lines(base), _lines(mine), _lines(theirs)):
        decided = _decided(old, ours, others)
        parts += decided if decided is not None else _by_sentence(old, ours, others, contradictions)
    return Merged("".join(parts).rstrip("\n"), tuple(contradictions))


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.splitlines()]


def _decided(old: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """The one that changed, or what both say alike; None where both changed differently."""
    if theirs in (mine, old):
        return mine
    return theirs if mine == old else None


def _by_sentence(
    old: list[str], mine: list[str], theirs: list[str], contradictions: list[tuple[str, str]]
) -> list[str]:
    parts: list[str] = []
    for before, ours, others in _regions(*(_sentences("".join(lines)) for lines in (old, mine, theirs))):
        decided = _decided(before, ours, others)
        if decided is None:
            said, ours_said = "".join(others), "".join(ours)
            contradictions.append((said.strip(), ours_said.strip()))
            decided = [said if said.endswith("\n") or not ours_said else said + "\n", ours_said]
        parts += decided
    return parts


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence]


def _regions(
    base: list[str], mine: list[str], theirs: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut at what all three have in common, in order."""
    z = m = t = 0
    for begin, own, other, length in [*_common(base, mine, theirs), (len(base), len(mine), len(theirs), 0)]:
        if begin > z or own > m or other > t:
            yield from _one_by_one(base[z:begin], mine[m:own], theirs[t:other])
        if length:
            same = base[begin : begin + length]
            yield same, same, same
        z, m, t = begin + length, own + length, other + length


def _one_by_one(
    base: list[str], mine: list[str], theirs: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Neighbours of which one side changed the first and the other the second are told apart by their place."""
    if len(base) == len(mine) == len(theirs):
        for old, ours, others in zip(base, mine, theirs, strict=True):
            yield [old], [ours], [others]
    else:
        yield base, mine, theirs


def _common(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """(place in base, in mine, in theirs, length) of what is common to all three."""
    ours = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    others = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(ours) and j < len(others):
        a, b = ours[i], others[j]
        begin, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if begin < end:
            yield begin, a.b + begin - a.a, b.b + begin - b.a, end - begin
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
