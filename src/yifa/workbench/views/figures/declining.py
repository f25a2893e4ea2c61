"""A unit declares that it does not collect a figure."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.actions import DeclareNotCollected
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.figures.keyfigures import figure_url
from yifa.workbench.figures.scope import scope_of
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here


class GapForm(StyledForm):
    """From when to when a unit does not collect a figure, and why."""

    valid_from = forms.DateField(
        label="起始日期", widget=DayInput(), error_messages={"required": "请填写起始日期。"}
    )
    valid_to = forms.DateField(
        label="截止日期", widget=DayInput(), required=False, help_text="不填表示至今没有采集。"
    )
    reason = forms.CharField(
        label="原因",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：尚未建立台账，自明年起采集。声明后这个数字显示“未采集”，不显示 0。",
        error_messages={"required": "请写明未采集的原因。"},
    )


@login_required
def decline(request: SignedInRequest, rule: str) -> HttpResponse:
    """Declare that a unit does not collect a figure."""
    found = catalogue().counting_rules.get(rule)
    if found is None:
        raise Http404
    scope = scope_of(request, request.user)
    require_here(request, scope.unit)
    form = GapForm(request.POST or None, initial={"valid_from": scope.start})
    refused: ActionRefused | None = None
    back = figure_url(rule, scope.unit, scope.start, scope.end)
    if request.method == "POST" and form.is_valid():
        try:
            DeclareNotCollected(
                actor=request.user, organization=scope.unit, counting_rule=rule, **form.cleaned_data
            ).execute()
            messages.success(request, f"已声明：{scope.unit}没有采集“{found.title}”。")
            return redirect(back)
        except ActionRefused as error:
            refused = error
    context = {
        "title": f"声明未采集：{found.title}",
        "unit": scope.unit,
        "form": form,
        "refused": refused,
        "back": back,
        "crumbs": [("数字", reverse("figures")), (found.title, back)],
    }
    return render(request, "workbench/figures/decline.html", context, status=422 if form.is_bound else 200)
