"""A report leaves the house: Word, PDF, a page with its records, open data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from yifa.law.errors import YifaError
from yifa.reporting.models import Report
from yifa.workbench.reports.access import seen_report
from yifa.workbench.rights.access import SignedInRequest

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
