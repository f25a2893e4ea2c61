"""Excel files: the one way to write a sheet.

Rows are written as they come and never held: a head that stays in sight, a filter over all columns, dates as dates,
numbers as numbers, and text that stays text whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yifa.papers.sheetparts import Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = "导出说明"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in Latin characters, and whether long text goes on in the next line."""

    title: str
    width: float = 18
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """A value whose cell is marked, with a comment that says why."""

    value: Any
    note: str


class Book:
    """An Excel file; its sheets may be filled in turn."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # with numpy a tenth of the start, needed where a file is written

        self._book = Workbook(write_only=True)
        self._sheets: list[Sheet] = []

    def sheet(self, title: str, columns: Sequence[Column]) -> Sheet:
        """A new sheet behind those there are."""
        from yifa.papers.sheetparts import Sheet  # as above

        sheet = Sheet(self._book, title, columns)
        self._sheets.append(sheet)
        return sheet

    def save(self, target: IO[bytes]) -> None:
        """Writes the file; nothing can be added afterwards."""
        for sheet in self._sheets:
            sheet.finish()
        self._book.save(target)

    def discard(self) -> None:
        """Lets go of what was written when the file is not wanted any more."""
        for sheet in self._sheets:
            sheet.discard()


def write_sheet(
    target: IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    about: Sequence[tuple[str, Any]] = (),
) -> None:
    """An Excel file of one sheet; what is to be said about it stands in a second one, out of the way of filters."""
    book = Book()
    try:
        sheet = book.sheet(title, columns)
        for row in rows:
            sheet.append(row)
        if about:
            said = book.sheet(ABOUT, [Column("项目"), Column("内容", width=60, wrap=True)])
            for line in about:
                said.append(line)
    except BaseException:
        book.discard()
        raise
    book.save(target)
