"""A unit accepts its result or objects to it; the objection is answered."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from yifa.assessment.actions import Accept, AnswerObjection, Object
from yifa.assessment.models import Objection
from yifa.assessment.results import scores_in
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import written
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.assessment.access import (
    assessment_named,
    crumbs,
    done,
    form_page,
    papers_sent,
    shown_unit,
)


class ObjectForm(StyledForm):
    """To which indicator, and why."""

    indicator = forms.ChoiceField(label="指标")
    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请填写异议的理由。"},
    )  # fmt: skip
    evidence = forms.CharField(
        label="依据", max_length=200, required=False, help_text="文件名称、文号，或者台账中事项的文号。"
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.choices = choices


@login_required
def object_to_result(request: SignedInRequest, assessment_id: Any, unit: str) -> HttpResponse:
    """A unit objects; with `accept` it says that it does not."""
    assessment = assessment_named(request.user, assessment_id)
    found = shown_unit(request.user, assessment, unit)
    require_here(request, found)
    version = assessment.latest
    lines = scores_in(version)[found.code].lines if version else ()
    choices = [
        (one.indicator.id, f"{one.indicator.title}（得{written(one.points)}分，失{written(one.lost)}分）")
        for one in lines
        if one.lost
    ]
    form = ObjectForm(
        request.POST if request.method == "POST" and "accept" not in request.POST else None, choices=choices
    )
    if "accept" in request.POST:
        try:
            Accept(actor=request.user, assessment=assessment, unit=found).execute()
        except ActionRefused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "已确认没有异议。")
        return redirect("assessed_unit", assessment.pk, found.code)
    papers, stored = papers_sent(request, form)
    if form.is_bound and stored and form.is_valid():
        action = Object(
            actor=request.user, assessment=assessment, unit=found, papers=papers.given(), **form.cleaned_data
        )
        if done(request, action, form, "异议已提出。"):
            return redirect("assessed_unit", assessment.pk, found.code)
    until = f"提出异议的期限到{version.until:%Y年%-m月%-d日}。" if version and version.until else ""
    note = f"{until}对一项指标只提一次，请把理由和依据写全。"
    return form_page(
        request, "提出异议", form, "提出异议", crumbs=crumbs(assessment), note=note, papers=papers
    )


class AnswerForm(StyledForm):
    """Upheld or not, why, and the points."""

    upheld = forms.ChoiceField(
        label="结论", choices=[("", "（请选择）"), ("yes", "异议成立，改分"), ("no", "异议不成立，维持原分")],
        error_messages={"required": "请选择结论。"},
    )  # fmt: skip
    points = forms.DecimalField(
        label="改定的分值", required=False, decimal_places=2, max_digits=7, min_value=0,
        help_text="不填为按台账现在的记录重算，例如漏录的已经补录。",
    )  # fmt: skip
    answer = forms.CharField(
        label="答复的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请填写答复的理由。"},
    )  # fmt: skip


@login_required
def answer_objection(request: SignedInRequest, assessment_id: Any, number: int) -> HttpResponse:
    """Somebody else answers."""
    assessment = assessment_named(request.user, assessment_id)
    require_here(request, assessment.organization)
    objection = get_object_or_404(
        Objection.objects.select_related("unit", "version__assessment"), version__assessment=assessment, number=number
    )  # fmt: skip
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        held = form.cleaned_data
        points = Fraction(held["points"]) if held["points"] is not None else None
        action = AnswerObjection(
            actor=request.user, assessment=assessment, objection=objection, upheld=held["upheld"] == "yes",
            answer=held["answer"], points=points,
        )  # fmt: skip
        if done(request, action, form, "异议已答复。"):
            return redirect("assessed_unit", assessment.pk, objection.unit.code)
    held_by = assessment.set.indicator(objection.indicator)
    note = (
        f"{objection.unit}对“{held_by.title if held_by else ''}”（现得{written(Fraction(objection.before))}分）提出："
        f"{objection.reason}" + (f"。依据：{objection.evidence}" if objection.evidence else "")
    )
    return form_page(
        request,
        "答复异议",
        form,
        "答复",
        crumbs=crumbs(assessment),
        note=note,
        given=objection.papers,
        of=assessment,
    )
