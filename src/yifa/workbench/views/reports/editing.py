"""The report editor: sections, prose with live figures, the check beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from yifa.checking import Severity
from yifa.law.loader import catalogue
from yifa.ledger.figures.counted import CountedRecord
from yifa.reporting import duty, gates
from yifa.reporting.digesting import settle
from yifa.reporting.models import Comment, Delivery, IncomingReport, Report, Section, StoredFigure
from yifa.reporting.problems import unanswered
from yifa.reporting.review import PlacedFinding
from yifa.reporting.since import SinceReport
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.figures.keyfigures import figure_url
from yifa.workbench.reports.access import may_edit, seen_report, sees_records, shared_report
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.reports.prose import Bit, Exhibit, Prose, prose
from yifa.workbench.views.reports.since import since_figure
from yifa.workbench.views.reports.steps import chain, held_up, open_steps

SHOWN = 200
DOUBTS = 30  # listed beside the report; the others are marked in it
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


def ranked(findings: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """Errors first."""
    return sorted(findings, key=lambda one: ORDER[one.severity])


@login_required
def report(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """The editor. Units that only write parts of the report see its text, not the records behind its figures."""
    found = shared_report(request.user, report_id)
    records = sees_records(request.user, found)
    content = prose(found, opens=records)
    findings = ranked(content.findings)
    comments = found.comments.filter(parent=None, state=Comment.State.OPEN)
    remarks = Counter(comments.values_list("section_id", flat=True))
    context = {
        "title": found.title,
        "report": found,
        "sections": section_lines(found, content),
        "typed": content.typed,
        "claims": content.claims,
        "doubts": content.doubts[:DOUBTS],
        "more_doubts": max(0, len(content.doubts) - DOUBTS),
        "findings": findings,
        "errors": sum(one.severity is Severity.ERROR for one in findings),
        "warnings": sum(one.severity is Severity.WARNING for one in findings),
        "figures": found.figures.count(),
        "chain": chain(found),
        "held_up": held_up(found),
        "not_taken": gates.not_taken(found),
        "open_steps": open_steps(request.user, found),
        "deadlines": duty.deadlines(found, timezone.localdate()),
        "remarks": remarks,
        "open_remarks": remarks.total(),
        "unanswered": len(unanswered(found)),
        "may_edit": may_edit(request.user, found),
        "sees_records": records,
        "sent_back": sent_back(found),
        "crumbs": [("年度报告", reverse("reports"))],
    }
    return render(request, "workbench/reports/report.html", context)


def sent_back(report: Report) -> Delivery | None:
    """What the body above said when it returned what the unit had handed in; None where nothing waits for mending."""
    if report.organization.parent_id is None or report.subject:
        return None
    rows = Delivery.objects.filter(
        incoming__unit=report.organization_id,
        incoming__year=report.year,
        incoming__outline=report.outline,
        incoming__state=IncomingReport.State.RETURNED,
    )
    return rows.select_related("incoming__unit__parent").order_by("number").last()


@login_required
def report_figure(request: SignedInRequest, report_id: UUID, rule: str) -> HttpResponse:
    """A figure of the report with everything behind it: a side panel, or a page of its own."""
    found = seen_report(request.user, report_id)
    if "digest" in request.GET:
        settle(found, [rule])
    stored = get_object_or_404(StoredFigure, report=found, rule=rule)
    live = bool(getattr(request, "htmx", False))
    context: dict[str, Any] = {
        "title": stored.title,
        "report": found,
        "figure": stored,
        "live": live,
        "parts": _parts(stored),
        "records": [(record, _record_url(record)) for record in stored.records[:SHOWN]],
        "more": max(0, stored.records_count - SHOWN),
        "shares": list(
            found.figures.filter(rule__in=[name for name in (stored.numerator, stored.denominator) if name])
        ),
        "today": since_figure(request.user, SinceReport(found).of(stored)),
        "live_url": figure_url(rule, stored.organization, stored.period_start, stored.period_end)
        if rule in catalogue().counting_rules and not found.subject  # the figure page counts everybody
        else "",
        "crumbs": [("年度报告", reverse("reports")), (found.title, reverse("report", args=[found.pk]))],
    }
    template = "workbench/reports/figure_panel.html" if live else "workbench/reports/figure_page.html"
    return render(request, template, context)


def _record_url(record: CountedRecord) -> str:
    if record.kind == "case":
        return f"{reverse('case', args=[record.id])}#act-{record.position}"
    names = {"entry": "entry", "plan": "plan"}
    return reverse(names[record.kind], args=[record.id]) if record.kind in names else ""


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
