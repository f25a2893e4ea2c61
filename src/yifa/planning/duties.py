"""The table of responsibility of a plan: who does what until when, as its Word and its Excel file show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from yifa.papers.widths import fitted
from yifa.planning.importing.columns import lexicon
from yifa.planning.models import SHOWN, Bearer, Plan, Task
from yifa.reading.lexicon import alternatives

LINE = 60.0  # characters a line of the lying page holds
LEVELS = (Bearer.Level.OVERALL, Bearer.Level.DIRECT, Bearer.Level.OFFICE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head and its width in characters."""

    title: str
    width: float


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the table; `chapter` alone for the line above the tasks of a chapter."""

    chapter: str = ""
    task: Task | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duties:
    """The table."""

    columns: tuple[Column, ...]
    rows: tuple[Duty, ...]


def duties(plan: Plan) -> Duties:
    """All tasks in order. Levels of responsibility and goals have a column only where the plan names them."""
    rows = plan.shown.select_related("chapter", "parent").prefetch_related(*SHOWN, "targets")
    for task in rows:
        task.plan = plan
    tasks = [task for task in rows if task.parent is None or task.parent.division != Task.Division.LEADS]
    graded = any(task.bearers.all() for task in tasks)
    aimed = any(goals_of(task) for task in tasks)
    levels = [str(level.label) for level in LEVELS] if graded else []
    heads = ["序号", "任务", *levels, "牵头单位", "配合单位", "完成时限", *(["目标"] if aimed else [])]
    found = tuple(_rows(tasks, graded=graded, aimed=aimed))
    least = [len(head) + (3.0 if head in {"序号", "任务", "完成时限"} else 2.0) for head in heads]
    widths = fitted([row.cells for row in found if row.task is not None], least, LINE)
    return Duties(tuple(map(Column, heads, widths)), found)


def _rows(tasks: Sequence[Task], *, graded: bool, aimed: bool) -> Iterator[Duty]:
    chapter: int | None = None
    for task in tasks:
        if task.chapter is not None and task.chapter_id != chapter:
            yield Duty(chapter=str(task.chapter))
        chapter = task.chapter_id
        levels = [_borne(task, level) for level in LEVELS] if graded else []
        goals = ["；".join(goals_of(task))] if aimed else []
        leads = "、".join(short(unit) for unit in task.leads)
        support = "、".join(short(unit) for unit in task.support)
        due = said(task.due, task.plan.year) if task.due else ""
        if task.cancelled:
            due = "已取消"
        yield Duty(task=task, cells=(number(task), task.title, *levels, leads, support, due, *goals))


def goals_of(task: Task) -> list[str]:
    """The numbers the task demands, and what a sheet said it is to bring about (「成果形式：…」)."""
    stated = [match["words"] for match in _stated_goal().finditer(task.text)]
    return [*(target.text for target in task.targets.all()), *stated]


@cache
def _stated_goal() -> re.Pattern[str]:
    return re.compile(rf"^(?:{alternatives(lexicon()['names']['goal'])})：(?P<words>[^\n]+)$", re.M)


def number(task: Task) -> str:
    """The task's number without the signs around it."""
    return re.sub(r"[（）()\s]", "", task.number).strip("、.．")


def short(unit: object) -> str:
    """The name of a unit as tables have it."""
    return str(getattr(unit, "short_name", "") or getattr(unit, "name", unit))


def said(day: date, year: int | None = None) -> str:
    """A day as documents write it; without the year where it is `year`."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def _borne(task: Task, level: str) -> str:
    return "、".join(bearer.name for bearer in task.bearers.all() if bearer.level == level)
