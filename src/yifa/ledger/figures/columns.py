"""The records behind a figure as columns: small enough to keep, plain enough to be read without a program.

Packed they are JSON under zlib: `record` the ids of the ledger's records, each less the one before; `day` as days since
`from`; `value` in millionths (text where finer), left out where all are 1; `unit` the ids of organizations; `part` and
`act` where the figure or the case do not tell them; `said` what stands nowhere else.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple, TypeVar

from yifa.ledger.chain.canonical import canonical
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.rows.tallies import MILLION, from_millionths, in_millionths

T = TypeVar("T")
PAGE = 4000  # lines packed together


class Said(NamedTuple):
    """What a record says in its own words, where they cannot be had from the ledger."""

    kind: str
    id: str
    title: str
    number: str
    unit: str
    act: str
    digest: str


class Line(NamedTuple):
    """One record as a figure counts it. `record` is the id of the ledger's record, 0 where that is not known."""

    record: int
    position: int
    day: int
    unit: int
    value: int | str
    part: str | None
    act: str | None
    said: Said | None

    @property
    def on(self) -> date:
        """The day that places it in the period; the first of all days where it has none."""
        return date.fromordinal(self.day) if self.day else date.min

    @property
    def amount(self) -> Decimal:
        """What it adds."""
        return from_millionths(self.value) if isinstance(self.value, int) else Decimal(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Lines in the order of their records, column by column; None: the same for all of them."""

    records: Sequence[int] = ()
    positions: Sequence[int] = ()
    days: Sequence[int] = ()
    units: Sequence[int] = ()
    values: Sequence[int | str] | None = None
    parts: Sequence[str | None] | None = None
    acts: Sequence[str] | None = None
    said: Sequence[Said] | None = None

    def __len__(self) -> int:
        return len(self.records)

    def lines(self) -> Iterator[Line]:
        """The lines one by one."""
        every = len(self.records)
        return map(
            Line,
            self.records,
            self.positions,
            self.days,
            self.units,
            _or(self.values, MILLION, every),
            _or(self.parts, None, every),
            _or(self.acts, None, every),
            _or(self.said, None, every),
        )

    def pages(self) -> Iterator[Columns]:
        """The same in pages of so many lines as are packed together."""
        for first in range(0, len(self.records), PAGE):
            yield _columns(
                [None if column is None else column[first : first + PAGE] for column in _each(self)]
            )


def joined(pages: Sequence[Columns]) -> Columns:
    """Pages of one set as one."""
    if len(pages) < 2:
        return pages[0] if pages else Columns()
    sides = zip(*map(_each, pages), strict=True)
    return _columns([None if side[0] is None else list(chain.from_iterable(side)) for side in sides])


def _each(given: Columns) -> list[Any]:
    return [getattr(given, one.name) for one in fields(given)]


def _columns(each: Sequence[Any]) -> Columns:
    return Columns(*each)


def _or(column: Sequence[T] | None, otherwise: T, every: int) -> Iterable[T]:
    return column if column is not None else [otherwise] * every


def of_records(records: Iterable[CountedRecord], ids: Callable[[Sequence[str]], dict[str, int]]) -> Columns:
    """Records in their own words; `ids` gives the ids of the ledger's records by their digests."""
    given = list(records)
    known = ids([record.digest for record in given]) if given else {}
    rows = sorted((known.get(one.digest, 0), place) for place, one in enumerate(given))
    ordered = [(record, given[place]) for record, place in rows]
    return Columns(
        records=[record for record, _ in ordered],
        positions=[one.position for _, one in ordered],
        days=[0 if one.on == date.min else one.on.toordinal() for _, one in ordered],
        units=[0] * len(ordered),
        values=plain([_value(one.value) for _, one in ordered]),
        parts=None if all(one.part is None for _, one in ordered) else [one.part for _, one in ordered],
        said=[
            Said(one.kind, str(one.id), one.title, one.number, one.unit, one.act, one.digest)
            for _, one in ordered
        ],
    )


def _value(value: Decimal) -> int | str:
    stored = in_millionths(value)
    return format(value, "f") if stored is None else stored


def plain(values: Sequence[T]) -> Sequence[T] | None:
    """Values, or nothing where each is 1."""
    return None if all(value == MILLION for value in values) else values


def written(page: Columns) -> bytes:
    """A page as text, before it is compressed: of this the digest of a set is made."""
    first = min((day for day in page.days if day), default=0)
    told: dict[str, Any] = {
        "record": [after - before for before, after in pairwise([0, *page.records])],
        "position": list(page.positions),
        "from": first,
        "day": [day - first if day else None for day in page.days],
        "unit": list(page.units),
    }
    for name, column in (
        ("value", page.values),
        ("part", page.parts),
        ("act", page.acts),
        ("said", page.said),
    ):
        if column is not None:
            told[name] = list(column)
    return canonical(told).encode()


def pack(text: bytes) -> bytes:
    """The text of a page as stored."""
    return zlib.compress(text, 3)


def unpack(packed: bytes | memoryview) -> Columns:
    """A stored page."""
    told = json.loads(zlib.decompress(packed))
    said = told.get("said")
    return Columns(
        records=list(accumulate(told["record"])),
        positions=told["position"],
        days=[0 if day is None else told["from"] + day for day in told["day"]],
        units=told["unit"],
        values=told.get("value"),
        parts=told.get("part"),
        acts=told.get("act"),
        said=None if said is None else [Said(*one) for one in said],
    )
