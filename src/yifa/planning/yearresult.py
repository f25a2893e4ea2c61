"""What became of the tasks of a year's plan until a day: for the progress sheet's reader and for the annual report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Organization, Record, Subject
from yifa.planning.models import Plan, Task, TaskProgress
from yifa.planning.quarters import standing, state_said
from yifa.planning.structure import state_from

CANCELLED = "cancelled"  # beside the states of tasks


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task of a plan, as its notes until the day give it.

    Attributes:
        state: One of `Task.State`, or `CANCELLED`.
        on: The day of the last note; the day of issue where there is none; the day it was cancelled.
        reason: Why it was not begun, for 「未开展」, or why it was cancelled.
        digest: Of the line of the plan's chain that says so.
    """

    plan: Plan
    task: Task
    state: str
    on: date
    reason: str
    digest: str


def year_results(organization: Organization, year: int, until: date) -> tuple[TaskResult, ...]:
    """The tasks of the plans that the organization itself has in force for a year; a sub-task speaks for its task."""
    plans = Plan.objects.filter(
        organization=organization, year=year, state=Plan.State.ISSUED, issued_on__lte=until
    ).order_by("issued_on", "imported_at")
    return tuple(result for plan in plans for result in _of_plan(plan, until))


def _of_plan(plan: Plan, until: date) -> list[TaskResult]:
    digests = _digests(plan, until)
    tasks = list(plan.shown.prefetch_related("units__organization", "parts__units__organization", "progress"))
    found: dict[int, TaskResult] = {}
    for task in tasks:
        if _gone(task, until):
            found[task.pk] = _cancelled(plan, task, digests)
        elif not task.division:
            found[task.pk] = _of_task(plan, task, until, digests)
    for task in tasks:
        if task.division and task.pk not in found:
            parts = [found[part.pk] for part in tasks if part.parent_id == task.pk and not _gone(part, until)]
            found[task.pk] = _of_parts(plan, task, parts, digests)
    return [found[task.pk] for task in tasks if not task.is_part]


def _gone(task: Task, until: date) -> bool:
    """Whether it was cancelled on a day; one cancelled later still counted."""
    return task.cancelled_on is not None and task.cancelled_on <= until


def _cancelled(plan: Plan, task: Task, digests: dict[int, str]) -> TaskResult:
    on = task.cancelled_on or date(plan.year, 12, 31)
    digest = digests.get(task.order, digests[0])
    return TaskResult(plan, task, CANCELLED, on, task.cancelled_reason, digest)


def _of_task(plan: Plan, task: Task, until: date, digests: dict[int, str]) -> TaskResult:
    notes = [_as_of(note, until) for note in task.progress.all() if note.on <= until]
    state = state_said(notes, {unit.pk for unit in task.leads}, plan.organization_id)
    stand = standing(notes)
    reasons = [note.reason for note in stand if note.reason and note.state == state]
    return TaskResult(
        plan=plan,
        task=task,
        state=state,
        on=max((note.on for note in stand), default=plan.issued_on or until),
        reason=reasons[-1] if reasons and state == Task.State.NOT_DONE else "",
        digest=digests.get(task.order, digests[0]),
    )


def _as_of(note: TaskProgress, until: date) -> TaskProgress:
    """The note as it stood on a day: one returned later still spoke."""
    if note.returned_on is not None and note.returned_on > until:
        note.returned_on = None
    return note


def _of_parts(plan: Plan, task: Task, parts: list[TaskResult], digests: dict[int, str]) -> TaskResult:
    last = max(parts, key=lambda part: part.on, default=None)
    return TaskResult(
        plan=plan,
        task=task,
        state=state_from(part.state for part in parts) if parts else Task.State.NOT_STARTED,
        on=last.on if last else plan.issued_on or date(plan.year, 1, 1),
        reason="；".join(dict.fromkeys(part.reason for part in parts if part.reason)),
        digest=last.digest if last else digests.get(task.order, digests[0]),
    )


def _digests(plan: Plan, until: date) -> dict[int, str]:
    """For each task (by its order) the last line about what became of it; 0: the line of issue."""
    lines = Record.objects.filter(
        subject=Subject.PLAN,
        subject_id=plan.pk,
        kind__in=["plan.issued", "task.progress", "task.returned", "task.cancelled"],
        happened_on__lte=until,
    ).order_by("position")
    found: dict[int, str] = {0: ""}
    for kind, payload, digest in lines.values_list("kind", "payload", "digest"):
        found[0 if kind == "plan.issued" else json.loads(payload)["task"]] = digest
    return found
