"""The yearly plans of inspections with what was done for each line, and what was inspected outside them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Organization, User
from yifa.supervision.actions import CloseDraw
from yifa.supervision.inspections import LINES, MOST, PLAN, Line, Way, outside, plans
from yifa.supervision.models import Draw
from yifa.workbench.rights.access import SignedInRequest, has_role, may_correct, may_open


@login_required
def inspection_plans(request: SignedInRequest) -> HttpResponse:
    """The plans of a year, unit by unit."""
    today = timezone.localdate()
    written = request.GET.get("year", "")
    year = int(written) if written.isascii() and written.isdigit() else today.year
    if not 2000 <= year <= 2100:
        raise Http404
    found = plans(request.user, year)
    rest = outside(request.user, year)
    user = request.user
    context = {
        "title": f"{year}年检查计划",
        "year": year,
        "years": [today.year + 1, today.year, today.year - 1, today.year - 2],
        "plans": [
            (plan, [(line, line.late(today), _begin(user, plan.unit, line)) for line in plan.lines])
            for plan in found
        ],
        "outside": [
            (case, case_type_of(case.case_type).title, why, may_correct(user, case))
            for case, why in rest[:MOST]
        ],
        "more": max(0, len(rest) - MOST),
        "unexplained": sum(not why for _, why in rest),
        "may": may_open(user, catalogue().case_types[PLAN]),
        "may_keep": has_role(request.user, KEEPERS),
        "new_plan": f"{reverse('open_case', args=[PLAN])}?{urlencode({'facts-f_year': year})}",
        "new_line": reverse("new_entry", args=[LINES]),
        "crumbs": [("监督检查", reverse("supervision"))],
    }
    return render(request, "workbench/supervision/plans.html", context)


def _begin(user: User, unit: Organization, line: Line) -> str:
    """Where an inspection of the line is begun, for those who may begin one."""
    if line.data["way"] == Way.FILES:
        may = has_role(user, CloseDraw.needs.roles)
        return reverse("close_draw", args=[Draw.Purpose.FILES.value]) if may else ""
    if not may_open(user, catalogue().case_types[line.case_type], unit):
        return ""
    told = {
        "facts-f_plan_item": line.entry.key,
        "facts-f_name": line.entry.title,
        "facts-f_subject": line.entry.title,
        "facts-f_item": line.entry.title,
        "facts-f_planned": line.data.get("number") or "",
    }
    return f"{reverse('open_case', args=[line.case_type])}?{urlencode(told)}"
