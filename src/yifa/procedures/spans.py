"""From which cut-off until which a case or an entry counts: what `counting` says, for all periods at once.

`matches` is a function of the period. For a rule that counts acts the period's start only cuts off what happened
earlier; for a rule that counts open cases it means nothing. What remains is the cut-off, and what is counted changes
on few days: those of the acts, and those on which a clock runs out, begins or goes on by itself. A span says: with a
cut-off from `since` until before `until`, this match is counted. Stored once, spans give every figure of every period.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from yifa.law.schema import CaseType, CountedState, CountingRule, RegisterType
from yifa.procedures import clockwork
from yifa.procedures.compiling import as_date
from yifa.procedures.conditions import looks_at_acts
from yifa.procedures.counting import CountedCase, Match, entry_matches, is_judged, matches
from yifa.procedures.entries import effective
from yifa.procedures.model import Act, Context
from yifa.procedures.view import look

FOREVER = date.max
STATES = frozenset({CountedState.OPEN_AT_START, CountedState.OPEN_AT_END, CountedState.IN_FORCE_AT_END})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One thing counted while the cut-off lies in [since, until). Of an entry `position` is the version."""

    rule: CountingRule
    match: Match
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """What an entry said from a day on."""

    version: int
    on: date
    data: Mapping[str, Any]


Standing = frozenset[tuple[str, str]]  # clock and state, of clocks that may be judged


def case_spans(
    rules: Iterable[CountingRule], case_type: CaseType, case: CountedCase, context: Context
) -> list[Span]:
    """The spans of a case under rules of its type; `context.on` does not matter."""
    acts = effective(case.entries)
    if not acts:
        return []
    case = replace(case, entries=acts)
    days = sorted({act.on for act in acts})
    clocks: list[tuple[date, Standing]] | None = None
    found: list[Span] = []
    for rule in rules:
        if not may_count(rule, case_type, acts):
            continue
        segments = _segments(_without_clock(rule), case_type, case, days, context)
        if segments and rule.clock is not None and rule.clock_state is not None:
            if clocks is None:
                clocks = list(_standings(case_type, case, days, context))
            segments = _judged(rule, segments, clocks)
        found += [Span(rule, match, since, until) for match, since, until in _joined(segments)]
    return found


_plain: dict[int, tuple[CountingRule, CountingRule]] = {}


def _without_clock(rule: CountingRule) -> CountingRule:
    """The rule without its clock, and asked at the end of a period where it asks at the start."""
    at_start = rule.counts is CountedState.OPEN_AT_START
    if rule.clock is None and not at_start:
        return rule
    known = _plain.get(id(rule))
    if known is None or known[0] is not rule:
        counts = CountedState.OPEN_AT_END if at_start else rule.counts
        known = _plain[id(rule)] = (rule, rule.model_copy(update={"clock": None, "counts": counts}))
    return known[1]


def may_count(rule: CountingRule, case_type: CaseType, acts: Sequence[Act]) -> bool:
    """Whether any act is of a kind the rule counts; most rules end here."""
    wanted = rule.acts or case_type.opens_with
    return any(act.act in wanted for act in acts)


Segment = tuple[date, date, tuple[Match, ...]]


def _segments(
    rule: CountingRule, case_type: CaseType, case: CountedCase, days: Sequence[date], context: Context
) -> list[Segment]:
    """What is counted between the days of the acts, clocks aside."""
    steady = rule.counts is CountedState.ACT and (rule.where is None or not looks_at_acts(rule.where))
    last = replace(context, on=days[-1])
    if steady:  # an act once counted stays counted
        whole = matches(rule, case_type, case, date.min, days[-1], last)
        return [(match.on, FOREVER, (match,)) for match in whole]
    return [
        (since, until, matches(rule, case_type, case, date.min, since, replace(context, on=since)))
        for since, until in _between(days)
    ]


def _between(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    return zip(days, [*days[1:], FOREVER], strict=True) if days else iter(())


def _judged(
    rule: CountingRule, segments: Iterable[Segment], clocks: Sequence[tuple[date, Standing]]
) -> list[Segment]:
    """The segments cut where the rule's clocks change, without those in which none stands as it asks."""
    wanted = {(clock, state) for clock in rule.clocks for state in rule.clock_state or ()}
    marks = [day for day, _ in clocks]
    found = []
    for since, until, counted in segments:
        first = bisect_right(marks, since) - 1
        for place in range(max(first, 0), len(clocks)):
            begins, ends = max(since, marks[place]), marks[place + 1] if place + 1 < len(marks) else FOREVER
            if begins >= until:
                break
            if not wanted.isdisjoint(clocks[place][1]):
                found.append((begins, min(until, ends), counted))
    return found


def _joined(segments: Iterable[Segment]) -> list[tuple[Match, date, date]]:
    """Each match with its longest stretches."""
    open_: dict[Match, tuple[date, date]] = {}
    found: list[tuple[Match, date, date]] = []
    for since, until, counted in segments:
        for match in counted:
            known = open_.get(match)
            if known is not None and known[1] != since:
                found.append((match, *known))
                known = None
            open_[match] = (known[0] if known is not None else since, until)
    return [*found, *((match, *stretch) for match, stretch in open_.items())]


def _standings(
    case_type: CaseType, case: CountedCase, days: Sequence[date], context: Context
) -> Iterator[tuple[date, Standing]]:
    """How the clocks stand, from each day on which that may change."""
    own = {day for name in _fact_dates(case_type) if (day := as_date(case.facts.get(name))) is not None}
    last: Standing | None = None
    for begins, ends in _between(days):
        at = begins
        while at < ends:
            standing, changes = _look(case_type, case, replace(context, on=at))
            if standing != last:
                yield at, standing
            last = standing
            at = min((change for change in changes | own if change > at), default=ends)


def _fact_dates(case_type: CaseType) -> set[str]:
    """The facts whose dates start clocks."""
    return {clock.starts_by_fact for clock in case_type.clocks.values() if clock.starts_by_fact is not None}


def _look(case_type: CaseType, case: CountedCase, context: Context) -> tuple[Standing, set[date]]:
    """How the clocks stand on a day, and later days on which they may stand otherwise though nobody acts."""
    view = look(case_type, case.facts, case.entries, context)
    changes = set(view.procedure.turns) if view.governed_on == context.on else set()
    chained = any(clock.starts_by_clock is not None for clock in case_type.clocks.values())
    standing: set[tuple[str, str]] = set()
    for run in clockwork.runs(view.edition, view.history, context):
        if is_judged(run.status, run.due):
            standing.add((run.rule.id, run.status.value))
        if run.started is None or not run.is_running():
            continue
        for day in (run.due, *(pause.at_latest for pause in run.pauses)):
            if day is not None and day < FOREVER:
                changes |= {day - _DAY, day, day + _DAY} if chained else {day + _DAY}
    return frozenset(standing), changes


def entry_spans(
    rules: Iterable[CountingRule],
    register: RegisterType,
    versions: Sequence[EntryVersion],
    begins: date | None,
    ends: date | None,
) -> list[Span]:
    """The spans of a register entry: a cut-off finds the last version until then, or else the first."""
    stretches = list(_stretches(versions))
    found: list[Span] = []
    for rule in rules:
        for version, since, until in stretches:
            day = _reached(rule, begins, ends, since)
            matched = entry_matches(rule, register, version.data, begins, ends, date.min, day)
            if not matched:
                continue
            (match,) = matched
            lasting = rule.counts is CountedState.IN_FORCE_AT_END
            first = max(since, match.on) if lasting else since
            last = min(until, _after(ends)) if lasting else until
            if first < last:
                found.append(Span(rule, replace(match, position=version.version), first, last))
    return found


def _after(ends: date | None) -> date:
    return FOREVER if ends is None or ends == FOREVER else ends + _DAY


def _reached(rule: CountingRule, begins: date | None, ends: date | None, since: date) -> date:
    """A cut-off at which the entry counts, if it does at all from `since` on."""
    if rule.counts is CountedState.IN_FORCE_AT_END:
        return max(since, begins) if begins is not None else since
    return FOREVER


def _stretches(versions: Sequence[EntryVersion]) -> Iterator[tuple[EntryVersion, date, date]]:
    marks = sorted({version.on for version in versions})
    yield from (
        (version, since, until)
        for since, until in _between([date.min, *(day for day in marks if day > date.min)])
        for version in [_standing_on(versions, since)]
    )


def _standing_on(versions: Sequence[EntryVersion], day: date) -> EntryVersion:
    known = [version for version in versions if version.on <= day]
    return (known or versions[:1])[-1]
