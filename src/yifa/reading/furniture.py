"""Page furniture: what a web page or a printed page leaves around and between the lines of a text."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.document import Mark
from yifa.reading.lexicon import words
from yifa.reading.tracked import Edit, Tracked

LONGEST_FURNITURE = 120
WORD = re.compile(r"\w")  # bars and strokes alone are taken away in silence


@cache
def _furniture() -> tuple[re.Pattern[str], dict[str, list[re.Pattern[str]]]]:
    lexicon = words("residue")
    lines = re.compile(
        r"[ \t\u3000]*(?:" + "|".join(f"(?:{item})" for item in lexicon["lines"]) + r")[ \t\u3000]*\Z"
    )
    edges = {side: [re.compile(item) for item in lexicon["edges"][side]] for side in ("head", "tail")}
    return lines, edges


@cache
def _page_number() -> re.Pattern[str]:
    """A line that goes with its line break: the sentence runs on over it."""
    return re.compile(words("residue")["page_number"] + r"[ \t\u3000]*\Z")


@cache
def _meta() -> re.Pattern[str]:
    return re.compile(words("residue")["meta"])


def remove_furniture(tracked: Tracked) -> list[Mark]:
    """Lines of navigation and template, wherever they stand alone; the same at the two edges of the text."""
    whole_line, edges = _furniture()
    text = tracked.text
    edits: list[Edit] = []
    position = 0
    for line in text.split("\n"):
        if line and len(line) <= LONGEST_FURNITURE and "。" not in line and whole_line.match(line):
            paged = position + len(line) < len(text) and _page_number().match(line)
            edits.append((position, position + len(line) + (1 if paged else 0), ""))
        position += len(line) + 1
    head = text[: words("residue")["meta_within"]]
    edits += [(m.start(), m.end(), "\n") for m in _meta().finditer(head) if m[0].strip()]
    for pattern in edges["head"]:
        match = pattern.match(text)
        if match and match[0].strip():
            edits.append((*match.span(), ""))
    for pattern in edges["tail"]:
        match = pattern.search(text, max(len(text) - 400, 0))
        if match and match[0].strip():
            edits.append((*match.span(), ""))
    edits = _disjoint(edits)
    marks = [
        Mark("residue", text[s:e].strip(), None, {"what": "furniture"})
        for s, e, _ in edits
        if WORD.search(text, s, e)
    ]
    tracked.edit(edits, "residue")
    return marks


def _disjoint(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda item: (item[0], -item[1])):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept
