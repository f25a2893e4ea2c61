"""Who does a task, until when, what it says, and which counting rule answers what it demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction, as_stands, named, refuse_fixed, refuse_unchangeable
from yifa.planning.actions.demanding import restate_targets
from yifa.planning.actions.dividing import divide_by_leads, store_units
from yifa.planning.models import Chapter, Plan, PlanTarget, Task


@dataclass(frozen=True, kw_only=True)
class AssignTask(PlanningAction[Task]):
    """Sets the lead units and the supporting units of a task; what stood before goes.

    Several leads (`lead` and `co_leads`) each get a sub-task, and the task is done only when all of them are. A
    sub-task whose lead goes is merged into the task; one whose lead stays keeps what was reported on it.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    lead: Organization | None
    support: Sequence[Organization] = ()
    co_leads: Sequence[Organization] = ()
    reason: str = ""

    @property
    def _leads(self) -> list[Organization]:
        return [unit for unit in (self.lead, *self.co_leads) if unit is not None]

    def check(self) -> None:
        """Raises ActionRefused for foreign units, a unit with two parts, or an issued plan without its lead."""
        task, plan = self.task, self.task.plan
        self._admit(plan.organization)
        refuse_fixed(task, self.reason)
        self._check_units([*self._leads, *self.support])
        if plan.state == Plan.State.ISSUED and not self._leads and task.division != Task.Division.WORK:
            raise ActionRefused(
                f"计划已印发，任务{task.number}必须有牵头单位。", code="invalid", field="lead"
            )
        if len(self._leads) > 1 and (task.is_part or task.division == Task.Division.WORK):
            which = "是子任务" if task.is_part else "已按内容拆成子任务"
            raise ActionRefused(
                f"{task.number}{which}，这里只能有一个牵头单位；由几个单位分别牵头的，请给每个单位一项子任务。",
                code="invalid",
                field="co_leads",
            )

    def _check_units(self, units: list[Organization]) -> None:
        organization, number = self.task.plan.organization, self.task.number
        for unit in units:
            if not unit.path.startswith(organization.path):
                raise ActionRefused(
                    f"“{unit.name}”不属于{organization.name}，不能承担任务{number}；请在本级单位中选择。",
                    code="invalid",
                )
        twice = next((unit for i, unit in enumerate(units) if unit in units[:i]), None)
        if twice is not None:
            raise ActionRefused(
                f"“{twice.name}”在任务{number}中出现两次，牵头和配合请各选一次。", code="duplicate"
            )

    def _change(self) -> Task:
        """Stores the units and records them by code."""
        before = as_stands(self.task)
        store_units(self.task, self._leads, self.support)
        after = as_stands(self.task)
        parts = divide_by_leads(self.task)
        self._record(
            self.task.plan,
            "task.assigned",
            {
                "task": self.task.order,
                "before": {name: before[name] for name in ("leads", "support")},
                "lead": self.lead.code if self.lead else None,
                "leads": after["leads"],
                "support": after["support"],
                "parts": named(parts),
                "reason": self.reason,
            },
        )
        return Task.objects.prefetch_related("units__organization").get(pk=self.task.pk)


@dataclass(frozen=True, kw_only=True)
class SetDue(PlanningAction[int]):
    """Sets the due date of one task, of all tasks of a chapter, or of the whole plan.

    Give one of `task`, `chapter`, `plan`. For a chapter or plan, `only_missing` leaves dates that stand alone.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

    due: date
    task: Task | None = None
    chapter: Chapter | None = None
    plan: Plan | None = None
    only_missing: bool = False
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a date before the plan's year."""
        plan = self._plan()
        self._admit(plan.organization)
        refuse_unchangeable(plan, self.reason)
        if self.task is not None:
            refuse_fixed(self.task, self.reason)
        if self.due.year < plan.year:
            raise ActionRefused(
                f"完成时限{self.due:%Y年%-m月%-d日}早于计划年度{plan.year}年，请核对年份。",
                code="invalid",
                field="due",
            )

    def _changing(self) -> Sequence[Task]:
        """The task, or all whose day is set at once."""
        return self._tasks()

    def _change(self) -> int:
        """Stores the date and returns how many tasks it was set for."""
        tasks = self._tasks()
        said = {
            "tasks": [task.order for task in tasks],
            "before": [task.due for task in tasks],
            "due": self.due,
            "reason": self.reason,
        }
        for task in tasks:
            task.due = self.due
        Task.objects.bulk_update(tasks, ["due"])
        self._record(self._plan(), "task.due_set", said)
        return len(tasks)

    def _plan(self) -> Plan:
        given = [thing for thing in (self.task, self.chapter, self.plan) if thing is not None]
        if len(given) != 1:
            raise ActionRefused("请选择一项任务、一章或整个计划来设定完成时限。", code="invalid")
        thing = given[0]
        return thing if isinstance(thing, Plan) else thing.plan

    def _tasks(self) -> list[Task]:
        if self.task is not None:  # sub-tasks follow that had the same day, or none
            followers = self.task.parts.filter(Q(due=None) | Q(due=self.task.due))
            return [self.task, *followers]
        owner = self.chapter or self.plan
        if owner is None:
            return []
        tasks = owner.tasks.filter(due=None) if self.only_missing else owner.tasks.all()
        return list(tasks)


@dataclass(frozen=True, kw_only=True)
class AmendTask(PlanningAction[Task]):
    """Mends the wording of a task; the source text stays as imported."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    title: str
    text: str
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for an empty or too long wording."""
        self._admit(self.task.plan.organization)
        refuse_fixed(self.task, self.reason)
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
        if self.task.division == Task.Division.LEADS:  # they are the same work, once for each lead
            self.task.parts.filter(**before).update(title=self.task.title, text=self.task.text)
        after = {"title": self.task.title, "text": self.task.text}
        gone, new = restate_targets(self.task, f"{before['title']}。{before['text']}")
        demanded = {"targets": {"before": gone, "after": new}} if gone or new else {}
        self._record(
            self.task.plan,
            "task.amended",
            {"task": self.task.order, "before": before, "after": after, "reason": self.reason, **demanded},
        )
        return self.task


@dataclass(frozen=True, kw_only=True)
class LinkTarget(PlanningAction[PlanTarget]):
    """Names the counting rule that answers a target; "" takes it away."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    target: PlanTarget
    counting_rule: str

    def check(self) -> None:
        """Raises ActionRefused for a rule the catalogue does not have."""
        plan = self.target.task.plan
        self._admit(plan.organization)
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
