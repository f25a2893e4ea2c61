"""What a case already says of an act's fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.law.loader import catalogue
from yifa.procedures.known import known
from yifa.procedures.model import Act


def done(act: str, day: int, **fields: Any) -> Act:
    return Act(act=act, on=date(2026, 3, day), fields=fields)


def test_the_last_act_that_says_it_counts_then_the_facts() -> None:
    penalty = catalogue().case_types["administrative_penalty"]
    acts = [done("investigate", 2, officers=["甲", "乙"]), done("investigate", 5, officers=["丙", "丁"])]
    found = known(penalty, {"proposed_fine": 900}, acts, "decide")
    assert (found["officers"].value, found["officers"].said_in) == (["丙", "丁"], "调查取证")
    assert (found["fine"].value, found["fine"].said_in) == (900, "拟处罚款数额")
    acts.append(done("decide", 9, fine=800))
    assert known(penalty, {"proposed_fine": 900}, acts, "pay")["amount"].value == 800


def test_what_nobody_said_is_not_made_up() -> None:
    penalty = catalogue().case_types["administrative_penalty"]
    assert known(penalty, {}, [done("decide", 9, fine=None)], "pay") == {}


def test_every_origin_has_the_type_and_the_kind_of_value_of_the_field() -> None:
    """The catalogue's check says so; here it is counted that the reuse is there at all."""
    reused = [
        (case.case_type, act, name)
        for case in catalogue().case_types.values()
        for act, kind in case.acts.items()
        for name, spec in kind.fields.items()
        if spec.known_from
    ]
    assert len(reused) >= 20


def test_what_was_recorded_one_by_one_is_counted() -> None:
    decision = catalogue().case_types["major_decision"]

    def opinion(outcome: str) -> Act:
        return Act(act="answer_opinion", on=date(2026, 9, 14), outcome=outcome)

    assert "received" not in known(decision, {}, [], "study_opinions")
    answered = [opinion("采纳"), opinion("不采纳"), opinion("部分采纳")]
    found = known(decision, {}, answered, "study_opinions")
    assert (found["received"].value, found["adopted"].value) == (3, 2)
    assert known(decision, {}, [opinion("不采纳")], "study_opinions")["adopted"].value == 0


def test_of_a_list_one_is_taken_at_a_time_and_what_is_taken_is_not_offered_again() -> None:
    inspection = catalogue().case_types["random_inspection"]
    acts = [done("draw", 2, objects=["甲店", "乙店", "丙店"], inspectors=["庚", "辛"])]
    found = known(inspection, {}, acts, "inspect")
    assert (found["object"].value, found["object"].rest) == ("甲店", ("乙店", "丙店"))
    assert (found["officers"].value, found["officers"].rest) == (["庚", "辛"], ())
    acts += [done("inspect", 3, object="甲店"), done("inspect", 3, object="丙店")]
    last = known(inspection, {}, acts, "inspect")["object"]
    assert (last.value, last.rest) == ("乙店", ())
    acts.append(done("inspect", 4, object="乙店"))
    assert "object" not in known(inspection, {}, acts, "inspect")
    acts.append(done("redraw", 5, objects=["丁店"], inspectors=["庚", "壬"]))
    assert known(inspection, {}, acts, "inspect")["object"].value == "丁店"
