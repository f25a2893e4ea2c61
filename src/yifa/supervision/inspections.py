"""The yearly plan of inspections beside what was inspected: line by line, and what happened outside it with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yifa.ledger.models import Case, CaseAct, Entry, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.search.queries import in_force

PLAN, LINES = "inspection_plan", "planned_inspections"
MOST = 100  # of what happened outside the plan, the latest
NAMED = 5000  # inspections that name a line of the plan
LOOKED_AT = 500  # inspections of a kind, the latest of the year
CALLED_FOR = ("投诉举报核查", "转办交办核查")  # ways of inspecting that have their cause in themselves


class Way(StrEnum):
    """How a line of the plan is inspected, which says what kind of case carries it out."""

    RANDOM = "双随机抽查"
    ALL = "全覆盖检查"
    MAIN = "重点检查"
    FILES = "案卷评查"
    UNITS = "法治督察"


CASE_TYPES: Mapping[str, str] = {
    Way.RANDOM: "random_inspection",
    Way.ALL: "administrative_inspection",
    Way.MAIN: "administrative_inspection",
    Way.FILES: "case_review",
    Way.UNITS: "law_inspection",
}
KINDS = tuple(dict.fromkeys(CASE_TYPES.values()))
ONE_EACH = (
    "administrative_inspection",
    "case_review",
)  # a case for each object; of the others an act of inspection


@dataclass(slots=True)
class Line:
    """A line of a plan and what was done for it. `done`: objects, files or units inspected."""

    entry: Entry
    cases: int = 0
    done: int = 0

    @property
    def data(self) -> Mapping[str, Any]:
        """What the line says."""
        said: Mapping[str, Any] = self.entry.data
        return said

    @property
    def case_type(self) -> str:
        """The kind of case that carries it out."""
        return CASE_TYPES[Way(str(self.data["way"]))]

    @property
    def reached(self) -> int | None:
        """How much of the planned number is done, in a hundred; None: no number is planned."""
        number = self.data.get("number")
        return round(100 * self.done / float(number)) if number else None

    def late(self, today: date) -> bool:
        """Whether its time is over and less was done than planned."""
        return self.entry.ends is not None and self.entry.ends < today and (self.reached or 0) < 100 and bool(
            self.data.get("number") or not self.cases
        )  # fmt: skip


@dataclass(slots=True)
class UnitPlan:
    """The plan of a unit for a year: its case, where there is one, and its lines."""

    unit: Organization
    case: Case | None = None
    lines: list[Line] = field(default_factory=list)


def plans(user: User, year: int) -> list[UnitPlan]:
    """The plans of a year in what the user sees, unit by unit, with what was done for each line."""
    found: dict[int, UnitPlan] = {}
    cases = among_units(Case.objects.filter(case_type=PLAN, facts__year=year), user)
    for case in cases.select_related("organization").order_by("opened_on", "id"):
        found.setdefault(case.organization.pk, UnitPlan(case.organization)).case = case
    entries = Entry.objects.filter(register=LINES, begins__year=year, withdrawn=False)
    for entry in among_units(entries, user).select_related("organization").order_by("begins", "key"):
        if entry.data.get("way") in set(Way):
            unit = found.setdefault(entry.organization.pk, UnitPlan(entry.organization))
            unit.lines.append(Line(entry))
    _fill([line for plan in found.values() for line in plan.lines], user, year)
    return sorted(found.values(), key=lambda plan: plan.unit.path)


def _fill(lines: list[Line], user: User, year: int) -> None:
    """How many cases name each line, and how many objects they inspected."""
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(line.entry.key, []).append(line)
    if not by_key:
        return
    named = _of_year(user, year).filter(facts__plan_item__in=list(by_key))
    rows = named.values_list("pk", "case_type", "facts__plan_item", "organization__path")[:NAMED]
    line_of: dict[UUID, Line] = {}
    for pk, case_type, key, path in rows:
        nearest = _nearest(by_key[str(key)], path)
        if nearest is None:
            continue
        nearest.cases += 1
        if case_type in ONE_EACH:
            nearest.done += 1
        else:
            line_of[pk] = nearest
    visits = CaseAct.objects.filter(case__in=list(line_of), act="inspect")
    for case_id in visits.values_list("case_id", flat=True):
        line_of[case_id].done += 1


def _nearest(lines: Iterable[Line], path: str) -> Line | None:
    """Of lines with one number, that of the unit that inspected, or of the nearest body above it."""
    above = [line for line in lines if path.startswith(line.entry.organization.path)]
    return max(above, key=lambda line: len(line.entry.organization.path), default=None)


def _of_year(user: User, year: int) -> QuerySet[Case]:
    span = (date(year, 1, 1), date(year, 12, 31))
    return among_units(Case.objects.filter(case_type__in=KINDS, opened_on__range=span), user)


def outside(user: User, year: int) -> list[tuple[Case, str]]:
    """Inspections of a year that name no line, the latest first, with their cause; empty where none is written."""
    rows: list[Case] = []
    for kind in KINDS:
        rows += _of_year(user, year).filter(case_type=kind).select_related("organization").order_by(
            "-opened_on", "-id"
        )[:LOOKED_AT]  # fmt: skip
    left = [(case, cause(case.facts)) for case in rows if not case.facts.get("plan_item")]
    left.sort(key=lambda one: (bool(one[1]), -(one[0].opened_on or date.min).toordinal()))
    return left


def cause(facts: Mapping[str, Any]) -> str:
    """Why something was inspected outside the plan: as written, the signal, or the way that says it."""
    way = str(facts.get("way") or "")
    return str(facts.get("outside_cause") or facts.get("signal") or (way if way in CALLED_FOR else ""))


def planned(body: Organization, way: str, on: date) -> list[tuple[str, str]]:
    """The lines of a way in force on a day in a body and below, as choices."""
    lines = Entry.objects.filter(register=LINES, organization__path__startswith=body.path, data__way=way)
    rows: Iterable[tuple[str, str]] = in_force(lines, on).order_by("key").values_list("key", "title")
    return [(key, f"{key} {title}") for key, title in rows]
