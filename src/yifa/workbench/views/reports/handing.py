"""A report leaves the house: Word, a page with its records, submission."""

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

from yifa.checking import Severity
from yifa.law.errors import YifaError
from yifa.ledger.models import Role
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import SubmitReport
from yifa.reporting.models import Report
from yifa.reporting.review import place_findings
from yifa.workbench.access import SignedInRequest, require_role
from yifa.workbench.views.reports.building import seen_report

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


def writer(kind: str) -> Callable[[Report, Path], None]:
    """What writes a file of this kind; loaded when first asked for, to start faster."""
    from yifa.reporting import opendata, page, pdf, word

    return {"docx": word.write, "pdf": pdf.write, "html": page.write}.get(kind, opendata.write)


@login_required
def download(request: SignedInRequest, report_id: UUID, kind: str) -> HttpResponse:
    """The report as Word, PDF, one HTML file with its figures and records, or its figures as open data."""
    report = seen_report(request.user, report_id)
    if kind not in MEDIA:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        try:
            writer(kind)(report, path)
        except YifaError as error:  # no office program on this machine, or it has failed
            messages.error(request, error.message)
            return redirect("report", report_id=report.pk)
        response = HttpResponse(path.read_bytes(), content_type=MEDIA[kind])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(report.title)}.{kind}"
    return response


@login_required
def submit(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Submit the report; errors block it, each warning needs a word."""
    report = seen_report(request.user, report_id)
    require_role(request.user, [Role.COORDINATOR], report.organization)
    findings = place_findings(report)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    warnings = [one for one in findings if one.severity is Severity.WARNING]
    refused: ActionRefused | None = None
    given = {one.key: request.POST.get(f"why_{one.key}", "") for one in warnings}
    if request.method == "POST":
        try:
            SubmitReport(actor=request.user, report=report, explanations=given).execute()
            messages.success(request, "报告已提交，此后不再改动；提交时的文字摘要已记入台账。")
            return redirect("report", report_id=report.pk)
        except ActionRefused as error:
            refused = error
    context = {
        "title": "提交报告",
        "report": report,
        "errors": errors,
        "warnings": [(one, given[one.key]) for one in warnings],
        "refused": refused,
        "crumbs": [("年度报告", reverse("reports")), (report.title, reverse("report", args=[report.pk]))],
    }
    return render(request, "workbench/reports/submit.html", context, status=422 if refused else 200)
