"""A published text is set against the signed one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from yifa.law.errors import YifaError
from yifa.reporting import cuts
from yifa.reporting.actions import ComparePublished, ExplainCuts
from yifa.reporting.actions.publishing import PUBLISHERS, signed_version
from yifa.reporting.models import Report, Step
from yifa.workbench.forms import StyledForm
from yifa.workbench.reports.access import seen_report
from yifa.workbench.reports.stepforms import page_content
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.reports.parts import crumbs_of

MOST = 20  # comparisons on the page


class CompareForm(StyledForm):
    """A text and where it stands."""

    link = forms.CharField(
        label="网址或者版面",
        required=False,
        max_length=120,
        help_text="公开前预先核对的不填；填了的，核对结果登记在台账。",
    )
    text = forms.CharField(
        label="页面上的文字",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="从页面上复制全文粘贴；或者选择网页、Word、PDF 文件。",
    )
    file = forms.FileField(
        label="文件", required=False, error_messages={"empty": "这个文件是空的，请重新选择。"}
    )

    def clean(self) -> dict[str, Any]:
        """A text or a file."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or (cleaned.get("text") or "").strip()):
            raise ValidationError("请粘贴页面上的文字，或者选择文件。")
        return cleaned


@login_required
def compare_published(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Compare a text; all comparisons so far."""
    report = seen_report(request.user, report_id)
    form = CompareForm(request.POST or None, request.FILES or None)
    refused: YifaError | None = None
    explaining = request.method == "POST" and "explain" in request.POST
    if explaining:
        form = CompareForm()
    if request.method == "POST":
        require_here(request, report.organization)
        if explaining:
            try:
                return _explain(request, report)
            except YifaError as error:
                refused = error
        elif form.is_valid():
            content, name = page_content(form)
            try:
                row = ComparePublished(
                    actor=request.user,
                    report=report,
                    content=content,
                    name=name,
                    link=form.cleaned_data["link"],
                ).execute()
                messages.success(
                    request, "已核对：一致。" if row.same else "已核对：与签发文本不一致，见下。"
                )
                return redirect("compare_published", report_id=report.pk)
            except YifaError as error:
                refused = error
    rows = list(report.comparisons.select_related("version", "made_by")[:MOST])
    reasons = list(report.cut_reasons.select_related("given_by"))
    newest = {row.link: row.pk for row in reversed(rows)}
    context = {
        "title": "核对公开文本",
        "report": report,
        "form": form,
        "refused": refused,
        "signed": signed_version(report),
        "comparisons": [
            (row, [_line(request, one) for one in cuts.differences(row, reasons)], newest[row.link] == row.pk)
            for row in rows
        ],
        "explaining": request.POST.get("explain", "") if explaining else "",
        "partly": _decided(report),
        "bases": cuts.suggestions(),
        "may_compare": has_role(request.user, PUBLISHERS, report.organization),
        "crumbs": crumbs_of(report),
    }
    status = 422 if form.is_bound or explaining else 200
    return render(request, "workbench/reports/compare.html", context, status=status)


def _line(request: SignedInRequest, one: cuts.Difference) -> tuple[cuts.Difference, str, str]:
    """A difference, and what was written of it on a form that was refused."""
    return one, request.POST.get(f"reason_{one.key}", ""), request.POST.get(f"basis_{one.key}", "")


def _explain(request: SignedInRequest, report: Report) -> HttpResponse:
    """The reasons that were filled in; those left empty may follow."""
    key = request.POST["explain"]
    row = get_object_or_404(
        report.comparisons.select_related("report__organization"), pk=key if key.isdecimal() else 0
    )
    given = {}
    for one in cuts.differences(row):
        reason, basis = (request.POST.get(f"{name}_{one.key}", "").strip() for name in ("reason", "basis"))
        if reason or basis:
            given[one.key] = (reason, basis)
    many = ExplainCuts(actor=request.user, comparison=row, given=given).execute()
    messages.success(request, f"已说明 {many} 处不公开的内容。")
    return redirect("compare_published", report_id=report.pk)


def _decided(report: Report) -> bool:
    """Whether the secrecy review decided that parts are not published."""
    last = report.steps.filter(kind=Step.Kind.SECRECY).order_by("id").last()
    return last is not None and last.outcome == cuts.PARTLY
