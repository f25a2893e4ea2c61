"""A table people type into, paste into or fill from a spreadsheet, with what is wrong said at each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from yifa.ledger.installation.founding import CellFault
from yifa.reading.heads import bare
from yifa.reading.sheets import Sheet
from yifa.workbench.forms.given import whole

MOST_ROWS = 600
HEAD_WITHIN = 10  # rows in which the head of a sheet is looked for
SPARE = 3  # empty rows offered at the end

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it is called, what else a spreadsheet calls it, what is proposed in its cells."""

    name: str
    title: str
    heads: tuple[str, ...] = ()
    hint: str = ""
    options: tuple[str, ...] = ()

    def is_called(self, head: str) -> bool:
        """Whether the head of a spreadsheet's column means this one."""
        return bare(head) in {self.title, *self.heads}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page draws it."""

    id: str
    title: str
    value: str
    options: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The table as the page draws it."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[int, tuple[ShownCell, ...]], ...]
    wrong: int


def typed(data: QueryDict, columns: Sequence[Column]) -> list[Row]:
    """The rows that were sent, without empty ones and those ticked to go."""
    count = min(whole(data.get("rows")) or 0, MOST_ROWS)
    gone = set(data.getlist("gone"))
    rows = [
        {column.name: data.get(f"r{place}_{column.name}", "").strip() for column in columns}
        for place in range(count)
        if str(place) not in gone
    ]
    return [row for row in rows if any(row.values())]


def from_sheet(sheet: Sheet, columns: Sequence[Column]) -> list[Row]:
    """The rows of a spreadsheet: by the names of its columns, or by their order where it has no head."""
    head, places = _head(sheet, columns)
    rows = []
    for line in sheet.rows[head + 1 :]:
        row = {
            column.name: line[places[column.name]].strip()
            for column in columns
            if column.name in places and places[column.name] < len(line)
        }
        if any(row.values()):
            rows.append({column.name: row.get(column.name, "") for column in columns})
    return rows[:MOST_ROWS]


def _head(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    for number, line in enumerate(sheet.rows[:HEAD_WITHIN]):
        places = {
            column.name: place
            for column in columns
            for place, text in reversed(list(enumerate(line)))
            if column.is_called(text)
        }
        if columns[0].name in places:
            return number, places
    return -1, {column.name: place for place, column in enumerate(columns)}


def shown(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]], faults: Sequence[CellFault] = ()
) -> Grid:
    """The table with its faults and some empty rows to go on in."""
    by_cell: dict[tuple[int, str], list[str]] = {}
    for fault in faults:
        by_cell.setdefault((fault.row, fault.column), []).append(fault.message)
    lines = []
    for place in range(len(rows) + SPARE):
        row = rows[place] if place < len(rows) else {}
        cells = tuple(
            ShownCell(
                f"r{place}_{column.name}",
                f"第{place + 1}行 {column.title}",
                row.get(column.name, ""),
                f"known-{column.name}" if column.options else "",
                tuple(by_cell.get((place, column.name), ())),
            )
            for column in columns
        )
        lines.append((place, cells))
    return Grid(tuple(columns), tuple(lines), len(by_cell))
