"""What is open in a plan: due soon, overdue, nothing said for the past quarter, numbers not reached, sent back.

For the units themselves and for the coordinator. Nothing is pushed, nobody is ranked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from yifa.law.phrases import day
from yifa.ledger.models import Organization, Record, Subject
from yifa.planning.models import Plan, Task, TaskProgress
from yifa.planning.quarters import Quarter, past_quarter, standing
from yifa.planning.targets import Answer, answer, missing

SOON = timedelta(days=30)
ADDED = "task.added"
MAKING = (ADDED, "task.split", "task.assigned")  # what the plan's chain says of tasks that came later
NEEDED = (
    "units__organization",
    "parts__units__organization",
    "targets",
    "progress__unit",
    "progress__records",
    "progress__papers",
    "evidence",
)


class Open(StrEnum):
    """Why a task is open, in the order in which one sees to them."""

    RETURNED = "退回补充"
    OVERDUE = "已过时限"
    SOON = "三十日内到期"
    SILENT = "上季度未填报"
    SHORT = "指标未达到"
    UNPROVED = "报完成但无依据"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One open matter of one unit."""

    kind: Open
    task: Task
    unit: Organization | None  # None: nobody leads the task yet
    text: str


@dataclass(frozen=True, slots=True)
class UnitOpen:
    """All that is open of one unit."""

    unit: Organization | None
    reminders: tuple[Reminder, ...]

    def of(self, kind: Open) -> tuple[Reminder, ...]:
        """Those of one kind."""
        return tuple(one for one in self.reminders if one.kind is kind)

    @property
    def by_kind(self) -> list[tuple[Open, tuple[Reminder, ...]]]:
        """The kinds that there are."""
        return [(kind, found) for kind in Open if (found := self.of(kind))]


def tasks_with_notes(plan: Plan, *, cancelled: bool = False) -> list[Task]:
    """The plan's tasks with everything that reminders and progress sheets look at; ten queries at most.

    With `cancelled` also those that were cancelled when the plan was in force.
    """
    rows = plan.shown if cancelled else plan.tasks.all()
    tasks = list(rows.select_related("chapter").prefetch_related(*NEEDED))
    for task in tasks:
        task.plan = plan
        for target in task.targets.all():
            target.task = task
    return tasks


def reminders(
    tasks: Iterable[Task], today: date, answers: Callable[[Task], Sequence[Answer]] | None = None
) -> Iterator[Reminder]:
    """What is open in tasks of issued plans that have `NEEDED` prefetched. `answers` may remember what it counted."""
    for task in tasks:
        if task.plan.state != Plan.State.ISSUED or task.division or task.cancelled:
            continue  # a divided task is open in its sub-tasks
        found = answers(task) if answers is not None else [answer(t, today) for t in task.targets.all()]
        yield from _returned(task)
        for text, kind in _of_leads(task, today, found):
            leads: list[Organization | None] = list(task.leads)
            for unit in leads or [None]:
                yield Reminder(kind, task, unit, text)
        yield from _silent(task, today)


def _returned(task: Task) -> Iterator[Reminder]:
    for note in standing(task.progress.all()):
        if note.returned_on is not None:
            unit = note.unit or task.lead
            yield Reminder(Open.RETURNED, task, unit, f"{day(note.returned_on)}退回：{note.return_reason}")


def _of_leads(task: Task, today: date, answers: Sequence[Answer]) -> Iterator[tuple[str, Open]]:
    if task.state != Task.State.DONE and task.due is not None:
        left = (task.due - today).days
        if left < 0:
            yield f"应于{day(task.due)}完成，已过{-left}天", Open.OVERDUE
        elif task.due <= today + SOON:
            yield f"{day(task.due)}到期，还有{left}天", Open.SOON
    for found in answers:
        lacking = missing(found)
        if lacking:
            yield f"{found.target.text}：{lacking}", Open.SHORT
    if task.state == Task.State.DONE and not proved(task, answers):
        yield "已报完成，还没有台账记录或者附件作依据", Open.UNPROVED


def proved(task: Task, answers: Sequence[Answer]) -> bool:
    """Whether anything shows that the task was worked on: a linked or counted record, or a file with its reason."""
    if any(one.ended_at is None for one in task.evidence.all()):
        return True
    if any(note.papers.all() for note in standing(task.progress.all())):
        return True
    return any(found.value for found in answers)


def _silent(task: Task, today: date) -> Iterator[Reminder]:
    quarter = silent_quarter(task, today)
    if quarter is None:
        return
    for unit in task.leads:
        if not said_by(task, unit, quarter):
            yield Reminder(Open.SILENT, task, unit, f"{quarter.title}还没有填报进展")


def silent_quarter(task: Task, today: date) -> Quarter | None:
    """The past quarter, where something should have been said of the task for it."""
    quarter = past_quarter(task.plan.year, today)
    issued = task.plan.issued_on
    if quarter is None or task.state == Task.State.DONE or (issued is not None and issued > quarter.end):
        return None
    return None if made_on(task) > quarter.end else quarter


def made_on(task: Task) -> date:
    """The day on which a task was added or divided off; the first of all days where the plan had it from the start."""
    return _made_later(task.plan).get(task.order, date.min)


def _made_later(plan: Plan) -> dict[int, date]:
    """When tasks came that the plan did not have from the start; asked once for each plan that was read."""
    known: dict[int, date] | None = plan.__dict__.get("_made_later")
    if known is None:
        known = {}
        lines = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk, kind__in=MAKING)
        for kind, payload, at in lines.order_by("position").values_list("kind", "payload", "recorded_at"):
            said = json.loads(payload)
            made = [said["task"]] if kind == ADDED else [part["task"] for part in said.get("parts") or []]
            known |= dict.fromkeys(made, timezone.localdate(at))
        plan.__dict__["_made_later"] = known
    return known


def said_by(task: Task, unit: Organization, quarter: Quarter) -> list[TaskProgress]:
    """The notes of a quarter that stand and are the unit's, or the coordinator's for it."""
    whose = {unit.pk, task.plan.organization_id, None}
    notes = standing(task.progress.all())
    return [note for note in notes if note.quarter == quarter.number and note.unit_id in whose]


def by_unit(found: Iterable[Reminder]) -> list[UnitOpen]:
    """What is open of each unit, the units in the order of the body's own list: no ranking."""
    grouped: dict[int, list[Reminder]] = {}
    units: dict[int, Organization | None] = {}
    for one in found:
        key = one.unit.pk if one.unit is not None else 0
        units[key] = one.unit
        grouped.setdefault(key, []).append(one)

    def place(key: int) -> tuple[bool, str]:
        unit = units[key]
        return unit is None, unit.path if unit is not None else ""

    order = list(Open)
    return [
        UnitOpen(
            units[key], tuple(sorted(grouped[key], key=lambda one: (order.index(one.kind), one.task.place)))
        )
        for key in sorted(grouped, key=place)
    ]
