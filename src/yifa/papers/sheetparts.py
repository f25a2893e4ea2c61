"""The sheets and cells of an Excel file, written with openpyxl: loaded only where a file is written (`sheets`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from yifa.papers.sheets import Column, Noted
from yifa.papers.struck import Struck

LONGEST_CELL = 32_767  # characters Excel takes
LAST_ROW = 1_048_576
LONGEST_TITLE = 31
A4 = 9  # Excel's number for the paper
DIGITS = 15  # a longer number would lose its end
BEGINS_A_FORMULA = tuple("=+-@\t\r")
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


class Sheet:
    """A sheet that is filled row by row; it goes on in a second one where Excel allows no more rows."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column]) -> None:
        self._book, self._title, self._columns = book, title, columns
        self._parts: list[Any] = []
        self._lengths: list[int] = []
        self._begin()

    def append(self, values: Sequence[Any]) -> None:
        """One row."""
        if self._lengths[-1] == LAST_ROW:
            self._begin()
        part = self._parts[-1]
        wraps = (column.wrap for column in self._columns)
        part.append([written_cell(part, value, wrap) for value, wrap in zip(values, wraps, strict=True)])
        self._lengths[-1] += 1

    def _begin(self) -> None:
        number = len(self._parts) + 1
        part = self._book.create_sheet(free_title(self._book, self._title, number))
        part.freeze_panes = "A2"
        part.page_setup.orientation, part.page_setup.paperSize = "landscape", A4
        part.page_setup.fitToWidth, part.page_setup.fitToHeight = 1, 0
        part.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        part.print_title_rows = "1:1"
        part.oddFooter.center.text = "第 &P 页，共 &N 页"
        for index, column in enumerate(self._columns, 1):
            part.column_dimensions[get_column_letter(index)].width = column.width
        part.append([_head(part, column.title) for column in self._columns])
        self._parts.append(part)
        self._lengths.append(1)

    def discard(self) -> None:
        """Ends the writing and takes the drafts off the disk."""
        for part in self._parts:
            part.close()
            part._writer.cleanup()

    def finish(self) -> None:
        """Lays the filter over all rows."""
        last = get_column_letter(len(self._columns))
        for part, length in zip(self._parts, self._lengths, strict=True):
            part.auto_filter.ref = f"A1:{last}{length}"


def _head(part: Any, title: str) -> Any:
    cell = WriteOnlyCell(part, value=title)
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE7ECF3")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def written_cell(part: Any, value: Any, wrap: bool) -> Any:
    """The cell of a value: dates and numbers as such, text as text."""
    cell = WriteOnlyCell(part)
    if isinstance(value, Noted):
        cell.comment = Comment(_text(value.note), "依法", width=320, height=90)
        cell.fill = PatternFill("solid", fgColor="FFFFC7CE")
        value = value.value
    if isinstance(value, Struck):
        cell.font = Font(strike=True)
        value = value.text
    plain = _plain(value)
    if isinstance(plain, str):
        cell.value = plain
        cell.data_type = "s"  # never a formula or an error, whatever it looks like
        cell.quotePrefix = plain.startswith(BEGINS_A_FORMULA)
    elif plain is not None:
        cell.value = plain
        if isinstance(plain, datetime):
            cell.number_format = MOMENT
        elif isinstance(plain, date):
            cell.number_format = DAY
    if wrap:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _plain(value: Any) -> str | int | float | Decimal | date | None:
    """What Excel holds for a value: text, a number, a day or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**DIGITS else str(value)
    if isinstance(value, float | Decimal):
        return value if isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return _text("；".join(map(str, value)))
    return _text(str(value))


def _text(value: str) -> str:
    text = _UNPRINTABLE.sub("", value)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def free_title(book: Workbook, title: str, number: int) -> str:
    """A title Excel takes and no other sheet of the book has."""
    name = _NOT_IN_A_TITLE.sub(" ", title).strip() or "表"
    taken = {sheet.title.lower() for sheet in book.worksheets}
    while True:
        behind = f"（{number}）" if number > 1 else ""
        wanted = name[: LONGEST_TITLE - len(behind)] + behind
        if wanted.lower() not in taken:
            return wanted
        number += 1
