"""The two rules that take a second text: what they say of whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checking.likeness.texts import report
from yifa.checking import Finding, check
from yifa.checking.rules import likeness
from yifa.checking.view import View
from yifa.reading import Document, ReadingError, read, read_text


def yearly(place: str, year: int, body: str) -> str:
    title = f"{place}人民政府{year}年法治政府建设情况报告\n现将有关情况报告如下：\n"
    return f"{title}一、主要工作\n{body}\n二、下一步工作\n修桥。\n{place}人民政府\n{year + 1}年1月9日"


def copied(document: Document, *others: Document) -> list[Finding]:
    return [finding for finding in check(document, others) if finding.rule == "likeness.copied"]


def one(document: Document, *others: Document) -> Finding:
    (finding,) = copied(document, *others)
    return finding


BODY = report(1, 24)
LAST = read_text(yearly("松坪镇", 2022, BODY), "2022.txt")


def test_last_years_report_with_new_numbers() -> None:
    new = re.sub(r"\d+件", lambda found: f"{int(found.group()[:-1]) + 5}件", BODY)
    finding = one(read_text(yearly("松坪镇", 2023, new)), LAST)
    assert finding.severity == "warning"
    assert (
        "本单位上年的" in finding.message
        and "只改了数字" in finding.message
        and "数字都换过" in finding.message
    )
    assert finding.evidence["other_path"] == "2022.txt"
    assert finding.evidence["share"] > 0.8


def test_even_the_numbers_are_last_years() -> None:
    finding = one(read_text(yearly("松坪镇", 2023, BODY)), LAST)
    assert "连24个数字也相同" in finding.message
    assert {passage["kind"] for passage in finding.evidence["passages"]} == {"same"}


def test_the_passages_lie_side_by_side() -> None:
    document = read_text(yearly("柳湾镇", 2023, report(2, 8) + "\n" + BODY))
    finding = one(document, LAST)
    assert "本单位" not in finding.message.split("雷同")[0]
    for (start, end), passage in zip(finding.spans, finding.evidence["passages"], strict=True):
        left, right = passage["other_at"]
        assert document.text[start:end] == LAST.text[left:right]


def test_one_finding_for_each_other_document_in_the_order_given() -> None:
    lines = BODY.split("\n")
    first = read_text(yearly("柳湾镇", 2023, "\n".join(lines[:3])), "柳湾.txt")
    second = read_text(yearly("石桥镇", 2023, "\n".join(lines[3:])), "石桥.txt")
    unlike = read_text(yearly("龙口镇", 2023, report(9, 20)), "龙口.txt")
    found = copied(read_text(yearly("松坪镇", 2023, BODY)), unlike, first, second)
    assert [finding.evidence["other_path"] for finding in found] == ["柳湾.txt", "石桥.txt"]


def test_the_same_file_is_not_a_copy() -> None:
    again = read_text(LAST.text, "又一份.txt")
    finding = one(again, LAST)
    assert finding.severity == "notice" and "同一份文件" in finding.message and finding.spans == ()


def test_another_print_of_the_same_text_is_not_a_copy() -> None:
    finding = one(read_text(LAST.text.replace("\n", "\n\n")), LAST)
    assert finding.severity == "notice" and "两个版本" in finding.message


def test_two_drafts_are_a_notice() -> None:
    finding = one(read_text(LAST.text.replace("修桥。", "先修桥，再铺路。")), LAST)
    assert finding.severity == "notice" and "两稿" in finding.message


def test_a_report_may_quote_its_own_plan_but_not_anothers() -> None:
    plan = "松坪镇2023年法治政府建设工作要点\n一、主要任务\n" + BODY + "\n松坪镇人民政府\n2023年2月9日"
    document = read_text(yearly("松坪镇", 2023, BODY))
    assert copied(document, read_text(plan)) == []
    assert copied(document, read_text(plan.replace("2023年", "2021年"))) != []


@pytest.mark.shared
def test_only_true_copies_among_the_work_reports(shared: Path) -> None:
    """Each against the next three, which are mostly the same district's: one pair repeats itself, read by hand."""
    documents = []
    for path in sorted((shared / "corpus" / "work_reports").glob("*.txt")):
        try:
            documents.append(read(path))
        except ReadingError:
            continue
    found = {
        (Path(document.source.path).stem, Path(finding.evidence["other_path"]).stem)
        for place, document in enumerate(documents)
        for finding in likeness.check(View(document, documents[place + 1 : place + 4]))
    }
    assert found == {("szgw031", "szgw034")}


@pytest.mark.shared
def test_the_papers_are_nobodys_copies(shared: Path) -> None:
    documents = [read(path) for path in sorted((shared / "sources").glob("*.txt"))]
    for document in documents:
        assert copied(document, *(other for other in documents if other is not document)) == []


def test_a_document_is_not_compared_with_itself_and_the_same_content_only_once() -> None:
    assert copied(LAST, LAST) == []
    (finding,) = copied(LAST, read_text(LAST.text, "甲.txt"), read_text(LAST.text, "乙.txt"))
    assert finding.evidence["other_path"] == "甲.txt"
