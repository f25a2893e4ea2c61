"""Where a row and what stands in the ledger differ, and what would make the ledger say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from yifa.approvals.actions import DraftEntry
from yifa.approvals.models import EntryDraft
from yifa.exchange.rows import Said
from yifa.exchange.targets import NUMBER, ON, Target
from yifa.exchange.units import UnitFinder
from yifa.law.phrases import plain
from yifa.law.schema import FieldType
from yifa.ledger.actions import ChangeFacts, CorrectAct, RecordAct, ReviseEntry
from yifa.ledger.legal import register_of
from yifa.ledger.models import Case, Entry, User
from yifa.ledger.tables.loading import standing_acts
from yifa.procedures.model import Act

FEW = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same on both sides, as people read it."""

    key: str
    title: str
    here: str
    there: str

    def as_json(self) -> dict[str, str]:
        """As stored."""
        return {"key": self.key, "title": self.title, "here": self.here, "there": self.there}


@dataclass(frozen=True)
class Standing:
    """A case or entry as it stands, in the meanings of a target."""

    id: UUID
    title: str
    number: str
    values: Mapping[str, Any]
    acts: Mapping[str, Act]  # the first of each kind
    length: int


def standing(target: Target, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """How things stand; two queries for four hundred."""
    every = list(ids)
    found: dict[UUID, Standing] = {}
    for first in range(0, len(every), FEW):
        some = every[first : first + FEW]
        if target.is_case:
            cases = list(Case.objects.filter(pk__in=some))
            acts = standing_acts(cases)
            found |= {case.pk: of_case(target, case, [act for act, _ in acts[case.pk]]) for case in cases}
        else:
            found |= {entry.pk: of_entry(entry) for entry in Entry.objects.filter(pk__in=some)}
    return found


def of_case(target: Target, case: Case, acts: Sequence[Act]) -> Standing:
    """A case in the meanings of its type; of an act that stands several times the first."""
    values: dict[str, Any] = {f"fact:{name}": value for name, value in case.facts.items()}
    values[NUMBER], values["title"] = case.number, case.title
    first: dict[str, Act] = {}
    for act in acts:
        if act.act in first:
            continue
        first[act.act] = act
        values[f"act:{act.act}:on"] = act.on
        values[f"act:{act.act}:outcome"] = act.outcome
        values[f"act:{act.act}:by"] = act.by
        values |= {f"field:{act.act}:{name}": value for name, value in act.fields.items()}
    return Standing(case.pk, case.title, case.number, values, first, case.length)


def of_entry(entry: Entry) -> Standing:
    """An entry in the meanings of its register."""
    values = {f"data:{name}": value for name, value in entry.data.items()}
    return Standing(entry.pk, entry.title, entry.key, values, {}, entry.length)


def differences(
    target: Target, said: Said, held: Standing, units: UnitFinder | None = None
) -> tuple[Difference, ...]:
    """What the row says otherwise; what it leaves empty is no difference, nor is another name of the same unit."""
    found = []
    for key, value in said.given.items():
        if key in {
            ON,
            NUMBER,
        }:  # what another system numbers a case is no difference, and nothing one could correct
            continue
        here = held.values.get(key)
        if _same(here, value) or (units and _same_unit(target, key, here, value, units)):
            continue
        found.append(Difference(key, target.meanings[key].title, _shown(here), _shown(value)))
    return tuple(found)


def _same(here: Any, there: Any) -> bool:
    if isinstance(here, int | float) and isinstance(there, int | float):
        return float(here) == float(there)
    return _shown(here) == _shown(there)


def _same_unit(target: Target, key: str, here: Any, there: Any, units: UnitFinder) -> bool:
    if target.meanings[key].kind is not FieldType.ORGANIZATION:
        return False
    unit, _ = units.find(str(there), "")
    return unit is not None and unit == units.find(str(here), "")[0]


def _shown(value: Any) -> str:
    return " ".join(plain(value).split())


def settle(  # noqa: PLR0917 - what, to what, by whom, why, from where
    target: Target,
    said: Said,
    held: Standing,
    actor: User | None,
    reason: str,
    source: Mapping[str, Any],
    units: UnitFinder,
) -> int:
    """Makes the ledger say what the row says, by acts, corrections and changes of facts. How many records it took.

    The number of a case is not among what may be changed. Must run inside a transaction.
    """
    changed = {one.key for one in differences(target, said, held, units)}
    if not target.is_case:
        return _settle_entry(said, held, actor, reason, changed, source)
    case = Case.objects.select_related("organization").get(pk=held.id)
    steps = 0
    facts = {key.removeprefix("fact:"): said.given[key] for key in changed if key.startswith("fact:")}
    if facts:
        case = ChangeFacts(actor=actor, case=case, facts=facts, reason=reason, source=source).execute()
        steps += 1
    for act in said.acts:
        stands = held.acts.get(act.act)
        if stands is None:
            RecordAct(actor=actor, case=case, source=source, **vars(act)).execute()
            steps += 1
            continue
        changes = _changes(act.act, said, changed)
        if changes:
            CorrectAct(
                actor=actor, case=case, position=stands.position, changes=changes, reason=reason, source=source
            ).execute()  # fmt: skip
            steps += 1
    return steps


def _changes(act: str, said: Said, changed: set[str]) -> dict[str, Any]:
    """What a correction of an act changes."""
    found: dict[str, Any] = {
        name: said.given[key]
        for name in ("on", "outcome", "by")
        for key in [f"act:{act}:{name}"]
        if key in changed
    }
    prefix = f"field:{act}:"
    fields = {key.removeprefix(prefix): said.given[key] for key in changed if key.startswith(prefix)}
    return found | ({"fields": fields} if fields else {})


def _settle_entry(  # noqa: PLR0917 - as settle
    said: Said, held: Standing, actor: User | None, reason: str, changed: set[str], source: Mapping[str, Any]
) -> int:
    if not changed:
        return 0
    entry = Entry.objects.select_related("organization").get(pk=held.id)
    data = {**entry.data, **said.part("data:")}
    on = said.given.get(ON) or timezone.localdate()
    if actor is not None and register_of(entry.register).approval:
        DraftEntry(
            actor=actor, organization=entry.organization, register=entry.register, kind=EntryDraft.Kind.REVISE,
            data=data, entry=entry, expected_length=entry.length, on=on, reason=reason, source=source,
            batch=UUID(str(source.get("import") or source["reconciliation"])),
        ).execute()  # fmt: skip
    else:
        ReviseEntry(actor=actor, entry=entry, data=data, on=on, reason=reason, source=source).execute()
    return 1
