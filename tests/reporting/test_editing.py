from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.signing import sign_off
from yifa.checking import Finding, Severity
from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import review
from yifa.reporting.actions import EditSection, SendToReview, SubmitReport
from yifa.reporting.content import paper
from yifa.reporting.models import Explanation, Report, Section
from yifa.reporting.page import html
from yifa.reporting.review import place_findings, report_findings
from yifa.reporting.typed import typed_numbers
from yifa.reporting.word import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def causes(report: Report) -> Section:
    return report.sections.get(required="causes")


def edit(section: Section, text: str, **more: Any) -> Section:
    return EditSection(actor=None, section=section, text=text, **more).execute()


def test_a_figure_called_for_in_prose_is_computed_and_printed(report: Report, causes: Section) -> None:
    assert not report.figures.filter(rule="information_requests_extended").exists()
    edit(causes, "延期{information_requests_extended}，收到{information_requests_received}件。")
    assert "延期0件，收到4件。" in paper(report).text  # the unit typed again is not doubled
    assert report.figures.filter(rule="information_requests_extended").exists()


def test_a_rate_brings_its_numerator_and_denominator(report: Report, causes: Section) -> None:
    report.figures.all().delete()
    edit(causes, "按期答复率{information_requests_on_time_rate}。")
    rate = report.figures.get(rule="information_requests_on_time_rate")
    assert report.figures.filter(rule__in=[rate.numerator, rate.denominator]).count() == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收到{information_request_received}。", "{收到政府信息公开申请}"),
        ("收到{信访事项登记}。", "{登记信访事项}"),
        ("收到{zzzz_qqqq}。", "从数字列表中选择"),
    ],
)
def test_an_unknown_figure_is_refused_with_those_that_look_alike(
    causes: Section, text: str, words: str
) -> None:
    before = causes.text
    with pytest.raises(ActionRefused) as refused:
        edit(causes, text)
    assert words in refused.value.message and refused.value.code == "unknown_figure"
    causes.refresh_from_db()
    assert causes.text == before


def test_the_slower_of_two_editors_loses_nothing_silently(causes: Section) -> None:
    edit(causes, "甲的文字。", expected_version=1)
    with pytest.raises(ActionRefused, match="刚被他人修改"):
        edit(causes, "乙的文字。", expected_version=1)
    causes.refresh_from_db()
    assert (causes.text, causes.version) == ("甲的文字。", 2)


def test_putting_the_draft_back_makes_the_section_live_again(causes: Section) -> None:
    assert edit(causes, "改写。").edited
    assert not edit(causes, causes.drafted).edited


def test_blank_lines_are_dropped_and_paragraphs_kept(causes: Section) -> None:
    assert edit(causes, "  第一段。\r\n\r\n第二段。 ").text == "第一段。\n第二段。"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60).filter(lambda text: "{" not in text and "}" not in text))
def test_whatever_is_typed_can_be_printed(causes: Section, tmp_path: Path, text: str) -> None:
    edited = edit(causes, f"甲{text}乙")
    write(edited.report, tmp_path / "report.docx")
    body = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "report.docx")).paragraphs)
    assert edited.text.splitlines()[0].replace("\t", "") in body.replace("\t", "")
    assert "<script" not in html(edited.report).split("<article", 1)[1].split("</article>")[0]


def test_only_a_coordinator_edits(busy: Any, causes: Section) -> None:
    with pytest.raises(ActionRefused) as refused:
        EditSection(actor=busy.user(Role.OFFICER, busy.body), section=causes, text="改写。").execute()
    assert refused.value.code == "role"


def test_a_typed_number_is_told_with_the_figure_that_could_stand_there(
    report: Report, causes: Section
) -> None:
    assert typed_numbers(report) == ()
    edit(causes, "全年收到申请4件，缺员7人。")
    typed = typed_numbers(report)
    assert [number.text for number in typed] == ["4件", "7人"]
    assert {number.section for number in typed} == {causes.pk}
    assert "information_requests_received" in typed[0].same
    assert typed[1].same == ()
    edit(causes, "窗口缺员4件。")
    assert [number.same for number in typed_numbers(report)] == [()], "the same number says nothing by itself"


def test_numbers_of_plans_are_not_marked_as_typed(report: Report, causes: Section) -> None:
    plan = report.sections.get(required="next_year")
    edit(plan, "举办培训4期，每季度核对一次台账。")
    assert typed_numbers(report) == ()
    edit(causes, "举办培训4期，每季度核对一次台账。")
    assert [number.text for number in typed_numbers(report)][:1] == ["4期"]


def test_a_finding_is_placed_in_the_section_it_lies_in(report: Report, causes: Section) -> None:
    edit(causes, "检查发现问题50件，分别为甲类30件、乙类10件。")
    found = next(finding for finding in place_findings(report) if finding.rule == "sum")
    assert (found.severity, found.sections) == (Severity.ERROR, (causes.pk,))
    assert "50件" in found.excerpt


@pytest.mark.mechanism("D3-03", "works")
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("sum", "检查发现问题50件，分别为甲类30件、乙类10件。"),
        ("subset", "检查发现问题50件，其中甲类60件。"),
        ("rate", "评查案卷60件，合格51件，合格率95%。"),
        ("change", "投诉由上年的360件增加到412件，增长24%。"),
    ],
)
def test_numbers_that_do_not_agree_block_the_report(
    report: Report, causes: Section, rule: str, text: str
) -> None:
    edit(causes, text)
    errors = [finding for finding in place_findings(report) if finding.severity == Severity.ERROR]
    assert {(finding.rule, finding.sections) for finding in errors} == {(rule, (causes.pk,))}
    explained = {finding.key: "数据有误差。" for finding in errors}
    with pytest.raises(ActionRefused, match="1处错误"):
        SendToReview(actor=None, report=report, explanations=explained).execute()
    assert Report.objects.get().state == Report.State.DRAFT


@pytest.mark.mechanism("D3-01", "partly")
def test_a_warning_passes_only_with_an_explanation_which_is_kept(report: Report, causes: Section) -> None:
    edit(causes, "群众满意率96%，人手不足。")  # a rate without the numbers it comes from
    warnings = [finding for finding in place_findings(report) if finding.severity == Severity.WARNING]
    assert warnings
    with pytest.raises(ActionRefused, match="还没有说明"):
        SendToReview(actor=None, report=report, explanations={warnings[0].key: "  "}).execute()
    explanations = {finding.key: "数据来自市里统一测评，未提供样本数。" for finding in warnings}
    sign_off(report, explanations)
    submitted = SubmitReport(actor=None, report=report).execute()
    assert submitted.state == Report.State.SUBMITTED
    assert set(Explanation.objects.values_list("key", flat=True)) == set(explanations)
    assert Record.objects.filter(subject=Subject.REPORT, kind="report.submitted").count() == 1
    with pytest.raises(ActionRefused, match="已提交"):
        edit(causes, "再改。")


def test_a_submitted_report_is_not_built_again(busy: Any, report: Report) -> None:
    Report.objects.update(state=Report.State.SUBMITTED)
    with pytest.raises(ActionRefused, match="已提交"):
        busy.build()


def test_the_key_of_a_finding_survives_changes_elsewhere(report: Report, causes: Section) -> None:
    edit(causes, "群众满意率96%，人手不足。")
    key = next(finding.key for finding in place_findings(report) if finding.rule == "rate.base")
    other = report.sections.get(required="next_year")
    edit(other, "2025年继续做好各项工作。")
    assert key in {finding.key for finding in place_findings(report)}


def test_the_check_sees_what_is_printed(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def watch(document: Any) -> tuple[Finding, ...]:
        seen.append(document.text)
        return ()

    monkeypatch.setattr(review, "check", watch)
    review.checked.cache_clear()
    report_findings(report)
    assert seen == [paper(report).text]
