"""The frame the rules stand in: registry, order, a rule that breaks, the contract's object, excerpts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.checking import FAILED, RULES, Finding, Registry, Rule, Severity, check, excerpt, report_json
from yifa.checking.reference import rules_page
from yifa.checking.view import View
from yifa.reading import read_text

TEXT = "全年接到举报线索92条，分别为来信31条、来电44条、网上留言27条。\n其余工作正常。"


def says(rule_id: str, *spans: tuple[int, int]) -> Rule:
    def speak(view: View) -> Iterator[Finding]:
        for span in spans:
            yield rule.finding("话", [span])

    rule = Rule(rule_id, Severity.NOTICE, "题", "说明", speak)
    return rule


def breaks(view: View) -> Iterator[Finding]:
    raise KeyError("a bug")
    yield


def test_two_rules_may_not_share_an_id() -> None:
    with pytest.raises(ValueError, match=r"a\.b"):
        Registry([says("a.b"), says("a.b")])


def test_findings_come_in_order_of_rules_then_of_text() -> None:
    rules = Registry([says("z", (5, 6), (1, 2)), says("a", (0, 1))])
    found = check(read_text(TEXT), rules=rules)
    assert [(f.rule, f.spans[0]) for f in found] == [("z", (1, 2)), ("z", (5, 6)), ("a", (0, 1))]


def test_a_rule_that_breaks_costs_only_its_own_findings(caplog: pytest.LogCaptureFixture) -> None:
    rules = Registry([Rule("broken", Severity.ERROR, "坏规则", "说明", breaks), says("whole", (0, 1))])
    found = check(read_text(TEXT), rules=rules)
    assert [(f.rule, f.severity) for f in found] == [(FAILED, "notice"), ("whole", "notice")]
    assert found[0].evidence == {"rule": "broken"}
    assert "坏规则" in found[0].message and "KeyError" not in found[0].message
    assert "a bug" in caplog.text


def test_the_object_of_the_contract_is_json() -> None:
    document = read_text(TEXT)
    printed = json.loads(json.dumps(report_json(document, check(document)), ensure_ascii=False, default=str))
    assert {"source", "kind", "text", "figures", "findings"} <= set(printed)
    (finding,) = [f for f in printed["findings"] if f["rule"] == "sum"]
    assert set(finding) == {"rule", "severity", "message", "spans", "evidence", "basis"}
    assert finding["severity"] == "error" and finding["basis"] is None
    assert [printed["text"][s:e] for s, e in finding["spans"]] == ["92条", "31条", "44条", "27条"]


def test_checking_is_pure() -> None:
    document = read_text(TEXT)
    assert check(document) == check(document) == check(document, [document])


def test_every_rule_explains_itself() -> None:
    for rule in RULES:
        assert rule.title and len(rule.explanation) >= 25, rule.id
        assert rule.explanation in rules_page()


def test_excerpt_gives_the_sentence_with_the_place_marked() -> None:
    start = TEXT.index("44条")
    assert excerpt(TEXT, (start, start + 3)) == (
        "全年接到举报线索92条，分别为来信31条、来电",
        "44条",
        "、网上留言27条。",
    )


@given(st.text(alphabet="甲乙。；\n，1件", min_size=1, max_size=200), st.data())
def test_excerpt_never_loses_the_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    before, marked, after = excerpt(text, (start, end), room=20)
    assert marked == text[start:end].replace("\n", " ")
    assert len(before) <= 20 and len(after) <= 20
    assert before in text and after in text


@given(
    st.text(
        alphabet="共其中分别为合计一二三是由增至减少12345%件条个、，。；（）《》\n办结率受理占", max_size=300
    )
)
def test_no_text_breaks_a_rule(text: str) -> None:
    document = read_text("青禾县2021年法治政府建设年度报告\n现将有关情况报告如下。\n" + text)
    assert not [finding.message for finding in check(document) if finding.rule == FAILED]
