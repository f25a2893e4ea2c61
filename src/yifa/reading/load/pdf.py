"""PDF: the text layer of its pages, read by the places of the characters."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.printed import Page, Piece, text_of
from yifa.reading.load.refusals import damaged, encrypted, scanned, without_text
from yifa.reading.load.ruled import MOST_RULES, Rule, grids

MOST_PAGES = 3000
MOST_CHARACTERS = 6_000_000
FEWEST = 5  # characters on a page that has text
UNKNOWN = 0.3  # share of characters whose font does not say what they are
TILTED = 0.05  # radians: a watermark across the page
THIN = 3.0  # points: a filled rectangle up to this is a rule
MOST_SEGMENTS = 20_000

Box = tuple[float, float, float, float]  # left, top, right, bottom as seen


def load_pdf(data: bytes, name: str) -> Loaded:
    """The text of a PDF. A scanned one is refused; pages without text among others are named."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise encrypted(name) from error
        raise damaged(name, "PDF 阅读器") from error
    try:
        return _load(document, name)
    finally:
        document.close()


def _load(document: pdfium.PdfDocument, name: str) -> Loaded:
    if len(document) > MOST_PAGES:
        raise ReadingError(
            f"「{name}」有 {len(document)} 页，超过一次能读的 {MOST_PAGES} 页。请按篇拆开后再读。",
            code="too_large",
        )
    reader = _Reader(document, name)
    text, furniture = text_of(reader.pages())
    if reader.characters < FEWEST:
        raise scanned(name, "PDF") if reader.pictures else without_text(name)
    if reader.unknown > UNKNOWN * reader.characters:
        raise ReadingError(
            f"「{name}」的字体没有文字编码，读出来会是乱码。请用制作它的软件重新导出 PDF，或给出原来的 Word 文件。",
            code="encoding",
        )
    return Loaded(text, "pdf", None, reader.damage(len(document)), furniture)


class _Reader:
    """Goes through the pages once and notes what was not readable."""

    def __init__(self, document: pdfium.PdfDocument, name: str) -> None:
        self.document = document
        self.name = name
        self.characters = 0
        self.unknown = 0
        self.pictures: list[int] = []  # pages with a picture and no text
        self.broken: list[int] = []

    def pages(self) -> Iterator[Page]:
        """All pages that open."""
        for number in range(len(self.document)):
            try:
                page = self.document[number]
            except pdfium.PdfiumError:
                self.broken.append(number + 1)
                continue
            try:
                yield self._page(page, number)
            finally:
                page.close()

    def damage(self, total: int) -> tuple[str, ...]:
        """Pages that were not read, in Chinese."""
        notes = []
        for pages, why in ((self.pictures, "没有文字（可能是扫描的图片）"), (self.broken, "已损坏")):
            if pages:
                listed = "、".join(map(str, pages[:20])) + (" 等" if len(pages) > 20 else "")
                notes.append(f"共 {total} 页，第 {listed} 页{why}，没有读到")
        return tuple(notes)

    def _page(self, page: pdfium.PdfPage, number: int) -> Page:
        width, height = page.get_size()
        turn = _Turn(page.get_rotation(), width, height)
        pieces = self._pieces(page, turn)
        if len(pieces) < FEWEST and _has_picture(page):
            self.pictures.append(number + 1)
        found = grids(*_rules(page, turn)) if pieces else []
        return Page(width, height, pieces, found)

    def _pieces(self, page: pdfium.PdfPage, turn: _Turn) -> list[Piece]:
        textpage = page.get_textpage()
        try:
            count = textpage.count_chars()
            self.characters += max(count, 0)
            if self.characters > MOST_CHARACTERS:
                raise ReadingError(
                    f"「{self.name}」的文字超过一次能读的 {MOST_CHARACTERS} 字。请按篇拆开后再读。",
                    code="too_large",
                )
            return list(self._characters(textpage.raw, count, turn))
        finally:
            textpage.close()

    def _characters(self, textpage: object, count: int, turn: _Turn) -> Iterator[Piece]:
        x, y = ctypes.c_double(), ctypes.c_double()
        box = raw.FS_RECTF()
        high = 0
        for place in range(count):
            code = raw.FPDFText_GetUnicode(textpage, place)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = 0
            if code <= 0x20 or code in (0xA0, 0x3000, 0xFFFE, 0xAD):
                continue
            if code == 0xFFFD or 0xE000 <= code < 0xF900 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                self.unknown += 1
                continue
            angle = raw.FPDFText_GetCharAngle(textpage, place)
            if turn.tilted(angle):
                continue
            raw.FPDFText_GetCharOrigin(textpage, place, x, y)
            if not raw.FPDFText_GetLooseCharBox(textpage, place, box):
                continue
            left, _, right, _ = turn.box(box.left, box.bottom, box.right, box.top)
            high_, wide_ = abs(turn.across(box.left - box.right, box.top - box.bottom)), right - left
            size = (wide_ if code > 0x2E80 and wide_ > high_ / 2 else high_) or 1.0
            yield Piece(turn.point(x.value, y.value)[1], left, right, size, chr(code))


class _Turn:
    """Coordinates of a page as it is seen: y downward, the page's rotation undone."""

    def __init__(self, rotation: int, width: float, height: float) -> None:
        self.rotation = rotation % 360
        self.width, self.height = width, height  # as seen

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place of the page's own coordinates, seen."""
        if self.rotation == 90:
            return y, x
        if self.rotation == 180:
            return self.width - x, y
        if self.rotation == 270:
            return self.width - y, self.height - x
        return x, self.height - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Left, top, right and bottom of a box, seen."""
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def across(self, width: float, height: float) -> float:
        """The height of letters, seen."""
        return width if self.rotation in (90, 270) else height

    def tilted(self, angle: float) -> bool:
        """Whether letters with this angle are not level where the page is looked at."""
        if angle < 0:
            return False
        full = 6.283185307179586
        seen = (angle - self.rotation * full / 360) % full
        seen = min(seen, full - seen)
        other = (angle + self.rotation * full / 360) % full
        return min(seen, other, full - other) > TILTED


def _has_picture(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _rules(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical rules among the paths of a page."""
    across: list[Rule] = []
    down: list[Rule] = []
    budget = MOST_SEGMENTS
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        if len(across) + len(down) > MOST_RULES * 4 or budget <= 0:
            return [], []
        count = raw.FPDFPath_CountSegments(item.raw)
        budget -= max(count, 1)
        left, top, right, bottom = turn.box(*item.get_bounds())
        if bottom - top <= THIN or right - left <= THIN:
            _add((left, top, right, bottom), across, down)
        elif count <= 2000:
            for begin, end in _segments(item, count):
                (x1, y1), (x2, y2) = turn.point(*begin), turn.point(*end)
                _add((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), across, down)
    return across, down


def _add(box: Box, across: list[Rule], down: list[Rule]) -> None:
    left, top, right, bottom = box
    if bottom - top <= THIN < right - left:
        across.append(Rule((top + bottom) / 2, left, right))
    elif right - left <= THIN < bottom - top:
        down.append(Rule((left + right) / 2, top, bottom))


def _segments(
    item: pdfium.PdfObject, count: int
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for place in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.raw, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield here, point
        here = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield here, start
            here = start
