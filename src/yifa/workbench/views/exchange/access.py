"""Who brings lists in, and whose imports one sees: one's own; the coordinator those of the body."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from yifa.exchange.models import Import, Reconciliation
from yifa.ledger.models import Role, User
from yifa.workbench.rights.access import IMPORTERS, has_role

Run = TypeVar("Run", Import, Reconciliation)


def seen(user: User, rows: QuerySet[Run]) -> QuerySet[Run]:
    """The imports or reconciliations a user sees."""
    rows = rows.select_related("attachment", "organization", "actor")
    if user.is_superuser or has_role(user, [Role.COORDINATOR]):
        return rows
    return rows.filter(actor=user) if has_role(user, IMPORTERS) else rows.none()


def seen_one(user: User, rows: QuerySet[Run], key: UUID) -> Run:
    """One of them, or 404."""
    found = seen(user, rows).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
