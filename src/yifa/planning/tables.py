"""Lists that come as a table or as numbered items: the columns are found by their heads, the labels by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from yifa.planning.importing import Source, days
from yifa.planning.importing.days import WRITTEN_YEAR
from yifa.reading.document import Document, Kind
from yifa.reading.heads import bare
from yifa.reading.plans import plan as find_items
from yifa.reading.sheets import Sheet

FEWEST = 2  # columns a head row must name


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list: which one it is, from 1, and what it says by the meaning of the columns."""

    number: int
    cells: Mapping[str, str]


@cache
def columns(which: str) -> dict[str, tuple[str, ...]]:
    """The names of the columns of a list by their meaning."""
    known = yaml.safe_load(files("yifa.planning").joinpath("columns.yaml").read_text(encoding="utf-8"))
    return {meaning: tuple(names) for meaning, names in known[which].items()}


def lines(source: Source | Document, which: str, main: str) -> tuple[Line, ...]:
    """The entries of a list, from its tables; where there is none, from its numbered items.

    `main` is the column every entry must fill; a row without it goes on with the row above.
    """
    document = source if isinstance(source, Document) else source.document
    sheets = [*(source.sheets if isinstance(source, Source) else ())]
    sheets += [_of_text(document.text)] if document is not None else []
    found = [row for sheet in sheets for row in _rows(sheet, which, main)]
    if not found and document is not None:
        found = list(_items(document, which, main))
    return tuple(Line(number, cells) for number, cells in enumerate(found, 1))


def day_of(written: str, year: int) -> date | None:
    """The day a cell means, also one before `year`, which is that of days written without one."""
    named = WRITTEN_YEAR.search(written)
    return days.day_of(written, int(named[0]) if named else year)[0]


def _of_text(text: str) -> Sheet:
    """The rows of the tables in a text; its other lines stand in no row."""
    rows = [[cell.strip(" \u3000") for cell in line.split("\t")] for line in text.split("\n") if "\t" in line]
    width = max((len(row) for row in rows), default=0)
    return Sheet(
        "", tuple(tuple(row + [""] * (width - len(row))) for row in rows), tuple(range(1, len(rows) + 1))
    )


def _rows(sheet: Sheet, which: str, main: str) -> Iterator[dict[str, str]]:
    """A row without the main column goes on with the row above; one of a single cell names a part, or is a note."""
    head: dict[int, str] = {}
    found: list[dict[str, str]] = []
    part = ""
    for number, own in enumerate(sheet.rows):
        named = _head(list(own), which, main)
        if named or not head:
            head = named or head
            continue
        row = {meaning: sheet.value(number, column) for column, meaning in head.items()}
        row = {meaning: cell for meaning, cell in row.items() if cell}
        new = {
            meaning
            for column, meaning in head.items()
            if own[column] and not sheet.from_above(number, column)
        }
        filled = [cell for cell in own if cell]
        if main in new:
            if "place" in columns(which):
                part = row.setdefault("place", part)
            found.append(row)
        elif len(filled) == 1 and own[0]:
            part = own[0]
        elif found:
            _go_on(found[-1], {meaning: row[meaning] for meaning in new})
    yield from found


def _go_on(above: dict[str, str], row: Mapping[str, str]) -> None:
    for meaning, cell in row.items():
        above[meaning] = f"{above[meaning]}；{cell}" if above.get(meaning) else cell


def _head(cells: list[str], which: str, main: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        meaning = _meaning(bare(cell), which)
        if meaning and meaning not in found.values():
            found[place] = meaning
    return found if main in found.values() and len(found) >= FEWEST else {}


def _meaning(name: str, which: str) -> str | None:
    return next((meaning for meaning, names in columns(which).items() if name in names), None)


def _items(document: Document, which: str, main: str) -> Iterator[dict[str, str]]:
    """Numbered items, each with what its labels (「整改措施：…」) say."""
    items = document.tasks or find_items(
        document.text, Kind.WORK_PLAN, document.outline, document.figures, year=document.year
    )[0]  # fmt: skip
    known = columns(which)
    for item in items:
        label = re.compile(
            "|".join(sorted((n for names in known.values() for n in names), key=len, reverse=True))
        )
        body = item.text.removeprefix(item.number).strip()
        parts = re.split(rf"(?:^|(?<=[。；;，,（(\n\s]))({label.pattern})[：:]", body)
        cells = {main: parts[0].strip(" \n（(；;")}
        for name, said in zip(parts[1::2], parts[2::2], strict=True):
            cells[_meaning(name, which) or main] = said.strip(" \n。；;）)，,")
        first = next((key for key in ("order", "number") if key in known), None)
        if first:
            cells.setdefault(first, item.number)
        if "place" in known and item.chapter:
            cells["place"] = f"{item.chapter} {item.number}".strip()
        if "owner" in known and item.lead:
            cells["owner"] = "、".join(item.lead)
        yield cells
