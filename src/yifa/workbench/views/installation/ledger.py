"""Does the ledger hold? For supervisors and auditors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yifa.ledger.models import Organization, Record, Seal
from yifa.ledger.proof import verifying
from yifa.workbench.firstpage.administration import rebuild_shown
from yifa.workbench.rights.access import SignedInRequest, require_here

MOST = 200


@login_required
def verification(request: SignedInRequest) -> HttpResponse:
    """The seals; on demand everything computed anew, while the page shows how far it is."""
    require_here(request, Organization.objects.body())
    if request.method == "POST":
        verifying.begin()
        return redirect("verification")
    seals = Paginator(Seal.objects.order_by("-day"), 50).get_page(request.GET.get("page"))
    context = {
        "title": "台账核验",
        "rebuild": rebuild_shown(),
        "going": verifying.under_way(),
        "failed": verifying.failed(),
        "last": (last := verifying.last()),
        "faults": last.found.faults[:MOST] if last else (),
        "records": Record.objects.count(),
        "page": seals,
        "page_range": list(seals.paginator.get_elided_page_range(seals.number, on_each_side=2, on_ends=1)),
    }
    return render(request, "workbench/ledger/verification.html", context)
