"""Which units owe a report for a year, until when, and what has come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from yifa.ledger.models import Organization
from yifa.reporting.duedays import due_days
from yifa.reporting.models import Delivery, IncomingReport


@dataclass(frozen=True, slots=True)
class Owed:
    """One unit's line: what came in last, and whether in time."""

    unit: Organization
    due: date | None
    incoming: IncomingReport | None
    delivery: Delivery | None  # the last
    first_on: date | None  # when the first one came in

    @property
    def late(self) -> bool:
        """Whether the first delivery came after the day of the law."""
        return self.due is not None and self.first_on is not None and self.first_on > self.due

    def overdue(self, today: date) -> bool:
        """Whether the day has passed and nothing has come in."""
        return self.due is not None and self.first_on is None and today > self.due


def owed(units: list[Organization], year: int, outline: str) -> list[Owed]:
    """A line for each of the units, in their order; three queries whatever their number."""
    reports = {
        report.unit_id: report
        for report in IncomingReport.objects.filter(unit__in=units, year=year, outline=outline)
    }
    deliveries = Delivery.objects.filter(incoming__in=list(reports.values())).defer("text")
    last = deliveries.values("incoming").annotate(last=Max("number")).values_list("incoming", "last")
    wanted = dict(last)
    rows = list(deliveries.filter(number__in=set(wanted.values())))
    latest = {row.incoming_id: row for row in rows if wanted[row.incoming_id] == row.number}
    first = dict(deliveries.filter(number=1).values_list("incoming", "received_on"))
    days = {level: _hand_in(outline, level, year) for level in {unit.level for unit in units}}
    return [
        Owed(
            unit,
            days[unit.level],
            found := reports.get(unit.pk),
            latest.get(found.pk) if found else None,
            first.get(found.pk) if found else None,
        )
        for unit in units
    ]


def _hand_in(outline: str, level: str, year: int) -> date | None:
    """The last day for handing in: the first of the days the law sets."""
    return min((due.on for due in due_days(outline, level, year)), default=None)
