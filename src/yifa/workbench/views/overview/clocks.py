"""The deadlines of the user's cases on the days of the working calendar."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.legal import calendar
from yifa.ledger.models import CaseClock, Organization
from yifa.ledger.models.scoping import remember_units
from yifa.ledger.people.pinyin import units_by_sound
from yifa.ledger.search.queries import amount, overdue, running_clocks
from yifa.workbench.cases.duecalendar import Span, due_calendar
from yifa.workbench.lists import as_day
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.cases.listing import type_choices

TITLES = {Span.MONTH: "月", Span.WEEK: "周", Span.DAY: "日"}
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


@login_required
@opens_as_kept
def clocks(request: SignedInRequest) -> HttpResponse:
    """A month, a week or a day; by unit and by procedure."""
    today = timezone.localdate()
    remember_units(request.user)
    units = units_by_sound(Organization.objects.for_user(request.user))
    unit = next((one for one in units if one.code == request.GET.get("unit")), None)
    kinds = [(name, title) for name, title in type_choices() if catalogue().case_types[name].clocks]
    kind = request.GET.get("type", "")
    kind = kind if kind in dict(kinds) else ""
    asked = request.GET.get("span", "")
    span = Span(asked) if asked in list(Span) else Span.MONTH
    on = min(max(as_day(request.GET.get("on", "")) or today, FIRST), LAST)
    context = {
        "title": "时限日历",
        "today": today,
        "on": on,
        "calendar": due_calendar(_narrowed(running_clocks(request.user), unit, kind), span, on, calendar()),
        "overdue": amount(_narrowed(overdue(request.user, today), unit, kind)),
        "spans": TITLES.items(),
        "units": units,
        "kinds": kinds,
        "chosen": {"unit": unit.code if unit else "", "type": kind, "span": span.value},
    }
    return render(request, "workbench/clocks.html", context)


def _narrowed(rows: QuerySet[CaseClock], unit: Organization | None, kind: str) -> QuerySet[CaseClock]:
    if unit is not None:
        below = Organization.objects.below(unit).values_list("pk", flat=True)
        rows = rows.filter(organization_id__in=list(below))
    return rows.filter(case__case_type=kind) if kind else rows
