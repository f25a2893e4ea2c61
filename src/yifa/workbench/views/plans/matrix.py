"""The matrix of items and units: to look at, to print, to assign by clicking a cell, to take along as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.planning import matrix as planning_matrix
from yifa.planning.actions import AssignTask
from yifa.planning.guarding import length
from yifa.planning.matrix import CANCELLED, LATE, LEAD, NAMES, NO_DUE, NO_LEAD, SIGNS, SUPPORT, Matrix
from yifa.planning.models import SHOWN, Plan, Task
from yifa.workbench.forms.given import whole
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.showing import may_edit, seen_plan

STATES = (
    (NO_LEAD, "缺牵头单位"),
    (NO_DUE, "缺完成时限"),
    *Task.State.choices,
    (LATE, "逾期"),
    (CANCELLED, "已取消"),
)
FILTERS = ("unit", "chapter", "state", "all")


@login_required
def matrix(request: SignedInRequest, plan_id: UUID) -> HttpResponseBase:
    """The matrix; a post assigns one unit to one task or takes it away."""
    plan = seen_plan(request.user, plan_id)
    refused = ""
    if request.method == "POST":
        require_here(request, plan.organization)
        try:
            said = _assign(request, plan)
            if not getattr(request, "htmx", False):
                messages.success(request, said)
                return redirect(f"{request.path}?{request.GET.urlencode()}")
        except ActionRefused as error:
            refused = error.message
    given = {key: request.GET.get(key, "") for key in FILTERS}
    found = planning_matrix.build(
        plan,
        timezone.localdate(),
        every_unit=bool(given["all"]),
        unit=given["unit"],
        chapter=given["chapter"],
        state=given["state"] if given["state"] in dict(STATES) else "",
    )
    if request.GET.get("format") == "xlsx":
        return _sheet(plan, found)
    context = _context(request, plan, found) | {"given": given, "refused": refused}
    live = bool(getattr(request, "htmx", False)) and request.method == "POST"
    template = "workbench/plans/matrix_table.html" if live else "workbench/plans/matrix.html"
    return render(request, template, context, status=422 if refused else 200)


def _context(request: SignedInRequest, plan: Plan, found: Matrix) -> dict[str, Any]:
    return {
        "title": "任务分工矩阵",
        "plan": plan,
        "matrix": found,
        "width": len(found.units) + 3,
        "states": STATES,
        "chapters": plan.chapters.all(),
        "units": Organization.objects.below(plan.organization).order_by("path"),
        "may_edit": may_edit(request.user, plan),
        "parts": [(LEAD, f"{SIGNS[LEAD]} 牵头"), (SUPPORT, f"{SIGNS[SUPPORT]} 配合"), ("", "取消分工")],
        "part": request.POST.get("part", LEAD),
        "reason": request.POST.get("reason", ""),
        "seen": length(plan),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }


def _assign(request: SignedInRequest, plan: Plan) -> str:
    """One cell."""
    task_key, _, unit_key = request.POST.get("cell", "").partition("-")
    part = request.POST.get("part", LEAD)
    seen = request.POST.get("seen", "")
    if not (task_key.isdecimal() and unit_key.isdecimal()) or part not in NAMES:
        raise ActionRefused("没有选中格子，请点任务和单位交叉的格子。", code="invalid")
    rows = Task.objects.select_related("plan__organization").prefetch_related(*SHOWN)
    task = get_object_or_404(rows, pk=task_key, plan=plan)
    unit = get_object_or_404(Organization.objects.below(plan.organization), pk=unit_key)
    parts = planning_matrix.changed(task, unit, part)
    AssignTask(
        actor=request.user,
        task=task,
        lead=parts.lead,
        co_leads=parts.co_leads,
        support=parts.support,
        reason=request.POST.get("reason", ""),
        seen=whole(seen),
    ).execute()
    return f"{task.number}{task.title}：{unit.name}的分工已改。"


def _sheet(plan: Plan, found: Matrix) -> HttpResponseBase:
    heads = ["编号", "任务", "章", "完成时限", "进展", *(unit.name for unit in found.units)]
    return sheet_response(f"{plan.title}分工矩阵", heads, _sheet_rows(found))


def _sheet_rows(found: Matrix) -> Iterator[list[Any]]:
    for row in found.rows:
        task = row.task
        cells = [f"{SIGNS[cell.role]}{NAMES[cell.role]}" for cell in row.cells]
        chapter = str(task.chapter) if task.chapter else ""
        yield [task.number, task.title, chapter, task.due, planning_matrix.STATE_NAMES[row.state], *cells]
