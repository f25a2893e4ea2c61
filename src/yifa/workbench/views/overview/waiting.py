"""Everything that waits for the signed-in person, on a page of its own and as a part of the first page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.waiting.everything import waiting_for

MOST = 100  # cases of each kind


@login_required
def waiting(request: SignedInRequest) -> HttpResponse:
    """The page; for the first page of a large ledger, which asks for it when it is there, the part."""
    today = timezone.localdate()
    if getattr(request, "htmx", False):
        context = {"waiting": waiting_for(request.user, today), "today": today}
        return render(request, "workbench/parts/waiting.html", context)
    found = waiting_for(request.user, today, MOST)
    groups = [
        ("退回我的", [one for one in found.rows if one.back], "没有退回给您的。"),
        ("轮到我办的", [one for one in found.rows if not one.back], "没有轮到您办理、审核、签发或者答复的。"),
    ]
    context = {"title": "等我办的", "today": today, "groups": groups, "more": found.more, "most": MOST}
    return render(request, "workbench/waiting.html", context)
