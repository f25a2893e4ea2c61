"""A paper filled in: lines of pieces, each piece either the template's words or what a field says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yifa.documents.wording import count
from yifa.papers.word import SEAL

SIGN_WIDTH, SIGN_DAY = 26, "年　　月　　日"
Stored = list[list[list[Any]]]  # lines as a version keeps them


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; with `key` they come from that field, with `blank` they stand for what is missing."""

    text: str
    key: str | None = None
    blank: bool = False


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, heading or instruction on remedies."""

    kind: str  # text | heading | remedies
    line: Line


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; with `heads` its first row is one. A cell is one or more lines."""

    title: Line
    heads: bool
    widths: tuple[float, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a value: its name, its title, why if that can be said."""

    key: str
    title: str
    why: str = ""


@dataclass(frozen=True)
class FilledPaper:
    """Everything that is printed, from top to bottom."""

    title: Line
    number: Line = ()
    addressee: Line = ()
    blocks: tuple[Words | Grid, ...] = ()
    annexes: tuple[Line, ...] = ()
    issuer: Line = ()
    dated: Line = ()
    seal: bool = False
    signs: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = field(default=())

    def lines(self) -> Iterator[Line]:
        """Every line in the order of printing, cells of tables one by one."""
        addressee = (*self.addressee, Piece("：")) if self.addressee else ()
        heads = (self.title, self.number, addressee)
        yield from (line for line in heads if line)
        for block in self.blocks:
            if isinstance(block, Words):
                yield from paragraphs(block.line)
                continue
            yield from (line for line in (block.title,) if line)
            for row in block.rows:
                for cell in row:
                    yield from paragraphs(cell)
        for place, line in enumerate(self.annexes, 1):
            number = f"{place}." if len(self.annexes) > 1 else ""
            yield (Piece(f"{'附件：' if place == 1 else ''}{number}"), *line)
        yield from (line for line in (self.issuer, self.dated) if line)
        if self.seal:
            yield (Piece(SEAL),)
        yield from ((Piece(sign_line(one)),) for one in self.signs)
        if self.copies:
            yield (Piece(copies_line(self.copies)),)

    @property
    def sign_lines(self) -> list[str]:
        """The lines to be signed by hand."""
        return [sign_line(one) for one in self.signs]

    @property
    def copies_line(self) -> str:
        """How many copies there are."""
        return copies_line(self.copies)

    def stored(self) -> Stored:
        """The lines as a version keeps them."""
        return [[[piece.key, piece.text, piece.blank] for piece in line] for line in self.lines()]


def sign_line(who: str) -> str:
    """The line on which somebody signs, its day at the end of the line."""
    head = f"{who}（签名）："
    return head + "　" * max(2, SIGN_WIDTH - len(head) - len(SIGN_DAY)) + SIGN_DAY


def copies_line(copies: Sequence[str]) -> str:
    """How many copies there are and where they go."""
    return f"本文书一式{'两' if len(copies) == 2 else count(len(copies))}份：{'，'.join(copies)}。"


def read_stored(lines: Stored) -> list[Line]:
    """The lines a version keeps."""
    return [tuple(Piece(text, key, blank) for key, text, blank in line) for line in lines]


def plain(line: Sequence[Piece]) -> str:
    """A line as text."""
    return "".join(piece.text for piece in line)


def paragraphs(line: Line) -> Iterator[Line]:
    """A line cut where its words have line breaks, empty ones left out."""
    current: list[Piece] = []
    for piece in line:
        first, *more = piece.text.split("\n")
        if first or (piece.key and not more):
            current.append(Piece(first, piece.key, piece.blank))
        for words in more:
            if any(one.text for one in current):
                yield tuple(current)
            current = [Piece(words, piece.key, piece.blank)] if words else []
    if any(one.text for one in current):
        yield tuple(current)
