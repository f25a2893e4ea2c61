"""Due dates: pure functions of a duration, a start and what lengthens or interrupts it.

The day on which a clock starts is not counted; the n-th day after it is the last (or, for a minimum, the first day
on which the later act may happen). Months end on the day of the same number, or on the last of the month.

A pause begins after the day of the act that starts it and includes the day of the act that ends it, so a clock that
pauses at once and one that starts anew at the end of the pause agree.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from yifa.law.calendar import Calendar
from yifa.law.schema import Duration, Unit


class Extended(NamedTuple):
    """More time, given by an act on a day."""

    on: date
    length: int
    unit: Unit
    why: str = ""


class Paused(NamedTuple):
    """Time that does not count: after `starts` until and including `ends` (None: still pausing)."""

    starts: date
    ends: date | None
    why: str = ""


class Restarted(NamedTuple):
    """An act from which the whole length runs anew."""

    on: date
    why: str = ""


def in_force(durations: Iterable[Duration], on: date) -> Duration | None:
    """The duration that holds for a case governed by a date."""
    for duration in durations:
        if (duration.valid_from is None or duration.valid_from <= on) and (
            duration.valid_to is None or on <= duration.valid_to
        ):
            return duration
    return None


def add(calendar: Calendar, start: date, length: int, unit: Unit) -> date:
    """The last day of a length of time that starts on a day, which itself is not counted."""
    if unit is Unit.WORKDAYS:
        return calendar.add_workdays(start, length)
    if unit is Unit.DAYS:
        return start + timedelta(days=length)
    months = start.year * 12 + start.month - 1 + length
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, gregorian.monthrange(year, month)[1]))


def due_date(
    calendar: Calendar,
    start: date,
    duration: Duration,
    *,
    extensions: Sequence[Extended] = (),
    pauses: Sequence[Paused] = (),
    restarts: Sequence[Restarted] = (),
) -> date | None:
    """The last day of the duration.

    None when its length is left to the locality, or while an open pause holds it. Pauses are in order and do not
    overlap. Raises UnknownYearError where the holidays of a year are not known.
    """
    if duration.length is None:
        return None
    for restart in restarts:
        start = max(start, restart.on)
    length, unit = duration.length, duration.unit
    others = []
    for extension in extensions:
        if extension.on < start:
            continue
        if extension.unit is unit:
            length += extension.length
        else:
            others.append(extension)
    due = add(calendar, start, length, unit)
    for extension in others:
        due = add(calendar, due, extension.length, extension.unit)
    for pause in pauses:
        begins = pause.starts if pause.starts > start else start
        if begins >= due or (pause.ends is not None and pause.ends <= begins):
            continue
        if pause.ends is None:
            return None
        if unit is Unit.WORKDAYS:
            due = calendar.add_workdays(due, calendar.workdays_between(begins, pause.ends))
        else:
            due += pause.ends - begins
    return calendar.next_workday(due) if duration.roll_over else due
