"""What changed on a plan: when, by whom, why, and what stood before beside what stands since.

All of it comes from the plan's chain in the ledger.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from yifa.law.phrases import day
from yifa.ledger.models import Organization, Record, Subject
from yifa.planning.models import SHOWN, Bearer, Plan, Task

NOTHING = "（未定）"
MOST_ALONE = 6  # more tasks changed at once are summed up


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the plan's chain, for a reader."""

    at: datetime
    on: date | None
    who: str
    title: str
    tasks: tuple[str, ...]
    differences: tuple[Difference, ...]
    reason: str
    after_issue: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A task as it was issued and as it stands now; `was` or `now` None: it was added, or merged."""

    task: str
    differences: tuple[Difference, ...]
    note: str = ""


def withdrawal(plan: Plan) -> Change | None:
    """When, by whom and why the plan was withdrawn; None for one that stands."""
    if plan.state != Plan.State.WITHDRAWN:
        return None
    return next(change for change in changes(plan)[::-1] if change.title == TITLES["plan.withdrawn"])


def changes(plan: Plan) -> list[Change]:
    """All changes of the plan, in the order in which they were made."""
    return list(_Telling(plan).all())


def since_issue(plan: Plan) -> list[Compared]:
    """What an issued plan's tasks were when it was issued beside what they are now; only where they differ."""
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk, kind="plan.issued").last()
    if record is None:
        return []
    telling = _Telling(plan)
    issued = {said["task"]: said for said in json.loads(record.payload)["tasks"]}
    found = []
    for task in Task.everything.filter(plan=plan).select_related("merged_into").prefetch_related(*SHOWN):
        was = issued.get(task.order)
        label = f"{task.number}{task.title}"
        if task.merged_into is not None:
            if was is not None:
                found.append(Compared(label, (), f"已并入{task.standing.number}{task.standing.title}"))
        elif task.cancelled:
            if was is not None or task.struck:
                added = "" if was is not None else "印发后新增，"
                found.append(Compared(label, (), f"{added}{task.cancellation}：{task.cancelled_reason}"))
        elif was is None:
            found.append(Compared(label, (), "印发后拆分出的子任务" if task.is_part else "印发后新增"))
        elif differing := tuple(telling.between(was, _now(task))):
            found.append(Compared(label, differing))
    return found


def changed_since_issue(plan: Plan) -> bool:
    """Whether units, days or words of an issued plan are no longer as they were issued."""
    records = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk)
    issue = records.filter(kind="plan.issued").last()
    if issue is None:
        return False
    words = records.filter(kind="task.amended", position__gt=issue.position)
    return words.exists() or bool(since_issue(plan))


def _now(task: Task) -> dict[str, Any]:
    return {
        "title": task.title,
        "leads": [unit.code for unit in task.leads],
        "support": [unit.code for unit in task.support],
        "due": task.due.isoformat() if task.due else None,
        "bearers": [[bearer.level, bearer.name] for bearer in task.bearers.all()],
    }


class _Telling:
    """Turns the lines of one plan's chain into words."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.issued = False
        self.units: dict[
            int, dict[str, list[str]]
        ] = {}  # as last said: old lines do not say what stood before

    def all(self) -> Iterable[Change]:
        lines = Record.objects.filter(subject=Subject.PLAN, subject_id=self.plan.pk, kind__in=list(TITLES))
        for line in lines.select_related("recorded_by").order_by("position"):
            said: dict[str, Any] = json.loads(line.payload)
            differences = TELLERS.get(line.kind, _nothing)(self, said)
            user = line.recorded_by
            yield Change(
                at=line.recorded_at,
                on=line.happened_on,
                who=(user.display_name or user.get_username()) if user else "系统",
                title=TITLES[line.kind],
                tasks=self._tasks(said),
                differences=tuple(differences),
                reason=str(said.get("reason") or ""),
                after_issue=self.issued,
            )
            self.issued = self.issued or line.kind == "plan.issued"

    @cached_property
    def labels(self) -> Mapping[int, str]:
        return {task.order: f"{task.number}{task.title}" for task in Task.everything.filter(plan=self.plan)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return dict(Organization.objects.values_list("code", "name"))

    def _tasks(self, said: Mapping[str, Any]) -> tuple[str, ...]:
        orders = said.get("tasks") if isinstance(said.get("tasks"), list) else None
        if orders is None:
            orders = [said["task"]] if "task" in said else [pair[0] for pair in said.get("linked", [])]
        known = [order for order in orders if isinstance(order, int)]
        return tuple(self.labels.get(order, f"第{order}项") for order in known)

    def written(self, codes: Iterable[str | None]) -> str:
        return "、".join(self.names.get(code, code) for code in codes if code) or NOTHING

    def between(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Difference]:
        """What differs of words, units, day and bearers; only what both name."""
        told: Sequence[tuple[str, str, Callable[[Any], str]]] = (
            ("title", "标题", str),
            ("text", "内容", str),
            ("leads", "牵头单位", self.written),
            ("support", "配合单位", lambda codes: self.written(codes) if codes else "（无）"),
            ("due", "完成时限", _day),
            ("bearers", "责任", _bearers),
        )
        for name, what, words in told:
            if name in was and name in now:
                before, after = words(was[name]), words(now[name])
                if before != after:
                    yield Difference(what, before, after)

    def assigned(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        leads = said.get("leads") or [code for code in [said.get("lead")] if code]
        after = {"leads": leads, "support": said["support"]}
        before = said.get("before") or self.units.get(said["task"], {"leads": [], "support": []})
        self.units[said["task"]] = after
        yield from self.between(before, after)
        if said.get("parts"):
            yield Difference("子任务", "", _list(said["parts"]))

    def due_set(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        orders, before = said["tasks"], said.get("before") or [None] * len(said["tasks"])
        if len(orders) <= MOST_ALONE:
            for order, was in zip(orders, before, strict=True):
                whose = f"{self.labels.get(order, '')}　" if len(orders) > 1 else ""
                if was != said["due"]:
                    yield Difference(f"{whose}完成时限", _day(was), _day(said["due"]))
            return
        summed = "、".join(f"{_day(was)}{many}项" for was, many in Counter(before).items())
        yield Difference(f"{len(orders)}项任务的完成时限", summed, _day(said["due"]))

    def amended(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield from self.between(said["before"], said["after"])
        if "targets" in said:
            words = ("；".join(said["targets"][side]) or "（无）" for side in ("before", "after"))
            yield Difference("指标", *words)

    def split(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("拆分", self.labels.get(said["task"], ""), _list(said["parts"]))

    def merged(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("合并", _list(said["merged"]), self.labels.get(said["task"], ""))
        yield from self.between(said["before"], said["after"])

    def unmerged(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("撤销合并", self.labels.get(said["task"], ""), _list(said["restored"]))

    def cancelled(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        names = "\n".join(self._tasks(said))
        yield Difference("取消", names, f"（取消，{said['number']}）" if said["number"] else "（取消）")

    def restored(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("恢复", "（取消）", "\n".join(self._tasks(said)))

    def borne(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        befores = Counter(_bearers(was) for was in said["before"])
        summed = "；".join(
            was if len(befores) == 1 else f"{was}（{many}项）" for was, many in befores.items()
        )
        yield Difference("责任", summed, _bearers(said["bearers"]))

    def added(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        origin = said.get("origin")
        source = f"（来源：{origin['title']}{origin['number']}{origin['item']}）" if origin else ""
        yield Difference("新增", "", f"{said['number']}{said['title']}{source}")

    def originated(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        origin = said["origin"]
        yield Difference("来源", "", f"{origin['title']} {origin['number']} {origin['item']}".strip())

    def linked(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        problem = f"问题{said['problem']}"
        yield Difference("上年存在问题", *(("", problem) if said["linked"] else (problem, "")))

    def clauses(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("多年规划条目", "", "、".join(dict.fromkeys(key for _, key in said["linked"])))

    def unclaused(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("多年规划条目", str(said["clause"]), "")

    def ruled(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("口径", str(said["before"]) or NOTHING, str(said["rule"]) or NOTHING)

    def withdrawn(self, _said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("状态", self._standing, Plan.State.WITHDRAWN.label)

    def stands_again(self, _said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("状态", Plan.State.WITHDRAWN.label, self._standing)

    @property
    def _standing(self) -> str:
        return str((Plan.State.ISSUED if self.issued else Plan.State.DRAFT).label)

    def graded(self, said: Mapping[str, Any]) -> Iterable[Difference]:
        yield Difference("责任分级", "", "实行" if said["graded"] else "不实行")


Teller = Callable[[_Telling, Mapping[str, Any]], Iterable[Difference]]
TITLES: Mapping[str, str] = {
    "plan.imported": "导入", "plan.issued": "印发", "plan.withdrawn": "撤回", "plan.restored": "恢复计划",
    "plan.graded": "责任分级",
    "task.assigned": "调整责任单位", "task.due_set": "调整完成时限", "task.amended": "改文字", "task.split": "拆分",
    "task.parts_merged": "合并子任务", "tasks.merged": "合并任务", "tasks.unmerged": "撤销合并",
    "task.bearers_set": "落实责任", "task.added": "新增任务", "task.linked": "对应存在问题",
    "task.clauses_linked": "关联多年规划", "task.clause_unlinked": "取消关联多年规划", "target.linked": "调整口径",
    "task.origin_linked": "注明来源", "task.cancelled": "取消任务", "task.restored": "恢复任务",
}  # fmt: skip
TELLERS: Mapping[str, Teller] = {
    "plan.graded": _Telling.graded, "task.assigned": _Telling.assigned, "task.due_set": _Telling.due_set,
    "task.amended": _Telling.amended, "task.split": _Telling.split, "task.parts_merged": _Telling.merged,
    "tasks.merged": _Telling.merged, "tasks.unmerged": _Telling.unmerged, "task.bearers_set": _Telling.borne,
    "task.added": _Telling.added, "task.linked": _Telling.linked, "task.clauses_linked": _Telling.clauses,
    "task.clause_unlinked": _Telling.unclaused, "target.linked": _Telling.ruled,
    "task.origin_linked": _Telling.originated, "task.cancelled": _Telling.cancelled,
    "task.restored": _Telling.restored, "plan.withdrawn": _Telling.withdrawn, "plan.restored": _Telling.stands_again,
}  # fmt: skip


def _nothing(_telling: _Telling, _said: Mapping[str, Any]) -> Iterable[Difference]:
    return ()


def _day(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else NOTHING


def _bearers(rows: Sequence[Sequence[str]]) -> str:
    borne = ((level, [name for own, name in rows if own == level.value]) for level in Bearer.Level)
    return "，".join(f"{level.label}：{'、'.join(names)}" for level, names in borne if names) or NOTHING


def _list(tasks: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{task['number']}{task['title']}" for task in tasks)
