"""What a section and the whole report were before: versions, what differs, an old text taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import EditSection
from yifa.reporting.models import Report, ReportVersion, Section, SectionVersion
from yifa.reporting.textdiff import line_diff
from yifa.reporting.versions import compare
from yifa.workbench.reports.access import may_edit, seen_report, seen_section, shared_report
from yifa.workbench.reports.naming import Names
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.reports.parts import crumbs_of


@login_required
def section_history(request: SignedInRequest, report_id: UUID, section_id: int) -> HttpResponse:
    """Every saved text of a section, two of them side by side; an old one becomes the newest."""
    report = seen_report(request.user, report_id)
    section = seen_section(report, section_id)
    versions = list(section.versions.select_related("saved_by"))
    if request.method == "POST":
        require_here(request, report.organization)
        return _restore(request, report, section)
    names = Names(report)
    before, after = _pair(request, versions)
    texts = [names.shown(one.text) if one else "" for one in (before, after)]
    context = {
        "title": f"修改记录：{section}",
        "report": report,
        "section": section,
        "versions": versions[::-1],
        "before": before,
        "after": after,
        "changes": line_diff(*(text.splitlines() for text in texts)) if before and after else (),
        "text": texts[1],
        "may_edit": may_edit(request.user, report),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/history.html", context)


def _pair(
    request: SignedInRequest, versions: list[SectionVersion]
) -> tuple[SectionVersion | None, SectionVersion | None]:
    """The two asked for; else the last and the one before."""
    by_id = {str(version.pk): version for version in versions}
    saved = [version for version in versions if version.number is not None]
    after = by_id.get(request.GET.get("to", "")) or (saved[-1] if saved else None)
    before = by_id.get(request.GET.get("from", "")) or (saved[-2] if len(saved) > 1 else None)
    return before, after


def _restore(request: SignedInRequest, report: Report, section: Section) -> HttpResponse:
    wanted = request.POST.get("version", "")
    version = get_object_or_404(section.versions, pk=int(wanted) if wanted.isdecimal() else 0)
    try:
        EditSection(
            actor=request.user,
            section=section,
            text=version.text,
            expected_version=section.version,
            how=SectionVersion.How.RESTORED,
        ).execute()
        messages.success(request, "已恢复为新的一版，中间的各版都还在。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("section_history", report_id=report.pk, section_id=section.pk)


@login_required
def report_versions(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """The report as it stood at each step; two of them compared in text and figures."""
    report = shared_report(request.user, report_id)
    versions = list(report.versions.select_related("made_by").prefetch_related("steps"))
    by_number = {str(version.number): version for version in versions}
    after = by_number.get(request.GET.get("to", "")) or (versions[-1] if versions else None)
    before = by_number.get(request.GET.get("from", "")) or (versions[-2] if len(versions) > 1 else None)
    context: dict[str, Any] = {
        "title": "历次版本",
        "report": report,
        "versions": versions[::-1],
        "before": before,
        "after": after,
        "comparison": compare(before, after) if before and after and before != after else None,
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/versions.html", context)


@login_required
def report_version(request: SignedInRequest, report_id: UUID, number: int) -> HttpResponse:
    """The text of one version, as it was."""
    report = shared_report(request.user, report_id)
    version = ReportVersion.objects.filter(report=report, number=number).select_related("made_by").first()
    if version is None:
        raise Http404
    context = {
        "title": f"第{number}版",
        "report": report,
        "version": version,
        "head": version.lines[0],
        "lines": version.lines[1:],
        "crumbs": [*crumbs_of(report), ("历次版本", reverse("report_versions", args=[report.pk]))],
    }
    return render(request, "workbench/reports/version.html", context)
