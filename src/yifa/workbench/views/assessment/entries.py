"""Daily entries: the list with what does not count and why, and the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.assessment.actions import EnterPoints, WithdrawPoints
from yifa.assessment.models import Assessment
from yifa.ledger.models import Case, Organization
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.assessment.access import assessment_named, crumbs, done, papers_sent, shown_units
from yifa.workbench.views.cases.evidence import Papers


class EntryForm(StyledForm):
    """One entry."""

    unit = forms.ModelChoiceField(Organization.objects.none(), label="被考核单位", empty_label="（请选择）")
    indicator = forms.ChoiceField(label="指标")
    points = forms.DecimalField(
        label="分值", decimal_places=2, max_digits=7, help_text="扣分写负数，加回写正数。"
    )
    on = forms.DateField(label="日期", widget=DayInput())
    reason = forms.CharField(label="事由", max_length=300)
    evidence = forms.CharField(label="依据", max_length=200, help_text="检查记录、通报等的名称和文号。")
    number = forms.CharField(
        label="台账中的文号", max_length=80, required=False, help_text="有对应事项的填写，结果里可以点开。"
    )

    def __init__(self, *args: Any, assessment: Assessment, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = Organization.objects.filter(pk__in=[one.pk for one in units])
        fields["indicator"].choices = daily_of(assessment)
        for field in fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


class WithdrawForm(StyledForm):
    """Which, and why."""

    withdraw = forms.IntegerField(widget=forms.HiddenInput())
    why = forms.CharField(
        label="撤回的理由", max_length=300, error_messages={"required": "请填写撤回的理由。"}
    )


def daily_of(assessment: Assessment) -> list[tuple[str, str]]:
    """The indicators of daily entries."""
    return [(one.id, one.title) for part in assessment.set.parts for one in part.indicators if one.daily]


@login_required
def assessment_entries(request: SignedInRequest, assessment_id: Any) -> HttpResponse:
    """All entries the user sees; entering and taking back."""
    assessment = assessment_named(request.user, assessment_id)
    units = shown_units(request.user, assessment)
    may = has_role(request.user, EnterPoints.needs.roles, assessment.organization)
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        require_here(request, assessment.organization)
    back = posted is not None and "withdraw" in posted
    form = EntryForm(
        None if back else posted, assessment=assessment, units=units, initial={"on": timezone.localdate()}
    )
    withdrawing = WithdrawForm(posted if back else None)
    papers, stored = papers_sent(request, form)
    if form.is_bound and stored and form.is_valid() and _enter(request, assessment, form, papers):
        return redirect("assessment_entries", assessment.pk)
    if withdrawing.is_bound and withdrawing.is_valid():
        held = withdrawing.cleaned_data
        action = WithdrawPoints(
            actor=request.user, assessment=assessment, number=held["withdraw"], reason=held["why"]
        )
        if done(request, action, withdrawing, "已撤回，记录和理由仍在。"):
            return redirect("assessment_entries", assessment.pk)
    rows = assessment.entries.filter(unit__in=units).select_related("unit", "entered_by", "case")
    context = {
        "title": "日常记分", "crumbs": crumbs(assessment), "assessment": assessment, "form": form if may else None,
        "withdrawing": withdrawing, "daily": daily_of(assessment), "may": may, "papers": papers,
        "rows": [(one, assessment.set.indicator(one.indicator)) for one in rows[:500]],
    }  # fmt: skip
    wrong = form.errors or withdrawing.errors
    return render(request, "workbench/assessment/entries.html", context, status=422 if wrong else 200)


def _enter(request: SignedInRequest, assessment: Assessment, form: EntryForm, papers: Papers) -> bool:
    held = dict(form.cleaned_data)
    number, unit = held.pop("number").strip(), held["unit"]
    case = (
        Case.objects.filter(number=number, organization__path__startswith=unit.path).first()
        if number
        else None
    )
    if number and case is None:
        form.add_error("number", "这个单位的台账里没有这个文号的事项。")
        return False
    action = EnterPoints(actor=request.user, assessment=assessment, case=case, papers=papers.given(), **held)
    return done(request, action, form, "已记分。")
