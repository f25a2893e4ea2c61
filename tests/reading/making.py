"""Small valid files of every format, made byte by byte: tests need no office software."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

import openpyxl
from doc2docx.cfb.container import CompoundFile
from docx import Document as new_docx

PAGE_WIDTH, PAGE_HEIGHT = 595, 842
EM = 16
LEFT, TOP, LEADING = 90, 740, 28
Placed = tuple[float, float, float, str]  # x, y from below, size, text


def pdf_of(pages: Iterable[Sequence[Placed]], rules: Sequence[str] = ()) -> bytes:
    """A PDF with its text placed as given; `rules` are drawing operators put on every page."""
    objects = [
        b"",  # catalog, pages: below
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    kids = []
    for page in pages:
        drawn = [
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in page
        ]
        stream = "\n".join([*rules, *drawn]).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (PAGE_WIDTH, PAGE_HEIGHT, len(objects))
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return _with_table(objects)


def _with_table(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def printed(paragraphs: Sequence[str], width: int = 26, lines: int = 22) -> list[list[Placed]]:
    """Paragraphs as an official paper prints them: indented by two, broken at `width` characters, on pages."""
    broken: list[tuple[float, str]] = []
    for paragraph in paragraphs:
        line = "\u3000\u3000"
        for word in re.findall(r"[^\W\u2e80-\uffff_]+|.", paragraph):  # a Latin word is not broken
            if len(line) + len(word) > width:
                broken.append(_begun(line))
                line = ""
            line += word
        broken.append(_begun(line))
    pages = []
    for first in range(0, len(broken), lines):
        pages.append(
            [
                (x, TOP - LEADING * place, EM, text)
                for place, (x, text) in enumerate(broken[first : first + lines])
            ]
        )
    return pages


def _begun(line: str) -> tuple[float, str]:
    """Where a line begins, and its letters."""
    bare = line.lstrip("\u3000")
    return LEFT + EM * (len(line) - len(bare)), bare


def ofd_of(pages: Iterable[Sequence[Placed]]) -> bytes:
    """An OFD file (GB/T 33190) with the same placing; millimetres there, from the top."""
    scale = 25.4 / 72
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {}
    listed = []
    for number, page in enumerate(pages):
        objects = []
        for place, (x, y, size, text) in enumerate(page):
            mm = size * scale
            top = (PAGE_HEIGHT - y) * scale - mm
            deltas = " ".join([f"{mm:.3f}"] * (len(text) - 1))
            objects.append(
                f'<ofd:TextObject ID="{number * 1000 + place + 10}" Boundary="{x * scale:.3f} {top:.3f}'
                f' {mm * len(text):.3f} {mm * 1.3:.3f}" Font="3" Size="{mm:.3f}">'
                f'<ofd:TextCode X="0" Y="{mm:.3f}" DeltaX="{deltas}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
            )
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="{number + 2}">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
        )
        listed.append(f'<ofd:Page ID="{number + 1}" BaseLoc="Pages/Page_{number}/Content.xml"/>')
    parts["OFD.xml"] = (
        f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    parts["Doc_0/Document.xml"] = (
        f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        f"<ofd:Pages>{''.join(listed)}</ofd:Pages></ofd:Document>"
    )
    return zip_of({name: content.encode() for name, content in parts.items()})


def zip_of(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts, in order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx_of(*paragraphs: str) -> bytes:
    """A Word file of plain paragraphs."""
    document = new_docx()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a python-docx document or an openpyxl workbook."""
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def xlsx_of(rows: Iterable[Sequence[object]], title: str = "Sheet1") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(book)


def ole_of(**streams: bytes) -> bytes:
    """A compound file with these streams below its root, each at least of the size that is kept in sectors."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    size = 512
    chains = [streams[name].ljust(4096, b"\x00") for name in names]
    chains = [content.ljust(-(-len(content) // size) * size, b"\x00") for content in chains]
    directory = [_entry("Root Entry", 5, child=1, start=0xFFFFFFFE, length=0)]
    fat = [0xFFFFFFFD]
    body = b""
    for place, (name, content) in enumerate(zip(names, chains, strict=True)):
        first, count = len(fat), len(content) // size
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        last = place == len(names) - 1
        following = 0xFFFFFFFF if last else place + 2
        directory.append(_entry(name, 2, right=following, start=first, length=len(content)))
        body += content
    directory += [b"\x00" * 128] * (-len(directory) % 4)
    first, count = len(fat), len(directory) // 4
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    assert len(fat) <= 128, "one sector of the allocation table is enough for a test"
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    head = head.ljust(512, b"\xff")
    data = head + table + body + b"".join(directory)
    CompoundFile(data)  # it must be a valid one
    return data


def _entry(
    name: str, kind: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF, start: int, length: int
) -> bytes:
    encoded = (name + "\x00").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, length)
    )


def xls_of(rows: Sequence[Sequence[str | float]], title: str = "Sheet1") -> bytes:
    """A workbook of Excel 97 with one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def text(value: str, wide: str = "<H") -> bytes:
        return struct.pack(wide, len(value)) + b"\x01" + value.encode("utf-16-le")

    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    end = record(0x000A, b"")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                sheet += record(0x0204, struct.pack("<HHH", y, x, 0) + text(value))
            else:
                sheet += record(0x0203, struct.pack("<HHHd", y, x, 0, value))
    place = len(begin) + 4 + 6 + len(text(title, "<B")) + len(end)
    bound = record(0x0085, struct.pack("<IBB", place, 0, 0) + text(title, "<B"))
    return ole_of(Workbook=begin + bound + end + sheet + end)


def doc_of(text: str) -> bytes:
    """A document of Word 97: its information block and one piece of text, a paragraph a line."""
    body = (text.replace("\n", "\r") + "\r").encode("utf-16-le")
    length = len(body) // 2
    start = 1024
    base = struct.pack(
        "<7HIBB2H2I",
        0xA5EC,
        0x00C1,
        0,
        0x0804,
        0,
        0x1200,
        0x00BF,
        0,
        0,
        0,
        0,
        0,
        start,
        start + len(body),
    )
    words = struct.pack("<H14H", 14, *[0] * 13, 0x0804)
    longs = struct.pack("<H22I", 22, start + len(body), 0, 0, length, *[0] * 18)
    pieces = struct.pack("<II", 0, length) + struct.pack("<HIH", 0, start, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    pairs = [(0, 0)] * 93
    pairs[33] = (0, len(clx))
    block = (
        base + words + longs + struct.pack("<H", 93) + b"".join(struct.pack("<II", *pair) for pair in pairs)
    )
    block += struct.pack("<H", 0)
    return ole_of(WordDocument=block.ljust(start, b"\x00") + body, **{"1Table": clx})
