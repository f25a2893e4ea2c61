"""The layout of official documents (GB/T 9704-2012) on a python-docx document: page, page numbers, styles.

The measures are proved on the printed page: docs/decisions/0043.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, TITLE, CELL = "公文正文", "公文标题", "公文表格"  # names of the styles
BODY_FONT, TITLE_FONT, PAGE_NUMBER_FONT = "仿宋_GB2312", "方正小标宋简体", "宋体"
HEADING_FONTS = {1: "黑体", 2: "楷体_GB2312", 3: BODY_FONT, 4: BODY_FONT}
BODY_SIZE = Pt(16)  # 3号
TITLE_SIZE = Pt(22)  # 2号
CELL_SIZE = Pt(12)  # 小4号
NUMBER_SIZE = Pt(14)  # 4号
CHARACTER = Pt(15.75)  # one of 28 in the 156 mm of a line
TIGHTEN = -5  # twentieths of a point off each character, so that 28 of 16 pt fit
LINE = Pt(28.95)  # 22 lines in the 225 mm of a page
AFTER_AUTO_SPACE = (  # the order the schema has for what may follow in w:pPr
    "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
)  # fmt: skip


def lay_out(document: Any) -> None:
    """Gives a new document the page, the page numbers and the styles."""
    _page(document)
    _styles(document)


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
        set_font(run, PAGE_NUMBER_FONT, NUMBER_SIZE)
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
    body = styles.add_style(BODY, WD_STYLE_TYPE.PARAGRAPH)
    _style(body, BODY_FONT, BODY_SIZE)
    _indent_two(body)
    title = styles.add_style(TITLE, WD_STYLE_TYPE.PARAGRAPH)
    _style(title, TITLE_FONT, TITLE_SIZE)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.keep_with_next = True
    cell = styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    _style(cell, BODY_FONT, CELL_SIZE)
    cell.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    cell.paragraph_format.line_spacing = Pt(20)
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
    set_font(style, font, size)
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


def _indent_two(style: Any) -> None:
    style.paragraph_format.first_line_indent = 2 * CHARACTER
    style.element.pPr.ind.set(qn("w:firstLineChars"), "200")


def no_indent(paragraph: Any) -> None:
    """Takes the two characters of the body style off a paragraph."""
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "0")


def set_font(owner: Any, name: str, size: Any) -> None:
    """One font for all scripts of a style or run."""
    owner.font.name = name
    owner.font.size = size
    fonts = owner.element.rPr.rFonts if hasattr(owner, "element") else owner._r.rPr.rFonts
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), name)
