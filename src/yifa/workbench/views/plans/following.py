"""How a plan goes: what is open of each unit, the progress sheet on the screen, on paper and as Excel."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.models import Role
from yifa.planning.models import Plan, Task
from yifa.planning.progresssheet import CANCELLED, COLUMNS, STATES, Line, sheet, title_of, write_excel
from yifa.planning.quarters import Quarter, quarter_now
from yifa.planning.reminders import Open, tasks_with_notes
from yifa.planning.targets import Answer, answer
from yifa.workbench.figures.keyfigures import Counting
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.plans.showing import seen_plan
from yifa.workbench.waiting.plans import is_own, open_units, writing_units

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def plan_open(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """What is open, unit by unit: for the coordinator of all, for others of their own."""
    plan = seen_plan(request.user, plan_id)
    today = timezone.localdate()
    coordinates = has_role(request.user, [Role.COORDINATOR], plan.organization)
    if not coordinates and not writing_units(request.user, plan):
        require_here(request, plan.organization)
    units = [one for one in open_units(plan, today) if coordinates or is_own(request.user, one.unit)]
    context = {
        "title": "任务提醒",
        "plan": plan,
        "units": units,
        "kinds": list(Open),
        "quarter": quarter_now(plan.year, today),
        "coordinates": coordinates,
        "today": today,
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/open.html", context)


def _quarter(request: SignedInRequest, plan: Plan) -> Quarter | None:
    """The quarter asked for; none: the year."""
    text = request.GET.get("quarter", "")
    if text in {"", "0"}:
        return None
    if text not in {"1", "2", "3", "4"}:
        raise Http404
    return Quarter(plan.year, int(text))


def _lines(plan: Plan, quarter: Quarter | None) -> list[Line]:
    counting = Counting()

    def answers(task: Task, until: date) -> Sequence[Answer]:
        return [answer(target, until, counting.get) for target in task.targets.all()]

    return sheet(tasks_with_notes(plan, cancelled=True), quarter, timezone.localdate(), answers)


@login_required
def progress_sheet(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """The sheet, ready to print."""
    plan = seen_plan(request.user, plan_id)
    quarter = _quarter(request, plan)
    lines = _lines(plan, quarter)
    items = [line for line in lines if not line.task.is_part]
    context = {
        "title": title_of(plan, quarter),
        "plan": plan,
        "quarter": quarter,
        "quarters": [Quarter(plan.year, one) for one in (1, 2, 3, 4)],
        "lines": lines,
        "columns": [title for title, *_ in COLUMNS],
        "counts": [(label, sum(one.state == state for one in items)) for state, label in STATES.items()],
        "total": sum(one.state != CANCELLED for one in items),
        "today": timezone.localdate(),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/sheet.html", context)


@login_required
def progress_excel(request: SignedInRequest, plan_id: UUID) -> HttpResponseBase:
    """The sheet as Excel."""
    plan = seen_plan(request.user, plan_id)
    quarter = _quarter(request, plan)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_excel(plan, quarter, _lines(plan, quarter), target)
    target.seek(0)
    response = FileResponse(target, content_type=EXCEL)
    name = f"{plan.organization.short_name or plan.organization.name}{title_of(plan, quarter)}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
