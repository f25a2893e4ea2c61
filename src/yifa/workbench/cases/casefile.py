"""One case as its page shows it: deadline first, steps, what may come next and why the rest may not, timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.law.schema import ActType, CaseType, ClockType, FieldSpec
from yifa.ledger.chain.appending import build_record
from yifa.ledger.chain.attempts import Attempt, attempts_of
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.deciding.cases import context_of, history_of
from yifa.ledger.deciding.companions import Company, companies
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Record, Subject
from yifa.ledger.textchanges import ComparedPapers, compared_papers
from yifa.procedures import engine
from yifa.procedures.clockwork import LOCAL_NOTE
from yifa.procedures.model import (
    CaseState,
    ClockState,
    ClockStatus,
    ProcedureFinding,
    Refusal,
    TraceStep,
)
from yifa.workbench.cases.nextacts import nearest_first
from yifa.workbench.cases.timeline import Happened, timeline_of

STATUS_WORDS = {
    ClockStatus.WAITING: "未开始",
    ClockStatus.RUNNING: "进行中",
    ClockStatus.PAUSED: "暂停计时",
    ClockStatus.KEPT: "按期",
    ClockStatus.BROKEN: "逾期",
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock with how it was computed."""

    state: ClockState
    type: ClockType
    trace: tuple[TraceStep, ...]

    @property
    def word(self) -> str:
        """Where it stands, for people; a minimum is awaited, not overdue."""
        if self.state.minimum:
            return {"broken": "期限不足", "kept": "已满期", "running": "未满期"}.get(
                self.state.state, STATUS_WORDS[self.state.state]
            )
        return STATUS_WORDS[self.state.state]

    @property
    def colour(self) -> str:
        """danger, warning, primary, success or secondary."""
        if self.state.state is ClockStatus.BROKEN:
            return "danger"
        if self.state.state is ClockStatus.KEPT:
            return "success"
        if self.state.state is not ClockStatus.RUNNING:
            return "secondary"
        soon = not self.state.minimum and self.state.days_left is not None and self.state.days_left <= 3
        return "warning" if soon else "primary"

    @property
    def wants_length(self) -> bool:
        """Whether it has no last day for want of a number that the law leaves to the locality."""
        return self.state.note == LOCAL_NOTE

    @property
    def running(self) -> bool:
        """A deadline of the body that still runs."""
        return not self.state.minimum and self.state.stopped is None and self.state.days_left is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the steps bar."""

    title: str
    css: str  # done | now | ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that may be recorded now."""

    id: str
    type: ActType


@dataclass(frozen=True, slots=True)
class Barred:
    """An act still to come that the law does not allow now."""

    id: str
    type: ActType
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the page of a case shows."""

    case: Case
    type: CaseType
    state: CaseState
    clocks: tuple[ClockLine, ...]
    steps: tuple[Step, ...]
    next: tuple[Offer, ...]
    barred: tuple[Barred, ...]
    timeline: tuple[Happened, ...]
    findings: tuple[ProcedureFinding, ...]
    papers: tuple[ComparedPapers, ...]  # set side by side, with what was changed
    attempts: tuple[Attempt, ...]  # what was tried and refused
    companions: tuple[Company, ...]  # of the entries it names, e.g. who sat in a body on the day it met
    intact: bool  # every record of the chain still has the digest it was given

    @property
    def main_clock(self) -> ClockLine | None:
        """The deadline that matters now: the earliest still running; else one that is paused."""
        running = [line for line in self.clocks if line.running]
        own = [line for line in running if line.type.party is None] or running
        if own:
            return min(own, key=lambda line: line.state.due or date.max)
        return next((line for line in self.clocks if line.state.state is ClockStatus.PAUSED), None)

    @property
    def facts(self) -> list[tuple[FieldSpec, Any]]:
        """The facts given, in the catalogue's order."""
        given = self.case.facts
        return [(spec, given[name]) for name, spec in self.type.told.items() if name in given]

    @property
    def facts_open(self) -> list[str]:
        """Titles of the facts nobody has given, though they were asked for."""
        return [
            spec.title
            for name, spec in self.type.told.items()
            if name not in self.case.facts
            and (spec.asked_with is None or any(act in self.state.done for act in spec.asked_with))
        ]

    @property
    def started(self) -> list[ClockLine]:
        """Clocks that have begun to run."""
        return [line for line in self.clocks if line.state.state is not ClockStatus.WAITING]

    @property
    def waiting(self) -> list[ClockLine]:
        """Clocks still to begin."""
        return [line for line in self.clocks if line.state.state is ClockStatus.WAITING]


def open_file(case: Case, on: date) -> CaseFile:
    """The case as it stands on a day."""
    case_type = case_type_of(case.case_type)
    history = history_of(case)
    context = context_of(case, on)
    state = engine.state(case_type, history.facts, history.entries, context)
    leading = engine.leading(case_type, history.facts, history.entries, context, state)
    coming = nearest_first(case_type, state, leading)
    clocks = tuple(
        ClockLine(
            clock,
            case_type.clocks[name],
            engine.trace(case_type, history.facts, history.entries, name, context) if clock.started else (),
        )
        for name, clock in state.clocks.items()
    )
    records = list(
        Record.objects.filter(subject=Subject.CASE, subject_id=case.pk)
        .select_related("recorded_by", "organization")
        .order_by("position")
    )
    return CaseFile(
        case=case,
        type=case_type,
        state=state,
        clocks=clocks,
        steps=tuple(_steps(case_type, state, coming)),
        next=tuple(Offer(name, case_type.acts[name]) for name in coming),
        barred=tuple(Barred(name, case_type.acts[name], refusal) for name, refusal in state.blocked.items()),
        timeline=timeline_of(case_type, history, records),
        findings=engine.findings(case_type, history.facts, history.entries, context),
        papers=compared_papers(case_type, history),
        attempts=attempts_of(case),
        companions=companies(case_type, history.facts, state.acts),
        intact=chain_holds(records),
    )


def chain_holds(records: Sequence[Record]) -> bool:
    """Whether each record follows from the one before it and from what it says."""
    previous = GENESIS
    for record in records:
        again = build_record(
            subject=record.subject,
            subject_id=record.subject_id,
            position=record.position,
            previous=previous,
            kind=record.kind,
            organization=record.organization,
            happened_on=record.happened_on,
            recorded_at=record.recorded_at,
            recorded_by=record.recorded_by,
            payload=json.loads(record.payload),
        )
        if (again.digest, again.payload) != (record.digest, record.payload):
            return False
        previous = record.digest
    return True


def _steps(case_type: CaseType, state: CaseState, offered: Sequence[str]) -> Iterator[Step]:
    """Acts done and acts always required, in the order of the catalogue; the first still to come is now."""
    wanted = [
        name
        for name, act in case_type.acts.items()
        if act.party is None and (act.required is True or name in state.done)
    ]
    now_given = state.closed
    for name in wanted:
        done = name in state.done
        css = "done" if done else ""
        if not done and not now_given:
            css, now_given = "now", True
        yield Step(case_type.acts[name].title, css)
    if not state.closed and not now_given:
        first = next(iter(offered), None)
        if first:
            yield Step(case_type.acts[first].title, "now")
