"""The list of reports; building one from the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Role
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import BuildReport
from yifa.reporting.actions.building import OUTLINE
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.look import DayInput
from yifa.workbench.reports.access import involved, seen_report
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.reports.parts import parts_at_work

YEAR_WORDS = {
    "required": "请填写年度。",
    "invalid": "年度应为四位数，例如 2026。",
    "min_value": "年度应为四位数，例如 2026。",
    "max_value": "年度应为四位数，例如 2026。",
}


LAST_MONTH = 3  # until which the reports of last year are written: the law's last day is 1 April


class BuildForm(StyledForm):
    """Whose report, of which kind and year, until when."""

    outline = forms.ChoiceField(label="报告种类")
    subject = forms.CharField(
        label="述法人",
        required=False,
        max_length=60,
        strip=True,
        help_text="只有述法报告填写，姓名与台账一致。",
    )
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100, error_messages=YEAR_WORDS)
    cutoff = forms.DateField(
        label="统计截止日",
        required=False,
        widget=DayInput(),
        help_text="不填：当年为今天，往年为 12 月 31 日。",
    )

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="单位", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"
        kinds = [
            (name, kind_of(name)) for name in sorted(catalogue().outlines, key=lambda name: name != OUTLINE)
        ]
        self.fields["outline"].choices = kinds  # type: ignore[attr-defined]
        self.fields["outline"].required = False
        self.order_fields(["outline", "organization", "year", "subject", "cutoff"])

    def clean_outline(self) -> str:
        """The annual report where nothing is chosen."""
        return self.cleaned_data["outline"] or OUTLINE


def kind_of(outline: str) -> str:
    """What reports of an outline are called, without whose and of when."""
    found = catalogue().outlines.get(outline)
    return found.kind if found else outline


@login_required
def reports(request: SignedInRequest) -> HttpResponse:
    """All reports."""
    context = {
        "title": "年度报告",
        "reports": involved(request.user),
        "parts": parts_at_work(request.user),
        "may_build": has_role(request.user, [Role.COORDINATOR]),
    }
    return render(request, "workbench/reports/reports.html", context)


@login_required
def build(request: SignedInRequest) -> HttpResponse:
    """Write a report from the ledger."""
    units = [
        unit
        for unit in Organization.objects.for_user(request.user)
        if has_role(request.user, [Role.COORDINATOR], unit)
    ]
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = BuildForm(request.POST, units=units)
        if form.is_valid():
            try:
                report = BuildReport(actor=request.user, **form.cleaned_data).execute()
                messages.success(request, f"已生成：{report.title}，数字 {report.figures.count()} 个。")
                return redirect("report", report_id=report.pk)
            except ActionRefused as error:
                refused = error
    else:
        first = units[0].pk if units else None
        today = timezone.localdate()
        year = today.year - (today.month <= LAST_MONTH)
        form = BuildForm(units=units, initial={"year": year, "organization": first})
    context = {
        "title": "生成报告",
        "form": form,
        "refused": refused,
        "crumbs": [("年度报告", reverse("reports"))],
    }
    return render(request, "workbench/reports/build.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def rebuild(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Compute the figures anew; what people have edited stays."""
    report = seen_report(request.user, report_id)
    require_here(request, report.organization)
    try:
        BuildReport(
            actor=request.user,
            organization=report.organization,
            year=report.year,
            outline=report.outline,
            subject=report.subject,
        ).execute()
        messages.success(request, "数字已按台账重新计算；人工改过的段落保留原样。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("report", report_id=report.pk)
