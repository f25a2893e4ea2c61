"""谁可以做什么, and who administers here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.ledger.models import ADMINISTRATION, Membership, Role, SeparationException, User
from yifa.workbench.rights.access import SignedInRequest, memberships
from yifa.workbench.rights.powers import acts_of, case_types, table


@login_required
def powers(request: SignedInRequest) -> HttpResponse:
    """The matrix, the acts of one case type, the three administrators."""
    kinds = case_types()
    chosen = request.GET.get("case_type", "")
    if chosen and chosen not in kinds:
        raise Http404
    mine = {one.role for one in memberships(request.user)}
    held = Membership.objects.filter(role__in=ADMINISTRATION, user__is_active=True)
    context = {
        "title": "谁可以做什么",
        "roles": [(role.label, role.value in mine, role in ADMINISTRATION) for role in Role],
        "groups": table(),
        "kinds": kinds,
        "chosen": chosen,
        "acts": acts_of(chosen) if chosen else [],
        "administrators": held.select_related("user", "organization").order_by("role", "user__username"),
        "exceptions": SeparationException.objects.filter(until__gte=timezone.localdate()).select_related(
            "user", "organization"
        ),
        "emergency": User.objects.filter(is_superuser=True, is_active=True).order_by("username"),
        "both": memberships_joined(),
    }
    return render(request, "workbench/people/powers.html", context)


def memberships_joined() -> list[str]:
    """Whoever holds two administrations, e.g. from before they were kept apart: said on the page, to be mended."""
    rows = Membership.objects.filter(role__in=ADMINISTRATION, user__is_active=True).select_related("user")
    roles: dict[str, set[str]] = {}
    for row in rows:
        roles.setdefault(row.user.display_name or row.user.username, set()).add(row.role)
    return sorted(name for name, some in roles.items() if len(some) > 1)
