"""Lost points become items of the one register of what must be put right, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from yifa.assessment.behind import Lost, lost
from yifa.assessment.models import Assessment, ResultVersion
from yifa.assessment.results import scores_in
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import ListFindings
from yifa.supervision.findings import ITEM
from yifa.supervision.found import Source, Unlisted
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.assessment.access import assessment_named, crumbs, form_page, shown_unit

MONTHS = timedelta(days=60)  # what the form offers; whoever lists decides
SOURCE = "年度考核"


class LostForm(StyledForm):
    """Which, and by when."""

    key = forms.MultipleChoiceField(
        label="失分的指标",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选要列入的失分。"},
    )
    due = forms.DateField(
        label="整改期限", widget=DayInput(), error_messages={"required": "请填写整改期限。"}
    )

    def __init__(self, *args: Any, found: list[Unlisted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["key"]
        field.choices = [(one.key, one.problem) for one in found]


@login_required
def list_lost(request: SignedInRequest, assessment_id: Any, unit: str) -> HttpResponse:
    """The lost points of a unit that are not on the register yet."""
    assessment = assessment_named(request.user, assessment_id)
    require_here(request, assessment.organization)
    found, version = shown_unit(request.user, assessment, unit), assessment.latest
    if version is None:
        raise Http404
    rows = _unlisted(assessment, version, found)
    due = timezone.localdate() + MONTHS
    form = LostForm(request.POST if request.method == "POST" else None, found=rows, initial={"due": due})
    if form.is_bound and form.is_valid():
        chosen = set(form.cleaned_data["key"])
        try:
            made = ListFindings(
                actor=request.user, organization=assessment.organization, due=form.cleaned_data["due"],
                findings=[one for one in rows if one.key in chosen],
            ).execute()  # fmt: skip
        except ActionRefused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已列入整改台账 {len(made)} 项。")
            return redirect("assessed_unit", assessment.pk, found.code)
    note = (
        f"勾选的失分各列为{found}的一项整改事项，由它整改、由他人核实销号。"
        if rows
        else "失分的指标都已经列入整改台账。"
    )
    return form_page(request, "失分列入整改台账", form, "列入整改台账", crumbs=crumbs(assessment), note=note)


def _unlisted(assessment: Assessment, version: ResultVersion, unit: Organization) -> list[Unlisted]:
    names, about = Lost(unit, assessment.starts, assessment.ends), Source(str(assessment))
    found = []
    for line in lost(scores_in(version)[unit.code]):
        words = names.behind(line.indicator).words
        problem = f"{line.indicator.title}：{line.why}" + (f"；涉及{words}" if words else "")
        key = f"assessment:{assessment.pk}:{unit.code}:{line.indicator.id}"
        found.append(Unlisted(key, problem, SOURCE, about, unit))
    items = Case.objects.filter(case_type=ITEM, facts__origin_key__in=[one.key for one in found])
    known = set(items.order_by().values_list("facts__origin_key", flat=True))
    return [one for one in found if one.key not in known]
