"""What the law says of a case: pure functions over a case type and the entries recorded so far.

`state` looks at what happened up to the day of looking: what is done, what may come next and why the rest may
not, where the clocks stand (`clocks`: these alone, for many cases). `findings` says what went wrong, `refusals` why an
act may not be entered live, `trace` how a due date was computed. None of them reads a clock, a file or a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from yifa.law.errors import YifaError
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import CaseType
from yifa.procedures import clockwork, faults, tracing, wording
from yifa.procedures.clockwork import Run
from yifa.procedures.compiling import Edition, Procedure, as_date, procedure
from yifa.procedures.entries import effective
from yifa.procedures.findings import findings
from yifa.procedures.history import History
from yifa.procedures.model import (
    Act,
    CaseState,
    ClockState,
    Context,
    Entry,
    FindingKind,
    Refusal,
    TraceStep,
)
from yifa.procedures.rules import ActRule
from yifa.procedures.tables import table_faults
from yifa.procedures.view import View, look

__all__ = ["clocks", "findings", "leading", "refusals", "state", "trace"]


def state(
    case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], context: Context
) -> CaseState:
    """Where a case stands on the day of looking."""
    view = look(case_type, facts, entries, context)
    history = view.history
    runs = clockwork.runs(view.edition, history, context)
    allowed, blocked = _ways_on(view, runs)
    return CaseState(
        status=_status(case_type, history),
        closed=history.closed is not None,
        opened_on=history.opened.on if history.opened else None,
        closed_on=history.closed.on if history.closed else None,
        governed_on=view.governed_on if history.acts else None,
        acts=tuple(history.acts),
        done=frozenset(history.happened),
        next=allowed,
        blocked=blocked,
        clocks={run.rule.id: run.state() for run in runs},
    )


def leading(
    case_type: CaseType,
    facts: Mapping[str, Any],
    entries: Sequence[Entry],
    context: Context,
    stands: CaseState,
) -> frozenset[str]:
    """Of the acts that `stands`, the case's `state`, allows next, those its end waits for by the facts as they are.

    Followed back from the acts of the body that close a case or must happen and may not yet, over what they still need;
    and those that must happen and may.
    """
    view = look(case_type, facts, entries, context)
    acts, rules = case_type.acts, view.edition.rules
    ahead = [
        name
        for name in stands.blocked
        if acts[name].party is None and (acts[name].closes or acts[name].required is True)
    ]
    met = {*ahead} | {name for name in stands.next if _required(rules[name], view.history)}
    while ahead:
        for needed in rules[ahead.pop()].needed:
            if needed.missing(view.history):
                usual = next(
                    (act for act in needed.acts if act in stands.blocked or act in stands.next), None
                )
                new = (
                    {usual} - met if usual else set()
                )  # of several ways the catalogue names the usual one first
                met |= new
                ahead += new & {*stands.blocked}
    return frozenset(met) & {*stands.next}


def _required(rule: ActRule, history: History) -> bool:
    if rule.id in history.happened:
        return False
    return rule.required if isinstance(rule.required, bool) else rule.required(history)


def clocks(
    case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], context: Context
) -> dict[str, ClockState]:
    """Where the clocks of a case stand on the day of looking: as `state` says, without asking what may come next."""
    view = look(case_type, facts, entries, context)
    return {run.rule.id: run.state() for run in clockwork.runs(view.edition, view.history, context)}


def _status(case_type: CaseType, history: History) -> str:
    for act in reversed(history.acts):
        kind = case_type.acts.get(act.act)
        if kind is not None:
            label = kind.state_by_outcome.get(act.outcome or "", kind.state)
            if label is not None:
                return label
    if history.closed is not None:
        return "已结束"
    return "办理中" if history.opened is not None else "未开始"


def _ways_on(view: View, runs: Sequence[Run]) -> tuple[tuple[str, ...], dict[str, Refusal]]:
    """The acts the law allows on the day of looking, and those it does not allow now, with the reason."""
    context, history = view.context, view.history
    allowed: list[str] = []
    blocked: dict[str, Refusal] = {}
    if context.no_power is not None:
        return (), {}
    untimely = _untimely(runs, context.on)
    today = _edition_today(view)
    closed = history.closed is not None
    for act, own_rule in view.edition.rules.items():
        edition = today if act in view.procedure.governed_by else view.edition
        rule = own_rule if edition is view.edition else edition.rules[act]
        if _never(rule, history, closed):
            continue
        fault = faults.first_order_fault(view.procedure, edition, history, act)
        if fault is None:
            fault = untimely.get(act)
        if fault is None:
            allowed.append(act)
        elif fault.kind != "not_applicable" or rule.only_if_varies:
            blocked[act] = fault
    return tuple(allowed), blocked


def _never(rule: ActRule, history: History, closed: bool) -> bool:
    """Whether the act is no way on: another law's, done for good, after the end."""
    if not rule.valid or (closed and not rule.type.after_closing):
        return True
    return rule.id in history.happened and not rule.type.repeat


def _edition_today(view: View) -> Edition:
    """The edition for an act that would only now pick the law of the case."""
    proc, history = view.procedure, view.history
    fact = proc.case_type.governed_by_fact
    if fact is not None and as_date(history.facts.get(fact)) is not None:
        return view.edition
    if history.first_of(proc.governed_by) is not None:
        return view.edition
    return proc.edition(view.context.on)


def _untimely(runs: Sequence[Run], on: date) -> dict[str, Refusal]:
    """Acts for which a minimum has not run out by a day, or which would lengthen a time that has, and why."""
    found: dict[str, Refusal] = {}
    for run in runs:
        if run.due is None:
            continue
        if run.rule.minimum and run.stop is None and on < run.due:
            for act in run.rule.type.stops:
                found.setdefault(act, _too_early(run, act, run.due))
        elif run.rule.extensions and run.over_on(on):
            for extension in run.rule.extensions:
                found.setdefault(extension.act, _too_late(run, extension.act, run.due))
    return found


def _too_late(run: Run, act: str, due: date) -> Refusal:
    reason = (
        f"{run.rule.type.title}已于{in_chinese(due)}届满，届满以后不能再延长{wording.cite(run.rule.basis)}"
    )
    return Refusal(act, reason, run.rule.basis, FindingKind.LATE.value)


def _too_early(run: Run, act: str, first: date) -> Refusal:
    reason = (
        f"{run.rule.type.title}不少于{run.plain_length()}，"
        f"最早可于{in_chinese(first)}进行{wording.cite(run.rule.basis)}"
    )
    return Refusal(act, reason, run.rule.basis, FindingKind.TOO_SHORT.value)


def refusals(
    case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], new: Act, context: Context
) -> tuple[Refusal, ...]:
    """Why a new act may not be entered live; empty when it may.

    An act that comes too late is not refused, save one that would lengthen a time that has run out.
    """
    if context.no_power is not None:
        return (Refusal(new.act, context.no_power, None, FindingKind.NOT_APPLICABLE.value),)
    proc = procedure(case_type, context.jurisdiction)
    others = effective(entries)
    new = replace(new, position=_next_position(entries))
    before = [act for act in others if act.on <= new.on]
    edition = proc.edition(proc.governed_on([*before, new, *others[len(before) :]], facts, new.on))
    history = edition.history(before, facts, context.level)
    opened = edition.history(others, facts, context.level).opened
    against = list(faults.date_faults(proc, edition, new, opened, context))
    if opened is None or new.on >= opened.on or faults.edition_opens(edition, new.act):
        against += _order_refusals(proc, edition, history, new, others)
        against += _time_refusals(edition, history, new, context)
    against += faults.content_faults(edition, new, history)
    against += faults.listing_faults(proc, new, facts)
    against += table_faults(case_type, new, history)
    against += faults.record_faults(proc, edition, new, others)
    against += faults.apart_faults(proc, new, others)
    return tuple(against)


def _next_position(entries: Sequence[Entry]) -> int:
    return max((entry.position or place for place, entry in enumerate(entries, start=1)), default=0) + 1


def _order_refusals(
    proc: Procedure, edition: Edition, history: History, new: Act, others: Sequence[Act]
) -> Iterator[Refusal]:
    """Faults of order on the act's date, and what stands later: its prerequisite, or the same act again."""
    later = {act.act: act for act in reversed(others) if act.on > new.on}
    found = list(faults.order_faults(proc, edition, history, new.act))
    rule = edition.rules.get(new.act)
    once = rule is not None and rule.valid and not rule.type.repeat
    if rule is not None and once and new.act in later and new.act not in history.happened:
        found.append(rule.repeated)
    for fault in found:
        needed = next((item for item in rule.needed if item.refusal is fault), None) if rule else None
        after = next((later[act] for act in needed.acts if act in later), None) if needed else None
        if after is None:
            yield fault
        else:
            title = wording.act_title(proc.case_type, after.act)
            yield replace(fault, reason=f"{fault.reason}；{title}的日期是{in_chinese(after.on)}，晚于本环节")


def _time_refusals(edition: Edition, history: History, new: Act, context: Context) -> Iterator[Refusal]:
    runs = clockwork.runs(edition, history, replace(context, on=new.on))
    refusal = _untimely(runs, new.on).get(new.act)
    if refusal is not None:
        yield refusal


def trace(
    case_type: CaseType,
    facts: Mapping[str, Any],
    entries: Sequence[Entry],
    clock_id: str,
    context: Context,
) -> tuple[TraceStep, ...]:
    """How the due date of a clock came about, step by step; empty where the clock does not apply or waits."""
    if clock_id not in case_type.clocks:
        known = "、".join(case_type.clocks) or "无"
        raise YifaError(f"{case_type.title}没有时限“{clock_id}”；现有时限：{known}。", code="unknown_clock")
    view = look(case_type, facts, entries, context)
    for run in clockwork.runs(view.edition, view.history, context):
        if run.rule.id == clock_id:
            return tracing.steps(case_type, run)
    return ()
