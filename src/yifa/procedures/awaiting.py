"""Whose turn it is: read off a case type, so that cases waiting for somebody can be looked up by what is stored.

An act is awaited when one of the acts it needs came and it has not come since, and the case still has the status which
that act gave it or, where it gave none, nothing else has happened. So a ledger asks for few statuses instead of asking the
engine about every case; the engine decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yifa.law.schema import ActType, CaseType, Prerequisite
from yifa.procedures.model import Act

OFFICER = "officer"  # whose acts are that name nobody
UNNAMED = "办理中"  # the status of a case whose acts name none


@dataclass(frozen=True, slots=True)
class Awaited:
    """An act that others' acts hand on to.

    Attributes:
        roles: Who may do it.
        after: One of these came before it.
        given: Statuses that say by themselves that the act is waited for: those before it give the case.
        kept: Statuses a case may have had before and keeps.
    """

    case_type: str
    act: str
    title: str
    roles: frozenset[str]
    after: tuple[str, ...]
    given: frozenset[str]
    kept: frozenset[str]

    @property
    def statuses(self) -> frozenset[str]:
        """What a case may be called while it waits for the act."""
        return self.given | self.kept

    def waited_for(self, status: str, acts: Sequence[Act]) -> bool:
        """Whether a case with these standing acts has come to the act; the law may still have it wait."""
        since = max((act.position for act in acts if act.act == self.act), default=0)
        before = max((act.position for act in acts if act.act in self.after), default=0)
        last = max((act.position for act in acts), default=0)
        return before > since and (status in self.given or (status in self.kept and before == last))


def awaited(case_type: CaseType) -> tuple[Awaited, ...]:
    """The acts that a case is handed on for to somebody other than its officer.

    Left out: what lengthens a deadline, which nobody waits for, what only stands in for the act a deadline is for, and
    what may be done at any time and moves nothing on (a plan that may be adjusted does not wait for it).
    """
    return tuple(
        Awaited(case_type.case_type, name, act.title, frozenset(act.by), needed, given, kept)
        for name, act in case_type.acts.items()
        if act.by and OFFICER not in act.by and act.after
        if not _beside(case_type, name) and not _moves_nothing(case_type, name)
        for needed in [tuple(dict.fromkeys(one for part in act.after for one in part.acts))]
        for given in [frozenset(state for part in act.after for state in _given(case_type, part))]
        for own in [{state for one in needed for state in _states(case_type.acts[one])}]
        for kept in [_left_by(case_type, needed) - own]
    )


def awaited_by_clock(case_type: CaseType) -> dict[str, str]:
    """For each deadline of the body itself the act it is there for: the first of those that end it."""
    return {
        name: clock.stops[0]
        for name, clock in case_type.clocks.items()
        if clock.at_most is not None and clock.party is None and clock.stops
    }


@dataclass(frozen=True, slots=True)
class SentBack:
    """An act with which somebody gives a case back: with these outcomes nothing that needs the act can follow."""

    case_type: str
    act: str
    outcomes: frozenset[str]
    statuses: frozenset[str]


def sent_back(case_type: CaseType) -> tuple[SentBack, ...]:
    """The acts of others than the officer with which a case may come back."""
    found = []
    for name, act in case_type.acts.items():
        if not act.by or OFFICER in act.by:
            continue
        wanted = list(_needing(case_type, name))
        going_on = {one for outcomes in wanted for one in outcomes}
        back = frozenset(act.outcomes) - going_on - frozenset(act.closes_on_outcome)
        if wanted and back:
            found.append(SentBack(case_type.case_type, name, back, _left_by(case_type, (name,))))
    return tuple(found)


def _needing(case_type: CaseType, name: str) -> Iterator[list[str]]:
    """The outcomes of an act that others need, for each that minds."""
    for act in case_type.acts.values():
        for part in act.after:
            if name in part.acts and part.outcome:
                yield part.outcome


def _given(case_type: CaseType, part: Prerequisite) -> Iterator[str]:
    """The statuses that the acts of a prerequisite give, with the outcomes it wants."""
    for act in (case_type.acts[name] for name in part.acts):
        outcomes = part.outcome or act.outcomes
        named = (
            [act.state_by_outcome.get(outcome, act.state) for outcome in outcomes]
            if outcomes
            else [act.state]
        )
        yield from filter(None, named)


def _states(act: ActType) -> Iterator[str]:
    if act.state:
        yield act.state
    yield from act.state_by_outcome.values()


def _beside(case_type: CaseType, name: str) -> bool:
    clocks = case_type.clocks.values()
    if any(extension.act == name for clock in clocks for extension in clock.extensions):
        return True
    ended = [clock for clock in clocks if clock.at_most is not None and name in clock.stops]
    return bool(ended) and all(clock.stops[0] != name for clock in ended)


def _moves_nothing(case_type: CaseType, name: str) -> bool:
    """Whether an act may come again and leaves everything as it was: no outcome, no other status, nothing needs it."""
    act = case_type.acts[name]
    if (
        not act.repeat
        or act.outcomes
        or act.closes
        or any(name in one.stops for one in case_type.clocks.values())
    ):
        return False
    stood = {state for part in act.after for state in _given(case_type, part)}
    needed = any(name in part.acts for one in case_type.acts.values() for part in one.after)
    return not needed and set(_states(act)) <= stood


def _left_by(
    case_type: CaseType, acts: tuple[str, ...], seen: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The statuses a case may have after one of some acts: their own, else what stood before them."""
    found: set[str] = set()
    for name in acts:
        act = case_type.acts[name]
        found.update(_states(act))
        if (
            not act.state
            and name not in seen
            and not (act.outcomes and set(act.outcomes) <= set(act.state_by_outcome))
        ):
            before = tuple(dict.fromkeys(one for part in act.after for one in part.acts))
            found |= {UNNAMED} if not before else _left_by(case_type, before, seen | {name})
    return frozenset(found)
