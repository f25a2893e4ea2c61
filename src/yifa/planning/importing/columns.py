"""What the columns of a sheet of tasks mean: where its head is, and a proposal for every column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yifa.planning.importing.days import is_time
from yifa.reading.heads import bare, goes_on, head_text
from yifa.reading.lexicon import words
from yifa.reading.sheets import Sheet

HIGHEST_HEAD = 40  # rows above which the head is looked for
SAMPLE = 60  # rows looked at where heads say nothing
ONE_ONLY = ("number", "chapter", "task", "due", "lead", "support", "chief", "direct", "section")
OFFICE = re.compile(r"[局办委厅部院会所队站社府镇乡处科室心]$")
LEAST_KNOWN = 2  # columns a head must name


@cache
def lexicon() -> dict[str, Any]:
    """The word lists of this folder."""
    found: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8")
    )
    return found


def meanings() -> dict[str, str]:
    """What a column may hold, with the name that people see."""
    return dict(lexicon()["meanings"])


@dataclass(frozen=True, slots=True)
class Matching:
    """Which row is the head (-1: none) and what each column means ("" leaves it out of everything but the text).

    `sure` holds the columns whose head is known word by word; the others were matched by likeness or by their content.
    """

    head: int
    columns: Mapping[int, str]
    sure: frozenset[int] = frozenset()
    lines: int = 1  # rows of the head

    def of(self, meaning: str) -> list[int]:
        """The columns with a meaning."""
        return [column for column, held in self.columns.items() if held == meaning]


@cache
def _names() -> dict[str, str]:
    """The meaning of each known name; what this folder says goes before what reading knows."""
    known: dict[str, str] = {}
    for meaning, names in lexicon()["names"].items():
        for name in names:
            known.setdefault(name, meaning)
    plans = words("plans")
    listed = {
        **plans["columns"],
        "lead": [*plans["lead"], *plans["responsible"]],
        "support": plans["support"],
    }
    for meaning, names in listed.items():
        for name in names:
            known.setdefault(name, meaning)
    return known


def meaning_of(head: str) -> tuple[str, bool]:
    """The meaning of a head and whether it is known word by word; "" where nothing fits."""
    name = bare(head)
    if not name:
        return "", False
    if name in _names():
        return _names()[name], True
    inside = [known for known in _names() if len(known) > 1 and known in name and len(name) <= 14]
    # The word at the end says what it is: 「重点任务责任单位」 is a unit.
    best = max(inside, key=lambda known: (name.endswith(known), len(known)), default="")
    return (_names()[best], False) if best else ("", False)


def propose(sheet: Sheet) -> Matching:
    """The head that names most columns, and what the columns hold."""
    head = _find_head(sheet)
    if head < 0:
        return _by_content(sheet, Matching(_fallback_head(sheet), {}))
    lines = 2 if goes_on(sheet, head, meaning_of) else 1
    return match(sheet, head, lines)


def match(sheet: Sheet, head: int, lines: int = 1) -> Matching:
    """What the columns mean under a given head row."""
    found: dict[int, str] = {}
    sure: set[int] = set()
    for wanted in (True, False):
        for column in range(sheet.width):
            meaning, certain = meaning_of(head_text(sheet, head, lines, column, meaning_of))
            if column in found or certain is not wanted or not meaning:
                continue
            found[column] = _free(meaning, found)
            if certain:
                sure.add(column)
    if "lead" not in found.values():  # 「责任科室」 is the lead where no unit is
        section = next((column for column, meaning in found.items() if meaning == "section"), None)
        if section is not None:
            found[section] = "lead"
    if "task" not in found.values():
        content = next((column for column, meaning in found.items() if meaning == "content"), None)
        if content is not None:
            found[content] = "task"
    matching = Matching(head, dict(sorted(found.items())), frozenset(sure), lines)
    return _by_content(sheet, matching)


def _free(meaning: str, found: Mapping[int, str]) -> str:
    """A meaning that a sheet has once: the second column with it holds something near."""
    if meaning not in ONE_ONLY or meaning not in found.values():
        return meaning
    return {"task": "content", "lead": "support" if "support" not in found.values() else "other"}.get(
        meaning, "other"
    )


def _find_head(sheet: Sheet) -> int:
    best, place = 0, -1
    for row in range(min(HIGHEST_HEAD, len(sheet.rows))):
        cells = [(column, cell) for column, cell in enumerate(sheet.rows[row]) if cell]
        found = [meaning_of(cell) for _, cell in cells]
        score = len({meaning for meaning, sure in found if sure})
        says = {meaning for meaning, _ in found} & {"task", "content", "lead", "due", "goal"}
        if score >= LEAST_KNOWN and score > best and says:
            best, place = score, row
    return place


def _fallback_head(sheet: Sheet) -> int:
    """The first row with several short texts and no number: perhaps a head in words that are not known."""
    for row in range(min(HIGHEST_HEAD, len(sheet.rows) - 1)):
        cells = [
            cell for column, cell in enumerate(sheet.rows[row]) if cell and not sheet.from_left(row, column)
        ]
        if len(cells) > 1:
            short = all(len(cell) <= 12 and not cell[0].isdigit() and not is_time(cell) for cell in cells)
            return row if short else -1
    return -1


def _by_content(sheet: Sheet, matching: Matching) -> Matching:
    """Columns without a known head, by what stands in them; a guess that people see as one."""
    found = dict(matching.columns)
    rows = range(matching.head + matching.lines if matching.head >= 0 else 0, len(sheet.rows))
    rows = rows[:SAMPLE]
    columns = {
        column: [sheet.rows[row][column] for row in rows if sheet.rows[row][column]]
        for column in range(sheet.width)
        if column not in found
    }
    tests: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
        ("number", lambda cells: all(re.fullmatch(r"\d{1,4}", cell) for cell in cells)),
        ("due", lambda cells: _most(cells, is_time)),
        ("lead", lambda cells: _most(cells, lambda cell: len(cell) <= 40 and bool(OFFICE.search(cell)))),
    )
    for meaning, fits in tests:
        if meaning in found.values():
            continue
        column = next((column for column, cells in columns.items() if cells and fits(cells)), None)
        if column is not None:
            found[column] = meaning
            del columns[column]
    if "task" not in found.values():
        length = {column: sum(map(len, cells)) for column, cells in columns.items() if cells}
        if length:
            found[max(length, key=lambda column: length[column])] = "task"
    for column, cells in columns.items():
        if cells and column not in found:
            found[column] = "other"
    return Matching(matching.head, dict(sorted(found.items())), matching.sure, matching.lines)


def _most(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return sum(bool(fits(cell)) for cell in cells) > 0.6 * len(cells)
