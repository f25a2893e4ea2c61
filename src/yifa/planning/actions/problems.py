"""Problems that reports stated are taken up by tasks of later plans, and let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions import ReviseEntry
from yifa.ledger.actions.base import today
from yifa.ledger.models import Entry, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.adding import AddTask, Origin
from yifa.planning.actions.base import PlanningAction, refuse_fixed, refuse_unchangeable
from yifa.planning.models import Chapter, Plan, Task, TaskOrigin
from yifa.planning.problems import REGISTER, line_of, names


@dataclass(frozen=True, kw_only=True)
class TakeUpProblem(PlanningAction[Task]):
    """A problem that a report stated becomes a task of a later plan, or is linked to one that is there (`task`).

    The task is written into the problem's entry, where the next report finds it.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

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
        self._admit(plan.organization)
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
        write_into(self.actor, problem, task, f"列入{line_of(task)}")
        return task


@dataclass(frozen=True, kw_only=True)
class LetGoProblem(PlanningAction[None]):
    """Takes the link between a task and a problem away, in the plan and in the problem's entry."""

    needs = Needs("分解任务", (Role.COORDINATOR,))

    origin: TaskOrigin
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for another kind of origin or a withdrawn plan."""
        plan = self.origin.task.plan
        self._admit(plan.organization)
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


def write_into(actor: User | None, problem: Entry | None, task: Task, reason: str) -> None:
    """Writes the task into the problem's entry, as the register now has it."""
    if problem is None or problem.withdrawn:
        return
    entry = Entry.objects.get(pk=problem.pk)  # a report may have revised it since it was shown
    data = {**entry.data, "tasks": list(dict.fromkeys([*(entry.data.get("tasks") or []), line_of(task)]))}
    ReviseEntry(actor=actor, entry=entry, data=data, on=today(), reason=reason).execute()


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
