"""A Word file that comes back: the words by which it is known again, and its text as it stands there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError


def mark_of(content: bytes, kind: str) -> str | None:
    """What `OfficialPaper.mark` wrote, without its kind; None where it is no Word file or bears none of that kind."""
    document = _opened(content)
    found = (document.core_properties.identifier or "") if document is not None else ""
    return found.removeprefix(f"{kind}:") if found.startswith(f"{kind}:") else None


def word_text(content: bytes) -> str:
    """The paragraphs of a Word file, those of cells too, a line each; nothing where it is no Word file."""
    document = _opened(content)
    return "\n".join(paragraph.text for paragraph in paragraphs(document)) if document is not None else ""


def word_rows(content: bytes) -> str:
    """The text of a Word file to be read by people: of a table a line each row, what stands in its cells apart by a
    wide space; nothing where it is no Word file.
    """
    document = _opened(content)
    blocks = document.iter_inner_content() if document is not None else ()
    lines = (line for block in blocks for line in (_rows(block) if hasattr(block, "rows") else [block.text]))
    return "\n".join(line for line in lines if line.strip())


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells = {cell._tc: cell.text.strip("\n") for cell in row.cells}  # merged cells once
        yield "\u3000".join(cells.values())


def paragraphs(document: Any) -> Iterator[Any]:
    """All paragraphs in the order of the file, those of tables too, merged cells once."""
    for block in document.iter_inner_content():
        if not hasattr(block, "rows"):
            yield block
            continue
        seen: set[Any] = set()
        for row in block.rows:
            for cell in row.cells:
                if cell._tc not in seen:
                    seen.add(cell._tc)
                    yield from cell.paragraphs


def _opened(content: bytes) -> Any | None:
    try:
        return docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return None
