"""A figure and what stands behind it, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

from yifa.ledger.chain.canonical import canonical, sm3

Status = Literal["counted", "no_power", "not_collected"]


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """One thing behind a figure.

    Attributes:
        kind: "case", "entry" or "organization".
        id: Of the case or entry; of an organization that of its chain of records.
        position: The counted act's entry position in the case; 0 for an entry.
        on: The day that places it in the period.
        unit: The organization's name.
        part: Its part of the breakdown.
        digest: Of the record that says so.
        act: Title of the counted act; "" for an entry.
        told: What tells it apart, where different ones are counted.
    """

    kind: str
    id: UUID
    position: int
    on: date
    title: str
    number: str
    unit: str
    value: Decimal
    part: str | None
    digest: str
    act: str = ""
    told: str | None = None


@runtime_checkable
class Summary(Protocol):
    """Records that can say some things of themselves without being read."""

    def digests(self) -> Iterable[str]:
        """The digests of the records."""

    def days(self) -> Mapping[date, Decimal]:
        """What each day adds."""


@dataclass(frozen=True)
class Counted:
    """A figure.

    Attributes:
        rule: The counting rule's id; `version` its version, `unit` its unit.
        value: None where the level has no such power, it is not collected, or a rate has nothing to divide by.
        status: "counted" (0 is a result), "no_power" (本级无此职权), "not_collected" (未采集).
        records: Read when they are asked for; a page asks for a slice.
        parts: The breakdown; adds up to the value.
        missing: Names of units below that declared not to collect it; the value is without them.
    """

    rule: str
    version: int
    value: Decimal | None
    status: Status
    unit: str
    start: date
    end: date
    records: Sequence[CountedRecord] = ()
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    numerator: Counted | None = None
    denominator: Counted | None = None
    missing: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SM3 over the sorted digests of the records behind it; of a rate over those of its two figures."""
        if self.numerator is not None and self.denominator is not None:
            return sm3(canonical([self.numerator.digest, self.denominator.digest]).encode())
        return record_set_digest(self.records)

    @cached_property
    def days(self) -> Mapping[date, Decimal]:
        """What the records of each day add."""
        if isinstance(self.records, Summary):
            return self.records.days()
        found: dict[date, Decimal] = defaultdict(Decimal)
        for record in self.records:
            found[record.on] += record.value
        return found


def record_set_digest(records: Iterable[CountedRecord]) -> str:
    """SM3 over the canonical list of the records' digests in ascending order."""
    return digest_of(
        records.digests() if isinstance(records, Summary) else (record.digest for record in records)
    )


def digest_of(digests: Iterable[str]) -> str:
    """SM3 over digests as canonical JSON, which can be put together from them, since they are hexadecimal."""
    ordered = sorted(digests)
    return sm3(('["' + '","'.join(ordered) + '"]' if ordered else "[]").encode())


def order_of(record: CountedRecord) -> tuple[date, str, str, int]:
    """The order in which records are shown."""
    return record.on, record.number, str(record.id), record.position
