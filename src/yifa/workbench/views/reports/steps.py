"""The chain of signing off: where a report stands, what holds it up, who does what next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.checking import Severity
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import duty, gates
from yifa.reporting.models import Report, Step, UnitPart
from yifa.reporting.review import PlacedFinding, place_findings
from yifa.workbench.reports.access import own_units, sees_records, shared_report
from yifa.workbench.reports.steplist import STEPS, StepPage
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.reports.parts import crumbs_of
from yifa.workbench.views.reports.prose import prose

State = Report.State
CHAIN: Sequence[tuple[str, str]] = (
    (State.DRAFT, "起草"),
    (State.UNIT_REVIEW, "单位核对"),
    (State.LEGAL_REVIEW, "合法性、保密审查"),
    (State.LEADER, "领导签发"),
    (State.SUBMITTED, "提交"),
    (State.PUBLISHED, "公开"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One place in the chain as it is drawn."""

    title: str
    css: str  # done | now | ""


def chain(report: Report) -> list[Link]:
    """The chain; what is still to do is left plain."""
    now = [state for state, _ in CHAIN].index(report.state)
    last = report.state == State.PUBLISHED
    return [
        Link(title, "done" if place < now or last else "now" if place == now else "")
        for place, (_, title) in enumerate(CHAIN)
    ]


def open_steps(user: User, report: Report) -> list[tuple[str, StepPage]]:
    """What the user may do now."""
    return [
        (name, step)
        for name, step in STEPS.items()
        if report.state in step.states and step.who(user, report) and step.applies(report)
    ]


@login_required
def report_steps(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Where the report stands and what was done by whom."""
    report = shared_report(request.user, report_id)
    steps = list(report.steps.select_related("by", "unit", "version"))
    context = {
        "title": "办理进度",
        "report": report,
        "chain": chain(report),
        "open_steps": open_steps(request.user, report),
        "steps": steps[::-1],
        "gone_out": () if report.state in STEPS["take_back"].states else gates.gone_out(steps),
        "held_up": held_up(report),
        "not_taken": gates.not_taken(report),
        "sees_records": sees_records(request.user, report),
        "deadlines": duty.deadlines(report, timezone.localdate()),
        "case": duty.duty_case(report) if duty.concerns(report) else None,
        "units": _units(report),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/steps.html", context)


def held_up(report: Report) -> tuple[str, ...]:
    """What keeps the report from its next step."""
    wanted = {
        State.DRAFT: gates.before_units if gates.assigned_units(report) else gates.before_review,
        State.UNIT_REVIEW: gates.before_review,
        State.LEGAL_REVIEW: gates.before_leader,
        State.LEADER: gates.before_submission,
    }.get(State(report.state))
    return wanted(report) if wanted else ()


def _units(report: Report) -> list[tuple[str, Step | None]]:
    """What each unit said in this round."""
    if report.state != State.UNIT_REVIEW:
        return []
    said = gates.confirmations(report)
    return [(unit.name, said.get(unit.pk)) for unit in gates.assigned_units(report)]


@login_required
def report_step(request: SignedInRequest, report_id: UUID, step: str) -> HttpResponse:
    """One step: its form, and what stands in its way."""
    report = shared_report(request.user, report_id)
    kind = STEPS.get(step)
    if kind is None:
        raise Http404
    if not kind.who(request.user, report):
        raise PermissionDenied(f"“{kind.title}”这一步需要{kind.whom}。")
    sent = request.method == "POST"
    form = kind.form(
        request.POST if sent else None, request.FILES if sent else None, report=report, user=request.user
    )
    findings = place_findings(report) if kind.checked and report.state in kind.states else ()
    given = _given(request, report, findings)
    refused: ActionRefused | None = None
    if sent and form.is_valid():
        try:
            kind.run(request.user, report, form, {key: why for _, key, why in given})
            messages.success(request, kind.done)
            return redirect("report_steps", report_id=report.pk)
        except ActionRefused as error:
            refused = error
            report.refresh_from_db()
    context: dict[str, Any] = {
        "title": kind.title,
        "report": report,
        "step": kind,
        "form": form,
        "refused": refused,
        "held_up": kind.gate(report) if report.state in kind.states else (),
        "not_taken": gates.not_taken(report),
        "gone_out": gates.gone_out(report.steps.all()) if step == "take_back" else (),
        "marked": prose(report, opens=False) if kind.reads and report.state in kind.states else None,
        "running": kind.reads and gates.year_running(report),
        "own_parts": _own_parts(request.user, report) if step == "confirm" else (),
        "sees_records": sees_records(request.user, report),
        "in_place": report.state in kind.states and kind.applies(report),
        "errors": [one for one in findings if one.severity is Severity.ERROR],
        "warnings": given,
        "crumbs": [*crumbs_of(report), ("办理进度", reverse("report_steps", args=[report.pk]))],
    }
    return render(request, "workbench/reports/step.html", context, status=422 if sent else 200)


def _own_parts(user: User, report: Report) -> Sequence[UnitPart]:
    """What the user's units wrote for the report and now look over in it."""
    rows = UnitPart.objects.filter(section__report=report, unit__in=own_units(user, report))
    return list(rows.select_related("section", "unit"))


def _given(
    request: SignedInRequest, report: Report, findings: Sequence[PlacedFinding]
) -> list[tuple[PlacedFinding, str, str]]:
    """Each warning with its key and the words on it: sent now, or given at a step before."""
    known = dict(report.explanations.values_list("key", "text"))
    return [
        (one, one.key, request.POST.get(f"why_{one.key}", known.get(one.key, "")))
        for one in findings
        if one.severity is Severity.WARNING
    ]
