"""A published text is set against the signed one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yifa.law.errors import YifaError
from yifa.reporting.actions import ComparePublished
from yifa.reporting.actions.publishing import PUBLISHERS, signed_version
from yifa.reporting.models import TextComparison
from yifa.reporting.textdiff import LineChange
from yifa.workbench.access import SignedInRequest, has_role, require_role
from yifa.workbench.forms import StyledForm
from yifa.workbench.views.reports.access import seen_report
from yifa.workbench.views.reports.parts import crumbs_of
from yifa.workbench.views.reports.stepforms import page_content


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
    if request.method == "POST":
        require_role(request.user, PUBLISHERS, report.organization)
        if form.is_valid():
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
    rows = report.comparisons.select_related("version", "made_by")[:20]
    context = {
        "title": "核对公开文本",
        "report": report,
        "form": form,
        "refused": refused,
        "signed": signed_version(report),
        "comparisons": [(row, _changes(row)) for row in rows],
        "may_compare": has_role(request.user, PUBLISHERS, report.organization),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/compare.html", context, status=422 if form.is_bound else 200)


def _changes(row: TextComparison) -> list[LineChange]:
    return [LineChange(one["before"], one["after"]) for one in row.differences]
