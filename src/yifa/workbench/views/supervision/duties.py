"""People's duties of a year: the lists of principals with their records, reviews of faults, certificates."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.actions.entries import KEEPERS
from yifa.supervision.duties import (
    RECORD,
    REVIEW,
    Lost,
    ending_certificates,
    faults,
    leaders,
    lost_unreviewed,
    name_of,
)
from yifa.workbench.rights.access import SignedInRequest, has_role, may_open

SHOWN = 100


@login_required
def duties(request: SignedInRequest) -> HttpResponse:
    """Who did what of the list, what is missing, which lost cases nobody reviewed."""
    today = timezone.localdate()
    written = request.GET.get("year", "")
    year = int(written) if written.isascii() and written.isdigit() else today.year
    if not 2000 <= year <= 2100:
        raise Http404
    lost = lost_unreviewed(request.user, today)
    context = {
        "title": f"{year}年第一责任人履职和责任追究",
        "year": year,
        "years": [today.year, today.year - 1, today.year - 2],
        "today": today,
        "leaders": leaders(request.user, year),
        "lost": [(one, _open(one)) for one in lost[:SHOWN]],
        "lost_count": len(lost),
        "faults": faults(request.user, year)[:SHOWN],
        "ending": ending_certificates(request.user, today)[:SHOWN],
        "may": may_open(request.user, catalogue().case_types[RECORD]),
        "may_review": may_open(request.user, catalogue().case_types[REVIEW]),
        "may_keep": has_role(request.user, KEEPERS),
        "crumbs": [("监督检查", reverse("supervision"))],
    }
    return render(request, "workbench/supervision/duties.html", context)


def _open(one: Lost) -> str:
    """Where the review of faults of a lost case is opened, with the case filled in."""
    source = "行政诉讼" if one.case.case_type == "litigation" else "行政复议"
    told = {
        "facts-f_subject": one.case.title, "facts-f_source": source, f"facts-f_{one.fact}": name_of(one.case),
        "facts-f_lost_on": one.on.isoformat(),
    }  # fmt: skip
    return f"{reverse('open_case', args=[REVIEW])}?{urlencode(told)}"
