"""Web pages saved as one file (mht, mhtml), also as Word writes them."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.parser import BytesParser

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.page import load_page
from yifa.reading.load.plain import load_plain
from yifa.reading.load.refusals import damaged, without_text

HEADERS = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n){0,20}){1,40}")
MIME = re.compile(rb"^MIME-Version\s*:", re.I | re.M)
TYPE = re.compile(rb"^Content-Type\s*:\s*(?:multipart/related|multipart/alternative|text/html)", re.I | re.M)
MOST_PARTS = 2000


def is_mime(data: bytes) -> bool:
    """Whether a file begins with the header of a saved page."""
    head = HEADERS.match(data[:8192].lstrip())
    return head is not None and MIME.search(head[0]) is not None and TYPE.search(head[0]) is not None


def load_mime(data: bytes, name: str) -> Loaded:
    """The page inside; the pictures and styles that were saved with it are left alone."""
    if data.count(b"\n--") > MOST_PARTS:
        raise damaged(name, "浏览器")
    try:
        message = BytesParser().parsebytes(data.lstrip())
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (MessageError, ValueError, LookupError, TypeError, IndexError, KeyError, RecursionError) as error:
        raise damaged(name, "浏览器") from error
    for wanted, loader in (("text/html", load_page), ("text/plain", load_plain)):
        for part in parts:
            if part.get_content_type() != wanted:
                continue
            content = part.get_payload(decode=True)
            charset = part.get_content_charset() or ""
            if not isinstance(content, bytes) or not content.strip():
                continue
            try:
                return loader(_declared(content, charset), name)
            except ReadingError:
                if wanted == "text/plain":
                    raise
    raise without_text(name)


def _declared(content: bytes, charset: str) -> bytes:
    """The page's bytes; UTF-16 in a part has no mark of its own."""
    if charset.lower().startswith("utf-16") and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return b"\xff\xfe" + content
    return content
