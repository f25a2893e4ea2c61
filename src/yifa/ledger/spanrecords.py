"""The records behind a figure, read from the database when they are asked for, and only as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, overload

from django.db.models import Count, QuerySet

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.counted import CountedRecord, order_of
from yifa.ledger.models import CaseAct, CountedSpan
from yifa.ledger.spans import SUMS, Reach, adds_up, tallies_of
from yifa.ledger.tallies import MILLION, from_millionths

BATCH = 500  # cases asked for at once
COLUMNS = ("position", "on", "amount", "told", "part", "tally_id", "organization_id", "record__digest")


@dataclass(eq=False)
class SpanRecords(Sequence[CountedRecord]):
    """A figure's records in their order. `size` is known; everything else is looked up."""

    rule: CountingRule
    key: int
    reach: Reach
    units: Mapping[int, str]
    size: int
    known: Mapping[int, str | None] | None = None

    @cached_property
    def tallies(self) -> Mapping[int, str | None]:
        """The tallies the rule is in, with its part."""
        return tallies_of(self.key) if self.known is None else self.known

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
        return iter(self._read(self._spans()))

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
        rows = self._spans().values("on").annotate(many=SUMS["many"], whole=SUMS["whole"], rest=SUMS["rest"])
        return {row["on"]: self._added(row) for row in rows.order_by("on")}

    def _added(self, row: Mapping[str, Any]) -> Decimal:
        if not adds_up(self.rule):
            return Decimal(row["many"])
        return from_millionths((row["whole"] or 0) * MILLION + (row["rest"] or 0))

    def _spans(self) -> QuerySet[CountedSpan]:
        return self.reach.spans(self.rule).filter(tally_id__in=list(self.tallies))

    def _between(self, first: int, last: int) -> tuple[CountedRecord, ...]:
        """Those from one place until before another. Days tell where they lie, so only theirs are read."""
        if first >= last:
            return ()
        seen, days, skipped = 0, [], 0
        for day, many in self._spans().values_list("on").annotate(many=Count("*")).order_by("on"):
            if seen + many <= first:
                skipped = seen + many
            elif seen < last:
                days.append(day)
            else:
                break
            seen += many
        found = self._read(self._spans().filter(on__range=(days[0], days[-1]))) if days else []
        return tuple(found[first - skipped : last - skipped])

    def _read(self, spans: QuerySet[CountedSpan]) -> list[CountedRecord]:
        of_case = self.rule.case_type is not None
        names = (
            ("case_id", "case__title", "case__number")
            if of_case
            else ("entry_id", "entry__title", "entry__key")
        )
        rows = list(spans.values_list(*names, *COLUMNS))
        acts = self._acts(rows) if of_case else {}
        return sorted((self._record(row, acts) for row in rows), key=order_of)

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
        id_, title, number, position, on, amount, told, part, tally, organization, digest = row
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
