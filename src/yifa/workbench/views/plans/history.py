"""What changed on a plan: as issued beside as it stands now, and every change with both sides."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yifa.planning.history import changes, since_issue
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.plans.showing import seen_plan


@login_required
def plan_history(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """The changes since the plan was issued; with `?all=1` also those before."""
    plan = seen_plan(request.user, plan_id)
    found = changes(plan)
    later = [change for change in found if change.after_issue]
    everything = bool(request.GET.get("all")) or plan.issued_on is None
    context = {
        "title": "变更记录",
        "plan": plan,
        "compared": since_issue(plan),
        "changes": (found if everything else later)[::-1],
        "everything": everything,
        "before": len(found) - len(later),
        "later": len(later),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/history.html", context)
