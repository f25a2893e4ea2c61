"""Tables with the places of their cells: workbooks, CSV, what was copied out of a spreadsheet, tables of a text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yifa.reading.errors import ReadingError
from yifa.reading.load import LARGEST_FILE, load
from yifa.reading.load.apart import apart
from yifa.reading.load.mime import is_mime
from yifa.reading.load.plain import decode
from yifa.reading.load.sniff import foreign, is_page

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK_NAMES = (".xlsx", ".xls", ".et", ".xlsm", ".ett", ".xltx")
LISTS = (".csv", ".tsv")
DELIMITERS = "\t,;，；|"
TABULAR = 0.5  # share of the lines of a text that must have cells for it to be a table
EMPTY_AT_END = 2  # cells that a row may lack against the longest
MOST_ROWS, MOST_COLUMNS = 20_000, 200
MOST_LISTED = 200_000  # rows of a list of records
LIST_SECONDS = 180.0
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Place = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    `rows` are equally long; `numbers` are the row numbers people see; `merged` names for each further cell of a merged
    range the cell that holds its value.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    first_column: int = 0
    merged: dict[Place, Place] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0]) if self.rows else 0

    def value(self, row: int, column: int) -> str:
        """The value of a cell, also of one that is part of a merged range."""
        place = self.merged.get((row, column), (row, column))
        return self.rows[place[0]][place[1]]

    def from_above(self, row: int, column: int) -> bool:
        """Whether the cell belongs to a range that begins in a row above."""
        return self.merged.get((row, column), (row, column))[0] < row

    def from_left(self, row: int, column: int) -> bool:
        """Whether the cell belongs to a range that begins in a column further left."""
        return self.merged.get((row, column), (row, column))[1] < column

    def letter(self, column: int) -> str:
        """The name of a column as a spreadsheet shows it."""
        name, number = "", self.first_column + column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            name = chr(ord("A") + rest) + name
        return name


def is_workbook(data: bytes, name: str) -> bool:
    """Whether the bytes are those of a spreadsheet program or of a list for one."""
    lower = name.lower()
    if data.startswith(b"PK\x03\x04"):
        return b"xl/workbook" in data or lower.endswith(BOOK_NAMES)
    if data.startswith(OLE):
        return lower.endswith(BOOK_NAMES) or "Workbook".encode("utf-16-le") in data
    return lower.endswith(LISTS)


def is_tabular(text: str) -> bool:
    """Whether a text is in the main a table: most of its lines have cells divided by tabs, and equally many."""
    counts = [len(line.strip().split("\t")) for line in text.splitlines() if line.strip()]
    rows = [count for count in counts if count > 1]
    if len(counts) < 2 or len(rows) < TABULAR * len(counts):
        return False
    widest = max(rows)
    return sum(count >= widest - EMPTY_AT_END for count in rows) >= TABULAR * len(rows)


def read_sheets(
    data: bytes, name: str, *, listing: bool = False
) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets of a file, and what could not be read of it; `listing`: it may be a long list of records.

    Raises:
        ReadingError: it is no table, damaged or too large.
    """
    if len(data) > LARGEST_FILE:
        raise ReadingError(f"「{name}」太大，不像一份表格。请只留要导入的表后再导入。", code="too_large")
    most = MOST_LISTED if listing else MOST_ROWS
    if data.startswith(b"PK\x03\x04") and b"word/document.xml" in data:
        raise _renamed(name, "Word 文件")
    if data.startswith((b"PK\x03\x04", OLE)):
        loaded = apart("list", data, name, seconds=LIST_SECONDS) if listing else apart("book", data, name)
        found = tuple(_of_book(json.loads(loaded.text), name, most))
        notes = loaded.damage
    else:
        text, notes = _text_of(data, name)
        found = text_sheets(text, name, most)
    found = tuple(sheet for sheet in found if sheet.rows)
    if not found:
        raise ReadingError(f"「{name}」里没有文字。请检查文件是否保存完整。", code="empty")
    return found, notes


def _text_of(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a list that is no workbook: a page with a table is one row a line, its cells divided by tabs."""
    what = "PDF 文件" if data.startswith(b"%PDF-") else foreign(data)
    if what:
        raise _renamed(name, what)
    if is_page(data) or is_mime(data):
        loaded = load(data, name)
        return loaded.text, loaded.damage
    text, _, notes = decode(data, name)
    return text, notes


def _renamed(name: str, what: str) -> ReadingError:
    return ReadingError(
        f"「{name}」里面是{what}，不是表格，改文件名没有用。请取原来的 xlsx、xls 或 csv 文件。", code="binary"
    )


def text_sheets(text: str, name: str = "文本", most: int = MOST_ROWS) -> tuple[Sheet, ...]:
    """The table a text is: lines of cells divided by tabs, commas, semicolons or bars."""
    mark = _delimiter(text)
    limit = csv.field_size_limit()
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=mark, strict=False)
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, [_clean(cell) for cell in cells]))
            before = reader.line_num
            if len(lines) > most:
                raise _too_large(name, most)
    except csv.Error as error:
        raise ReadingError(
            f"「{name}」第{reader.line_num}行读不成表格（单元格超过 {limit} 字，或引号没有成对）。请在 Excel 或 WPS 中"
            "打开核对，另存为 xlsx 后再导入。",
            code="damaged",
        ) from error
    return (_sheet("", lines, 0, {}, name),)


def _delimiter(text: str) -> str:
    """The sign that divides the cells: the one that most lines have, the earlier of equal ones."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    counts = {mark: sum(mark in line for line in lines) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))
    if counts["\t"] >= TABULAR * len(lines) and counts["\t"]:
        return "\t"
    return best if counts[best] else "\t"


def _of_book(sheets: Iterable[dict[str, object]], name: str, most: int) -> Iterator[Sheet]:
    for raw in sheets:
        rows, top, left = raw["rows"], int(str(raw["top"])), int(str(raw["left"]))
        if not isinstance(rows, list):
            continue
        lines = [(top + place + 1, [_clean(str(cell)) for cell in row]) for place, row in enumerate(rows)]
        if len(lines) > most:
            raise _too_large(name, most)
        yield _sheet(str(raw["title"]), lines, left, dict(_merged(raw["merged"], lines)), name)


def _merged(ranges: object, lines: list[tuple[int, list[str]]]) -> Iterator[tuple[Place, Place]]:
    for y1, x1, y2, x2 in ranges if isinstance(ranges, list) else []:
        if y1 < 0 or x1 < 0 or y1 >= len(lines):
            continue
        for row in range(y1, min(y2 + 1, len(lines))):
            for column in range(x1, min(x2 + 1, MOST_COLUMNS)):
                if (row, column) != (y1, x1):
                    yield (row, column), (y1, x1)


def _sheet(
    title: str, lines: list[tuple[int, list[str]]], left: int, merged: dict[Place, Place], name: str
) -> Sheet:
    lines = [(number, _trimmed(cells)) for number, cells in lines]
    while lines and not lines[-1][1]:
        lines.pop()
    width = max((len(cells) for _, cells in lines), default=0)
    if width > MOST_COLUMNS:
        raise _too_large(name)
    rows = tuple(tuple(cells + [""] * (width - len(cells))) for _, cells in lines)
    inside = {place: held for place, held in merged.items() if place[0] < len(rows) and place[1] < width}
    return Sheet(title, rows, tuple(number for number, _ in lines), left, inside)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    last = next((place for place in range(len(cells) - 1, -1, -1) if cells[place]), -1)
    return cells[: last + 1]


def _clean(cell: str) -> str:
    return " ".join(_UNPRINTABLE.sub("", cell).split())


def _too_large(name: str, most: int = MOST_ROWS) -> ReadingError:
    return ReadingError(
        f"「{name}」的表格超过 {most} 行或 {MOST_COLUMNS} 列。请只留要导入的部分，或者分成几份后再导入。",
        code="too_large",
    )
