"""The report editor: sections, prose with live figures, the check beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.checking import Severity
from yifa.law.loader import catalogue
from yifa.ledger.models import Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import EditSection
from yifa.reporting.models import Report, Section, StoredFigure
from yifa.reporting.placeholders import placeholders
from yifa.reporting.review import PlacedFinding
from yifa.reporting.since import SinceReport
from yifa.workbench.access import SignedInRequest, has_role, require_role
from yifa.workbench.charts import Chart, Series
from yifa.workbench.forms import StyledForm
from yifa.workbench.keyfigures import figure_url
from yifa.workbench.views.reports.building import seen_report
from yifa.workbench.views.reports.prose import Bit, Exhibit, Prose, prose
from yifa.workbench.views.reports.since import since_figure

SHOWN = 200
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section with its paragraphs as printed and what the check says of it."""

    section: Section
    paragraphs: Sequence[Sequence[Bit] | Exhibit]
    findings: tuple[PlacedFinding, ...]


def section_lines(report: Report, content: Prose) -> list[SectionLine]:
    """The sections in order."""
    return [
        SectionLine(
            section,
            content.sections.get(section.pk, ()),
            tuple(one for one in ranked(content.findings) if section.pk in one.sections),
        )
        for section in report.sections.all()
    ]


def may_edit(user: User, report: Report) -> bool:
    """Whether the user may change the report."""
    return report.state == Report.State.DRAFT and has_role(user, [Role.COORDINATOR], report.organization)


def ranked(findings: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """Errors first."""
    return sorted(findings, key=lambda one: ORDER[one.severity])


@login_required
def report(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """The editor."""
    found = seen_report(request.user, report_id)
    content = prose(found)
    findings = ranked(content.findings)
    context = {
        "title": found.title,
        "report": found,
        "sections": section_lines(found, content),
        "typed": content.typed,
        "findings": findings,
        "errors": sum(one.severity is Severity.ERROR for one in findings),
        "warnings": sum(one.severity is Severity.WARNING for one in findings),
        "figures": found.figures.count(),
        "may_edit": may_edit(request.user, found),
        "crumbs": [("年度报告", reverse("reports"))],
    }
    return render(request, "workbench/reports/report.html", context)


class SectionForm(StyledForm):
    """The prose of a section."""

    text = forms.CharField(
        label="正文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="每段一行。花括号里的是活数字，保留它就会随台账更新；可以移动、删除；光标放到要加的地方，点右边的“插入”加入新的。表、图自成一行，例如〔表：标题〕后面列活数字；〔分项表〕〔月表〕〔图〕〔分项图〕〔月图〕同样写。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput())


@login_required
def edit_section(request: SignedInRequest, report_id: UUID, section_id: int) -> HttpResponse:
    """Edit one section."""
    found = seen_report(request.user, report_id)
    require_role(request.user, [Role.COORDINATOR], found.organization)
    section = get_object_or_404(
        Section.objects.select_related("report__organization"), pk=section_id, report=found
    )
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = SectionForm(request.POST)
        if form.is_valid():
            text = section.drafted if "reset" in request.POST else form.cleaned_data["text"]
            try:
                EditSection(
                    actor=request.user, section=section, text=text, expected_version=form.cleaned_data["seen"]
                ).execute()
                messages.success(request, f"已保存：{section}。")
                return redirect(f"{reverse('report', args=[found.pk])}#section-{section.pk}")
            except ActionRefused as error:
                refused = error
                if error.code == "conflict":
                    section.refresh_from_db()
                    form.show_again(seen=str(section.version))
    else:
        form = SectionForm(initial={"text": section.text, "seen": section.version})
    figures = list(found.figures.all())
    used = {one.rule for one in placeholders(section.text)}
    context = {
        "title": f"修改：{section}",
        "report": found,
        "section": section,
        "form": form,
        "refused": refused,
        "used": [one for one in figures if one.rule in used],
        "others": [one for one in figures if one.rule not in used],
        "crumbs": [("年度报告", reverse("reports")), (found.title, reverse("report", args=[found.pk]))],
    }
    return render(request, "workbench/reports/section.html", context, status=422 if form.is_bound else 200)


@login_required
def report_figure(request: SignedInRequest, report_id: UUID, rule: str) -> HttpResponse:
    """A figure of the report with everything behind it: a side panel, or a page of its own."""
    found = seen_report(request.user, report_id)
    stored = get_object_or_404(StoredFigure, report=found, rule=rule)
    live = bool(getattr(request, "htmx", False))
    context: dict[str, Any] = {
        "title": stored.title,
        "report": found,
        "figure": stored,
        "live": live,
        "parts": _parts(stored),
        "records": [(record, _record_url(record)) for record in stored.records[:SHOWN]],
        "more": max(0, len(stored.records) - SHOWN),
        "shares": list(
            found.figures.filter(rule__in=[name for name in (stored.numerator, stored.denominator) if name])
        ),
        "today": since_figure(request.user, SinceReport(found).of(stored)),
        "live_url": figure_url(rule, stored.organization, stored.period_start, stored.period_end)
        if rule in catalogue().counting_rules
        else "",
        "crumbs": [("年度报告", reverse("reports")), (found.title, reverse("report", args=[found.pk]))],
    }
    template = "workbench/reports/figure_panel.html" if live else "workbench/reports/figure_page.html"
    return render(request, template, context)


def _record_url(record: dict[str, Any]) -> str:
    if record["kind"] == "case":
        return f"{reverse('case', args=[record['id']])}#act-{record['position']}"
    return reverse("entry", args=[record["id"]]) if record["kind"] == "entry" else ""


def _parts(stored: StoredFigure) -> Chart | None:
    parts = sorted(((name, float(value)) for name, value in stored.parts.items()), key=lambda part: -part[1])
    if len(parts) < 2:
        return None
    return Chart(
        id=f"parts-{stored.pk}",
        kind="bar",
        labels=[name for name, _ in parts],
        series=[Series(stored.unit, [value for _, value in parts])],
        flat=True,
    )
