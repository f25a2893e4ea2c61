"""From bytes to the decoded source, by content and not by file name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.sniff import sniff

__all__ = ["LARGEST_FILE", "Loaded", "bytes_of", "load", "load_file"]

LARGEST_FILE = 64 * 1024 * 1024  # bytes; a report with pictures in docx is rarely above 20 MB


def load_file(path: Path) -> tuple[Loaded, str]:
    """What a file holds, and the SHA-256 of its bytes."""
    data = bytes_of(path)
    return load(data, str(path)), hashlib.sha256(data).hexdigest()


def bytes_of(path: Path) -> bytes:
    """The content of a file. One too large is refused before it is read. Raises ReadingError."""
    try:
        if path.is_dir():
            raise ReadingError(f"「{path}」是文件夹，不是文件。请给出文件夹里的文件。", code="missing")
        _refuse_large(path.stat().st_size, str(path))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else "打不开"
        raise ReadingError(f"「{path}」{reason}。请核对路径和权限。", code="missing") from error


def load(data: bytes, name: str) -> Loaded:
    """What the bytes hold; `name` is only for messages."""
    _refuse_large(len(data), name)
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadingError(f"「{name}」是空文件。请检查文件是否保存完整。", code="empty")
    return sniff(data, name)(data, name)


def _refuse_large(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        megabytes = -(-size // (1024 * 1024))
        limit = LARGEST_FILE // (1024 * 1024)
        raise ReadingError(
            f"「{name}」有 {megabytes} MB，超过 {limit} MB，不像一份报告。请压缩其中的图片，或另存为纯文本后再读。",
            code="too_large",
        )
