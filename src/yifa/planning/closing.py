"""Where the text of a plan ends and its signature begins: the issuer, the day, the list of annexes."""

from __future__ import annotations

import re

LONGEST_ISSUER = 30
DAY = re.compile(
    r"[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日(?:印发)?[)）]?"
)
ANNEX = re.compile(r"附件\s*\d*\s*[:：]")
PUNCTUATION = re.compile(r"[。，；：、,;:！？!?]")


def closing_of(text: str) -> int:
    """The place in `text` from which there is only the signature; its length where there is none."""
    lines: list[tuple[int, str]] = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((position, line.strip()))
        position += len(line) + 1
    place, seen = len(text), False
    for start, line in reversed(lines):
        if DAY.fullmatch(line):
            seen = True
        elif not (seen and len(line) <= LONGEST_ISSUER and not PUNCTUATION.search(line)) and not ANNEX.match(
            line
        ):
            break
        place = start
    return place if seen else len(text)
