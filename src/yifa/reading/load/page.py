"""Web pages: the main text with its paragraphs, without menus, share bars and scripts."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.markup import LARGEST, TEXT, Element, parse, tree_of, weigh
from yifa.reading.load.page_tables import BREAKS, rows_of
from yifa.reading.load.plain import decode

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|breadcrumb|crumbs?|position|location|share|bdshare|footer|header|foot|head|top-?bar|side-?bar|"
    r"copyright|toolbar|print|fontsize|related|search|banner|qrcode|ewm)(?:$|[-_\s\d])",
    re.I,
)
FURNITURE_PROSE = 200  # characters in sentences: an element with more is no furniture, whatever its name
LINK_LIST = {"ul", "ol", "dl", "div", "table", "td", "section", "p"}
FEWEST_LINKS, LINKED, LONGEST_LIST = 3, 0.8, 3000
DEEPEST = 100  # elements inside one another; more is no page that somebody wrote
NO_CONTAINERS = {"p", "li", "ol", "ul"}
CONTENT_SIGN = re.compile(
    r"(?:^|\s)(?:zoom|UCAP-CONTENT|TRS_Editor|TRS_UEDITOR|article-content|article_content|article|news_content|view)(?:$|\s)"
)
TITLE_META = re.compile(r"articletitle|og:title", re.I)
WRAPPED = re.compile(r"(?<=[\u2e80-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\uffef])")
ATTACHED = re.compile(
    r"<(?:a|embed|object|iframe)\b[^>]{0,500}?(?:href|src|data)\s*=\s*[\"']?[^\"'>\s]{1,300}\.(?:pdf|docx?|wps|ofd|xlsx?)\b",
    re.I,
)
FRAME = re.compile(r"<i?frame\b", re.I)
ONLY_NAMES = 200  # characters without a sentence: the page only names its attachment


def load_page(data: bytes, name: str) -> Loaded:
    """The main text of a page, one paragraph a line."""
    declared = CHARSET.search(data[:4096])
    markup, encoding, damage = decode(data, name, declared[1].decode("ascii") if declared else None)
    if len(markup) > LARGEST * 4:
        raise ReadingError(
            f"「{name}」是很大的网页，不像一份报告。请把正文复制到文本文件后再读。", code="too_large"
        )
    text = main_text(markup)
    attached = ATTACHED.search(markup) is not None
    if not text.strip() or (attached and len(text) < ONLY_NAMES and "。" not in text):
        raise ReadingError(f"「{name}」是网页，但没有正文（{_why(markup, attached)}", code="no_body")
    return Loaded(text, "html", encoding, damage)


def _why(markup: str, attached: bool) -> str:
    if attached:
        return "正文在附件里）。请在网页上下载附件，再读附件。"
    if FRAME.search(markup):
        return "正文在另外的框架页里）。请在浏览器中打开，把正文复制到文本文件后再读。"
    return "可能由脚本装入）。请在浏览器中打开，把正文复制到文本文件后再读。"


def main_text(markup: str) -> str:
    """The text of the element that holds the most prose, with the page's headline before it."""
    parser = parse(markup)
    headline = _headline(parser)
    root = tree_of(parser)
    _prune(root)
    text = _text(_main(root))
    if not text.strip():
        return ""
    if headline and headline not in text[:400]:
        text = headline + "\n" + text
    return text


def _headline(tree: LexborHTMLParser) -> str:
    for meta in tree.css("meta[name],meta[property]"):
        key = meta.attributes.get("name") or meta.attributes.get("property") or ""
        content = (meta.attributes.get("content") or "").strip()
        if TITLE_META.search(key) and content:
            return content
    for selector in ("h1", "title"):
        node = tree.css_first(selector)
        if node is not None and (found := _flowing(node.text() or "").strip()):
            return re.split(r"\s*[-_|—]+\s*", found)[0].strip()
    return ""


def _prune(root: Element) -> None:
    """Take out menus, lists of links and what the page hides; the element that holds the text is never one of them."""
    whole = root.sentences
    for element in root.walk():
        element.children = [child for child in element.children if not _is_furniture(child, whole)]
    weigh(root)


def _is_furniture(element: Element, whole: int) -> bool:
    if element.tag == TEXT:
        return False
    if element.hidden and element.sentences <= whole / 2:
        return True
    prose = element.characters if element.sentences else 0
    if FURNITURE.search(element.sign) and prose < FURNITURE_PROSE:
        return True
    return (
        element.tag in LINK_LIST
        and element.links >= (FEWEST_LINKS - 1 if element.tag in ("ul", "ol") else FEWEST_LINKS)
        and element.link_characters >= LINKED * element.characters
        and element.characters < LONGEST_LIST
    )


def _main(root: Element) -> Element:
    """A known content element, else the deepest element that still holds nearly all the page's prose."""
    whole = root.sentences
    for element in root.walk():
        if whole and element.sign and element.sentences >= 0.7 * whole and CONTENT_SIGN.search(element.sign):
            return element
    best = root
    for _ in range(DEEPEST):
        inside = [child for child in best.children if child.tag in BREAKS and child.tag not in NO_CONTAINERS]
        child = max(inside, key=_sentences, default=None)
        if child is None or child.sentences < 0.8 * max(whole, 1):
            break
        if child.tag == "table" and rows_of(child) is not None:
            break  # a table of data is read whole
        best = child
    return best


def _sentences(element: Element) -> int:
    return element.sentences


def _text(root: Element) -> str:
    pieces: list[str] = []
    stack: list[Element | str] = [root]
    number = ""  # of the list item whose words come next
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        if item.tag == TEXT:
            if item.text.strip():
                pieces.append(number)
                number = ""
            pieces.append(_flowing(item.text))
            continue
        number = item.number or number
        if item.tag == "table" and (rows := rows_of(item)) is not None:
            pieces.append("\n" + "\n".join(rows) + "\n")
            continue
        if item.tag == "pre":
            pieces += ["\n", *(inner.text for inner in item.walk()), "\n"]
            continue
        broken = item.tag == "br" or item.tag in BREAKS
        if broken:
            pieces.append("\n")
            stack.append("\n")
        stack.extend(reversed(item.children))
    lines = (re.sub(r"^[ ]+|[ ]+$", "", line) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line.strip(" \t\u3000\xa0"))


def _flowing(text: str) -> str:
    """A piece of text as a browser sets it: line breaks of the source are nothing between Chinese characters."""
    return re.sub(r"[\r\n\t]+", " ", WRAPPED.sub("", text))
