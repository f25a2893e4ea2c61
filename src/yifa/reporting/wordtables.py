"""The tables and charts of a Word file brought back: their figures come from the ledger, so no change of them is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yifa.reporting.blocks import TAB, ChartBlock, Piece, Shown, TableBlock
from yifa.reporting.content import Paper

_BETWEEN = re.compile(r"[\t|｜]|\s{2,}")


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell, or a whole row (rule ""), that stands otherwise in the file; "" where it was added or taken out."""

    section: int | None
    rule: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Tables:
    """What the file has of tables and charts: the lines left over, what was changed, the captions of those it lost."""

    left: tuple[str, ...]
    changed: tuple[ChangedCell, ...]
    lost: tuple[str, ...]


def taken_out(lines: Sequence[str], content: Paper) -> Tables:
    """The file's lines without those of tables and charts, and what became of these."""
    rows = {place: cells for place, line in enumerate(lines) if len(cells := _cells(line)) > 1}
    heads = [
        [_tight(one) for one in block.header] for block in content.blocks if isinstance(block, TableBlock)
    ]
    gone = {place for place, cells in rows.items() if cells in heads}
    changed: list[ChangedCell] = []
    lost: list[str] = []
    for block in content.blocks:
        if not isinstance(block, TableBlock | ChartBlock):
            continue
        free = {place: one for place, one in rows.items() if place not in gone}
        caption = {place for place, line in enumerate(lines) if _tight(line) == _tight(block.caption)}
        if isinstance(block, ChartBlock):
            drawn = {_tight(line) for line in block.text.splitlines()}
            found = {place for place, line in enumerate(lines) if place not in gone and _tight(line) in drawn}
        else:
            found, wrong = _compare(block, free, named=bool(caption))
            changed += wrong if found else []
        if not found:
            lost.append(block.caption)
        gone |= found | caption
    left = tuple(line for place, line in enumerate(lines) if place not in gone)
    return Tables(left, tuple(changed), tuple(lost))


def _tight(text: str) -> str:
    return "".join(text.split())


def _cells(line: str) -> list[str]:
    return [
        _tight(part) for part in (line.split(TAB) if TAB in line else _BETWEEN.split(line)) if part.strip()
    ]


def _compare(
    block: TableBlock, rows: dict[int, list[str]], *, named: bool
) -> tuple[set[int], list[ChangedCell]]:
    """Where the table's rows stand in the file, and what is otherwise there. `named`: its caption stands there."""
    found: set[int] = set()
    missing: list[tuple[Piece, ...]] = []
    for row in block.rows:
        wanted = [_tight(cell.text) for cell in row if cell.text.strip()]
        place = next((at for at, cells in rows.items() if at not in found and cells == wanted), None)
        if place is None:
            missing.append(row)
        else:
            found.add(place)
    if not found and not named:
        return found, []
    changed: list[ChangedCell] = []
    for row in missing:
        place = next(
            (at for at, cells in rows.items() if at not in found and cells[0] == _tight(row[0].text)), None
        )
        if place is None:
            changed.append(ChangedCell(block.section, "", "　".join(cell.text for cell in row), ""))
            continue
        found.add(place)
        changed += _differing(block, row, rows[place])
    last = max(found, default=-1)
    while len(rows.get(last + 1, ())) == len(block.header) and found:  # behind its last row
        last += 1
    inside = range(min(found, default=0), last + 1)
    for place in [place for place in inside if place in rows and place not in found]:  # rows that were put in
        found.add(place)
        changed.append(ChangedCell(block.section, "", "", "　".join(rows[place])))
    return found, changed


def _differing(block: TableBlock, row: Sequence[Piece], cells: Sequence[str]) -> list[ChangedCell]:
    """Cell by cell, where the row has as many; else the row as a whole."""
    filled = [cell for cell in row if cell.text.strip()]
    if len(filled) != len(cells):
        return [ChangedCell(block.section, "", "　".join(cell.text for cell in row), "　".join(cells))]
    return [
        ChangedCell(
            block.section,
            cell.rule if isinstance(cell, Shown) else "",
            f"{row[0].text} {cell.text}",
            f"{row[0].text} {became}",
        )
        for cell, became in zip(filled, cells, strict=True)
        if _tight(cell.text) != became
    ]
