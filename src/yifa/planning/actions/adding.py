"""Tasks that do not come from the plan's own text: from plans from above, findings of inspections, or somebody's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Case, Entry, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction, refuse_fixed, refuse_unchangeable
from yifa.planning.actions.demanding import demands_of, store_targets
from yifa.planning.actions.dividing import divide_by_leads, store_units
from yifa.planning.actions.responsibility import SetBearers, check_levels
from yifa.planning.models import Chapter, Plan, Task, TaskOrigin


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a task goes back to; `document_number` is that of the paper from above."""

    kind: str
    title: str
    text: str
    document_number: str = ""
    item: str = ""
    entry: Entry | None = None
    case: Case | None = None
    upper_task: Task | None = None

    def attach(self, task: Task) -> TaskOrigin:
        """Stores it beside the task."""
        return TaskOrigin.objects.create(
            task=task,
            kind=self.kind,
            title=self.title[:200],
            document_number=self.document_number[:80],
            item=self.item[:40],
            text=self.text,
            entry=self.entry,
            case=self.case,
            upper_task=self.upper_task,
        )

    def said(self) -> dict[str, str]:
        """As the plan's chain names it."""
        return {"kind": self.kind, "title": self.title, "number": self.document_number, "item": self.item}


@dataclass(frozen=True, kw_only=True)
class AddTask(PlanningAction[Task]):
    """Adds a task at the end of a chapter. In an issued plan it needs its lead, its day and a reason.

    Who bears the responsibility is given whole or not at all; where an issued plan grades it, a task without stands
    in the list of what is missing until it is given.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

    plan: Plan
    title: str
    text: str
    chapter: Chapter | None = None
    number: str = ""
    leads: Sequence[Organization] = ()
    due: date | None = None
    overall: str = ""
    direct: str = ""
    offices: Sequence[str] = ()
    origin: Origin | None = None
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a task without words, a taken number, or one an issued plan cannot have."""
        plan, title = self.plan, self.title.strip()
        self._admit(plan.organization)
        refuse_unchangeable(plan, self.reason)
        if not title or not self.text.strip():
            raise ActionRefused("新任务的标题和内容都不能为空。", code="invalid", field="title")
        if len(title) > 200:
            raise ActionRefused(
                "新任务的标题超过200字，请缩短后把其余放进内容。", code="invalid", field="title"
            )
        if self.chapter is not None and self.chapter.plan_id != plan.pk:
            raise ActionRefused(
                f"“{self.chapter}”不是“{plan.title}”的章节。", code="invalid", field="chapter"
            )
        if len(self.number.strip()) > 20:
            raise ActionRefused("序号超过20字，请缩短。", code="invalid", field="number")
        if plan.state == Plan.State.ISSUED and not (self.leads and self.due):
            raise ActionRefused(
                f"“{plan.title}”已经印发，新增任务须同时写明牵头单位和完成时限。",
                code="incomplete",
                field="lead",
            )
        if self._borne:
            check_levels(self.overall, self.direct, self.offices)
        self._check_units()

    @property
    def _borne(self) -> bool:
        return bool(self.overall.strip() or self.direct.strip() or any(one.strip() for one in self.offices))

    def _check_units(self) -> None:
        organization = self.plan.organization
        for unit in self.leads:
            if not unit.path.startswith(organization.path):
                raise ActionRefused(
                    f"“{unit.name}”不属于{organization.name}，不能承担任务；请在本级单位中选择。",
                    code="invalid",
                    field="lead",
                )
        if self.due is not None and self.due.year < self.plan.year:
            raise ActionRefused(
                f"完成时限{self.due:%Y年%-m月%-d日}早于计划年度{self.plan.year}年。",
                code="invalid",
                field="due",
            )

    def _change(self) -> Task:
        """Stores the task with its origin."""
        plan = self.plan
        number = self.number.strip() or structure.number_after(plan, self.chapter)
        task = Task.objects.create(
            plan=plan,
            chapter=self.chapter,
            order=structure.next_order(plan),
            place=structure.make_room(plan, self.chapter),
            number=number[:20],
            title=self.title.strip(),
            text=self.text.strip(),
            source_start=0,
            source_end=0,
            due=self.due,
        )
        store_units(task, list(dict.fromkeys(self.leads)), ())
        store_targets(task, demands_of(task.title, task.text, plan.year))
        if self.origin is not None:
            self.origin.attach(task)
        self._record(plan, "task.added", self._said(task))
        if self._borne:
            SetBearers(
                actor=self.actor, tasks=[task], overall=self.overall, direct=self.direct, offices=self.offices,
                reason=self.reason,
            ).execute()  # fmt: skip
        divide_by_leads(task)
        return task

    def _said(self, task: Task) -> dict[str, object]:
        origin = self.origin
        return {
            "task": task.order,
            "number": task.number,
            "title": task.title,
            "text": task.text,
            "leads": [unit.code for unit in self.leads],
            "due": task.due,
            "origin": origin.said() if origin is not None else None,
            "reason": self.reason,
        }


@dataclass(frozen=True, kw_only=True)
class LinkOrigin(PlanningAction[Task]):
    """Says of a task that is there what else it goes back to, e.g. a finding of an inspection."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    origin: Origin

    def check(self) -> None:
        """Raises ActionRefused for a link that is there already."""
        task, origin = self.task, self.origin
        self._admit(task.plan.organization)
        refuse_fixed(task, "关联")
        same = TaskOrigin.objects.filter(task=task, kind=origin.kind, document_number=origin.document_number)
        if same.filter(item=origin.item, entry=origin.entry, case=origin.case).exists():
            raise ActionRefused(f"任务{task.number}已经注明这个来源。", code="duplicate", field="task")

    def _change(self) -> Task:
        """Stores the origin."""
        self.origin.attach(self.task)
        said = {"task": self.task.order, "origin": self.origin.said()}
        self._record(self.task.plan, "task.origin_linked", said)
        return self.task


@dataclass(frozen=True, kw_only=True)
class UpperItem:
    """An item of a plan from above, as it is taken over."""

    number: str
    title: str
    text: str
    due: date | None = None
    task: Task | None = None


@dataclass(frozen=True, kw_only=True)
class TakeOver(PlanningAction[list[Task]]):
    """Items of a plan from above become tasks of the own plan, each with the upper document's number as its source."""

    needs = Needs("承接上级任务", (Role.COORDINATOR,))

    plan: Plan
    title: str
    document_number: str
    items: Sequence[UpperItem]
    chapter: Chapter | None = None
    leads: Sequence[Organization] = ()
    due: date | None = None  # for items that name no day in or after the plan's year
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused without the document's title and number, and for items taken over before."""
        self._admit(self.plan.organization)
        refuse_unchangeable(self.plan, self.reason)
        if not self.document_number.strip():
            raise ActionRefused(
                "请填写上级文件的文号，承接的任务以文号注明来源。", code="invalid", field="document_number"
            )
        if not self.title.strip():
            raise ActionRefused("请填写上级文件的名称。", code="invalid", field="title")
        if not self.items:
            raise ActionRefused("请选择要承接的事项。", code="invalid", field="items")
        taken = set(
            TaskOrigin.objects.filter(
                task__plan=self.plan, document_number=self.document_number.strip()
            ).values_list("item", "text")
        )
        again = [item.number for item in self.items if (item.number[:40], item.text) in taken]
        if again:
            raise ActionRefused(
                f"{self.document_number}的{'、'.join(again)}已经承接过，没有重复列入；请取消勾选这些事项。",
                code="duplicate",
                field="items",
            )

    def _change(self) -> list[Task]:
        """Adds one task for each item."""
        return [self._take(item) for item in self.items]

    def _take(self, item: UpperItem) -> Task:
        origin = Origin(
            kind=TaskOrigin.Kind.UPPER, title=self.title.strip(), document_number=self.document_number.strip(),
            item=item.number, text=item.text, upper_task=item.task,
        )  # fmt: skip
        words = item.text.removeprefix(item.number).strip()
        fits = item.due is not None and item.due.year >= self.plan.year
        return AddTask(
            actor=self.actor, plan=self.plan, chapter=self.chapter, title=item.title or structure.title_of(words),
            text=words, leads=self.leads, due=item.due if fits else self.due,
            origin=origin, reason=self.reason,
        ).execute()  # fmt: skip
