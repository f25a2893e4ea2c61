"""A case follows the law of its governing date for its whole life."""

from __future__ import annotations

from datetime import date

import pytest

from tests.procedures.sample_procedure import PERMIT, act, on
from yifa.law.loader import catalogue
from yifa.procedures import engine
from yifa.procedures.model import Entry

APPLIED = act("apply", "2019-12-30")
OLD: list[Entry] = [APPLIED, act("accept", "2019-12-31")]
NEW: list[Entry] = [APPLIED, act("accept", "2020-01-02")]


def test_the_eve_and_the_day_of_the_change() -> None:
    old = engine.state(PERMIT, {}, OLD, on("2020-06-01"))
    new = engine.state(PERMIT, {}, NEW, on("2020-06-01"))
    assert (old.governed_on, new.governed_on) == (date(2019, 12, 31), date(2020, 1, 2))
    assert (old.clocks["decision"].due, new.clocks["decision"].due) == (date(2020, 1, 30), date(2020, 1, 16))
    assert old.clocks["decision"].basis != new.clocks["decision"].basis


def test_extensions_follow_the_cases_own_law() -> None:
    old = engine.state(PERMIT, {}, [*OLD, act("extend", "2020-01-20")], on("2020-02-01"))
    new = engine.state(PERMIT, {}, [*NEW, act("extend", "2020-01-10")], on("2020-01-11"))
    assert old.clocks["decision"].due == date(2020, 2, 14)  # 30 and 15 calendar days
    assert new.clocks["decision"].due == date(2020, 1, 22)  # 10 and 5 working days, Sunday 01-19 is worked


def test_an_act_only_the_new_law_knows() -> None:
    drafted_old, drafted_new = [*OLD, act("draft", "2020-01-03")], [*NEW, act("draft", "2020-01-03")]
    review = act("review", "2020-01-06", "通过", fields={"opinions": 1})
    (refusal,) = engine.refusals(PERMIT, {}, drafted_old, review, on("2020-06-01"))
    assert (refusal.kind, "自2020年1月1日起" in refusal.reason) == ("not_applicable", True)
    assert engine.refusals(PERMIT, {}, drafted_new, review, on("2020-06-01")) == ()
    decide = act("decide", "2020-01-07", "准予")
    assert engine.refusals(PERMIT, {}, drafted_old, decide, on("2020-06-01")) == ()
    assert [r.kind for r in engine.refusals(PERMIT, {}, drafted_new, decide, on("2020-06-01"))] == ["order"]
    assert "review" not in engine.state(PERMIT, {}, drafted_old, on("2020-06-01")).blocked


def test_the_basis_named_is_that_of_the_cases_own_law() -> None:
    def reason(day: str) -> str:
        (refusal,) = engine.refusals(
            PERMIT, {"law_date": day}, [], act("accept", "2020-03-01"), on("2020-06-01")
        )
        assert refusal.basis is not None
        return refusal.basis.law

    assert (reason("2019-12-31"), reason("2020-01-01")) == ("试办条例（旧）", "试办条例")


def test_the_fact_overrides_the_act() -> None:
    state = engine.state(PERMIT, {"law_date": "2020-01-01"}, OLD, on("2020-06-01"))
    assert (state.governed_on, state.clocks["decision"].due) == (date(2020, 1, 1), date(2020, 1, 15))


def test_until_the_law_is_picked_the_opening_governs() -> None:
    assert engine.state(PERMIT, {}, [APPLIED], on("2020-06-01")).governed_on == date(2019, 12, 30)
    assert engine.state(PERMIT, {}, [], on("2020-06-01")).governed_on is None


@pytest.mark.parametrize(
    ("accepted", "clock", "due"),
    [
        ("2023-12-29", "decision", date(2024, 2, 27)),
        ("2024-01-02", "decision", date(2024, 3, 4)),  # sixty days end on Saturday 03-02 and move
    ],
)
def test_reconsideration_on_the_eve_of_2024(accepted: str, clock: str, due: date) -> None:
    case_type = catalogue().case_types["reconsideration"]
    entries = [act("receive", "2023-12-27"), act("accept", accepted), act("send_copy", "2024-01-04")]
    state = engine.state(case_type, {}, entries, on("2024-01-10"))
    assert state.clocks[clock].due == due
    old = accepted < "2024"
    # ten days to answer: calendar days under the old law (a Sunday, moved), working days under the new
    assert state.clocks["defence"].due == (date(2024, 1, 15) if old else date(2024, 1, 18))
