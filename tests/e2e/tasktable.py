"""The table of what whole tasks ask of people: printed after a run, kept in docs/reference/office-tasks.md.

`YIFA_WRITE_TASKS=1` writes the counted rows into the page; without it a test compares them with the page.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.e2e.hand import Tally

DONE = pytest.StashKey[bool]()  # of a test: its task was done to the end

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "office-tasks.md"
HEADS = ("Task", "People", "Sign-ins", "Typed", "Chosen", "Files", "Clicks", "Keys")
INTRO = """# What whole office tasks ask of people

Each row is a browser test (marked `task` in `tests/e2e`) that does the task from the first page to its end, by the people whose
work it is, day by day. Counted in the page driver: fields typed into, menus chosen from, files given, clicks (links, buttons,
boxes), keys. Sign-ins stand by themselves. Rows are written by the tests (`YIFA_WRITE_TASKS=1`) and compared in every run, so
a form that begins to ask more is seen here.
"""


def row_of(tally: Tally) -> list[str]:
    """The cells of a task."""
    return [str(value) for value in asdict(tally).values()]


def kept() -> dict[str, list[str]]:
    """The rows of the page by task."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row for row in rows if row[0] != HEADS[0] and not row[0].startswith("---")}


def compare(tally: Tally) -> None:
    """The page says what was counted; or is made to."""
    row, rows = row_of(tally), kept()
    if os.environ.get("YIFA_WRITE_TASKS"):
        rows[tally.task] = row
        body = [line(HEADS), line(["---"] + ["---:"] * (len(HEADS) - 1)), *map(line, rows.values())]
        PAGE.write_text(INTRO + "\n" + "\n".join(body) + "\n", encoding="utf-8")
        return
    assert rows.get(tally.task) == row, "counts differ from the page: run the tests with YIFA_WRITE_TASKS=1"


def line(cells: Sequence[str]) -> str:
    """A line of the table."""
    return f"| {' | '.join(cells)} |"


def printed(rows: Sequence[Sequence[str]]) -> str:
    """The rows as text for a terminal."""
    return "\n".join(line(cells) for cells in (HEADS, *rows))
