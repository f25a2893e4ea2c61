"""`plan.unit` and `plan.due`: tasks without a responsible unit, without a due date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Task

_SHOWN = 8
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


def check_unit(view: View) -> Iterator[Finding]:
    """One finding that lists every task nobody is made responsible for."""
    if not _said_for_all(view, _ASSIGNED):
        yield from _lacking(view, UNIT, lambda task: not task.lead and not task.support, "没有写明责任单位")


def check_due(view: View) -> Iterator[Finding]:
    """One finding that lists every task without a due date."""
    if not _said_for_all(view, _TIMED):
        yield from _lacking(view, DUE, _has_no_time, "没有写明完成时限")


def _has_no_time(task: Task) -> bool:
    """Neither a day nor words like 全年 or 长期坚持."""
    return task.due is None and not getattr(task, "due_note", None)


def _said_for_all(view: View, clauses: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    """Whether a sentence settles it for all tasks: 「以上任务均于11月底前完成」.

    The first pattern is for the text outside the tasks, the second, strict one for the end of the last task.
    """
    if not view.is_plan or not view.document.tasks:
        return False
    outside, tail = clauses
    last = max(task.span[1] for task in view.document.tasks)
    first = min(task.span[0] for task in view.document.tasks)
    end = view.text[max(last - _TAIL, first) : last]
    return bool(outside.search(view.text[:first]) or outside.search(view.text, last) or tail.search(end))


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
        "开头或结尾统一写明各项任务由谁负责的，不提出。全部缺责任单位的任务合为一条，列出序号。\n\n"
        "例：七项任务中第4项没有“责任单位”——依据：count 1，of 7，number 4."
    ),
    check=check_unit,
)
DUE = Rule(
    id="plan.due",
    severity=Severity.WARNING,
    title="任务没有完成时限",
    explanation=(
        "工作计划、要点的一项任务没有写明完成日期，也没有写“全年”“长期坚持”一类的时限。开头或结尾统一写明完成时限的，不提出。"
        "全部缺时限的任务合为一条，列出序号。\n\n"
        "例：七项任务中第3项没有时限——依据：count 1，of 7，number 3."
    ),
    check=check_due,
)
