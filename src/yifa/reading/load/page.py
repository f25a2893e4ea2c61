"""Web pages: the main text with its paragraphs, without menus, share bars and scripts."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.plain import decode

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
DROPPED = "script,style,noscript,template,nav,header,footer,aside,form,select,button,iframe,svg,canvas,object"
FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|breadcrumb|crumbs?|position|location|share|bdshare|footer|header|foot|head|top-?bar|side-?bar|"
    r"copyright|toolbar|print|fontsize|related|search|banner|qrcode|ewm)(?:$|[-_\s\d])",
    re.I,
)
BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
DEEPEST = 100  # elements inside one another; more is no page that somebody wrote
FEWEST_CELLS, LONGEST_CELL = 3, 400
SENTENCES = re.compile(r"[。；！]")
CONTENT = "#zoom,#UCAP-CONTENT,.TRS_Editor,.TRS_UEDITOR,.article-content,.article_content,#article,.news_content,.view"
TITLE_META = re.compile(r"articletitle|og:title", re.I)


def load_page(data: bytes, name: str) -> Loaded:
    """The main text of a page, one paragraph a line."""
    declared = CHARSET.search(data[:4096])
    markup, encoding, damage = decode(data, name, declared[1].decode("ascii") if declared else None)
    text = main_text(markup)
    if not text.strip():
        raise ReadingError(
            f"「{name}」是网页，但没有正文（可能由脚本装入）。请在浏览器中打开，把正文复制到文本文件后再读。",
            code="no_body",
        )
    return Loaded(text, "html", encoding, damage)


def main_text(markup: str) -> str:
    """The text of the element that holds the most prose, with the page's headline before it."""
    tree = LexborHTMLParser(markup)
    root = tree.body or tree.root
    if root is None:
        return ""
    headline = _headline(tree)
    for node in root.css(DROPPED):
        node.decompose()
    for node in root.css("[class],[id]"):
        sign = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if node.tag not in ("body", "html") and FURNITURE.search(sign) and _prose(node.text() or "") < 200:
            node.decompose()
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
        if node is not None and (found := (node.text() or "").strip()):
            return re.split(r"\s*[-_|—]+\s*", found)[0].strip()
    return ""


def _prose(text: str) -> int:
    """How many characters stand in sentences."""
    return len(text) if SENTENCES.search(text) else 0


def _main(root: LexborNode) -> LexborNode:
    """A known content element, else the deepest element that still holds nearly all the page's prose."""
    whole = _sentences(root)
    for node in root.css(CONTENT):
        if whole and _sentences(node) >= 0.7 * whole:
            return node
    best = root
    for _ in range(DEEPEST):
        child = max(_children(best), key=_sentences, default=None)
        if child is None or _sentences(child) < 0.8 * max(whole, 1):
            break
        best = child
    return best


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.child
    while child is not None:
        if child.tag in BLOCKS and child.tag not in ("p", "tr", "li"):
            children.append(child)
        child = child.next
    return children


def _sentences(node: LexborNode) -> int:
    return sum(1 for _ in SENTENCES.finditer(node.text() or ""))


def _cells(root: LexborNode) -> dict[int, str]:
    """For the cells of tables of data, and all in them, what stands before their text: a tab between two cells.

    Tables that only lay out the page have long cells, or one in a row.
    """
    divided: dict[int, str] = {}
    for row in root.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        texts = [cell.text() or "" for cell in cells]
        if len(cells) < FEWEST_CELLS or max(map(len, texts)) > LONGEST_CELL or row.css_first("table"):
            continue
        for place, cell in enumerate(cells):
            inner = [node for node in cell.traverse() if node.tag == "br" or node.tag in BLOCKS]
            divided.update((node.mem_id, "") for node in inner)
            divided[cell.mem_id] = "\t" if place else ""
    return divided


def _text(root: LexborNode) -> str:
    pieces: list[str] = []
    divided = _cells(root)
    for node in root.traverse(include_text=True):
        if node.mem_id in divided:
            pieces.append(divided[node.mem_id])
        elif node.tag == "-text":
            pieces.append(re.sub(r"[\r\n\t]+", " ", node.text_content or ""))
        elif node.tag == "br" or node.tag in BLOCKS:
            pieces.append("\n")
        elif node.tag == "_comment":
            continue
    lines = (re.sub(r"^[ ]+|[ ]+$", "", line) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line.strip(" \u3000\xa0"))
