"""Passages that two texts have in common: equal blocks found over short runs of words, chained over small changes.

Work is linear in the length of both texts: one text is indexed by its runs of 8 words, the other is looked up at every
fifth place, so that each equal block of 12 words is met at least once and then grown to both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_RUN = 8  # words of a run looked up
_STRIDE = 5
_BLOCK = (
    _RUN + _STRIDE - 1
)  # an equal block this long is always met; shorter ones only by luck, so they do not count
_GAP = 30  # words that may differ between two equal blocks of one passage
_CHANGE = 9  # equal words needed for each word that differs
_BACK = 64  # words a block may reach back over what was covered, or repetitive texts cost the square of their length
_OPEN = 6  # passages that may be continued at one time


@dataclass(frozen=True, slots=True)
class Block:
    """Equal words: `size` of them from `first` in one text and from `second` in the other."""

    first: int
    second: int
    size: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Blocks in the same order in both texts with little between them."""

    blocks: tuple[Block, ...]

    @property
    def first(self) -> tuple[int, int]:
        """Its stretch in the first text."""
        return (self.blocks[0].first, self.blocks[-1].first + self.blocks[-1].size)

    @property
    def second(self) -> tuple[int, int]:
        """Its stretch in the second text."""
        return (self.blocks[0].second, self.blocks[-1].second + self.blocks[-1].size)

    @property
    def equal(self) -> int:
        """Words that are equal in both."""
        return sum(block.size for block in self.blocks)

    @property
    def is_whole(self) -> bool:
        """Whether no word was changed, put in or left out."""
        return len(self.blocks) == 1

    def within(self, start: int, end: int) -> Chain | None:
        """The part of the chain in a stretch of the first text, or nothing."""
        parts = []
        for block in self.blocks:
            front = max(start - block.first, 0)
            size = min(block.first + block.size, end) - block.first - front
            if size > 0:
                parts.append(Block(block.first + front, block.second + front, size))
        return Chain(tuple(parts)) if parts else None


Index = dict[str, int]


def index_of(text: str) -> Index:
    """Where each run of words stands in a bare text; of equal runs the last."""
    return {text[place : place + _RUN]: place for place in range(len(text) - _RUN + 1)}


def samples_of(text: str) -> Index:
    """Runs of words at every fifth place of a bare text, with the place: what is looked up in the index of another."""
    return {text[place : place + _RUN]: place for place in range(0, len(text) - _RUN + 1, _STRIDE)}


def chains(text: str, index: Index, other: str, samples: Index) -> list[Chain]:
    """The passages of a bare text, given with its index, that stand in another, given with its samples.

    None shares a word with a longer one.
    """
    blocks = sorted(_blocks(text, index, other, samples), key=lambda block: block.first)
    taken = bytearray(len(text))
    kept = []
    for chain in sorted(_joined(blocks, text, other), key=lambda chain: -chain.equal):
        start, end = chain.first
        while start < end and taken[start]:
            start += 1
        while start < end and taken[end - 1]:
            end -= 1
        free = None if any(taken[start:end]) else chain.within(start, end)
        if free:
            taken[start:end] = b"\1" * (end - start)
            kept.append(free)
    return sorted(kept, key=lambda chain: chain.first)


def _blocks(text: str, index: Index, other: str, samples: Index) -> Iterator[Block]:
    covered = 0
    for place in sorted(samples[run] for run in samples.keys() & index.keys()):
        if place < covered - _RUN:
            continue
        met = index[other[place : place + _RUN]]
        start, end = _grown(text, met, other, place, covered - _BACK)
        if end - start >= _BLOCK:
            yield Block(start + met - place, start, end - start)
            covered = end


def _grown(text: str, met: int, other: str, place: int, least: int) -> tuple[int, int]:
    """The equal words around a run met at `met` and `place`, as places in the other text, `least` at the least."""
    shift = met - place
    start, end = place, place + _RUN
    least = max(least, -shift, 0)
    while start > least and other[start - 1] == text[start - 1 + shift]:
        start -= 1
    most = min(len(other), len(text) - shift)
    while end < most and other[end] == text[end + shift]:
        end += 1
    return start, end


def _joined(blocks: list[Block], text: str, other: str) -> Iterator[Chain]:
    """Blocks in order of the first text, chained where nine tenths of the words are equal."""
    growing: list[list[Block]] = []
    for block in blocks:
        for chain in reversed(growing):
            more = _continuation(chain, block, text, other)
            if more:
                chain.extend(more)
                growing.remove(chain)
                growing.append(chain)
                break
        else:
            growing.append([block])
            if len(growing) > _OPEN:
                yield Chain(tuple(growing.pop(0)))
    yield from (Chain(tuple(chain)) for chain in growing)


def _continuation(chain: list[Block], block: Block, text: str, other: str) -> tuple[Block, ...]:
    """What carries the chain on: the block, and small equal blocks on the way to it. Nothing where too much differs."""
    last = chain[-1]
    ends = (last.first + last.size, last.second + last.size)
    gaps = (block.first - ends[0], block.second - ends[1])
    overlap = max(0, -min(gaps))
    size, difference = block.size - overlap, max(gaps) + overlap
    if size <= 0 or difference > _GAP:
        return ()
    clipped = Block(block.first + overlap, block.second + overlap, size)
    most = (sum(one.size for one in chain) + size) // _CHANGE
    if difference <= most:
        return (clipped,)
    if min(gaps) + overlap < difference - most:
        return ()  # not enough words on the way
    small = _small(ends, clipped, text, other)
    return (*small, clipped) if difference - sum(one.size for one in small) <= most else ()


def _small(ends: tuple[int, int], block: Block, text: str, other: str) -> tuple[Block, ...]:
    """Equal words, two or more together, between the end of a chain and a block."""
    between = text[ends[0] : block.first], other[ends[1] : block.second]
    found = SequenceMatcher(None, *between, autojunk=False).get_matching_blocks()
    return tuple(Block(ends[0] + one.a, ends[1] + one.b, one.size) for one in found if one.size > 1)
