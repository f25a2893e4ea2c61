"""Tables of rows with conditions: which fire, why, and what they have against an act."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.schema import CaseType, Table
from yifa.procedures import engine
from yifa.procedures.entries import effective
from yifa.procedures.model import Act, Context, Correction, Entered, Fired, fired_from
from yifa.procedures.tables import Known, Row, fire, fired, holds, number

CASE = CaseType.model_validate(
    {
        "case_type": "penalty",
        "title": "处罚",
        "summary": "测试用",
        "basis": [{"law": "行政处罚法"}],
        "opens_with": ["file"],
        "facts": {
            "matter": {"title": "违法行为"},
            "circumstances": {"title": "情节", "type": "list"},
            "repeated": {"title": "再次违法", "type": "boolean"},
        },
        "acts": {
            "file": {"title": "立案"},
            "review": {"title": "法制审核", "outcomes": ["通过", "不通过"], "repeat": True},
            "decide": {
                "title": "处罚决定",
                "outcomes": ["罚款", "停业"],
                "fields": {
                    "fine": {"title": "罚款数额", "type": "money", "unit": "元"},
                    "deviation": {"title": "偏离理由"},
                },
                "tables": [
                    {"register": "major", "needs": {"act": "review", "outcome": ["通过"]}},
                    {
                        "register": "bands",
                        "match": {"matter": "matter"},
                        "field": "fine",
                        "minimum": "least",
                        "maximum": "most",
                        "maximum_rate": "times",
                        "rate_of": "base",
                        "reason": "deviation",
                    },
                ],
            },
        },
    }
)
ON = Context(on=date(2024, 6, 1))
ROWS: dict[str, list[dict[str, Any]]] = {
    "bands": [
        {"key": "A", "matter": "占道", "conditions": ["次数=1", "面积<20"], "least": 100, "most": 500}
        | {"law": "示例条例", "article": "第三条"},
        {"key": "B", "matter": "占道", "conditions": ["再次违法"], "least": 500, "most": 2000},
        {"key": "C", "matter": "倾倒", "conditions": ["没有：主动清理"], "least": 100, "most": 900}
        | {"times": 2, "base": "清理费"},
        {"key": "D", "matter": "占道", "conditions": [], "least": 0, "most": 9},
    ],
    "major": [{"key": "M", "conditions": ["罚款数额≥1000"]}, {"key": "N", "conditions": ["处罚决定=停业"]}],
}


class Lists:
    def rows(self, register: str) -> list[Row]:
        return [Row(row["key"], row["key"], row) for row in ROWS[register]]


def decided(facts: Any, outcome: str = "罚款", entered: Entered = Entered.LIVE, **fields: Any) -> Act:
    rows = fired(CASE, "decide", outcome, fields, facts, tables=Lists())
    return Act("decide", date(2024, 5, 2), outcome=outcome, fields=fields, entered=entered, fired=rows)


def keys(act: Act, register: str = "bands") -> list[str]:
    return [row.key for row in act.fired[register]]


FILED = Act("file", date(2024, 5, 1))


def refused(act: Act, facts: Any, *more: Act) -> list[tuple[str, str]]:
    found = engine.refusals(CASE, facts, (FILED, *more), act, ON)
    return [(one.kind, one.reason) for one in found]


@pytest.mark.parametrize(
    ("line", "true"),
    [
        ("金额≥12000", True),
        ("金额>12000", False),
        ("金额超过1.1万元", True),
        ("金额不超过12,000元", True),
        ("金额不满1.2万元", False),
        ("金额少于12001", True),
        ("金额=12000", True),
        ("类型=个体", True),
        ("类型=企业", False),
        ("没有提到的≥1", False),
        ("类型≥3", False),
        ("初次违法", True),
        ("再犯", False),
        ("没有：再犯", True),
        ("没有：初次违法", False),
    ],
)
def test_a_condition_is_one_line(line: str, true: bool) -> None:
    known = Known({"金额": "1.2万元", "类型": "个体"}, frozenset({"初次违法"}))
    assert (holds(line, known) is not None) is true


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_comparisons_agree_with_numbers(value: int, bound: int) -> None:
    known = Known({"数": value})
    true = {sign: holds(f"数{sign}{bound}", known) is not None for sign in ("≥", ">", "≤", "<", "=")}
    assert true == {
        "≥": value >= bound, ">": value > bound, "≤": value <= bound, "<": value < bound, "=": value == bound,
    }  # fmt: skip


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_line_is_read(line: str, value: str) -> None:
    holds(line, Known({"数": value}, frozenset({value})))
    number(value)


def test_the_rows_of_the_matter_fire_with_band_article_and_reason() -> None:
    act = decided({"matter": "占道", "circumstances": ["次数：1", "面积：12平方米"]}, fine=300)
    (row,) = act.fired["bands"]
    assert (row.key, row.minimum, row.maximum) == ("A", 100, 500)
    assert row.basis is not None and row.basis.article == "第三条"
    assert row.why == ("次数1，符合“次数=1”", "面积12平方米，符合“面积<20”")
    assert refused(act, {"matter": "占道"}) == []


def test_outside_every_band_that_fired_a_reason_is_asked_for() -> None:
    facts = {"matter": "占道", "circumstances": ["次数：1", "面积：12"], "repeated": True}
    assert keys(decided(facts, fine=800)) == ["A", "B"]
    assert refused(decided(facts, fine=800), facts) == []
    ((kind, reason),) = refused(decided(facts, fine=50), facts)
    assert kind == "field" and "不少于100元、不超过500元" in reason and "应当填写“偏离理由”" in reason
    assert "（《示例条例》第三条）" in reason
    assert refused(decided(facts, fine=50, deviation="主动清理"), facts) == []
    back = decided(facts, entered=Entered.BACK, fine=50)
    found = engine.findings(CASE, facts, (FILED, back), ON)
    assert [one.kind.value for one in found] == ["field"]


def test_multiples_narrow_the_band() -> None:
    act = decided({"matter": "倾倒", "circumstances": ["清理费：200元"]}, fine=450)
    assert [(row.minimum, row.maximum) for row in act.fired["bands"]] == [(100, 400)]
    assert len(refused(act, {})) == 1
    assert keys(decided({"matter": "倾倒", "circumstances": ["主动清理"]}, fine=1)) == []


def test_what_fires_may_need_something_done_before() -> None:
    facts = {"matter": "占道", "repeated": True}
    small, big, closing = decided(facts, fine=600), decided(facts, fine=1000), decided(facts, "停业")
    assert keys(small, "major") == [] and refused(small, facts) == []
    failed = Act("review", date(2024, 5, 1), outcome="不通过")
    passed = Act("review", date(2024, 5, 1), outcome="通过")
    for act in (big, closing):
        ((kind, reason),) = refused(act, facts)
        assert kind == "order" and "法制审核" in reason
        assert len(refused(act, facts, failed)) == 1
        assert refused(act, facts, passed) == []
        assert len(refused(act, facts, passed, failed)) == 1


def test_what_nobody_asked_is_not_judged() -> None:
    bare = Act("decide", date(2024, 5, 2), outcome="罚款", fields={"fine": 5})
    assert refused(bare, {"matter": "占道", "repeated": True}) == []


def test_a_row_is_kept_and_read_back() -> None:
    (row,) = decided({"matter": "占道", "circumstances": ["次数：1", "面积：1"]}, fine=1).fired["bands"]
    assert fired_from(row.as_json()) == row
    assert fired_from(Fired("X", "X", ("因为",)).as_json()) == Fired("X", "X", ("因为",))


def test_a_correction_brings_its_own_rows() -> None:
    facts = {"matter": "占道", "repeated": True}
    wrong = decided(facts, entered=Entered.BACK, fine=50)
    rows = fired(CASE, "decide", "罚款", {"fine": 600}, facts, tables=Lists())
    said = {register: [row.as_json() for row in found] for register, found in rows.items()}
    mended = Correction(of=2, changes={"fields": {"fine": 600}, "fired": said}, reason="填错")
    assert effective((FILED, wrong, mended))[1].fired == rows
    found = engine.findings(CASE, facts, (FILED, wrong, mended), ON)
    assert [one.kind.value for one in found] == ["back_entry"]


def test_a_row_without_conditions_never_fires() -> None:
    table = Table.model_validate({"register": "bands", "field": "fine", "maximum": "most"})
    assert fire(table, Row("D", "D", ROWS["bands"][3]), Known()) is None
