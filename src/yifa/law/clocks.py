"""Due dates: pure functions of a duration, a start and what lengthens or interrupts it.

The day on which a clock starts is not counted; the n-th day after it is the last (or, for a minimum, the first day
on which the later act may happen). Months end on the day of the same number, or on the last of the month.

A pause begins after the day of the act that starts it and includes the day of the act that ends it, so a clock that
pauses at once and one that starts anew at the end of the pause agree.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from yifa.law.calendar import WORKED, Calendar
from yifa.law.schema import Duration, Unit

UNIT_NAMES = {Unit.WORKDAYS: "个工作日", Unit.DAYS: "日", Unit.MONTHS: "个月"}
LEFT_TO_LOCALITY = "时长由本地规定"
_DAY = timedelta(days=1)
_WORKDAYS, _DAYS = Unit.WORKDAYS, Unit.DAYS  # members are slow to look up, and this runs for every clock


class Extended(NamedTuple):
    """More time, given by an act on a day. `why` names the act, e.g. 批准延长."""

    on: date
    length: int
    unit: Unit
    why: str = "延长"


class Paused(NamedTuple):
    """Time that does not count: after `starts` until and including `ends` (None: still pausing).

    `limit` is the most the law lets it last, where that and no act ended it, e.g. 15个工作日; `at_latest` the day on
    which an open one will end by itself.
    """

    starts: date
    ends: date | None
    why: str = "中止"
    limit: str = ""
    at_latest: date | None = None


class Restarted(NamedTuple):
    """An act from which the whole length runs anew."""

    on: date
    why: str = "重新计算"


class _Shift(NamedTuple):
    """What one pause does to a due date."""

    pause: Paused
    excluded: int  # working days for a clock of working days, else calendar days
    due: date


def in_force(durations: Iterable[Duration], on: date) -> Duration | None:
    """The duration that holds for a case governed by a date."""
    for duration in durations:
        if (duration.valid_from is None or duration.valid_from <= on) and (
            duration.valid_to is None or on <= duration.valid_to
        ):
            return duration
    return None


def length_text(length: int | None, unit: Unit) -> str:
    """A length for people: 20个工作日."""
    return LEFT_TO_LOCALITY if length is None else f"{length}{UNIT_NAMES[unit]}"


def add(calendar: Calendar, start: date, length: int, unit: Unit) -> date:
    """The last day of a length of time that starts on a day, which itself is not counted."""
    if unit is _WORKDAYS:
        return calendar.add_workdays(start, length)
    if unit is _DAYS:
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
    """The last day of the duration; for a minimum the first day on which the later act may happen.

    What lies before a restart has no effect after it. Pauses may come in any order and overlap. None when the length
    is left to the locality, or while an open pause holds the clock. Raises UnknownYearError where the holidays of a
    year are not known.
    """
    if duration.length is None:
        return None
    if restarts:
        start = max(start, *(restart.on for restart in restarts))
    if extensions:
        due = _extended(calendar, start, duration, extensions)
    else:
        due = add(calendar, start, duration.length, duration.unit)
    for shift in _shifts(calendar, start, due, duration.unit, pauses) if pauses else ():
        if shift is None:
            return None
        due = shift.due
    return calendar.next_workday(due) if duration.roll_over else due


def _extended(calendar: Calendar, start: date, duration: Duration, extensions: Sequence[Extended]) -> date:
    """The due date before pauses. Lengths of one unit add up; another unit is added to the end."""
    length, others = duration.length or 0, []
    for extension in extensions:
        if extension.on < start:
            continue
        if extension.unit is duration.unit:
            length += extension.length
        else:
            others.append(extension)
    due = add(calendar, start, length, duration.unit)
    for extension in others:
        due = add(calendar, due, extension.length, extension.unit)
    return due


def _shifts(
    calendar: Calendar, start: date, due: date, unit: Unit, pauses: Sequence[Paused]
) -> Iterator[_Shift | None]:
    """What each pause that matters does, in order of time; None for one that is still open."""
    counted = start  # nothing up to here can be excluded again
    for pause in sorted(pauses, key=lambda p: p.starts) if len(pauses) > 1 else pauses:
        begins = max(pause.starts, counted)
        if begins >= due or (pause.ends is not None and pause.ends <= begins):
            continue
        if pause.ends is None:
            yield None
            return
        counted = pause.ends
        if unit is Unit.WORKDAYS:
            excluded = calendar.workdays_between(begins, pause.ends)
            due = calendar.add_workdays(due, excluded)
        else:
            excluded = (pause.ends - begins).days
            due += timedelta(days=excluded)
        yield _Shift(pause._replace(starts=begins), excluded, due)


def trace(
    calendar: Calendar,
    start: date,
    duration: Duration,
    *,
    extensions: Sequence[Extended] = (),
    pauses: Sequence[Paused] = (),
    restarts: Sequence[Restarted] = (),
    why: str = "起算",
    minimum: bool = False,
    full: bool = False,
) -> tuple[tuple[date, str], ...]:
    """The computation of `due_date` for people, in order: start, what changes it, days not counted, result.

    `why` names what starts the clock, e.g. 收到申请. Each line is a day and what it means; a run of days is one line
    under its first day. `full`: the last day of a minimum must have passed too.
    """
    if duration.length is None:
        return ((start, f"{why}，当日不计；{LEFT_TO_LOCALITY}，算不出期限"),)
    first = (start, f"{why}，当日不计，从次日起算{length_text(duration.length, duration.unit)}")
    lines: list[tuple[date, str]] = []
    for restart in sorted(restarts, key=lambda r: r.on):
        if restart.on >= start:
            start = restart.on
            lines.append((start, f"{restart.why}，期限重新计算，当日不计"))
    lines += [(e.on, f"{e.why}，延长{length_text(e.length, e.unit)}") for e in extensions if e.on >= start]
    due = _extended(calendar, start, duration, extensions)
    held: list[Paused] = []
    for shift in _shifts(calendar, start, due, duration.unit, pauses):
        if shift is None:
            return (first, *sorted([*lines, _open_pause(pauses)], key=_when))
        due = shift.due
        held.append(shift.pause)
        lines.append(_pause_line(shift, duration.unit))
    if duration.unit is Unit.WORKDAYS:
        lines += _days_off(calendar, start, due, held)
    return (first, *sorted(lines, key=_when), *_result(calendar, due, duration, minimum, full))


def _when(line: tuple[date, str]) -> date:
    return line[0]


def _open_pause(pauses: Sequence[Paused]) -> tuple[date, str]:
    pause = min((p for p in pauses if p.ends is None), key=lambda p: p.starts)
    return pause.starts, f"{pause.why}，次日起不计，尚未恢复，期限届满日待定"


def _pause_line(shift: _Shift, unit: Unit) -> tuple[date, str]:
    first, last = shift.pause.starts + _DAY, shift.pause.ends or shift.pause.starts
    counted = UNIT_NAMES[Unit.WORKDAYS if unit is Unit.WORKDAYS else Unit.DAYS]
    limit = f"最长{shift.pause.limit}，" if shift.pause.limit else ""
    return first, f"{_span(first, last)} {shift.pause.why}，{limit}不计{shift.excluded}{counted}"


def _days_off(calendar: Calendar, start: date, due: date, held: Sequence[Paused]) -> list[tuple[date, str]]:
    """The days between start and due that are not counted, and weekend days that are; runs of one reason together."""
    runs: list[tuple[date, date, str]] = []
    for number in range((due - start).days):
        day = start + timedelta(days=number + 1)
        reason = calendar.reason(day)
        if reason is None or any(p.starts < day <= (p.ends or due) for p in held):
            continue
        if runs and runs[-1][1] == day - _DAY and _joins(runs[-1][2], reason):
            first, _, earlier = runs.pop()
            runs.append((first, day, earlier if earlier == reason else f"{earlier}、{reason}"))
        else:
            runs.append((day, day, reason))
    return [
        (first, f"{_span(first, last)} {reason}，{'计入' if reason == WORKED else '不计'}")
        for first, last, reason in runs
    ]


def _joins(earlier: str, reason: str) -> bool:
    """Whether two days in a row stand on one line: the same holiday, or Saturday and Sunday."""
    return earlier == reason or (earlier, reason) == ("星期六", "星期日")


def _result(
    calendar: Calendar, due: date, duration: Duration, minimum: bool, full: bool
) -> Iterator[tuple[date, str]]:
    rolled = calendar.next_workday(due) if duration.roll_over else due
    if rolled != due:
        yield due, f"期限最后一日是{calendar.reason(due)}，顺延至其后第一个工作日"
    first = "次日" if full else "当日"
    yield rolled, f"{_day(rolled)} 期满，最早可在{first}办理" if minimum else f"{_day(rolled)} 期限届满"


def _span(first: date, last: date) -> str:
    """10月1日至7日; 9月28日至10月1日; 10月1日."""
    if first == last:
        return _day(first)
    return f"{_day(first)}至{last.day}日" if first.month == last.month else f"{_day(first)}至{_day(last)}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
