"""Files, kept once under their SHA-256 below YIFA_DATA/attachments."""

from __future__ import annotations

import codecs
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from yifa.ledger.refusal import ActionRefused

LIMIT = 100 * 1024 * 1024
CHUNK = 1 << 20
HEAD = 4096

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # doc, xls, wps
)
ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"OFD.xml", "application/ofd"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that has been written."""

    sha256: str
    size: int
    media_type: str


def path_of(sha256: str) -> Path:
    """Where a file with this digest lies."""
    return Path(settings.ATTACHMENTS) / sha256[:2] / sha256


def media_type(head: bytes) -> str:
    """What a file is, from its first bytes; the name is not believed."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in ZIPPED if mark in head), "application/zip")
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(
                head
            )  # a character cut in two at the end is no fault
        except UnicodeDecodeError:
            continue
        return True
    return False


def write(content: bytes | BinaryIO) -> Stored:
    """Writes a file beside its place and moves it there when it is whole; a broken one leaves nothing.

    Raises:
        ActionRefused: it is empty or larger than LIMIT.
    """
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in _chunks(content):
                head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
                size += len(chunk)
                if size > LIMIT:
                    raise ActionRefused(
                        "附件超过 100 MB，没有存入。请压缩、拆分或只上传需要的部分。", code="too_large"
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if size == 0:
            raise ActionRefused("附件是空文件，没有存入。请检查文件后重新上传。", code="invalid")
        place = path_of(digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size, media_type(head))


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


def digest_of(path: Path) -> str:
    """The SHA-256 of a stored file as it lies there now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
