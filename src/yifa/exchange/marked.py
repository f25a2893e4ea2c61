"""The list once more with its wrong cells marked and what is wrong beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yifa.exchange.mapping import MARKS, reading_from
from yifa.exchange.models import Import
from yifa.exchange.staging import stage
from yifa.papers.sheets import Noted


def marked_rows(run: Import) -> tuple[list[str], Iterator[list[Any]]]:
    """Heads and rows; a wrong cell is a `Noted`, the last columns say which row it was and everything wrong in it."""
    staged, reading = stage(run.attachment, run.sheet), reading_from(run.mapping)
    faults: dict[int, list[tuple[int | None, str]]] = {}
    for row, column, message in run.faults.values_list("row", "column", "message"):
        faults.setdefault(row, []).append((column, message))
    only = frozenset(run.mapping.get("only") or ())
    heads = [
        *(head or f"（{staged.top.letter(at)} 列）" for at, head in enumerate(reading.heads)),
        *MARKS,
    ]

    def rows() -> Iterator[list[Any]]:
        for number, cells in staged.rows(staged.head_ends(reading.head, reading.lines)):
            if only and number not in only:
                continue
            wrong = faults.get(number, [])
            line: list[Any] = [*cells, *[""] * (len(reading.heads) - len(cells))][: len(reading.heads)]
            for column, message in wrong:
                if column is not None and column < len(line):
                    held = line[column]
                    line[column] = Noted(held.value if isinstance(held, Noted) else held, message)
            yield [*line, number, "；".join(message for _, message in wrong)]

    return heads, rows()
