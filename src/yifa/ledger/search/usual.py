"""What is known of a unit before it opens a case: the kinds it opens most, and what a list says only it may name."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from yifa.law.schema import CaseType
from yifa.ledger.models import Case, Entry, Organization
from yifa.ledger.search.queries import in_force

ALIKE = 20  # cases that must say the same before the next begins with it
NEWEST = 200  # cases among which is looked for what a unit opens most


def only_entries(unit: Organization, case_type: CaseType, on: date) -> dict[str, str]:
    """The required facts that name an entry kept for the unit to use, of which there is only one, e.g. its enforcement body."""
    found = {}
    for name, spec in case_type.facts.items():
        if spec.required and spec.register_ is not None and spec.holder is not None:
            held = Entry.objects.filter(register=spec.register_, **{f"data__{spec.holder}": unit.name})
            keys = list(in_force(held, on).values_list("key", flat=True)[:2])
            if len(keys) == 1:
                found[name] = keys[0]
    return found


def as_before(unit: Organization, case_type: CaseType) -> dict[str, Any]:
    """The facts that tell of the unit (`as_before`), where its last cases of the kind all say the same."""
    names = [name for name, spec in case_type.facts.items() if spec.as_before]
    if not names:
        return {}
    newest = Case.objects.filter(organization=unit).order_by("-opened_on", "-id")
    kinds = newest.values_list("pk", "case_type")[:NEWEST]
    last = [key for key, kind in kinds if kind == case_type.case_type][:ALIKE]
    said = Case.objects.filter(pk__in=last).values_list("facts", flat=True)
    found = {name: {facts.get(name) for facts in said} for name in names}
    return {
        name: next(iter(values)) for name, values in found.items() if len(values) == 1 and values - {None, ""}
    }


def usual_kinds(unit: Organization) -> list[str]:
    """The kinds among the unit's newest cases, the most frequent first."""
    newest = Case.objects.filter(organization=unit).order_by("-opened_on", "-id")
    return [kind for kind, _ in Counter(newest.values_list("case_type", flat=True)[:NEWEST]).most_common()]
