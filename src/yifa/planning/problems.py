"""The problems that reports stated, and the tasks of later plans that take them up.

Reports write the register `stated_problems`; plans write its field `tasks`. Both meet only there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from yifa.ledger.models import Case, Entry
from yifa.planning.models import Plan, Task, TaskOrigin

REGISTER = "stated_problems"
SOLVED = "已解决"
FINDINGS = "rectification_item"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of an earlier year, and the tasks of this plan that take it up."""

    entry: Entry
    tasks: tuple[Task, ...]
    origins: tuple[TaskOrigin, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """What the register says."""
        return dict(self.entry.data)


def problems_of(plan: Plan) -> list[Problem]:
    """The problems of the years before the plan's that are not solved yet; earlier years first."""
    entries = Entry.objects.filter(register=REGISTER, organization=plan.organization_id, withdrawn=False)
    origins = TaskOrigin.objects.filter(task__plan=plan, kind=TaskOrigin.Kind.PROBLEM)
    taken: dict[Any, list[TaskOrigin]] = {}
    for origin in origins.select_related("task__merged_into"):
        if not origin.task.standing.cancelled:
            taken.setdefault(origin.entry_id, []).append(origin)
    found = []
    for entry in sorted(entries, key=lambda entry: (entry.data["year"], entry.key)):
        own = taken.get(entry.pk, [])
        if entry.data["year"] < plan.year and (own or entry.data["state"] != SOLVED):
            tasks = tuple(dict.fromkeys(origin.task.standing for origin in own))
            found.append(Problem(entry, tasks, tuple(own)))
    return found


def left_out(plan: Plan) -> list[Entry]:
    """The unsolved problems of earlier years that no task of the plan takes up."""
    return [problem.entry for problem in problems_of(plan) if not problem.tasks]


def open_findings(plan: Plan) -> list[Case]:
    """Findings of inspections that are not put right and that no task of the plan takes up."""
    origins = TaskOrigin.objects.filter(task__plan=plan, task__cancelled_on=None, case__isnull=False)
    taken = origins.values("case")
    cases = Case.objects.filter(
        case_type=FINDINGS, closed_on=None, organization__path__startswith=plan.organization.path
    ).exclude(pk__in=taken)
    return sorted(
        cases, key=lambda case: (str(case.facts.get("document") or ""), case.facts.get("order") or 0)
    )


def line_of(task: Task) -> str:
    """The task as the register names it: 2026年〔计划名〕（三）标题."""
    return f"{task.plan.year}年〔{task.plan.title}〕{task.number}{task.title}"


def names(line: str, task: Task) -> bool:
    """Whether a line of the register names the task, under whatever title it then had."""
    head = re.escape(f"{task.plan.year}年〔{task.plan.title}〕{task.number}")
    return re.match(rf"{head}(?!-\d|之[一二三四五六七八九十])", line) is not None
