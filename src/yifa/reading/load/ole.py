"""OLE compound files: Word 97-2003 (doc, wps), Excel 97-2003 (xls, et), and Office files locked with a password."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from doc2docx import convert
from doc2docx.cfb import CompoundFile
from doc2docx.errors import Doc2DocxError, EncryptedDocumentError

from yifa.reading.errors import ReadingError
from yifa.reading.load.excel import load_excel
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.refusals import damaged, encrypted, unsupported
from yifa.reading.load.word import load_word

LOCKED = {"encryptedpackage", "encryptioninfo"}
BOOKS = {"workbook", "book"}


def load_ole(data: bytes, name: str) -> Loaded:
    """What the file's own streams say it is; not what is embedded in it."""
    try:
        streams = {entry.path.casefold() for entry in CompoundFile(data).entries}
    except (Doc2DocxError, ValueError, IndexError, KeyError, RecursionError) as error:
        raise damaged(name) from error
    if streams & LOCKED:
        raise encrypted(name)
    if "worddocument" in streams:
        return _load_doc(data, name)
    if streams & BOOKS:
        return load_excel(data, name)
    if "powerpoint document" in streams:
        raise unsupported(name, "演示文稿", "请把文字另存为 docx 或 txt")
    raise unsupported(name, "旧版 Office 或 WPS 文件", "请在 Word 或 WPS 中打开，另存为 docx")


def _load_doc(data: bytes, name: str) -> Loaded:
    """The library writes files only: the conversion goes through a folder that vanishes with it."""
    with tempfile.TemporaryDirectory(prefix="yifa-doc-") as folder:
        source, target = Path(folder) / "a.doc", Path(folder) / "a.docx"
        source.write_bytes(data)
        try:
            convert(source, target)
        except EncryptedDocumentError as error:
            raise encrypted(name) from error
        except ReadingError:
            raise
        except MemoryError:
            raise
        except Exception as error:
            raise ReadingError(
                f"「{name}」是旧版 Word（doc）文件，结构特殊或已损坏，没有读成。"
                "请在 Word 或 WPS 中打开，另存为 docx 后再读。",
                code="damaged",
            ) from error
        return replace(load_word(target.read_bytes(), name), format="doc")
