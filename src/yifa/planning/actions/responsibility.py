"""Who bears the responsibility for a task: 总责, 直接责任, 落实科室."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction, as_held, refuse_fixed, refuse_unchangeable
from yifa.planning.models import Bearer, Plan, Task
from yifa.planning.responsible import post_named

_SEVERAL = re.compile(r"[、，,；;\n]")
LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class SetBearers(PlanningAction[int]):
    """Sets all levels of the responsibility for tasks of one plan; what stood before goes.

    A sub-task follows its task where it had the same bearers or none. `overall` and `direct` name one post or person
    each, `offices` the sections that do the work.
    """

    needs = Needs("落实任务责任", (Role.COORDINATOR,))

    tasks: Sequence[Task]
    overall: str
    direct: str
    offices: Sequence[str]
    reason: str = ""

    @property
    def _levels(self) -> dict[str, list[str]]:
        return levels(self.overall, self.direct, self.offices)

    def check(self) -> None:
        """Raises ActionRefused that names the level which is missing or held by several."""
        if not self.tasks:
            raise ActionRefused("请选择要落实责任的任务。", code="invalid")
        plan = self.tasks[0].plan
        self._admit(plan.organization)
        refuse_unchangeable(plan, self.reason)
        for task in self.tasks:
            if task.plan_id != plan.pk:
                raise ActionRefused(f"任务{task.number}不属于“{plan.title}”。", code="invalid")
            refuse_fixed(task, self.reason)
        check_levels(self.overall, self.direct, self.offices)

    def _changing(self) -> Sequence[Task]:
        """The tasks that are named; their sub-tasks follow only where they were alike."""
        return self.tasks

    def _change(self) -> int:
        """Stores the bearers and returns for how many tasks."""
        plan = self.tasks[0].plan
        tasks = list(dict.fromkeys([*self.tasks, *self._followers()]))
        before = {task.order: _said(task) for task in tasks}
        Bearer.objects.filter(task__in=tasks).delete()
        posts = {
            name: post_named(plan.organization, name) for names in self._levels.values() for name in names
        }
        Bearer.objects.bulk_create(
            Bearer(task=task, level=level, name=name, post=posts[name])
            for task in tasks
            for level, names in self._levels.items()
            for name in names
        )
        self._record(
            plan,
            "task.bearers_set",
            {
                "tasks": [task.order for task in tasks],
                "before": [before[task.order] for task in tasks],
                "bearers": [[str(level), name] for level, names in self._levels.items() for name in names],
                "reason": self.reason,
            },
        )
        return len(tasks)

    def _followers(self) -> list[Task]:
        """Sub-tasks that had the same bearers as their task, or none."""
        found = []
        for task in self.tasks:
            own = _said(task)
            found += [part for part in task.parts.all() if _said(part) in ([], own)]
        return found


@dataclass(frozen=True, kw_only=True)
class GradePlan(PlanningAction[Plan]):
    """Says whether the plan grades responsibility: then every task needs all three levels before it is issued."""

    needs = Needs("落实任务责任", (Role.COORDINATOR,))

    plan: Plan
    graded: bool
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for an issued plan in which a level is missing."""
        as_held(self.plan)
        self._admit(self.plan.organization)
        refuse_unchangeable(self.plan, self.reason)
        if not self.graded or self.plan.state != Plan.State.ISSUED:
            return
        tasks = self.plan.tasks.prefetch_related("bearers")
        lacking = [
            f"{task.number}缺{'、'.join(task.lacking_levels())}" for task in tasks if task.lacking_levels()
        ]
        if lacking:
            raise ActionRefused(
                f"计划已印发，还有{len(lacking)}项任务的责任没有落实：{'；'.join(lacking)}。请先补齐。",
                code="incomplete",
            )

    def _change(self) -> Plan:
        """Stores it."""
        self.plan.graded = self.graded
        self.plan.save(update_fields=["graded"])
        self._record(self.plan, "plan.graded", {"graded": self.graded, "reason": self.reason})
        return self.plan


def levels(overall: str, direct: str, offices: Sequence[str]) -> dict[str, list[str]]:
    """The names by level, without blanks and repetitions."""
    return {
        Bearer.Level.OVERALL: [overall.strip()] if overall.strip() else [],
        Bearer.Level.DIRECT: [direct.strip()] if direct.strip() else [],
        Bearer.Level.OFFICE: list(dict.fromkeys(name.strip() for name in offices if name.strip())),
    }


def check_levels(overall: str, direct: str, offices: Sequence[str]) -> None:
    """Raises ActionRefused that names the level which is missing, held by several, or too long."""
    found = levels(overall, direct, offices)
    missing = [level for level in Bearer.Level if not found[level]]
    if missing:
        names = "、".join(str(level.label) for level in missing)
        raise ActionRefused(
            f"责任没有落实到位，缺{names}；每项任务应有一人负总责、一人负直接责任、至少一个落实科室，补齐后再保存。",
            code="missing_level",
            field=str(missing[0].value),
        )
    for level in (Bearer.Level.OVERALL, Bearer.Level.DIRECT):
        if _SEVERAL.search(found[level][0]):
            raise ActionRefused(
                f"{level.label}只能由一人承担，现在写了“{found[level][0]}”；请只留一人。",
                code="several",
                field=str(level.value),
            )
    long = next((name for names in found.values() for name in names if len(name) > LONGEST), None)
    if long is not None:
        raise ActionRefused(f"“{long[:20]}…”超过{LONGEST}字，请缩短。", code="invalid")


def _said(task: Task) -> list[list[str]]:
    return [[bearer.level, bearer.name] for bearer in task.bearers.all()]
