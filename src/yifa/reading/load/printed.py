"""Text of printed pages, from the places of its pieces: lines, rows of tables, paragraphs, without furniture.

Lengths are in any one unit; y grows downward. Blanks in a file are not trusted: the gaps decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from yifa.reading.load.ruled import Grid, blank_row

WIDE = re.compile(
    r"[\u1100-\u115f\u2014\u2018-\u201d\u2026\u2460-\u24ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffe6]"
)
BAND = 0.13  # of the height, at the top and at the bottom, where headers and footers stand
EDGE_LINES = 2  # that a header or a footer has at most
PAGE_NUMBER = re.compile(
    r"[-—–－―~·.\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－―~·.\s]*"
)
CONTENTS = re.compile(r".{1,80}?(?:[.．·…⋯]\s*){4,}\s*\d{1,4}")  # a line of a table of contents
TOKEN = re.compile(  # what is not broken at the end of a line
    r"[（(《“‘【〔]*(?:[^\W\u2e80-\uffff_]+(?:[.,%~/-]+\w+)*|.)[，。、；：？！）)》”’】〕%]*(?:[“‘].)?"
)
HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十百]{1,4}[章节条])"
)
SENTENCE_END = re.compile(r"[。！？；：:;][”）)]?\Z")
HANGING = re.compile(r"[，。、；：,.;:”》）)]\Z")  # signs that may stand beyond the right edge
NO_TITLE = re.compile(r"[。；]|日\Z|号\Z")
SAME_LINE, BLANK, LATIN_BLANK, CELL = 0.45, 0.75, 0.18, 2.0  # in the size of the letters
INDENTED = 1.2
FEWEST_FULL = 3
SLACK, INDENTED_SLACK = 0.8, 2.5


class Piece(NamedTuple):
    """Letters that stand together: one character of a PDF, a run of an OFD."""

    y: float  # baseline
    left: float
    right: float
    size: float
    text: str


class Page(NamedTuple):
    """A page: its size, what is printed on it, and the tables that its rules draw."""

    width: float
    height: float
    pieces: Sequence[Piece]
    grids: Sequence[Grid] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print, or a row of a table."""

    text: str
    left: float
    right: float
    y: float
    size: float
    page: int
    width: float  # of its page
    row: bool = False
    starts_table: bool = False


def text_of(pages: Iterable[Page]) -> tuple[str, tuple[str, ...]]:
    """The text, a paragraph or a row of a table a line, and the lines that stood on many pages as header or footer."""
    heights: list[float] = []
    by_page: list[list[Line]] = []
    last: Grid | None = None
    for number, page in enumerate(pages):
        heights.append(page.height)
        tables = [*page.grids]
        if tables and last is not None:  # the table may run on from the page before
            tables[0] = tables[0].refined(last.lefts)
        by_page.append(_lines(page._replace(grids=tables), number))
        last = tables[-1] if tables else None
    furniture = _strip_edges(by_page, heights)
    lines = [line for page in by_page for line in page if not CONTENTS.fullmatch(line.text)]
    return "\n".join(_paragraphs(_without_repeated_heads(lines))), furniture


# Lines and rows


def _lines(page: Page, number: int) -> list[Line]:
    inside: list[list[Piece]] = [[] for _ in page.grids]
    outside: list[Piece] = []
    for piece in page.pieces:
        x, y = (piece.left + piece.right) / 2, piece.y - piece.size * 0.35
        at = next((i for i, grid in enumerate(page.grids) if grid.holds(x, y)), None)
        (outside if at is None else inside[at]).append(piece)
    lines = [_line(group, number, page.width) for group in _by_baseline(outside)]
    for grid, pieces in zip(page.grids, inside, strict=True):
        lines += _rows(grid, pieces, number, page.width)
    return sorted((line for line in lines if line.text), key=lambda line: line.y)


def _by_baseline(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces of one line each, from the top; within a line from the left."""
    line: list[Piece] = []
    for piece in sorted(pieces):
        if line and piece.y - line[0].y > SAME_LINE * max(piece.size, line[0].size):
            yield sorted(line, key=_left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=_left)


def _left(piece: Piece) -> float:
    return piece.left


def _line(pieces: list[Piece], number: int, width: float) -> Line:
    sizes = Counter(round(piece.size, 1) for piece in pieces if _wide(piece.text[:1]))
    sizes = sizes or Counter(round(piece.size, 1) for piece in pieces)
    size = max(sizes, key=lambda item: (sizes[item], item))
    return Line(
        _joined(pieces), pieces[0].left, max(p.right for p in pieces), pieces[0].y, size, number, width
    )


def _joined(pieces: Sequence[Piece]) -> str:
    """The text of a line: a wide gap divides cells, a gap between Latin words or beyond a letter is a blank."""
    parts = [pieces[0].text] if pieces else []
    for before, after in pairwise(pieces):
        size = max(min(before.size, after.size), 0.01)
        gap = (after.left - before.right) / size
        if gap > CELL:
            parts.append("\t")
        elif gap > BLANK or (gap > LATIN_BLANK and not _wide(before.text[-1:]) and not _wide(after.text[:1])):
            parts.append(" ")
        parts.append(after.text)
    return "".join(parts).strip()


def _wide(char: str) -> bool:
    return WIDE.match(char) is not None


def _rows(grid: Grid, pieces: list[Piece], number: int, width: float) -> Iterator[Line]:
    cells: dict[int, list[Piece]] = {}
    for piece in pieces:
        cell = grid.cell((piece.left + piece.right) / 2, piece.y - piece.size * 0.35)
        cells.setdefault(cell, []).append(piece)
    size = Counter(round(p.size, 1) for p in pieces).most_common(1)[0][0] if pieces else 0.0
    texts = {cell: "".join(_wrapped(_by_baseline(found))) for cell, found in cells.items()}
    for place, row in enumerate(grid.rows(texts)):
        if blank_row(row):
            continue
        yield Line(
            "\t".join(row).rstrip("\t"), grid.left, grid.right, grid.tops[place], size, number, width, True,
            place == 0,
        )  # fmt: skip


def _wrapped(lines: Iterable[list[Piece]]) -> Iterator[str]:
    """The lines of a cell as one text: a blank only between Latin words."""
    before = ""
    for line in lines:
        text = _joined(line).replace("\t", " ")
        if before[-1:].isalpha() and text[:1].isalpha() and not _wide(before[-1]) and not _wide(text[0]):
            yield " "
        yield text
        before = text


def _without_repeated_heads(lines: Sequence[Line]) -> Iterator[Line]:
    """A table that runs on over a page repeats its head row: once is enough."""
    head = ""
    last: Line | None = None
    for line in lines:
        if line.row and line.starts_table:
            runs_on = last is not None and last.row and last.page != line.page
            if runs_on and line.text == head:
                continue
            head = line.text
        last = line
        yield line


# Headers, footers, page numbers


def _strip_edges(by_page: list[list[Line]], heights: list[float]) -> tuple[str, ...]:
    """Take page numbers and what repeats at the edges of pages out; returns what repeated."""
    edges = [_edges(lines, heights[number]) for number, lines in enumerate(by_page)]
    times = Counter(key for page in edges for key in {_key(line) for line in page})
    least = max(2, 0.4 * len(by_page))
    furniture: dict[str, None] = {}
    for lines, page in zip(by_page, edges, strict=True):
        for line in page:
            number = PAGE_NUMBER.fullmatch(line.text) is not None
            if number or times[_key(line)] >= least:
                lines.remove(line)
                if not number:
                    furniture[line.text] = None
    return tuple(furniture)


def _edges(lines: Sequence[Line], height: float) -> list[Line]:
    plain = [line for line in lines if not line.row]
    top = [line for line in plain[:EDGE_LINES] if line.y < BAND * height]
    bottom = [line for line in plain[-EDGE_LINES:] if line.y > (1 - BAND) * height]
    return list({id(line): line for line in (*top, *bottom)}.values())


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text))


# Paragraphs


@dataclass(frozen=True, slots=True)
class _Set:
    """How pages of one width are set: the edges of the print, the size of most letters, whether paragraphs are indented."""

    left: float
    right: float
    size: float
    indented: bool


def _paragraphs(lines: Iterable[Line]) -> Iterator[str]:
    lines = list(lines)
    settings = {width: _setting(own) for width, own in _by_width(lines).items()}
    text = ""
    before: Line | None = None
    for line in lines:
        if before is not None and _runs_on(before, line, settings):
            text += (" " if _latin(text[-1:]) and _latin(line.text[:1]) else "") + line.text
        else:
            if text:
                yield text
            text = line.text
        before = line
    if text:
        yield text


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _by_width(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        if not line.row:
            found.setdefault(round(line.width), []).append(line)
    return found


def _setting(lines: Sequence[Line]) -> _Set:
    """The left edge is where many lines begin, the right one where the long lines end that no sign hangs out of."""
    lefts = Counter(round(line.left) for line in lines)
    common = [left for left, times in lefts.items() if times >= max(2, 0.08 * len(lines))]
    left = min(common, default=min(lefts))
    rights = sorted(line.right for line in lines if not HANGING.search(line.text)) or [lines[0].right]
    right = rights[min(int(len(rights) * 0.95), len(rights) - 1)]
    size = Counter(round(line.size) for line in lines).most_common(1)[0][0]
    indents = sum(left + INDENTED * line.size < line.left < left + 3 * line.size for line in lines)
    full = sum(abs(line.right - right) < 1.5 * size for line in lines)
    if full < FEWEST_FULL:  # too few to show the edge: as far from the paper's as on the left
        right = max(right, lines[0].width - left)
    return _Set(left, right, size, indents >= 0.12 * len(lines))


def _runs_on(before: Line, line: Line, settings: dict[int, _Set]) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if before.row or line.row or "\t" in before.text or "\t" in line.text:
        return False
    if abs(before.size - line.size) > 0.15 * max(before.size, line.size):
        return False
    setting, size = settings[round(before.width)], before.size
    if _centred(before, setting) and _centred(line, setting):
        near = before.page == line.page and line.y - before.y < 2.6 * size
        moved = size > 1.1 * setting.size or abs(before.left - line.left) > size / 2
        return near and moved and not NO_TITLE.search(before.text) and not HEADING.match(line.text)
    if line.left > settings[round(line.width)].left + INDENTED * size:
        return False
    slack = INDENTED_SLACK if setting.indented else SLACK
    if setting.right - before.right > (_width(TOKEN.match(line.text)) + slack) * size:
        return False  # the next word had room: the author ended the line
    ended = SENTENCE_END.search(before.text) is not None
    begins = HEADING.match(line.text) is not None
    return not (ended and begins) and (setting.indented or not (ended or begins))


def _centred(line: Line, setting: _Set) -> bool:
    """Whether a line stands in the middle; a line of a large title may fill the width."""
    inside = line.size > 1.1 * setting.size or line.left > setting.left + INDENTED * line.size
    middle = (setting.left + setting.right) / 2
    return inside and abs((line.left + line.right) / 2 - middle) < 0.6 * line.size


def _width(token: re.Match[str] | None) -> float:
    """Of a piece of text that is not broken, in letters."""
    return sum(1.0 if _wide(char) else 0.55 for char in token[0]) if token else 0.0
