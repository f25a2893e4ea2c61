"""What the law refuses live, and what of it stands as a finding when it is entered afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.procedures.sample_procedure import PERMIT, YAML, act, case_type, correct, on
from yifa.law.errors import YifaError
from yifa.procedures import engine
from yifa.procedures.model import Act, Context, Entered, Entry, FindingKind

START = [act("apply", "2024-03-01"), act("accept", "2024-03-04")]
DRAFTED = [*START, act("draft", "2024-03-05", by="甲", unit="起草科", role="officer")]
REVIEWED = [*DRAFTED, act("review", "2024-03-06", "通过", by="乙", fields={"opinions": 1})]
DECIDED = [*REVIEWED, act("decide", "2024-03-11", "准予")]
LATER = on("2024-12-31")


def refused(
    entries: list[Entry], new: Act, context: Context = LATER, facts: dict[str, object] | None = None
) -> list[str]:
    """The kinds of refusal of a new act."""
    return [refusal.kind for refusal in engine.refusals(PERMIT, facts or {}, entries, new, context)]


def kinds(
    entries: list[Entry], context: Context = LATER, facts: dict[str, object] | None = None
) -> list[str]:
    """The kinds of finding, deadlines left aside: they have their own tests."""
    found = [finding.kind.value for finding in engine.findings(PERMIT, facts or {}, entries, context)]
    return [kind for kind in found if kind != "late"]


REFUSALS: list[tuple[str, list[Entry], Act, list[str], str]] = [
    ("nothing has begun", [], act("accept", "2024-03-01"), ["order"], "须先完成“申请”"),
    ("a prerequisite is missing", START[:1], act("draft", "2024-03-02"), ["order"], "须先完成“受理”"),
    (
        "it stands later",
        START,
        act("draft", "2024-03-02"),
        ["order"],
        "须先完成“受理”；“受理”的日期是2024年3月4日，晚于本环节",
    ),
    (
        "it has the wrong outcome",
        [*DRAFTED, act("review", "2024-03-06", "不通过", fields={"opinions": 1})],
        act("decide", "2024-03-07", "准予"),
        ["order"],
        "须先完成“合法性审核”且结果为“通过”（《试办条例》第十条）",
    ),
    (
        "its last outcome is what counts",
        [*REVIEWED, act("review", "2024-03-07", "不通过", fields={"opinions": 1})],
        act("decide", "2024-03-08", "准予"),
        ["order"],
        "合法性审核",
    ),
    ("after what ends it", DECIDED, act("notify", "2024-03-12"), ["order"], "“决定”之后不能再进行“通知听证”"),
    ("twice", START, act("accept", "2024-03-05"), ["repeated"], "只能进行一次"),
    ("twice, the other standing later", START, act("apply", "2024-02-01"), ["repeated"], "只能进行一次"),
    (
        "after the end",
        [*DECIDED, act("deliver", "2024-03-12")],
        act("suspend", "2024-03-13"),
        ["order", "order"],
        "因“送达”结束",
    ),
    (
        "before the case began",
        START,
        act("draft", "2024-02-01"),
        ["date"],
        "早于事项开始的日期（2024年3月1日“申请”）",
    ),
    ("in the future", START, act("draft", "2025-01-01"), ["date"], "尚未到来"),
    (
        "an outcome it does not have",
        DRAFTED,
        act("review", "2024-03-06", "同意", fields={"opinions": 1}),
        ["outcome"],
        "可选“通过”、“不通过”",
    ),
    (
        "a role that may not",
        START,
        act("draft", "2024-03-05", role="leader"),
        ["actor"],
        "应由承办人办理，现由领导办理",
    ),
    (
        "the same person",
        DRAFTED,
        act("review", "2024-03-06", "通过", by="甲", fields={"opinions": 1}),
        ["actor"],
        "“起草”与“合法性审核”不得由同一人办理，现均为“甲”（《试办条例》第九条）",
    ),
    (
        "the same unit",
        [*DRAFTED, act("notify", "2024-03-05")],
        act("hear", "2024-03-20", unit="起草科"),
        ["actor"],
        "听证不由起草单位主持，现为同一单位",
    ),
    ("a value missing", DRAFTED, act("review", "2024-03-06", "通过"), ["field"], "“意见数”须填写"),
    (
        "a value too small",
        DRAFTED,
        act("review", "2024-03-06", fields={"opinions": 0}),
        ["field"],
        "不得少于1",
    ),
    (
        "a value too large",
        DRAFTED,
        act("review", "2024-03-06", fields={"opinions": 51}),
        ["field"],
        "不得超过50",
    ),
    (
        "too few",
        DRAFTED,
        act("review", "2024-03-06", fields={"opinions": 1, "members": ["甲"]}),
        ["field"],
        "不得少于2项，现为1项",
    ),
    (
        "of a wrong type",
        DRAFTED,
        act("review", "2024-03-06", fields={"opinions": "三"}),
        ["field"],
        "应为数字",
    ),
    ("an unknown value", START, act("draft", "2024-03-06", fields={"x": 1}), ["field"], "没有“x”这一项"),
    (
        "more than the law's extension",
        START,
        act("extend", "2024-03-06", fields={"days": 6}),
        ["field"],
        "不得超过5个工作日，现为6个工作日（《试办条例》第十二条）",
    ),
    (
        "too early",
        [*START, act("notify", "2024-03-05")],
        act("hear", "2024-03-13"),
        ["too_short"],
        "不少于7个工作日，最早可于2024年3月14日进行（《试办条例》第七条）",
    ),
    ("not of this procedure", START, act("dance", "2024-03-06"), ["not_applicable"], "没有“dance”这一环节"),
]


@pytest.mark.parametrize(
    ("entries", "new", "expected", "words"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_refused_with_its_reason(entries: list[Entry], new: Act, expected: list[str], words: str) -> None:
    refusals = engine.refusals(PERMIT, {}, entries, new, LATER)
    assert [refusal.kind for refusal in refusals] == expected
    assert any(words in refusal.reason for refusal in refusals)


@pytest.mark.parametrize(
    ("entries", "new", "expected"), [row[1:4] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_what_is_refused_stands_as_a_finding_when_entered_back(
    entries: list[Entry], new: Act, expected: list[str]
) -> None:
    before = kinds(entries)
    after = kinds([*entries, replace(new, entered=Entered.BACK)])
    for kind in set(expected):
        assert after.count(kind) > before.count(kind), after
    if new.act != "apply":  # there the fault is that of the act that then comes second
        assert "back_entry" not in after


@pytest.mark.parametrize(
    ("entries", "new"),
    [
        ([], act("apply", "2024-03-01")),
        (START, act("draft", "2024-03-04")),
        ([*START, act("notify", "2024-03-05")], act("hear", "2024-03-14")),
        (REVIEWED, act("decide", "2024-12-30", "准予")),
        ([*DECIDED, act("deliver", "2024-03-12")], act("publish", "2024-03-13")),
        ([*START, act("deliver", "2024-03-20", back=True)], act("draft", "2024-03-10")),
        (
            DRAFTED,
            act(
                "review",
                "2024-03-06",
                "通过",
                by="乙",
                role="reviewer",
                fields={"opinions": 50, "members": ["乙", "丙"]},
            ),
        ),
    ],
    ids=[
        "opening",
        "same day as its prerequisite",
        "on the first permitted day",
        "late",
        "after the end where allowed",
        "before the end, entered after it",
        "all in order",
    ],
)
def test_what_the_law_allows_is_not_refused(entries: list[Entry], new: Act) -> None:
    assert engine.refusals(PERMIT, {}, entries, new, LATER) == ()


def test_a_condition_on_facts() -> None:
    entries = [*START, act("notify", "2024-03-05")]
    assert refused(entries, act("hear", "2024-03-20"), facts={"urgent": True}) == ["not_applicable"]
    assert refused(entries, act("hear", "2024-03-20"), facts={"urgent": False}) == []
    assert refused(DRAFTED, act("decide", "2024-03-08"), facts={"urgent": True}) == []
    state = engine.state(PERMIT, {"urgent": True}, entries, LATER)
    assert "hear" not in state.next
    assert "hear" not in state.blocked


def test_next_and_blocked_in_catalogue_order() -> None:
    state = engine.state(PERMIT, {}, [*START, act("notify", "2024-03-05")], on("2024-03-13"))
    assert state.next == ("draft", "extend", "suspend", "anew", "withdraw")
    assert {name: refusal.kind for name, refusal in state.blocked.items()} == {
        "hear": "too_short",
        "review": "order",
        "resume": "order",
        "decide": "order",
        "publish": "order",
        "deliver": "order",
    }
    assert engine.state(PERMIT, {}, [], on("2024-03-13")).next == ("apply",)


def test_a_body_without_the_power() -> None:
    context = on("2024-12-31", no_power="本级无此职权")
    assert [r.reason for r in engine.refusals(PERMIT, {}, [], act("apply", "2024-03-01"), context)] == [
        "本级无此职权"
    ]
    assert kinds([act("apply", "2024-03-01")], context) == ["not_applicable"]
    assert engine.state(PERMIT, {}, [], context).next == ()


def test_status_follows_act_and_outcome() -> None:
    def status(*entries: Entry) -> str:
        return engine.state(PERMIT, {}, entries, LATER).status

    assert [status(), status(*START[:1]), status(*DRAFTED), status(*DECIDED)] == [
        "未开始",
        "已申请",
        "办理中",
        "已决定",
    ]
    assert status(*REVIEWED, act("decide", "2024-03-11", "不予")) == "未获准"


def test_closing_by_act_and_by_outcome() -> None:
    assert not engine.state(PERMIT, {}, DECIDED, LATER).closed
    rejected = engine.state(PERMIT, {}, [*REVIEWED, act("decide", "2024-03-11", "驳回")], LATER)
    assert (rejected.closed, rejected.closed_on, rejected.next) == (True, date(2024, 3, 11), ("publish",))
    delivered = engine.state(PERMIT, {}, [*DECIDED, act("deliver", "2024-03-12")], LATER)
    assert (delivered.closed_on, delivered.next, dict(delivered.blocked)) == (
        date(2024, 3, 12),
        ("publish",),
        {},
    )


def test_the_state_on_an_earlier_day_knows_only_what_had_happened() -> None:
    state = engine.state(PERMIT, {}, [*DECIDED, act("deliver", "2024-03-12")], on("2024-03-05"))
    assert [found.act for found in state.acts] == ["apply", "accept", "draft"]
    assert not state.closed
    assert "review" in state.next


def test_a_required_act_that_never_happened() -> None:
    urgent = {"urgent": True}
    entries = [*DRAFTED, act("decide", "2024-03-11", "准予"), act("deliver", "2024-03-12")]
    (finding,) = engine.findings(PERMIT, urgent, entries, LATER)
    assert (finding.kind, finding.act, finding.position) == (FindingKind.MISSING, "review", None)
    assert "没有进行“合法性审核”（《试办条例》第九条）" in finding.message
    assert kinds([*START, act("withdraw", "2024-03-05")], facts=urgent) == []
    late_review = act("review", "2024-03-20", "通过", back=True, fields={"opinions": 1})
    assert kinds([*entries, late_review], facts=urgent) == ["order", "order"]


def test_evidence_by_shorter_or_longer_title() -> None:
    entries = [*START, act("notify", "2024-03-05")]
    hearing = act("hear", "2024-03-20", evidence=["《听证会通知书》", "听证笔录（甲）"])
    assert kinds([*entries, hearing]) == []
    assert kinds([*entries, replace(hearing, evidence=())]) == ["evidence", "evidence"]
    assert kinds([*entries, replace(hearing, evidence=(), unstated=frozenset({"evidence"}))]) == []


def test_a_back_entry_in_order_is_marked_and_a_live_one_is_not() -> None:
    (finding,) = engine.findings(PERMIT, {}, [act("apply", "2024-03-01", back=True)], LATER)
    assert (finding.kind, finding.message) == (FindingKind.BACK_ENTRY, "2024年3月1日“申请”系事后补录")
    assert kinds(START) == []


def test_within_a_day_the_order_of_entry_counts_for_an_act_never_against_it() -> None:
    assert kinds([act("accept", "2024-03-01"), act("apply", "2024-03-01")]) == []
    assert kinds([act("apply", "2024-03-01"), act("draft", "2024-03-04"), act("accept", "2024-03-04")]) == []
    assert kinds([*START, act("draft", "2024-03-05"), act("decide", "2024-03-06", "准予")]) == ["order"]


def test_an_opening_entered_twice_is_found_once() -> None:
    assert kinds([*START, act("apply", "2024-03-03", back=True)]) == ["repeated"]


def test_a_correction_can_make_and_mend_a_fault() -> None:
    assert kinds([*DECIDED, correct(5, on="2024-03-05")]) == [
        "order",
        "order",
    ]  # decided unreviewed, reviewed after
    assert kinds([*START, act("draft", "2024-03-02", back=True), correct(3, on="2024-03-05")]) == [
        "back_entry"
    ]
    assert kinds([*DECIDED, correct(4, withdraws=True)]) == ["order"]


def test_an_act_dated_after_the_day_of_looking() -> None:
    findings = engine.findings(PERMIT, {}, [*START, act("draft", "2024-03-20", back=True)], on("2024-03-10"))
    assert [(found.kind.value, found.act) for found in findings] == [("date", "draft")]
    assert engine.state(PERMIT, {}, [*START, act("draft", "2024-03-20")], on("2024-03-10")).done == {
        "apply",
        "accept",
    }


def test_an_unknown_clock_is_an_error() -> None:
    with pytest.raises(YifaError, match="没有时限“answer”；现有时限：decision"):
        engine.trace(PERMIT, {}, START, "answer", LATER)


@pytest.mark.parametrize(("stops", "expected"), [("[publish]", []), ("[withdraw]", ["missing"])])
def test_a_required_act_after_the_closing_is_missing_unless_a_clock_waits_for_it(
    stops: str, expected: list[str]
) -> None:
    yaml = YAML.replace("title: 公开, after", "title: 公开, required: true, after")
    procedure = case_type(yaml.replace("to: [publish]", f"to: {stops}"))
    entries = [*DECIDED, act("deliver", "2024-03-12")]
    assert [f.kind.value for f in engine.findings(procedure, {}, entries, LATER)] == expected
    published = engine.findings(procedure, {}, [*entries, act("publish", "2024-03-13")], LATER)
    assert published == ()
