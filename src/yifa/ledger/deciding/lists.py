"""How entries of registers and other cases stood on a day, as the ledger knows it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yifa.law.schema import Barred, CaseType, FieldSpec
from yifa.ledger.legal import register_of
from yifa.ledger.models import Case, Entry, Organization, Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import Listing
from yifa.procedures.tables import Row

SUGGESTED = 300  # as many as a list in a browser bears


@dataclass(frozen=True)
class LedgerLists:
    """Asks the registers and cases of the ledger. The best standing counts where several units have one key.

    `unit` is whose case it is; entries that are for another unit to use are elsewhere. None: nobody is asked.
    """

    unit: Organization | None = None

    def entry(self, register: str, key: str, on: date, holder: str | None = None) -> Listing:
        """Of the entry with this key."""
        entries = Entry.objects.filter(register=register, key=key)
        found = {self.standing(entry, on, holder) for entry in entries}
        best = (Listing.IN_FORCE, Listing.ELSEWHERE, Listing.ENDED, Listing.NOT_YET)
        return next((standing for standing in best if standing in found), Listing.UNKNOWN)

    def standing(self, entry: Entry, on: date, holder: str | None = None) -> Listing:
        """Of one entry."""
        standing = _standing(entry, on)
        if standing is not Listing.IN_FORCE or holder is None or self.unit is None:
            return standing
        said = data_on(entry, on).get(holder)
        return standing if not said or said in self._names else Listing.ELSEWHERE

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names the unit and those above it have or had."""
        codes = self.unit.ancestor_codes() if self.unit is not None else []
        units = Organization.objects.filter(code__in=codes).prefetch_related("names")
        held = {name for unit in units for past in unit.names.all() for name in (past.name, past.short_name)}
        return frozenset(held | {name for unit in units for name in (unit.name, unit.short_name)} - {""})

    def case(self, case_type: str, number: str, on: date) -> Listing:
        """Of the case with this number; of one without a number, its title."""
        named = Q(number=number) | Q(number="", title=number)
        found = Case.objects.filter(named, case_type=case_type)
        if not found.exists():
            return Listing.UNKNOWN
        return Listing.IN_FORCE if found.filter(opened_on__lte=on).exists() else Listing.NOT_YET


@dataclass
class Naming:
    """What an entry may name, as the registers stand on a day. A key is asked for once, however many entries name it."""

    on: date
    listed: dict[tuple[str, str], bool] = field(default_factory=dict)  # register, key
    barred: dict[tuple[str, str, str], bool] = field(default_factory=dict)  # and what it would have to say

    def refuse(self, specs: Mapping[str, FieldSpec], data: Mapping[str, Any]) -> None:
        """Refuses an entry that names another which is on no list, or what a list bars, e.g. an abolished proof."""
        for name, spec in specs.items():
            said = data.get(name)
            if not said or (spec.register_ is None and spec.barred is None):
                continue
            items = [said] if isinstance(said, str) else said
            if spec.register_ is not None:
                self._refuse_unlisted(name, spec, spec.register_, items)
            if spec.barred is not None:
                self._refuse_barred(name, spec, spec.barred, items)

    def _refuse_unlisted(self, name: str, spec: FieldSpec, register: str, items: Iterable[str]) -> None:
        unknown = next((one for one in items if not self._listed(register, one)), None)
        if unknown is not None:
            where = register_of(register).title
            raise ActionRefused(
                f"“{spec.title}”填的“{unknown}”没有登记：请先在“{where}”里登记，或者核对编号。",
                code="missing",
                field=name,
            )

    def _refuse_barred(self, name: str, spec: FieldSpec, barred: Barred, items: Iterable[str]) -> None:
        found = next((one for one in items if self._barred(barred, one)), None)
        if found is not None:
            where = register_of(barred.register_).title
            raise ActionRefused(
                f"“{spec.title}”里的“{found}”在“{where}”中已经{barred.is_}，不得再列入，请删去。",
                code="refused",
                basis=spec.basis,
                field=name,
            )

    def _listed(self, register: str, key: str) -> bool:
        asked = (register, key)
        if asked not in self.listed:
            self.listed[asked] = LedgerLists().entry(register, key, self.on) is not Listing.UNKNOWN
        return self.listed[asked]

    def _barred(self, barred: Barred, key: str) -> bool:
        asked = (barred.register_, key, barred.is_)
        if asked not in self.barred:
            entries = Entry.objects.filter(register=barred.register_, key=key)
            standing = [entry for entry in entries if _standing(entry, self.on) is Listing.IN_FORCE]
            self.barred[asked] = any(
                data_on(entry, self.on).get(barred.field) == barred.is_ for entry in standing
            )
        return self.barred[asked]


def data_on(entry: Entry, on: date) -> Mapping[str, Any]:
    """What an entry said on a day: its last version until then, or its first."""
    versions = list(entry.versions.order_by("version").values_list("happened_on", "data"))
    known = [data for happened_on, data in versions if happened_on <= on] or [versions[0][1]]
    return dict(known[-1])


def filled_from_entries(case_type: CaseType, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The facts, with those left out copied from the entries that other facts name: what is known is not asked again."""
    found = dict(facts)
    for name, spec in case_type.facts.items():
        if spec.copied_from is None or found.get(name) is not None:
            continue
        source, field = spec.copied_from.split(".")
        entries = Entry.objects.filter(
            register=case_type.facts[source].register_, key=found.get(source) or ""
        )
        entry = next((entry for entry in entries if _standing(entry, on) is Listing.IN_FORCE), None)
        value = data_on(entry, on).get(field) if entry is not None else None
        if value is not None:
            found[name] = value
    return found


@dataclass(frozen=True)
class LedgerTables:
    """The rows of an organization's tables on a day: its own entries and those of the bodies above it."""

    organization: Organization
    on: date

    def rows(self, register: str) -> list[Row]:
        """The entries in force on that day, as they then stood, by key."""
        entries = Entry.objects.filter(
            register=register, organization__code__in=self.organization.ancestor_codes()
        ).order_by("key")
        return [
            Row(entry.key, entry.title, data_on(entry, self.on))
            for entry in entries
            if _standing(entry, self.on) is Listing.IN_FORCE
        ]


def _standing(entry: Entry, on: date) -> Listing:
    begins = entry.begins or entry.versions.order_by("version").values_list("happened_on", flat=True)[0]
    if on < begins:
        return Listing.NOT_YET
    ends = entry.ends
    if entry.withdrawn:
        last = Record.objects.filter(subject=Subject.ENTRY, subject_id=entry.pk).latest("position")
        withdrawn_on = last.happened_on or last.recorded_on
        return Listing.ENDED if on >= withdrawn_on else Listing.IN_FORCE
    return Listing.ENDED if ends and on > ends else Listing.IN_FORCE


def entries_in_force(register: str) -> list[tuple[str, str]]:
    """Key and title of the entries in force today that a form may suggest."""
    entries = Entry.objects.filter(register=register, withdrawn=False)
    today = timezone.localdate()
    entries = entries.filter(
        Q(ends__isnull=True) | Q(ends__gte=today), Q(begins__isnull=True) | Q(begins__lte=today)
    )
    return list(entries.order_by("key").values_list("key", "title")[:SUGGESTED])


def recent_cases(case_type: str) -> list[tuple[str, str]]:
    """Number and title of the latest cases that a form may suggest."""
    cases = Case.objects.filter(case_type=case_type).order_by("-opened_on")
    return [(number or title, title) for number, title in cases.values_list("number", "title")[:SUGGESTED]]
