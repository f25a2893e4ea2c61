"""The table of a paper: which counting rule gives each figure it prints, and which figures no rule can give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml

from yifa.reading.document import Document, Figure

Because = Literal["contradiction", "target"]


@dataclass(frozen=True)
class Computed:
    """A figure that counting rules give: of one, or of several that the paper has thrown together.

    Attributes:
        each: "quarter": the figure is that of every quarter.
        kept: Of what the paper tells as a requirement, the gap list that is empty where it was kept.
    """

    figure: str
    subject: str
    rules: tuple[str, ...]
    part: str | None
    period: tuple[date, date] | None
    unit: str | None
    counts_in: str | None  # the ledger's word for the unit, where the paper has another
    each: str | None
    kept: str | None


@dataclass(frozen=True)
class Named:
    """A figure that is not computed, and why.

    Attributes:
        finding: The rule of the check-up that proves the contradiction.
        rule: What Yifa counts in its place; the value is `counted`.
    """

    figure: str
    subject: str
    because: Because
    finding: str | None
    rule: str | None
    counted: Decimal | None


@dataclass(frozen=True)
class Said:
    """What the paper says without a number."""

    rule: str
    value: Decimal
    period: tuple[date, date] | None
    unit: str | None


@dataclass(frozen=True)
class Table:
    """All rows of one paper."""

    path: Path
    paper: str
    computed: tuple[Computed, ...]
    named: tuple[Named, ...]
    said: tuple[Said, ...]

    @classmethod
    def read(cls, path: Path) -> Table:
        given = yaml.safe_load(path.read_text("utf-8"))
        return cls(
            path,
            given["paper"],
            tuple(_computed(row) for row in given["figures"]),
            tuple(
                Named(
                    row["figure"], row["subject"], row["because"], row.get("finding"), row.get("rule"),
                    _number(row.get("counted")),
                )
                for row in given.get("named", ())
            ),
            tuple(
                Said(row["rule"], Decimal(str(row["value"])), _period(row), row.get("unit"))
                for row in given.get("said", ())
            ),
        )  # fmt: skip

    def rows(self, figure: Figure) -> list[Computed | Named]:
        """The rows that speak of a figure."""
        rows: Sequence[Computed | Named] = (*self.computed, *self.named)
        return [row for row in rows if (row.figure, row.subject) == (figure.text, figure.subject)]

    def placed(self, document: Document) -> Iterator[tuple[Figure, Computed | Named]]:
        """Every figure of the paper with its row.

        Raises:
            AssertionError: A figure has none, or more than one.
        """
        for figure in document.figures:
            rows = self.rows(figure)
            assert len(rows) == 1, f"{self.paper}: {figure.text}（{figure.subject}）{len(rows)} rows"
            yield figure, rows[0]


def _computed(row: dict[str, Any]) -> Computed:
    rules = row.get("rules") or [row["rule"]]
    return Computed(
        row["figure"],
        row["subject"],
        tuple(rules),
        row.get("part"),
        _period(row),
        row.get("unit"),
        row.get("as"),
        row.get("each"),
        row.get("kept"),
    )


def _period(row: dict[str, Any]) -> tuple[date, date] | None:
    period = row.get("period")
    return (period[0], period[1]) if period else None


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
