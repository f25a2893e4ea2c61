"""Word documents (docx): the text of the body, its notes where they are called, headers and footers apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from yifa.reading.errors import ReadingError
from yifa.reading.load.drawn_charts import chart_rows
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.numbering import Numbering
from yifa.reading.load.package import BROKEN, Package, W
from yifa.reading.load.page import main_text
from yifa.reading.load.plain import decode
from yifa.reading.load.refusals import damaged, without_text
from yifa.reading.load.story import Story

DOCUMENT = "word/document.xml"
PAGE_NUMBER = re.compile(r"[-—–－―\s·第]*\d{0,4}[-—–－―\s·页/共\d]*")
CONTENTS = re.compile(r"toc [1-9]\Z|table of contents\Z|目录 ?[1-9]\Z", re.I)
TITLE, LONGEST_TITLE = re.compile(r"(?:title|标题)\Z", re.I), 80
SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")
DEEPEST_CHUNK = 3  # documents put into documents


def load_word(data: bytes, name: str, *, depth: int = 0) -> Loaded:
    """The text of a Word document, one paragraph a line, the cells of a table row divided by tabs."""
    try:
        package = Package(data)
        parts = _Parts.of(package)
        body = package.xml(DOCUMENT).find(f"{W}body")
        if body is None:
            raise ValueError("no body")
        story = Story(
            Numbering.of(package.xml_or_none(parts.numbering), parts.styles),
            parts.notes,
            _style_ids(parts.styles, CONTENTS),
            lambda identifier: _chunk(package, parts.chunks.get(identifier), depth),
            lambda identifier: _chart(package, parts.charts.get(identifier)),
        )
        text = "\n".join(story.blocks(body))
    except (*BROKEN, AttributeError, TypeError, IndexError, RecursionError, AssertionError) as error:
        raise damaged(name) from error
    furniture = _furniture(parts.edges)
    if not text.strip():
        raise without_text(name)
    lost = story.objects + story.lost_chunks
    damage = (f"有 {lost} 处图表或嵌入的对象，里面的文字没有读到",) if lost else ()
    return Loaded(text, "docx", None, damage, furniture, _titled(body, _style_ids(parts.styles, TITLE)))


@dataclass(slots=True)
class _Parts:
    """What belongs to the document beside its body."""

    numbering: str | None = None
    styles: Any | None = None
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)  # by kind and id
    edges: list[Any] = field(default_factory=list)  # headers and footers
    chunks: dict[str, str] = field(default_factory=dict)  # relation id → part
    charts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, package: Package) -> _Parts:
        """The parts that document.xml refers to."""
        found = cls()
        for identifier, kind, part in package.related(DOCUMENT):
            if kind == "numbering":
                found.numbering = part
            elif kind == "styles":
                found.styles = package.xml_or_none(part)
            elif kind in ("footnotes", "endnotes"):
                root = package.xml_or_none(part)
                for note in root if root is not None else ():
                    if note.get(f"{W}type") not in SEPARATORS:
                        found.notes[kind[:-1], note.get(f"{W}id", "")] = note
            elif kind in ("header", "footer"):
                root = package.xml_or_none(part)
                if root is not None:
                    found.edges.append(root)
            elif kind == "aFChunk":
                found.chunks[identifier] = part
            elif kind == "chart":
                found.charts[identifier] = part
        return found


def _style_ids(styles: Any | None, names: re.Pattern[str]) -> frozenset[str]:
    """Ids of the styles of a kind: of a table of contents, whose lines repeat the headings, or of the title."""
    found = set()
    for style in styles.findall(f"{W}style") if styles is not None else ():
        name = style.find(f"{W}name")
        if name is not None and names.match(name.get(f"{W}val", "")):
            found.add(style.get(f"{W}styleId", ""))
    return frozenset(found)


def _titled(body: Any, styles: frozenset[str]) -> str:
    """The first lines in a row of the body that bear the style of titles, as one; empty where none does."""
    lines: list[str] = []
    for paragraph in body.findall(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") in styles:
            lines.append("".join("".join(one.text or "" for one in paragraph.iter(f"{W}t")).split()))
        elif lines:
            break
    title = "".join(lines)
    return title if len(title) <= LONGEST_TITLE else ""


def _furniture(edges: list[Any]) -> tuple[str, ...]:
    """The lines of headers and footers, without page numbers."""
    lines: dict[str, None] = {}
    for root in edges:
        try:
            for line in Story().blocks(root):
                bare = " ".join(line.split())
                if bare and not PAGE_NUMBER.fullmatch(bare):
                    lines[bare] = None
        except (ValueError, RecursionError, etree.LxmlError):
            continue
    return tuple(lines)


def _chart(package: Package, part: str | None) -> list[str] | None:
    """The rows of a chart, or None where it cannot be read."""
    space = package.xml_or_none(part)
    return None if space is None else chart_rows(space) or None


def _chunk(package: Package, part: str | None, depth: int) -> str | None:
    """The text of a whole document put into this one, or None where it cannot be read."""
    if part is None or depth >= DEEPEST_CHUNK:
        return None
    try:
        data = package.blob(part)
        if data.startswith(b"PK"):
            return load_word(data, part, depth=depth + 1).text
        if re.search(rb"<(?:!doctype|html|body|p|div)\b", data[:4096], re.I):
            return main_text(decode(data, part)[0])
        return None if data.startswith(b"{\\rtf") else decode(data, part)[0]
    except (*BROKEN, ReadingError):
        return None
