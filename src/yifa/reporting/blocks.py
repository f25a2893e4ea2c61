"""The blocks a report is printed from: headings, paragraphs, tables and charts, with their live figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TAB = "\t"  # between the cells of a table in plain text, as the readers of Word and Excel files write it


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as printed. `part` names one part of its breakdown, `month` (2025-03) one month of it; `known` is False
    for a placeholder without figure."""

    text: str
    rule: str
    part: str | None = None
    known: bool = True
    month: str = ""


Piece = Words | Shown


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a section, the opening and closing lines among them."""

    pieces: tuple[Piece, ...]
    section: int | None

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading with its number."""

    level: int
    number: str
    title: str
    section: int

    @property
    def text(self) -> str:
        """The heading as plain text."""
        return f"{self.number}{self.title}"


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption; the cells of `rows` are words or live figures, `numeric` the columns of numbers."""

    number: str  # 表1
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]
    numeric: frozenset[int]
    section: int | None

    @property
    def caption(self) -> str:
        """What stands above it."""
        return f"{self.number}　{self.title}"

    @property
    def text(self) -> str:
        """Caption and rows, the cells divided by tabs."""
        lines = (TAB.join(cell.text for cell in row) for row in self.rows)
        return "\n".join((self.caption, TAB.join(self.header), *lines))


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One figure over all labels of a chart; `values` are exact decimals as text."""

    name: str
    values: tuple[str, ...]
    marks: tuple[Shown, ...]  # what each mark says and opens


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart with its caption. `kind`: months stand upright side by side (column), names lie below each other (bar)."""

    number: str  # 图1
    title: str
    kind: Literal["column", "bar"]
    unit: str
    labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    section: int | None

    @property
    def caption(self) -> str:
        """What stands below it."""
        return f"{self.number}　{self.title}（单位：{self.unit}）"

    @property
    def text(self) -> str:
        """The rows it is drawn from and the caption, as a reader of the Word file gives them."""
        head = TAB.join(("", *(one.name for one in self.series)))
        columns = (one.values for one in self.series)
        rows = (TAB.join(cells) for cells in zip(self.labels, *columns, strict=True))
        return "\n".join((head, *rows, self.caption))

    @property
    def described(self) -> str:
        """All numbers in words, for those who do not see the chart."""
        return "；".join(f"{one.name}：{'，'.join(self._said(one))}" for one in self.series) + "。"

    def _said(self, series: ChartSeries) -> Iterator[str]:
        for label, mark in zip(self.labels, series.marks, strict=True):
            yield f"{label}{mark.text}{self.unit}"


Block = HeadingLine | Paragraph | TableBlock | ChartBlock
