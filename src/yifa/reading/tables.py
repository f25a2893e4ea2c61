"""Plans written as a table: a head row that names task, units and due date, and a task in every row below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from yifa.reading.document import Span
from yifa.reading.lexicon import words

FEWEST = 2  # columns that a head row must name: the task, and who or when


@dataclass(frozen=True, slots=True)
class Row:
    """One task of a table: its cells by what their column means."""

    span: Span
    chapter: str
    cells: Mapping[str, str]  # number, task, lead, responsible, support, due


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
    chapter, position = "", 0
    for line in text.split("\n"):
        cells = [cell.strip(" \u3000") for cell in line.split("\t")]
        span = (position, position + len(line))
        position += len(line) + 1
        named = _head(cells)
        if named:
            head, chapter = named, ""
        elif len(cells) == 1:
            chapter = cells[0] or chapter
            if cells[0].endswith("。"):
                head = {}  # prose: the table is over
        elif head:
            found = {key: cells[place] for place, key in head.items() if place < len(cells)}
            if found.get("task"):
                yield Row(span, chapter, found)


def _head(cells: Sequence[str]) -> dict[int, str]:
    """What each column holds, where the cells are the head of a table of tasks."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        bare = re.sub(r"\s+|[（(].*", "", cell)
        key = next((key for key, names in _columns().items() if bare in names), None)
        if key and key not in found.values():
            found[place] = key
    return found if "task" in found.values() and len(set(found.values()) - {"number"}) >= FEWEST else {}
