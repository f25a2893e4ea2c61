"""`plan.unit` and `plan.due`: tasks without a responsible unit, without a due date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Kind, Span, Task

_SHOWN = 8
_LEAST, _SEVERAL = 5, 3  # tasks of a part of a report, and those of them that name a unit (or a day)
_TAIL = (
    240  # characters of the last task in which a closing clause may stand, where reading has not cut it off
)


_THESE = r"(?:以上|上述|本(?:要点|计划|方案)|所列)"
_ALL = r"(?:以上|上述|本(?:要点|计划|方案)|所列|各项|全部|所有|每项)"
_THINGS = r"[^，,。；;\n]{0,16}(?:任务|工作|事项|措施|要点)"
_BY = r"[^。\n]{0,40}?(?:由|按)[^。\n]{2,60}?(?:负责|落实|实施|牵头|承担|组织)"
_ON = r"[^。\n]{0,80}?(?:\d{1,2}月(?:\d{1,2}日|底|末)?|年底|年末|年内)(?:之?前|底)?[^，。\n]{0,6}(?:完成|办结|落实|见效|报送)"
_ASSIGNED = (re.compile(_ALL + _THINGS + _BY), re.compile(_THESE + _THINGS + _BY))
_TIMED = (
    re.compile(rf"{_ALL}{_THINGS}{_ON}|(?:完成|办理)(?:时限|期限|时间)[：:为]"),
    re.compile(_THESE + _THINGS + _ON),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A stretch of the text with its tasks."""

    span: Span
    tasks: tuple[Task, ...]


def check_unit(view: View) -> Iterator[Finding]:
    """One finding that lists every task nobody is made responsible for."""
    for plan in _plans(view, _has_unit):
        if not _said_for_all(view, plan, _ASSIGNED):
            yield from _lacking(plan, UNIT, _has_unit, "没有写明责任单位")


def check_due(view: View) -> Iterator[Finding]:
    """One finding that lists every task without a due date."""
    for plan in _plans(view, _has_time):
        if not _said_for_all(view, plan, _TIMED):
            yield from _lacking(plan, DUE, _has_time, "没有写明完成时限")


def _has_unit(task: Task) -> bool:
    return bool(task.lead or task.support)


def _has_time(task: Task) -> bool:
    """A day, or words like 全年 or 长期坚持."""
    return task.due is not None or bool(task.due_note)


def _plans(view: View, has: Callable[[Task], bool]) -> Iterator[Plan]:
    """The document, where it is a plan; else its parts that are plans with several tasks of which several have it.

    An outlook of a report names neither units nor days, and need not.
    """
    tasks, whole = view.document.tasks, (0, len(view.text))
    if view.is_plan:
        yield Plan(whole, tasks)
        return
    for part in view.document.parts:
        if part.kind is Kind.WORK_PLAN:
            own = tuple(task for task in tasks if part.span[0] <= task.span[0] < part.span[1])
            if len(own) >= _LEAST and sum(map(has, own)) >= _SEVERAL:
                yield Plan(part.span, own)


def _said_for_all(view: View, plan: Plan, clauses: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    """Whether a sentence settles it for all tasks: 「以上任务均于11月底前完成」.

    The first pattern is for the text outside the tasks, the second, strict one for the end of the last task.
    """
    if not plan.tasks:
        return False
    outside, tail = clauses
    last = max(task.span[1] for task in plan.tasks)
    first = min(task.span[0] for task in plan.tasks)
    start, stop = plan.span
    return bool(
        outside.search(view.text, start, first)
        or outside.search(view.text, last, stop)
        or tail.search(view.text, max(last - _TAIL, first), last)
    )


def _lacking(plan: Plan, rule: Rule, has: Callable[[Task], bool], what: str) -> Iterator[Finding]:
    tasks = [task for task in plan.tasks if not has(task)]
    if not tasks:
        return
    total = len(plan.tasks)
    numbers = [task.number for task in tasks]
    shown = "、".join(f"{task.number}{task.title}" for task in tasks[:_SHOWN])
    more = f"等{len(tasks)}项" if len(tasks) > _SHOWN else ""
    yield rule.finding(
        f"{total}项任务{'都' if len(tasks) == total else f'中有{len(tasks)}项'}{what}：{shown}{more}。",
        [task.span for task in tasks],
        number=numbers,
        count=len(tasks),
        of=total,
    )


UNIT = Rule(
    id="plan.unit",
    severity=Severity.WARNING,
    title="任务没有责任单位",
    explanation=(
        "工作计划、要点的一项任务没有牵头单位、责任单位或配合单位。正文里提到某些部门不等于由它负责。"
        "年度报告里的下一年工作安排，有五项以上任务、其中三项以上写了责任单位的，同样核对。开头或结尾统一写明各项任务由谁负责的，不提出。全部缺责任单位的任务合为一条，列出序号。\n\n"
        "例：七项任务中第4项没有“责任单位”——依据：count 1，of 7，number 4。"
    ),
    check=check_unit,
)
DUE = Rule(
    id="plan.due",
    severity=Severity.WARNING,
    title="任务没有完成时限",
    explanation=(
        "工作计划、要点的一项任务没有写明完成日期，也没有写“全年”“长期坚持”一类的时限。年度报告里的下一年工作安排，有五项以上任务、其中三项以上写了时限的，同样核对。开头或结尾统一写明完成时限的，不提出。"
        "全部缺时限的任务合为一条，列出序号。\n\n"
        "例：七项任务中第3项没有时限——依据：count 1，of 7，number 3。"
    ),
    check=check_due,
)
