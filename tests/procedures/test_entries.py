from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.procedures.sample_procedure import act, correct
from yifa.procedures.entries import CorrectionError, corrected, effective
from yifa.procedures.model import Act, Correction


def test_acts_come_by_date_then_by_the_order_entered() -> None:
    entries = [act("c", "2024-03-02"), act("a", "2024-03-01"), act("b", "2024-03-01")]
    assert [(found.act, found.position) for found in effective(entries)] == [("a", 2), ("b", 3), ("c", 1)]


def test_a_correction_replaces_parts_and_leaves_the_rest() -> None:
    entries = [
        act("a", "2024-03-01", "通过", by="甲", fields={"x": 1, "y": 2}),
        correct(1, on="2024-03-05", fields={"y": 3}),
    ]
    (found,) = effective(entries)
    assert (found.on, found.outcome, found.by) == (date(2024, 3, 5), "通过", "甲")
    assert found.fields == {"x": 1, "y": 3}
    assert found.corrected
    assert not effective(entries[:1])[0].corrected


def test_the_later_correction_wins_and_a_withdrawal_removes() -> None:
    entries = [
        act("a", "2024-03-01"),
        correct(1, on="2024-03-05"),
        correct(1, on="2024-03-07"),
        act("b", "2024-03-02"),
    ]
    assert [found.on.day for found in effective(entries)] == [2, 7]
    assert [found.act for found in effective([*entries, correct(1, withdraws=True)])] == ["b"]


def test_evidence_may_come_as_stored_by_the_ledger() -> None:
    (found,) = effective(
        [act("a", "2024-03-01"), correct(1, evidence=[{"title": "答复书", "attachment": None}])]
    )
    assert found.evidence == ("答复书",)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([act("a", "2024-03-01"), correct(2)], "本身是更正"),
        ([act("a", "2024-03-01"), correct(7)], "没有第7项可以更正"),
        ([act("a", "2024-03-01"), correct(1, by="甲"), correct(2, by="乙")], "本身是更正"),
        ([act("a", "2024-03-01"), correct(1, withdraws=True), correct(1, by="乙")], "已经撤回"),
        ([correct(2, by="甲"), act("a", "2024-03-01")], "没有第2项可以更正"),
        ([act("a", "2024-03-01"), correct(1, position=3)], "不能更正“position”"),
        ([act("a", "2024-03-01"), correct(1, on="2024年")], "2024-09-20"),
    ],
)
def test_what_cannot_be_corrected_is_said(entries: list[Act | Correction], words: str) -> None:
    with pytest.raises(CorrectionError, match=words):
        effective(entries)


DAYS = st.integers(0, 400).map(lambda n: date(2024, 1, 1) + timedelta(days=n))


@given(st.lists(DAYS, min_size=1, max_size=6), st.lists(st.tuples(st.integers(0, 5), DAYS), max_size=6))
def test_correcting_a_date_equals_having_entered_it_so(
    days: list[date], changes: list[tuple[int, date]]
) -> None:
    right = list(days)
    entries: list[Act | Correction] = [Act("a", day, by=str(place)) for place, day in enumerate(days)]
    for place, day in changes:
        if place < len(days):
            right[place] = day
            entries.append(Correction(of=place + 1, changes={"on": day.isoformat()}, reason="错"))
    straight = effective([Act("a", day, by=str(place)) for place, day in enumerate(right)])
    assert [(a.on, a.by) for a in effective(entries)] == [(a.on, a.by) for a in straight]


def test_a_stated_part_is_judged_again() -> None:
    unsaid = act("a", "2024-03-01", unstated=frozenset({"evidence", "fields"}))
    assert corrected(unsaid, {"evidence": ["答复书"]}).unstated == {"fields"}
