"""What changed on a register between two days: what came, what went, what says something else, and by which paper.

for change in between("powers", body, date(2024, 1, 1), date(2024, 12, 31)): print(change.kind, change.title, change.paper)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from yifa.law.schema import RegisterType
from yifa.ledger.deciding.lists import LedgerLists, data_on
from yifa.ledger.legal import register_of
from yifa.ledger.models import Entry, Organization
from yifa.procedures.model import Listing

Kind = Literal["added", "removed", "changed", "passed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that says something else."""

    title: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that is not as it was. `passed`: it came and went between the two days.

    `paper` is the document by which it changed, `reason` what was written with the last version.
    """

    kind: Kind
    id: UUID
    key: str
    title: str
    organization: str
    paper: str
    reason: str
    fields: tuple[FieldChange, ...] = ()


def between(register: str, organization: Organization, first: date, last: date) -> tuple[Change, ...]:
    """The changes on a register of an organization and those below it, by kind and key."""
    kind = register_of(register)
    entries = Entry.objects.filter(register=register, organization__path__startswith=organization.path)
    found = (_change(kind, entry, first, last) for entry in entries.select_related("organization"))
    order = ("added", "changed", "removed", "passed")
    return tuple(sorted(filter(None, found), key=lambda one: (order.index(one.kind), one.key)))


def _change(register: RegisterType, entry: Entry, first: date, last: date) -> Change | None:
    lists = LedgerLists()
    was, now = (lists.standing(entry, day) for day in (first, last))
    before, after = data_on(entry, first), data_on(entry, last)
    fields = tuple(_fields(register, before, after))
    kind = _kind(was, now, changed=bool(fields))
    if kind is None:
        return None
    versions = entry.versions.filter(happened_on__lte=last).order_by("version")
    reason = versions.values_list("reason", flat=True).last() or ""
    paper = str(after.get(register.paper or "") or "")
    name = entry.organization.name
    changed = fields if kind == "changed" else ()
    return Change(kind, entry.pk, entry.key, entry.title, name, paper, reason, changed)


def _kind(was: Listing, now: Listing, *, changed: bool) -> Kind | None:
    there, here = was is Listing.IN_FORCE, now is Listing.IN_FORCE
    if there and here:
        return "changed" if changed else None
    if here:
        return "added"
    if there:
        return "removed"
    return "passed" if (was, now) == (Listing.NOT_YET, Listing.ENDED) else None


def _fields(
    register: RegisterType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[FieldChange]:
    for name, spec in register.fields.items():
        if before.get(name) != after.get(name) and name != register.paper:
            yield FieldChange(spec.title, before.get(name), after.get(name))
