"""A figure as computed, before it is stored; from the ledger's counting or from `facts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yifa.law.schema import Basis


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record behind a figure, with what a reader needs to recognise it."""

    kind: str  # case | entry | organization | plan
    id: str
    position: int
    on: date | None
    title: str
    number: str
    unit: str
    act: str
    value: Decimal
    part: str | None
    digest: str

    def as_json(self) -> dict[str, Any]:
        """For storage: days and values as text."""
        return {
            **asdict(self),
            "on": self.on.isoformat() if self.on else None,
            "value": format(self.value, "f"),
        }


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure with everything that explains it."""

    rule: str
    version: int
    title: str
    explain: str
    basis: Basis | None
    unit: str
    status: str  # counted | no_power | not_collected
    value: Decimal | None
    parts: Mapping[str, Decimal]
    parts_title: str
    records: tuple[RecordLine, ...]
    digest: str
    numerator: str = ""
    denominator: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to report: 0, or a rate over nothing."""
        return self.status == "counted" and not self.value

    @property
    def counted(self) -> bool:
        """Whether the figure has been counted at all."""
        return self.status == "counted"
