"""What would be said of a quarter's note as it is being written: the same rules as when it is saved, nothing stored."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.planning.models import Task
from yifa.planning.quarters import Quarter
from yifa.planning.reminders import NEEDED
from yifa.workbench.figures.keyfigures import Counting
from yifa.workbench.rights.access import SignedInRequest, plans_for
from yifa.workbench.views.plans.quarter import TaskNote, act_of, row_of
from yifa.workbench.waiting.plans import writing_units

UNPROVED = (
    "报完成，还没有依据：请勾选或者关联台账记录；确实没有记录的，附文件并说明。不补也能保存，会列入提醒。"
)


@login_required
@require_POST
def quarter_hint(request: SignedInRequest, task_id: int, number: int) -> HttpResponse:
    """One line below a task of the form."""
    rows = Task.objects.select_related("plan__organization").prefetch_related(*NEEDED)
    task = get_object_or_404(rows, pk=task_id, plan__in=plans_for(request.user))
    units = {unit.code: unit for unit in writing_units(request.user, task.plan)}
    unit = units.get(request.GET.get("unit", ""))
    if unit is None or number not in {1, 2, 3, 4}:
        raise Http404
    quarter = Quarter(task.plan.year, number)
    row = row_of(request, task, unit, quarter, Counting())
    context = {"hints": _hints(request, row, unit, quarter), "untouched": not row.form.says_something}
    return render(request, "workbench/plans/quarter_hint.html", context)


def _hints(request: SignedInRequest, row: TaskNote, unit: Organization, quarter: Quarter) -> list[str]:
    if not row.form.says_something:
        return []
    if not row.form.is_valid():
        return [str(error) for errors in row.form.errors.values() for error in errors]
    try:
        act_of(request.user, row, unit, quarter).check()
    except ActionRefused as error:
        return [error.message]
    return [UNPROVED] if _unproved(row) else []


def _unproved(row: TaskNote) -> bool:
    """Done is said, and nothing shows it: no record, no file, nothing counted."""
    given = row.form.cleaned_data
    if given["state"] != Task.State.DONE or row.supports:
        return False
    counted = any(line.answer.value for line in row.targets)
    return not (given.get("records") or given["paper_why"] or given["kept"] or counted)
