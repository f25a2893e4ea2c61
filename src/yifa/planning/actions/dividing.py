"""Tasks are divided into sub-tasks: by their contents, or one for each of several leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction, named, refuse_fixed
from yifa.planning.models import Task, TaskUnit

SPLIT = "task.split"
FEWEST, MOST = 2, 50


@dataclass(frozen=True, kw_only=True)
class Part:
    """A sub-task to be. Without a title the first clause of its words serves; `start`/`end`: its place in the source."""

    text: str
    title: str = ""
    start: int = 0
    end: int = 0
    lead: Organization | None = None


@dataclass(frozen=True, kw_only=True)
class SplitTask(PlanningAction[list[Task]]):
    """Divides a task by its contents. Each part has the units, day and responsible persons of the task until changed.

    A task that is divided already gets further parts.
    """

    needs = Needs("分解任务", (Role.COORDINATOR,))

    task: Task
    parts: Sequence[Part]
    reason: str = ""

    def check(self) -> None:
        """Raises ActionRefused for a sub-task, for one part only, for an empty one, or where leads divide it."""
        task = self.task
        self._admit(task.plan.organization)
        refuse_fixed(task, self.reason)
        if task.is_part:
            raise ActionRefused(
                f"{task.number}已经是子任务，不能再拆；请在上一级任务中增加子任务。", code="invalid"
            )
        if task.division == Task.Division.LEADS:
            raise ActionRefused(
                f"任务{task.number}有几个牵头单位，已按单位拆成子任务；要按内容拆分，请先只留一个牵头单位。",
                code="invalid",
            )
        fewest = 1 if task.division else FEWEST
        if not fewest <= len(self.parts) <= MOST:
            raise ActionRefused(
                f"任务{task.number}至少要拆成{FEWEST}项、至多{MOST}项子任务，现在给了{len(self.parts)}项。",
                code="invalid",
                field="parts",
            )
        self._check_words()

    def _check_words(self) -> None:
        empty = next((n for n, part in enumerate(self.parts, 1) if not part.text.strip()), None)
        if empty is not None:
            raise ActionRefused(f"第{empty}项子任务没有内容，请填写或删去。", code="invalid", field="parts")
        for number, part in enumerate(self.parts, 1):
            if len(part.title) > 200:
                raise ActionRefused(
                    f"第{number}项子任务的标题超过200字，请缩短。", code="invalid", field="parts"
                )

    def _change(self) -> list[Task]:
        """Stores the parts; numbers demanded go with the words they stand in."""
        made = [add_part(self.task, part) for part in self.parts]
        for part, given in zip(made, self.parts, strict=True):
            if given.lead is None:
                copy_units(self.task, part)
        structure.copy_bearers(self.task, made)
        structure.carry_targets(self.task, made)
        self.task.division = Task.Division.WORK
        self.task.save(update_fields=["division"])
        structure.settle(self.task)
        self._record(
            self.task.plan,
            SPLIT,
            {"task": self.task.order, "by": Task.Division.WORK, "parts": named(made), "reason": self.reason},
        )
        return made


def add_part(parent: Task, part: Part) -> Task:
    """Stores a sub-task behind those there are or were."""
    text = part.text.strip()
    number = 1 + Task.everything.filter(parent=parent).count()
    made = Task.objects.create(
        plan=parent.plan,
        chapter=parent.chapter,
        parent=parent,
        order=structure.next_order(parent.plan),
        place=structure.place_of_part(parent),
        number=f"{parent.number.rstrip('、.．')[:15]}-{number}",
        title=(part.title.strip() or structure.title_of(text))[:200],
        text=text,
        source_start=part.start or parent.source_start,
        source_end=part.end or parent.source_end,
        due=parent.due,
    )
    if part.lead is not None:
        made.units.create(organization=part.lead, role=TaskUnit.Role.LEAD)
    return made


def store_units(task: Task, leads: Sequence[Organization], support: Sequence[Organization]) -> None:
    """The units of a task in place of those before."""
    task.units.all().delete()
    links = [(unit, TaskUnit.Role.LEAD) for unit in leads] + [
        (unit, TaskUnit.Role.SUPPORT) for unit in support
    ]
    TaskUnit.objects.bulk_create(TaskUnit(task=task, organization=unit, role=role) for unit, role in links)


def divide_by_leads(task: Task) -> list[Task]:
    """Gives each of several leads its sub-task, and merges those of units that lead no more. Returns the new ones."""
    if task.is_part or task.division == Task.Division.WORK:
        return []
    links = TaskUnit.objects.filter(task=task, role=TaskUnit.Role.LEAD).select_related("organization")
    leads = [link.organization for link in links]
    wanted = leads if len(leads) > 1 else []
    parts = {part.lead: part for part in task.parts.all()}
    for unit, part in parts.items():
        if unit not in wanted:
            part.merged_into = task
            part.save(update_fields=["merged_into"])
    made = [_part_of_lead(task, unit) for unit in wanted if unit not in parts]
    task.division = Task.Division.LEADS if wanted else Task.Division.NONE
    task.save(update_fields=["division"])
    structure.settle(task)
    return made


def _part_of_lead(task: Task, unit: Organization) -> Task:
    """The lead's sub-task; one it had before stands again with what was reported on it."""
    former = Task.everything.filter(parent=task, merged_into=task, title=task.title, text=task.text)
    for part in former.prefetch_related("units__organization"):
        if part.lead == unit:
            part.merged_into = None
            part.save(update_fields=["merged_into"])
            return part
    made = add_part(task, Part(text=task.text, title=task.title, lead=unit))
    structure.copy_bearers(task, [made])
    return made


def copy_units(task: Task, part: Task) -> None:
    """The units of the task take the same part in a sub-task."""
    TaskUnit.objects.bulk_create(
        TaskUnit(task=part, organization_id=link.organization_id, role=link.role)
        for link in TaskUnit.objects.filter(task=task)
    )
