"""Cells and rows of a table in a Word file."""

from __future__ import annotations

import re
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from yifa.papers.layout import (
    CELL,
    CELL_SIZE,
    set_font,
)
from yifa.papers.struck import Struck

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _UNPRINTABLE.sub("", text)


def fill(cell: Any, text: str | Struck, *, head: bool, centred: bool = False) -> None:
    """Write into an empty cell; what was struck out stays struck out."""
    paragraph = cell.paragraphs[0]
    paragraph.style = CELL
    struck = isinstance(text, Struck)
    run = paragraph.add_run(clean(text.text if isinstance(text, Struck) else text))
    run.font.strike = struck or None
    if head:
        set_font(run, "黑体", CELL_SIZE)
    if head or centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def keep_whole(row: object) -> None:
    """A row is not cut by the end of a page."""
    _row_property(row, "w:cantSplit")


def repeat(row: object) -> None:
    """The row stands again on each page the table goes on."""
    _row_property(row, "w:tblHeader")


def _row_property(row: object, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(element)  # type: ignore[attr-defined]  # python-docx has no types
