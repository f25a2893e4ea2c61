"""Register entries: published, revised, withdrawn; every version stays."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Q

from yifa.law.phrases import day
from yifa.ledger.actions.base import Action, day_of, filled_in, held, said
from yifa.ledger.actions.cases import with_source
from yifa.ledger.chain.appending import append_record, conflict
from yifa.ledger.chain.history import (
    ENTRY_PUBLISHED,
    ENTRY_REVISED,
    ENTRY_WITHDRAWN,
    EntryHistory,
    entry_with,
    replay_entry,
)
from yifa.ledger.deciding.cases import entry_history_of, line_from
from yifa.ledger.deciding.decisions import refuse_values
from yifa.ledger.deciding.lists import Naming
from yifa.ledger.legal import no_power, register_of
from yifa.ledger.models import Entry, Organization, Role, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows.projections import write_entries
from yifa.ledger.rows.values import entry_rows

Result = TypeVar("Result")
KEEPERS = (Role.OFFICER, Role.PUBLISHER, Role.COORDINATOR)


@dataclass(kw_only=True)
class EntryAction(Action[Result]):
    """What all changes of a register share. `recorded_at`: only for imports; `source`: as of a case's changes."""

    needs = Needs("维护清单名录", KEEPERS)

    actor: User | None
    recorded_at: datetime | None = None
    source: Mapping[str, Any] | None = None

    def _refuse_data(
        self,
        register: str,
        data: Mapping[str, Any],
        on: date,
        organization: Organization,
        own: uuid.UUID | None,
    ) -> None:
        register_type = register_of(register)
        today = day_of(self.recorded_at)
        if on > today:
            raise ActionRefused(
                f"日期{day(on)}晚于今天（{day(today)}）：还没有发生的事不能记入台账。",
                code="invalid",
                field="on",
            )
        refuse_values(register_type.fields, data, f"“{register_type.title}”条目")
        self._naming(today).refuse(register_type.fields, data)
        key_title = register_type.fields[register_type.key].title
        key = said(str(data.get(register_type.key) or ""), key_title, register_type.key, 120)
        if self._is_held(register, organization, key, today, own):
            raise ActionRefused(
                f"“{register_type.title}”里已有一条有效的条目，{key_title}也是“{key}”。请修订原条目，或核对{key_title}。",
                code="duplicate",
                field=register_type.key,
            )

    def _naming(self, today: date) -> Naming:
        """What judges whom the entry names."""
        return Naming(today)

    def _is_held(
        self, register: str, organization: Organization, key: str, today: date, own: uuid.UUID | None
    ) -> bool:
        """Whether another entry in force has the key."""
        same = Entry.objects.filter(register=register, organization=organization, key=key, withdrawn=False)
        same = same.filter(Q(ends__isnull=True) | Q(ends__gte=today))
        return (same if own is None else same.exclude(pk=own)).exists()

    def _append(
        self,
        history: EntryHistory,
        kind: str,
        organization: Organization,
        on: date,
        payload: Mapping[str, Any],
    ) -> EntryHistory:
        record = append_record(
            Subject.ENTRY,
            history.id,
            kind,
            organization,
            on,
            self.actor,
            with_source(payload, self.source),
            expected_length=history.length,
            recorded_at=self.recorded_at,
        )
        line = line_from(record)
        return replay_entry(history.id, [line]) if kind == ENTRY_PUBLISHED else entry_with(history, line)

    def _store(self, history: EntryHistory) -> Entry:
        write_entries([entry_rows(history)])
        return Entry.objects.select_related("organization").get(pk=history.id)


@dataclass(kw_only=True)
class PublishEntry(EntryAction[Entry]):
    """Puts a new entry on a register. `on` is the day from which it stands there."""

    organization: Organization
    register: str
    data: Mapping[str, Any]
    on: date
    reason: str = ""

    def check(self) -> None:
        """Refuses a missing role or power, wrong values, and a key another entry in force has."""
        register = register_of(self.register)
        self._admit(self.organization, what=f"维护“{register.title}”")
        off = no_power(self.organization.level, register=self.register)
        if off is not None:
            raise ActionRefused(f"“{register.title}”：{off}（{self.organization}）。", code="no_power")
        self._refuse_data(self.register, filled_in(self.data), self.on, self.organization, None)

    def _change(self) -> Entry:
        new = EntryHistory(id=uuid.uuid4(), organization_id=self.organization.pk, register=self.register)
        return self._store(self._append(new, ENTRY_PUBLISHED, self.organization, self.on, self.said()))

    def said(self) -> dict[str, Any]:
        """What the record says."""
        return {"register": self.register, "data": filled_in(self.data), "reason": self.reason.strip()}


@dataclass(kw_only=True)
class ExistingEntryAction(EntryAction[Entry]):
    """A change of an entry that is there. `expected_length` is the number of records the caller has seen."""

    entry: Entry
    on: date
    reason: str
    expected_length: int | None = None

    def _lock(self) -> EntryHistory:
        entry = held(Entry.objects.filter(pk=self.entry.pk)).first()
        if entry is None:
            raise ActionRefused("没有这个条目，请回到清单重新选择。", code="missing")
        if self.expected_length is not None and self.expected_length != entry.length:
            raise conflict(Subject.ENTRY)
        return entry_history_of(entry)

    def check(self) -> None:
        """Refuses a missing role or reason, and an entry that has been withdrawn."""
        self._admit(self.entry.organization, what=f"维护“{register_of(self.entry.register).title}”")
        said(self.reason, "理由", "reason")
        if self._lock().withdrawn:
            raise ActionRefused(f"“{self.entry}”已撤下，不能再改；需要时请另立新条目。", code="missing")


@dataclass(kw_only=True)
class ReviseEntry(ExistingEntryAction):
    """Gives an entry a new version, with the reason. `data` is the whole entry as it is to stand."""

    data: Mapping[str, Any]

    def check(self) -> None:
        """Refuses as all changes of an entry, and wrong values. The same values again stand for a review without change."""
        super().check()
        self._refuse_data(
            self.entry.register, filled_in(self.data), self.on, self.entry.organization, self.entry.pk
        )

    def _change(self) -> Entry:
        payload = {"data": filled_in(self.data), "reason": self.reason.strip()}
        self.entry = self._store(
            self._append(self._lock(), ENTRY_REVISED, self.entry.organization, self.on, payload)
        )
        return self.entry


@dataclass(kw_only=True)
class WithdrawEntry(ExistingEntryAction):
    """Takes an entry off the register, with the reason; its versions stay."""

    def _change(self) -> Entry:
        payload = {"reason": self.reason.strip()}
        self.entry = self._store(
            self._append(self._lock(), ENTRY_WITHDRAWN, self.entry.organization, self.on, payload)
        )
        return self.entry
