"""Pages of a PDF as pictures, written without a library for pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

SCALE = 1.7  # pixels for each point: about 120 to the inch
GRAY, BITS = 0, 8


def pages_of(path: Path, most: int) -> Iterator[bytes]:
    """The first pages as grey PNG pictures; nothing where the file cannot be read."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in range(min(len(document), most)):
            bitmap = document[number].render(scale=SCALE, grayscale=True)
            yield gray_png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        document.close()


def gray_png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """A PNG picture of one byte a pixel."""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, BITS, GRAY, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
