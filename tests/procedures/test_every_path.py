"""Every act of every case type can be reached, and from wherever a case is, it can come to its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.procedures.test_engine_walks import an_act
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, FieldType
from yifa.procedures import engine
from yifa.procedures.model import Act, Context

BEGIN = date(2025, 3, 3)
WALKS, EXPLORING, STEPS = 1500, 40, 400


def facts_of(case_type: CaseType, chance: Random) -> dict[str, Any]:
    """Yes/no questions and choices answered by chance; a date that chooses the law lies today."""
    facts: dict[str, Any] = {}
    for name, spec in case_type.facts.items():
        if spec.choices:
            facts[name] = chance.choice(spec.choices)
        elif spec.type is FieldType.BOOLEAN:
            facts[name] = chance.random() < 0.5
        elif spec.type in {FieldType.NUMBER, FieldType.MONEY}:
            facts[name] = chance.choice([1, 100, 1_000_000])
        elif spec.type not in {FieldType.DATE, FieldType.LIST} and chance.random() < 0.5:
            facts[name] = "文字"
    return facts


def walk(case_type: CaseType, chance: Random, wanted: set[str]) -> Iterator[tuple[list[Act], bool]]:
    """The acts so far and whether the case is closed, after each act.

    At first acts not seen yet are preferred, then those that end the case; where only waiting helps, time passes.
    """
    facts, acts, day, closed = facts_of(case_type, chance), list[Act](), BEGIN, False
    for step in range(STEPS):
        state = engine.state(case_type, facts, acts, Context(on=day))
        if closed and (not state.next or chance.random() < 0.15):
            return
        if not state.next:
            day += timedelta(days=chance.randint(1, 90))
            continue
        choose = _towards_new if step < EXPLORING else _towards_end
        acts.append(some_act(case_type, choose(case_type, state.next, wanted, chance), day, chance))
        day += timedelta(days=chance.randint(0, 20))
        closed = engine.state(case_type, facts, acts, Context(on=day)).closed
        yield acts, closed


def _towards_new(case_type: CaseType, allowed: Sequence[str], wanted: set[str], chance: Random) -> str:
    fresh = [act for act in allowed if act in wanted]
    going_on = [act for act in allowed if not _may_end(case_type, act)]
    if fresh and chance.random() < 0.6:
        return chance.choice(fresh)
    return chance.choice(going_on if going_on and chance.random() < 0.85 else list(allowed))


def _towards_end(case_type: CaseType, allowed: Sequence[str], _: set[str], chance: Random) -> str:
    ending = [act for act in allowed if _may_end(case_type, act)]
    return chance.choice(ending if ending and chance.random() < 0.7 else list(allowed))


def _may_end(case_type: CaseType, act: str) -> bool:
    return case_type.acts[act].closes or bool(case_type.acts[act].closes_on_outcome)


def some_act(case_type: CaseType, name: str, day: date, chance: Random) -> Act:
    """An act whose questions are answered by chance."""
    made = an_act(case_type, name, day, chance.randrange(12))
    fields = dict(made.fields)
    for field, spec in case_type.acts[name].fields.items():
        if spec.choices:
            fields[field] = chance.choice(spec.choices)
        elif spec.type is FieldType.BOOLEAN:
            fields[field] = chance.random() < 0.6
        elif not spec.required and chance.random() < 0.3:
            del fields[field]
    return replace(made, fields=fields)


@pytest.mark.parametrize("name", catalogue().case_types)
def test_every_act_is_reached_and_every_case_ends(name: str) -> None:
    case_type, chance = catalogue().case_types[name], Random(name)
    wanted = set(case_type.acts)
    unended = 0
    for number in range(WALKS):
        ended = False
        for acts, closed in walk(case_type, chance, wanted):
            wanted.discard(acts[-1].act)
            ended |= closed
        unended += not ended
        if not wanted and number >= 9:
            break
    assert not wanted, f"never reached: {sorted(wanted)}"
    assert not unended, f"{unended} of {number + 1} walks never came to an end"
