"""What the records of a case or an entry come to: the values of its projected rows. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from yifa.law.schema import Basis, CaseType
from yifa.ledger.chain.history import CaseHistory, EntryHistory
from yifa.ledger.legal import case_type_of, context, register_of
from yifa.ledger.rows.ruling import rules_over
from yifa.ledger.rows.tallies import Spanned
from yifa.ledger.rows.terms import first_day, last_day
from yifa.ledger.search.searching import text_key
from yifa.ledger.search.words import words_of
from yifa.procedures import engine
from yifa.procedures.counting import CountedCase
from yifa.procedures.handing import handed
from yifa.procedures.model import Act, CaseState, ClockState, ClockStatus, Context, Entry, ProcedureFinding
from yifa.procedures.spans import EntryVersion, Span, case_spans, entry_spans

Values = dict[str, Any]  # column name (as in the model, foreign keys with _id) → value


@dataclass(frozen=True, slots=True)
class CaseRows:
    """All rows of one case."""

    case: Values
    acts: tuple[Values, ...]
    clocks: tuple[Values, ...]
    findings: tuple[Values, ...]
    numbers: tuple[Mapping[str, Any], ...] = ()
    spans: tuple[Span, ...] = ()
    handovers: tuple[Values, ...] = ()

    @property
    def words(self) -> str:
        """By what it is found."""
        return words_of(self.case, [(act["act"], act["actor"], act["evidence"]) for act in self.acts])

    @property
    def text(self) -> Values:
        """The row of its words."""
        case_id = self.case["id"]
        return {"id": text_key(self.case["opened_on"], case_id), "case_id": case_id, "text": self.words}

    def spanned(self) -> Spanned:
        """What counts of it."""
        records = {act["position"]: act["record_id"] for act in self.acts}
        return Spanned(self.case["organization_id"], self.case["id"], None, self.spans, records)


@dataclass(frozen=True, slots=True)
class EntryRows:
    """All rows of one register entry."""

    entry: Values
    versions: tuple[Values, ...]
    spans: tuple[Span, ...] = ()

    def spanned(self) -> Spanned:
        """What counts of it."""
        records = {version["version"]: version["record_id"] for version in self.versions}
        return Spanned(self.entry["organization_id"], None, self.entry["id"], self.spans, records)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a case after its last record, as its rows say it: columns of the case, clocks, findings."""

    case: Values
    clocks: tuple[Values, ...]
    findings: tuple[Values, ...]


def context_of(history: CaseHistory) -> Context:
    """What a case is looked at with: on the day of the last record."""
    return context(history.case_type, history.level, history.jurisdiction, history.recorded_on)


def case_rows(
    history: CaseHistory, organizations: Mapping[str, int], looked_at: Context | None = None
) -> CaseRows:
    """The rows a case has after its last record: the rules are asked as of the day of that."""
    case_type = case_type_of(history.case_type)
    looked_at = looked_at or context_of(history)
    acts = _acts_until(history)
    verdict = judge(case_type, history.facts, history.entries, looked_at)
    return judged_rows(history, acts, verdict, organizations, _spans(history, acts, looked_at))


def counted_of(history: CaseHistory, looked_at: Context) -> Spanned:
    """What counts of a case after its last record, and nothing else of it."""
    acts = _acts_until(history)
    records = {act.position: history.shaped[act.position].id for act in acts}
    return Spanned(history.organization_id, history.id, None, _spans(history, acts, looked_at), records)


def _acts_until(history: CaseHistory) -> tuple[Act, ...]:
    """The acts that have happened by the day of the last record."""
    return tuple(act for act in history.acts() if act.on <= history.recorded_on)


def _spans(history: CaseHistory, acts: tuple[Act, ...], looked_at: Context) -> tuple[Span, ...]:
    case_type = case_type_of(history.case_type)
    counted = CountedCase(history.facts, acts, level=history.level)
    return tuple(case_spans(rules_over(history.case_type), case_type, counted, looked_at))


def judge(
    case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], looked_at: Context
) -> Verdict:
    """Asks the rules."""
    state = engine.state(case_type, facts, entries, looked_at)
    findings = engine.findings(case_type, facts, entries, looked_at)
    clocks = [_in_silence(clock) for clock in state.clocks.values()]
    return Verdict(
        case=_stands(case_type, state, clocks, len(findings)),
        clocks=tuple(_clock(case_type, clock) for clock in clocks),
        findings=tuple(map(_finding, findings)),
    )


def judged_rows(
    history: CaseHistory, acts: Sequence[Act], verdict: Verdict, organizations: Mapping[str, int], spans: tuple[Span, ...]
) -> CaseRows:  # fmt: skip
    """The rows of a case of which the rules have been asked."""
    own = {"case_id": history.id}
    clock = {"organization_id": history.organization_id} | own
    listed = clock | {"case_type": history.case_type, "opened_on": verdict.case["opened_on"]}
    return CaseRows(
        case=case_values(history) | verdict.case,
        acts=tuple(act_values(history, act, organizations) for act in acts),
        clocks=tuple([values | clock for values in verdict.clocks]),
        findings=tuple([values | own for values in verdict.findings]),
        numbers=history.numbers,
        spans=spans,
        handovers=tuple(
            listed | asdict(one) for one in handed(case_type_of(history.case_type), history.facts, acts)
        ),
    )


def _finding(finding: ProcedureFinding) -> Values:
    return {
        "kind": str(finding.kind),
        "act": finding.act or "",
        "clock": finding.clock or "",
        "position": finding.position,
        "message": finding.message,
        "basis": basis_of(finding.basis),
    }


def basis_of(basis: Basis | None) -> dict[str, str | None] | None:
    """A legal basis as stored."""
    return None if basis is None else {"law": basis.law, "article": basis.article}


def running(case_type: CaseType, clock: ClockState) -> bool:
    """Whether a clock is a deadline of the body itself that still runs towards a known day."""
    return (
        not clock.minimum
        and case_type.clocks[clock.id].party is None
        and clock.started is not None
        and clock.stopped is None
        and clock.due is not None
        and clock.state != ClockStatus.PAUSED
    )


def _in_silence(clock: ClockState) -> ClockState:
    """A clock as it will stand if nobody does anything more: a pause that lapses by itself leaves a due date.

    Without this a case whose third party stays silent would never be listed as due: no record ends the pause.
    """
    if clock.latest is None:
        return clock
    return replace(clock, state=ClockStatus.RUNNING, due=clock.latest)


def _stands(case_type: CaseType, state: CaseState, clocks: Sequence[ClockState], findings: int) -> Values:
    """What the row of the case says of how it stands."""
    deadlines = sorted((clock.due or date.max, clock.id) for clock in clocks if running(case_type, clock))
    next_due, next_clock = deadlines[0] if deadlines else (None, "")
    broken = [
        clock
        for clock in clocks
        if clock.state == ClockStatus.BROKEN
        and clock.stopped is not None
        and case_type.clocks[clock.id].party is None
    ]
    return {
        "opened_on": state.opened_on,
        "closed_on": state.closed_on,
        "status": state.status,
        "next_due": next_due,
        "next_clock": next_clock,
        "broken": len(broken),
        "findings_count": findings,
    }


def case_values(history: CaseHistory) -> Values:
    """What the row of a case says of itself, before the rules are asked."""
    return {
        "id": history.id,
        "case_type": history.case_type,
        "organization_id": history.organization_id,
        "title": history.title,
        "number": history.number,
        "level": history.level,
        "jurisdiction": history.jurisdiction,
        "facts": dict(history.facts),
        "length": history.length,
        "head": history.head,
        "last": history.last,
        "opened_by_id": history.opened_by_id,
    }


def act_values(history: CaseHistory, act: Act, organizations: Mapping[str, int]) -> Values:
    """The row of an act."""
    return {
        "case_id": history.id,
        "position": act.position,
        "record_id": history.shaped[act.position].id,
        "act": act.act,
        "happened_on": act.on,
        "outcome": act.outcome or "",
        "actor": act.by or "",
        "unit_id": organizations.get(act.unit) if act.unit else None,
        "role": act.role or "",
        "fields": dict(act.fields),
        "evidence": history.evidence[act.position],
        "entered": str(act.entered),
        "corrected": act.corrected,
        "listed": {name: str(standing) for name, standing in act.listed.items()},
    }


def _clock(case_type: CaseType, clock: ClockState) -> Values:
    return {
        "clock": clock.id,
        "minimum": clock.minimum,
        "party": case_type.clocks[clock.id].party is not None,
        "started_on": clock.started,
        "due": clock.due,
        "stopped_on": clock.stopped,
        "paused": clock.state == ClockStatus.PAUSED,
    }


def entry_rows(history: EntryHistory) -> EntryRows:
    """The rows a register entry has after its last record."""
    register = register_of(history.register)
    data = history.data
    begins, ends = first_day(history, register), last_day(history, register)
    versions = [
        EntryVersion(version.version, version.happened_on or version.line.recorded_on, version.data)
        for version in history.versions
    ]
    return EntryRows(
        entry={
            "id": history.id,
            "register": history.register,
            "organization_id": history.organization_id,
            "key": str(data.get(register.key, ""))[:120],
            "title": str(data.get(register.title_field, ""))[:200],
            "data": dict(data),
            "begins": begins,
            "ends": ends,
            "version": len(history.versions),
            "withdrawn": history.withdrawn,
            "length": history.length,
            "head": history.head,
            "last": history.last,
        },
        versions=tuple(
            {
                "entry_id": history.id,
                "version": version.version,
                "record_id": version.line.id,
                "data": dict(version.data),
                "happened_on": version.happened_on,
                "reason": version.reason,
            }
            for version in history.versions
        ),
        spans=tuple(entry_spans(rules_over(history.register), register, versions, begins, ends)),
    )
