"""A case type made ready to run: conditions as functions, reasons written out, durations chosen by date.

The law of a case is the law of its governing date. Between two dates on which something in the case type begins
or ends to be valid nothing changes, so each such span has one `Edition`, made when first asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yifa.law.clocks import UNIT_NAMES, in_force, length_text
from yifa.law.loader import catalogue
from yifa.law.schema import (
    ActType,
    Basis,
    CaseType,
    ClockType,
    Duration,
    Extension,
    FieldSpec,
    FieldType,
    Jurisdiction,
    Pause,
    Prerequisite,
)
from yifa.procedures import wording
from yifa.procedures.conditions import compile_condition, looks_at_acts
from yifa.procedures.history import History
from yifa.procedures.model import Act, ClockState, ClockStatus, Refusal
from yifa.procedures.rules import ActRule, Bound, ClockRule, Holding, Lengthening, Needed


@dataclass(frozen=True, slots=True)
class Edition:
    """The procedure as the law stood in a span of dates: its acts and how long its clocks ran."""

    rules: Mapping[str, ActRule]
    clocks: tuple[ClockRule, ...]
    days: Mapping[str, FieldSpec]  # for each act that lengthens a clock its field `days`, with the law's most

    def let_happen(self, act: Act, history: History) -> None:
        """Add an act to a history."""
        rule = self.rules.get(act.act)
        if rule is None:
            history.add(act, opens=False, closes=False)
        else:
            history.add(act, opens=rule.opens, closes=rule.closes(act))

    def history(self, acts: Iterable[Act], facts: Mapping[str, Any], level: str) -> History:
        """What has happened once all these acts have."""
        history = History(facts, level)
        for act in acts:
            self.let_happen(act, history)
        return history


def as_date(value: Any) -> date | None:
    """A date fact, which may be stored as text; None where there is none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


class Procedure:
    """A case type under a jurisdiction, ready to run."""

    def __init__(self, case_type: CaseType, jurisdiction: Jurisdiction | None) -> None:
        self.case_type = case_type
        self.jurisdiction = jurisdiction
        self.governed_by = tuple(case_type.governed_by or case_type.opens_with)
        self.local = _local_durations(case_type, jurisdiction)
        self.turns = sorted(_turns(case_type, self.local))
        self._editions: dict[int, Edition] = {}

    def edition(self, governed_on: date) -> Edition:
        """The edition in force for cases governed by a date."""
        place = bisect_right(self.turns, governed_on)
        edition = self._editions.get(place)
        if edition is None:
            edition = self._editions[place] = self._make_edition(governed_on)
        return edition

    def governed_on(self, acts: Sequence[Act], facts: Mapping[str, Any], today: date) -> date:
        """The date whose law the case follows for its whole life.

        The date fact that overrides all; else the first act that picks the law; else, until that happens, the
        first act that opened the case; else the day of looking.
        """
        fact = self.case_type.governed_by_fact
        given = as_date(facts.get(fact)) if fact is not None else None
        if given is not None:
            return given
        opened: date | None = None
        for act in acts:
            if act.act in self.governed_by:
                return act.on
            if opened is None and act.act in self.case_type.opens_with:
                opened = act.on
        return opened or today

    def _make_edition(self, on: date) -> Edition:
        rules = {name: _act_rule(self.case_type, name, on) for name in self.case_type.acts}
        clocks = (self._clock_rule(name, clock, on) for name, clock in self.case_type.clocks.items())
        known = tuple(rule for rule in clocks if rule is not None)
        return Edition(rules=rules, clocks=known, days=dict(_days_fields(self.case_type, known)))

    def _clock_rule(self, name: str, clock: ClockType, on: date) -> ClockRule | None:
        """The clock under the law of a date; None where that law had no such clock."""
        minimum = clock.at_most is None
        national = clock.at_least if minimum else clock.at_most
        duration = in_force(self.local.get(name, ()), on) or in_force(national or (), on)
        if duration is None:
            return None
        when = clock.when
        text = length_text(duration.length, duration.unit)
        basis = Basis(law=duration.law, article=duration.article)
        return ClockRule(
            id=name,
            type=clock,
            minimum=minimum,
            duration=duration,
            length_text=text,
            basis=basis,
            when=None if when is None else compile_condition(when, self.case_type.facts),
            extensions=tuple(_lengthenings(clock.extensions, on)),
            pauses=tuple(
                Holding(tuple(pause.starts), tuple(pause.ends), in_force(pause.at_most, on))
                for pause in clock.pauses
            ),
            survives_closing=any(self.case_type.acts[act].after_closing for act in clock.stops),
            waiting=ClockState(
                name, clock.title, ClockStatus.WAITING, minimum, None, None, None, None, basis, text
            ),
        )


def _lengthenings(extensions: Iterable[Extension], on: date) -> Iterable[Lengthening]:
    for extension in extensions:
        most = in_force(extension.at_most, on)
        if most is not None:
            yield Lengthening(extension.act, most)


def _days_fields(case_type: CaseType, clocks: Iterable[ClockRule]) -> Iterable[tuple[str, FieldSpec]]:
    for clock in clocks:
        for extension in clock.extensions:
            own = case_type.acts[extension.act].fields.get("days")
            spec = own or FieldSpec(
                title="延长的时间", type=FieldType.NUMBER, minimum=1, unit=UNIT_NAMES[extension.most.unit]
            )
            if spec.maximum is None:
                basis = Basis(law=extension.most.law, article=extension.most.article)
                spec = spec.model_copy(
                    update={"maximum": extension.most.length, "basis": spec.basis or basis}
                )
            yield extension.act, spec


def _valid(item: ActType | Prerequisite, on: date) -> bool:
    """Whether it is in force for cases governed by the date; both ends belong to it."""
    return (item.valid_from is None or item.valid_from <= on) and (
        item.valid_to is None or on <= item.valid_to
    )


def _local_durations(
    case_type: CaseType, jurisdiction: Jurisdiction | None
) -> dict[str, tuple[Duration, ...]]:
    local: dict[str, tuple[Duration, ...]] = {}
    for item in jurisdiction.durations if jurisdiction else ():
        if item.case_type == case_type.case_type:
            local[item.clock] = (*local.get(item.clock, ()), item.duration)
    return local


def _turns(case_type: CaseType, local: dict[str, tuple[Duration, ...]]) -> set[date]:
    """The days from which something else is valid."""
    items: list[ActType | Prerequisite | Duration] = [*case_type.acts.values()]
    items.extend(item for act in case_type.acts.values() for item in act.after)
    earlier = [basis for act in case_type.acts.values() for basis in act.earlier]
    earlier += [basis for act in case_type.acts.values() for item in act.after for basis in item.earlier]
    for durations in local.values():
        items.extend(durations)
    for clock in case_type.clocks.values():
        items.extend(clock.at_most or ())
        items.extend(clock.at_least or ())
        for extension in clock.extensions:
            items.extend(extension.at_most)
        for pause in clock.pauses:
            items.extend(pause.at_most)
    turns = {item.valid_from for item in items if item.valid_from is not None}
    turns |= {item.valid_to + timedelta(days=1) for item in items if item.valid_to is not None}
    turns |= {basis.valid_to + timedelta(days=1) for basis in earlier}
    cited = [item.basis for item in items if isinstance(item, ActType | Prerequisite) and item.basis]
    return turns.union(*(catalogue().laws.turns(basis) for basis in cited))


def basis_on(item: ActType | Prerequisite | Pause, on: date) -> Basis | None:
    """The place in the law that was in force for cases governed by the date."""
    for earlier in item.earlier:
        if on <= earlier.valid_to:
            return Basis(law=earlier.law, article=earlier.article)
    ended = item.valid_to is not None if isinstance(item, ActType | Prerequisite) else False
    if item.basis is None or ended:  # what has ended cites the text in which it stood
        return item.basis
    return catalogue().laws.standing(item.basis, on)


def _act_rule(case_type: CaseType, name: str, on: date) -> ActRule:
    act = case_type.acts[name]
    title, basis = wording.act_title(case_type, name), basis_on(act, on)
    only_if, required = act.only_if, act.required
    unsuitable = (act.only_if_reason or f"{title}不适用于本事项") + wording.cite(basis)
    return ActRule(
        id=name,
        type=act,
        valid=_valid(act, on),
        opens=name in case_type.opens_with,
        basis=basis,
        needed=tuple(_needed(case_type, name, item, on) for item in act.after if _valid(item, on)),
        only_if=None if only_if is None else compile_condition(only_if, case_type.facts),
        only_if_varies=only_if is not None and looks_at_acts(only_if),
        not_applicable=Refusal(name, unsuitable, basis, "not_applicable"),
        repeated=Refusal(name, f"{title}只能进行一次，已经办过", basis, "repeated"),
        required=required if isinstance(required, bool) else compile_condition(required, case_type.facts),
        closing_outcomes=frozenset(act.closes_on_outcome),
        limits=tuple(Bound(item, compile_condition(item.when, case_type.facts)) for item in act.limits),
    )


def _needed(case_type: CaseType, act: str, item: Prerequisite, on: date) -> Needed:
    basis = basis_on(item, on) or basis_on(case_type.acts[act], on)
    reason = item.reason
    if reason is None:
        reason = f"须先完成{wording.act_titles(case_type, item.acts)}"
        if item.outcome:
            reason += f"且结果为{wording.either(item.outcome)}"
    return Needed(
        acts=tuple(item.acts),
        outcomes=None if item.outcome is None else frozenset(item.outcome),
        when=None if item.when is None else compile_condition(item.when, case_type.facts),
        refusal=Refusal(act, reason + wording.cite(basis), basis, "order"),
    )


_REMEMBERED = 512
_procedures: dict[tuple[int, int], Procedure] = {}


def procedure(case_type: CaseType, jurisdiction: Jurisdiction | None) -> Procedure:
    """The compiled case type, remembered by identity: catalogue objects are frozen and live long."""
    key = (id(case_type), id(jurisdiction))
    known = _procedures.get(key)
    if known is not None and known.case_type is case_type and known.jurisdiction is jurisdiction:
        return known
    if len(_procedures) >= _REMEMBERED:
        _procedures.clear()
    made = _procedures[key] = Procedure(case_type, jurisdiction)
    return made
