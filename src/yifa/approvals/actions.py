"""Drafting a change of a register, approving and publishing it, returning it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from yifa.approvals.models import EntryDraft
from yifa.ledger.actions import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.actions.base import Action, held, said
from yifa.ledger.actions.entries import KEEPERS, EntryAction
from yifa.ledger.legal import register_of
from yifa.ledger.models import Entry, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused

APPROVERS = (Role.COORDINATOR, Role.LEADER, Role.REVIEWER)
Kind, State = EntryDraft.Kind, EntryDraft.State
SAME_WAITS = "同样的一条已经登记送审，正在等审核，请先等它办完。"


@dataclass(kw_only=True)
class DraftEntry(Action[EntryDraft]):
    """Sends a change for approval. What the register would refuse is refused now."""

    needs = Needs("起草清单名录的变更", KEEPERS)

    actor: User
    organization: Organization
    register: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    entry: Entry | None = None
    on: date | None = None  # on which day it is to be published; the approver may say another
    reason: str = ""
    expected_length: int | None = None
    again: EntryDraft | None = None  # was returned, and is mended by this one
    batch: UUID | None = None  # the list it came in
    source: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses as the change itself, and a second draft of the same entry."""
        self._admit(self.organization)
        if self.entry is not None and self.entry.drafts.filter(state=State.WAITING).exists():
            raise ActionRefused(f"“{self.entry}”已有一份变更在等审核，请先等它办完。", code="conflict")
        if self.entry is None and waiting_keys(self.register, [self.organization], [self.data]):
            raise ActionRefused(SAME_WAITS, code="conflict", field=register_of(self.register).key)
        change_of(
            EntryDraft(
                register=self.register,
                organization=self.organization,
                entry=self.entry,
                length=self.expected_length,
                kind=self.kind,
                data=dict(self.data),
                reason=self.reason,
                drafted_by=self.actor,
            ),
            self.on or timezone.localdate(),
        ).check()

    def _change(self) -> EntryDraft:
        if self.again is not None:
            EntryDraft.objects.filter(
                pk=self.again.pk, state=State.RETURNED, drafted_by=self.actor, register=self.register
            ).update(state=State.REDRAFTED)
        title = self.data.get(register_of(self.register).title_field) or (self.entry and self.entry.title)
        return EntryDraft.objects.create(
            register=self.register,
            organization=self.organization,
            entry=self.entry,
            length=self.entry.length if self.entry is not None else None,
            kind=self.kind,
            title=str(title or "")[:200],
            data=dict(self.data),
            on=self.on,
            batch=self.batch,
            source=dict(self.source),
            reason=self.reason.strip(),
            drafted_by=self.actor,
        )


def _stands(draft: EntryDraft) -> EntryDraft:
    """The draft as it stands now; drafts are never deleted."""
    return held(EntryDraft.objects.filter(pk=draft.pk)).get()


def waiting_keys(
    register: str, organizations: Iterable[Organization], data: Iterable[Mapping[str, Any]]
) -> set[tuple[int, str]]:
    """The units and keys of the data for which a new entry waits for approval already."""
    key = register_of(register).key
    keys = {str(one.get(key) or "").strip() for one in data}
    waiting = EntryDraft.objects.filter(
        register=register, organization__in=organizations, state=State.WAITING, kind=Kind.NEW
    ).values_list("organization_id", f"data__{key}")
    return {(unit, found) for unit, value in waiting if (found := str(value or "").strip()) in keys}


def approved(draft: EntryDraft, approver: User) -> dict[str, Any]:
    """What the published record says of where it came from and who approved it."""
    return {**draft.source, "draft": str(draft.pk), "approved_by": approver.get_username()}


def change_of(draft: EntryDraft, on: date, source: Mapping[str, Any] | None = None) -> EntryAction[Entry]:
    """The change a draft stands for, as the one who drafted it makes it on a day."""
    shared: dict[str, Any] = {"actor": draft.drafted_by, "on": on, "reason": draft.reason, "source": source}
    if draft.kind == Kind.NEW:
        return PublishEntry(
            organization=draft.organization, register=draft.register, data=draft.data, **shared
        )
    shared |= {"entry": draft.entry, "expected_length": draft.length}
    return WithdrawEntry(**shared) if draft.kind == Kind.WITHDRAW else ReviseEntry(data=draft.data, **shared)


@dataclass(kw_only=True)
class DropDraft(Action[EntryDraft]):
    """Takes a draft back that waits or was returned. Only whoever drafted it does so."""

    needs = Needs("撤回自己送审的清单变更", KEEPERS, "只限自己起草的")

    actor: User
    draft: EntryDraft

    def check(self) -> None:
        """Refuses a missing role, anybody else, and what was decided before."""
        self._admit(self.draft.organization)
        if self.draft.drafted_by_id != self.actor.pk:
            raise ActionRefused(f"“{self.draft.title}”不是您起草的，只能由起草人撤回。", code="apart")
        if _stands(self.draft).state not in (State.WAITING, State.RETURNED):
            raise ActionRefused(f"“{self.draft.title}”已经办完，不能再撤回。", code="conflict")

    def _change(self) -> EntryDraft:
        self.draft.state = State.DROPPED
        self.draft.save(update_fields=["state"])
        return self.draft


@dataclass(kw_only=True)
class DecideDraft(Action[EntryDraft]):
    """Approves and publishes a draft, or returns it with an opinion. Nobody decides on their own draft.

    `on`: the day of publication; without it the day whoever drafted it wrote.
    """

    needs = Needs("审核、公布清单名录的变更", APPROVERS, "不能审核自己起草的")

    actor: User
    draft: EntryDraft
    approve: bool
    on: date | None = None
    opinion: str = ""

    def check(self) -> None:
        """Refuses a missing role, the drafter, what was decided before, and a return without an opinion."""
        self._admit(self.draft.organization)
        draft = _stands(self.draft)
        if draft.state != State.WAITING:
            raise ActionRefused(f"“{self.draft.title}”已经审核过了，请刷新页面。", code="conflict")
        if draft.drafted_by_id == self.actor.pk:
            raise ActionRefused(f"“{draft.title}”是您起草的，须由另一人审核。", code="apart")
        if not self.approve:
            said(self.opinion, "退回的意见", "opinion", 300)

    def _change(self) -> EntryDraft:
        draft = self.draft
        if self.approve:
            on = self.on or draft.on or timezone.localdate()
            draft.entry = change_of(draft, on, approved(draft, self.actor)).execute()
        draft.state = State.PUBLISHED if self.approve else State.RETURNED
        draft.decided_by, draft.decided_at, draft.opinion = (
            self.actor,
            timezone.now(),
            self.opinion.strip()[:300],
        )
        draft.save()
        return draft
