"""Tables of web pages: those that hold data, not those that only lay out the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.reading.load.markup import TEXT, Element
from yifa.reading.load.ruled import DITTO, blank_row

BREAKS = {
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
SHORT_PAIR, SHORT, LONGEST = 120, 400, 3000  # characters of a cell, by how sure the table's shape is
CERTAIN_ROWS = 3


def rows_of(table: Element) -> list[str] | None:
    """The caption and the rows with cells divided by tabs, or None for a table that lays out the page."""
    rows = [[cell for cell in row.children if cell.tag in ("td", "th")] for row in _rows(table)]
    full = [cells for cells in rows if len(cells) > 1]
    if not full or not _holds_data(table, full):
        return None
    captions = (_cell(child) for child in table.children if child.tag == "caption")
    found = [caption for caption in captions if caption]
    open_below: dict[
        int, tuple[int, bool]
    ] = {}  # column → rows still covered from above, and whether by a text
    for cells in rows:
        line = _line(cells, open_below)
        if not blank_row(line):
            found.append("\t".join(line).rstrip("\t"))
    return found


def _rows(table: Element) -> Iterator[Element]:
    for child in table.children:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child.children if row.tag == "tr")


def _holds_data(table: Element, full: list[list[Element]]) -> bool:
    if any(inner.tag == "table" for inner in table.walk() if inner is not table):
        return False
    longest = max(cell.characters for cells in full for cell in cells)
    wide = [cells for cells in full if len(cells) > 2]
    if wide:
        return longest <= SHORT or (len(wide) >= CERTAIN_ROWS and longest <= LONGEST)
    return len(full) > 1 and longest <= SHORT_PAIR


def _line(cells: list[Element], open_below: dict[int, tuple[int, bool]]) -> list[str]:
    line: list[str] = []
    waiting = list(reversed(cells))
    while waiting or open_below.get(len(line)):
        column = len(line)
        above = open_below.pop(column, None)
        if above is not None:
            left, said = above
            line.append(DITTO if said else "")
            if left > 1:
                open_below[column] = (left - 1, said)
            continue
        cell = waiting.pop()
        text = _cell(cell)
        across, down = cell.span
        for place in range(across):
            if down > 1:
                open_below[column + place] = (down - 1, bool(text) and not place)
        line += [text, *[""] * (across - 1)]
    return line


def _cell(cell: Element) -> str:
    pieces: list[str] = []
    for element in cell.walk():
        if element.tag == TEXT:
            pieces.append(element.text)
        elif element.tag == "br" or element.tag in BREAKS:
            pieces.append(" ")
    return re.sub(r"[\s\u3000\xa0]+", " ", "".join(pieces)).strip()
