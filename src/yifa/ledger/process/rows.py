"""Why clocks of a case were broken, and where they wait: pure functions of the rows that its records gave."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from yifa.law.schema import CaseType, ClockType
from yifa.ledger.models import TermRun
from yifa.procedures.model import Entered

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


class Clock(NamedTuple):
    """A stored clock, and how it stands (`TermRun.State`)."""

    clock: str
    minimum: bool
    due: date
    started_on: date
    stopped_on: date | None
    state: int


@dataclass(frozen=True, slots=True)
class Read:
    """A case with clocks that are broken or run; acts by day, then as they were entered."""

    id: Any
    case_type: CaseType
    organization: int
    acts: Sequence[Done]
    clocks: Sequence[Clock]
    papers: Collection[int | None]  # the acts of which a paper is missing


def runs(case: Read) -> Iterator[tuple[TermKey, EdgeKey | None, Values]]:
    """The clocks with where they waited longest, or wait, and what can be said why."""
    name = case.case_type.case_type
    for clock in case.clocks:
        kind = case.case_type.clocks.get(clock.clock)
        if kind is None:
            continue
        wait = _wait(case, kind, clock)
        yield (
            (name, clock.clock),
            (name, wait[0].act if wait[0] else "", wait[1]) if wait is not None else None,
            {
                "case_id": case.id,
                "organization_id": case.organization,
                "state": clock.state,
                "due": clock.due,
                "stopped_on": clock.stopped_on,
                "signs": _signs(case, kind, clock, wait),
            },
        )


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
    within = {one.position for one in case.acts if clock.started_on <= one.on <= (clock.stopped_on or one.on)}
    held = {
        TermRun.Sign.BACK: any(one is not None and one.entered == Entered.BACK for one in (stop, act)),
        TermRun.Sign.HANDED: _handed(before, act),
        TermRun.Sign.EXTENSION: bool(kind.extensions) and done.isdisjoint(one.act for one in kind.extensions),
        TermRun.Sign.PAUSE: bool(kind.pauses)
        and done.isdisjoint(start for one in kind.pauses for start in one.starts),
        TermRun.Sign.EVIDENCE: not within.isdisjoint(case.papers),
    }
    return sum(int(sign) for sign, holds in held.items() if holds)


def _handed(before: Done | None, act: Done | None) -> bool:
    """Whether somebody else, or another unit, did the act that was waited for."""
    if before is None or act is None:
        return False
    return any(one and other and one != other for one, other in zip(before.doer, act.doer, strict=True))
