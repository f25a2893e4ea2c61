"""`plan.*`: tasks without a responsible unit, without a due date, due before the plan was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.dates import make_date, month_end
from yifa.reading.document import Kind, Span, Task
from yifa.reading.lexicon import words

_SHOWN = 8
_LEAST, _SEVERAL = 5, 3  # tasks of a part of a report, and those of them that name a unit (or a day)
_TAIL = (
    240  # characters of the last task in which a closing clause may stand, where reading has not cut it off
)

_FIELD = re.compile(
    r"(?:完成|办结)?(?:时限|时间|期限)(?:要求)?[ \t]*[：:](?P<when>[^；;，,（）()。\n]{2,30})"
)
_DAY = re.compile(r"(?P<year>20\d\d)年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末)?")
_CADENCE = re.compile(r"(?:\A|[。；，,\n）)]|\d[.．、])[ \t]*(?:全年|每半年|每季度?|每半月|每月|每周)")
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
        if _said_for_all(view, plan, _TIMED):
            continue
        strict = any(
            "\t" in task.text or _FIELD.search(task.text) for task in plan.tasks
        )  # a column or a field
        has = _has_time if strict else _has_time_or_cadence
        yield from _lacking(plan, DUE, has, "没有写明完成时限")


def check_past(view: View) -> Iterator[Finding]:
    """One finding for each task whose field names a day before the year planned for, and before the signature."""
    year, signed = view.document.year, view.document.dated
    if not view.is_plan or year is None:
        return
    for task in view.document.tasks:
        for field in _FIELD.finditer(task.text):
            days = [day for found in _DAY.finditer(field["when"]) if (day := _day(found))]
            if days and max(days).year < year and (signed is None or max(days) < signed):
                start = task.span[0] + field.start("when")
                when = field["when"].strip()
                yield PAST.finding(
                    f"{task.number}{task.title}的完成时限写作“{when}”，早于{year}年，疑为沿用上一年的文字。请改正。",
                    [(start, start + len(field["when"]))],
                    number=task.number,
                    due=max(days).isoformat(),
                    year=year,
                )


def _day(found: re.Match[str]) -> date | None:
    year, month = int(found["year"]), int(found["month"])
    return make_date(year, month, int(found["day"])) if found["day"] else month_end(year, month)


def _has_unit(task: Task) -> bool:
    return bool(task.lead or task.support)


def _has_time(task: Task) -> bool:
    """A day, also one that cannot be (another rule's finding), or words like 全年 or 长期坚持."""
    return task.due is not None or bool(task.due_note) or _names_day(task)


def _names_day(task: Task) -> bool:
    return any(_DAY.search(field["when"]) for field in _FIELD.finditer(task.text))


def _has_time_or_cadence(task: Task) -> bool:
    """「每月开展一次」 tells the time where the plan has no field for it."""
    return _has_time(task) or _CADENCE.search(task.text) is not None


def _plans(view: View, has: Callable[[Task], bool]) -> Iterator[Plan]:
    """The document, where it is a plan; else its parts that are plans with several tasks of which several have it.

    An outlook of a report names neither units nor days, and need not.
    """
    tasks, whole = view.document.tasks, (0, len(view.text))
    if view.breaks_off and tasks and tasks[-1].span[1] >= view.breaks_off[0] and not has(tasks[-1]):
        tasks = tasks[:-1]  # who does it, and by when, may stand in what did not arrive
    if view.is_plan:
        yield _without_closing(Plan(whole, tasks), has)
        return
    for part in view.document.parts:
        if part.kind is Kind.WORK_PLAN:
            own = tuple(task for task in tasks if part.span[0] <= task.span[0] < part.span[1])
            if len(own) >= _LEAST and sum(map(has, own)) >= _SEVERAL:
                yield Plan(part.span, own)


def _without_closing(plan: Plan, has: Callable[[Task], bool]) -> Plan:
    """The tasks without 「保障措施」 at the end, where the other tasks have it and none of these has."""
    closing = tuple(words("plans")["closing_chapters"])
    others = tuple(task for task in plan.tasks if not task.chapter.startswith(closing))
    last = [task for task in plan.tasks if task.chapter.startswith(closing)]
    told = sum(map(has, others)) * 2 > len(others)
    return replace(plan, tasks=others) if told and not any(map(has, last)) else plan


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
        f"{total}项任务{_how_many(len(tasks), total)}{what}：{shown}{more}。",
        [task.span for task in tasks],
        number=numbers,
        count=len(tasks),
        of=total,
    )


def _how_many(lacking: int, total: int) -> str:
    if lacking < total:
        return f"中有{lacking}项"
    return "都" if total > 1 else ""


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
        "工作计划、要点的一项任务没有写明完成日期，也没有写“全年”“长期坚持”一类的时限。各项任务都不设完成时限一栏的，“每月开展一次”也算写了时限；“保障措施”一类结尾部分的各条不算任务。年度报告里的下一年工作安排，有五项以上任务、其中三项以上写了时限的，同样核对。开头或结尾统一写明完成时限的，不提出。"
        "全部缺时限的任务合为一条，列出序号。\n\n"
        "例：七项任务中第3项没有时限——依据：count 1，of 7，number 3。"
    ),
    check=check_due,
)
PAST = Rule(
    id="plan.past",
    severity=Severity.WARNING,
    title="完成时限早于计划年度",
    explanation=(
        "工作计划、要点的一项任务，“完成时限”一栏写的日期早于计划年度，也早于落款日期，多半是沿用上一年的文字没有改。没有写年份的不比较。\n\n"
        "例：2025年工作要点中“完成时限：2024年9月”——依据：due 2024-09-30，year 2025。"
    ),
    check=check_past,
)
