"""The problems a report states, and what it says of those of the years before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yifa.ledger.models import Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import AnswerProblem, Problem, StateProblems
from yifa.reporting.actions.recounting import RECOUNTED, Recounted
from yifa.reporting.models import Report
from yifa.reporting.problems import concerns, earlier, states
from yifa.workbench.forms import StyledForm
from yifa.workbench.reports.access import coordinates, may_edit, seen_report
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.reports.parts import crumbs_of

EMPTY_ROWS, LATEST = 2, 5


class ProblemForm(StyledForm):
    """One problem; an empty one is left out."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput())
    content = forms.CharField(
        label="问题", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    cause = forms.CharField(
        label="原因", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    measure = forms.CharField(
        label="改进措施", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(StyledForm):
    """What became of one earlier problem."""

    state = forms.ChoiceField(label="解决情况", required=False)
    text = forms.CharField(
        label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "请选择"), *((state, state) for state in states())]  # type: ignore[attr-defined]


ProblemForms = formset_factory(ProblemForm, extra=EMPTY_ROWS, max_num=60)


@login_required
def report_problems(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """State this report's problems; answer the earlier ones."""
    report = seen_report(request.user, report_id)
    items = [
        {"id": item.pk, "content": item.content, "cause": item.cause, "measure": item.measure}
        for item in report.problems.all()
    ]
    refused: ActionRefused | None = None
    stating = request.method == "POST" and "state_problems" in request.POST
    answering = request.method == "POST" and not stating
    formset: BaseFormSet[ProblemForm] = ProblemForms(request.POST if stating else None, initial=items)
    answers = _answer_forms(request, report, answering)
    if request.method == "POST":
        require_here(request, report.organization)
        try:
            done = _state(request, report, formset) if stating else _answer(request, report, answers)
            if done:
                return redirect("report_problems", report_id=report.pk)
        except ActionRefused as error:
            refused = error
    context = {
        "title": "存在问题",
        "report": report,
        "concerns": concerns(report),
        "formset": formset,
        "answers": answers,
        "refused": refused,
        "may_edit": may_edit(request.user, report),
        "stated": items,
        "locked": coordinates(request.user, report) and report.state != Report.State.DRAFT,
        "recounts": _recounts(report) if answers else (),
        "crumbs": crumbs_of(report),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/reports/problems.html", context, status=status)


def _recounts(report: Report) -> list[tuple[Record, Mapping[str, Any]]]:
    """What answers have changed in this draft's figures and drafted sentences, the last first."""
    records = Record.objects.filter(subject=Subject.REPORT, subject_id=report.pk, kind=RECOUNTED)
    found = records.select_related("recorded_by").order_by("-position")[:LATEST]
    return [(record, json.loads(record.payload)) for record in found]


def _answer_forms(request: SignedInRequest, report: Report, bound: bool) -> list[tuple[Any, AnswerForm]]:
    forms_ = []
    for problem in earlier(report):
        said = problem.answer
        initial = {"state": said.state, "text": said.text} if said else {}
        data = request.POST if bound else None
        forms_.append((problem, AnswerForm(data, prefix=f"a{problem.entry.hex}", initial=initial)))
    return forms_


def _state(request: SignedInRequest, report: Report, formset: BaseFormSet[ProblemForm]) -> bool:
    if not formset.is_valid():
        return False
    rows: Sequence[dict[str, Any]] = [row for row in formset.cleaned_data if row and _filled(row)]
    problems = [
        Problem(row["content"], row.get("cause", ""), row.get("measure", ""), row.get("id")) for row in rows
    ]
    StateProblems(actor=request.user, report=report, problems=problems).execute()
    messages.success(request, f"已保存 {len(problems)} 个问题，列在报告的不足部分。")
    return True


def _filled(row: dict[str, Any]) -> bool:
    return any(str(row.get(name, "")).strip() for name in ("content", "cause", "measure"))


def _answer(request: SignedInRequest, report: Report, answers: list[tuple[Any, AnswerForm]]) -> bool:
    """Each answer that was filled in and is new."""
    saved, recounted = 0, list[Recounted]()
    for problem, form in answers:
        if not form.is_valid():
            return False
        state, text = form.cleaned_data["state"], form.cleaned_data["text"]
        known = problem.answer
        if not state and not text.strip():
            continue
        if known is None or (known.state, known.text) != (state, " ".join(text.split())):
            answer = AnswerProblem(
                actor=request.user, report=report, entry=problem.entry, state=state, text=text
            )
            recounted += answer.execute().recounted
            saved += 1
    follows = "报告中随之变化的数字和拟写的文字已经重算，见下。" if recounted else ""
    messages.success(request, f"已保存 {saved} 个问题的解决情况。{follows}")
    return True
