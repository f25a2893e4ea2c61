"""The numbers a browser sets before the items of a numbered list: 1. 2. 3., or as the list says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from yifa.reading.heading_numbers import AT_LINE_START
from yifa.reading.load.numbering import written

STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;\"']+)", re.I)
NO_NUMBER = re.compile(r"\b(?:none|disc|circle|square)\b", re.I)
FORMS = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter", "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman", "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
}  # fmt: skip


def list_numbers(
    attributes: Mapping[str, str | None], items: Sequence[tuple[Mapping[str, str | None], str]]
) -> Iterator[str]:
    """One number for each item, given by its attributes and its words; "" for all where the page shows none.

    A list whose items bring numbers of their own is such a page: it would show them twice.
    """
    style = STYLE.search(attributes.get("style") or "")
    said = style[1].strip() if style else attributes.get("type") or ""
    own = any(AT_LINE_START.match(words) for _, words in items)
    if own or NO_NUMBER.search(said) or "reversed" in attributes:
        yield from ("" for _ in items)
        return
    form = next((FORMS[word] for word in said.split() if word in FORMS), "decimal")
    number = _integer(attributes.get("start"), 1)
    for of_item, _ in items:
        number = _integer(of_item.get("value"), number)
        yield written(number, form) + ("、" if form == "chineseCounting" else ".")
        number += 1


def _integer(text: str | None, otherwise: int) -> int:
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 5 else otherwise
