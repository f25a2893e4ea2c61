"""Many register entries in one transaction: the records, digests and rows that `PublishEntry` would make one by one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yifa.ledger.actions.cases import with_source
from yifa.ledger.actions.entries import PublishEntry
from yifa.ledger.bulk.cases import Stored
from yifa.ledger.chain.appending import Recording, refuse_sealed
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.chain.history import ENTRY_PUBLISHED, Line, replay_entry
from yifa.ledger.deciding.lists import Naming
from yifa.ledger.legal import register_of
from yifa.ledger.models import CountedSpan, Entry, EntryVersion, Organization, Record, Subject, User
from yifa.ledger.people.roles import acting, behalf
from yifa.ledger.process import keeping
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows import kinds, tallies
from yifa.ledger.rows.values import EntryRows, Values, entry_rows
from yifa.ledger.tables.copying import insert_values, reserve

FEW = 500


@dataclass(frozen=True, kw_only=True)
class GivenEntry:
    """An entry as a list gives it. `source`: see `EntryAction`."""

    organization: Organization
    register: str
    data: Mapping[str, Any]
    on: date
    reason: str = ""
    source: Mapping[str, Any] | None = None


@dataclass
class _Asked:
    """What the ledger was asked once for all entries of a batch."""

    keys: set[tuple[str, int, str]] = field(
        default_factory=set
    )  # register, organization, key of entries in force
    admitted: dict[int, Mapping[str, str] | None] = field(
        default_factory=dict
    )  # units for which the actor may publish, and in whose stead
    naming: Naming | None = None


@dataclass(kw_only=True)
class _Publishing(PublishEntry):
    """Decides as `PublishEntry`, of a batch in which nobody's answer changes."""

    asked: _Asked

    def _admit(
        self, organization: Organization, roles: Collection[str] | None = None, what: str = "", case: object = None
    ) -> None:  # fmt: skip
        if organization.pk not in self.asked.admitted:
            with acting():
                super()._admit(organization, roles, what, case)
                self.asked.admitted[organization.pk] = behalf(self.actor)

    def _naming(self, today: date) -> Naming:
        if self.asked.naming is None:
            self.asked.naming = Naming(today)
        return self.asked.naming

    def _is_held(
        self, register: str, organization: Organization, key: str, today: date, own: uuid.UUID | None
    ) -> bool:
        return (register, organization.pk, key) in self.asked.keys


def publish_entries(given: Sequence[GivenEntry], actor: User | None) -> list[Stored]:
    """Records the entries; one that is refused leaves nothing behind and harms no other."""
    with transaction.atomic():
        return _Batch(actor, timezone.now(), given).run()


def check_entries(given: Sequence[GivenEntry], actor: User | None) -> list[Stored]:
    """What `publish_entries` would say, nothing stored."""
    return _Batch(actor, timezone.now(), given).run(dry=True)


class _Batch:
    """One transaction."""

    def __init__(self, actor: User | None, moment: datetime, given: Sequence[GivenEntry]) -> None:
        self.actor, self.given = actor, given
        self.recording = Recording(moment, actor)
        self.asked = _Asked(_held(given, self.recording.day))
        self.records: list[Values] = []
        self.rows: list[EntryRows] = []

    def run(self, *, dry: bool = False) -> list[Stored]:
        refuse_sealed(self.recording.day)
        self.next_id = 0 if dry else reserve(Record, len(self.given))
        found = [self._one(each, dry=dry) for each in self.given]
        if not dry:
            self._write()
        return found

    def _one(self, given: GivenEntry, *, dry: bool) -> Stored:
        publishing = _Publishing(
            actor=self.actor, organization=given.organization, register=given.register, data=given.data, on=given.on,
            reason=given.reason, source=given.source, asked=self.asked,
        )  # fmt: skip
        try:
            publishing.check()
        except ActionRefused as refused:
            return Stored(refused=refused)
        entry_id = uuid.uuid4()
        self.asked.keys.add((given.register, given.organization.pk, _key(given)))
        if not dry:
            absent = self.asked.admitted[given.organization.pk]
            said = publishing.said() if absent is None else {**publishing.said(), "behalf": absent}
            self._record(entry_id, given, with_source(said, given.source))
        return Stored(entry_id, 1)

    def _record(self, entry_id: uuid.UUID, given: GivenEntry, said: Mapping[str, Any]) -> None:
        columns = self.recording.columns(
            Subject.ENTRY, entry_id, 1, GENESIS, ENTRY_PUBLISHED, given.organization, given.on, said
        )
        columns["id"] = self.next_id
        self.next_id += 1
        self.records.append(columns)
        line = Line(
            position=1, kind=ENTRY_PUBLISHED, happened_on=given.on, recorded_on=self.recording.day,
            payload=json.loads(columns["payload"]), digest=columns["digest"], organization_id=given.organization.pk,
            recorded_by_id=columns["recorded_by_id"], id=columns["id"],
        )  # fmt: skip
        self.rows.append(entry_rows(replay_entry(entry_id, [line])))

    def _write(self) -> None:
        kinds.note({rows.entry["register"] for rows in self.rows})
        insert_values(Record, self.records, None)
        insert_values(Entry, [rows.entry for rows in self.rows], None)
        versions = [values for rows in self.rows for values in rows.versions]
        insert_values(EntryVersion, versions, reserve(EntryVersion, len(versions)))
        spans = tallies.values_of([(rows.spanned(), tallies.grouped(rows.spans)) for rows in self.rows])
        insert_values(CountedSpan, spans, reserve(CountedSpan, len(spans)))
        keeping.note(Subject.ENTRY, [rows.entry["id"] for rows in self.rows])


def _key(given: GivenEntry) -> str:
    """By what the entry is known, as it is stored."""
    return str(given.data.get(register_of(given.register).key) or "").strip()


def _held(given: Sequence[GivenEntry], today: date) -> set[tuple[str, int, str]]:
    """Of the keys of a batch those that entries in force have."""
    keys = [(each.register, key) for each in given if (key := _key(each))]
    found: set[tuple[str, int, str]] = set()
    for first in range(0, len(keys), FEW):
        some = keys[first : first + FEW]
        rows = Entry.objects.filter(
            Q(ends__isnull=True) | Q(ends__gte=today), withdrawn=False,
            register__in={register for register, _ in some}, key__in=[key for _, key in some],
        )  # fmt: skip
        found |= set(rows.order_by().values_list("register", "organization_id", "key"))
    return found
