"""In which order a case offers the acts that may come next."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from yifa.law.schema import CaseType
from yifa.procedures.model import CaseState, ClockStatus

NOT_PRESSING = (date.max, 0)


def nearest_first(case_type: CaseType, state: CaseState, leading: Set[str]) -> list[str]:
    """The acts allowed now: first what the case waits for; then those that stop a running deadline whose usual end is
    open, the most pressing first; then the body's own that have not happened yet: those on the usual way, those off it,
    those that may as well come after the case is closed; then repeats nothing waits for; then those of the parties. On the
    usual way what
    the end of the case waits for by what is known of it (`leading`, of `engine.leading`) and what moves the case on, in
    the order of the catalogue, come before the rest.
    """
    waited_for = _waited_for(case_type, state)
    aside = _aside(case_type, state)
    pressing: dict[str, tuple[date, int]] = {}
    for clock in state.clocks.values():
        if clock.minimum or clock.stopped or clock.due is None or clock.state is ClockStatus.WAITING:
            continue
        stops = case_type.clocks[clock.id].stops
        for place, act in enumerate(stops):  # the catalogue names the usual end first
            if stops[0] in state.next:
                pressing[act] = min((clock.due, place), pressing.get(act, NOT_PRESSING))
    return sorted(
        state.next,
        key=lambda name: (
            name not in waited_for,
            case_type.acts[name].party is not None,
            name in state.done and name not in leading,
            pressing.get(name, NOT_PRESSING),
            case_type.acts[name].required is not True,
            not state.closed and case_type.acts[name].after_closing,
            name in aside,
            name not in leading and case_type.acts[name].state is None,
        ),
    )


def _aside(case_type: CaseType, state: CaseState) -> set[str]:
    """What would close the case off its usual way: a later end of it still waits for acts that may happen now."""
    acts = case_type.acts
    ends = {name for name in state.next if acts[name].closes}
    ahead = [acts[name] for name in state.blocked if acts[name].party is None]
    waits = [one for act in ahead for one in act.after if not state.done & {*one.acts}]
    leading = {
        name for one in waits for name in one.acts if name in state.next and not acts[name].after_closing
    }
    return ends if leading - ends and any(act.closes for act in ahead) else set()


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
