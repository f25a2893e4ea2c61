"""A figure as computed, before it is stored; from the ledger's counting or from `facts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from yifa.law.schema import Basis
from yifa.ledger.figures.counted import Counted, CountedRecord, record_set_digest


@dataclass(frozen=True)
class Computed:
    """A figure with everything that explains it. `counted_from`: what it was made from, where a rule counts it."""

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
    records: Sequence[CountedRecord]
    counted_from: Counted | None = None
    numerator: str = ""
    denominator: str = ""

    @cached_property
    def digest(self) -> str:
        """The digest of the records behind it; of a rate that of its two figures."""
        return record_set_digest(self.records) if self.counted_from is None else self.counted_from.digest

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to report: 0, or a rate over nothing."""
        return self.status == "counted" and not self.value

    @property
    def counted(self) -> bool:
        """Whether the figure has been counted at all."""
        return self.status == "counted"
