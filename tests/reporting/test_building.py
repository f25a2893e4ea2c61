from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from yifa.checking import Severity
from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateOrganization, HoldPost
from yifa.ledger.models import Post, Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import BuildReport, EditSection
from yifa.reporting.content import Paragraph, Shown, paper
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.review import report_findings

pytestmark = pytest.mark.django_db


def figure(report: Report, rule: str) -> StoredFigure:
    return report.figures.get(rule=rule)


def section(report: Report, required: str) -> Any:
    return report.sections.filter(required=required).order_by("-level").first()


@pytest.mark.mechanism("D3-01", "partly")
def test_the_report_is_written_from_records_and_passes_its_own_check(report: Report) -> None:
    text = paper(report).text
    assert "收到政府信息公开申请4件" in text
    assert "举办法治培训2场次" in text or "举办法治培训2" in text
    assert [f.message for f in report_findings(report) if f.severity != Severity.NOTICE] == []
    assert {"results", "shortcomings", "causes", "first_responsible", "next_year"} <= set(
        report.sections.values_list("required", flat=True)
    )


def test_every_figure_keeps_its_records_and_they_give_its_value(report: Report) -> None:
    counted = [f for f in report.figures.all() if f.status == "counted" and not f.numerator]
    assert len(counted) > 20
    for stored in counted:
        if stored.value is None:  # the mean of nothing
            assert not stored.records and catalogue().counting_rules[stored.rule].aggregate == "mean"
            continue
        assert sum(record.value for record in stored.records) == stored.value, stored.rule
        if stored.parts:
            assert sum(map(Decimal, stored.parts.values())) == stored.value, stored.rule
    received = figure(report, "information_requests_received")
    assert (received.value, len(received.records), len(received.digest)) == (4, 4, 64)
    assert {record.act for record in received.records} == {"收到申请"}


def test_every_number_printed_from_a_figure_is_in_the_text_once_asked_for(report: Report) -> None:
    shown = [
        p for b in paper(report).blocks if isinstance(b, Paragraph) for p in b.pieces if isinstance(p, Shown)
    ]
    assert len(shown) > 20 and all(piece.known for piece in shown)
    assert "{" not in paper(report).text


def test_late_cases_come_into_the_shortcomings_by_type_and_unit(report: Report) -> None:
    late = figure(report, "late_information_request_answer")
    assert late.value == 2
    assert late.parts == {"澜亭县司法局": "1", "澜亭县住房和城乡建设局": "1"}
    text = section(report, "shortcomings").text
    assert "{late_information_request_answer}" in text
    assert "澜亭县司法局{late_information_request_answer:澜亭县司法局}" in text
    causes = section(report, "causes").text
    assert "澜亭县司法局" in causes and "澜亭县住房和城乡建设局" in causes
    assert f"{report.year + 1}年" in section(report, "next_year").text


def test_faults_of_procedure_come_in_by_kind_and_type(busy: Any) -> None:
    for number in range(3):
        busy.request(busy.justice, date(2024, 6, 3), None, f"补记项目{number}", entered="back")
    report = busy.build()
    late = figure(report, "cases_with_back_entry")
    assert (late.value, late.parts) == (3, {"政府信息公开申请": "3"})
    assert "事后补录{cases_with_back_entry}" in section(report, "shortcomings").text
    assert "随办随录" in section(report, "causes").text and "随办随录" in section(report, "next_year").text
    assert "事后补录3件" in paper(report).text


def test_figures_nobody_prints_are_not_stored(report: Report) -> None:
    assert not report.figures.filter(rule__startswith="cases_with_", value=0).exists()


def test_without_a_fault_the_report_claims_none(county: Any) -> None:
    county.request(county.justice, date(2024, 3, 4), date(2024, 3, 20))
    report = county.build()
    assert not report.figures.filter(rule__startswith="late_").exists()
    assert "没有超过规定期限" in section(report, "shortcomings").text


def test_what_the_principals_did_is_counted_from_acts_in_their_name(report: Report) -> None:
    text = section(report, "first_responsible").text
    assert "县长安一山" in text
    done = figure(report, "acts_of_principals")
    assert (done.value, done.records[0].act) == (1, "举办（安一山）")


def test_a_successor_is_named_too_and_each_counts_only_while_in_office(busy: Any) -> None:
    post = Post.objects.get(title="县长")
    HoldPost(actor=None, post=post, person="文二水", valid_from=date(2024, 7, 1)).execute()
    busy.session(date(2024, 5, 1), by="安一山", role="officer")  # an officer of that name
    busy.session(date(2024, 8, 1), by="安一山")  # no longer in office
    busy.session(date(2024, 10, 1), by="文二水")
    report = busy.build()
    assert "县长安一山、文二水" in section(report, "first_responsible").text
    records = figure(report, "acts_of_principals").records
    assert [record.on for record in records] == [date(2024, 2, 1), date(2024, 10, 1)]


# Missing: the yearly list of duties of each principal, with the duties that have no record by name.
@pytest.mark.mechanism("D1-02", "partly")
def test_without_records_the_report_does_not_say_that_duties_were_fulfilled(county: Any) -> None:
    text = section(county.build(), "first_responsible").text
    assert "没有党政主要负责人本人" in text
    assert "履行推进法治建设第一责任人职责，" not in text


def test_an_empty_year_reads_as_nothing_happened_not_as_zeros(county: Any) -> None:
    text = paper(county.build()).text
    assert "本年度没有收到政府信息公开申请" in text
    assert "{" not in text


@pytest.mark.mechanism("D3-02", "partly")
def test_a_running_year_is_counted_until_today_and_says_so(busy: Any) -> None:
    with time_machine.travel("2024-06-15 10:00:00+08:00", tick=False):
        report = busy.build()
    assert (report.cutoff, report.dated) == (date(2024, 6, 15), date(2024, 6, 15))
    text = paper(report).text
    assert "2024年6月15日" in text
    assert "2024年1月1日至6月15日" in text
    assert "12月" not in text and "年末" not in text
    assert figure(report, "information_requests_received").value == 3
    assert [f.message for f in report_findings(report) if f.severity != Severity.NOTICE] == []


def test_nothing_is_counted_until_a_day_to_come(busy: Any) -> None:
    with time_machine.travel("2024-06-15 10:00:00+08:00", tick=False):
        with pytest.raises(ActionRefused, match="还没有到"):
            busy.build(cutoff=date(2024, 12, 31))
        assert busy.build(cutoff=date(2024, 3, 31)).cutoff == date(2024, 3, 31)


def test_a_finished_year_ends_on_its_last_day(busy: Any) -> None:
    with time_machine.travel("2025-02-10 10:00:00+08:00", tick=False):
        report = busy.build()
    assert (report.period_start, report.cutoff) == (date(2024, 1, 1), date(2024, 12, 31))
    assert paper(report).dated == "2025年2月10日"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": 2999}, "年度"),
        ({"year": 12}, "四位数"),
        ({"year": 2024, "cutoff": date(2023, 5, 1)}, "不在2024年内"),
        ({"year": 2024, "outline": "none_such"}, "没有报告大纲"),
    ],
)
def test_what_makes_no_sense_is_refused(county: Any, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        BuildReport(actor=None, organization=county.body, **given).execute()
    assert not Report.objects.exists()


def test_building_again_refreshes_figures_and_keeps_edited_prose(busy: Any) -> None:
    report = busy.build()
    causes = section(report, "causes")
    EditSection(actor=None, section=causes, text="共有{information_requests_received}，人手不足。").execute()
    busy.request(busy.justice, date(2024, 10, 8), date(2024, 10, 20), "己项目")
    again = busy.build()
    assert again.pk == report.pk
    assert section(again, "causes").text == "共有{information_requests_received}，人手不足。"
    assert section(again, "causes").drafted != section(again, "causes").text
    assert "共有5件，人手不足。" in paper(again).text
    assert again.sections.count() == report.sections.count()
    kinds = Record.objects.filter(subject=Subject.REPORT, subject_id=report.pk).values_list("kind", flat=True)
    assert list(kinds) == ["report.built", "section.edited", "report.rebuilt"]


def test_progress_is_told(busy: Any) -> None:
    told: list[tuple[int, int]] = []
    busy.build(progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert all(done <= total for done, total in told)


def test_a_department_without_a_power_says_so_and_not_zero(busy: Any) -> None:
    report = BuildReport(actor=None, organization=busy.housing, year=2024).execute()
    without = report.figures.filter(status="no_power")
    assert without.exists() and all(f.value is None for f in without)
    text = paper(report).text
    assert "本级无此职权。" in text
    assert "澜亭县住房和城乡建设局2024年" in report.title


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["county", "zone", "town", "department"])
def test_an_empty_body_of_each_level_gets_a_whole_report_without_a_finding(level: str) -> None:
    body = CreateOrganization(actor=None, code="one", name="清岚示范单位", level=level).execute()
    report = BuildReport(actor=None, organization=body, year=2024).execute()
    assert [(f.rule, f.message) for f in report_findings(report) if f.severity != Severity.NOTICE] == []
    off = report.figures.filter(status="no_power").exists()
    assert off == ("本级无此职权。" in paper(report).text)
    assert off or level in ("county", "zone")
    assert not off or level != "county"
    for part in report.sections.all():
        assert not part.level or part.text or part.children.exists(), part.title


def test_a_unit_without_units_below_does_not_name_itself(busy: Any) -> None:
    busy.request(busy.justice, date(2024, 3, 1), None, "逾期一件")
    report = BuildReport(actor=None, organization=busy.justice, year=2024).execute()
    text = paper(report).text
    assert "超过答复期限" in text and "发生在" not in text
    assert "主要是对临近期限的事项提醒" in text and "会同" not in text
    whole = paper(BuildReport(actor=None, organization=busy.body, year=2024).execute()).text
    assert f"会同{busy.justice}" in whole
