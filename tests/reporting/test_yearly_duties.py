"""The other yearly duties: each is built from records, passes its own check, has its legal day, holds for an empty body."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine

from yifa.checking import Severity, check
from yifa.cli import run
from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateOrganization, OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.reading import read
from yifa.reporting import word
from yifa.reporting.actions import BuildReport, EditSection
from yifa.reporting.blocks import ChartBlock, TableBlock
from yifa.reporting.content import paper
from yifa.reporting.duedays import due_days
from yifa.reporting.duty import deadlines
from yifa.reporting.models import Report
from yifa.reporting.persons import persons
from yifa.reporting.review import report_findings
from yifa.reporting.since import SinceReport
from yifa.reporting.typed import typed_numbers

pytestmark = pytest.mark.django_db
YEAR = 2024
ON_BODIES = sorted(name for name, outline in catalogue().outlines.items() if outline.person is None)


def build(organization: Organization, outline: str, **more: Any) -> Report:
    return BuildReport(actor=None, organization=organization, year=YEAR, outline=outline, **more).execute()


def table(report: Report, words: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    blocks = (block for block in paper(report).blocks if isinstance(block, TableBlock))
    found = next(block for block in blocks if words in block.title)
    return {row[0].text: [cell.text for cell in row[1:]] for row in found.rows}


def plan(unit: Organization, **more: Any) -> None:
    data = {
        "code": f"XF-{unit.code}", "study_unit": unit.name, "document": "学法计划",
        "starts": f"{YEAR}-01-01", "ends": f"{YEAR}-12-31", **more,
    }  # fmt: skip
    PublishEntry(
        actor=None, organization=unit, register="study_plans", data=data, on=date(YEAR, 1, 5)
    ).execute()


def duty(body: Organization, code: str, person: str, minimum: int = 1) -> None:
    data = {
        "code": code, "person": person, "post": "县长", "duty": f"职责{code}", "minimum": minimum,
        "starts": f"{YEAR}-01-01", "ends": f"{YEAR}-12-31",
    }  # fmt: skip
    PublishEntry(
        actor=None, organization=body, register="principal_duties", data=data, on=date(YEAR, 1, 5)
    ).execute()


def did(body: Organization, code: str, person: str, on: date) -> Case:
    return OpenCase(
        actor=None,
        organization=body,
        case_type="duty_record",
        act="record",
        on=on,
        facts={"subject": f"研究{on.month}月工作", "person": person, "duty": code},
        fields={"did": "主持研究"},
        evidence=[{"title": "会议纪要", "attachment": None}],
    ).execute()


@pytest.mark.parametrize("level", ["county", "zone", "town", "department"])
@pytest.mark.parametrize("outline", ON_BODIES)
def test_every_report_of_an_empty_body_reads_as_nothing_happened(db: None, outline: str, level: str) -> None:
    body = CreateOrganization(actor=None, code="b", name="青石镇人民政府", level=level).execute()
    report = build(body, outline)
    said = paper(report)
    assert "{" not in said.text and "〔" not in said.text and "None" not in said.text
    assert not [block for block in said.blocks if isinstance(block, TableBlock | ChartBlock)]
    for section in report.sections.exclude(level=0):
        assert section.text or section.children.exists(), section.title
    assert [f.message for f in report_findings(report) if f.severity == Severity.ERROR] == []


@pytest.mark.parametrize("outline", ON_BODIES)
def test_every_report_passes_its_own_check_as_word(busy: Any, outline: str, tmp_path: Path) -> None:
    report = build(busy.body, outline)
    word.write(report, tmp_path / "r.docx")
    document = read(tmp_path / "r.docx")
    assert (document.kind == "annual_report") == (outline == "annual_report")
    found = [f for f in check(document) if f.severity != Severity.NOTICE and not f.rule.startswith("period.")]
    assert [finding.message for finding in found] == []


def test_only_days_the_law_names_are_due() -> None:
    days = {
        (outline, level): [
            (due.on, due.basis.article if due.basis else None) for due in due_days(outline, level, 2024)
        ]
        for outline in catalogue().outlines
        for level in ("county", "town", "department")
        if outline != "annual_report"
    }
    assert days.pop(("disclosure_report", "department")) == [(date(2025, 1, 31), "第四十九条")]
    assert days.pop(("disclosure_report", "county")) == [(date(2025, 3, 31), "第四十九条")]
    for level in ("county", "town", "department"):
        assert days.pop(("enforcement_statistics_report", level)) == [(date(2025, 1, 31), None)]
    assert set(map(tuple, days.values())) == {()}


def test_the_page_of_a_report_tells_its_legal_day_and_whether_it_was_kept(county: Any) -> None:
    report = build(county.housing, "disclosure_report")
    (due,) = deadlines(report, date(2025, 1, 30))
    assert (due.due, due.days_left, due.late) == (date(2025, 1, 31), 1, False)
    assert due.basis is not None and due.basis.article == "第四十九条"
    assert deadlines(report, date(2025, 2, 1))[0].late
    assert deadlines(build(county.body, "document_bulletin"), date(2025, 2, 1)) == ()


@pytest.mark.mechanism("D11-05", "works")
def test_the_disclosure_report_says_each_thing_that_did_not_happen(county: Any) -> None:
    text = paper(build(county.body, "disclosure_report")).text
    for nothing in (
        "主动公开政府信息",
        "制发和废止行政规范性文件",
        "作出准予行政许可决定",
        "实施行政强制措施",
        "作出行政处罚决定",
    ):
        assert f"没有{nothing}" in text
    assert "四、存在的主要问题及改进情况\n台账中没有超期答复" in text


def test_the_disclosure_report_names_problems_from_the_records(busy: Any) -> None:
    report = build(busy.body, "disclosure_report")
    assert "超期答复的申请2件" in paper(report).text
    rows = table(report, "收到和处理")
    came = int(rows["上年结转的申请"][1]) + int(rows["收到政府信息公开申请"][1])
    names = (
        "予以公开的申请",
        "部分公开的申请",
        "不予公开的申请",
        "无法提供的申请",
        "不予处理和其他处理的申请",
    )
    names += ("撤回和视为放弃的申请", "结转下年度继续办理的申请")
    assert came == sum(int(rows[name][1]) for name in names) == 4


@pytest.mark.mechanism("D14-01", "works")
def test_the_study_report_sets_what_was_held_beside_the_units_own_minimum(busy: Any) -> None:
    plan(busy.body, minimum_sessions=4, minimum_group=2)
    plan(busy.justice, minimum_sessions=1, minimum_trainings=2)
    report = build(busy.body, "study_plan_report")
    assert table(report, "学法次数与计划对照") == {
        "澜亭县人民政府": ["4", "2"],
        "澜亭县司法局": ["1", "0"],
        "合计": ["5", "2"],
    }
    assert table(report, "学时和培训")["澜亭县司法局"][2:] == ["2", "2"]
    text = paper(report).text
    assert (
        "学法次数未达到：澜亭县司法局；澜亭县人民政府" in text
        or "学法次数未达到：澜亭县人民政府；澜亭县司法局" in text
    )
    assert "住房和城乡建设局" in text.partition("没有制定学法计划的单位")[2]


def test_without_any_plan_no_unit_is_said_to_have_kept_to_its_plan(busy: Any) -> None:
    text = paper(build(busy.body, "study_plan_report")).text
    assert text.count("台账中没有执行中的学法计划，没有可以对照的最少") == 2
    assert "都达到了" not in text and "计划对照\n单位" not in text


def test_units_stand_in_their_own_order_and_are_not_ranked(busy: Any) -> None:
    for unit, minimum in ((busy.justice, 1), (busy.housing, 9), (busy.body, 3)):
        plan(unit, minimum_sessions=minimum)
    report = build(busy.body, "study_plan_report")
    rows = list(table(report, "学法次数与计划对照"))
    in_order = Organization.objects.below(busy.body).order_by("path").values_list("name", flat=True)
    assert rows == [*in_order, "合计"]
    (shown,) = [
        block
        for block in paper(report).blocks
        if isinstance(block, TableBlock) and "学法次数" in block.caption
    ]
    assert shown.header[0] == "单位" and shown.header[2] == "领导干部学法（次）", "each row is one unit"


def test_a_table_nobody_told_the_parts_of_is_left_out_and_plans_are_no_typed_numbers(busy: Any) -> None:
    duty(busy.body, "Z-1", "安一山")
    did(busy.body, "Z-1", "安一山", date(YEAR, 3, 4))
    report = build(busy.body, "legal_statement_report", subject="安一山")
    assert "每季度核对一次" in paper(report).text and typed_numbers(report) == ()
    assert table(report, "最少次数")
    for rule in ("principal_duty_minimum", "duty_records_by_duty"):
        figure = report.figures.get(rule=rule)
        figure.parts = {"未填": format(figure.value or 0, "f")}
        figure.save()
    assert "最少次数与履职记录对照" not in paper(report).text


@pytest.mark.mechanism("D14-02", "works")
def test_a_statement_counts_only_what_the_leader_did_and_names_what_has_no_record(busy: Any) -> None:
    for code, person, minimum in (("Z-1", "安一山", 2), ("Z-2", "安一山", 1), ("Z-3", "文二水", 1)):
        duty(busy.body, code, person, minimum)
    did(busy.body, "Z-1", "安一山", date(YEAR, 3, 4))
    did(busy.body, "Z-3", "文二水", date(YEAR, 5, 6))
    assert persons(catalogue().outlines["legal_statement_report"].person, busy.body, YEAR) == (
        "安一山",
        "文二水",
    )  # type: ignore[arg-type]
    report = build(busy.body, "legal_statement_report", subject="安一山")
    text = paper(report).text
    assert report.title == "澜亭县人民政府安一山2024年度述法报告" and paper(report).issuer == "安一山"
    assert "职责清单列明本人职责2项，登记履职记录1次，涉及职责1项" in text
    assert "没有履职记录：职责Z-1；职责Z-2" in text and "Z-3" not in text
    assert list(table(report, "履职记录")) == ["2024年3月4日"]
    assert table(report, "最少次数")["职责Z-1"] == ["2", "1"]
    other = build(busy.body, "legal_statement_report", subject="文二水")
    assert other.pk != report.pk and "登记履职记录1次" in paper(other).text
    assert [f.message for f in report_findings(report) if f.severity != Severity.NOTICE] == []


def test_who_heads_a_body_reports_though_nothing_is_recorded(busy: Any) -> None:
    text = paper(build(busy.body, "legal_statement_report", subject="安一山")).text
    assert "台账中没有本人的职责清单和履职记录" in text
    assert "台账中没有本人的职责清单，不能逐项对照" in text and "没有应履职而没有履职记录" not in text


def test_what_is_edited_into_a_statement_and_the_ledger_of_today_keep_to_the_person(busy: Any) -> None:
    duty(busy.body, "Z-1", "安一山")
    did(busy.body, "Z-1", "安一山", date(YEAR, 3, 4))
    did(busy.body, "Z-1", "文二水", date(YEAR, 5, 6))
    report = build(busy.body, "legal_statement_report", subject="安一山")
    section = report.sections.get(key="next_year")
    EditSection(actor=None, section=section, text="述法{legal_statements}，履职{duty_records}。").execute()
    assert "履职1次" in paper(report).text
    assert SinceReport(report).differing() == ()
    did(busy.body, "Z-1", "安一山", date(YEAR, 6, 7))
    assert {one.figure.rule for one in SinceReport(report).differing()} >= {"duty_records"}


@pytest.mark.parametrize(
    ("outline", "subject", "words"),
    [
        ("legal_statement_report", "", "请填写述法人"),
        ("legal_statement_report", "没有此人", "姓名应与台账一致"),
        ("annual_report", "安一山", "不按人写"),
    ],
)
def test_a_report_on_nobody_known_is_refused(busy: Any, outline: str, subject: str, words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        build(busy.body, outline, subject=subject)


def test_a_statement_claim_with_a_record_is_counted_for_its_person(busy: Any) -> None:
    duty(busy.body, "Z-1", "安一山")
    record = did(busy.body, "Z-1", "安一山", date(YEAR, 3, 4))
    statement = OpenCase(
        actor=None,
        organization=busy.body,
        case_type="legal_statement",
        act="submit",
        on=date(YEAR, 12, 2),
        facts={"person": "安一山", "post": "县长", "kind": "政府主要负责人", "year": YEAR},
        fields={"statement": "一年来的履职"},
        evidence=[{"title": "述法报告", "attachment": None}],
    ).execute()
    RecordAct(
        actor=None, case=statement, act="support", on=date(YEAR, 12, 3),
        fields={"claim": "主持研究", "record": record.number or record.title},
    ).execute()  # fmt: skip
    text = paper(build(busy.body, "legal_statement_report", subject="安一山")).text
    assert "有履职记录1件，没有履职记录0件" in text


def test_the_command_builds_a_statement(
    busy: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    duty(busy.body, "Z-1", "安一山")
    command = [
        "report",
        "build",
        "--year",
        str(YEAR),
        "--outline",
        "legal_statement_report",
        "--out",
        str(tmp_path / "s.docx"),
    ]
    assert run(command) == 2 and "安一山" in capsys.readouterr().err
    assert run([*command, "--subject", "安一山"]) == 0
    assert "述法报告" in (read(tmp_path / "s.docx").title or "")


def test_a_running_year_says_until_when(busy: Any) -> None:
    with time_machine.travel("2024-06-15 10:00:00+08:00", tick=False):
        report = build(busy.body, "study_plan_report")
    assert "2024年1月1日至6月15日" in paper(report).text and "12月" not in paper(report).text
