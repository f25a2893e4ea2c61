"""Rows as files: with commas, or as an Excel file that is written to the disk and streamed from there."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from yifa.papers.sheets import MEDIA_TYPE, Column, write_sheet


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A list with commas, in UTF-8 with a mark so that Excel and WPS read the Chinese; nothing is held."""
    writer = csv.writer(_Echo())
    lines = chain([heads], rows)
    text = (writer.writerow([_as_text(value) for value in line]) for line in lines)
    response = StreamingHttpResponse(chain(["\ufeff"], text), content_type="text/csv; charset=utf-8")
    name = f"{title}_{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _as_text(value: Any) -> str:
    """A value without what a spreadsheet would take for a formula."""
    text = "" if value is None else "是" if value is True else "否" if value is False else str(value)
    return (
        f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )


def sheet_response(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[tuple[str, Any]] = ()
) -> FileResponse:
    """An Excel file, written row by row to the disk and streamed from there; `about` goes into a second sheet."""
    columns = [Column(head) for head in heads]
    return excel_response(title, lambda target: write_sheet(target, title, columns, rows, about))


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_response(title: str, write: Callable[[Path], None]) -> HttpResponse:
    """A Word file, written and sent."""
    with tempfile.TemporaryDirectory(prefix="yifa-word-") as folder:
        path = Path(folder) / "paper.docx"
        write(path)
        response = HttpResponse(path.read_bytes(), content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.docx')}"
    return response


def excel_response(title: str, write: Callable[[IO[bytes]], None]) -> FileResponse:
    """An Excel file that is written to the disk and streamed from there."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(target)
    target.seek(0)
    name = f"{title}_{timezone.localdate():%Y%m%d}.xlsx"
    response = FileResponse(target, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
