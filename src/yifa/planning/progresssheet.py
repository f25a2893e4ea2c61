"""The progress sheet of a plan, for a quarter or for the year: what a coordinator prints or hands on as Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.utils import timezone

from yifa.ledger.models import Organization
from yifa.papers.sheets import Column, write_sheet
from yifa.papers.struck import Struck
from yifa.planning.models import Plan, Task, TaskProgress
from yifa.planning.quarters import Quarter, standing, state_said
from yifa.planning.structure import state_from
from yifa.planning.targets import Answer, answer

COLUMNS = (  # title, width, whether it goes on in the next line
    ("序号", 10, False),
    ("任务", 36, True),
    ("牵头单位", 20, True),
    ("配合单位", 20, True),
    ("完成时限", 12, False),
    ("状态", 10, False),
    ("进展情况", 48, True),
    ("未开展原因", 28, True),
    ("依据记录", 44, True),
    ("附件及说明", 32, True),
)
NOTHING_SAID = "（本期未填报）"
SAID_BY_PARTS = "（见子任务）"
CANCELLED = "cancelled"
STATES = {**dict(Task.State.choices), CANCELLED: "已取消"}


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the sheet. `state` is as it stood at the end of the period."""

    task: Task
    state: str
    progress: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: tuple[str, ...]
    papers: tuple[str, ...]

    @property
    def label(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def silence(self) -> str:
        """What stands where nothing was said: of a divided task its sub-tasks speak, of one not begun its reason."""
        if self.reasons:
            return ""
        return SAID_BY_PARTS if self.task.division else NOTHING_SAID

    @property
    def values(self) -> tuple[object, ...]:
        """The cells, in the order of `COLUMNS`."""
        task = self.task
        number = f"　{task.number}" if task.is_part else task.number
        names: tuple[object, ...] = (number, task.title)
        if self.state == CANCELLED:
            names = (Struck(number), Struck(task.title))
        return (
            *names,
            "、".join(unit.name for unit in task.leads),
            "、".join(unit.name for unit in task.support),
            task.due,
            self.label,
            "\n".join(self.progress) or self.silence,
            "\n".join(self.reasons),
            "\n".join(self.basis),
            "\n".join(self.papers),
        )


def period_end(plan: Plan, quarter: Quarter | None, today: date) -> date:
    """The last day the sheet looks at."""
    return min(today, quarter.end if quarter is not None else date(plan.year, 12, 31))


def sheet(
    tasks: Iterable[Task],
    quarter: Quarter | None,
    today: date,
    answers: Callable[[Task, date], Sequence[Answer]] | None = None,
) -> list[Line]:
    """The lines of the sheet; `quarter` None: the year. The tasks have what `reminders.NEEDED` names prefetched."""
    known = list(tasks)
    states = {task.pk: _state(task, quarter, today) for task in known}
    found = []
    for task in known:
        until = period_end(task.plan, quarter, today)
        counted = (
            answers(task, until) if answers is not None else [answer(t, until) for t in task.targets.all()]
        )
        state = states[task.pk]
        if task.division and state != CANCELLED:
            parts = [states[part.pk] for part in known if part.parent_id == task.pk]
            standing_parts = [one for one in parts if one != CANCELLED]
            state = state_from(standing_parts) if standing_parts else Task.State.NOT_STARTED
        found.append(_line(task, state, quarter, counted))
    return found


def _state(task: Task, quarter: Quarter | None, today: date) -> str:
    """The state at the end of the period; what was cancelled later still stood."""
    if task.cancelled_on is not None and task.cancelled_on <= period_end(task.plan, quarter, today):
        return CANCELLED
    leads = {unit.pk for unit in task.leads}
    notes = [note for note in task.progress.all() if quarter is None or note.quarter <= quarter.number]
    return state_said(notes, leads, task.plan.organization_id)


def _line(task: Task, state: str, quarter: Quarter | None, answers: Sequence[Answer]) -> Line:
    notes = [n for n in standing(task.progress.all()) if quarter is None or n.quarter == quarter.number]
    return Line(
        task=task,
        state=state,
        progress=(*(_said(note, quarter) for note in notes if note.note), *_cancelled(task, state)),
        reasons=tuple(_by(note, quarter) + note.reason for note in notes if note.reason),
        basis=(*_linked(task, notes, quarter), *_counted(answers)),
        papers=tuple(f"{paper.title}（{paper.why}）" for note in notes for paper in note.papers.all()),
    )


def _cancelled(task: Task, state: str) -> list[str]:
    return [f"{task.cancellation}：{task.cancelled_reason}"] if state == CANCELLED else []


def _said(note: TaskProgress, quarter: Quarter | None) -> str:
    returned = "（已退回补充）" if note.returned_on is not None else ""
    return f"{_by(note, quarter)}{note.note}{returned}"


def _by(note: TaskProgress, quarter: Quarter | None) -> str:
    """Which quarter, where the sheet is of the year; which unit, where it is not the one that leads."""
    of = "" if quarter is not None else f"{Quarter(note.task.plan.year, note.quarter).title}"
    unit: Organization | None = note.unit
    who = unit.short_name or unit.name if unit is not None and unit not in note.task.leads else ""
    head = "".join(part for part in (of, f"（{who}）" if who else "") if part)
    return f"{head}：" if head else ""


def _linked(task: Task, notes: Sequence[TaskProgress], quarter: Quarter | None) -> Iterator[str]:
    """The records linked by hand; on the sheet of a quarter those its notes name or that were linked until its end."""
    named = {one.pk for note in notes for one in note.records.all()}
    for one in task.evidence.all():
        in_time = quarter is None or timezone.localdate(one.linked_at) <= quarter.end
        if one.ended_at is None and (in_time or one.pk in named):
            yield f"{one.title}（{one.number}）" if one.number else one.title


def _counted(answers: Sequence[Answer]) -> Iterator[str]:
    for found in answers:
        if found.counted is None:
            continue
        if found.value is None:
            yield f"{found.target.text}：{found.text}"
            continue
        yield f"{found.target.text}：台账已有{format(found.value.normalize(), 'f')}{found.target.unit}，{found.text}"


def write_excel(plan: Plan, quarter: Quarter | None, lines: Sequence[Line], target: IO[bytes]) -> None:
    """The sheet as an Excel file."""
    columns = [Column(title, width, wrap) for title, width, wrap in COLUMNS]
    write_sheet(target, title_of(plan, quarter), columns, (line.values for line in lines))


def title_of(plan: Plan, quarter: Quarter | None) -> str:
    """2026年第二季度任务进展."""
    return f"{plan.year}年{quarter.title if quarter is not None else '全年'}任务进展"
