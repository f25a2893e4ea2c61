"""Tasks that do not come from the plan's own text: from stated problems, plans from above, findings of inspections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions import ReviseEntry
from yifa.ledger.actions.base import today
from yifa.ledger.models import Case, Entry, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction, refuse_fixed, refuse_unchangeable
from yifa.planning.actions.dividing import divide_by_leads, store_units
from yifa.planning.models import Chapter, Plan, Task, TaskOrigin
from yifa.planning.problems import REGISTER, line_of, names


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


@dataclass(frozen=True, kw_only=True)
class AddTask(PlanningAction[Task]):
    """Adds a task at the end of a chapter. In an issued plan it needs its lead, its day and a reason."""

    plan: Plan
    title: str
    text: str
    chapter: Chapter | None = None
    number: str = ""
    leads: Sequence[Organization] = ()
    due: date | None = None
    origin: Origin | None = None
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a task without words, a taken number, or one an issued plan cannot have."""
        plan, title = self.plan, self.title.strip()
        self._coordinator(plan.organization, "分解任务")
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
        if plan.state == Plan.State.ISSUED and plan.graded:
            raise ActionRefused(
                f"“{plan.title}”已经印发并实行责任分级，新增任务缺总责、直接责任和落实科室；请先改为不分级，落实后再改回。",
                code="incomplete",
            )
        self._check_units()

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
        if self.origin is not None:
            self.origin.attach(task)
        self._record(plan, "task.added", self._said(task))
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
            "origin": None
            if origin is None
            else {
                "kind": origin.kind,
                "title": origin.title,
                "number": origin.document_number,
                "item": origin.item,
            },
            "reason": self.reason,
        }


@dataclass(frozen=True, kw_only=True)
class TakeUpProblem(PlanningAction[Task]):
    """A problem that a report stated becomes a task of a later plan, or is linked to one that is there (`task`).

    The task is written into the problem's entry, where the next report finds it.
    """

    plan: Plan
    problem: Entry
    task: Task | None = None
    chapter: Chapter | None = None
    title: str = ""
    text: str = ""
    leads: Sequence[Organization] = ()
    due: date | None = None
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a foreign or later problem, one taken up already, or a task of another plan."""
        plan, problem = self.plan, self.problem
        self._coordinator(plan.organization, "分解任务")
        refuse_unchangeable(plan, self.reason if self.task is None else "关联")
        if (
            problem.register != REGISTER
            or problem.withdrawn
            or problem.organization_id != plan.organization_id
        ):
            raise ActionRefused(f"“{problem}”不是{plan.organization.name}报告列出的问题。", code="invalid")
        if int(problem.data["year"]) >= plan.year:
            raise ActionRefused(
                f"问题{problem.key}是{problem.data['year']}年度报告列出的，应由以后年度的计划承接。",
                code="invalid",
            )
        if self.task is None:
            return
        if self.task.plan_id != plan.pk:
            raise ActionRefused(f"任务{self.task.number}不属于“{plan.title}”。", code="invalid", field="task")
        refuse_fixed(self.task, "关联")
        if TaskOrigin.objects.filter(task=self.task, entry=problem).exists():
            raise ActionRefused(
                f"问题{problem.key}已由任务{self.task.number}承接。", code="duplicate", field="task"
            )

    def _change(self) -> Task:
        """Makes or links the task and writes it into the entry."""
        problem, plan = self.problem, self.plan
        words = self.text.strip() or _words(problem)
        origin = Origin(
            kind=TaskOrigin.Kind.PROBLEM,
            title=str(problem.data["report"]),
            text=str(problem.data["content"]),
            item=problem.key,
            entry=problem,
        )
        if self.task is None:
            task = AddTask(
                actor=self.actor, plan=plan, chapter=self.chapter, title=self.title.strip() or _title(problem),
                text=words, leads=self.leads, due=self.due, origin=origin, reason=self.reason,
            ).execute()  # fmt: skip
        else:
            task = self.task
            origin.attach(task)
            self._record(plan, "task.linked", {"task": task.order, "problem": problem.key, "linked": True})
        line = line_of(task)
        listed = [*(problem.data.get("tasks") or []), line]
        data = {**problem.data, "tasks": list(dict.fromkeys(listed))}
        ReviseEntry(actor=self.actor, entry=problem, data=data, on=today(), reason=f"列入{line}").execute()
        return task


@dataclass(frozen=True, kw_only=True)
class LetGoProblem(PlanningAction[None]):
    """Takes the link between a task and a problem away, in the plan and in the problem's entry."""

    origin: TaskOrigin
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for another kind of origin or a withdrawn plan."""
        plan = self.origin.task.plan
        self._coordinator(plan.organization, "分解任务")
        refuse_unchangeable(plan, self.reason)
        if self.origin.entry is None:
            raise ActionRefused("这里只取消与上年存在问题的关联。", code="invalid")

    def _change(self) -> None:
        """Removes the link."""
        task, problem = self.origin.task, self.origin.entry
        self._record(
            task.plan,
            "task.linked",
            {
                "task": task.order,
                "problem": problem.key if problem else "",
                "linked": False,
                "reason": self.reason,
            },
        )
        unwrite(self.actor, self.origin, self.reason or "任务不再承接这个问题")
        self.origin.delete()


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

    plan: Plan
    title: str
    document_number: str
    items: Sequence[UpperItem]
    chapter: Chapter | None = None
    leads: Sequence[Organization] = ()
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused without the document's title and number, and for items taken over before."""
        self._coordinator(self.plan.organization, "承接上级任务")
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
            text=words, leads=self.leads, due=item.due if fits else None,
            origin=origin, reason=self.reason,
        ).execute()  # fmt: skip


def unwrite(actor: User | None, origin: TaskOrigin, reason: str) -> None:
    """Takes the task out of the problem's entry."""
    problem = origin.entry
    if problem is None or problem.withdrawn:
        return
    listed = problem.data.get("tasks") or []
    kept = [line for line in listed if not names(str(line), origin.task)]
    if kept != listed:
        data = {**problem.data, "tasks": kept}
        ReviseEntry(actor=actor, entry=problem, data=data, on=today(), reason=reason).execute()


def _title(problem: Entry) -> str:
    if problem.data.get("measure"):
        return structure.title_of(str(problem.data["measure"]))
    return f"解决{structure.title_of(str(problem.data['content']))}问题"


def _words(problem: Entry) -> str:
    said = [str(problem.data["content"]).strip()]
    if problem.data.get("measure"):
        said.append(f"改进措施：{str(problem.data['measure']).strip()}")
    return "\n".join(said)
