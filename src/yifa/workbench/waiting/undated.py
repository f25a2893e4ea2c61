"""Items of rectification for which somebody still has to set the day."""

from __future__ import annotations

from django.db.models import QuerySet

from yifa.ledger.models import Case, User
from yifa.ledger.models.scoping import reach, within
from yifa.supervision.actions import SetItemDays
from yifa.supervision.findings import undated


def undated_for(user: User) -> QuerySet[Case]:
    """Those whose day the user may set."""
    paths = reach(user, SetItemDays.needs.roles)
    rows = Case.objects.filter(within(paths, "organization__path")) if paths else Case.objects.none()
    return undated(rows).select_related("organization")
