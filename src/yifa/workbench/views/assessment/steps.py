"""The steps of an assessment: publish, sign, hand over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone

from yifa.assessment.actions import FreezeResult, HandResult, PublishResult
from yifa.assessment.actions.publishing import PURPOSES
from yifa.assessment.models import Assessment
from yifa.law.phrases import day
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.assessment.access import assessment_named, back, crumbs, done, form_page


class NothingForm(StyledForm):
    """Only a button."""


class AgainForm(StyledForm):
    """Why there is to be a further version."""

    reason = forms.CharField(
        label="重新出具的理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写重新出具结果的理由。"},
    )  # fmt: skip


class SignForm(StyledForm):
    """The leader's word."""

    opinion = forms.CharField(
        label="签发意见", max_length=300, initial="同意。", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写签发意见。"},
    )  # fmt: skip


class HandForm(StyledForm):
    """To whom, what for."""

    recipient = forms.CharField(
        label="接收单位",
        max_length=120,
        initial="县委组织部",
        error_messages={"required": "请填写接收单位。"},
    )
    purpose = forms.ChoiceField(label="用途", choices=[(one, one) for one in PURPOSES])


def _forms(assessment: Assessment) -> dict[str, tuple[Any, type[StyledForm], str, str, str, str]]:
    """Each step: its action, its form, title, button, what is said before and after."""
    again = assessment.state == Assessment.State.FROZEN
    early = (
        f"考核期到{day(assessment.ends)}，还没有结束，现在公布只算到今天。"
        if timezone.localdate() < assessment.ends
        else ""
    )
    return {
        "publish": (
            PublishResult,
            AgainForm if again else NothingForm,
            "重新出具结果" if again else "公布初步结果",
            "重新出具" if again else "截止记分并公布",
            f"{early}按台账现在的记录算出各单位各项得分并封存，发给各单位核对；此后记入台账的不再影响这次结果，另行列出。"
            "有限制总分的严重事项的，同时开立追责记录。",
            "已公布，各单位可以提出异议。",
        ),
        "freeze": (
            FreezeResult,
            SignForm,
            "签发、确定结果",
            "签发",
            "确定以后结果连同摘要不再改动；以后台账有更正的，只列出差异，改结果须另出一版。",
            "结果已确定。",
        ),
        "hand": (
            HandResult,
            HandForm,
            "移交结果",
            "记录移交",
            "记明确定的结果移交给谁、作什么用。",
            "已记录移交。",
        ),
    }


@login_required
def assessment_step(request: SignedInRequest, assessment_id: Any, step: str) -> HttpResponse:
    """One step with its form."""
    assessment = assessment_named(request.user, assessment_id)
    known = _forms(assessment).get(step)
    if known is None:
        raise Http404
    action, form_type, title, button, before, after = known
    require_here(request, assessment.organization, action.needs.roles)
    form = form_type(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = action(actor=request.user, assessment=assessment, **form.cleaned_data)
        if done(request, made, form, after):
            return back(assessment)
    return form_page(request, title, form, button, crumbs=crumbs(assessment), note=before)
