"""To which units a case stands handed (转办、交办、移交), read off its acts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.law.schema import CaseType, HandedBack, Handing
from yifa.procedures.model import Act

LONGEST = 120  # characters of a unit's name


@dataclass(frozen=True, slots=True)
class Handed:
    """A unit, as it was named, that a case was handed to by an act. `waiting`: it has done none of its acts since, or it is
    its turn again."""

    unit: str
    act: str
    waiting: bool


def handed(case_type: CaseType, facts: Mapping[str, Any], acts: Sequence[Act]) -> tuple[Handed, ...]:
    """The units the case stands handed to after these acts, in the order in which they were last handed it."""
    return tuple(one for handing in case_type.handing for one in _handed(handing, facts, acts))


def _handed(handing: Handing, facts: Mapping[str, Any], acts: Sequence[Act]) -> Iterator[Handed]:
    waiting: dict[str, bool] = {}
    back, again = ({one.act: one for one in some} for some in (handing.back, handing.again))
    for act in acts:
        if act.act == handing.act:
            for unit in _units(handing, facts, act):
                waiting.pop(unit, None)  # the last one handed to stands last
                waiting[unit] = True
        elif waiting and act.act in back and _gives_back(back[act.act], act):
            _take(waiting, back[act.act], act)
        elif act.act in again and _gives_back(again[act.act], act):
            waiting = dict.fromkeys(waiting, True)
        elif act.act in handing.may:
            waiting = dict.fromkeys(waiting, False)
    return (Handed(unit, handing.act, still) for unit, still in waiting.items())


def _units(handing: Handing, facts: Mapping[str, Any], act: Act) -> list[str]:
    """The units the act names, or the case's facts where the act has no such field."""
    found = [act.fields.get(name, facts.get(name)) for name in handing.to]
    each = [one for value in found for one in (value if isinstance(value, list) else [value])]
    return [one.strip()[:LONGEST] for one in each if isinstance(one, str) and one.strip()]


def _gives_back(back: HandedBack, act: Act) -> bool:
    return not back.outcome or act.outcome in back.outcome


def _take(waiting: dict[str, bool], back: HandedBack, act: Act) -> None:
    """Away from the unit that is named, or from the last one."""
    named = str(act.fields.get(back.unit) or "").strip()[:LONGEST] if back.unit else ""
    waiting.pop(named if named in waiting else next(reversed(waiting)))
