"""What a file is, judged by its content."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from yifa.reading.errors import ReadingError
from yifa.reading.load.apart import apart
from yifa.reading.load.archive import entries, markup_size
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.mime import is_mime
from yifa.reading.load.plain import load_plain
from yifa.reading.load.refusals import unsupported
from yifa.reading.load.word import load_word

Loader = Callable[[bytes, str], Loaded]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"\x7fELF", "程序"),
    (b"MZ", "程序"),
    (b"SQLite format 3", "数据库"),
)
BITMAP = re.compile(rb"BM.{4}\x00{4}", re.S)
PROGRAM = re.compile(rb"MZ.{2}[\x00-\x1f]", re.S)
TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table|span|article|section)\b", re.I)
XML = re.compile(rb"\s*<\?xml\b")
FLAT = (  # whole files in one XML, and what wrote them
    (b"schemas.microsoft.com/office/word/2003", "Word 2003 的 XML 文件"),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "Word 的单个 XML 文件"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "Excel 2003 的 XML 表格"),
    (b"urn:oasis:names:tc:opendocument", "OpenDocument 文件"),
)
AS_DOCX = "请在 Word 或 WPS 中打开，另存为 docx"
HEAD = 4096
PDF_WITHIN = 1024  # bytes before the mark that readers tolerate
PAGES = (".htm", ".html", ".xhtml", ".mht", ".mhtml", ".doc", ".docx")  # put into a Word file whole
SMALL_WORD = 2 * 1024 * 1024  # bytes of XML that are read at once, without a process of their own


def sniff(data: bytes, name: str) -> Loader:
    """The loader for these bytes; raises ReadingError for what cannot be read, saying how to convert it."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data, name)
    if data.startswith(OLE):
        return partial(apart, "ole")
    if b"%PDF-" in data[:PDF_WITHIN]:
        return partial(apart, "pdf")
    if data.startswith(b"{\\rtf"):
        raise unsupported(name, "RTF 文件", AS_DOCX)
    if what := foreign(data):
        raise ReadingError(
            f"「{name}」是{what}，读不出文字。请给出 docx、pdf、html 或 txt 文件。", code="binary"
        )
    if is_mime(data):
        return partial(apart, "mime")
    head = _head(data)
    if is_page(data):
        return partial(apart, "page")
    if XML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _flat(head, name)
    return load_plain


def _head(data: bytes) -> bytes:
    """The beginning, without what UTF-16 puts between letters."""
    return (data[: 2 * HEAD].replace(b"\x00", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data)[:HEAD]


def is_page(data: bytes) -> bool:
    """Whether the bytes are a web page, as systems hand out tables under the name of a spreadsheet."""
    head = _head(data)
    return len(TAG.findall(head)) >= 2 or bool(
        re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html)", head, re.I)
    )


def foreign(data: bytes) -> str:
    """What a file is that holds neither text nor a table; "" for all others."""
    return next((what for sign, what in OTHERS if data.startswith(sign) and _is_binary(data)), "")


def _is_binary(data: bytes) -> bool:
    """Two letters may begin a text too."""
    if data.startswith(b"BM"):
        return BITMAP.match(data) is not None
    return not data.startswith(b"MZ") or PROGRAM.match(data) is not None


def _flat(head: bytes, name: str) -> ReadingError:
    for sign, what in FLAT:
        if sign in head:
            return unsupported(name, what, AS_DOCX if "表格" not in what else "请另存为 xlsx")
    return ReadingError(
        f"「{name}」是 XML 数据文件，读不出文字。请给出 docx、pdf、html 或 txt 文件。",
        code="wrong_format",
    )


def _zip(data: bytes, name: str) -> Loader:
    found = entries(data, name)
    names = {entry.filename.replace("\\", "/") for entry in found}
    if "word/document.xml" in names:
        pages = any(item.lower().endswith(PAGES) for item in names)
        return partial(apart, "word") if pages or markup_size(found) > SMALL_WORD else load_word
    if any(item.startswith("xl/") for item in names):
        return partial(apart, "excel")
    if any(item.lower() == "ofd.xml" for item in names):
        return partial(apart, "ofd")
    if any(item.startswith("ppt/") for item in names):
        raise unsupported(name, "演示文稿", "请把文字另存为 docx 或 txt")
    if "mimetype" in names and "content.xml" in names:
        raise unsupported(name, "OpenDocument 文件", AS_DOCX)
    raise ReadingError(
        f"「{name}」是压缩包，不是 Word 文件。请解压后逐个给出其中的文件。", code="wrong_format"
    )
