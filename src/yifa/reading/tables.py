"""Plans written as a table: a head row that names task, units and due date, and a task in every row below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from yifa.reading.document import Span
from yifa.reading.lexicon import words

DITTO = ("〃", "同上")
MERGED = (None, "", *DITTO)
FEWEST = 2  # columns that a head row must name: the task, and who or when


@dataclass(frozen=True, slots=True)
class Row:
    """One task of a table: its cells by what their column means."""

    span: Span
    chapter: str
    cells: Mapping[str, str]  # number, task, content, lead, responsible, support, due


@cache
def _columns() -> dict[str, tuple[str, ...]]:
    lexicon = words("plans")
    named = {key: tuple(lexicon[key]) for key in ("lead", "responsible", "support")}
    return {**{key: tuple(names) for key, names in lexicon["columns"].items()}, **named}


def rows(text: str) -> tuple[Row, ...]:
    """All tasks that stand in tables, in order of the text."""
    return tuple(_rows(text)) if "\t" in text else ()


def _rows(text: str) -> Iterator[Row]:
    head: dict[int, str] = {}
    above: dict[str, str] = {}
    chapter, position = "", 0
    for line in text.split("\n"):
        cells = [cell.strip(" \u3000") for cell in line.split("\t")]
        span = (position, position + len(line))
        position += len(line) + 1
        named = _head(cells)
        filled = [cell for cell in cells if cell]
        if named:
            head, chapter, above = named, "", {}
        elif len(cells) == 1 or (len(filled) == 1 and cells[0] and not cells[0].isdigit()):
            chapter = cells[0] or chapter
            if cells[0].endswith("。"):
                head = {}  # prose: the table is over
        elif head:
            found = {key: cells[place] for place, key in head.items() if place < len(cells)}
            found = _filled(found, above)
            if found.get("task"):
                above = found
                yield Row(span, chapter, found)


def _filled(found: dict[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """A row with what a merged cell above holds for it too.

    「〃」 and 同上 say so; an empty cell does in a row that goes on with the item above: one without its own task, or
    without a number where items are numbered.
    """
    number, task = found.get("number"), found.get("task")
    goes_on = any(found.get(key) for key in ("content", "lead", "responsible", "support", "due", "task"))
    goes_on = goes_on and (task in MERGED or (number in MERGED and "number" in found))
    inherited = {
        key: above.get(key, "")
        for key, cell in found.items()
        if cell in DITTO or (goes_on and not cell and key != "number")
    }
    return found | inherited


def _head(cells: Sequence[str]) -> dict[int, str]:
    """What each column holds, where the cells are the head of a table of tasks."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        bare = re.sub(r"\s+|[（(].*", "", cell)
        key = next((key for key, names in _columns().items() if bare in names), None)
        if key == "task" and key in found.values():
            key = "content"  # 「重点任务」 beside 「具体措施」
        if key and key not in found.values():
            found[place] = key
    return found if "task" in found.values() and len(set(found.values()) - {"number"}) >= FEWEST else {}
