"""A workbook of the format of 1997 (xls, et), written by hand: one stream in a compound file, text cells, merged ranges."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _sheet(rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]]) -> bytes:
    found = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    width = max(map(len, rows))
    found += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text:
                coded = text.encode("utf-16-le")
                found += _record(0x0204, struct.pack("<HHHHB", y, x, 0, len(text), 1) + coded)
    if merged:
        ranges = b"".join(struct.pack("<HHHH", y1, y2, x1, x2) for y1, x1, y2, x2 in merged)
        found += _record(0x00E5, struct.pack("<H", len(merged)) + ranges)
    return found + _record(0x000A, b"")


def _workbook(title: str, sheet: bytes) -> bytes:
    name = title.encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += _record(0x0042, struct.pack("<H", 1200))
    head = len(begin) + 4 + 8 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", head, 0, 0, len(title), 1) + name)
    return begin + bound + _record(0x000A, b"") + sheet


def old_book(
    rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]] = (), title: str = "任务"
) -> bytes:
    """The bytes of a workbook of one sheet. `merged`: first row, first column, last row, last column, from 0."""
    stream = _workbook(title, _sheet(rows, merged))
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\x00")
    many = len(stream) // SECTOR
    chain = [FAT, END, *(place + 3 for place in range(many - 1)), END]
    chain += [FREE] * (SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    entries = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    return header + struct.pack("<128I", *chain) + entries.ljust(SECTOR, b"\x00") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    coded = (name + "\x00").encode("utf-16-le")
    head = coded.ljust(64, b"\x00") + struct.pack("<HBBIII", len(coded), kind, 1, FREE, FREE, child)
    return head + b"\x00" * 36 + struct.pack("<IQ", start, size)
