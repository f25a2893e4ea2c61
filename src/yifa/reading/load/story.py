"""One story of a Word document (body, header, note) as lines: paragraphs, table rows, text boxes, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from yifa.reading.load.numbering import OFF, Numbering
from yifa.reading.load.package import R, W
from yifa.reading.load.ruled import DITTO, blank_row

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
LONGEST_TITLE = 100
NO_TITLE = re.compile(r"。|日\s*$")  # a sentence, or a signature that ends with its date
MOST_LAYOUT_ROWS, PAGE_PARAGRAPHS, PAGE_LENGTH = 2, 5, 300
WIDEST_SPAN = 63  # columns of a table in Word
TRANSPARENT = {
    f"{W}{tag}"
    for tag in (
        "ins",
        "moveTo",
        "smartTag",
        "customXml",
        "sdtContent",
        "hyperlink",
        "bdo",
        "dir",
        "fldSimple",
    )
}
SKIPPED = {
    f"{MC}Fallback",
    *(
        f"{W}{tag}"
        for tag in ("del", "moveFrom", "instrText", "delInstrText", "delText", "fldData", "softHyphen")
    ),
    *(f"{W}{tag}" for tag in ("pPr", "rPr", "sdtPr", "rt", "tblPr", "trPr", "tcPr")),
}
SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DRAWN = {f"{W}drawing", f"{W}pict", f"{W}object"}
EMBEDDED = ("/chart", "/diagram")  # namespaces whose text stands in other parts

Chunk = Callable[[str], str | None]
ChartReader = Callable[[str], list[str] | None]


class Story:
    """Walks through the elements once, in order."""

    def __init__(
        self,
        numbering: Numbering | None = None,
        notes: Mapping[tuple[str, str], Any] | None = None,
        contents: frozenset[str] = frozenset(),
        chunk: Chunk | None = None,
        chart: ChartReader | None = None,
    ) -> None:
        self.numbering = numbering or Numbering()
        self.notes = dict(notes or {})
        self.contents = contents
        self.chunk, self.chart = chunk, chart
        self.objects = 0
        self.lost_chunks = 0
        self._called: list[Any] = []  # notes called in the paragraph or row being read
        self._boxes: list[Any] = []  # text boxes anchored in it
        self._carried = ""  # text of a paragraph whose mark was deleted: it runs on into the next

    def blocks(self, container: Any) -> Iterator[str]:
        """The lines of a container of paragraphs and tables."""
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                yield from self._paragraph(child)
            elif tag == f"{W}tbl":
                yield from self._table(child)
            elif tag == f"{W}sdt":
                if not _is_contents(child):
                    yield from self.blocks(child)
            elif tag in TRANSPARENT:
                yield from self.blocks(child)
            elif tag == f"{MC}AlternateContent":
                branch = next(iter(child), None)
                if branch is not None:
                    yield from self.blocks(branch)
            elif tag == f"{W}altChunk":
                yield from self._put_in(child)

    def _put_in(self, element: Any) -> Iterator[str]:
        text = self.chunk(element.get(f"{R}id", "")) if self.chunk else None
        if text is None:
            self.lost_chunks += 1
        else:
            yield from text.split("\n")

    # Paragraphs

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        properties = paragraph.find(f"{W}pPr")
        if self._in_contents(properties):
            return
        outer, self._boxes = self._boxes, []
        text = "".join(self._runs(paragraph))
        boxes, self._boxes = self._boxes, outer
        if _broken_title(properties, text):
            text = "".join(line.strip() for line in text.split("\n"))
        if _mark_deleted(properties):
            self._carried += text
        else:
            text, self._carried = self._carried + text, ""
            number = self.numbering.next(paragraph) if text.strip() else ""
            blank = " " if number.endswith(".") and text.lstrip()[:1].isdigit() else ""
            yield from (number + blank + text).split("\n")
        for box in boxes:
            yield from self.blocks(box)
        yield from self._footnotes()

    def _in_contents(self, properties: Any | None) -> bool:
        style = properties.find(f"{W}pStyle") if properties is not None else None
        return style is not None and style.get(f"{W}val") in self.contents

    def _runs(self, element: Any) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in (f"{W}t", f"{MATH}t"):
                yield child.text or ""
            elif tag == f"{W}r":
                if not _hidden(child):
                    yield from self._runs(child)
            elif tag in SIGNS:
                yield SIGNS[tag]
            elif tag in DRAWN:
                self._drawn(child)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                note = self.notes.pop(
                    (tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id", "")), None
                )
                if note is not None:
                    self._called.append(note)
            elif tag == f"{MC}AlternateContent":
                yield from self._alternative(child)
            elif tag not in SKIPPED and isinstance(tag, str):
                yield from self._runs(child)

    def _alternative(self, element: Any) -> Iterator[str]:
        """The first branch that says something: all branches say the same."""
        for branch in element:
            before = len(self._boxes)
            found = "".join(self._runs(branch))
            if found or len(self._boxes) > before:
                yield found
                return

    def _drawn(self, element: Any) -> None:
        """Text boxes and word art of a drawing, without those inside a text box: they come with it."""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag == f"{MC}Fallback":
                continue
            if tag == f"{W}txbxContent":
                self._boxes.append(child)
            elif tag == f"{VML}textpath" and child.get("string", "").strip():
                self._boxes.append(_as_paragraphs([child.get("string", "")]))
            elif tag.endswith("}graphicData") and _embeds(child):
                rows = self._charted(child)
                if rows:
                    self._boxes.append(_as_paragraphs(rows))
                else:
                    self.objects += 1
            elif tag == f"{OFFICE}OLEObject":
                self.objects += 1
            else:
                self._drawn(child)

    def _charted(self, data: Any) -> list[str] | None:
        """The rows of a chart in a drawing."""
        place = next((child for child in data if child.get(f"{R}id")), None)
        return self.chart(place.get(f"{R}id")) if self.chart and place is not None else None

    def _footnotes(self) -> Iterator[str]:
        """The notes called in what was just read, each on a line of its own."""
        called, self._called = self._called, []
        for note in called:
            text = " ".join(line.strip() for line in self.blocks(note) if line.strip())
            if text:
                yield f"注：{text}"

    # Tables

    def _table(self, table: Any) -> Iterator[str]:
        above: dict[int, bool] = {}  # by column: whether the cell that may go on below says something
        rows = list(_children(table, f"{W}tr"))
        for row in rows:
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            called, self._called = self._called, []
            cells, whole = self._row(row, above, lays_out=len(rows) <= MOST_LAYOUT_ROWS)
            if whole is not None:
                yield from whole
            elif not blank_row(cells):
                yield "\t".join(cells).rstrip("\t")
            self._called = called + self._called
            yield from self._footnotes()

    def _row(self, row: Any, above: dict[int, bool], *, lays_out: bool) -> tuple[list[str], list[str] | None]:
        """The cells by column; for a row that is one cell, or that lays out a page, its paragraphs too."""
        cells = [""] * _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
        paragraphs: list[list[str]] = []
        for cell in _children(row, f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            span = _count(properties.find(f"{W}gridSpan") if properties is not None else None, 1)
            lines = [line.strip() for line in self.blocks(cell) if line.strip()]
            text = " ".join(line.replace("\t", " ") for line in lines)
            if merge is not None and merge.get(f"{W}val") != "restart":
                text = text or (DITTO if above.get(len(cells)) else "")
            else:
                above[len(cells)] = bool(text)
                paragraphs.append(lines)
            cells += [text, *[""] * (span - 1)]
        alone = len(paragraphs) == 1 and len([text for text in cells if text]) == 1 and len(paragraphs[0]) > 1
        if lays_out and any(map(_is_page, paragraphs)):
            return cells, [line for lines in paragraphs for line in lines]
        return cells, paragraphs[0] if alone else None


def _is_page(lines: list[str]) -> bool:
    """Whether a cell holds a text, not an entry: its table only lays out the page."""
    return len(lines) >= PAGE_PARAGRAPHS and sum(map(len, lines)) >= PAGE_LENGTH


def _children(parent: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in TRANSPARENT or child.tag == f"{W}sdt":
            yield from _children(child, wanted)


def _count(element: Any | None, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), WIDEST_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else default


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in OFF


def _mark_deleted(properties: Any | None) -> bool:
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "contents" in gallery.get(f"{W}val", "").casefold()


def _embeds(data: Any) -> bool:
    return str(data.get("uri", "")).endswith(EMBEDDED)


def _as_paragraphs(lines: Sequence[str]) -> Any:
    """Word art or the rows of a chart as a container of paragraphs."""
    container = etree.Element(f"{W}txbxContent")
    for line in lines:
        run = etree.SubElement(etree.SubElement(container, f"{W}p"), f"{W}r")
        etree.SubElement(run, f"{W}t").text = line
    return container


def _broken_title(properties: Any | None, text: str) -> bool:
    """Whether it is one centred title set on several lines by line breaks, as long titles of documents are."""
    alignment = properties.find(f"{W}jc") if properties is not None else None
    centred = alignment is not None and alignment.get(f"{W}val") == "center"
    return centred and "\n" in text and len(text) <= LONGEST_TITLE and not NO_TITLE.search(text)
