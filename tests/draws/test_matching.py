"""Who inspects what: enough people, never of the own unit, nobody with much more than others."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.draws import DrawError, Item, match
from yifa.draws.matching import barred

UNITS = ("市监局", "住建局", "农业局", "应急局")


def things(many: int, units: int = 0) -> list[Item]:
    return [Item(f"O{n}", unit=UNITS[n % units] if units else "") for n in range(many)]


def people(many: int, units: int = len(UNITS)) -> list[Item]:
    return [Item(f"P{n}", unit=UNITS[n % units]) for n in range(many)]


@settings(max_examples=60, deadline=None)
@given(
    objects=st.integers(1, 40),
    persons=st.integers(4, 12),
    per=st.integers(1, 2),
    seed=st.text("0123456789", min_size=1),
)
def test_nobody_inspects_the_own_unit_or_twice_and_loads_are_even(
    objects: int, persons: int, per: int, seed: str
) -> None:
    drawn, inspectors = things(objects), people(persons)
    found = match(drawn, inspectors, per, seed)
    load = Counter({person.id: 0 for person in inspectors})
    for pair in found:
        assert len(set(pair.people)) == per
        load.update(pair.people)
    assert max(load.values()) - min(load.values()) <= 1
    assert [pair.object for pair in found] == [thing.id for thing in drawn]


@settings(max_examples=60, deadline=None)
@given(
    units=st.integers(2, 4), objects=st.integers(1, 25), seed=st.text("0123456789", min_size=1, max_size=4)
)
def test_units_and_declared_interests_keep_apart(units: int, objects: int, seed: str) -> None:
    inspectors = [*people(8), Item("P8", unit="外单位", avoids=("O0", UNITS[1]))]
    drawn = {thing.id: thing for thing in things(objects, units)}
    known = {person.id: person for person in inspectors}
    for pair in match(list(drawn.values()), inspectors, 2, seed):
        assert all(barred(drawn[pair.object], known[id_]) is None for id_ in pair.people)


def test_tasks_are_passed_on_where_the_turn_alone_would_be_unfair() -> None:
    """Two may inspect everything, two only the last objects: first come first served would load the former twice over."""
    drawn = [Item(f"O{n}", unit="市监局") for n in range(4)] + [
        Item(f"O{n}", unit="住建局") for n in range(4, 8)
    ]
    narrow = [Item("P0", unit="市监局"), Item("P1", unit="市监局")]
    wide = [Item("P2", unit="农业局"), Item("P3", unit="应急局")]
    loads = Counter(id_ for pair in match(drawn, narrow + wide, 2, "5") for id_ in pair.people)
    assert max(loads.values()) == 4 and min(loads.values()) == 4


def test_pairs_change_from_turn_to_turn() -> None:
    pairs = {frozenset(pair.people) for pair in match(things(40), people(8), 2, "20260302")}
    assert len(pairs) > 8


def test_an_object_without_enough_people_is_named() -> None:
    with pytest.raises(DrawError, match=r"不足2人：丙厂（1人）"):
        match(
            [Item("O1", "丙厂", unit="市监局")],
            [Item("P1", unit="市监局"), Item("P2", unit="住建局")],
            2,
            "1",
        )


def test_the_object_may_object_too() -> None:
    assert barred(Item("O", avoids=("P",)), Item("P")) == "对象申请回避"
    assert barred(Item("O", unit="甲"), Item("P", unit="甲")) == "同一单位"
    assert barred(Item("O"), Item("P")) is None
