"""What waits for somebody in registers: changes to approve, changes sent back, entries that end soon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from yifa.approvals.actions import APPROVERS
from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.models import User
from yifa.ledger.models.scoping import reach, within
from yifa.ledger.search.queries import ends_soon
from yifa.workbench.waiting.row import LOOKED_AT, Waiting


def register_turns(user: User, desks: Collection[int], today: date) -> Iterator[Waiting]:
    """What was sent back first, then what others drafted, then what ends."""
    yield from _returned(user)
    yield from _drafted(user)
    yield from _ending(user, desks, today)


def _returned(user: User) -> Iterator[Waiting]:
    """The user's own drafts that were returned and neither mended nor dropped."""
    rows = EntryDraft.objects.filter(drafted_by=user, state=EntryDraft.State.RETURNED)
    singles, sets = _apart(rows.select_related("organization"))
    yield from _turns(sets, "整套清单变更被退回")
    for one in singles:
        yield Waiting(f"清单变更被退回：{one.opinion}", _about(one), mending_url(one), back=True)


def _drafted(user: User) -> Iterator[Waiting]:
    """Others' drafts that the user's roles may approve, the longest waiting first."""
    paths = reach(user, APPROVERS)
    if not paths:
        return
    waiting = EntryDraft.objects.filter(
        within(paths, "organization__path"), state=EntryDraft.State.WAITING
    ).exclude(drafted_by=user)
    singles, sets = _apart(waiting.select_related("organization").order_by("drafted_at"))
    yield from _turns(sets, "审核整套清单变更")
    for one in singles:
        yield Waiting(f"审核清单变更（{one.get_kind_display()}）", _about(one), reverse("entry_drafts"))


def _apart(drafts: QuerySet[EntryDraft]) -> tuple[list[EntryDraft], Iterable[dict[str, Any]]]:
    """Drafts by themselves, and those of lists counted; one query where none came in a list."""
    first = list(drafts[:LOOKED_AT])
    if all(one.batch is None for one in first):
        return first, ()
    rows = drafts.filter(batch__isnull=False).order_by().values("batch", "register", "opinion")
    counted: Any = rows.annotate(many=Count("pk"), first=Min("drafted_at")).order_by("first")[:LOOKED_AT]
    return list(drafts.filter(batch=None)[:LOOKED_AT]), counted


def _turns(sets: Iterable[dict[str, Any]], title: str) -> Iterator[Waiting]:
    """One line for all that came in one list."""
    for row in sets:
        about = f"{catalogue().registers[row['register']].title}：{row['many']} 条"
        url, back = f"{reverse('entry_drafts')}?set={row['batch']}", row["opinion"]
        yield Waiting(f"{title}：{back}" if back else title, about, url, bool(back))


def _about(draft: EntryDraft) -> str:
    return f"{catalogue().registers[draft.register].title}：{draft.title} · {draft.organization}"


def _ending(user: User, desks: Collection[int], today: date) -> Iterator[Waiting]:
    """One line a register with entries of the own desk that end soon, the nearest first."""
    paths = reach(user, KEEPERS) if desks else []
    if not paths:
        return
    soon = ends_soon(user, today).filter(
        within(paths, "organization__path"), organization_id__in=sorted(desks)
    )
    counted = soon.order_by().values("register").annotate(many=Count("pk"), first=Min("ends"))
    for row in counted.order_by("first", "register"):
        register = catalogue().registers[row["register"]]
        url = f"{reverse('register', args=[register.register_])}?state=ending"
        about = f"{register.title}：{row['many']} {register.unit}即将到期"
        yield Waiting("续期或者撤下", about, url, due=row["first"])


def mending_url(draft: EntryDraft) -> str:
    """The form of the change that was returned, with what was written."""
    names = {EntryDraft.Kind.REVISE: "revise_entry", EntryDraft.Kind.WITHDRAW: "withdraw_entry"}
    name = names.get(EntryDraft.Kind(draft.kind), "new_entry")
    where = draft.register if name == "new_entry" else draft.entry_id
    return f"{reverse(name, args=[where])}?draft={draft.pk}"
