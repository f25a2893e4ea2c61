"""Evidence in words: sums as an official would write them, and never a key of the JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from yifa.checking import Finding, Severity, check, evidence_lines
from yifa.checking.excerpt import ending
from yifa.reading import read

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*/fires-*"))


def lines(rule: str, **evidence: Any) -> tuple[str, ...]:
    return evidence_lines(Finding(rule, Severity.ERROR, "", (), evidence))


@pytest.mark.parametrize(
    ("rule", "evidence", "first"),
    [
        (
            "sum",
            {"whole": 655, "parts": [12, 31, 42, 443, 5], "parts_sum": 533, "unit": "件"},
            "12＋31＋42＋443＋5＝533，与655相差122",
        ),
        ("sum", {"whole": 1.5, "parts": [0.4, 1], "parts_sum": 1.4}, "0.4＋1＝1.4，与1.5相差0.1"),
        ("subset", {"whole": 10, "part": 12, "unit": "件"}, "部分12件＞总数10件，多2件"),
        ("rate", {"part": 51, "whole": 60, "computed": 85, "stated": 95}, "51÷60＝85%，文中写作95%"),
        (
            "change",
            {"before": 360, "after": 412, "stated": 24, "computed": 14.44},
            "412－360＝52（增加52），52÷360＝14.44%；文中写作24%",
        ),
        (
            "change",
            {"before": 50, "after": 40, "stated": 12, "computed": 10},
            "40－50＝-10（减少10）；文中写作12",
        ),
        ("count", {"stated": 4, "listed": 3}, "文中写4，逐个数得3，相差1"),
        ("repeated", {"values": [3, 5], "unit": "件"}, "文中的值：3件；5件"),
        ("period.title", {"title": 2019, "body": [2017, 2019]}, "标题：2019年；正文：2017—2019年"),
        (
            "period.future",
            {"date": "2020-01-03", "dated": "2019-12-30"},
            "文中的日期2020年1月3日，晚于落款2019年12月30日，晚4天",
        ),
        ("likeness.copied", {"other": "甲县2024年报告", "share": 0.625}, "另见：甲县2024年报告"),
        ("state.rest", {"received": 136, "settled": 121, "rest": 15, "unit": "件"}, "136－121＝15件"),
        ("rate.unstated", {"standard": 90, "part": 310, "whole": 412, "computed": 75.24}, "310÷412＝75.24%"),
        ("state.equal", {"received": 500, "settled": 500, "unit": "件"}, "收进：500"),
        (
            "period.late",
            {"due": "2022-04-01", "dated": "2022-04-20", "days": 20},
            "应在2022年4月1日之前公开，落款2022年4月20日",
        ),
        ("law.article", {"article": 92, "articles": 86}, "引第92条，当时的文本共86条"),
        ("ledger.differs", {"reported": 14, "counted": 23, "difference": -9}, "报告14－台账23＝-9"),
        ("a.rule.to.come", {"expected": [3, 4], "inner_key": 3}, "应为：3、4"),
    ],
)
def test_written_out(rule: str, evidence: dict[str, Any], first: str) -> None:
    assert lines(rule, **evidence)[0] == first


def test_a_share_is_shown_in_percent() -> None:
    assert lines("likeness.copied", other="乙", share=0.625)[1] == "相同部分占62.5%"


def test_missing_evidence_says_nothing_rather_than_something_wrong() -> None:
    for rule in ("sum", "subset", "rate", "change", "count", "repeated", "period.future", "plan.due"):
        assert lines(rule) == ()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_finding_of_the_samples_is_written_in_chinese(sample: Path) -> None:
    for finding in check(read(sample)):
        for line in evidence_lines(finding):
            assert not re.search(r"[a-z]+_[a-z]+|\bNone\b|\{|\[", line), (finding.rule, line)


def test_arithmetic_rules_always_show_their_sum() -> None:
    bare = [
        (sample.name, finding.rule)
        for sample in SAMPLES
        for finding in check(read(sample))
        if finding.rule in {"sum", "subset", "rate", "change", "count", "repeated"}
        and not evidence_lines(finding)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("2019年通过门户网站发布政务信息", "2019年通过门户网站发布政务信息"),
        (" 共受理投诉 ", "共受理投诉"),
        ("全县2019年共受理各类群众监督、投诉、咨询事项", "……共受理各类群众监督、投诉、咨询事项"),
        ("全县4月15日前通过门户网站和各部门网站发布信息", "……前通过门户网站和各部门网站发布信息"),
    ],
)
def test_the_end_of_a_clause_is_cut_where_words_begin(words: str, shown: str) -> None:
    assert ending(words, 20) == shown
