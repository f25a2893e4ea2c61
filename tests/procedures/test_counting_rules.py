"""What counting rules count, in cases of our own procedure and in a register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.procedures.sample_procedure import PERMIT, act, correct, on
from yifa.law.schema import CountingRule, Rate, RegisterType
from yifa.procedures.counting import CountedCase, Match, entry_matches, matches
from yifa.procedures.model import Act, Entry
from yifa.procedures.totals import figures, rate, total

Y2023, Y2024 = (date(2023, 1, 1), date(2023, 12, 31)), (date(2024, 1, 1), date(2024, 12, 31))
REVIEWS: list[Entry] = [
    act("apply", "2023-11-01"),
    act("accept", "2023-11-02"),
    act("draft", "2023-11-03"),
    act("review", "2023-11-06", "不通过", fields={"opinions": 4}, unit="甲科"),
    act("review", "2024-01-08", "通过", fields={"opinions": 3}),
    act("decide", "2024-01-09", "准予"),
]


def rule(**parts: Any) -> CountingRule:
    """A counting rule over the sample procedure, or over what `register` says."""
    source = {} if "register" in parts else {"case_type": "permit"}
    return CountingRule.model_validate(
        {"counting_rule": "r", "title": "数", "unit": "件", "explain": "", **source, **parts}
    )


def count(
    counting: CountingRule,
    entries: list[Entry],
    period: tuple[date, date],
    day: str = "2030-01-01",
    **facts: Any,
) -> list[Match]:
    """The matches of one case of the unit 乙局."""
    return list(matches(counting, PERMIT, CountedCase(facts, entries, unit="乙局"), *period, on(day)))


@pytest.mark.parametrize(
    ("parts", "in_2023", "in_2024"),
    [
        ({"acts": ["decide"]}, [], [6]),
        ({"acts": ["review"]}, [4], []),
        ({"acts": ["review"], "per": "act"}, [4], [5]),
        ({"acts": ["review"], "outcomes": ["通过"]}, [], [5]),
        ({"acts": ["review", "decide"], "per": "act"}, [4], [5, 6]),
        ({"acts": ["review"], "per": "year"}, [4], [5]),
        ({"acts": ["review", "decide"], "per": "year"}, [4], [5]),
        ({"acts": ["review"], "per": "year", "where": {"act": "decide", "done": True}}, [], [5]),
        ({}, [1], []),
        ({"acts": ["review"], "per": "act", "where": {"act": "review", "outcome": ["不通过"]}}, [4], []),
        (
            {"acts": ["review"], "per": "act", "where": {"act": "review", "field": "opinions", "at_most": 3}},
            [],
            [5],
        ),
        ({"acts": ["apply"], "where": {"act": "decide", "done": True}}, [], []),
        ({"acts": ["decide"], "where": {"fact": "urgent", "is": True}}, [], []),
        ({"acts": ["decide"], "where": {"fact": "urgent", "is": False}}, [], [6]),
        ({"counts": "open_at_end"}, [1], [1]),
        ({"counts": "open_at_end", "acts": ["decide"]}, [], [6]),
        ({"counts": "open_at_start"}, [], [1]),
        ({"counts": "open_at_start", "where": {"act": "review", "outcome": ["不通过"]}}, [], [1]),
        ({"counts": "open_at_start", "where": {"act": "decide", "done": True}}, [], []),
        ({"acts": ["accept"], "clock": "decision", "clock_state": ["broken"]}, [2], []),
        ({"acts": ["decide"], "clock": "decision", "clock_state": ["broken"]}, [], [6]),
        ({"acts": ["decide"], "clock": "decision", "clock_state": ["kept"]}, [], []),
    ],
)
def test_what_counts_and_when(parts: dict[str, Any], in_2023: list[int], in_2024: list[int]) -> None:
    assert [match.position for match in count(rule(**parts), REVIEWS, Y2023)] == in_2023
    assert [match.position for match in count(rule(**parts), REVIEWS, Y2024)] == in_2024


def test_an_open_case_counts_until_it_is_closed_and_only_once_opened() -> None:
    still_open = rule(counts="open_at_end")
    closed: list[Entry] = [*REVIEWS, act("deliver", "2024-02-01")]
    assert len(count(still_open, closed, Y2023)) == 1
    assert count(still_open, closed, Y2024) == []
    assert count(still_open, closed, (date(2022, 1, 1), date(2022, 12, 31))) == []
    rejected: list[Entry] = [*REVIEWS[:5], act("decide", "2024-01-09", "驳回")]
    assert count(still_open, rejected, Y2024) == []


@given(st.dates(date(2023, 1, 1), date(2024, 3, 1)), st.integers(0, 300), st.integers(0, 40), st.booleans())
def test_what_is_carried_over_and_new_is_what_ended_and_is_carried_on(
    start: date, days: int, after: int, decided: bool
) -> None:
    """One case opened around a period, and closed or not."""
    opened = start + timedelta(days=after - 20)
    entries: list[Entry] = [act("apply", opened.isoformat())]
    if decided:
        entries.append(act("decide", (opened + timedelta(days=15)).isoformat(), "驳回"))
    period = (start, start + timedelta(days=days))

    def value(**parts: Any) -> int:
        return len(count(rule(**parts), entries, period))

    new, ended = value(acts=["apply"]), value(acts=["decide"])
    assert value(counts="open_at_start") + new == ended + value(counts="open_at_end")


def test_without_a_last_day_nobody_was_in_time_or_late() -> None:
    clock = PERMIT.clocks["decision"]
    unknown = [duration.model_copy(update={"length": None}) for duration in clock.at_most or ()]
    left_open = PERMIT.model_copy(
        update={"clocks": {**PERMIT.clocks, "decision": clock.model_copy(update={"at_most": unknown})}}
    )
    for state, found in (("kept", 0), ("broken", 0)):
        counting = rule(acts=["decide"], clock="decision", clock_state=[state])
        made = matches(counting, left_open, CountedCase({}, REVIEWS), *Y2024, on("2030-01-01"))
        assert len(made) == found


def test_nothing_after_the_cut_off_is_known() -> None:
    decided = rule(acts=["decide"])
    assert count(decided, REVIEWS, Y2024, day="2024-01-08") == []
    assert len(count(decided, REVIEWS, Y2024, day="2024-01-09")) == 1
    assert count(decided, REVIEWS, Y2024, day="2023-06-01") == []


def test_corrections_move_what_is_counted() -> None:
    decided = rule(acts=["decide"])
    moved: list[Entry] = [*REVIEWS, correct(6, on="2023-12-29")]
    assert (len(count(decided, moved, Y2023)), len(count(decided, moved, Y2024))) == (1, 0)
    assert count(decided, [*REVIEWS, correct(6, withdraws=True)], Y2024) == []


@pytest.mark.parametrize(
    ("parts", "facts", "value"),
    [
        ({"acts": ["review"], "per": "act", "sum_field": "opinions"}, {}, "7"),
        ({"acts": ["review"], "sum_field": "opinions"}, {}, "4"),
        ({"acts": ["decide"], "sum_field": "amount"}, {"amount": 1200.1}, "1200.1"),
        ({"acts": ["decide"], "sum_field": "amount"}, {}, "0"),
        ({"acts": ["decide"], "sum_field": "places"}, {"places": ["东", "西"]}, "2"),
    ],
)
def test_adding_up_a_field(parts: dict[str, Any], facts: dict[str, Any], value: str) -> None:
    ever = (date(2000, 1, 1), date(2029, 12, 31))
    assert total(rule(), count(rule(**parts), REVIEWS, ever, **facts)) == Decimal(value)


@pytest.mark.parametrize(
    ("breakdown", "facts", "part"),
    [
        ("outcome", {}, "准予"),
        ("act", {}, "决定"),
        ("unit", {}, "乙局"),
        ("fact:kind", {"kind": "新设"}, "新设"),
        ("fact:kind", {}, "未填"),
        ("fact:urgent", {"urgent": True}, "是"),
        ("fact:urgent", {"urgent": False}, "否"),
        ("fact:places", {"places": ["东", "西"]}, "东、西"),
        ("field:nothing", {}, "未填"),
    ],
)
def test_parts(breakdown: str, facts: dict[str, Any], part: str) -> None:
    (match,) = count(rule(acts=["decide"], breakdown=breakdown), REVIEWS, Y2024, **facts)
    assert match.part == part


def test_a_rule_of_another_case_type_counts_nothing() -> None:
    assert count(rule(case_type="other", acts=["decide"]), REVIEWS, Y2024) == []


DAYS = st.integers(0, 700).map(lambda n: date(2023, 1, 1) + timedelta(days=n))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["apply", "review", "decide"]), DAYS), max_size=8),
    DAYS,
    st.sampled_from(["case", "act"]),
)
def test_adjoining_periods_add_up(drawn: list[tuple[str, date]], turn: date, per: str) -> None:
    entries: list[Entry] = [Act(name, day) for name, day in drawn]
    counting = rule(acts=["review", "decide"], per=per)
    first, last = date(2022, 1, 1), date(2029, 1, 1)
    parts = count(counting, entries, (first, turn)) + count(
        counting, entries, (turn + timedelta(days=1), last)
    )
    assert sorted(m.position for m in parts) == sorted(
        m.position for m in count(counting, entries, (first, last))
    )


REGISTER = RegisterType.model_validate(
    {
        "register": "documents",
        "title": "文件",
        "summary": "",
        "key": "number",
        "title_field": "number",
        "begins": "begins",
        "ends": "ends",
        "fields": {
            "number": {"title": "文号"},
            "kind": {"title": "类别"},
            "pages": {"title": "页数", "type": "number"},
        },
    }
)


def entries_counted(
    counts: str, spans: list[tuple[date | None, date | None]], period: tuple[date, date], **parts: Any
) -> int:
    counting = rule(register="documents", counts=counts, **parts)
    data = {"kind": "甲", "pages": 3}
    found = [entry_matches(counting, REGISTER, data, begins, ends, *period) for begins, ends in spans]
    return int(total(counting, [match for one in found for match in one]) or 0)


@pytest.mark.parametrize(
    ("counts", "begins", "ends", "expected"),
    [
        ("in_force_at_end", "2023-05-01", None, 1),
        ("in_force_at_end", "2024-12-31", None, 1),
        ("in_force_at_end", "2025-01-01", None, 0),
        ("in_force_at_end", "2023-05-01", "2025-01-01", 1),
        ("in_force_at_end", "2023-05-01", "2024-12-31", 1),
        ("in_force_at_end", "2023-05-01", "2024-12-30", 0),
        ("in_force_at_end", None, None, 1),
        ("began", "2024-01-01", None, 1),
        ("began", "2023-12-31", None, 0),
        ("began", None, None, 0),
        ("ended", "2023-05-01", "2024-12-31", 0),
        ("ended", "2023-05-01", "2024-12-30", 1),
        ("ended", "2023-05-01", "2023-12-31", 1),
        ("ended", "2023-05-01", "2023-12-30", 0),
        ("ended", "2023-05-01", "2025-01-01", 0),
        ("ended", "2023-05-01", None, 0),
    ],
)
def test_register_entries(counts: str, begins: str | None, ends: str | None, expected: int) -> None:
    span = tuple(date.fromisoformat(day) if day else None for day in (begins, ends))
    assert entries_counted(counts, [(span[0], span[1])], Y2024) == expected


SPANS = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), DAYS)).filter(lambda span: span[1] is None or span[0] <= span[1]),
    max_size=8,
)


@given(SPANS, DAYS, DAYS)
def test_in_force_before_plus_began_less_ended_is_in_force_after(
    spans: list[tuple[date | None, date | None]], one: date, other: date
) -> None:
    start, end = min(one, other), max(one, other)
    before = entries_counted("in_force_at_end", spans, (date(2000, 1, 1), start - timedelta(days=1)))
    began, ended = (
        entries_counted("began", spans, (start, end)),
        entries_counted("ended", spans, (start, end)),
    )
    assert before + began - ended == entries_counted("in_force_at_end", spans, (start, end))


def test_register_conditions_sums_and_parts() -> None:
    span: list[tuple[date | None, date | None]] = [(date(2024, 3, 1), None)]
    assert entries_counted("began", span, Y2024, where={"fact": "kind", "is": "乙"}) == 0
    assert entries_counted("began", span, Y2024, where={"fact": "kind", "is": "甲"}, sum_field="pages") == 3
    counting = rule(register="documents", counts="began", breakdown="fact:kind")
    (match,) = entry_matches(counting, REGISTER, {"kind": "甲"}, date(2024, 3, 1), None, *Y2024)
    assert (match.part, match.position, match.on) == ("甲", 0, date(2024, 3, 1))


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (5, 5, "100.00"), (0, 4, "0.00"), (1, 0, None), (1, 800, "0.13")],
)
def test_rates(above: int, below: int, expected: str | None) -> None:
    share = Rate(numerator="a", denominator="b")
    assert rate(share, Decimal(above), Decimal(below)) == (None if expected is None else Decimal(expected))


def test_the_complement_is_what_was_saved() -> None:
    """353 papers became 249: 29.46 % fewer."""
    saved = Rate(numerator="after", denominator="before", complement=True)
    assert rate(saved, Decimal(249), Decimal(353)) == Decimal("29.46")


def middle(counting: CountingRule, cases: Sequence[Sequence[Entry]]) -> Decimal | None:
    found = [matches(counting, PERMIT, CountedCase({}, case), *Y2024, on("2030-01-01")) for case in cases]
    return total(counting, [match for case in found for match in case])


def test_the_days_something_took() -> None:
    """Accepted Mon 8 January 2024 and decided Tue 9, Mon 15 and the next Mon 5 February (a month with a week less)."""
    cases = [
        [act("apply", "2024-01-05"), act("accept", "2024-01-08"), act("decide", day, "准予")]
        for day in ("2024-01-09", "2024-01-15", "2024-02-05")
    ]
    cases.append([act("apply", "2024-01-05"), act("decide", "2024-01-09", "准予")])  # never accepted: no time
    takes = {"from": ["accept"], "unit": "workdays"}
    assert middle(rule(acts=["decide"], takes=takes), cases) == 1 + 5 + 21  # Sunday 4 February was worked
    assert middle(rule(acts=["decide"], takes=takes, aggregate="median"), cases) == Decimal("5.00")
    assert middle(rule(acts=["decide"], takes=takes, aggregate="mean"), cases) == Decimal("9.00")
    in_days = {"from": ["apply", "accept"], "unit": "days"}
    assert middle(rule(acts=["decide"], takes=in_days, aggregate="median"), cases[:3]) == Decimal("7.00")
    assert middle(rule(acts=["decide"], takes=takes, aggregate="mean"), []) is None


def test_different_ones_are_counted_once() -> None:
    counting = rule(acts=["apply"], aggregate="distinct", distinct_by="kind")
    day = Y2024[0]
    found = [Match(1, day, Decimal(1), kind=kind) for kind in ("新设", "变更", "新设", None)]
    assert total(counting, found) == 2
    (match,) = matches(
        counting,
        PERMIT,
        CountedCase({"kind": "变更"}, [act("apply", "2024-01-05")]),
        *Y2024,
        on("2030-01-01"),
    )
    assert match.kind == "变更"


def test_each_item_of_a_list_is_counted_as_different() -> None:
    counting = rule(acts=["apply"], aggregate="distinct", distinct_by="places")
    cases = ([" 东", "西"], ["西", "南"], [], None)
    found = [
        match
        for places in cases
        for match in matches(
            counting,
            PERMIT,
            CountedCase({} if places is None else {"places": places}, [act("apply", "2024-01-05")]),
            *Y2024,
            on("2030-01-01"),
        )
    ]
    assert total(counting, found) == 3


def test_a_field_of_the_counted_act_tells_apart() -> None:
    counting = rule(acts=["apply"], breakdown="field:who")
    entries = [replace(act("apply", "2024-01-05"), fields={"who": "甲一"})]
    (match,) = matches(counting, PERMIT, CountedCase({}, entries), *Y2024, on("2030-01-01"))
    assert match.part == "甲一"


@pytest.mark.parametrize(
    "parts",
    [
        {"aggregate": "mean"},
        {"aggregate": "distinct"},
        {"aggregate": "median", "sum_field": "amount", "breakdown": "unit"},
        {"takes": {"from": ["accept"], "unit": "months"}},
        {"takes": {"from": ["accept"]}, "sum_field": "amount"},
    ],
)
def test_what_makes_no_figure_is_no_rule(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(acts=["decide"], **parts)


def test_figures_leave_out_rates_whose_parts_are_not_counted_here() -> None:
    one = rule(acts=["decide"])
    rates = {
        name: CountingRule.model_validate(
            {
                "counting_rule": name,
                "title": "率",
                "unit": "%",
                "explain": "",
                "rate": {"numerator": "a", "denominator": below},
            }
        )
        for name, below in (("known", "a"), ("elsewhere", "b"))
    }
    found = figures(
        {"a": one, "b": rule(case_type="other"), **rates},
        lambda counting: Decimal(2) if counting is one else None,
    )
    assert found == {"a": Decimal(2), "known": Decimal("100.00")}


def test_so_many_for_each_one() -> None:
    each = Rate(numerator="a", denominator="b", times=1)
    assert rate(each, Decimal(45), Decimal(6)) == Decimal("7.50")
    assert rate(each, Decimal(45), Decimal(0)) is None
