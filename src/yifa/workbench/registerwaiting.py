"""What waits for somebody in registers: changes to approve, changes sent back, entries that end soon."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.urls import reverse

from yifa.approvals.actions import APPROVERS
from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.models import User
from yifa.ledger.queries import ends_soon
from yifa.ledger.scoping import reach, within
from yifa.workbench.views.registers.approving import mending_url

LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class RegisterTurn:
    """One thing to do in a register; `back`: what was said when it was sent back."""

    title: str
    about: str
    url: str
    back: str = ""
    due: date | None = None


def register_turns(user: User, desks: Collection[int], today: date) -> Iterator[RegisterTurn]:
    """What was sent back first, then what others drafted, then what ends."""
    yield from _returned(user)
    yield from _drafted(user)
    yield from _ending(user, desks, today)


def _returned(user: User) -> Iterator[RegisterTurn]:
    """The user's own drafts that were returned and neither mended nor dropped."""
    rows = EntryDraft.objects.filter(drafted_by=user, state=EntryDraft.State.RETURNED)
    for one in rows.select_related("organization")[:LOOKED_AT]:
        yield RegisterTurn("清单变更被退回", _about(one), mending_url(one), one.opinion)


def _drafted(user: User) -> Iterator[RegisterTurn]:
    """Others' drafts that the user's roles may approve, the longest waiting first."""
    paths = reach(user, APPROVERS)
    if not paths:
        return
    waiting = EntryDraft.objects.filter(
        within(paths, "organization__path"), state=EntryDraft.State.WAITING
    ).exclude(drafted_by=user)
    for one in waiting.select_related("organization").order_by("drafted_at")[:LOOKED_AT]:
        yield RegisterTurn(f"审核清单变更（{one.get_kind_display()}）", _about(one), reverse("entry_drafts"))


def _about(draft: EntryDraft) -> str:
    return f"{catalogue().registers[draft.register].title}：{draft.title} · {draft.organization}"


def _ending(user: User, desks: Collection[int], today: date) -> Iterator[RegisterTurn]:
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
        yield RegisterTurn("续期或者撤下", about, url, due=row["first"])
