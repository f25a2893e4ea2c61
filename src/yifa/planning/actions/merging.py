"""Tasks and sub-tasks are put together, and come apart again as they were; nothing that stood is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction, as_stands, named, refuse_fixed
from yifa.planning.models import Plan, PlanTarget, Task, TaskUnit

GATHERED, MERGED, UNMERGED = "task.parts_merged", "tasks.merged", "tasks.unmerged"


@dataclass(frozen=True, kw_only=True)
class GatherParts(PlanningAction[Task]):
    """Puts the sub-tasks of a task back into it. They stay readable with what was reported on them."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a task without sub-tasks, or one that its leads divide."""
        self._admit(self.task.plan.organization)
        refuse_fixed(self.task, self.reason)
        if not self.task.division:
            raise ActionRefused(f"任务{self.task.number}没有子任务，不用合并。", code="invalid")
        if self.task.division == Task.Division.LEADS:
            raise ActionRefused(
                f"任务{self.task.number}有几个牵头单位，各有子任务；要合并，请先只留一个牵头单位。",
                code="invalid",
            )
        if self.task.plan.state == Plan.State.ISSUED and len(self.task.leads) != 1:
            raise ActionRefused(
                f"任务{self.task.number}的子任务由几个单位牵头；合并前请先给这项任务指定一个牵头单位。",
                code="invalid",
            )

    def _change(self) -> Task:
        """Stores the parts as merged; their units go on as units of the task."""
        task, parts = self.task, list(self.task.parts.all())
        before, leads = as_stands(task), task.leads
        task.division = Task.Division.NONE
        days = [part.due for part in parts if part.due is not None]
        task.due = task.due or max(days, default=None)
        task.state = structure.state_from(part.state for part in parts)
        if not before["leads"] and len(leads) == 1:
            task.units.create(organization=leads[0], role=TaskUnit.Role.LEAD)
        fold(task, parts)
        task.save(update_fields=["division", "state", "due"])
        self._record(task.plan, GATHERED, _merging(task, parts, before, self.reason))
        return task


@dataclass(frozen=True, kw_only=True)
class MergeTasks(PlanningAction[Task]):
    """Makes one task of several: tasks of the plan, or sub-tasks of one task. The first keeps its number.

    Without `text` the words of all stand one below the other. Leads of the others become supporting units.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    others: Sequence[Task]
    title: str = ""
    text: str = ""
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for tasks of another plan or parent, and for divided ones."""
        plan = self.task.plan
        self._admit(plan.organization)
        refuse_fixed(self.task, self.reason)
        if not self.others:
            raise ActionRefused("请选择要并入的任务。", code="invalid", field="others")
        for other in self.others:
            if other.pk == self.task.pk:
                raise ActionRefused(f"任务{other.number}不能并入它自己。", code="invalid", field="others")
            if other.plan_id != plan.pk or other.parent_id != self.task.parent_id:
                raise ActionRefused(
                    f"{other.number}和{self.task.number}不在同一计划的同一层，不能合并。",
                    code="invalid",
                    field="others",
                )
            if other.cancelled or other.merged_into_id is not None:
                raise ActionRefused(
                    f"任务{other.number}已取消或者已并入别的任务，不能合并。", code="invalid", field="others"
                )
        divided = next((task for task in (self.task, *self.others) if task.division), None)
        if divided is not None:
            raise ActionRefused(
                f"任务{divided.number}有子任务，请先把它的子任务合并，再与其他任务合并。",
                code="divided",
                field="others",
            )
        if len(self.title) > 200:
            raise ActionRefused("合并后的标题超过200字，请缩短。", code="invalid", field="title")

    def _change(self) -> Task:
        """Stores one task with the words, units, numbers and the earliest day of all."""
        task, others = self.task, sorted(self.others, key=lambda other: other.place)
        before = as_stands(task)
        task.title = self.title.strip() or task.title
        task.text = self.text.strip() or "\n".join(one.text for one in (task, *others))
        task.due = min((one.due for one in (task, *others) if one.due is not None), default=None)
        task.state = structure.state_from(one.state for one in (task, *others))
        fold(task, others)
        task.save(update_fields=["title", "text", "state", "due"])
        if task.parent is not None:
            structure.settle(task.parent)
        self._record(task.plan, MERGED, _merging(task, others, before, self.reason))
        return task


@dataclass(frozen=True, kw_only=True)
class UndoMerge(PlanningAction[list[Task]]):
    """Takes the last merging into a task back: what was merged stands again, the task is worded as before."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused where nothing was merged, or something else has divided the task since."""
        self._admit(self.task.plan.organization)
        refuse_fixed(self.task, self.reason)
        if last_merge(self.task) is None:
            raise ActionRefused(f"任务{self.task.number}没有可以撤销的合并。", code="missing")
        if self.task.division:
            raise ActionRefused(
                f"任务{self.task.number}合并后又拆分过，请先合并现有的子任务，再撤销原来的合并。",
                code="divided",
            )

    def _change(self) -> list[Task]:
        """Restores the merged tasks and, unless changed since, the wording and units."""
        said = last_merge(self.task) or {}
        orders = [one["task"] for one in said["merged"]]
        back = list(Task.everything.filter(plan=self.task.plan, order__in=orders, merged_into=self.task))
        for task in back:
            task.merged_into = None
            task.save(update_fields=["merged_into"])
        self._restore(said["before"], said["after"])
        if any(task.parent_id == self.task.pk for task in back):
            self.task.division = Task.Division.WORK
        self.task.save(update_fields=["title", "text", "due", "division"])
        structure.carry_targets(self.task, back)
        for whole in (self.task, self.task.parent):
            if whole is not None:
                structure.settle(whole)
        self._record(
            self.task.plan,
            UNMERGED,
            {"task": self.task.order, "restored": named(back), "reason": self.reason},
        )
        return back

    def _restore(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Only what nobody changed since the merging goes back."""
        task, now = self.task, as_stands(self.task)
        if (now["title"], now["text"]) == (after["title"], after["text"]):
            task.title, task.text = before["title"], before["text"]
        if task.due and after["due"] == task.due.isoformat():
            task.due = date.fromisoformat(before["due"]) if before["due"] else None
        came = {*after["leads"], *after["support"]} - {*before["leads"], *before["support"]}
        task.units.filter(organization__code__in=came).delete()


def fold(task: Task, others: Sequence[Task]) -> None:
    """Marks tasks as merged into one, which takes over their units, as helpers, and the numbers demanded."""
    known = set(TaskUnit.objects.filter(task=task).values_list("organization_id", flat=True))
    for link in TaskUnit.objects.filter(task__in=others):
        if link.organization_id not in known:
            known.add(link.organization_id)
            task.units.create(organization_id=link.organization_id, role=TaskUnit.Role.SUPPORT)
    for other in others:
        other.merged_into = task
        other.save(update_fields=["merged_into"])
    PlanTarget.objects.filter(task__in=others).update(task=task)


def _merging(task: Task, others: Sequence[Task], before: dict[str, Any], reason: str) -> dict[str, Any]:
    after = as_stands(task)
    return {"task": task.order, "merged": named(others), "before": before, "after": after, "reason": reason}


def last_merge(task: Task) -> dict[str, Any] | None:
    """What the ledger says of the last merging into the task that still stands."""
    lines = Record.objects.filter(
        subject=Subject.PLAN, subject_id=task.plan_id, kind__in=(GATHERED, MERGED)
    ).order_by("-position")
    merged = set(Task.everything.filter(merged_into=task).values_list("order", flat=True))
    for line in lines:
        said: dict[str, Any] = json.loads(line.payload)
        if said["task"] == task.order and merged & {one["task"] for one in said["merged"]}:
            return said
    return None
