"""A Word file in the layout of official documents, filled from top to bottom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.shared import Emu, Mm, Pt

from yifa.papers.cells import clean, fill, keep_whole, repeat
from yifa.papers.charts import Chart, add_chart
from yifa.papers.contents import bookmark, page_of
from yifa.papers.layout import (
    BODY,
    BODY_SIZE,
    CELL,
    CELL_SIZE,
    CHARACTER,
    HEADING_FONTS,
    TITLE,
    lay_out,
    no_indent,
    set_font,
)
from yifa.papers.struck import Struck
from yifa.papers.titles import title_lines, width
from yifa.papers.writing import written_whole

SEAL = "（印章）"
PICTURE_HEIGHT = Mm(200)
FORM_ROW = Mm(10)  # the least height of a row of a form
LINE_WIDTH = 156  # mm between the margins
SHORT_TABLE = 8  # rows, with the head, that stay together


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that stand out in a paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class RunIn:
    """The number and title of an item in the font of their heading, the words going on behind them."""

    text: str
    level: int = 2


class OfficialPaper:
    """A Word file of GB/T 9704-2012: A4, 22 lines of 28 characters, page numbers outside."""

    def __init__(self, title: str, author: str) -> None:
        self._document = docx.Document()
        lay_out(self._document)
        self._line_width: float = LINE_WIDTH
        self._names = 0  # titles that the contents find
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = (
            clean(title)[:255],
            clean(author)[:255],
            "zh-CN",
        )

    def title(self, text: str, *, new_page: bool = False, note: str = "", name: str = "") -> None:
        """The title, one paragraph; too long for a line it is broken where words end, lines about equally long.

        `note` stands below it, e.g. 「（草稿）」. By `name` the contents find its page.
        """
        paragraph = self._document.add_paragraph(style=TITLE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if new_page:
            paragraph.paragraph_format.page_break_before = True
        for index, line in enumerate(title_lines(clean(text))):
            if index:
                paragraph.add_run().add_break()
            paragraph.add_run(line)
        if name:
            self._names += 1
            bookmark(paragraph, name, self._names)
        if note:
            set_font(self._centred(note).runs[0], HEADING_FONTS[2], BODY_SIZE)
        self._document.add_paragraph("", style=BODY)

    def mark(self, text: str) -> None:
        """Words by which the file is known again when it comes back; nobody sees them on the page."""
        self._document.core_properties.identifier = clean(text)[:255]

    def number(self, text: str) -> None:
        """The number of the document, in the middle above its title."""
        self._centred(text)
        self._document.add_paragraph("", style=BODY)

    def _centred(self, text: str) -> Any:
        paragraph = self._document.add_paragraph(clean(text), style=BODY)
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        no_indent(paragraph)
        return paragraph

    def annexes(self, titles: Sequence[str]) -> None:
        """The list of annexes, an empty line below the text."""
        self._document.add_paragraph("", style=BODY)
        for place, title in enumerate(titles, 1):
            named = title if len(titles) == 1 else f"{place}.{title}"
            self._document.add_paragraph(clean(f"{'附件：' if place == 1 else '　　　'}{named}"), style=BODY)

    def annex(self, title: str, *, landscape: bool = False) -> None:
        """An annex on a new page: its mark at the left edge, its title. With `landscape` the page lies."""
        if landscape:
            self.landscape()
        mark = self._document.add_paragraph(style=BODY)
        no_indent(mark)
        mark.paragraph_format.page_break_before = not landscape
        set_font(mark.add_run("附件"), HEADING_FONTS[1], BODY_SIZE)
        self._document.add_paragraph("", style=BODY)
        self.title(title)

    def landscape(self) -> None:
        """The pages from here lie; their binding edge is above. Asked first, all do."""
        begun = self._document.paragraphs or self._document.tables
        section = self._document.add_section(WD_SECTION.NEW_PAGE) if begun else self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(35), Mm(37)
        section.footer_distance = Mm(14)
        self._line_width = 297 - 35 - 37

    def heading(self, level: int, text: str) -> None:
        """A heading with its number already in it; levels below the fourth look like the fourth."""
        self._document.add_paragraph(clean(text), style=f"Heading {min(level, 4)}")

    def paragraph(self, *pieces: str | Marked | RunIn | Struck, with_next: bool = False) -> None:
        """One paragraph of the body; `with_next`: on one page with what follows."""
        paragraph = self._document.add_paragraph(style=BODY)
        paragraph.paragraph_format.keep_with_next = with_next or None
        for piece in pieces:
            if isinstance(piece, Marked):
                run = paragraph.add_run(clean(piece.text))
                run.bold = run.underline = True
            elif isinstance(piece, RunIn | Struck):
                run = paragraph.add_run(clean(piece.text))
                run.font.strike = isinstance(piece, Struck) or None
                if piece.level:
                    set_font(run, HEADING_FONTS[min(piece.level, 4)], BODY_SIZE)
            else:
                paragraph.add_run(clean(piece))

    def addressee(self, text: str) -> None:
        """To whom the paper goes (主送机关), at the left edge."""
        no_indent(self._document.add_paragraph(clean(f"{text}："), style=BODY))

    def caption(self, text: str, *, above: bool) -> None:
        """The caption of a table (above it) or of a chart (below it)."""
        paragraph = self._document.add_paragraph(style=CELL)
        set_font(paragraph.add_run(clean(text)), "黑体", CELL_SIZE)
        form = paragraph.paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.keep_with_next = above
        form.space_before, form.space_after = (Pt(10), Pt(4)) if above else (Pt(2), Pt(10))

    def picture(self, image: BinaryIO) -> None:
        """A picture as large as the page allows, in the middle. Raises ValueError where it is none."""
        paragraph = self._document.add_paragraph(style=CELL)
        form = paragraph.paragraph_format
        form.alignment, form.line_spacing_rule = WD_ALIGN_PARAGRAPH.CENTER, WD_LINE_SPACING.SINGLE
        try:
            shape = paragraph.add_run().add_picture(image)
        except (UnrecognizedImageError, UnexpectedEndOfFileError, InvalidImageStreamError) as error:
            raise ValueError(str(error)) from error
        scale = min(1.0, Mm(LINE_WIDTH) / shape.width, PICTURE_HEIGHT / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))

    def chart(self, chart: Chart) -> None:
        """A chart the office programs can edit, as wide as the line."""
        paragraph = self._document.add_paragraph(style=CELL)
        form = paragraph.paragraph_format
        form.alignment, form.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        form.line_spacing_rule, form.space_before = WD_LINE_SPACING.SINGLE, Pt(10)
        add_chart(self._document, paragraph, chart)

    def table(
        self,
        rows: Sequence[Sequence[str | Struck]],
        widths: Sequence[float],
        *,
        heads: bool = True,
        labels: bool = False,
        centred: Collection[int] = (),
        pages: Sequence[str] = (),
    ) -> None:
        """A table with lines; `widths` are shares of the line. With `heads` the first row repeats on each page.

        With `labels` every other cell of a row, from the first, names what stands in the next. `pages` are for each row
        the name of the title whose page number the last cell shows ("" for none).
        In a row with fewer texts than widths the last one takes the rest of the line. `centred` are columns of numbers.
        A short table stays on one page; a long one goes on, never with a single row on either side.
        """
        table = self._document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        unit = self._line_width / sum(widths)
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(share * unit)
        for index, texts in enumerate(rows):
            row = table.add_row()
            keep_whole(row._tr)
            if labels:
                row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, FORM_ROW
            for cell, share in zip(row.cells, widths, strict=True):
                cell.width = Mm(share * unit)
            cells = list(row.cells[: len(texts)])
            if len(texts) < len(widths):
                cells[-1] = cells[-1].merge(row.cells[-1])
            for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                whole = len(texts) == len(widths)
                head = (heads and index == 0) or (labels and column % 2 == 0)
                if labels:
                    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
                fill(cell, text, head=head, centred=whole and column in centred)
            if index < len(pages) and pages[index]:
                number = cells[-1].paragraphs[0]
                number.alignment = WD_ALIGN_PARAGRAPH.CENTER
                page_of(number, pages[index])
            if heads and index == 0:
                repeat(row._tr)
            below = len(rows) - 1 - index
            if below and (len(rows) <= SHORT_TABLE or index < 2 or below == 1 or len(texts) < len(widths)):
                for cell in cells:
                    cell.paragraphs[0].paragraph_format.keep_with_next = True

    def flush(self, text: str, *, with_next: bool = False) -> None:
        """One paragraph that begins at the left edge; `with_next`: on one page with the one after it."""
        paragraph = self._document.add_paragraph(clean(text), style=BODY)
        no_indent(paragraph)
        paragraph.paragraph_format.keep_with_next = with_next

    def signature(self, issuer: str, dated: str, *, seal: bool = False) -> None:
        """Issuer and day for a sealed document: the day four characters from the right, the issuer centred above it.

        They never stand on a page without text: the last paragraph goes with them.
        With `seal` the place of the seal is named below.
        """
        day_right = 4.0
        issuer_right = max(0.0, day_right + (width(dated) - width(issuer)) / 2)
        lines = [("", 0.0), (issuer, issuer_right), (dated, day_right)]
        if seal:
            lines.append((SEAL, day_right + max(0.0, (width(dated) - width(SEAL)) / 2)))
        for last in self._document.paragraphs[-1:]:
            last.paragraph_format.keep_with_next = True
        for index, (text, right) in enumerate(lines):
            paragraph = self._document.add_paragraph(clean(text), style=BODY)
            form = paragraph.paragraph_format
            form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            no_indent(paragraph)
            form.right_indent = int(right * CHARACTER)
            form.keep_with_next = index < len(lines) - 1

    def day(self, text: str) -> None:
        """A day of its own, four characters from the right."""
        paragraph = self._document.add_paragraph(clean(text), style=BODY)
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        no_indent(paragraph)
        paragraph.paragraph_format.right_indent = int(4 * CHARACTER)

    def blanks(self, *names: str) -> None:
        """A line of names with room to sign behind each."""
        paragraph = self._document.add_paragraph(style=BODY)
        no_indent(paragraph)
        paragraph.paragraph_format.space_before = Pt(14)
        room = max(4, int(26 / len(names) - 2 - max(map(width, names))))
        for name in names:
            paragraph.add_run(f"{name}：")
            run = paragraph.add_run("　" * room)
            run.underline = True
            paragraph.add_run("　")

    def save(self, path: Path) -> None:
        """Writes the file whole or not at all. Raises WritingError."""
        with written_whole(path) as draft:
            self._document.save(str(draft))
