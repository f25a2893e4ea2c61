"""Does the ledger hold? For supervisors and auditors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.ledger.models import Organization, Record, Seal
from yifa.ledger.verification import verify
from yifa.workbench.access import SignedInRequest, require_here
from yifa.workbench.administration import rebuild_shown

MOST = 200
KEPT = "verification"


@login_required
def verification(request: SignedInRequest) -> HttpResponse:
    """The seals; on demand everything computed anew."""
    require_here(request, Organization.objects.body())
    if request.method == "POST":
        cache.set(KEPT, (timezone.now(), verify()), None)
    at, found = cache.get(KEPT) or (None, None)
    seals = Paginator(Seal.objects.order_by("-day"), 50).get_page(request.GET.get("page"))
    context = {
        "title": "台账核验",
        "rebuild": rebuild_shown(),
        "at": at,
        "found": found,
        "faults": found.faults[:MOST] if found else (),
        "records": Record.objects.count(),
        "page": seals,
        "page_range": list(seals.paginator.get_elided_page_range(seals.number, on_each_side=2, on_ends=1)),
    }
    return render(request, "workbench/ledger/verification.html", context)
