"""`plan.unit` and `plan.due`: tasks without a responsible unit, without a due date."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Task

_SHOWN = 8


def check_unit(view: View) -> Iterator[Finding]:
    """One finding that lists every task nobody is made responsible for."""
    yield from _lacking(view, UNIT, lambda task: not task.lead and not task.support, "没有写明责任单位")


def check_due(view: View) -> Iterator[Finding]:
    """One finding that lists every task without a due date."""
    yield from _lacking(view, DUE, lambda task: task.due is None, "没有写明完成时限")


def _lacking(view: View, rule: Rule, lacks: Callable[[Task], bool], what: str) -> Iterator[Finding]:
    if not view.is_plan:
        return
    tasks = [task for task in view.document.tasks if lacks(task)]
    if not tasks:
        return
    total = len(view.document.tasks)
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
        "全部缺责任单位的任务合为一条，列出序号。"
    ),
    check=check_unit,
)
DUE = Rule(
    id="plan.due",
    severity=Severity.WARNING,
    title="任务没有完成时限",
    explanation="工作计划、要点的一项任务没有写明完成日期。全部缺时限的任务合为一条，列出序号。",
    check=check_due,
)
