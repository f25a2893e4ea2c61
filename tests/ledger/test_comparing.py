"""A report's figures beside the ledger's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.ledger.conftest import Town
from yifa.ledger.figures.comparing import RULE, Comparison, Verdict, compare, ledger_findings
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.reading import Document, read_text

HEAD = "澜亭县人民政府2024年度法治政府建设情况报告\n\n现将2024年度法治政府建设情况报告如下：\n一、政务公开\n"
TAIL = "\n二、存在的问题\n公开的内容还不够全面。\n澜亭县人民政府\n2025年1月20日\n"


def report(body: str) -> Document:
    return read_text(HEAD + body + TAIL, "报告.txt")


@pytest.fixture
def books(place: Town) -> Town:
    """Three requests received, two answered in the year, one of them by the town."""
    for on, answered, at in (
        (date(2024, 3, 4), date(2024, 3, 20), place.office),
        (date(2024, 5, 6), date(2024, 5, 21), place.town),
        (date(2024, 11, 4), None, place.office),
    ):
        case = place.request(on=on, organization=at)
        if answered:
            place.answer(case, on=answered)
    return place


def verdicts(comparison: Comparison) -> dict[str, Verdict]:
    return {line.figure.text: line.verdict for line in comparison.lines}


def test_what_the_ledger_counts_alike_agrees(books: Town) -> None:
    found = compare(report("全年收到政府信息公开申请3件，答复政府信息公开申请2件，其中予以公开2件。"))
    assert {line.counted.rule for line in found.lines} == {
        "information_requests_received",
        "information_requests_answered",
        "information_requests_disclosed",
    }
    assert {line.verdict for line in found.lines} == {Verdict.AGREES}
    assert ledger_findings(found) == ()


def test_a_difference_is_said_with_both_numbers_and_the_records(books: Town) -> None:
    document = report("全年收到政府信息公开申请5件，答复2件。")
    (finding,) = ledger_findings(compare(document))
    assert finding.rule == RULE
    assert [document.text[start:end] for start, end in finding.spans] == ["5件"]
    assert (finding.evidence["reported"], finding.evidence["counted"], finding.evidence["difference"]) == (
        5,
        3,
        2,
    )
    assert finding.evidence["records"] == 3
    assert "报告多2件" in finding.message


@pytest.mark.parametrize(
    ("said", "agrees"),
    [("近4件", True), ("近3件", False), ("2余件", True), ("3余件", False), ("4余件", False), ("约3件", True)],
)
def test_an_approximation_holds_for_what_it_may_mean(books: Town, said: str, agrees: bool) -> None:
    """近 is below the number, 余 above it: never the number itself."""
    (line,) = compare(report(f"全年收到政府信息公开申请{said}。")).lines
    assert (line.verdict is Verdict.AGREES) is agrees


def test_other_words_narrow_what_is_counted_and_nothing_is_said(books: Town) -> None:
    found = compare(report("收到涉及征地拆迁的政府信息公开申请1件。"))
    assert verdicts(found) == {"1件": Verdict.NEIGHBOUR}
    assert ledger_findings(found) == ()


@pytest.mark.parametrize(
    "clause",
    [
        "上年收到政府信息公开申请9件",
        "2023年收到政府信息公开申请9件",
        "上半年收到政府信息公开申请9件",
        "2019年以来收到政府信息公开申请9件",
    ],
)
def test_figures_of_another_time_are_left_alone(books: Town, clause: str) -> None:
    assert compare(report(f"{clause}。")).lines == ()


def test_a_part_named_after_a_unit_is_looked_up_in_its_books(books: Town) -> None:
    found = compare(report("答复政府信息公开申请2件，其中示例镇人民政府2件。"))
    assert [(line.organization.name, line.counted.value, line.verdict) for line in found.lines] == [
        ("澜亭县人民政府", Decimal(2), Verdict.AGREES),
        ("示例镇人民政府", Decimal(1), Verdict.DIFFERS),
    ]


def test_a_body_below_is_set_against_its_own_books(books: Town) -> None:
    text = (
        HEAD.replace("澜亭县人民政府", "示例镇人民政府")
        + "收到政府信息公开申请1件。\n示例镇人民政府\n2025年1月6日\n"
    )
    found = compare(read_text(text, "镇.txt"))
    assert found.organization == books.town
    assert {line.verdict for line in found.lines} == {Verdict.AGREES}


def test_what_is_not_known_is_refused_in_words(books: Town) -> None:
    other = read_text(
        HEAD.replace("澜亭县", "云岭县") + "收到申请3件。\n云岭县人民政府\n2025年1月6日\n", "外县.txt"
    )
    with pytest.raises(ActionRefused, match="云岭县人民政府"):
        compare(other)
    assert compare(other, Organization.objects.get(code="body")).organization.code == "body"
    with pytest.raises(ActionRefused, match="年度"):
        compare(read_text("收到政府信息公开申请3件。", "无年度.txt"))
