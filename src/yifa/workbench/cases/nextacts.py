"""In which order a case offers the acts that may come next."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from yifa.law.schema import CaseType
from yifa.procedures.model import CaseState, ClockStatus

NOT_PRESSING = (date.max, 0)


def nearest_first(case_type: CaseType, state: CaseState, leading: Set[str]) -> list[str]:
    """The acts allowed now: first what the case waits for; then the body's own that have not happened yet or are needed
    again; then repeats nothing waits for; then those of the parties.

    Of the body's own first those that stop a running deadline whose usual end is open, the most pressing first; then what
    the end of the case waits for by what is known of it (`leading`, of `engine.leading`) and what moves the case on, in
    the order of the catalogue; then the rest. Behind them what would end the case off its usual way, what may as well
    come after it is closed, and another way for it to have begun.
    """
    waited_for = _waited_for(case_type, state)
    aside = _aside(case_type, state)
    other_beginnings = {
        name
        for name in {*case_type.opens_with} - state.done - leading
        if case_type.acts[name].required is not True
    }
    pressing: dict[str, tuple[date, int]] = {}
    for clock in state.clocks.values():
        if clock.minimum or clock.stopped or clock.due is None or clock.state is ClockStatus.WAITING:
            continue
        stops = case_type.clocks[clock.id].stops
        for place, act in enumerate(stops):  # the catalogue names the usual end first
            if stops[0] in state.next and (place == 0 or case_type.acts[stops[0]].party is None):
                pressing[act] = min((clock.due, min(place, 1)), pressing.get(act, NOT_PRESSING))
            elif place and act not in leading and act != stops[0]:  # an end before the usual one may come
                aside.add(act)
    aside -= {name for name, (_, place) in pressing.items() if place == 0}

    def behind(name: str) -> int:
        if name in other_beginnings:
            return 3
        if case_type.acts[name].after_closing and not state.closed and name not in {*pressing, *leading}:
            return 2
        return 1 if name in aside else 0

    return sorted(
        state.next,
        key=lambda name: (
            name not in waited_for,
            case_type.acts[name].party is not None,
            name in state.done and name not in leading,
            behind(name),
            pressing.get(name, NOT_PRESSING),
            case_type.acts[name].required is not True,
            name not in leading and case_type.acts[name].state is None,
        ),
    )


def _aside(case_type: CaseType, state: CaseState) -> set[str]:
    """What would close the case off its usual way: a later end of it still waits for acts that may happen now, or it may
    end in more than one way.
    """
    acts = case_type.acts
    ends = {name for name in state.next if acts[name].closes}
    ahead = [acts[name] for name in state.blocked if acts[name].party is None]
    waits = [one for act in ahead for one in act.after if not state.done & {*one.acts}]
    leading = {
        name for one in waits for name in one.acts if name in state.next and not acts[name].after_closing
    }
    return ends if len(ends) > 1 or (leading - ends and any(act.closes for act in ahead)) else set()


def _waited_for(case_type: CaseType, state: CaseState) -> set[str]:
    """What ends the pause of a deadline; what a unit the case was handed to is to do first."""
    found = {one.may[0] for one in case_type.handing if one.act in state.done and not state.done & {*one.may}}
    last: dict[str, int] = {act.act: place for place, act in enumerate(state.acts)}
    for clock in state.clocks.values():
        if clock.state is ClockStatus.PAUSED:
            for pause in case_type.clocks[clock.id].pauses:
                begun = max((last[act] for act in pause.starts if act in last), default=-1)
                ended = max((last[act] for act in pause.ends if act in last), default=-1)
                found |= {*pause.ends} if begun > ended else set()
    return found
