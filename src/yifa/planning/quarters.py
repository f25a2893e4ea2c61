"""The quarters of a plan's year, and which notes speak for a task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yifa.planning.models import Task, TaskProgress

NAMES = "一二三四"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        following = self.year + self.number // 4, 3 * self.number % 12 + 1
        return date(*following, 1) - timedelta(days=1)

    @property
    def title(self) -> str:
        """第二季度."""
        return f"第{NAMES[self.number - 1]}季度"

    @property
    def before(self) -> Quarter | None:
        """The quarter before it in the same year."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else None


def quarter_of(year: int, day: date) -> Quarter:
    """The quarter of a plan's year to which a day belongs: what is said later belongs to the last."""
    if day.year != year:
        return Quarter(year, 4 if day.year > year else 1)
    return Quarter(year, (day.month - 1) // 3 + 1)


def past_quarter(year: int, today: date) -> Quarter | None:
    """The last quarter of a plan's year that is over; None before the first is."""
    over = [quarter for quarter in (Quarter(year, n) for n in range(1, 5)) if quarter.end < today]
    return over[-1] if over else None


def quarter_now(year: int, today: date) -> Quarter:
    """The quarter of a plan's year to be filled in now: in the month after a quarter still that one."""
    past = past_quarter(year, today)
    if past is not None and (today - past.end).days <= 31:
        return past
    return quarter_of(year, today)


def standing(notes: Iterable[TaskProgress]) -> list[TaskProgress]:
    """The notes no other has corrected, by quarter and day."""
    known = list(notes)
    corrected = {note.corrects_id for note in known}
    return sorted((note for note in known if note.pk not in corrected), key=in_time)


def in_time(note: TaskProgress) -> tuple[int, date, int]:
    """Where a note stands in the year."""
    return note.quarter, note.on, note.pk


def state_said(notes: Sequence[TaskProgress], leads: Collection[int], body: int) -> str:
    """The state of a task that its notes give.

    The last word of those who answer for it (a lead unit or the body's coordinator) decides; a returned note has no
    word. Before they have said anything, what a supporting unit does makes the task one that is under way at most.
    """
    speaking = [note for note in standing(notes) if note.returned_on is None]
    deciding = [note for note in speaking if note.unit_id is None or note.unit_id in {*leads, body}]
    if deciding:
        return deciding[-1].state
    if any(note.state in {Task.State.IN_PROGRESS, Task.State.DONE} for note in speaking):
        return Task.State.IN_PROGRESS
    return Task.State.NOT_STARTED
