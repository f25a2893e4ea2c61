"""Workbooks with the places of their cells, for those who read a table and not a text."""

from __future__ import annotations

import json

import python_calamine as calamine
from doc2docx.cfb import CompoundFile
from doc2docx.errors import Doc2DocxError

from yifa.reading.load import excel
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.refusals import encrypted

MOST_LISTED = 4_000_000  # cells of a list of records: a hundred thousand rows of forty columns
LOCKED = {"encryptedpackage", "encryptioninfo"}


def load_list(data: bytes, name: str) -> Loaded:
    """As `load_book`, for long lists of records."""
    return load_book(data, name, MOST_LISTED)


def load_book(data: bytes, name: str, most: int = excel.MOST_CELLS) -> Loaded:
    """The visible sheets as JSON: title, first row and column from 0, rows of texts, merged ranges."""
    _refuse_locked(data, name)
    sheets, notes = excel.opened(data, name, most)
    known = excel.known(data, sheets, notes)
    found = [_sheet(title, sheet, known.get(title, excel.NOTHING)) for title, sheet in sheets.items()]
    return Loaded(json.dumps(found), "book", None, tuple(notes))


def _refuse_locked(data: bytes, name: str) -> None:
    """A workbook locked with a password is an OLE file with other streams."""
    if data.startswith(b"PK"):
        return
    try:
        streams = {entry.path.casefold() for entry in CompoundFile(data).entries}
    except (Doc2DocxError, ValueError, IndexError, KeyError, RecursionError):
        return
    if streams & LOCKED:
        raise encrypted(name)


def _sheet(title: str, sheet: calamine.CalamineSheet, known: excel.Known) -> dict[str, object]:
    rows, top, left = excel.table(sheet, known)
    merged = [
        (y1 - top, x1 - left, y2 - top, x2 - left)
        for (y1, x1), (y2, x2) in (sheet.merged_cell_ranges or [])[: excel.MOST_MERGED]
    ]
    return {"title": title, "top": top, "left": left, "rows": rows, "merged": merged}
