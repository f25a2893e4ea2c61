"""A task is cancelled, with its day and document, and taken back; in a draft it is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from yifa.law.phrases import day
from yifa.ledger.actions.base import said, today
from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction, refuse_fixed, refuse_unchangeable
from yifa.planning.actions.clauses import release, take_back
from yifa.planning.models import Plan, Task

CANCELLED, RESTORED = "task.cancelled", "task.restored"


@dataclass(frozen=True, kw_only=True)
class CancelTask(PlanningAction[list[Task]]):
    """Takes a task, with its sub-tasks, out of the plan. It stays readable: struck out where the plan is issued.

    `number` is that of the document that cancels it, where there is one.
    """

    needs = Needs("取消、恢复任务", (Role.COORDINATOR,))

    task: Task
    on: date
    reason: str
    number: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a task that is done, the last sub-task, a lead's sub-task or an impossible day."""
        task, plan = self.task, self.task.plan
        self._admit(plan.organization)
        said(self.reason, "取消的理由", "reason", 500)
        refuse_fixed(task, self.reason)
        if len(self.number.strip()) > 80:
            raise ActionRefused("文号超过80字，请核对。", code="invalid", field="number")
        self._check_day(plan)
        if task.state == Task.State.DONE:
            raise ActionRefused(
                f"任务{task.number}已报完成，不能取消；填报有误的，请先退回或者更正进展。", code="done"
            )
        if task.parent is not None:
            self._check_part(task.parent)

    def _check_day(self, plan: Plan) -> None:
        if plan.issued_on is not None and self.on < plan.issued_on:
            raise ActionRefused(
                f"取消日期{day(self.on)}早于计划印发的{day(plan.issued_on)}，请核对。",
                code="invalid",
                field="on",
            )
        if self.on > today():
            raise ActionRefused(f"取消日期{day(self.on)}还没有到，请核对。", code="invalid", field="on")

    def _check_part(self, whole: Task) -> None:
        if whole.division == Task.Division.LEADS:
            raise ActionRefused(
                f"{self.task.number}是牵头单位各自的子任务，不单独取消；这个单位不再牵头的，请在“分解”里去掉它。",
                code="lead",
            )
        if whole.parts.count() == 1:
            raise ActionRefused(
                f"{self.task.number}是任务{whole.number}最后一项子任务；都不做了的，请取消整项任务{whole.number}。",
                code="last",
            )

    def _change(self) -> list[Task]:
        """Stores it with the sub-tasks that stand; what registers say of them is taken back."""
        task, plan = self.task, self.task.plan
        parts = list(task.parts.all())
        gone = [task, *parts]
        for one in gone:
            one.cancelled_on, one.cancelled_number = self.on, self.number.strip()
            one.cancelled_reason, one.struck = self.reason.strip(), plan.state == Plan.State.ISSUED
        Task.everything.bulk_update(gone, ["cancelled_on", "cancelled_number", "cancelled_reason", "struck"])
        release(self.actor, with_merged(gone), f"任务{task.number}取消：{self.reason.strip()}")
        if task.parent is not None:
            structure.settle(task.parent)
        payload = {
            "task": task.order,
            "tasks": [one.order for one in gone],
            "number": self.number.strip(),
            "reason": self.reason.strip(),
        }
        self._record(plan, CANCELLED, payload, self.on)
        return gone


@dataclass(frozen=True, kw_only=True)
class RestoreTask(PlanningAction[list[Task]]):
    """Takes a cancellation back: the task stands again with the sub-tasks that were cancelled with it."""

    needs = CancelTask.needs

    task: Task
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a task that stands, or a sub-task whose task is cancelled or undivided now."""
        task, plan = self.task, self.task.plan
        self._admit(plan.organization)
        refuse_unchangeable(plan, self.reason)
        if not task.cancelled:
            raise ActionRefused(f"任务{task.number}没有取消，不用恢复。", code="state")
        if task.parent is not None and task.parent.cancelled:
            raise ActionRefused(
                f"{task.number}所属的任务{task.parent.number}也已取消，请先恢复它。", code="parent"
            )
        if task.parent is not None and task.parent.division != Task.Division.WORK:
            raise ActionRefused(
                f"任务{task.parent.number}已没有按内容拆分的子任务，{task.number}无处恢复；"
                "请先撤销合并，或者在任务里重新拆分。",
                code="parent",
            )

    def _change(self) -> list[Task]:
        """Stores it; registers say again what they said before."""
        task = self.task
        back = list(Task.everything.filter(plan=task.plan, order__in=_cancelled_with(task)))
        for one in back:
            one.cancelled_on, one.cancelled_number, one.cancelled_reason, one.struck = None, "", "", False
        Task.everything.bulk_update(back, ["cancelled_on", "cancelled_number", "cancelled_reason", "struck"])
        take_back(
            self.actor, with_merged(back), f"任务{task.number}恢复：{self.reason.strip() or '撤销取消'}"
        )
        for whole in (task, task.parent):
            if whole is not None:
                structure.settle(Task.everything.get(pk=whole.pk))
        payload = {"task": task.order, "tasks": [one.order for one in back], "reason": self.reason.strip()}
        self._record(task.plan, RESTORED, payload)
        return back


def _cancelled_with(task: Task) -> list[int]:
    """The task and the sub-tasks that went with it, as the ledger names them."""
    lines = Record.objects.filter(subject=Subject.PLAN, subject_id=task.plan_id, kind=CANCELLED)
    for line in lines.order_by("-position"):
        payload: dict[str, Any] = json.loads(line.payload)
        if payload["task"] == task.order:
            return list(payload["tasks"])
    return [task.order]


def with_merged(tasks: Iterable[Task]) -> list[Task]:
    """Tasks with all that were ever merged into them: origins and clauses stay where they were linked."""
    found = {task.pk: task for task in tasks}
    newest = list(found)
    while newest:
        into = Task.everything.filter(Q(merged_into__in=newest)).select_related("plan__organization")
        newest = [one.pk for one in into if one.pk not in found]
        found |= {one.pk: one for one in into}
    return list(found.values())
