"""Changes of registers that came in one list and are approved together, as the page of changes shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.ledger.models import Attachment, User

SETS = 20
State = EntryDraft.State


@dataclass(frozen=True, slots=True)
class DraftSet:
    """What became of the rows of one list; `own`: the user drafted it."""

    batch: UUID
    title: str
    drafter: str
    at: datetime
    waiting: int
    published: int
    returned: int
    opinion: str
    own: bool


def sets_of(drafts: QuerySet[EntryDraft], user: User) -> list[DraftSet]:
    """Those where something waits or was returned first, then the latest; a few queries however many rows they have."""
    rows = drafts.filter(batch__isnull=False).order_by().values(
        "batch", "register", "drafted_by", "drafted_by__display_name", "source__file"
    )  # fmt: skip
    counted = rows.annotate(
        first=Min("drafted_at"),
        said=Max("opinion", filter=Q(state=State.RETURNED)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        published=Count("pk", filter=Q(state=State.PUBLISHED)),
        returned=Count("pk", filter=Q(state=State.RETURNED)),
    )
    found: list[Any] = list(counted.order_by("-waiting", "-returned", "-first")[:SETS])
    names = dict(
        Attachment.objects.filter(pk__in={row["source__file"] for row in found}).values_list("pk", "name")
    )
    return [_shown(row, names, user) for row in found]


def _shown(row: dict[str, Any], names: dict[str, str], user: User) -> DraftSet:
    register, file = catalogue().registers[row["register"]].title, names.get(row["source__file"] or "")
    return DraftSet(
        batch=row["batch"], title=f"{register}：{file}" if file else register, drafter=row["drafted_by__display_name"],
        at=row["first"], waiting=row["waiting"], published=row["published"], returned=row["returned"],
        opinion=row["said"] or "", own=row["drafted_by"] == user.pk,
    )  # fmt: skip
