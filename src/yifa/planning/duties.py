"""The table of responsibility of a plan: who does what until when, as its Word and its Excel file show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yifa.planning.models import SHOWN, Bearer, Plan, Task

LEVELS = (Bearer.Level.OVERALL, Bearer.Level.DIRECT, Bearer.Level.OFFICE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head and its share of the width."""

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
    rows = plan.tasks.select_related("chapter", "parent").prefetch_related(*SHOWN, "targets")
    for task in rows:
        task.plan = plan
    tasks = [task for task in rows if task.parent is None or task.parent.division != Task.Division.LEADS]
    graded = any(task.bearers.all() for task in tasks)
    aimed = any(task.targets.all() for task in tasks)
    levels = [Column(str(level.label), 2.4) for level in LEVELS] if graded else []
    columns = (
        Column("序号", 2), Column("任务", 7 if graded else 9), *levels, Column("牵头单位", 3.6),
        Column("配合单位", 4.6), Column("完成时限", 2.9), *([Column("目标", 4.4)] if aimed else []),
    )  # fmt: skip
    return Duties(columns, tuple(_rows(tasks, graded=graded, aimed=aimed)))


def _rows(tasks: Sequence[Task], *, graded: bool, aimed: bool) -> Iterator[Duty]:
    chapter: int | None = None
    for task in tasks:
        if task.chapter is not None and task.chapter_id != chapter:
            yield Duty(chapter=str(task.chapter))
        chapter = task.chapter_id
        levels = [_borne(task, level) for level in LEVELS] if graded else []
        goals = ["；".join(target.text for target in task.targets.all())] if aimed else []
        leads = "、".join(short(unit) for unit in task.leads)
        support = "、".join(short(unit) for unit in task.support)
        due = said(task.due, task.plan.year) if task.due else ""
        yield Duty(task=task, cells=(number(task), task.title, *levels, leads, support, due, *goals))


def number(task: Task) -> str:
    """The task's number without the signs around it."""
    return task.number.strip("、.．（）() ")


def short(unit: object) -> str:
    """The name of a unit as tables have it."""
    return str(getattr(unit, "short_name", "") or getattr(unit, "name", unit))


def said(day: date, year: int | None = None) -> str:
    """A day as documents write it; without the year where it is `year`."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def _borne(task: Task, level: str) -> str:
    return "、".join(bearer.name for bearer in task.bearers.all() if bearer.level == level)
