"""Units that hold powers by the list of powers and have not one case of exercising them (零处罚、零许可)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, Q

from yifa.law.datafiles import beside
from yifa.ledger.models import Case, Entry, Organization

POWERS = "powers"
UNSAID = {"service_case": "行政许可"}  # what a case without the fact is counted as, as its clocks are
Counts = Mapping[tuple[int, str], int]


@dataclass(frozen=True, slots=True)
class Held:
    """The powers of one kind that one unit holds, and its cases of the period, those of units below included."""

    unit: Organization
    kind: str
    powers: Sequence[Entry]
    cases: int


@cache
def exercised_by() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The procedures by which powers of a kind are exercised."""
    found: Mapping[str, Sequence[Mapping[str, str]]] = beside(__file__, "idle.yaml")
    return found


def powers_held(unit: Organization, start: date, end: date) -> list[Held]:
    """The powers in force in a period at a unit and below, by unit and kind, with the cases of each."""
    units = {one.pk: one for one in Organization.objects.below(unit).order_by("path")}
    named = {name: one for one in units.values() for name in (one.short_name, one.name) if name}
    held: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in _in_force(start, end):
        kind = str(entry.data.get("kind", ""))
        holder = named.get(str(entry.data.get("organ", ""))) or units.get(entry.organization_id)
        if holder is not None and kind in exercised_by():
            held[holder.pk, kind].append(entry)
    counts = _cases(units.values(), start, end)
    return [
        Held(units[pk], kind, powers, _below(units, units[pk], kind, counts))
        for (pk, kind), powers in sorted(held.items(), key=lambda one: (units[one[0][0]].path, one[0][1]))
    ]


def _in_force(start: date, end: date) -> Any:
    begun = Q(begins__isnull=True) | Q(begins__lte=end)
    not_ended = Q(ends__isnull=True) | Q(ends__gte=start)
    return Entry.objects.filter(begun, not_ended, register=POWERS, withdrawn=False).order_by("key")


def _cases(units: Any, start: date, end: date) -> Counts:
    """Cases begun in the period, by organization and kind of power."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    plain = {
        one["case_type"]: kind for kind, ways in exercised_by().items() for one in ways if "kind" not in one
    }
    several = {one["case_type"] for ways in exercised_by().values() for one in ways if "kind" in one}
    rows = Case.objects.order_by().filter(
        opened_on__range=(start, end), organization_id__in=[one.pk for one in units]
    )
    counted = rows.filter(case_type__in=plain).values_list("organization_id", "case_type")
    for organization, case_type, many in counted.annotate(many=Count("*")):
        found[organization, plain[case_type]] += many
    by_fact = rows.filter(case_type__in=several).values_list("organization_id", "case_type", "facts__kind")
    for organization, case_type, kind, many in by_fact.annotate(many=Count("*")):
        said = kind or UNSAID.get(case_type, "")
        if any(one["case_type"] == case_type for one in exercised_by().get(said, ())):
            found[organization, said] += many
    return found


def _below(units: Mapping[int, Organization], unit: Organization, kind: str, counts: Counts) -> int:
    return sum(counts.get((pk, kind), 0) for pk, one in units.items() if one.path.startswith(unit.path))
