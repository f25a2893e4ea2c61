"""What a coordinator gives: a file or a pasted text, read as a table or as running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yifa.planning.importing.columns import propose
from yifa.planning.importing.draft import Draft
from yifa.planning.importing.rows import draft_of_sheet
from yifa.planning.importing.texts import as_plan, draft_of
from yifa.reading import Document, read_bytes
from yifa.reading.citations import YEAR
from yifa.reading.errors import ReadingError
from yifa.reading.sheets import Sheet, is_tabular, is_workbook, read_sheets, text_sheets

AUTO, TABLE, TEXT = "", "table", "text"  # how to read
OWN_NUMBER = re.compile(  # on a line of its own, maybe with 签发人 behind a space
    rf"^[ \t\u3000]*(?:文\s?号\s*[:：]\s*)?([\u4e00-\u9fff]{{2,14}}{YEAR}\s?第?\s?\d{{1,5}}\s?号)(?=[ \t\u3000]|$)",
    re.M,
)
HEAD = 600  # characters in which a paper says its own number
SOME = 0.2  # share of the lines that are rows, for a text without items to be read as a table


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: a document, or sheets; with what could not be read."""

    name: str
    document: Document | None = None
    sheets: tuple[Sheet, ...] = ()
    notes: tuple[str, ...] = ()


def read_source(data: bytes, name: str, way: str = AUTO) -> Source:
    """Reads a file. `way` says whether it is a table or a text; AUTO finds out. Raises ReadingError."""
    if way != TEXT and is_workbook(data, name):
        sheets, notes = read_sheets(data, name)
        return Source(name, sheets=sheets, notes=notes)
    document = read_bytes(data, name)
    if way == TEXT or not _is_table(document, way):
        return Source(name, document=document)
    found = tuple(sheet for sheet in text_sheets(_raw(data, document), name) if sheet.rows)
    if not found:
        raise ReadingError(f"「{name}」里没有表格。请改选“按文字读”。", code="no_table")
    return Source(name, sheets=found)


def number_of(source: Source) -> str:
    """The document number that a paper bears above its text, without spaces; empty where it bears none."""
    if source.document is not None:
        text = source.document.text
    else:
        rows = (row for sheet in source.sheets for row in sheet.rows[:5])
        text = "\n".join(cell for row in rows for cell in row)
    found = OWN_NUMBER.search(text[:HEAD])
    return re.sub(r"\s", "", found[1]) if found else ""


def best_sheet(sheets: Sequence[Sheet]) -> int:
    """The index of the sheet whose head names most columns; of equal ones that with most rows."""
    known = {index: (len(propose(sheet).sure), len(sheet.rows), -index) for index, sheet in enumerate(sheets)}
    return max(known, key=lambda index: known[index])


def proposed_draft(source: Source, year: int) -> Draft:
    """The draft as it is read without anybody looking at it."""
    if source.document is not None:
        return draft_of(source.document, year)
    sheet = source.sheets[best_sheet(source.sheets)]
    return draft_of_sheet(sheet, propose(sheet), source.name, year)


def _is_table(document: Document, way: str) -> bool:
    """Whether to read rows: told so, a table in the main, or a table in a text without any item."""
    if way == TABLE or is_tabular(document.text):
        return True
    lines = [line.strip() for line in document.text.split("\n") if line.strip()]
    rows = sum("\t" in line for line in lines)
    return rows > 1 and rows >= SOME * len(lines) and not as_plan(document, document.year or 0).tasks


def _raw(data: bytes, document: Document) -> str:
    """The text with the quotation marks that spreadsheets put around cells of several lines."""
    if document.source.format != "txt":
        return document.text
    return data.decode(document.source.encoding or "utf-8", "replace").removeprefix("\ufeff")
