"""Spreadsheets (xlsx, xls): each visible sheet as its title and its rows, cells divided by tabs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import openpyxl
import python_calamine as calamine
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from yifa.law.phrases import day
from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.number_formats import shown
from yifa.reading.load.refusals import damaged, encrypted, without_text
from yifa.reading.load.ruled import DITTO, blank_row

MOST_CELLS = 1_000_000  # of a workbook, empty ones inside the edges of a sheet too
MOST_CHARACTERS = 6_000_000
MOST_FORMATTED = 200_000  # cells whose formats are looked at; beyond that it takes too long
MOST_SHEETS = 200
MOST_ROWS = 100_000  # that are looked at for formats; a far cell makes many empty ones
MOST_MERGED = 20_000
DEFAULT_NAMES = ("sheet", "工作表", "表")

Place = tuple[int, int]  # row and column, from 0


@dataclass(slots=True)
class Known:
    """What the file says of the cells of a sheet beside their values."""

    formats: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)


NOTHING = Known()


def load_excel(data: bytes, name: str) -> Loaded:
    """The text of a workbook. Hidden sheets are left out and said."""
    sheets, notes = opened(data, name)
    text = "\n".join(_lines(sheets, known(data, sheets, notes), notes, name))
    if not text:
        raise without_text(name)
    return Loaded(text, "xlsx", None, tuple(notes))


def opened(
    data: bytes, name: str, most: int = MOST_CELLS
) -> tuple[dict[str, calamine.CalamineSheet], list[str]]:
    """The visible sheets that can be opened, by title, and what was left out.

    Raises ReadingError where the file is locked or damaged, or the sheets are far too large together.
    """
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise encrypted(name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise damaged(name, "Excel 或 WPS") from error
    visible = [sheet for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in book.sheets_metadata if sheet.visible is not SheetVisibleEnum.Visible]
    notes = [f"隐藏的工作表没有读：{'、'.join(hidden[:10])}"] if hidden else []
    sheets, cells = {}, 0
    for title in [sheet.name for sheet in visible if sheet.typ is SheetTypeEnum.WorkSheet][:MOST_SHEETS]:
        try:
            sheet = book.get_sheet_by_name(title)
        except (calamine.CalamineError, OSError, ValueError):
            notes.append(f"工作表「{title}」已损坏，没有读到")
            continue
        cells += sheet.height * sheet.width
        if cells > most:
            raise _too_large(name)
        sheets[title] = sheet
    return sheets, notes


def _lines(
    sheets: Mapping[str, calamine.CalamineSheet], facts: Mapping[str, Known], notes: list[str], name: str
) -> Iterator[str]:
    length = missing = 0
    for title, sheet in sheets.items():
        own = facts.get(title, NOTHING)
        cells, top, left = table(sheet, own)
        missing += sum(not _at(cells, y - top, x - left) for y, x in own.formulas)
        _fill_merged(sheet, cells, top, left)
        rows = ["\t".join(row).rstrip("\t") for row in cells if not blank_row(row)]
        if rows and title.casefold().rstrip("0123456789 ") not in DEFAULT_NAMES:
            rows.insert(0, title)
        length += sum(map(len, rows))
        if length > MOST_CHARACTERS:
            raise _too_large(name)
        yield from rows
    if missing:
        notes.append(f"有 {missing} 个公式没有存下结果，没有读到。请在 Excel 或 WPS 中打开保存一次")


def _too_large(name: str) -> ReadingError:
    return ReadingError(
        f"「{name}」的表格太大，不像一份报告的附表。请把要检查的部分另存为新的表格后再读。", code="too_large"
    )


def table(sheet: calamine.CalamineSheet, facts: Known) -> tuple[list[list[str]], int, int]:
    """The texts of the cells, and where in the sheet the first of them stands."""
    top, left = sheet.start or (0, 0)
    cells = [
        [_text(value, facts.formats.get((top + y, left + x))) for x, value in enumerate(row)]
        for y, row in enumerate(sheet.to_python(skip_empty_area=True))
    ]
    return cells, top, left


def _at(table: list[list[str]], row: int, column: int) -> str:
    return table[row][column] if 0 <= row < len(table) and 0 <= column < len(table[row]) else ""


def _fill_merged(sheet: calamine.CalamineSheet, table: list[list[str]], top: int, left: int) -> None:
    """A cell merged over several rows says ditto in the further ones."""
    for (y1, x1), (y2, _) in (sheet.merged_cell_ranges or [])[:MOST_MERGED]:
        row, column = y1 - top, x1 - left
        if not (0 <= row < len(table) and 0 <= column < len(table[row])):
            continue
        for below in range(row + 1, min(y2 - top + 1, len(table)) if table[row][column] else 0):
            if column < len(table[below]) and not table[below][column]:
                table[below][column] = DITTO


def _text(value: Any, form: str | None) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown(value, form)
    if isinstance(value, datetime):
        text = day(value.date())
        return text if value.time() == time() else f"{text}{value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(value)


def known(data: bytes, sheets: Mapping[str, calamine.CalamineSheet], notes: list[str]) -> dict[str, Known]:
    """Number formats and formulas, by sheet. Only xlsx tells them; the library for values does not hand them on."""
    if not data.startswith(b"PK"):
        return {}
    if sum(sheet.height * sheet.width for sheet in sheets.values()) > MOST_FORMATTED:
        notes.append("表格很大，百分比等按原始数值读出")
        return {}
    found: dict[str, Known] = {}
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        for title in sheets:
            own = found[title] = Known()
            for row in islice(book[title].iter_rows(), MOST_ROWS):
                for cell in row:
                    _note(cell, own)
    except MemoryError:
        raise
    except Exception:  # the styles of some writers are beyond the library: the values stand without them
        notes.append("单元格格式没有读全，百分比等可能按原始数值读出")
    return found


def _note(cell: Any, own: Known) -> None:
    if cell.value is None:
        return
    place = (cell.row - 1, cell.column - 1)
    if cell.number_format and cell.number_format != "General":
        own.formats[place] = cell.number_format
    if cell.data_type == "f":
        own.formulas.add(place)
