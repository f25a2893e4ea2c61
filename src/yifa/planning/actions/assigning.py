"""Who does a task, until when, what it says, and which counting rule answers what it demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction, refuse_unchangeable
from yifa.planning.models import Chapter, Plan, PlanTarget, Task, TaskUnit


@dataclass(frozen=True, kw_only=True)
class AssignTask(PlanningAction[Task]):
    """Sets the lead unit and the supporting units of a task; what stood before goes."""

    task: Task
    lead: Organization | None
    support: Sequence[Organization] = ()
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for foreign units, a unit with two parts, or an issued plan without its lead."""
        plan = self.task.plan
        self._coordinator(plan.organization, "分解任务")
        refuse_unchangeable(plan, self.reason)
        units = [unit for unit in (self.lead, *self.support) if unit is not None]
        for unit in units:
            if not unit.path.startswith(plan.organization.path):
                raise ActionRefused(
                    f"“{unit.name}”不属于{plan.organization.name}，不能承担任务{self.task.number}；请在本级单位中选择。",
                    code="invalid",
                )
        twice = next((unit for i, unit in enumerate(units) if unit in units[:i]), None)
        if twice is not None:
            raise ActionRefused(
                f"“{twice.name}”在任务{self.task.number}中出现两次，牵头和配合请各选一次。", code="duplicate"
            )
        if plan.state == Plan.State.ISSUED and self.lead is None:
            raise ActionRefused(
                f"计划已印发，任务{self.task.number}必须有牵头单位。", code="invalid", field="lead"
            )

    def _change(self) -> Task:
        """Stores the units and records them by code."""
        self.task.units.all().delete()
        links = [(self.lead, TaskUnit.Role.LEAD)] if self.lead else []
        links += [(unit, TaskUnit.Role.SUPPORT) for unit in self.support]
        TaskUnit.objects.bulk_create(
            TaskUnit(task=self.task, organization=unit, role=role) for unit, role in links
        )
        self._record(
            self.task.plan,
            "task.assigned",
            {
                "task": self.task.order,
                "lead": self.lead.code if self.lead else None,
                "support": [unit.code for unit in self.support],
                "reason": self.reason,
            },
        )
        return Task.objects.prefetch_related("units__organization").get(pk=self.task.pk)


@dataclass(frozen=True, kw_only=True)
class SetDue(PlanningAction[int]):
    """Sets the due date of one task, of all tasks of a chapter, or of the whole plan.

    Give one of `task`, `chapter`, `plan`. For a chapter or plan, `only_missing` leaves dates that stand alone.
    """

    due: date
    task: Task | None = None
    chapter: Chapter | None = None
    plan: Plan | None = None
    only_missing: bool = False
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a date before the plan's year."""
        plan = self._plan()
        self._coordinator(plan.organization, "分解任务")
        refuse_unchangeable(plan, self.reason)
        if self.due.year < plan.year:
            raise ActionRefused(
                f"完成时限{self.due:%Y年%-m月%-d日}早于计划年度{plan.year}年，请核对年份。",
                code="invalid",
                field="due",
            )

    def _change(self) -> int:
        """Stores the date and returns how many tasks it was set for."""
        tasks = self._tasks()
        orders = [task.order for task in tasks]
        for task in tasks:
            task.due = self.due
        Task.objects.bulk_update(tasks, ["due"])
        self._record(self._plan(), "task.due_set", {"tasks": orders, "due": self.due, "reason": self.reason})
        return len(orders)

    def _plan(self) -> Plan:
        given = [thing for thing in (self.task, self.chapter, self.plan) if thing is not None]
        if len(given) != 1:
            raise ActionRefused("请选择一项任务、一章或整个计划来设定完成时限。", code="invalid")
        thing = given[0]
        return thing if isinstance(thing, Plan) else thing.plan

    def _tasks(self) -> list[Task]:
        if self.task is not None:
            return [self.task]
        owner = self.chapter or self.plan
        if owner is None:
            return []
        tasks = owner.tasks.filter(due=None) if self.only_missing else owner.tasks.all()
        return list(tasks)


@dataclass(frozen=True, kw_only=True)
class AmendTask(PlanningAction[Task]):
    """Mends the wording of a task; the source text stays as imported."""

    task: Task
    title: str
    text: str
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for an empty or too long wording."""
        self._coordinator(self.task.plan.organization, "分解任务")
        refuse_unchangeable(self.task.plan, self.reason)
        if not self.title.strip() or not self.text.strip():
            raise ActionRefused(f"任务{self.task.number}的标题和内容都不能为空。", code="invalid")
        if len(self.title) > 200:
            raise ActionRefused(
                f"任务{self.task.number}的标题有{len(self.title)}个字，最多200字，请缩短后把其余放进内容。",
                code="invalid",
            )

    def _change(self) -> Task:
        """Stores the wording and records what stood before."""
        before = {"title": self.task.title, "text": self.task.text}
        self.task.title, self.task.text = self.title.strip(), self.text.strip()
        self.task.save(update_fields=["title", "text"])
        after = {"title": self.task.title, "text": self.task.text}
        self._record(
            self.task.plan,
            "task.amended",
            {"task": self.task.order, "before": before, "after": after, "reason": self.reason},
        )
        return self.task


@dataclass(frozen=True, kw_only=True)
class LinkTarget(PlanningAction[PlanTarget]):
    """Names the counting rule that answers a target; "" takes it away."""

    target: PlanTarget
    counting_rule: str

    def check(self) -> None:
        """Raises ActionRefused for a rule the catalogue does not have."""
        plan = self.target.task.plan
        self._coordinator(plan.organization, "分解任务")
        if plan.state == Plan.State.WITHDRAWN:
            raise ActionRefused(f"“{plan.title}”已撤回，不能再改。", code="withdrawn")
        if self.counting_rule and self.counting_rule not in catalogue().counting_rules:
            raise ActionRefused(f"目录里没有口径“{self.counting_rule}”，请从列表中选择。", code="missing")

    def _change(self) -> PlanTarget:
        """Stores the link."""
        before, self.target.counting_rule = self.target.counting_rule, self.counting_rule
        self.target.save(update_fields=["counting_rule"])
        task = self.target.task
        self._record(
            task.plan,
            "target.linked",
            {"task": task.order, "target": self.target.order, "before": before, "rule": self.counting_rule},
        )
        return self.target
