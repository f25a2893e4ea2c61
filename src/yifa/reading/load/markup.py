"""A web page as a tree that is cheap to measure: without scripts, menus and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from yifa.reading.load.list_numbers import list_numbers

DROPPED = {
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "select", "button", "iframe",
    "svg", "canvas", "object", "embed", "head", "title", "audio", "video", "textarea", "_comment", "_doctype",
}  # fmt: skip
DATA = re.compile(r"(?<=[\"'(])data:[^\"')]{200,}")
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|\Z)", re.I
)
SENTENCES = re.compile(r"[。；！]")
LARGEST = 16_000_000  # characters of markup without pictures
TEXT = "-text"


@dataclass(slots=True, eq=False)
class Element:
    """An element, or a piece of text. The numbers are of all below it."""

    tag: str
    text: str = ""
    sign: str = ""  # class and id
    span: tuple[int, int] = (1, 1)  # columns and rows of a cell
    linked: bool = False  # whether it is a link, or in one
    hidden: bool = False
    number: str = ""  # of an item of a numbered list
    children: list[Element] = field(default_factory=list)
    characters: int = 0
    sentences: int = 0
    link_characters: int = 0
    links: int = 0

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in order, without recursion."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))


def parse(markup: str) -> LexborHTMLParser:
    """The page; pictures written into it are left out first."""
    return LexborHTMLParser(DATA.sub("", markup))


def tree_of(parser: LexborHTMLParser) -> Element:
    """The body as a tree with its weights."""
    body = parser.body or parser.root
    root = Element("body")
    if body is None:
        return root
    order = [root]
    stack: list[tuple[LexborNode, Element]] = [(body, root)]
    while stack:
        node, element = stack.pop()
        child = node.child
        while child is not None:
            made = _element(child, element)
            if made is not None:
                element.children.append(made)
                order.append(made)
                if made.tag != TEXT:
                    stack.append((child, made))
            child = child.next
        if element.tag == "ol":
            _number(node, element)
    weigh(root)
    return root


def _number(node: LexborNode, element: Element) -> None:
    places = [child for child in node.iter() if child.tag == "li"]
    items = [child for child in element.children if child.tag == "li"]
    said = [(place.attributes, (place.text() or "").strip()) for place in places]
    for item, number in zip(items, list_numbers(node.attributes, said), strict=True):
        item.number = number


def weigh(root: Element) -> None:
    """Count characters, sentences and links, from the leaves up."""
    order = list(root.walk())
    for element in reversed(order):
        if element.tag == TEXT:
            bare = element.text.strip()
            element.characters = len(bare)
            element.sentences = sum(1 for _ in SENTENCES.finditer(bare))
            element.link_characters = len(bare) if element.linked else 0
            continue
        element.characters = sum(child.characters for child in element.children)
        element.sentences = sum(child.sentences for child in element.children)
        element.link_characters = sum(child.link_characters for child in element.children)
        element.links = sum(child.links for child in element.children) + (
            element.tag == "a" and element.linked
        )


def _element(node: LexborNode, parent: Element) -> Element | None:
    tag = node.tag
    if tag == TEXT:
        return Element(TEXT, node.text_content or "", linked=parent.linked)
    if tag is None or tag in DROPPED:
        return None
    attributes = node.attributes
    hidden = "hidden" in attributes or HIDDEN.search(attributes.get("style") or "") is not None
    return Element(
        tag,
        sign=f"{attributes.get('class') or ''} {attributes.get('id') or ''}",
        span=(_count(attributes.get("colspan"), 63), _count(attributes.get("rowspan"), 1000)),
        linked=parent.linked or (tag == "a" and bool(attributes.get("href"))),
        hidden=hidden,
    )


def _count(value: str | None, most: int) -> int:
    text = (value or "").strip()
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
