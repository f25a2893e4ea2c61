"""The plan as a matrix: its items down, the units across, who leads and who supports in the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Organization
from yifa.planning.models import SHOWN, Plan, Task, TaskUnit

LEAD, SUPPORT, NONE = str(TaskUnit.Role.LEAD), str(TaskUnit.Role.SUPPORT), ""
SIGNS = {LEAD: "●", SUPPORT: "○", NONE: ""}
NAMES = {LEAD: "牵头", SUPPORT: "配合", NONE: ""}
LATE, NO_LEAD, NO_DUE, CANCELLED = "late", "no_lead", "no_due", "cancelled"  # beside the states of tasks
STATE_SIGNS = {"done": "✓", "in_progress": "…", "not_started": "", "not_done": "✕", LATE: "!", CANCELLED: ""}
STATE_NAMES = {**dict(Task.State.choices), LATE: "逾期", CANCELLED: "已取消"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's part in one task. `state` is that of its sub-task where the leads have their own."""

    unit: Organization
    role: str
    state: str

    @property
    def sign(self) -> str:
        """What stands in the cell: the part and, for the leads, how far it is."""
        return SIGNS[self.role] + (STATE_SIGNS[self.state] if self.role == LEAD else "")

    @property
    def words(self) -> str:
        """The same in words."""
        if not self.role:
            return "没有分工"
        return f"{NAMES[self.role]}，{STATE_NAMES[self.state]}" if self.role == LEAD else NAMES[self.role]

    @property
    def colour(self) -> str:
        """success, primary, danger, warning or secondary."""
        colours = {"done": "success", "in_progress": "primary", LATE: "danger", "not_done": "warning"}
        return colours.get(self.state, "secondary")


@dataclass(frozen=True, slots=True)
class Row:
    """One task with its cells, in the order of the units."""

    task: Task
    cells: tuple[Cell, ...]
    state: str
    heads_chapter: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows and columns that are shown."""

    units: tuple[Organization, ...]
    rows: tuple[Row, ...]
    all_units: bool


def state_of(task: Task, today: date) -> str:
    """The task's state; what is past its day and not done is late."""
    if task.cancelled:
        return CANCELLED
    late = task.due is not None and task.due < today and task.state != Task.State.DONE
    return LATE if late else str(task.state)


def build(
    plan: Plan, today: date, *, every_unit: bool = False, unit: str = "", chapter: str = "", state: str = ""
) -> Matrix:
    """The matrix, cut by unit (code), chapter (order) and state.

    Without `every_unit` the columns are the units that have a part somewhere; where none has, all.
    """
    today = today if plan.state == Plan.State.ISSUED else date.min  # before it is in force nothing is late
    tasks = list(plan.shown.select_related("chapter", "parent").prefetch_related(*SHOWN))
    for task in tasks:
        task.plan = plan
    used = {link.organization_id for task in tasks for link in task.units.all()}
    below = list(Organization.objects.below(plan.organization).order_by("path"))
    units = [one for one in below if every_unit or not used or one.pk in used]
    if unit:
        units = [one for one in units if one.code == unit]
    shown = [task for task in tasks if _is_row(task) and _fits(task, today, chapter, state)]
    if unit:
        shown = [task for task in shown if any(one in (*task.leads, *task.support) for one in units)]
    return Matrix(tuple(units), tuple(_rows(shown, units, today)), every_unit or not used)


def _is_row(task: Task) -> bool:
    """The sub-tasks of several leads stand in the cells of their task."""
    return task.parent is None or task.parent.division != Task.Division.LEADS


def _fits(task: Task, today: date, chapter: str, state: str) -> bool:
    if chapter and (task.chapter is None or str(task.chapter.order) != chapter):
        return False
    if state in {NO_LEAD, NO_DUE}:
        return not task.cancelled and (task.lead if state == NO_LEAD else task.due) is None
    return not state or state_of(task, today) == state


def _rows(tasks: Sequence[Task], units: Sequence[Organization], today: date) -> Iterator[Row]:
    chapter: int | None = None
    for task in tasks:
        heads = task.chapter_id is not None and task.chapter_id != chapter
        chapter = task.chapter_id
        yield Row(task, tuple(_cells(task, units, today)), state_of(task, today), heads)


def _cells(task: Task, units: Sequence[Organization], today: date) -> Iterator[Cell]:
    roles = {link.organization_id: link.role for link in task.units.all()}
    parts = {part.lead: part for part in task.parts.all()} if task.division == Task.Division.LEADS else {}
    for unit in units:
        yield Cell(unit, roles.get(unit.pk, NONE), state_of(parts.get(unit, task), today))


@dataclass(frozen=True, slots=True)
class Parts:
    """The units of a task after a change in one cell."""

    lead: Organization | None
    co_leads: tuple[Organization, ...]
    support: tuple[Organization, ...]


def changed(task: Task, unit: Organization, role: str) -> Parts:
    """The units of the task where this one takes a part; the part it has already is taken from it."""
    links = [(link.organization, str(link.role)) for link in task.units.all()]
    had = next((held for one, held in links if one == unit), NONE)
    links = [(one, held) for one, held in links if one != unit]
    if role and role != had:
        links.append((unit, role))
    leads = [one for one, held in links if held == LEAD]
    support = tuple(one for one, held in links if held == SUPPORT)
    return Parts(leads[0] if leads else None, tuple(leads[1:]), support)
