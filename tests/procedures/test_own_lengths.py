"""Clocks whose length, beginning or end the case itself gives: another law's days, promises, dates, acceptance by silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.law.schema import CaseType
from yifa.procedures import engine
from yifa.procedures.model import Act, ClockStatus, Context, Listing

LICENCE = {
    "case_type": "licence",
    "title": "办件",
    "summary": "测试用",
    "basis": [{"law": "行政许可法"}],
    "opens_with": ["receive"],
    "facts": {
        "legal_days": {"title": "法定工作日数", "type": "number"},
        "promised_days": {"title": "承诺工作日数", "type": "number"},
        "until": {"title": "约定日期", "type": "date"},
    },
    "acts": {
        "receive": {"title": "收件"},
        "accept": {"title": "受理", "after": ["receive"]},
        "deem": {"title": "视为受理", "after": ["receive"]},
        "start": {
            "title": "开始评审",
            "fields": {"item": {"title": "评审事项", "type": "entry", "register": "expert_review_items"}},
        },
        "end": {"title": "评审结束"},
        "decide": {"title": "决定", "closes": True},
    },
    "clocks": {
        "decision": {
            "title": "法定期限",
            "from": ["accept", "deem"],
            "to": ["decide"],
            "dated_back": {"deem": "receive"},
            "at_most": [
                {
                    "law": "行政许可法",
                    "article": "第四十二条",
                    "length": 20,
                    "unit": "workdays",
                    "length_by_fact": "legal_days",
                }
            ],
            "pauses": [{"from": ["start"], "to": ["end"]}],
        },
        "promised": {
            "title": "承诺期限",
            "from": ["accept"],
            "to": ["decide"],
            "promise": True,
            "at_most": [{"law": "优化营商环境条例", "unit": "workdays", "length_by_fact": "promised_days"}],
        },
        "agreed": {
            "title": "约定期限",
            "from": ["receive"],
            "to": ["decide"],
            "ends_by_fact": "until",
            "at_most": [{"law": "优化营商环境条例", "article": "第三十一条"}],
        },
    },
}  # fmt: skip
CASE = CaseType.model_validate(LICENCE)
ACCEPTED = (Act("receive", date(2024, 3, 1)), Act("accept", date(2024, 3, 1)))


def clocks(facts: dict[str, Any], *acts: Act, on: date = date(2024, 3, 4)) -> Any:
    return engine.state(CASE, facts, acts, Context(on=on)).clocks


def test_a_number_among_the_facts_takes_the_place_of_the_laws() -> None:
    assert clocks({}, *ACCEPTED)["decision"].due == date(
        2024, 3, 29
    )  # 4-8, 11-15, 18-22, 25-29 March: twenty
    assert clocks({"legal_days": 5}, *ACCEPTED)["decision"].due == date(2024, 3, 8)
    assert clocks({"legal_days": 5}, *ACCEPTED)["decision"].length_text == "5个工作日"


@pytest.mark.parametrize("value", [-1, True])
def test_what_is_no_length_leaves_the_laws(value: Any) -> None:
    assert clocks({"legal_days": value}, *ACCEPTED)["decision"].due == date(2024, 3, 29)


def test_a_broken_promise_is_seen_and_is_no_finding() -> None:
    facts = {"promised_days": 3, "legal_days": 10}
    acts = (*ACCEPTED, Act("decide", date(2024, 3, 12)))  # promised until 6 March, lawful until 15 March
    on = date(2024, 3, 12)
    found = clocks(facts, *acts, on=on)
    assert (found["promised"].due, found["promised"].state) == (date(2024, 3, 6), ClockStatus.BROKEN)
    assert (found["decision"].due, found["decision"].state) == (date(2024, 3, 15), ClockStatus.KEPT)
    assert engine.findings(CASE, facts, acts, Context(on=on)) == ()
    late = (*ACCEPTED, Act("decide", date(2024, 3, 18)))
    (finding,) = engine.findings(CASE, facts, late, Context(on=date(2024, 3, 18)))
    assert finding.clock == "decision" and "10个工作日" in finding.message


def test_a_promise_that_was_not_made_has_no_date() -> None:
    assert clocks({}, *ACCEPTED)["promised"].due is None


def test_what_the_law_takes_as_accepted_runs_from_the_receipt() -> None:
    acts = (Act("receive", date(2024, 3, 1)), Act("deem", date(2024, 3, 8)))
    found = clocks({}, *acts, on=date(2024, 3, 11))["decision"]
    assert (found.started, found.due) == (date(2024, 3, 1), date(2024, 3, 29))
    steps = engine.trace(CASE, {}, acts, "decision", Context(on=date(2024, 3, 11)))
    assert "“视为受理”，自“收件”之日起" in steps[0].why
    assert clocks({}, acts[0], on=date(2024, 3, 11))["decision"].state is ClockStatus.WAITING


def test_a_date_among_the_facts_is_the_last_day() -> None:
    facts = {"until": "2024-06-30"}  # a Sunday: a date agreed is that date
    opened = (Act("receive", date(2024, 3, 1)),)
    assert clocks(facts, *opened)["agreed"].due == date(2024, 6, 30)
    before = (*opened, Act("decide", date(2024, 5, 6)))
    assert clocks(facts, *before, on=date(2024, 7, 1))["agreed"].state is ClockStatus.KEPT
    after = (*opened, Act("decide", date(2024, 7, 1)))
    found = [one.message for one in engine.findings(CASE, facts, after, Context(on=date(2024, 7, 1)))]
    assert len(found) == 1 and "至2024年6月30日" in found[0] and "超期1日" in found[0]
    steps = engine.trace(CASE, facts, opened, "agreed", Context(on=date(2024, 3, 4)))
    assert (steps[-1].on, steps[-1].why) == (date(2024, 6, 30), "最后一日为“约定日期”")
    assert clocks({}, *opened)["agreed"].due is None


@pytest.mark.parametrize(
    ("standing", "due"), [(Listing.IN_FORCE, date(2024, 4, 8)), (Listing.UNKNOWN, date(2024, 3, 29))]
)
def test_time_counts_where_the_step_is_on_no_list(standing: Listing, due: date) -> None:
    """5 to 11 March are five working days, so five more after 29 March: 1, 2, 3 April, 7 (a worked Sunday), 8."""
    acts = (
        *ACCEPTED,
        Act("start", date(2024, 3, 4), fields={"item": "甲"}, listed={"item": standing}),
        Act("end", date(2024, 3, 11)),
    )
    assert clocks({}, *acts, on=date(2024, 3, 12))["decision"].due == due


def test_only_a_deadline_can_be_a_promise() -> None:
    clock = {"title": "最短", "from": ["receive"], "to": ["decide"], "promise": True}
    broken = LICENCE | {"clocks": {"wait": clock | {"at_least": [{"law": "行政许可法", "length": 5}]}}}
    with pytest.raises(ValueError, match="promise 只用于最长时限"):
        CaseType.model_validate(broken)
