"""The records behind a figure, read from the database when they are asked for, and only as many as are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, overload

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.slices import Piece, Slices
from yifa.ledger.figures.spans import SUMS, Reach, adds_up, tallies_of
from yifa.ledger.models import Case, CaseAct, CountedSpan, Entry, Record
from yifa.ledger.rows.tallies import MILLION, from_millionths
from yifa.procedures.spans import STATES

BATCH = 500  # records, cases asked for at once
AT_ONCE = 2000  # records read at once
Texts = Mapping[Any, tuple[str, str]]  # title and number, or title and key, by id


class Place(NamedTuple):
    """Where a record stands among the others, in their order, and all else that an index holds of it."""

    day: date
    record: int
    position: int
    pk: int
    tally: int
    organization: int
    amount: int
    told: str | None
    part: str | None


COLUMNS = (
    "day",
    "record_id",
    "position",
    "pk",
    "tally_id",
    "organization_id",
    "amount",
    "told",
    "part",
)
IN_ORDER = itemgetter(0, 1, 2, 3)  # by day, record, position; several of one act as they were stored


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
            return iter(self.standing_at(places_of(self.dated())))
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
        places = places_of(self.dated().filter(day__range=(days[0], days[-1])))
        return self.standing_at(places[first - skipped : last - skipped])

    def standing_at(self, places: Sequence[Place]) -> tuple[CountedRecord, ...]:
        """The records at these places: only of them are the ledger's record, the case or entry and the act looked up."""
        said: dict[int, tuple[Any, str]] = {}
        for some in _batches({place.record for place in places}):
            rows = Record.objects.filter(pk__in=some).order_by().values_list("pk", "subject_id", "digest")
            said.update((pk, (subject, digest)) for pk, subject, digest in rows)
        ids = {subject for subject, _ in said.values()}
        of_case = self.rule.case_type is not None
        texts = self._texts(ids)
        acts = self._acts(ids) if of_case else {}
        return tuple(
            self._record(place, *said[place.record], texts, acts)
            for place in places
            if place.record in said and said[place.record][0] in texts  # a damaged ledger lacks some
        )

    def _texts(self, ids: Collection[Any]) -> Texts:
        """Title and number of these cases, title and key of these entries."""
        model, names = (
            (Case, ("title", "number")) if self.rule.case_type is not None else (Entry, ("title", "key"))
        )
        return {
            id_: (title, number)
            for some in _batches(ids)
            for id_, title, number in model._default_manager.filter(pk__in=some)
            .order_by()
            .values_list("pk", *names)
        }

    def _acts(self, ids: Collection[Any]) -> Mapping[tuple[Any, int], str]:
        """The titles of the acts of these cases, by position."""
        kinds = catalogue().case_types[self.rule.case_type or ""].acts
        return {
            (case, position): kinds[act].title
            for some in _batches(ids)
            for case, position, act in CaseAct.objects.order_by()
            .filter(case_id__in=some)
            .values_list("case_id", "position", "act")
            if act in kinds
        }

    def _record(  # a place with what was looked up of it
        self, place: Place, id_: Any, digest: str, texts: Texts, acts: Mapping[tuple[Any, int], str]
    ) -> CountedRecord:
        title, number = texts[id_]
        unit = self.units[place.organization]
        listed = unit if self.rule.breakdown == "unit" else self.tallies[place.tally]
        return CountedRecord(
            kind="case" if self.rule.case_type is not None else "entry",
            id=id_,
            position=place.position,
            on=place.day,
            title=title,
            number=number,
            unit=unit,
            value=from_millionths(place.amount),
            part=listed if place.part is None else place.part,
            digest=digest,
            act=acts.get((id_, place.position), ""),
            told=place.told,
        )


def places_of(spans: QuerySet[Any]) -> list[Place]:
    """The places of spans with their day, in order; on SQLite an index holds what that takes."""
    return sorted(map(Place._make, spans.values_list(*COLUMNS)), key=IN_ORDER)


def _batches(ids: Collection[Any]) -> Iterator[list[Any]]:
    """Ids, so many at once as a database takes, in the order in which records lie."""
    ordered = sorted(ids)
    return (ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH))
