"""Tables of printed pages, found by the rules drawn around their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SNAP = 2.5  # rules nearer than this are one; thick frames and double lines
MOST_RULES = 3000  # on a page; more is a drawing
MOST_CELLS = 20_000
DITTO = "〃"  # what stands in the further rows of a cell that spans several: the tables' reader looks up


class Rule(NamedTuple):
    """A straight line along one axis: at `at` on the other one, from `begin` to `end`."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the edges of its rows and columns, and the cell each of its fields belongs to."""

    lefts: Sequence[float]
    tops: Sequence[float]
    owner: Sequence[int]  # by row × columns + column: the first field of the (merged) cell

    @property
    def left(self) -> float:
        """The left edge."""
        return self.lefts[0]

    @property
    def right(self) -> float:
        """The right edge."""
        return self.lefts[-1]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside the table."""
        return self.left <= x <= self.right and self.tops[0] <= y <= self.tops[-1]

    def cell(self, x: float, y: float) -> int:
        """The cell a point is in."""
        column = min(bisect_right(self.lefts, x), len(self.lefts) - 1) - 1
        row = min(bisect_right(self.tops, y), len(self.tops) - 1) - 1
        return self.owner[max(row, 0) * (len(self.lefts) - 1) + max(column, 0)]

    def refined(self, lefts: Sequence[float]) -> Grid:
        """The same table in the finer columns of the one it goes on with; unchanged where they do not fit."""
        near = [min((abs(left - other) for other in lefts), default=SNAP + 1) for left in self.lefts]
        ends = abs(self.left - lefts[0]) <= SNAP and abs(self.right - lefts[-1]) <= SNAP
        if not ends or max(near) > SNAP or len(lefts) <= len(self.lefts):
            return self
        columns, fine = len(self.lefts) - 1, len(lefts) - 1
        if fine * (len(self.tops) - 1) > MOST_CELLS:
            return self
        first = [min(range(fine), key=lambda place: abs(lefts[place] - left)) for left in self.lefts[:-1]]
        within = [max(bisect_right(first, place) - 1, 0) for place in range(fine)]
        owner = []
        for row in range(len(self.tops) - 1):
            for place in range(fine):
                old = self.owner[row * columns + within[place]]
                owner.append(old // columns * fine + first[old % columns])
        return Grid(lefts, self.tops, owner)

    def rows(self, texts: Mapping[int, str]) -> list[list[str]]:
        """The cells' texts by row. A cell that spans several rows says ditto in the further ones."""
        columns = len(self.lefts) - 1
        found = []
        for row in range(len(self.tops) - 1):
            line = []
            for column in range(columns):
                field = row * columns + column
                owner = self.owner[field]
                first = owner % columns == column
                text = texts.get(owner, "") if first else ""
                line.append(text if owner == field or not text else DITTO)
            found.append(line)
        return found


def blank_row(row: Iterable[str]) -> bool:
    """Whether a row says nothing but ditto."""
    return not any(text and text != DITTO for text in row)


def grids(across: Iterable[Rule], down: Iterable[Rule]) -> list[Grid]:
    """The tables that horizontal rules (`at` is y) and vertical rules (`at` is x) draw together."""
    across, down = _merged(across), _merged(down)
    if not across or not down or len(across) + len(down) > MOST_RULES:
        return []
    found = []
    for rows, columns in _together(across, down):
        grid = _grid(rows, columns)
        if grid is not None:
            found.append(grid)
    return found


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line drawn cell by cell, as one rule."""
    found: list[Rule] = []
    for rule in sorted(rules):
        for place in range(len(found) - 1, max(len(found) - 60, -1), -1):
            other = found[place]
            if rule.at - other.at > SNAP:
                continue
            if rule.begin <= other.end + SNAP and other.begin <= rule.end + SNAP:
                found[place] = Rule(other.at, min(rule.begin, other.begin), max(rule.end, other.end))
                break
        else:
            found.append(rule)
    return found


def _together(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch each other, as groups."""
    parent = list(range(len(across) + len(down)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.begin - SNAP <= column.at <= row.end + SNAP
                and column.begin - SNAP <= row.at <= column.end + SNAP
            ):
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(column)
    return list(groups.values())


def _edges(rules: Iterable[Rule]) -> list[float]:
    edges: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not edges or at - edges[-1] > SNAP:
            edges.append(at)
    return edges


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    tops, lefts = _edges(across), _edges(down)
    rows, columns = len(tops) - 1, len(lefts) - 1
    if rows < 1 or columns < 1 or not 2 <= rows * columns <= MOST_CELLS:
        return None
    owner = list(range(rows * columns))

    def root(field: int) -> int:
        while owner[field] != field:
            owner[field] = owner[owner[field]]
            field = owner[field]
        return field

    def join(one: int, other: int) -> None:
        first, second = sorted((root(one), root(other)))
        owner[second] = first

    for row in range(rows):
        middle = (tops[row] + tops[row + 1]) / 2
        for column in range(columns - 1):
            if not _drawn(down, lefts[column + 1], middle):
                join(row * columns + column, row * columns + column + 1)
    for column in range(columns):
        middle = (lefts[column] + lefts[column + 1]) / 2
        for row in range(rows - 1):
            if not _drawn(across, tops[row + 1], middle):
                join(row * columns + column, (row + 1) * columns + column)
    return Grid(lefts, tops, [root(field) for field in range(rows * columns)])


def _drawn(rules: list[Rule], at: float, through: float) -> bool:
    """Whether a rule at this place passes this point."""
    return any(
        abs(rule.at - at) <= SNAP and rule.begin - SNAP <= through <= rule.end + SNAP for rule in rules
    )
