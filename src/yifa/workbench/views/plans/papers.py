"""The plan on paper: the source beside its tasks, the official document, the table of responsibility."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.law.errors import YifaError
from yifa.planning.models import SHOWN, Plan, Task
from yifa.planning.sentences import beside
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.plans.showing import seen_plan

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def _writer(kind: str) -> Callable[[Plan, Path], None]:
    from yifa.planning import word  # slow to import, needed by few pages

    return {"docx": word.write, "xlsx": word.write_sheet, "pdf": word.write_pdf}[kind]


@login_required
def download(request: SignedInRequest, plan_id: UUID, kind: str) -> HttpResponse:
    """The plan as Word or PDF, its table of responsibility as a sheet."""
    plan = seen_plan(request.user, plan_id)
    if kind not in MEDIA:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{kind}"
        try:
            _writer(kind)(plan, path)
        except YifaError as error:  # no office program on this machine
            messages.error(request, error.message)
            return redirect("plan", plan_id=plan.pk)
        response = HttpResponse(path.read_bytes(), content_type=MEDIA[kind])
    name = f"{plan.title}责任分解表" if kind == "xlsx" else plan.title
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    return response


@login_required
def source(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Every sentence of the source beside the task it became; what became none is marked."""
    plan = seen_plan(request.user, plan_id)
    standing = Task.everything.filter(
        plan=plan, merged_into=None
    )  # what was cancelled came from the text too
    tasks = list(standing.select_related("chapter").prefetch_related(*SHOWN))
    found = beside(plan)
    context = {
        "title": "原文与任务对照",
        "plan": plan,
        "beside": found,
        "tasks": tasks,
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/source.html", context)
