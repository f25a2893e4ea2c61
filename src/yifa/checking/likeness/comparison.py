"""What a document has in common with another, passage by passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from yifa.checking.likeness.bare import NUMBER, Bare
from yifa.checking.likeness.passages import Block, Chain, Index, chains, index_of, samples_of
from yifa.checking.likeness.stock import own_words
from yifa.reading.document import Document, Span

LEAST_OWN = 40  # own words of a passage that two writers do not find independently
_LEAST_PIECE = 10  # own words of a paragraph of a longer passage; headings have none
_FRAME = 6  # words around a number that was brought up to date: 「受理…件」 must be said in some words
_TRIM = 6  # words of a torn clause at either end that are left out
_REMEMBERED, _REMEMBERED_LENGTH = 64, 50_000  # texts, and characters of the longest
_ASIDE = re.compile(r"\s*[年月日号]|[.．、)）](?!\d)")  # behind a date, a document number, a number of a list
_NOTES = re.compile(r"(?m)^[^\n，。]{0,16}(?:名词解释|名词注释|名词说明|用语说明|注释)[^\n，。]{0,6}$")


class Likeness(StrEnum):
    """How a passage was taken over."""

    SAME = "same"  # word for word, number for number
    NUMBERS = "numbers"  # only numbers differ
    NEAR = "near"  # a few words differ


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that stands in another one, with the numbers in it."""

    span: Span
    other_span: Span
    kind: Likeness
    characters: int  # words of it, punctuation apart
    own: int  # of these, words that are not everybody's and not the frame of a new number
    figures: int  # numbers in equal words; dates and numbers of a list apart
    changed: int  # of these, the numbers that differ

    def as_json(self) -> dict[str, object]:
        """As it stands in the evidence of a finding."""
        return {
            "at": list(self.span),
            "other_at": list(self.other_span),
            "kind": str(self.kind),
            "characters": self.characters,
            "figures": self.figures,
            "changed": self.changed,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """All common passages, in order of the document, and the share of its words in them."""

    passages: tuple[Passage, ...]
    share: float
    is_equal: bool  # the same words and numbers throughout


def _prepared(text: str) -> tuple[Bare, Index]:
    """The words of a text and its samples; remembered, for in a batch each text is held against every other."""
    return _remembered(text) if len(text) <= _REMEMBERED_LENGTH else _prepare(text)


def _prepare(text: str) -> tuple[Bare, Index]:
    bare = Bare(text)
    return bare, samples_of(bare.text)


_remembered = lru_cache(_REMEMBERED)(_prepare)


class Compared:
    """A document made ready once to be compared with any number of others."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.bare, _ = _prepared(document.text)
        self._index = index_of(self.bare.text)
        self._headings = [*_title(document), *(heading.span for heading in document.headings())]
        self._end = _end_of_body(document.text)

    def with_other(self, other: Document) -> Comparison:
        """The passages that stand in both."""
        theirs, samples = _prepared(other.text)
        if theirs.text == self.bare.text and theirs.numbers == self.bare.numbers:
            return Comparison((), 1.0, is_equal=True)
        found = tuple(self._passages(theirs, samples))
        words = sum(passage.characters for passage in found)
        return Comparison(found, words / max(len(self.bare.text), 1), is_equal=False)

    def common_with(self, other: Document) -> bytearray:
        """For each word of the bare text 1 where it stands in a run of equal words, else 0; formulas count too."""
        common = bytearray(len(self.bare.text))
        theirs, samples = _prepared(other.text)
        for chain in chains(self.bare.text, self._index, theirs.text, samples):
            for block in chain.blocks:
                common[block.first : block.first + block.size] = b"\1" * block.size
        return common

    def _passages(self, theirs: Bare, samples: Index) -> Iterator[Passage]:
        for chain in chains(self.bare.text, self._index, theirs.text, samples):
            if chain.equal < LEAST_OWN:
                continue
            pieces = [self._passage(piece, theirs) for piece in self._paragraphs(chain)]
            pieces = [piece for piece in pieces if piece.span[0] < self._end]
            if sum(piece.own for piece in pieces) >= LEAST_OWN:
                yield from (piece for piece in pieces if piece.own >= _LEAST_PIECE)

    def _paragraphs(self, chain: Chain) -> Iterator[Chain]:
        """The chain cut at line ends, each piece without torn clauses at its ends."""
        start, end = chain.first
        place, stop = self.bare.place(start)[0], self.bare.place(end - 1)[1]
        while start < end:
            line_end = self.document.text.find("\n", place, stop)
            cut = end if line_end < 0 else self.bare.index(line_end)
            piece = chain.within(start, cut)
            piece = piece and chain.within(*self._trimmed(piece.first))
            if piece:
                yield piece
            start, place = cut, line_end + 1

    def _trimmed(self, stretch: tuple[int, int]) -> tuple[int, int]:
        """A stretch of words from the start of a clause to the end of one, where one is near."""
        start, end = stretch
        room = min(_TRIM, (end - start) // 3)
        first = next((place for place in range(start, start + room) if self.bare.is_parted(place)), start)
        last = next((place for place in range(end, end - room, -1) if self.bare.is_parted(place)), end)
        return first, last

    def _passage(self, chain: Chain, theirs: Bare) -> Passage:
        span = self.bare.span(*chain.first)
        pairs = [pair for block in chain.blocks for pair in self._numbers(block, theirs)]
        differ = [pair for pair in pairs if pair[0] != pair[1]]
        changed = sum(not aside for _, _, aside in differ)
        kind = Likeness.NEAR if not chain.is_whole else Likeness.NUMBERS if differ else Likeness.SAME
        return Passage(
            span=_with_brackets(self.document.text, span),
            other_span=_with_brackets(theirs.source, theirs.span(*chain.second)),
            kind=kind,
            characters=chain.first[1] - chain.first[0],
            own=own_words(self.document.text, span, self._headings) - _FRAME * changed,
            figures=sum(not aside for _, _, aside in pairs),
            changed=changed,
        )

    def _numbers(self, block: Block, theirs: Bare) -> Iterator[tuple[str, str, bool]]:
        """The numbers of a block here and there, and whether they count nothing."""
        place = self.bare.text.find(NUMBER, block.first, block.first + block.size)
        while place >= 0:
            start, end = self.bare.place(place)
            other = theirs.place(block.second + place - block.first)
            aside = _ASIDE.match(self.document.text, end) is not None
            yield self.document.text[start:end], theirs.source[other[0] : other[1]], aside
            place = self.bare.text.find(NUMBER, place + 1, block.first + block.size)


def _title(document: Document) -> list[Span]:
    """Where the title stands: a form that every year's report fills in anew."""
    place = document.text.find(document.title) if document.title else -1
    return [(place, place + len(document.title or ""))] if place >= 0 else []


def _with_brackets(text: str, span: Span) -> Span:
    """A stretch with the brackets, quotes and stops that belong to its ends."""
    start, end = span
    while start > 0 and text[start - 1] in "（(“‘《〔":
        start -= 1
    while end < len(text) and text[end] in "）)”’》〕。！？；%":
        end += 1
    return (start, end)


def _end_of_body(text: str) -> int:
    """Where notes on terms begin, which are the same every year; the end of a text without them."""
    found = _NOTES.search(text, len(text) // 2)
    return found.start() if found else len(text)


def compare(document: Document, other: Document) -> Comparison:
    """What a document has in common with another. For many others make one `Compared`."""
    return Compared(document).with_other(other)
