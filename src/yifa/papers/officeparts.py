"""Writes the lists that `officesheets` describes, with openpyxl: loaded only where a file is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from yifa.papers.officesheets import OfficeColumn, OfficeSheet
from yifa.papers.sheetparts import A4, LAST_ROW, free_title, written_cell
from yifa.papers.titles import width

SERIAL = "序号"
SERIAL_WIDTH = 6
LINE = 15.5  # points
MARGIN, FOOT = 0.5, 0.7  # inches
HEAD_FROM = 3  # the title and the line of unit and period stand above
_THIN = Side(style="thin", color="FF000000")
_LINES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TEXT = Alignment(vertical="center", wrap_text=True)
_AT_RIGHT = Alignment(horizontal="right", vertical="center")
_TITLE, _BOLD, _PLAIN = (
    Font(name="方正小标宋简体", size=18),
    Font(name="黑体", size=11),
    Font(name="仿宋_GB2312", size=11),
)
Merged = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1


def write(target: IO[bytes], sheet: OfficeSheet, rows: Iterable[Sequence[Any]]) -> None:
    """As `officesheets.write_office_sheet` says."""
    book = Workbook(write_only=True)
    parts: list[_Part] = []
    try:
        for serial, row in enumerate(rows, 1):
            if not parts or parts[-1].is_full:
                parts.append(_Part(book, sheet, len(parts) + 1))
            parts[-1].append(serial, row)
        if not parts:
            parts.append(_Part(book, sheet, 1))
        parts[-1].end()
    except BaseException:
        for part in parts:
            part.discard()
        raise
    book.save(target)


class _Part:
    """One sheet of the file."""

    def __init__(self, book: Workbook, sheet: OfficeSheet, number: int) -> None:
        self.sheet, self.lines = sheet, 0
        self.part: Any = book.create_sheet(free_title(book, sheet.title, number))
        self._set_up()
        self._above()
        self._heads()

    @property
    def is_full(self) -> bool:
        """Whether there is only room for what stands below the rows."""
        return self.lines >= LAST_ROW - 4

    def append(self, serial: int, values: Sequence[Any]) -> None:
        """One row."""
        cells = [written_cell(self.part, value, wrap=True) for value in (serial, *values)]
        for cell in cells:
            cell.border, cell.font, cell.alignment = _LINES, _PLAIN, _TEXT
        cells[0].alignment = _MIDDLE
        lines, place = self._lines(values), self.lines + 1
        if lines > 1:
            self.part.row_dimensions[place].height = LINE * lines
        self._put(cells)
        self.part.row_dimensions.pop(place, None)  # it is written, and rows are never held

    def _lines(self, values: Sequence[Any]) -> int:
        """In how many lines the longest text of a row goes: not every program finds it out by itself."""
        most = 1
        for column, value in zip(self.sheet.columns, values, strict=True):
            if isinstance(value, str) and 2 * len(value) > column.width - 1:
                most = max(most, ceil(2 * width(value) / (column.width - 1)))
        return most

    def end(self) -> None:
        """What stands below the rows."""
        last = self.sheet.width
        if self.sheet.note:
            self._whole(f"说明：{self.sheet.note}", _TEXT, _PLAIN)
        if self.sheet.signatures:
            each = "".join(f"{who}：{'　' * 8}" for who in (*self.sheet.signatures, "填报日期"))
            self._whole(each.rstrip("　"), _TEXT, _PLAIN)
        self.part.print_area = f"A1:{get_column_letter(last)}{self.lines}"

    def discard(self) -> None:
        """Takes the draft off the disk."""
        self.part.close()
        self.part._writer.cleanup()

    def _set_up(self) -> None:
        part, sheet = self.part, self.sheet
        part.page_setup.orientation, part.page_setup.paperSize = sheet.orientation, A4
        part.page_setup.fitToWidth, part.page_setup.fitToHeight = 1, 0
        part.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        part.page_margins.left = part.page_margins.right = MARGIN
        part.page_margins.top = part.page_margins.bottom = FOOT
        part.print_options.horizontalCentered = True
        part.oddFooter.center.text = "第 &P 页，共 &N 页"
        last = HEAD_FROM + sheet.head_rows - 1
        part.print_title_rows = f"{HEAD_FROM}:{last}"
        part.freeze_panes = f"B{last + 1}"
        for index, wide in enumerate((SERIAL_WIDTH, *(column.width for column in sheet.columns)), 1):
            part.column_dimensions[get_column_letter(index)].width = wide

    def _above(self) -> None:
        self._whole(self.sheet.title, _MIDDLE, _TITLE)
        width, (left, middle, right) = self.sheet.width, self.sheet.above
        third = max(width // 3, 1)
        places = {0: (left, _TEXT), third: (middle, _MIDDLE), width - third: (right, _AT_RIGHT)}
        if width < 3:
            self._whole("　".join(filter(None, self.sheet.above)), _TEXT, _PLAIN)
            return
        cells = [self._said("", _TEXT, _PLAIN) for _ in range(width)]
        for place, (text, how) in places.items():
            cells[place] = self._said(text, how, _PLAIN)
        self._put(cells)
        starts = [*places, width]
        for first, after in pairwise(starts):
            self._merge((self.lines, first + 1, self.lines, after))

    def _heads(self) -> None:
        columns = (OfficeColumn(SERIAL), *self.sheet.columns)
        upper = [column.under or column.title for column in columns]
        lower = [column.title if column.under else "" for column in columns]
        for texts in (upper, lower)[: self.sheet.head_rows]:
            cells = [self._said(text, _MIDDLE, _BOLD) for text in texts]
            for cell in cells:
                cell.border = _LINES
            self._put(cells)
        if self.sheet.head_rows > 1:
            for merged in _merged_heads(columns):
                self._merge(merged)

    def _whole(self, text: str, how: Alignment, font: Font) -> None:
        blank = [self._said("", how, font) for _ in range(self.sheet.width - 1)]
        self._put([self._said(text, how, font), *blank])
        self._merge((self.lines, 1, self.lines, self.sheet.width))

    def _said(self, text: str, how: Alignment, font: Font) -> Any:
        cell = WriteOnlyCell(self.part, value=text or None)
        cell.alignment, cell.font = how, font
        return cell

    def _put(self, cells: Sequence[Any]) -> None:
        self.part.append(cells)
        self.lines += 1

    def _merge(self, merged: Merged) -> None:
        first, left, last, right = merged
        if (first, left) != (last, right):
            self.part.merged_cells.add(f"{get_column_letter(left)}{first}:{get_column_letter(right)}{last}")


def _merged_heads(columns: Sequence[OfficeColumn]) -> Iterator[Merged]:
    """Shared heads over their columns, other heads over both rows."""
    place = 1
    for under, some in groupby(columns, key=lambda column: column.under):
        many = len(list(some))
        if under:
            yield HEAD_FROM, place, HEAD_FROM, place + many - 1
        else:
            yield from ((HEAD_FROM, at, HEAD_FROM + 1, at) for at in range(place, place + many))
        place += many
