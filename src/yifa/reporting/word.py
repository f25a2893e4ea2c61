"""The report as a Word file in the layout of official documents (GB/T 9704-2012)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yifa.reporting.content import HeadingLine, Paper, paper
from yifa.reporting.models import Report

BODY_FONT, TITLE_FONT, PAGE_NUMBER_FONT = "仿宋_GB2312", "方正小标宋简体", "宋体"
HEADING_FONTS = {1: "黑体", 2: "楷体_GB2312", 3: BODY_FONT, 4: BODY_FONT}
BODY_SIZE = Pt(16)  # 3号
CHARACTER = Pt(15.75)  # one of 28 in the 156 mm of a line
TIGHTEN = -5  # twentieths of a point off each character, so that 28 of 16 pt fit
LINE = Pt(28.95)  # 22 lines in the 225 mm of a page
NUMBER_SIZE = Pt(14)  # 4号
AFTER_AUTO_SPACE = (  # the order the schema has for what may follow in w:pPr
    "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
)  # fmt: skip
TITLE_SIZE, TITLE_COLUMNS = (
    Pt(22),
    19.5,
)  # 2号; of 20 characters a line half a one is left for fonts that are wider
TITLE_BREAKS = re.compile(  # where a line of the title may end
    r"(?<=人民政府)|(?<=委员会)|(?<=[局厅委])(?!员)|(?<=办公室)|(?<=关于)|(?<=年度)|(?<=年)(?!度)|(?<=建设)|(?<=工作)|(?<=情况)(?!的)|(?<=情况的)"
)


def write(report: Report, path: Path) -> None:
    """Writes the report to `path` (.docx)."""
    write_paper(paper(report), path)


def write_paper(content: Paper, path: Path) -> None:
    """Writes any paper to `path` (.docx)."""
    document = docx.Document()
    _page(document)
    _styles(document)
    document.core_properties.title = content.title
    document.core_properties.author = content.issuer
    document.core_properties.language = "zh-CN"
    _title(document, content.title)
    document.add_paragraph("", style="公文正文")
    for block in content.blocks:
        if isinstance(block, HeadingLine):
            document.add_paragraph(block.text, style=f"Heading {min(block.level, 4)}")
        else:
            document.add_paragraph(block.text, style="公文正文")
    _signature(document, content)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))


def _title(document: Any, title: str) -> None:
    """The title, one paragraph; too long for a line it is broken where words end, lines about equally long."""
    paragraph = document.add_paragraph(style="公文标题")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for index, line in enumerate(title_lines(title)):
        if index:
            paragraph.add_run().add_break()
        paragraph.add_run(line)


def title_lines(title: str) -> list[str]:
    """The lines of a title of 22 points: one where it fits, else cut where words end, the longest line the shortest."""
    if _width(title) <= TITLE_COLUMNS:
        return [title]
    places = [match.start() for match in TITLE_BREAKS.finditer(title) if 0 < match.start() < len(title)]
    cuts = [(title[:place], title[place:]) for place in places]
    fitting = [cut for cut in cuts if max(map(_width, cut)) <= TITLE_COLUMNS]
    if fitting:
        return list(min(fitting, key=lambda cut: max(map(_width, cut))))
    heads = [cut for cut in cuts if _width(cut[0]) <= TITLE_COLUMNS]
    if not heads:
        return [title]
    head, rest = max(heads, key=lambda cut: len(cut[0]))
    return [head, *title_lines(rest)]


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(paragraph: Any, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """「— 1 —」, one character in from the edge."""
    paragraph.alignment = alignment
    side = "right_indent" if alignment == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, side, NUMBER_SIZE)
    for text, field in (("— ", None), ("", "PAGE"), (" —", None)):
        run = paragraph.add_run(text)
        _font(run, PAGE_NUMBER_FONT, NUMBER_SIZE)
        if field:
            _field(run, field)


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = instruction
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _styles(document: Any) -> None:
    styles = document.styles
    body = styles.add_style("公文正文", WD_STYLE_TYPE.PARAGRAPH)
    _style(body, BODY_FONT, BODY_SIZE)
    _indent_two(body)
    title = styles.add_style("公文标题", WD_STYLE_TYPE.PARAGRAPH)
    _style(title, TITLE_FONT, TITLE_SIZE)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.keep_with_next = True
    for level, font in HEADING_FONTS.items():
        heading = styles[f"Heading {level}"]
        _style(heading, font, BODY_SIZE, bold=level == 3)
        _indent_two(heading)
        heading.paragraph_format.keep_with_next = True


def _style(style: Any, font: str, size: Any, *, bold: bool = False) -> None:
    """Sets everything the template's own style would otherwise bring in: fonts, colour, slant, space around."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    _font(style, font, size)
    style.font.bold = bold
    form = style.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    _no_extra_space(style)
    if size == BODY_SIZE:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(TIGHTEN))
        properties.insert_element_before(spacing, "w:sz", "w:szCs", "w:lang")


def _no_extra_space(style: Any) -> None:
    """Word would put a quarter of a blank between Chinese and digits, and lines would no longer hold 28 characters."""
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = OxmlElement(name)
        element.set(qn("w:val"), "0")
        style.element.pPr.insert_element_before(element, *AFTER_AUTO_SPACE)


def _font(owner: Any, name: str, size: Any) -> None:
    owner.font.name = name
    owner.font.size = size
    fonts = owner.element.rPr.rFonts if hasattr(owner, "element") else owner._r.rPr.rFonts
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), name)


def _indent_two(style: Any) -> None:
    style.paragraph_format.first_line_indent = 2 * CHARACTER
    style.element.pPr.ind.set(qn("w:firstLineChars"), "200")


def _signature(document: Any, content: Paper) -> None:
    """Issuer and day for a sealed document: the day four characters from the right, the issuer centred above it."""
    day_right = 4.0
    issuer_right = max(0.0, day_right + (_width(content.dated) - _width(content.issuer)) / 2)
    lines = (("", 0.0), (content.issuer, issuer_right), (content.dated, day_right))
    for index, (text, right) in enumerate(lines):
        paragraph = document.add_paragraph(text, style="公文正文")
        form = paragraph.paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form.first_line_indent = Pt(0)
        form.right_indent = int(right * CHARACTER)
        form.keep_with_next = index < len(lines) - 1
        paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "0")


def _width(text: str) -> float:
    """Width in Chinese characters; Latin letters and digits are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)
