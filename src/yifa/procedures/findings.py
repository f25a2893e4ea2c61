"""What went wrong in a case, as its record stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yifa.law.phrases import day as in_chinese
from yifa.law.schema import CaseType
from yifa.procedures import clockwork, faults, tracing, wording
from yifa.procedures.clockwork import Run
from yifa.procedures.history import History
from yifa.procedures.model import (
    Act,
    ClockStatus,
    Context,
    Entered,
    Entry,
    FindingKind,
    ProcedureFinding,
    Refusal,
)
from yifa.procedures.tables import table_faults
from yifa.procedures.view import View, look


def findings(
    case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], context: Context
) -> tuple[ProcedureFinding, ...]:
    """What went wrong, as the record stands on the day of looking: by act in order, then what is missing or late."""
    view = look(case_type, facts, entries, context)
    runs = clockwork.runs(view.edition, view.history, context)
    return (
        *_powerless(view),
        *_act_findings(view),
        *_missing(view, runs),
        *(finding for run in runs for finding in _clock_findings(view, run)),
    )


def _powerless(view: View) -> Iterator[ProcedureFinding]:
    if view.context.no_power is not None and view.acts:
        first = view.acts[0]
        yield ProcedureFinding(
            FindingKind.NOT_APPLICABLE,
            f"{view.procedure.case_type.title}：{view.context.no_power}",
            first.act,
            first.position,
        )


def _act_findings(view: View) -> Iterator[ProcedureFinding]:
    proc, edition, context = view.procedure, view.edition, view.context
    walk = History(view.history.facts, view.history.level)
    opened = view.history.opened
    happened = [act for act in view.acts if act.on <= context.on]
    ordered = faults.standing_order_faults(proc, edition, happened, walk)
    for place, act in enumerate(view.acts):
        dates = list(faults.date_faults(proc, edition, act, opened, context))
        order = next(ordered)[1] if act.on <= context.on else []
        found = [
            *(dates or order),
            *faults.content_faults(edition, act, walk),
            *faults.listing_faults(proc, act, view.history.facts),
            *table_faults(proc.case_type, act, walk),
            *faults.record_faults(proc, edition, act, view.acts[:place]),
            *faults.apart_faults(proc, act, view.acts[:place]),
            *faults.evidence_faults(edition, act),
        ]
        for fault in found:
            yield _as_finding(view, act, fault)
        if act.entered is Entered.BACK and not found:
            title = wording.act_title(proc.case_type, act.act)
            message = f"{in_chinese(act.on)}{title}系事后补录"
            yield ProcedureFinding(FindingKind.BACK_ENTRY, message, act.act, act.position)


def _as_finding(view: View, act: Act, fault: Refusal) -> ProcedureFinding:
    title = wording.act_title(view.procedure.case_type, act.act)
    back = "（补录）" if act.entered is Entered.BACK else ""
    message = f"{in_chinese(act.on)}{title}{back}：{fault.reason}"
    return ProcedureFinding(FindingKind(fault.kind), message, act.act, act.position, basis=fault.basis)


def _missing(view: View, runs: Sequence[Run]) -> Iterator[ProcedureFinding]:
    """Acts the law requires that had not happened when the case closed.

    One that came after the closing stands there as out of order. One that may still come is missing unless a
    clock is waiting for it: then the clock says when it is late.
    """
    closed = view.history.closed
    if closed is None:
        return
    place = view.history.acts.index(closed)
    at_closing = view.edition.history(view.history.acts[: place + 1], view.history.facts, view.history.level)
    awaited = {act for run in runs if run.is_running() for act in run.rule.type.stops}
    for act, rule in view.edition.rules.items():
        if not rule.valid or act in view.history.happened or act in awaited:
            continue
        required = rule.required if isinstance(rule.required, bool) else rule.required(at_closing)
        if required and (rule.only_if is None or rule.only_if(at_closing)):
            case_type = view.procedure.case_type
            message = (
                f"事项于{in_chinese(closed.on)}因{wording.act_title(case_type, closed.act)}结束，"
                f"没有进行{wording.act_title(case_type, act)}{wording.cite(rule.basis)}"
            )
            yield ProcedureFinding(FindingKind.MISSING, message, act, basis=rule.basis)


def _clock_findings(view: View, run: Run) -> Iterator[ProcedureFinding]:
    """A deadline passed, a minimum cut short, an extension that came too late.

    A deadline of a party that was overstepped is no fault of the body, its own promise no breach of law.
    """
    case_type, rule = view.procedure.case_type, run.rule
    for act, due in run.late_extensions:
        message = (
            f"{in_chinese(act.on)}{wording.act_title(case_type, act.act)}：{rule.type.title}"
            f"已于{in_chinese(due)}届满，延长无效{wording.cite(rule.basis)}"
        )
        yield ProcedureFinding(FindingKind.LATE, message, act.act, act.position, rule.id, rule.basis)
    if run.status is ClockStatus.BROKEN and rule.type.party is None and not rule.type.promise:
        stop = run.stop
        yield ProcedureFinding(
            FindingKind.TOO_SHORT if rule.minimum else FindingKind.LATE,
            tracing.broken_message(case_type, run),
            stop.act if stop else rule.type.stops[0],
            stop.position if stop else None,
            rule.id,
            rule.basis,
        )
