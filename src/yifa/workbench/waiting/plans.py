"""What is open in the plans for somebody: their units' tasks, or for a coordinator how much of each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.cache import cache
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Role, User
from yifa.planning.guarding import length
from yifa.planning.models import Plan, PlanTarget, Task
from yifa.planning.reminders import Open, Reminder, UnitOpen, by_unit, reminders, tasks_with_notes
from yifa.planning.targets import Answer, answer
from yifa.workbench.figures.keyfigures import KEPT_SECONDS, Counting
from yifa.workbench.figures.latest import kinds_of_rule
from yifa.workbench.rights.access import has_role, memberships, plans_for

WRITERS = (Role.OFFICER, Role.COORDINATOR)
SHOWN = 5
LAST_YEAR_UNTIL = 3  # the month up to which last year's plan still reminds: the report on it is due by then


@dataclass(frozen=True, slots=True)
class OpenKind:
    """What is open of one kind; `rows` the first few."""

    kind: Open
    count: int
    rows: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """What is open in a plan for somebody."""

    plan: Plan
    kinds: tuple[OpenKind, ...]
    all_units: bool  # seen by the coordinator: of every unit

    @property
    def count(self) -> int:
        """How much there is."""
        return sum(one.count for one in self.kinds)

    @property
    def url(self) -> str:
        """Where all of it stands."""
        return reverse("plan_open", args=[self.plan.pk])


def open_units(plan: Plan, today: date) -> list[UnitOpen]:
    """What is open in a plan, by unit; remembered until the plan or something it counts changes."""
    counting = Counting()
    rules = (
        PlanTarget.objects.filter(task__plan=plan)
        .exclude(counting_rule="")
        .values_list("counting_rule", flat=True)
    )
    counted = {kind for rule in rules.distinct() for kind in _kinds(rule)}
    last = f"{length(plan)}:{counting.latest.of(counted)}"
    key = f"open-units:{plan.pk}:{today}:{last}:{counting.latest.world}"
    known: list[UnitOpen] | None = cache.get(key)
    if known is None:
        known = [_bare(one) for one in _open_units(plan, today, counting)]
        cache.set(key, known, KEPT_SECONDS)
    return known


def _kinds(rule_id: str) -> list[str]:
    rule = catalogue().counting_rules.get(rule_id)
    return kinds_of_rule(rule) if rule is not None else []


def _open_units(plan: Plan, today: date, counting: Counting) -> list[UnitOpen]:
    def answers(task: Task) -> Sequence[Answer]:
        return [answer(target, today, counting.get) for target in task.targets.all()]

    return by_unit(reminders(tasks_with_notes(plan), today, answers))


def _bare(one: UnitOpen) -> UnitOpen:
    """Without what was read of the tasks beside their names."""

    def named(task: Task) -> Task:
        return Task(
            pk=task.pk, place=task.place, number=task.number, title=task.title, parent_id=task.parent_id
        )

    return replace(one, reminders=tuple(replace(row, task=named(row.task)) for row in one.reminders))


def is_own(user: User, unit: Organization | None) -> bool:
    """Whether a user writes for a unit, by a role there and not only in the body above it."""
    if unit is None:
        return False
    held = [row.organization for row in memberships(user) if row.role in WRITERS]
    return any(unit.path.startswith(one.path) for one in held)


def open_plans(user: User, today: date) -> list[OpenPlan]:
    """For each plan of the year that is in force what is open for a user; without anything open it is left out."""
    if not user.is_superuser and not any(row.role in WRITERS for row in memberships(user)):
        return []
    oldest = today.year - (1 if today.month <= LAST_YEAR_UNTIL else 0)
    plans = plans_for(user).filter(state=Plan.State.ISSUED, year__range=(oldest, today.year))
    found = [open_plan(user, plan, today) for plan in plans]
    return [one for one in found if one.kinds]


def open_plan(user: User, plan: Plan, today: date) -> OpenPlan:
    """What is open in one plan for a user."""
    coordinates = has_role(user, [Role.COORDINATOR], plan.organization)
    rows = [
        one
        for unit in open_units(plan, today)
        if coordinates or is_own(user, unit.unit)
        for one in unit.reminders
    ]
    kinds = []
    for kind in Open:
        of_kind = sorted((one for one in rows if one.kind is kind), key=lambda one: one.task.place)
        if of_kind:
            kinds.append(OpenKind(kind, len(of_kind), tuple(of_kind[:SHOWN])))
    return OpenPlan(plan, tuple(kinds), coordinates)


def open_in(user: User, plan: Plan, today: date) -> list[OpenPlan]:
    """The same for one plan that is looked at; empty where nothing is open for the user."""
    if plan.state != Plan.State.ISSUED or not any(row.role in WRITERS for row in memberships(user)):
        return []
    found = open_plan(user, plan, today)
    return [found] if found.kinds else []


def writing_units(user: User, plan: Plan) -> list[Organization]:
    """The units with a task of their own in the plan for which the user may write."""
    rows = (
        Organization.objects.filter(task_links__task__plan=plan, task_links__task__cancelled_on=None)
        .distinct()
        .order_by("path")
    )
    return [unit for unit in rows if has_role(user, WRITERS, unit)]
