"""The duty to report and to publish: the case of type `annual_report_duty` that a report's steps are acts of (D3-06)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from yifa.law.schema import Basis
from yifa.ledger.actions import CorrectAct, OpenCase, RecordAct
from yifa.ledger.deciding.cases import state_of, trace_of
from yifa.ledger.legal import case_type_of, context, no_power
from yifa.ledger.models import Case
from yifa.procedures import engine
from yifa.procedures.model import Act, ClockState, TraceStep
from yifa.reporting.duedays import ANNUAL as OUTLINE
from yifa.reporting.duedays import DUTY as CASE_TYPE
from yifa.reporting.duedays import GOVERNMENT, REPORTERS, due_days
from yifa.reporting.models import Report

WITHHELD = "不公开"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day of the law for a report: until when, whether it was kept, and how the day was computed."""

    clock: str
    title: str
    due: date | None
    stopped: date | None
    days_left: int | None
    late: bool
    note: str
    basis: Basis | None
    steps: tuple[TraceStep, ...]


def concerns(report: Report) -> bool:
    """Whether the law asks this report of this body."""
    return report.outline == OUTLINE and no_power(report.organization.level, case_type=CASE_TYPE) is None


def facts_of(report: Report) -> dict[str, Any]:
    """The facts of the case as the report has them."""
    return {
        "title": report.title,
        "reporter": REPORTERS.get(report.organization.level, GOVERNMENT),
        "year_end": date(report.year, 12, 31).isoformat(),
        "cutoff": report.cutoff.isoformat(),
    }


def duty_case(report: Report) -> Case | None:
    """The case of this body and year, where there is one."""
    cases = Case.objects.filter(case_type=CASE_TYPE, organization=report.organization)
    return cases.filter(facts__year_end=facts_of(report)["year_end"]).order_by("opened_on", "id").first()


def deadlines(report: Report, today: date) -> tuple[Deadline, ...]:
    """The days for handing in and publishing, as the case has them, or as they will be once it is opened.

    The law's days begin with the end of the year reported on; before that they are told as they will be.
    """
    if not concerns(report):
        return tuple(_of_outline(report, today))
    case, kind = duty_case(report), case_type_of(CASE_TYPE)
    on = max(today, date(report.year, 12, 31))
    if case is not None:
        state = state_of(case, on)
        steps = {name: trace_of(case, name, on) for name in state.clocks}
    else:
        place, facts = report.organization, facts_of(report)
        at = context(CASE_TYPE, place.level, place.jurisdiction, on)
        begun = (Act(kind.opens_with[0], min(today, timezone.localdate(report.built_at)), position=1),)
        state = engine.state(kind, facts, begun, at)
        steps = {name: engine.trace(kind, facts, begun, name, at) for name in state.clocks}
    done = {act.act: act.on for act in state.acts}
    return tuple(
        _deadline(clock, done.get(kind.clocks[name].stops[0]), today, steps[name])
        for name, clock in state.clocks.items()
        if clock.due is not None or clock.started is not None
    )


def _of_outline(report: Report, today: date) -> Iterator[Deadline]:
    """The days of a report of another kind, as its outline has them: kept by publishing it."""
    stopped = timezone.localdate(report.published_at) if report.published_at else None
    for place, due in enumerate(due_days(report.outline, report.organization.level, report.year)):
        steps = (TraceStep(due.on, "法律写明的次年日期"),)
        yield Deadline(
            clock=f"due_{place}",
            title=due.what,
            due=due.on,
            stopped=stopped,
            days_left=None if stopped else (due.on - today).days,
            late=(stopped or today) > due.on,
            note="",
            basis=due.basis,
            steps=steps,
        )


def _deadline(clock: ClockState, stopped: date | None, today: date, steps: tuple[TraceStep, ...]) -> Deadline:
    due = clock.due
    return Deadline(
        clock=clock.id,
        title=clock.title,
        due=due,
        stopped=stopped,
        days_left=(due - today).days if due and not stopped else None,
        late=bool(due and (stopped or today) > due),
        note=clock.note or "",
        basis=clock.basis,
        steps=steps,
    )


def record(
    report: Report,
    act: str,
    on: date,
    *,
    by: str = "",
    role: str | None = None,
    outcome: str | None = None,
    fields: Mapping[str, Any] | None = None,
    papers: Sequence[Mapping[str, str | None]] = (),
) -> None:
    """Records an act in the case, which is opened by the first; what the law forbids now is refused with its reason.

    What somebody has entered there already, or in a case that is closed, is not entered twice.
    The workflow records, whoever did it is named: a leader signs without being an officer of the case.
    """
    if not concerns(report):
        return
    case = (
        duty_case(report)
        or OpenCase(
            actor=None,
            organization=report.organization,
            case_type=CASE_TYPE,
            on=min(on, timezone.localdate(report.built_at)),
            facts=facts_of(report),
        ).execute()
    )
    RecordAct(
        actor=None,
        case=case,
        act=act,
        on=on,
        outcome=outcome,
        fields=fields or {},
        evidence=list(papers),
        by=by or None,
        role=role,
    ).execute()


def withdraw(report: Report, acts: Sequence[str], reason: str) -> None:
    """Takes acts of the case back, the latest first; they stay readable in it."""
    case = duty_case(report)
    if case is None:
        return
    for done in case.acts.filter(act__in=acts).order_by("-position"):
        CorrectAct(
            actor=None, case=case, position=done.position, changes={}, reason=reason, withdraws=True
        ).execute()
