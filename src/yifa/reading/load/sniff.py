"""What a file is, judged by its content."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.page import load_page
from yifa.reading.load.plain import load_plain
from yifa.reading.load.word import load_word, zip_names

Loader = Callable[[bytes, str], Loaded]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库"),
)
TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table|span|article|section)\b", re.I)


def sniff(data: bytes, name: str) -> Loader:
    """The loader for these bytes; raises ReadingError for what cannot be read yet, saying how to convert it."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data, name)
    if data.startswith(OLE):
        _ole(data, name)
    if data.lstrip()[:5] == b"%PDF-":
        if b"/Encrypt" in data:
            raise _encrypted(name)
        raise _unsupported(name, "PDF 文件", "请在 Word 或 WPS 中打开，另存为 docx，或把文字复制到文本文件")
    if data.startswith(b"{\\rtf"):
        raise _unsupported(name, "RTF 文件", "请在 Word 或 WPS 中打开，另存为 docx")
    for sign, what in OTHERS:
        if data.startswith(sign):
            raise ReadingError(
                f"「{name}」是{what}，不是报告的文字。请给出 docx、html 或 txt 文件。", code="binary"
            )
    plain = data.replace(b"\x00", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    head = plain[:4096]
    if len(TAG.findall(head)) >= 2 or re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html)", head, re.I):
        return load_page
    return load_plain


def _zip(data: bytes, name: str) -> Loader:
    names = zip_names(data, name)
    if "word/document.xml" in names:
        return load_word
    if any(item.startswith("xl/") for item in names):
        raise _unsupported(name, "Excel 表格", "请把要检查的文字另存为 docx 或 txt")
    if any(item.lower().endswith("ofd.xml") for item in names):
        raise _unsupported(name, "OFD 版式文件", "请用阅读器导出为 docx，或把文字复制到文本文件")
    if any(item.startswith("ppt/") for item in names):
        raise _unsupported(name, "演示文稿", "请把文字另存为 docx 或 txt")
    raise ReadingError(
        f"「{name}」是压缩包，不是 Word 文件。请解压后逐个给出其中的文件。", code="wrong_format"
    )


def _ole(data: bytes, name: str) -> NoReturn:
    def holds(word: str) -> bool:
        return word.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise _encrypted(name)
    if holds("WordDocument"):
        raise _unsupported(name, "旧版 Word（doc）文件", "请在 Word 或 WPS 中打开，另存为 docx")
    if holds("Workbook") or holds("Book"):
        raise _unsupported(name, "旧版 Excel（xls）表格", "请把要检查的文字另存为 docx 或 txt")
    raise _unsupported(name, "旧版 Office 或 WPS 文件", "请在 Word 或 WPS 中打开，另存为 docx")


def _encrypted(name: str) -> ReadingError:
    return ReadingError(
        f"「{name}」加了密码，无法读取。请在 Word 或 WPS 中取消密码保护，另存后再读。", code="encrypted"
    )


def _unsupported(name: str, what: str, how: str) -> ReadingError:
    return ReadingError(f"「{name}」是{what}，现在还不能直接读。{how}，再读。", code="unsupported")
