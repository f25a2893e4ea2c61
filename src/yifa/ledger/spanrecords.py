"""The records behind a figure, read from the database when they are asked for, and only as many as are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, overload
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.counted import CountedRecord
from yifa.ledger.models import CaseAct, CountedSpan, Record
from yifa.ledger.slices import Piece, Slices
from yifa.ledger.spans import SUMS, Reach, adds_up, tallies_of
from yifa.ledger.tallies import MILLION, from_millionths
from yifa.procedures.spans import STATES

BATCH = 500  # cases asked for at once
AT_ONCE = 2000  # records read at once
FEW = 200  # records that are read although not all are wanted
COLUMNS = (
    "position",
    "on",
    "amount",
    "told",
    "part",
    "tally_id",
    "organization_id",
    "record__digest",
    "record_id",
    "pk",
)
Place = tuple[
    date, int, int
]  # where a record stands among the others: its day, record of the ledger, position


@dataclass(eq=False)
class SpanRecords(Sequence[CountedRecord]):
    """A figure's records by day, those of one day as they came into the ledger. `size` is known, the rest is looked up."""

    rule: CountingRule
    key: int
    reach: Reach
    units: Mapping[int, str]
    size: int
    known: Mapping[int, str | None] | None = None
    slices: Slices | None = None  # shared by figures of one reach

    def pieces(self) -> list[Piece]:
        """The records as columns, read together with those of other figures where there are such."""
        return (self.slices or Slices()).pieces(self)

    @cached_property
    def tallies(self) -> Mapping[int, str | None]:
        """The tallies the rule is in, with its part."""
        return tallies_of(self.key) if self.known is None else self.known

    def __getstate__(self) -> dict[str, Any]:
        """What others read is not remembered with a figure."""
        return {**self.__dict__, "slices": None}

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, place: int) -> CountedRecord: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[CountedRecord, ...]: ...
    def __getitem__(self, place: int | slice) -> CountedRecord | tuple[CountedRecord, ...]:
        if isinstance(place, slice):
            first, last, step = place.indices(self.size)
            return self._between(first, last)[::step] if step > 0 else tuple(self)[place]
        at = range(self.size)[place]
        return self._between(at, at + 1)[0]

    def __iter__(self) -> Iterator[CountedRecord]:
        if self.size <= AT_ONCE:
            return iter(self._read(self._spans()))
        firsts = range(0, self.size, AT_ONCE)
        return chain.from_iterable(self._between(first, min(first + AT_ONCE, self.size)) for first in firsts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            one == another for one, another in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def digests(self) -> Iterator[str]:
        """The digests of the records, in no order."""
        return self._spans().values_list("record__digest", flat=True).iterator(chunk_size=10_000)

    def days(self) -> Mapping[date, Decimal]:
        """What each day adds, in order."""
        rows = self.dated().values("day").annotate(many=SUMS["many"], whole=SUMS["whole"], rest=SUMS["rest"])
        return {row["day"]: self._added(row) for row in sorted(rows, key=itemgetter("day"))}

    def _added(self, row: Mapping[str, Any]) -> Decimal:
        if not adds_up(self.rule):
            return Decimal(row["many"])
        return from_millionths((row["whole"] or 0) * MILLION + (row["rest"] or 0))

    @cached_property
    def _many(self) -> list[tuple[date, int]]:
        """How many there are of each day."""
        return sorted(self.dated().values_list("day").annotate(many=Count("*")))

    def _spans(self) -> QuerySet[CountedSpan]:
        return self.reach.spans(self.rule).filter(tally_id__in=list(self.tallies))

    def dated(self) -> QuerySet[Any]:
        """The spans with their day. Of what stands it is no bare column, else a database reads by day, not what stands."""
        spans = self._spans()
        if self.rule.counts in STATES:
            return spans.annotate(day=Coalesce("on", "on"))
        return spans.annotate(day=F("on"))

    def _between(self, first: int, last: int) -> tuple[CountedRecord, ...]:
        """Those from one place until before another. Days tell where they lie, places within the days which they are."""
        if first >= last:
            return ()
        seen, days, skipped = 0, [], 0
        for day, many in self._many:
            if seen + many <= first:
                skipped = seen + many
            elif seen < last:
                days.append(day)
            else:
                break
            seen += many
        if not days:
            return ()
        spans = self.dated().filter(day__range=(days[0], days[-1]))
        first, last = first - skipped, last - skipped
        if seen - skipped <= FEW:
            return tuple(self._read(spans)[first:last])
        return self.standing_at(places_of(spans), first, last, spans)

    def standing_at(
        self, places: Sequence[Place], first: int, last: int, spans: QuerySet[Any]
    ) -> tuple[CountedRecord, ...]:
        """The records of some of these places; `spans` are those that have all of them, and no others."""
        wanted = {record for _, record, _ in places[first:last]}
        before = sum(record in wanted for _, record, _ in places[:first])
        found = self._read(spans.filter(**self._about(wanted)), wanted)
        return tuple(found[before : before + last - first])

    def _about(self, records: Collection[int]) -> dict[str, list[UUID]]:
        """Whose spans to look at for these records of the ledger: cases and entries find theirs by an index."""
        about = list(Record.objects.filter(pk__in=records).order_by().values_list("subject_id", flat=True))
        return {"case_id__in" if self.rule.case_type is not None else "entry_id__in": about}

    def _read(self, spans: QuerySet[Any], among: Collection[int] | None = None) -> list[CountedRecord]:
        of_case = self.rule.case_type is not None
        names = (
            ("case_id", "case__title", "case__number")
            if of_case
            else ("entry_id", "entry__title", "entry__key")
        )
        rows = sorted(spans.values_list(*names, *COLUMNS), key=_place)
        rows = rows if among is None else [row for row in rows if row[11] in among]
        acts = self._acts(rows) if of_case else {}
        return [self._record(row, acts) for row in rows]

    def _acts(self, rows: Sequence[Sequence[Any]]) -> Mapping[tuple[Any, int], str]:
        """The titles of the acts of these cases, by position."""
        kinds = catalogue().case_types[self.rule.case_type or ""].acts
        ids = list({row[0] for row in rows})
        return {
            (case, position): kinds[act].title
            for first in range(0, len(ids), BATCH)
            for case, position, act in CaseAct.objects.order_by()
            .filter(case_id__in=ids[first : first + BATCH])
            .values_list("case_id", "position", "act")
            if act in kinds
        }

    def _record(self, row: Sequence[Any], acts: Mapping[tuple[Any, int], str]) -> CountedRecord:
        id_, title, number, position, on, amount, told, part, tally, organization, digest, *_ = row
        unit = self.units[organization]
        listed = unit if self.rule.breakdown == "unit" else self.tallies[tally]
        return CountedRecord(
            kind="case" if self.rule.case_type is not None else "entry",
            id=id_,
            position=position,
            on=on,
            title=title,
            number=number,
            unit=unit,
            value=from_millionths(amount),
            part=listed if part is None else part,
            digest=digest,
            act=acts.get((id_, position), ""),
            told=told,
        )


def places_of(spans: QuerySet[Any]) -> list[Place]:
    """The places of spans with their day, in order; an index holds what that takes."""
    return sorted(spans.values_list("day", "record_id", "position"))


def _place(row: Sequence[Any]) -> tuple[Any, ...]:
    """By day, record, position; several of one act as they were stored."""
    return row[4], row[11], row[3], row[12]
