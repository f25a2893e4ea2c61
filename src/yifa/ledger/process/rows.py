"""What really happened in a case, as rows: pure functions of the rows that its records gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from yifa.law.schema import CaseType, ClockType
from yifa.ledger.chain.history import ACT_CORRECTED, ACT_RECORDED, ACT_WITHDRAWN, FACTS_CHANGED
from yifa.ledger.models import Amendment, Step, TermRun
from yifa.procedures.model import Entered, FindingKind

Values = dict[str, Any]
EdgeKey = tuple[str, str, str]  # case type, source, target
TermKey = tuple[str, str]  # case type, clock


class Done(NamedTuple):
    """An act as it stands. `doer`: who did it, for whom; empty where that was not said."""

    position: int
    act: str
    on: date
    entered: str
    doer: tuple[str, int | None]
    record: int


class Clock(NamedTuple):
    """A stored clock."""

    clock: str
    minimum: bool
    due: date
    started_on: date
    stopped_on: date | None
    paused: bool


class Fault(NamedTuple):
    """A stored finding."""

    kind: str
    act: str
    position: int | None


class Said(NamedTuple):
    """A record without what it says."""

    id: int
    kind: str
    happened_on: date | None
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Read:
    """A case as it stands; acts by day, then as they were entered."""

    id: Any
    case_type: CaseType
    organization: int
    closed: bool
    acts: Sequence[Done]
    clocks: Sequence[Clock]
    faults: Sequence[Fault]
    records: Sequence[Said]


def steps(case: Read) -> Iterator[tuple[EdgeKey, Values]]:
    """The acts of a case, each with the one before; then what it lacks."""
    kind, source = case.case_type.case_type, ""
    early = {fault.position for fault in case.faults if fault.kind == FindingKind.ORDER}
    seen: set[str] = set()
    before: date | None = None
    last = len(case.acts) - 1
    for place, act in enumerate(case.acts):
        mark = (
            Step.Mark.EARLY
            if act.position in early
            else Step.Mark.AGAIN
            if act.act in seen
            else Step.Mark.PLAIN
        )
        stands = Step.Stands.FOLLOWED if place < last else _end(case)
        yield (
            (kind, source, act.act),
            _step(case, mark, stands, act.on, act.position, (act.on - before).days if before else 0),
        )
        seen.add(act.act)
        source, before = act.act, act.on
    if before is not None:
        for name in dict.fromkeys(fault.act for fault in case.faults if fault.kind == FindingKind.MISSING):
            yield (kind, source, name), _step(case, Step.Mark.SKIPPED, Step.Stands.FOLLOWED, before, 0, 0)


def _end(case: Read) -> Step.Stands:
    return Step.Stands.ENDS if case.closed else Step.Stands.WAITS


def _step(  # noqa: PLR0917 - the columns of a row
    case: Read, mark: Step.Mark, stands: Step.Stands, on: date, position: int, days: int
) -> Values:
    return {
        "case_id": case.id,
        "mark": int(mark),
        "stands": int(stands),
        "days": days,
        "organization_id": case.organization,
        "on": on,
        "position": position,
    }


def runs(case: Read) -> Iterator[tuple[TermKey, EdgeKey | None, Values]]:
    """The clocks of the body that started and know their last day, with where they wait and what can be said why."""
    for clock in case.clocks:
        kind = case.case_type.clocks.get(clock.clock)
        if kind is None or (clock.minimum and clock.stopped_on is None):
            continue
        state = _state(clock)
        edge, signs = None, 0
        if state in {TermRun.State.BROKEN, TermRun.State.RUNS}:
            wait = _wait(case, kind, clock)
            if wait is not None:
                edge = (case.case_type.case_type, wait[0].act if wait[0] else "", wait[1])
            signs = _signs(case, kind, clock, wait)
        yield (
            (case.case_type.case_type, clock.clock),
            edge,
            {
                "case_id": case.id,
                "organization_id": case.organization,
                "state": int(state),
                "due": clock.due,
                "stopped_on": clock.stopped_on,
                "signs": signs,
            },
        )


def _state(clock: Clock) -> TermRun.State:
    if clock.stopped_on is None:
        return TermRun.State.PAUSED if clock.paused else TermRun.State.RUNS
    kept = clock.stopped_on >= clock.due if clock.minimum else clock.stopped_on <= clock.due
    return TermRun.State.KEPT if kept else TermRun.State.BROKEN


Wait = tuple[Done | None, str, Done | None]  # after which act, for which, and that act where it came


def _wait(case: Read, kind: ClockType, clock: Clock) -> Wait | None:
    """Where the most time went between start and stop; of a clock that runs, what it waits for now."""
    if clock.stopped_on is None:
        return (case.acts[-1], kind.stops[0], None) if case.acts and kind.stops else None
    longest: tuple[int, Wait] | None = None
    before: Done | None = None
    for act in case.acts:
        if act.on > clock.stopped_on:
            break
        if act.on >= clock.started_on:
            since = max(before.on, clock.started_on) if before else clock.started_on
            days = (act.on - since).days
            if longest is None or days >= longest[0]:
                longest = days, (before, act.act, act)
        before = act
        if act.act in kind.stops and act.on == clock.stopped_on:
            break
    return longest[1] if longest else None


def _signs(case: Read, kind: ClockType, clock: Clock, wait: Wait | None) -> int:
    """What the ledger can say, as the sum of signs."""
    if clock.minimum:
        return int(TermRun.Sign.EARLY)
    done = {act.act for act in case.acts}
    before, _, act = wait or (None, "", None)
    stop = next((one for one in case.acts if one.act in kind.stops and one.on == clock.stopped_on), None)
    papers = {fault.position for fault in case.faults if fault.kind == FindingKind.EVIDENCE}
    within = {one.position for one in case.acts if clock.started_on <= one.on <= (clock.stopped_on or one.on)}
    held = {
        TermRun.Sign.BACK: any(one is not None and one.entered == Entered.BACK for one in (stop, act)),
        TermRun.Sign.HANDED: _handed(before, act),
        TermRun.Sign.EXTENSION: bool(kind.extensions) and done.isdisjoint(one.act for one in kind.extensions),
        TermRun.Sign.PAUSE: bool(kind.pauses)
        and done.isdisjoint(start for one in kind.pauses for start in one.starts),
        TermRun.Sign.EVIDENCE: not papers.isdisjoint(within),
    }
    return sum(int(sign) for sign, holds in held.items() if holds)


def _handed(before: Done | None, act: Done | None) -> bool:
    """Whether somebody else, or another unit, did the act that was waited for."""
    if before is None or act is None:
        return False
    return any(one and other and one != other for one, other in zip(before.doer, act.doer, strict=True))


RECORDS = (ACT_RECORDED, ACT_CORRECTED, ACT_WITHDRAWN, FACTS_CHANGED)
WHAT: Mapping[str, Amendment.What] = {
    ACT_CORRECTED: Amendment.What.CORRECTED,
    ACT_WITHDRAWN: Amendment.What.WITHDRAWN,
    FACTS_CHANGED: Amendment.What.FACTS,
}


def amendments(records: Iterable[Said], back: Collection[int], own: Values) -> Iterator[Values]:
    """The records that changed something, and those that came later than what they are about (`back`: say so)."""
    for one in records:
        days = max((one.recorded_on - one.happened_on).days, 0) if one.happened_on else 0
        what = WHAT.get(one.kind, Amendment.What.BACK)
        if what is Amendment.What.BACK and not days and one.id not in back:
            continue
        yield own | {"record_id": one.id, "what": int(what), "days": days, "recorded_on": one.recorded_on}
