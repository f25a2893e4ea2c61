"""Who may read a case without working on it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from yifa.ledger.models import Case, User
from yifa.supervision.models import FileReview


def readable_case(user: User, case_id: UUID) -> Case:
    """A case within the user's units, or one that the user was named to review, while that review runs.

    A reviewer is drawn from another unit as a rule, sees nothing else of the ledger of the reviewed one, and cannot judge
    a file without reading it.
    """
    seen = Case.objects.for_user(user).select_related("organization").filter(pk=case_id).first()
    if seen is not None:
        return seen
    named = FileReview.objects.filter(scorings__reviewer=user, case__closed_on=None)
    known = Case.objects.select_related("organization").filter(
        Q(reviewed_by__in=named) | Q(file_review__in=named)
    )
    return get_object_or_404(known.distinct(), pk=case_id)
