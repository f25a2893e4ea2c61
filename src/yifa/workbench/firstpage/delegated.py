"""Who acts for whom now: shown on the first page of both."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yifa.ledger.models import Delegation, User


def current(user: User, today: date) -> list[Delegation]:
    """The delegations of a user, given or received, that hold today or will."""
    rows = Delegation.objects.filter(Q(absent=user) | Q(deputy=user), ended_on=None, ends__gte=today)
    return list(rows.select_related("absent", "deputy").order_by("begins")[:5])
