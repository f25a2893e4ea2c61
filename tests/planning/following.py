"""An issued plan, its people and records: for the tests of evidence, notes, reminders and sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Case, Organization
from yifa.planning.actions import AssignTask, IssuePlan, RecordProgress, SetDue
from yifa.planning.models import Plan, Task, TaskProgress


def issued(plan: Plan, county: Any, due: date = date(2026, 12, 31), on: date = date(2026, 1, 20)) -> Plan:
    """The plan in force; what had no lead is led by the justice office."""
    for task in plan.tasks.all():
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=county.justice).execute()
    SetDue(actor=None, plan=plan, due=due).execute()
    return IssuePlan(actor=None, plan=plan, on=on).execute()


def training(unit: Organization, on: date, audience: str = "行政执法人员") -> Case:
    return OpenCase(
        actor=None,
        organization=unit,
        case_type="training",
        act="hold",
        on=on,
        facts={"subject": "执法程序", "audience": audience},
        fields={"attendees": 20, "hours": 4},
    ).execute()


def say(
    task: Task, on: date, state: str = Task.State.IN_PROGRESS, note: str = "办了一项。", **more: Any
) -> TaskProgress:
    given: dict[str, Any] = {"actor": None, "task": task, "on": on, "state": state, "note": note, **more}
    return RecordProgress(**given).execute()
