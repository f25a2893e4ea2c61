"""Word documents (docx): paragraphs in order, with automatic numbers as text, tables and text boxes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.numbering import Numbering

LARGEST_UNPACKED = 256 * 1024 * 1024
LARGEST_PART = 48 * 1024 * 1024  # word/document.xml of 5 million characters is about 40 MB
MOST_PARTS = 10_000
LONGEST_TITLE = 100
NO_TITLE = re.compile(r"。|日\s*$")  # a sentence, or a signature that ends with its date
SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:fldData"), qn("w:pPr"), qn("w:rPr")}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def zip_names(data: bytes, name: str) -> list[str]:
    """The names in a zip file, after a look at its sizes; raises ReadingError for a broken, locked or swollen one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError, OverflowError) as error:
        raise _damaged(name) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadingError(f"「{name}」加了密码，无法读取。请取消密码后再读。", code="encrypted")
    unpacked = sum(entry.file_size for entry in entries)
    large = any(
        entry.file_size > LARGEST_PART for entry in entries if entry.filename.endswith((".xml", ".rels"))
    )
    if unpacked > LARGEST_UNPACKED or large or len(entries) > MOST_PARTS:
        raise ReadingError(
            f"「{name}」解压后有 {unpacked // (1024 * 1024)} MB，大得不正常，没有打开。请另存为新的 docx 或纯文本后再读。",
            code="too_large",
        )
    return [entry.filename for entry in entries]


def load_word(data: bytes, name: str) -> Loaded:
    """The text of a Word document, one paragraph a line, the cells of a table row divided by tabs."""
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        numbering = Numbering.of(document)
        text = "\n".join(_blocks(body, numbering)) if body is not None else ""
    except (
        KeyError, ValueError, AttributeError, TypeError, IndexError, OSError, NotImplementedError, EOFError,
        RecursionError, zipfile.BadZipFile, zlib.error, etree.LxmlError, AssertionError,
    ) as error:  # fmt: skip
        raise _damaged(name) from error
    if not text.strip():
        raise ReadingError(f"「{name}」里没有文字（可能只有图片）。请给出能选中文字的文件。", code="no_body")
    return Loaded(text, "docx", None)


def _damaged(name: str) -> ReadingError:
    return ReadingError(
        f"「{name}」已损坏，打不开。请在 Word 或 WPS 中打开修复，另存为 docx 后再读。", code="damaged"
    )


def _blocks(container: Any, numbering: Numbering) -> Iterator[str]:
    for child in container:
        if child.tag == qn("w:p"):
            yield from _paragraph(child, numbering)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, numbering)
        elif child.tag in (qn("w:sdt"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml"), qn("w:sdtContent")):
            yield from _blocks(child, numbering)


def _paragraph(paragraph: Any, numbering: Numbering) -> Iterator[str]:
    text = "".join(_runs(paragraph))
    number = numbering.next(paragraph) if text.strip() else ""
    if _broken_title(paragraph, text):
        text = "".join(line.strip() for line in text.split("\n"))
    yield from (number + text).split("\n")
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(parent.tag == FALLBACK for parent in box.iterancestors()):
            yield from _blocks(box, numbering)


def _broken_title(paragraph: Any, text: str) -> bool:
    """Whether it is one centred title set on several lines by line breaks, as long titles of documents are."""
    alignment = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    centred = alignment is not None and alignment.get(qn("w:val")) == "center"
    return centred and "\n" in text and len(text) <= LONGEST_TITLE and not NO_TITLE.search(text)


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == qn("w:t"):
            yield child.text or ""
        elif tag == qn("w:tab"):
            yield "\t"
        elif tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif tag == qn("w:noBreakHyphen"):
            yield "-"
        elif tag in SKIPPED or tag in (qn("w:drawing"), qn("w:pict"), qn("w:object"), FALLBACK):
            continue
        elif isinstance(tag, str):
            yield from _runs(child)


def _table(table: Any, numbering: Numbering) -> Iterator[str]:
    for row in table.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not table:
            continue
        cells = []
        for cell in row:
            if cell.tag == qn("w:tc"):
                cells.append(" ".join(line.strip() for line in _blocks(cell, numbering) if line.strip()))
        if any(cells):
            yield "\t".join(cells)
