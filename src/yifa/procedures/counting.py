"""Which records a counting rule counts, and how much each gives: one meaning for scenarios and for the ledger.

The cut-off is the end of the period, or the day of looking if that comes first. Conditions, clocks and "open" are
judged as the case stood at the cut-off; "open at the start" as it stood on the day before the period. A clock without
a last day is neither kept nor broken to a figure.

A rule that counts acts counts `per: act` every matching act in the period, `per: case` the case once, on the day of
its first matching act: the figures of adjoining periods add up to the figure of both. `per: year` looks at each
calendar year by itself: a case counts once in each year in which it has a matching act, on the day of the first, and
a condition on acts is judged by the acts of that year. A rule that names no acts means those that open a case. The
parts of a breakdown always add up to the figure: what has no value to be told apart by is the part 「未填」.

An entry of a register is in force from its first day to its last, both included, and ends on the day after the last.
So what was in force before, plus what began, less what ended in a period is what is in force after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yifa.law.calendar import default_calendar
from yifa.law.schema import CaseType, CountedState, CountingRule, RegisterType, Unit
from yifa.procedures import engine
from yifa.procedures.conditions import Test, compile_condition
from yifa.procedures.entries import effective
from yifa.procedures.history import History
from yifa.procedures.model import Act, ClockStatus, Context, Entry

ONE = Decimal(1)
UNTOLD = "未填"
ITEMS = "\n"  # between the items of a list, each of which is counted as different


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case as counting sees it. `unit` is whose it is, for the breakdown by unit."""

    facts: Mapping[str, Any]
    entries: Sequence[Entry]
    unit: str | None = None
    level: str = "county"


@dataclass(frozen=True, slots=True)
class Match:
    """One thing counted: the entry's position in its case (0: a register entry), its day, its value, its part."""

    position: int
    on: date
    value: Decimal
    part: str | None = None
    kind: str | None = None  # what tells apart, where different ones are counted


def matches(  # noqa: PLR0917  the order in which one says it
    rule: CountingRule,
    case_type: CaseType,
    case: CountedCase,
    period_from: date,
    period_to: date,
    context: Context,
) -> tuple[Match, ...]:
    """What of a case the rule counts in a period, both of whose ends belong to it."""
    at_start = rule.counts is CountedState.OPEN_AT_START
    before = date.min if period_from == date.min else period_from - timedelta(days=1)
    cutoff = min(before if at_start else period_to, context.on)
    if rule.case_type != case_type.case_type or (cutoff < period_from and not at_start):
        return ()
    acts = [act for act in effective(case.entries) if act.on <= cutoff]
    found = list(_matching_acts(rule, case_type, case, acts))
    if at_start or rule.counts is CountedState.OPEN_AT_END:
        counted = found[:1] if _is_open(case_type, acts) else []
    else:
        counted = [act for act in _once(rule, found) if period_from <= act.on]
    if counted and not _clock_fits(rule, case_type, case, replace(context, on=cutoff)):
        return ()
    return tuple(
        Match(
            act.position,
            act.on,
            _value(rule, act.fields, case.facts) if rule.takes is None else taken,
            *labels(rule, case_type, case, act),
        )
        for act in counted
        if (taken := _taken(rule, act, acts, context)) is not None
    )


_unlabelled: dict[int, tuple[CountingRule, CountingRule]] = {}


def unlabelled(rule: CountingRule) -> CountingRule:
    """The rule without what labels a match and changes nothing of what is counted (see `labels`)."""
    if rule.breakdown is None and rule.distinct_by is None:
        return rule
    known = _unlabelled.get(id(rule))
    if known is None or known[0] is not rule:
        bare = rule.model_copy(update={"breakdown": None, "distinct_by": None})
        known = _unlabelled[id(rule)] = (rule, bare)
    return known[1]


def labels(
    rule: CountingRule, case_type: CaseType, case: CountedCase, act: Act
) -> tuple[str | None, str | None]:
    """Part and kind of a match: what of the counted act and its case it is told apart by."""
    part = _part(rule, case.facts, act, case.unit, case_type.acts[act.act].title)
    return part, _kind(rule, act.fields, case.facts)


def _once(rule: CountingRule, found: Sequence[Act]) -> Sequence[Act]:
    """The acts that count, of all that match: each, the first ever, or the first of each year."""
    if rule.per == "act":
        return found
    if rule.per == "case":
        return found[:1]
    first: dict[int, Act] = {}
    for act in found:
        first.setdefault(act.on.year, act)
    return list(first.values())


def _taken(rule: CountingRule, act: Act, acts: Sequence[Act], context: Context) -> Decimal | None:
    """The days it took from the last act that starts the time until the act; None where none did."""
    if rule.takes is None:
        return ONE
    begun = [other.on for other in acts if other.act in rule.takes.starts and other.on <= act.on]
    if not begun:
        return None
    if rule.takes.unit is Unit.WORKDAYS:
        return Decimal((context.calendar or default_calendar()).workdays_between(begun[-1], act.on))
    return Decimal((act.on - begun[-1]).days)


def _kind(rule: CountingRule, fields: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if rule.distinct_by is None:
        return None
    value = fields.get(rule.distinct_by, facts.get(rule.distinct_by))
    if isinstance(value, list | tuple):
        return ITEMS.join(str(item).strip() for item in value if item) or None
    return str(value).strip() if value not in (None, "") else None


def _matching_acts(
    rule: CountingRule, case_type: CaseType, case: CountedCase, acts: Sequence[Act]
) -> Iterator[Act]:
    """The acts the rule means. A condition on an act of the same kind is judged by the act that is counted."""
    wanted = rule.acts or case_type.opens_with
    where = None if rule.where is None else _compiled(rule, case_type.facts)
    for act in acts:
        if act.act not in wanted or (rule.outcomes is not None and act.outcome not in rule.outcomes):
            continue
        if where is not None:
            history = History(case.facts, case.level)
            others = (a for a in acts if a.act != act.act and _looked_at(rule, a, act))
            for other in [*others, act]:
                history.add(other, opens=False, closes=False)
            if not where(history):
                continue
        yield act


def _looked_at(rule: CountingRule, other: Act, counted: Act) -> bool:
    """Whether another act of the case says something of the one that is counted."""
    return rule.per != "year" or other.on.year == counted.on.year


_wheres: dict[int, tuple[CountingRule, Test]] = {}


def _compiled(rule: CountingRule, facts: Mapping[str, Any]) -> Test:
    """The rule's condition, remembered by the rule's identity."""
    known = _wheres.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    test = compile_condition(rule.where, facts) if rule.where is not None else _always
    if len(_wheres) > 1000:
        _wheres.clear()
    _wheres[id(rule)] = (rule, test)
    return test


def _always(_: History) -> bool:
    return True


def _is_open(case_type: CaseType, acts: Iterable[Act]) -> bool:
    opened = False
    for act in acts:
        kind = case_type.acts.get(act.act)
        if kind is not None and (kind.closes or act.outcome in kind.closes_on_outcome):
            return False
        opened = opened or act.act in case_type.opens_with
    return opened


def _clock_fits(rule: CountingRule, case_type: CaseType, case: CountedCase, at_cutoff: Context) -> bool:
    if rule.clock is None or rule.clock_state is None:
        return True
    clocks = engine.state(case_type, case.facts, case.entries, at_cutoff).clocks
    found = [clocks[name] for name in rule.clocks if name in clocks]
    return any(clock.state.value in rule.clock_state and is_judged(clock.state, clock.due) for clock in found)


def is_judged(state: ClockStatus, due: date | None) -> bool:
    """Where no law and no locality gave a last day, nobody was in time and nobody late."""
    return due is not None or state not in {ClockStatus.KEPT, ClockStatus.BROKEN}


def entry_matches(  # noqa: PLR0917  the order in which one says it
    rule: CountingRule,
    register: RegisterType,
    data: Mapping[str, Any],
    begins: date | None,
    ends: date | None,
    period_from: date,
    period_to: date,
) -> tuple[Match, ...]:
    """What of a register entry the rule counts in a period; one match or none."""
    if rule.register_ != register.register_:
        return ()
    on = _entry_day(rule.counts, begins, ends, period_from, period_to)
    if on is None:
        return ()
    if rule.where is not None and not _compiled(rule, register.fields)(History(data, "")):
        return ()
    return (Match(0, on, _value(rule, data, data), _part(rule, data, None, None), _kind(rule, data, data)),)


def _entry_day(
    counts: CountedState, begins: date | None, ends: date | None, start: date, end: date
) -> date | None:
    """The day on which an entry counts; None where it does not."""
    if counts is CountedState.BEGAN:
        return begins if begins is not None and start <= begins <= end else None
    if counts is CountedState.ENDED:
        ended = None if ends is None or ends == date.max else ends + timedelta(days=1)
        return ended if ended is not None and start <= ended <= end else None
    in_force = (begins is None or begins <= end) and (ends is None or ends >= end)
    return (begins or end) if in_force else None


def _value(rule: CountingRule, fields: Mapping[str, Any], facts: Mapping[str, Any]) -> Decimal:
    """1, or the number to add up: the act's, else the fact's; a list gives its length, nothing gives 0."""
    if rule.sum_field is None:
        return ONE
    value = fields.get(rule.sum_field)
    if value is None:
        value = facts.get(rule.sum_field)
    if isinstance(value, list | tuple):
        return Decimal(len(value))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return Decimal(0)
    return Decimal(str(value))


def _part(
    rule: CountingRule, facts: Mapping[str, Any], act: Act | None, unit: str | None, title: str = ""
) -> str | None:
    """The part of the breakdown that it belongs to; `title` is the act's."""
    if rule.breakdown is None:
        return None
    if rule.breakdown == "outcome":
        return (act.outcome if act is not None else None) or UNTOLD
    if rule.breakdown == "act":
        return title or UNTOLD
    if rule.breakdown == "unit":
        return unit or (act.unit if act is not None else None) or UNTOLD
    if rule.breakdown.startswith("field:"):
        value = act.fields.get(rule.breakdown.removeprefix("field:")) if act is not None else None
    else:
        value = facts.get(rule.breakdown.removeprefix("fact:"))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value) or UNTOLD
    return str(value) if value not in (None, "") else UNTOLD
