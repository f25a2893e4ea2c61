"""Which cases name a register entry: the inspections of a line of the plan, the cases decided under a power."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec
from yifa.ledger.models import Case, CaseAct, Entry, User
from yifa.ledger.models.scoping import among_units

LOOKED_AT = 2000  # cases or acts of a kind, the latest: what names an entry has no index
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Naming:
    """The latest cases that name an entry, as far as a user sees them.

    Attributes:
        cases: At most `SHOWN` with the title of their kind, the latest first.
        count: How many were found.
        whole: Whether all cases were looked at, not only the latest of each kind.
    """

    cases: tuple[tuple[Case, str], ...]
    count: int
    whole: bool


def naming(entry: Entry, user: User) -> Naming:
    """The cases of which a fact or an act names the entry. Where units have entries of one key, those of its own unit."""
    rows = among_units(Case.objects.all(), user)
    if Entry.objects.filter(register=entry.register, key=entry.key).exclude(pk=entry.pk).exists():
        rows = rows.filter(organization__path__startswith=entry.organization.path)
    found, whole = set[UUID](), True
    for kind, facts, acts in _kinds(entry.register):
        latest = list(
            rows.filter(case_type=kind).order_by("-opened_on", "-id").values_list("pk", flat=True)[:LOOKED_AT]
        )
        whole = whole and len(latest) < LOOKED_AT
        if facts:
            said = Case.objects.filter(pk__in=latest).values_list("pk", *(f"facts__{name}" for name in facts))
            found |= {pk for pk, *values in said if _names(entry.key, values)}
        for act, name in acts:
            done = CaseAct.objects.filter(case__in=latest, act=act)
            written = done.values_list("case_id", f"fields__{name}")
            found |= {pk for pk, value in written if _names(entry.key, [value])}
    cases = Case.objects.filter(pk__in=found).select_related("organization").order_by("-opened_on", "-id")
    titled = tuple((case, catalogue().case_types[case.case_type].title) for case in cases[:SHOWN])
    return Naming(titled, len(found), whole)


def _names(key: str, values: Sequence[object]) -> bool:
    """Whether a value is the key, or a list with it."""
    return any(key in value if isinstance(value, list) else key == value for value in values)


def _kinds(register: str) -> Iterator[tuple[str, list[str], list[tuple[str, str]]]]:
    """The kinds of cases that can name an entry of a register, with the facts and the fields of acts that do."""

    def names(spec: FieldSpec) -> bool:
        return spec.register_ == register

    for kind, case_type in catalogue().case_types.items():
        facts = [name for name, spec in case_type.facts.items() if names(spec)]
        acts = [
            (act, name)
            for act, act_type in case_type.acts.items()
            for name, spec in act_type.fields.items()
            if names(spec)
        ]
        if facts or acts:
            yield kind, facts, acts
