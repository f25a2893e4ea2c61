"""The days by which the law wants a yearly report handed in or published; only days that the catalogue holds as verified."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from yifa.law.loader import catalogue
from yifa.law.schema import Basis
from yifa.ledger.legal import case_type_of, context, no_power
from yifa.procedures import engine
from yifa.procedures.model import Act

ANNUAL, DUTY = "annual_report", "annual_report_duty"  # this outline's days are the clocks of that case type
REPORTERS = {"town": "乡镇政府（街道办事处）", "department": "县级以上政府部门"}
GOVERNMENT = "县级以上地方政府"


@dataclass(frozen=True, slots=True)
class Due:
    """One day of the law for a report."""

    what: str
    on: date
    basis: Basis | None


def due_days(outline: str, level: str, year: int) -> tuple[Due, ...]:
    """The days for a report on a year, of a body of a level; empty where the law names none."""
    if outline == ANNUAL:
        return _of_duty(level, year)
    found = catalogue().outlines.get(outline)
    return tuple(
        Due(due.what, _day(year + 1, due.month, due.day), Basis(law=due.law, article=due.article))
        for due in (found.due if found else ())
        if not due.levels or level in due.levels
    )


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _of_duty(level: str, year: int) -> tuple[Due, ...]:
    if no_power(level, case_type=DUTY) is not None:
        return ()
    kind, end = case_type_of(DUTY), date(year, 12, 31)
    facts = {"title": "", "reporter": REPORTERS.get(level, GOVERNMENT), "year_end": end.isoformat()}
    begun = (Act(kind.opens_with[0], end, position=1),)
    state = engine.state(kind, facts, begun, context(DUTY, level, "", end))
    return tuple(
        Due(clock.title, clock.due, clock.basis) for clock in state.clocks.values() if clock.due is not None
    )
