"""Pauses that end by themselves, clocks that start from clocks and dates, minimums that must pass in full, limits."""

from __future__ import annotations

from datetime import date

import pytest

from tests.procedures.sample_procedure import act, case_type, correct, on
from yifa.procedures import engine
from yifa.procedures.model import ClockState, Context, Entry, Refusal

# From Monday 2024-03-04 no holiday is near: weekends are the only days off.
ASKING = case_type(
    """
case_type: asking
title: 试办征询
summary: 供测试用的程序
basis: [{law: 试办条例, article: 第一条}]
opens_with: [receive]
facts:
  private: {title: 个人, type: boolean}
  over_on: {title: 届满日, type: date}
acts:
  receive: {title: 收到}
  ask: {title: 征询, after: [receive]}
  hear_back: {title: 回音, after: [ask], outcomes: [同意, 反对]}
  grant: {title: 宽限, after: [receive], fields: {until: {title: 宽限至, type: date}}}
  extend: {title: 延长, after: [receive]}
  switch: {title: 转换, after: [receive]}
  charge:
    title: 收费
    after: [receive]
    repeat: true
    fields: {fee: {title: 费用, type: money, maximum: 1000, unit: 元}}
    limits:
      - {field: fee, maximum: 50, when: {fact: private, is: true}, law: 试办条例, article: 第三条}
      - {field: fee, minimum: 10, when: {act: ask, done: true}, law: 试办条例, article: 第四条}
  answer: {title: 答复, after: [receive]}
  appeal: {title: 送上级, after: [receive]}
clocks:
  answer:
    title: 答复期限
    from: [receive]
    to: [answer]
    at_most: [{law: 试办条例, article: 第五条, length: 10, unit: workdays}]
    extensions: [{act: extend, at_most: [{law: 试办条例, article: 第五条, length: 5, unit: workdays}]}]
    pauses:
      - from: [ask]
        to: [hear_back]
        at_most: [{law: 试办条例, article: 第六条, length: 3, unit: workdays}]
  wait:
    title: 等待时间
    from: [ask]
    to: [appeal]
    full: true
    at_least: [{law: 试办条例, article: 第七条, length: 5, unit: days}]
  appeal:
    title: 送上级的期限
    from: []
    to: [appeal]
    starts_by_fact: over_on
    starts_by_clock: wait
    at_most: [{law: 试办条例, article: 第八条, length: 1, unit: months}]
    restarts: [{act: grant, on_field: until}]
  charging:
    title: 收费期限
    from: [charge]
    to: [answer]
    not_after: [switch]
    at_most: [{law: 试办条例, article: 第九条, length: 2, unit: days}]
"""
)
START: list[Entry] = [act("receive", "2024-03-04"), act("ask", "2024-03-06")]


def clock(name: str, entries: list[Entry], context: Context, **facts: object) -> ClockState:
    """One clock of the sample."""
    return engine.state(ASKING, facts, entries, context).clocks[name]


def refused(entries: list[Entry], new: Entry, day: str, **facts: object) -> tuple[Refusal, ...]:
    """Why an act is refused live."""
    return engine.refusals(ASKING, facts, entries, new, on(day))  # type: ignore[arg-type]


# Two days had run (03-05, 06) when the question was put; three working days later, Mon 03-11, the wait is over.
@pytest.mark.parametrize(
    ("more", "day", "state", "due", "latest"),
    [
        ([], "2024-03-08", "paused", None, "2024-03-21"),
        ([], "2024-03-11", "paused", None, "2024-03-21"),
        ([], "2024-03-12", "running", "2024-03-21", None),
        ([], "2024-03-22", "broken", "2024-03-21", None),
        ([act("hear_back", "2024-03-07", "同意")], "2024-03-08", "running", "2024-03-19", None),
        ([act("hear_back", "2024-03-11", "同意")], "2024-03-12", "running", "2024-03-21", None),
        ([act("hear_back", "2024-03-20", "反对")], "2024-03-20", "running", "2024-03-21", None),
        ([act("answer", "2024-03-08")], "2024-03-20", "kept", "2024-03-20", None),
    ],
)
def test_a_pause_lasts_as_long_as_the_law_lets_it(
    more: list[Entry], day: str, state: str, due: str | None, latest: str | None
) -> None:
    found = clock("answer", [*START, *more], on(day))
    given = (found.due.isoformat() if found.due else None, found.latest.isoformat() if found.latest else None)
    assert (found.state.value, given) == (state, (due, latest))


def test_the_computation_says_that_the_pause_ended_by_itself() -> None:
    lines = [step.why for step in engine.trace(ASKING, {}, START, "answer", on("2024-03-20"))]
    assert any("3月7日至11日 “征询”，最长3个工作日，不计3个工作日" in line for line in lines)
    silent = engine.trace(ASKING, {}, START, "answer", on("2024-03-08"))
    assert "尚未恢复" in silent[-1].why


def test_a_pause_into_a_year_without_notice_stays_a_pause() -> None:
    entries: list[Entry] = [act("receive", "2026-12-28"), act("ask", "2026-12-30")]
    found = clock("answer", entries, on("2026-12-31"))
    assert (found.state.value, found.due, found.latest) == ("paused", None, None)


@pytest.mark.parametrize(("day", "allowed"), [("2024-03-18", True), ("2024-03-19", False)])
def test_time_is_lengthened_only_while_it_runs(day: str, allowed: bool) -> None:
    entries: list[Entry] = [act("receive", "2024-03-04")]  # ten working days: Monday 03-18
    state = engine.state(ASKING, {}, entries, on(day))
    assert ("extend" in state.next) is allowed
    reasons = refused(entries, act("extend", day), "2024-04-01")
    assert [reason.kind for reason in reasons] == ([] if allowed else ["late"])
    if not allowed:
        assert "2024年3月18日届满" in reasons[0].reason
        assert "《试办条例》第五条" in reasons[0].reason
        assert state.blocked["extend"].reason == reasons[0].reason


def test_an_extension_dated_in_time_is_taken_on_a_later_day() -> None:
    entries: list[Entry] = [act("receive", "2024-03-04")]
    assert refused(entries, act("extend", "2024-03-15"), "2024-03-29") == ()


# Asked Wed 03-06, five days end Mon 03-11, which must pass in full.
@pytest.mark.parametrize(("day", "kind"), [("2024-03-11", ["too_short"]), ("2024-03-12", [])])
def test_the_last_day_of_a_full_minimum_must_pass(day: str, kind: list[str]) -> None:
    assert [reason.kind for reason in refused(START, act("appeal", day), day)] == kind
    assert clock("wait", START, on(day)).due == date(2024, 3, 12)
    back = [*START, act("appeal", day, back=True)]
    assert clock("wait", back, on(day)).state.value == ("broken" if kind else "kept")
    trace = engine.trace(ASKING, {}, START, "wait", on(day))
    assert trace[-1].on == date(2024, 3, 11)
    assert "次日" in trace[-1].why


@pytest.mark.parametrize(
    ("more", "facts", "day", "state", "due"),
    [
        ([], {}, "2024-03-10", "waiting", None),
        ([], {}, "2024-03-11", "running", "2024-04-11"),
        ([], {"over_on": "2024-03-20"}, "2024-03-15", "waiting", None),
        ([], {"over_on": "2024-03-20"}, "2024-03-20", "running", "2024-04-20"),
        ([act("grant", "2024-03-07", fields={"until": "2024-05-31"})], {}, "2024-03-12", "running", "2024-06-30"),
        ([act("grant", "2024-03-07", fields={"until": "2024-03-08"})], {}, "2024-03-12", "running", "2024-04-11"),
        ([act("grant", "2024-03-07")], {}, "2024-03-12", "running", "2024-04-11"),
        ([act("appeal", "2024-04-12")], {}, "2024-04-12", "broken", "2024-04-11"),
    ],
)  # fmt: skip
def test_a_clock_starts_where_another_ends(
    more: list[Entry], facts: dict[str, object], day: str, state: str, due: str | None
) -> None:
    found = clock("appeal", [*START, *more], on(day), **facts)
    assert (found.state.value, found.due.isoformat() if found.due else None) == (state, due)


def test_the_computation_names_the_clock_it_started_from() -> None:
    assert engine.trace(ASKING, {}, START, "appeal", on("2024-03-12"))[0].why.startswith("“等待时间”届满")


def test_a_clock_does_not_start_after_what_excludes_it() -> None:
    charged = act("charge", "2024-03-06", fields={"fee": 20})
    assert clock("charging", [START[0], charged], on("2024-03-07")).due == date(2024, 3, 8)
    before = [START[0], act("switch", "2024-03-05"), charged]
    assert clock("charging", before, on("2024-03-20")).state.value == "waiting"
    after = [START[0], charged, act("switch", "2024-03-07")]
    assert clock("charging", after, on("2024-03-20")).state.value == "broken"
    corrected = [*before, correct(2, on="2024-03-08")]
    assert clock("charging", corrected, on("2024-03-20")).state.value == "broken"


@pytest.mark.parametrize(
    ("asked", "fee", "facts", "words"),
    [
        (False, 60, {}, []),
        (False, 60, {"private": True}, ["不得超过50元，现为60元", "第三条"]),
        (False, 50, {"private": True}, []),
        (False, 2000, {}, ["不得超过1000元"]),
        (False, 5, {}, []),
        (True, 5, {}, ["不得少于10元", "第四条"]),
        (False, None, {"private": True}, []),
        (False, "六十", {"private": True}, ["应为金额"]),
    ],
)
def test_a_field_keeps_the_limit_of_its_case(
    asked: bool, fee: object, facts: dict[str, object], words: list[str]
) -> None:
    entries = START if asked else START[:1]
    charged = act("charge", "2024-03-07", fields={} if fee is None else {"fee": fee})
    reasons = refused(entries, charged, "2024-03-07", **facts)
    assert [reason.kind for reason in reasons] == (["field"] if words else [])
    assert all(word in reasons[0].reason for word in words)
    found = engine.findings(ASKING, facts, [*entries, charged], on("2024-03-07"))
    assert [finding.kind.value for finding in found if finding.kind.value == "field"] == (
        ["field"] if words else []
    )
