"""The deadlines that run, laid over the days of the legal calendar: by month, by week, by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from yifa.law.calendar import Calendar
from yifa.law.clocks import length_text
from yifa.law.loader import catalogue
from yifa.law.schema import Basis
from yifa.ledger.models import CaseClock

WEEK = 7
SATURDAY = 5


class Span(StrEnum):
    """How much is shown at once."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"


MOST = {Span.MONTH: 5, Span.WEEK: 30, Span.DAY: 500}  # deadlines shown of each day


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that ends on a day, with the law's reason. `length`: how long the law gives."""

    clock: CaseClock
    title: str
    kind: str
    length: str
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day with what ends on it. `kind`: off, worked, weekend or blank, as the working calendar has it."""

    on: date
    kind: str
    reason: str
    count: int
    dues: tuple[Due, ...]
    inside: bool = True  # of the month shown

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.count - len(self.dues)


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """What is shown: days in weeks that begin on Monday, or one day alone."""

    span: Span
    first: date
    last: date
    weeks: tuple[tuple[DueDay, ...], ...]
    before: date
    after: date

    @property
    def total(self) -> int:
        """Deadlines that end within the span asked for."""
        return sum(day.count for week in self.weeks for day in week if day.inside)


def span_of(span: Span, on: date) -> tuple[date, date]:
    """The first and the last day shown around a day."""
    if span is Span.DAY:
        return on, on
    if span is Span.WEEK:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=WEEK - 1)
    first, following = on.replace(day=1), _next_month(on)
    last = following - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=WEEK - 1 - last.weekday())


def due_calendar(clocks: QuerySet[CaseClock], span: Span, on: date, known: Calendar) -> DueCalendar:
    """The running deadlines around a day. Two queries: what ends on each day counted, and the first of each day."""
    first, last = span_of(span, on)
    rows = clocks.filter(due__range=(first, last))
    counts = dict(rows.order_by().values_list("due").annotate(Count("pk")))
    dues = _first_of_each_day(rows, MOST[span])
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    inside = (lambda day: day.month == on.month) if span is Span.MONTH else (lambda _: True)
    shown = [
        DueDay(day, *day_kind(known, day), counts.get(day, 0), tuple(dues.get(day, ())), inside(day))
        for day in days
    ]
    weeks = tuple(tuple(shown[at : at + WEEK]) for at in range(0, len(shown), WEEK))
    before, after = _neighbours(span, on)
    return DueCalendar(span, first, last, weeks, before, after)


def _first_of_each_day(rows: QuerySet[CaseClock], most: int) -> dict[date, list[Due]]:
    place = Window(RowNumber(), partition_by=F("due"), order_by=("organization_id", "case_id", "clock"))
    found: dict[date, list[Due]] = defaultdict(list)
    for clock in rows.annotate(place=place).filter(place__lte=most).order_by("due", "place"):
        if clock.due is not None:
            found[clock.due].append(_due(clock))
    return found


def _due(clock: CaseClock) -> Due:
    kind = catalogue().case_types.get(clock.case.case_type)
    known = kind.clocks.get(clock.clock) if kind else None
    last = known.at_most[-1] if known and known.at_most else None
    length = length_text(last.length, last.unit) if last else ""
    basis = Basis(law=last.law, article=last.article) if last else None
    return Due(clock, known.title if known else clock.clock, kind.title if kind else "", length, basis)


def day_kind(known: Calendar, day: date) -> tuple[str, str]:
    """Whether a day is off, worked on a weekend, a weekend, or ordinary, and why."""
    weekend, reason = day.weekday() >= SATURDAY, ""
    if not known.knows(day.year):
        return ("weekend" if weekend else "", "")
    works, reason = known.is_workday(day), known.reason(day) or ""
    if weekend and not works:
        return ("weekend" if reason.startswith("星期") else "off"), reason
    return ("worked" if weekend else "" if works else "off"), reason


def _next_month(on: date) -> date:
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1)


def _neighbours(span: Span, on: date) -> tuple[date, date]:
    if span is Span.MONTH:
        return (on.replace(day=1) - timedelta(days=1)).replace(day=1), _next_month(on)
    step = timedelta(days=WEEK if span is Span.WEEK else 1)
    return on - step, on + step
