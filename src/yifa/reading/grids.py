"""Tables of figures: a number in a cell takes its unit and its name from the head of its column and of its row.

Cells are divided by tabs, as the readers of docx, xlsx and pages write them; 「〃」 stands for the cell above. What has
no unit anywhere (neither in the cell, nor in the head, the row or above the table) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from yifa.reading.counting_words import unit_pattern
from yifa.reading.document import Span
from yifa.reading.lexicon import words
from yifa.reading.numerals import SCALES

DITTO = ("〃", "同上")
YEAR = re.compile(r"(?:19|20)\d\d")
BRACKETED = re.compile(r"[（(]([^（）()]{1,12})[）)]\s*\Z")
STATED = re.compile(r"(?:计量)?单位[：:]\s*([^\s，。；）)\t]{1,8})")
OF_GROUP = re.compile(
    r"(?:数量?|件数|次数)[（(]([^\s，。；（）()]{1,6})[)）]\s*\Z"
)  # 「行政处罚实施数量（宗）」 above the head
RATE = ("率", "占比", "比例", "比重", "增幅", "降幅", "同比", "环比", "增减")
LONGEST_TABLE = 5000  # rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table."""

    row: int
    column: int
    span: Span
    number: str
    value: float
    scale: float
    unit: str
    subject: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers of one table, and which rows and columns hold totals."""

    cells: tuple[Cell, ...]
    total_rows: tuple[int, ...]
    total_columns: tuple[int, ...]

    def sums(self) -> Iterator[tuple[Span, Span]]:
        """(part, whole): a cell and the total of its column, else of its row."""
        by_place = {(cell.row, cell.column): cell for cell in self.cells}
        for cell in self.cells:
            whole = self._whole(cell, by_place)
            if whole is not None and whole.unit == cell.unit and cell.unit not in ("%", "‰"):
                yield cell.span, whole.span

    def _whole(self, cell: Cell, by_place: dict[tuple[int, int], Cell]) -> Cell | None:
        if cell.row not in self.total_rows and self.total_rows:
            below = [row for row in self.total_rows if row > cell.row]
            return by_place.get((below[0] if below else self.total_rows[-1], cell.column))
        if cell.column not in self.total_columns and self.total_columns:
            return by_place.get((cell.row, self.total_columns[0]))
        return None


@dataclass(frozen=True, slots=True)
class _Line:
    cells: tuple[str, ...]
    spans: tuple[Span, ...]


def grids(text: str) -> tuple[Grid, ...]:
    """All tables of figures, in order of the text."""
    if "\t" not in text:
        return ()
    found = (
        _grid(lines, text[max(lines[0].spans[0][0] - 120, 0) : lines[0].spans[0][0]])
        for lines in _tables(text)
    )
    return tuple(grid for grid in found if grid is not None)


def _tables(text: str) -> Iterator[list[_Line]]:
    """Lines with tabs that follow each other."""
    lines: list[_Line] = []
    position = 0
    for line in text.split("\n"):
        if "\t" in line:
            lines.append(_cells(line, position))
        elif lines:
            yield lines
            lines = []
        position += len(line) + 1
    if lines:
        yield lines


def _cells(line: str, position: int) -> _Line:
    cells, spans = [], []
    for raw in line.split("\t"):
        cell = raw.strip(" \u3000")
        start = position + raw.find(cell) if cell else position
        cells.append(cell)
        spans.append((start, start + len(cell)))
        position += len(raw) + 1
    return _Line(tuple(cells), tuple(spans))


@cache
def _numeric() -> re.Pattern[str]:
    units = unit_pattern(words("measures")["units"])
    return re.compile(
        r"(?P<number>[-−－+]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?) ?"
        rf"(?P<own>％|(?:万亿|亿|万|千|百)?(?:{units}))?"
    )


def _is_number(cell: str) -> bool:
    return len(cell) < 30 and _numeric().fullmatch(cell) is not None and YEAR.fullmatch(cell) is None


def _grid(lines: Sequence[_Line], above: str) -> Grid | None:
    lines = lines[:LONGEST_TABLE]
    first = next((place for place, line in enumerate(lines) if any(map(_is_number, line.cells[1:]))), None)
    if not first:  # no number, or no head
        return None
    heads = _heads(lines[:first])
    if len([head for head in heads if head]) < 2:
        return None
    stated = STATED.search(
        "\n".join([above.rsplit("\n\n", 1)[-1], *("\t".join(line.cells) for line in lines[:first])])
    )
    stated = stated or OF_GROUP.search(above)
    cells: list[Cell] = []
    total_rows: list[int] = []
    labels: list[str] = [""] * len(heads)
    for row, line in enumerate(lines[first:], first):
        if len(line.cells) != len(heads):
            continue
        labels = [
            labels[place] if cell in DITTO else "" if _is_number(cell) else cell
            for place, cell in enumerate(line.cells)
        ]
        if any(_is_total(label) for label in labels):
            total_rows.append(row)
        cells += _numbers(row, line, labels, heads, stated[1] if stated else "")
    if not cells:
        return None
    used = {cell.column for cell in cells}
    return Grid(
        tuple(cells),
        tuple(total_rows),
        tuple(place for place in sorted(used) if _is_total(_bare(heads[place]))),
    )


def _heads(lines: Sequence[_Line]) -> list[str]:
    """The head of each column; in a head of two rows a group's name stands over several columns."""
    width = len(lines[-1].cells)
    levels = [line.cells for line in lines if len(line.cells) == width][-3:]
    heads = [""] * width
    for level, cells in enumerate(levels):
        group = ""
        for place, cell in enumerate(cells):
            group = cell or (group if level < len(levels) - 1 and cells[0] else "")
            if group and group not in DITTO and group not in heads[place]:
                heads[place] += group
    return heads


def _is_total(label: str) -> bool:
    return re.sub(r"\s", "", label) in words("measures")["totals"]


def _bare(head: str) -> str:
    return BRACKETED.sub("", head).strip()


def _numbers(
    row: int, line: _Line, labels: Sequence[str], heads: Sequence[str], stated: str
) -> Iterator[Cell]:
    no_figures = words("measures")["no_figures"]
    unit_column = next((place for place, head in enumerate(heads) if head in ("单位", "计量单位")), -1)
    if unit_column >= 0 and not _known(labels[unit_column])[1]:
        unit_column = -1  # 单位 is a body as well
    naming = [
        place
        for place, label in enumerate(labels)
        if label and place != unit_column and _bare(heads[place]) not in no_figures
    ]
    for column, text in enumerate(line.cells):
        match = _numeric().fullmatch(text) if _is_number(text) else None
        if match is None or not heads[column] or _bare(heads[column]) in no_figures:
            continue
        own = [labels[place] for place in naming if place < column]
        of_row = [labels[unit_column]] if unit_column >= 0 else []
        of_row += [_in_brackets(label) for label in reversed(own)]
        scale, unit = _unit(match["own"] or "", heads[column], of_row, stated)
        if not unit:
            continue
        digits = re.sub(r"[,+]", "", match["number"]).replace("−", "-").replace("－", "-")
        subject = _subject("".join(map(_bare, own)), _bare(heads[column]))
        number = digits.lstrip("-")
        yield Cell(row, column, line.spans[column], number, float(digits), scale, unit, subject)


def _subject(name: str, head: str) -> str:
    """「甲镇」 and 「立案数」 make 甲镇立案数; a year stands in front; 数量 names nothing."""
    if head in words("measures")["plain_heads"]:
        return name or head
    return (f"{head}{name}" if YEAR.match(head) else f"{name}{head}")[:40]


def _in_brackets(label: str) -> str:
    match = BRACKETED.search(label)
    return match[1] if match else ""


def _unit(own: str, head: str, of_row: Sequence[str], stated: str) -> tuple[float, str]:
    """The scale and unit: of the cell, of the column, of the row, of the table, or of the column's name (件数)."""
    for name in (own, _in_brackets(head), *of_row):
        scale, unit = _known(name)
        if unit:
            return scale, unit
    bare = _bare(head)
    if bare.endswith(RATE):  # a rate without its sign: points, percent or a share
        return 1.0, ""
    scale, unit = _known(stated)
    return (scale, unit) if unit else (1.0, words("measures")["counted_heads"].get(bare[-2:], ""))


@cache
def _scaled_unit() -> re.Pattern[str]:
    return re.compile(
        rf"(?:单位[：:])?(?P<scale>万亿|亿|万|千|百)?(?P<unit>{unit_pattern(words('measures')['units'])})"
    )


def _known(name: str) -> tuple[float, str]:
    match = _scaled_unit().fullmatch(name.replace("％", "%").strip())
    return (SCALES[match["scale"] or ""], match["unit"]) if match else (1.0, "")
