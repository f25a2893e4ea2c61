"""Entries that go with an entry a case names, as they stood on the day that matters: who sat in a body when it met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.law.schema import CaseType, Companions, FieldSpec, RegisterType
from yifa.ledger.deciding.lists import LedgerLists, data_on
from yifa.ledger.legal import register_of
from yifa.ledger.models import Entry, EntryVersion
from yifa.procedures.model import Act, Listing

Row = tuple[Entry, tuple[tuple[FieldSpec, Any], ...]]


@dataclass(frozen=True, slots=True)
class Company:
    """The entry named, and what names it too in `register` on the day.

    `columns` are the fields shown: all but the one that names the entry and those that say from when to when.
    """

    entry: Entry
    register: RegisterType
    on: date
    columns: tuple[FieldSpec, ...]
    rows: tuple[Row, ...]


def companies(case_type: CaseType, facts: Mapping[str, Any], acts: Sequence[Act]) -> tuple[Company, ...]:
    """The companions of the entries among the facts; none before the act on whose day they are looked at."""
    return tuple(_companies(case_type, facts, acts))


def _companies(case_type: CaseType, facts: Mapping[str, Any], acts: Sequence[Act]) -> Iterator[Company]:
    for name, spec in case_type.facts.items():
        wanted, key = spec.companions, facts.get(name)
        if wanted is None or not key:
            continue
        on = next((act.on for act in acts if wanted.on in {None, act.act}), None)
        entry = (
            Entry.objects.filter(register=spec.register_, key=key).order_by("withdrawn", "-begins").first()
        )
        if on is not None and entry is not None:
            yield _company(entry, str(spec.register_), wanted, on)


def _company(entry: Entry, own: str, wanted: Companions, on: date) -> Company:
    register = register_of(wanted.register_)
    naming = next(name for name, spec in register.fields.items() if spec.register_ == own)
    shown = [name for name in register.fields if name not in {naming, register.begins, register.ends}]
    ledger = LedgerLists()
    rows = []
    versions = EntryVersion.objects.filter(
        entry__register=wanted.register_, **{f"data__{naming}": entry.key}
    ).values("entry_id")
    for other in Entry.objects.filter(pk__in=versions).order_by("begins", "key"):
        data = data_on(other, on)
        if data.get(naming) == entry.key and ledger.standing(other, on) is Listing.IN_FORCE:
            rows.append((other, tuple((register.fields[name], data.get(name)) for name in shown)))
    return Company(entry, register, on, tuple(register.fields[name] for name in shown), tuple(rows))
