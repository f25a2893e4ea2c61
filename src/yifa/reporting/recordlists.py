"""The records behind a figure as a sequence: their number is known, lines are unpacked and words looked up when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, overload
from uuid import UUID

from yifa.ledger.figures.columns import Columns, Line, Said
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.models import Record
from yifa.reporting.wordsof import told

BATCH = 1000


class Share(NamedTuple):
    """Some of a figure's records: the part they make, or that each record's unit is its part."""

    columns: Columns
    part: str | None = None
    by_unit: bool = False


class RecordList(Sequence[CountedRecord]):
    """Records by day, those of one day in the order in which they came into the ledger."""

    def __init__(
        self,
        size: int,
        shares: Callable[[], Sequence[Share]],
        units: Mapping[int, str],
        known: int | None = None,
    ) -> None:
        self._size, self._load, self._units, self._known = size, shares, units, known

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> CountedRecord: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[CountedRecord]: ...
    def __getitem__(self, place: int | slice) -> CountedRecord | Sequence[CountedRecord]:
        if isinstance(place, slice):
            return tuple(self._told(self._ordered[place]))
        return next(iter(self._told([self._ordered[place]])))

    def __iter__(self) -> Iterator[CountedRecord]:
        return self._told(self._ordered)

    @cached_property
    def shares(self) -> Sequence[Share]:
        """The sets with what makes their parts."""
        return self._load()

    def lines(self) -> Iterator[Line]:
        """The lines with their parts, in no order, without words."""
        for columns, part, by_unit in self.shares:
            for line in columns.lines():
                if by_unit and line.part is None and line.said is None:
                    yield line._replace(part=self._units.get(line.unit, ""))
                else:
                    yield line if part is None or line.part is not None else line._replace(part=part)

    @cached_property
    def by_unit(self) -> Mapping[str, Decimal]:
        """What the records of each unit add, by the name it had."""
        found: dict[str, Decimal] = {}
        for line in self.lines():
            name = line.said.unit if line.said else self._units.get(line.unit, "")
            found[name] = found.get(name, Decimal(0)) + line.amount
        return found

    def days(self) -> Mapping[date, Decimal]:
        """What each day adds."""
        found: dict[int, Decimal] = {}
        for line in self.lines():
            found[line.day] = found.get(line.day, Decimal(0)) + line.amount
        return {date.fromordinal(day): value for day, value in sorted(found.items()) if day}

    def digests(self) -> Iterator[str]:
        """The digests of the records."""
        for share in self.shares:
            if share.columns.said is not None:
                yield from (said.digest for said in share.columns.said)
            else:
                yield from digests(share.columns.records).values()

    def words(self, lines: Sequence[Line]) -> Iterator[CountedRecord]:
        """Some of the lines as records."""
        return self._told(lines)

    @cached_property
    def _ordered(self) -> Sequence[Line]:
        return sorted(self.lines(), key=lambda line: (line.day, line.record, line.position))

    def _told(self, lines: Sequence[Line]) -> Iterator[CountedRecord]:
        return (_record(line, said) for line, said in told(lines, self._units, self._known))


def _record(line: Line, said: Said) -> CountedRecord:
    return CountedRecord(
        kind=said.kind,
        id=UUID(said.id),
        position=line.position,
        on=line.on,
        title=said.title,
        number=said.number,
        unit=said.unit,
        value=line.amount,
        part=line.part,
        digest=said.digest,
        act=said.act,
    )


def digests(records: Iterable[int]) -> dict[int, str]:
    """The digests of the ledger's records, by id: read in the order in which they lie."""
    wanted = sorted(records)
    return {
        record: digest
        for first in range(0, len(wanted), BATCH)
        for record, digest in Record.objects.filter(pk__in=wanted[first : first + BATCH])
        .order_by()
        .values_list("pk", "digest")
    }


def plain_list(columns: Iterable[Columns], units: Mapping[int, str]) -> RecordList:
    """Records as the ledger has them now."""
    shares = [Share(one) for one in columns if len(one)]
    return RecordList(sum(len(one.columns) for one in shares), lambda: shares, units)
