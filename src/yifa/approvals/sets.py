"""Changes of a register that came in one list: drafted together, approved and published, or returned, together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from yifa.approvals.actions import (
    SAME_WAITS,
    DecideDraft,
    DropDraft,
    Kind,
    State,
    approved,
    change_of,
    waiting_keys,
)
from yifa.approvals.models import EntryDraft
from yifa.ledger.actions.base import Action, held, said
from yifa.ledger.bulk.cases import Stored
from yifa.ledger.bulk.entries import GivenEntry, check_entries, publish_entries
from yifa.ledger.legal import register_of
from yifa.ledger.models import Entry, User
from yifa.ledger.refusal import ActionRefused

CHUNK = 500
NAMED = 3  # refused ones that are named


def check_drafts(given: Sequence[GivenEntry], actor: User) -> list[Stored]:
    """What drafting new entries would say: what the register refuses, and what waits already."""
    if not given:
        return []
    units = {each.organization.pk: each.organization for each in given}
    waiting = waiting_keys(given[0].register, units.values(), [each.data for each in given])
    return [
        Stored(refused=ActionRefused(SAME_WAITS, code="conflict", field=register_of(each.register).key))
        if stored.refused is None and (each.organization.pk, _key(each)) in waiting
        else stored
        for each, stored in zip(given, check_entries(given, actor), strict=True)
    ]


def draft_entries(given: Sequence[GivenEntry], actor: User, batch: UUID) -> list[Stored]:
    """Sends new entries of one list for approval; nothing is published. What was returned of them before is done with."""
    checked = check_drafts(given, actor)
    sound = [each for each, stored in zip(given, checked, strict=True) if stored.refused is None]
    drafts = [_draft(each, actor, batch) for each in sound]
    for draft in _returned(drafts, actor):
        draft.state = State.REDRAFTED
        draft.save(update_fields=["state"])
    EntryDraft.objects.bulk_create(drafts, batch_size=CHUNK)
    return [stored if stored.refused else Stored() for stored in checked]


def _key(given: GivenEntry) -> str:
    return str(given.data.get(register_of(given.register).key) or "").strip()


def _draft(given: GivenEntry, actor: User, batch: UUID) -> EntryDraft:
    title = str(given.data.get(register_of(given.register).title_field) or "")[:200]
    return EntryDraft(
        register=given.register, organization=given.organization, kind=Kind.NEW, title=title, data=dict(given.data),
        on=given.on, batch=batch, source=dict(given.source or {}), reason=given.reason, drafted_by=actor,
    )  # fmt: skip


def _returned(drafts: Sequence[EntryDraft], actor: User) -> Iterator[EntryDraft]:
    """What the actor drafted by a list before, was returned, and is drafted again."""
    titles = {(draft.organization.pk, draft.title) for draft in drafts}
    registers = {draft.register for draft in drafts}
    before = EntryDraft.objects.filter(
        register__in=registers, state=State.RETURNED, drafted_by=actor, batch__isnull=False, kind=Kind.NEW
    )
    return (draft for draft in before if (draft.organization_id, draft.title) in titles)


def drop_set(batch: UUID, rows: Collection[int]) -> set[int]:
    """Takes back what of a list's rows waits or was returned; the rows that were published and stay."""
    drafts = EntryDraft.objects.filter(batch=batch, source__row__in=list(rows))
    kept = {draft.source["row"] for draft in drafts.filter(state=State.PUBLISHED)}
    drafts.filter(state__in=(State.WAITING, State.RETURNED)).update(state=State.DROPPED)
    return kept


@dataclass(kw_only=True)
class DropSet(Action[int]):
    """Takes back what waits or was returned of one's own list; how many."""

    needs = DropDraft.needs

    actor: User
    batch: UUID

    def check(self) -> None:
        """Refuses a missing role, anybody else, and what was decided before."""
        first = next(iter(held(self._open().select_related("organization"))), None)
        if first is None:
            raise ActionRefused("这一套不是您起草的，或者已经办完，不能撤回。", code="conflict")
        self._admit(first.organization)

    def _open(self) -> QuerySet[EntryDraft]:
        left = (State.WAITING, State.RETURNED)
        return EntryDraft.objects.filter(batch=self.batch, drafted_by=self.actor, state__in=left)

    def _change(self) -> int:
        return self._open().update(state=State.DROPPED)


@dataclass(kw_only=True)
class DecideSet(Action[int]):
    """Approves and publishes all that waits of one list, or returns it with an opinion; how many. All or none."""

    needs = DecideDraft.needs

    actor: User
    batch: UUID
    approve: bool
    on: date | None = None
    opinion: str = ""

    def check(self) -> None:
        """Refuses a missing role in any of the units, the drafter, and what was decided before."""
        waiting = list(held(self._waiting()))
        units = {draft.organization_id: draft.organization for draft in waiting}
        if not units:
            raise ActionRefused("这一套已经审核过了，请刷新页面。", code="conflict")
        for unit in units.values():
            self._admit(unit)
        if any(draft.drafted_by_id == self.actor.pk for draft in waiting):
            raise ActionRefused("这一套是您起草的，须由另一人审核。", code="apart")
        if not self.approve:
            said(self.opinion, "退回的意见", "opinion", 300)

    def _waiting(self) -> QuerySet[EntryDraft]:
        drafts = EntryDraft.objects.filter(batch=self.batch, state=State.WAITING)
        return drafts.select_related("organization", "drafted_by", "entry__organization").order_by("pk")

    def _change(self) -> int:
        waiting = list(self._waiting())
        if self.approve:
            self._publish(waiting)
        for draft in waiting:
            draft.state = State.PUBLISHED if self.approve else State.RETURNED
            draft.decided_by, draft.decided_at = self.actor, timezone.now()
            draft.opinion = self.opinion.strip()[:300]
        fields = ["state", "decided_by", "decided_at", "opinion", "entry"]
        EntryDraft.objects.bulk_update(waiting, fields, batch_size=CHUNK)
        return len(waiting)

    def _publish(self, waiting: Sequence[EntryDraft]) -> None:
        """All of them, by the ledger's bulk way where an entry is new; where any is refused nothing stays."""
        refused: list[str] = []
        for some in _some(draft for draft in waiting if draft.kind == Kind.NEW):
            stored = publish_entries([self._given(draft) for draft in some], some[0].drafted_by)
            for draft, one in zip(some, stored, strict=True):
                if one.refused is not None:
                    refused.append(f"“{draft.title}”：{one.refused.message}")
                else:
                    draft.entry = Entry(pk=one.id)
        for draft in waiting:
            if draft.kind != Kind.NEW:
                try:
                    draft.entry = change_of(draft, self._on(draft), approved(draft, self.actor)).execute()
                except ActionRefused as why:
                    refused.append(f"“{draft.title}”：{why.message}")
        if refused:
            more = f"等 {len(refused)} 条" if len(refused) > NAMED else ""
            raise ActionRefused(
                f"这一套里有不能公布的，整套都没有公布：{'；'.join(refused[:NAMED])}{more}请先逐条退回这些，再通过其余的。",
                code="invalid",
            )

    def _on(self, draft: EntryDraft) -> date:
        return self.on or draft.on or timezone.localdate()

    def _given(self, draft: EntryDraft) -> GivenEntry:
        return GivenEntry(
            organization=draft.organization, register=draft.register, data=draft.data, on=self._on(draft),
            reason=draft.reason, source=approved(draft, self.actor),
        )  # fmt: skip


def _some(drafts: Iterable[EntryDraft]) -> Iterator[list[Any]]:
    remaining = iter(drafts)
    while some := list(islice(remaining, CHUNK)):
        yield some
