"""Clocks in a case. Expected days are counted by hand from the holiday notices of their years."""

from __future__ import annotations

from datetime import date

import pytest

from tests.procedures.sample_procedure import LOCAL, PERMIT, act, correct, on
from yifa.law.loader import catalogue
from yifa.procedures import engine
from yifa.procedures.model import ClockState, ClockStatus, Context, Entry, FindingKind

# 2024-03-04 is a Monday without holidays near: ten working days end on Monday 03-18.
START: list[Entry] = [act("apply", "2024-03-01"), act("accept", "2024-03-04")]
DECIDE = {"fields": {}, "outcome": "准予"}


def clock(entries: list[Entry], context: Context, name: str = "decision", **facts: object) -> ClockState:
    """One clock of the sample."""
    return engine.state(PERMIT, facts, entries, context).clocks[name]


def late(entries: list[Entry], context: Context, **facts: object) -> list[tuple[str, str | None]]:
    """The findings about time, each with its act."""
    found = engine.findings(PERMIT, facts, entries, context)
    return [(f.kind.value, f.act) for f in found if f.kind in {FindingKind.LATE, FindingKind.TOO_SHORT}]


@pytest.mark.parametrize(
    ("entries", "day", "state", "due", "days_left"),
    [
        (START[:1], "2024-03-18", "waiting", None, None),
        (START, "2024-03-04", "running", "2024-03-18", 14),
        (START, "2024-03-18", "running", "2024-03-18", 0),
        (START, "2024-03-19", "broken", "2024-03-18", -1),
        ([*START, act("decide", "2024-03-18", "准予")], "2024-04-18", "kept", "2024-03-18", None),
        ([*START, act("decide", "2024-03-19", "准予")], "2024-04-18", "broken", "2024-03-18", None),
        (
            [*START, act("decide", "2024-03-19", "准予"), correct(3, on="2024-03-18")],
            "2024-04-18",
            "kept",
            "2024-03-18",
            None,
        ),
        ([*START, act("decide", "2024-03-19", "准予")], "2024-03-18", "running", "2024-03-18", 0),
        ([*START, act("extend", "2024-03-18")], "2024-03-20", "running", "2024-03-25", 5),
        ([*START, act("extend", "2024-03-18", fields={"days": 2})], "2024-03-20", "running", "2024-03-20", 0),
        (
            [*START, act("extend", "2024-03-18", fields={"days": 99})],
            "2024-03-20",
            "running",
            "2024-03-25",
            5,
        ),
        (
            [*START, act("extend", "2024-03-08"), act("extend", "2024-03-25")],
            "2024-03-25",
            "running",
            "2024-04-01",
            7,
        ),
        ([*START, act("extend", "2024-03-19")], "2024-03-20", "broken", "2024-03-18", -2),
        ([*START, act("suspend", "2024-03-06")], "2024-03-29", "paused", None, None),
        (
            [*START, act("suspend", "2024-03-06"), act("resume", "2024-03-13")],
            "2024-03-20",
            "running",
            "2024-03-25",
            5,
        ),
        (
            [
                *START,
                act("suspend", "2024-03-06"),
                act("resume", "2024-03-08"),
                act("suspend", "2024-03-11"),
                act("resume", "2024-03-12"),
            ],
            "2024-03-20",
            "running",
            "2024-03-21",
            1,
        ),
        ([*START, act("suspend", "2024-03-19")], "2024-03-29", "broken", "2024-03-18", -11),
        (
            [*START, act("suspend", "2024-03-06"), act("withdraw", "2024-05-06")],
            "2024-06-01",
            "kept",
            "2024-05-15",
            None,
        ),
        ([*START, act("anew", "2024-03-15")], "2024-03-20", "running", "2024-03-29", 9),
        (
            [*START, act("suspend", "2024-03-06"), act("anew", "2024-03-15"), act("resume", "2024-03-15")],
            "2024-03-20",
            "running",
            "2024-03-29",
            9,
        ),
        ([*START, act("withdraw", "2024-03-18")], "2024-05-20", "kept", "2024-03-18", None),
        ([*START, act("withdraw", "2024-03-19")], "2024-05-20", "broken", "2024-03-18", None),
    ],
)
def test_the_deadline(
    entries: list[Entry], day: str, state: str, due: str | None, days_left: int | None
) -> None:
    found = clock(entries, on(day))
    assert found.state.value == state
    assert found.due == (date.fromisoformat(due) if due else None)
    assert found.days_left == days_left


def test_a_clock_falls_away_when_the_case_ends_another_way() -> None:
    assert clock([*START, act("withdraw", "2024-03-18")], on("2024-05-20")).note == "事项已经结束，不再计算"


def test_a_paused_clock_says_what_is_left() -> None:
    found = clock([*START, act("suspend", "2024-03-06")], on("2024-03-29"))
    assert found.note == "自2024年3月6日起暂停计算，恢复后尚余8个工作日"


def test_deciding_while_paused_keeps_the_deadline() -> None:
    entries = [*START, act("suspend", "2024-03-06"), act("decide", "2024-04-30", "准予")]
    assert clock(entries, on("2024-06-01")).state is ClockStatus.KEPT


def test_the_length_is_told_with_its_extension() -> None:
    assert clock(START, on("2024-03-05")).length_text == "10个工作日"
    extended = clock([*START, act("extend", "2024-03-18", fields={"days": 2})], on("2024-03-20"))
    assert extended.length_text == "10个工作日（另延长2个工作日）"


def test_findings_on_time() -> None:
    assert late(START, on("2024-03-18")) == []
    assert late(START, on("2024-03-19")) == [("late", "decide")]
    assert late([*START, act("decide", "2024-03-19", "准予")], on("2024-03-30")) == [("late", "decide")]
    extended = [*START, act("extend", "2024-03-19")]
    assert late(extended, on("2024-03-30")) == [("late", "extend"), ("late", "decide")]
    assert late(
        [*START, act("notify", "2024-03-05"), act("hear", "2024-03-13", back=True)], on("2024-03-14")
    ) == [("too_short", "hear")]


def test_the_message_of_a_broken_deadline() -> None:
    entries = [*START, act("decide", "2024-03-20", "准予", back=True)]
    messages = [f.message for f in engine.findings(PERMIT, {}, entries, on("2024-03-30"))]
    assert (
        "决定期限（10个工作日）于2024年3月18日届满，实际于2024年3月20日进行“决定”，超期2日（《试办条例》第十二条）"
        in messages
    )


def test_a_partys_deadline_is_no_fault_of_the_body() -> None:
    entries = [act("apply", "2024-03-05")]
    found = clock(entries, on("2024-03-05"), "application", known_on="2024-01-01")
    assert (found.state, found.due) == (ClockStatus.BROKEN, date(2024, 3, 1))
    assert late(entries, on("2024-03-05"), known_on="2024-01-01") == []


def test_a_clock_that_starts_with_a_fact_and_rolls_over() -> None:
    # two months from 2024-01-09 end on Saturday 03-09 and move to Monday
    found = clock([], on("2024-03-01"), "application", known_on=date(2024, 1, 9))
    assert (found.due, found.state) == (date(2024, 3, 11), ClockStatus.RUNNING)
    assert "application" not in engine.state(PERMIT, {}, [], on("2024-03-01")).clocks
    assert clock([], on("2024-01-01"), "application", known_on="2024-01-09").state is ClockStatus.WAITING


def test_a_length_left_to_the_locality() -> None:
    entries = [*START, act("decide", "2024-03-11", "准予")]
    open_clock = clock(entries, on("2024-12-31"), "local")
    assert (open_clock.state, open_clock.due, open_clock.note) == (
        ClockStatus.RUNNING,
        None,
        "时长由本地规定，目录未填",
    )
    there = clock(entries, on("2024-03-12", jurisdiction=LOCAL), "local")
    assert (there.due, there.basis.law if there.basis else None) == (date(2024, 3, 14), "本地规定")


def test_a_local_number_holds_only_from_its_own_day() -> None:
    assert clock(START, on("2024-03-05", jurisdiction=LOCAL)).due == date(2024, 3, 8)
    before = [act("apply", "2021-03-01"), act("accept", "2021-03-01")]
    assert clock(before, on("2021-03-05", jurisdiction=LOCAL)).due == date(2021, 3, 15)


def test_a_missing_holiday_notice_is_a_note_not_a_crash() -> None:
    entries = [act("apply", "2044-03-01"), act("accept", "2044-03-04")]
    found = clock(entries, on("2044-06-01"))
    assert (found.state, found.due) == (ClockStatus.RUNNING, None)
    assert found.note is not None
    assert "2044年的放假安排" in found.note
    assert late(entries, on("2044-06-01")) == []
    steps = engine.trace(PERMIT, {}, entries, "decision", on("2044-06-01"))
    assert "放假安排" in steps[-1].why
    assert engine.refusals(PERMIT, {}, entries, act("notify", "2044-03-05"), on("2044-06-01")) == ()


def test_the_computation_is_told() -> None:
    entries = [
        *START,
        act("suspend", "2024-03-06"),
        act("resume", "2024-03-08"),
        act("extend", "2024-03-20"),
        act("decide", "2024-03-28", "准予"),
    ]
    lines = [
        (step.on.isoformat(), step.why)
        for step in engine.trace(PERMIT, {}, entries, "decision", on("2024-04-01"))
    ]
    assert lines[0] == ("2024-03-04", "“受理”（《试办条例》第十二条），当日不计，从次日起算10个工作日")
    assert any("“中止”，不计2个工作日" in why for _, why in lines)
    assert ("2024-03-20", "“延长”，延长5个工作日") in lines
    assert lines[-2:] == [("2024-03-27", "3月27日 期限届满"), ("2024-03-28", "“决定”，超期1日")]


def test_a_clock_whose_act_may_follow_the_closing_runs_on() -> None:
    entries = [*START, act("decide", "2024-03-11", "驳回")]
    found = clock(entries, on("2024-03-20", jurisdiction=LOCAL), "local")
    assert (found.state, found.due) == (ClockStatus.BROKEN, date(2024, 3, 14))


def test_the_contracts_example() -> None:
    case_type = catalogue().case_types["information_request"]
    entries: list[Entry] = [
        act("receive", "2024-09-20"),
        act("request_supplement", "2024-09-23"),
        act("supplement", "2024-09-25"),
        act("answer", "2024-10-29", "予以公开", evidence=["答复书"]),
        correct(4, on="2024-10-28"),
    ]
    state = engine.state(case_type, {}, entries, on("2024-10-30"))
    assert (state.next, state.clocks["answer"].due) == (("deliver",), date(2024, 10, 28))
    assert engine.findings(case_type, {}, entries, on("2024-10-30")) == ()
    uncorrected = engine.findings(case_type, {}, entries[:4], on("2024-10-30"))
    assert [finding.kind.value for finding in uncorrected] == ["late"]
