"""What became of a register between two days: entries that came, went, and changed, as the ledger knows it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yifa.law.schema import RegisterType
from yifa.ledger.models import Entry, EntryVersion, Record
from yifa.ledger.rows.terms import begins_of, day_of

MOST = 2000  # entries compared; whoever has more chooses a unit or nearer days
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry on the two days; None where it did not stand there."""

    entry: Entry
    before: Data | None
    after: Data | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs. `more`: there was more to compare than is compared."""

    came: tuple[Change, ...]
    went: tuple[Change, ...]
    changed: tuple[Change, ...]
    more: bool

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.changed)


def changes(register: RegisterType, entries: QuerySet[Entry], first: date, last: date) -> Changes:
    """The entries of a register (within `entries`) on `first` and on `last`, in four queries however many differ."""
    within = Q(begins__gt=first, begins__lte=last) | Q(ends__gte=first, ends__lt=last)
    moved = EntryVersion.objects.filter(
        entry__in=entries.values("pk"), happened_on__gt=first, happened_on__lte=last
    ).values("entry_id")
    touched = entries.filter(within | Q(withdrawn=True) | Q(pk__in=moved)).order_by("key", "pk")
    found = list(touched.select_related("organization")[: MOST + 1])
    standing = _Standing(register, found[:MOST])
    all_ = [Change(entry, standing.on(entry, first), standing.on(entry, last)) for entry in found[:MOST]]
    return Changes(
        came=tuple(one for one in all_ if one.before is None and one.after is not None),
        went=tuple(one for one in all_ if one.before is not None and one.after is None),
        changed=tuple(one for one in all_ if one.before is not None and one.after not in (None, one.before)),
        more=len(found) > MOST,
    )


class _Standing:
    """How entries stood on a day, from their versions and withdrawals asked for together."""

    def __init__(self, register: RegisterType, entries: Sequence[Entry]) -> None:
        self.register = register
        self.versions: dict[UUID, list[EntryVersion]] = {entry.pk: [] for entry in entries}
        for version in EntryVersion.objects.filter(entry__in=list(self.versions)).order_by("version"):
            self.versions[version.entry_id].append(version)
        ends = Record.objects.in_bulk([entry.last for entry in entries if entry.withdrawn])
        self.withdrawn = {
            record.subject_id: record.happened_on or record.recorded_on for record in ends.values()
        }

    def on(self, entry: Entry, day: date) -> Data | None:
        """What an entry in force on a day says; None where it was not."""
        versions = self.versions[entry.pk]
        known = [version for version in versions if version.happened_on <= day] or versions[:1]
        withdrawn = self.withdrawn.get(entry.pk)
        if not known or (withdrawn is not None and withdrawn <= day):
            return None
        data: Data = known[-1].data
        begins = begins_of(self.register, [version.data for version in known]) or versions[0].happened_on
        ends = day_of(data, self.register.ends)
        return data if begins <= day and (ends is None or day <= ends) else None
