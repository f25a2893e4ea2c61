"""Clauses of plans of several years: taken in from a text, and linked with the tasks that carry them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions import PublishEntry, WithdrawEntry
from yifa.ledger.actions.base import today
from yifa.ledger.models import Entry, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction, refuse_fixed
from yifa.planning.actions.problems import unwrite, write_into
from yifa.planning.clauses import CLAUSES, LINKS, FoundClause, clauses_for, clauses_of
from yifa.planning.guarding import refuse_overtaken
from yifa.planning.models import Plan, Task, TaskClause, TaskOrigin

RESULTS = {Task.State.DONE: "已完成", Task.State.IN_PROGRESS: "进行中"}
LONGEST_KEY, SHORT_ENOUGH = 120, 200


@dataclass(frozen=True, kw_only=True)
class ImportClauses(PlanningAction[list[Entry]]):
    """Puts the clauses of a plan of several years on the register. `prefix` begins their numbers, e.g. GH2021."""

    needs = Needs("导入多年规划", (Role.COORDINATOR,))

    organization: Organization
    title: str
    starts: date
    ends: date
    prefix: str
    clauses: Sequence[FoundClause]

    def check(self) -> None:
        """Raises ActionRefused for a wrong span, no clauses, empty ones, or a plan that is there already."""
        self._admit(self.organization)
        if not self.title.strip():
            raise ActionRefused("请填写规划名称。", code="invalid", field="title")
        if not self.prefix.strip() or len(self.prefix.strip()) > 20:
            raise ActionRefused(
                "请填写条目编号的前缀，20字以内，例如 GH2021。", code="invalid", field="prefix"
            )
        if self.ends < self.starts:
            raise ActionRefused("规划期止早于规划期起，请核对日期。", code="invalid", field="ends")
        if not self.clauses:
            raise ActionRefused(
                "没有读到条目。条目应以“一、”“（一）”“1.”等编号开头，或者列成表格，表头有“任务”和“责任单位”。",
                code="no_clauses",
            )
        empty = [clause.number for clause in self.clauses if not clause.content]
        if empty:
            raise ActionRefused(f"条目{'、'.join(empty)}没有内容，没有导入；请补齐后再导入。", code="invalid")
        known = {entry.key for entry in clauses_of(self.organization)}
        again = [key for key in self._keys() if key in known]
        if again or clauses_of(self.organization, self.title.strip()):
            what = f"编号{again[0]}等已有条目" if again else f"“{self.title.strip()}”已经导入过"
            raise ActionRefused(
                f"{what}，没有重复导入；要改个别条目，请在清单“多年规划任务条目”里修订。", code="duplicate"
            )

    def _keys(self) -> list[str]:
        return [f"{self.prefix.strip()}-{number:03}" for number in range(1, len(self.clauses) + 1)]

    def _change(self) -> list[Entry]:
        """Publishes one entry for each clause."""
        return [
            PublishEntry(
                actor=self.actor,
                organization=self.organization,
                register=CLAUSES,
                on=today(),
                data={
                    "code": key,
                    "plan": self.title.strip(),
                    "place": clause.place or clause.number,
                    "content": clause.content,
                    "owner": clause.owner or None,
                    "starts": self.starts.isoformat(),
                    "ends": self.ends.isoformat(),
                },
            ).execute()
            for key, clause in zip(self._keys(), self.clauses, strict=True)
        ]


@dataclass(frozen=True, kw_only=True)
class LinkClauses(PlanningAction[list[TaskClause]]):
    """Says which clauses tasks of one plan carry out. Pairs that are linked already stay as they are."""

    needs = Needs("关联多年规划", (Role.COORDINATOR,))

    plan: Plan
    pairs: Sequence[tuple[Task, Entry]]

    def check(self) -> None:
        """Raises ActionRefused for a task of another plan or a clause that does not hold in its year."""
        self._admit(self.plan.organization)
        may = {entry.pk for entry in clauses_for(self.plan)}
        for task, clause in self.pairs:
            if task.plan_id != self.plan.pk:
                raise ActionRefused(f"任务{task.number}不属于“{self.plan.title}”。", code="invalid")
            refuse_fixed(task, "关联")
            if clause.pk not in may:
                raise ActionRefused(
                    f"规划条目{clause.key}不在{self.plan.year}年的规划期内，或者不是本级和上级的规划，不能关联。",
                    code="invalid",
                )

    def _refuse_overtaken(self) -> None:
        """Besides the tasks, the clauses: one that somebody else has linked or unlinked since is looked at again."""
        orders = [task.order for task, _ in self.pairs]
        refuse_overtaken(self.plan, self.seen, orders, [clause.key for _, clause in self.pairs])

    def _change(self) -> list[TaskClause]:
        """Puts each new link on the register, and all of them in one line of the plan's chain."""
        known = set(TaskClause.objects.filter(task__plan=self.plan).values_list("task", "clause"))
        new = [(t, c) for t, c in dict.fromkeys(self.pairs) if (t.pk, c.pk) not in known]
        made = [
            TaskClause.objects.create(task=t, clause=c, link=publish_link(self.actor, t, c)) for t, c in new
        ]
        if new:
            pairs = [[task.order, clause.key] for task, clause in new]
            self._record(self.plan, "task.clauses_linked", {"linked": pairs})
        return made


@dataclass(frozen=True, kw_only=True)
class UnlinkClause(PlanningAction[None]):
    """Takes a link with a clause away."""

    needs = Needs("关联多年规划", (Role.COORDINATOR,))

    link: TaskClause
    reason: str

    def check(self) -> None:
        """Raises ActionRefused without a reason, which the register asks for."""
        self._admit(self.link.task.plan.organization)
        refuse_fixed(self.link.task, "关联")
        if not self.reason.strip():
            raise ActionRefused("请写明取消关联的理由。", code="reason", field="reason")

    def _change(self) -> None:
        """Withdraws the register's entry."""
        task, entry = self.link.task, self.link.link
        said = {"task": task.order, "clause": self.link.clause.key, "reason": self.reason.strip()}
        self.link.delete()
        WithdrawEntry(actor=self.actor, entry=entry, on=today(), reason=self.reason.strip()).execute()
        self._record(task.plan, "task.clause_unlinked", said)


def publish_link(actor: User | None, task: Task, clause: Entry) -> Entry:
    """Says on the register that a task carries out a clause."""
    plan = task.plan
    data = {
        "code": f"{clause.key}/{plan.year}/{plan.pk.hex[:4]}-{task.order}"[:LONGEST_KEY],
        "clause": clause.key,
        "year": plan.year,
        "plan": plan.title,
        "task": f"{task.number}{task.title}"[:SHORT_ENOUGH],
        "result": RESULTS.get(Task.State(task.state), "未完成"),
    }
    return PublishEntry(
        actor=actor, organization=plan.organization, register=LINKS, on=today(), data=data
    ).execute()


def release(actor: User | None, tasks: Iterable[Task], reason: str) -> None:
    """What registers say of tasks that are cancelled, or whose plan is withdrawn or replaced, no longer holds."""
    known = list(tasks)
    origins = TaskOrigin.objects.filter(task__in=known, kind=TaskOrigin.Kind.PROBLEM)
    for origin in origins.select_related("entry", "task__plan"):
        unwrite(actor, origin, reason)
    for link in TaskClause.objects.filter(task__in=known).select_related("link"):
        if not link.link.withdrawn:
            WithdrawEntry(actor=actor, entry=link.link, on=today(), reason=reason).execute()


def take_back(actor: User | None, tasks: Iterable[Task], reason: str) -> None:
    """Registers say of restored tasks again what they said before `release`."""
    known = list(tasks)
    origins = TaskOrigin.objects.filter(task__in=known, kind=TaskOrigin.Kind.PROBLEM)
    for origin in origins.select_related("entry", "task__plan"):
        write_into(actor, origin.entry, origin.task, reason)
    links = TaskClause.objects.filter(task__in=known, link__withdrawn=True, clause__withdrawn=False)
    for link in links.select_related("task__plan__organization", "clause"):
        link.link = publish_link(actor, link.task, link.clause)
        link.save(update_fields=["link"])
