"""Findings of an inspection from above: read from a table, a Word table or numbered items; all or nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.ledger.actions import OpenCase, RecordAct, StoreAttachment
from yifa.ledger.models import Case, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AddTask, ImportFindings, Origin
from yifa.planning.findings import batches, kept, read_findings, standing, write_list
from yifa.planning.models import Plan, TaskOrigin
from yifa.planning.problems import open_findings
from yifa.planning.tables import day_of
from yifa.reading import read_bytes, read_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]
NUMBER = "示法督〔2026〕5号"
HEAD = ["序号", "反馈问题", "整改措施", "责任单位", "责任人", "整改时限", "整改情况"]
ROWS = [
    [3, "案卷归档不及时", "限期补齐归档", "县市场监督管理局", "丙三", date(2026, 9, 30), ""],
    [1, "重大决策没有听取意见", "修订程序规定", "县司法局", "甲一", "2026年6月底前", "已起草"],
    [2, "公示信息不全", "", "县住房和城乡建设局、县司法局", "", "", None],
]


def sheet(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["示例市督察反馈问题整改清单"])
    page.append(head)
    for row in rows:
        page.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def word(rows: list[list[Any]]) -> bytes:
    paper = docx.Document()
    paper.add_paragraph("示例市督察反馈问题整改清单")
    table = paper.add_table(rows=1 + len(rows), cols=len(HEAD))
    for line, row in enumerate([HEAD, *rows]):
        for place, cell in enumerate(row):
            table.cell(line, place).text = "" if cell is None else str(cell)
    data = io.BytesIO()
    paper.save(data)
    return data.getvalue()


def importing(county: Any, document: Any, **more: Any) -> ImportFindings:
    found = read_findings(document, county.body, 2026)
    given: dict[str, Any] = {
        "actor": None, "organization": county.body, "document_number": NUMBER, "issuer": "示例市法治办",
        "on": date(2026, 4, 8), "findings": found.findings, "faults": found.faults, **more,
    }  # fmt: skip
    return ImportFindings(**given)


@pytest.mark.mechanism("D2-04", "works")
@pytest.mark.parametrize(("make", "name"), [(sheet, "清单.xlsx"), (word, "清单.docx")])
def test_a_batch_is_loaded_shown_and_written_out_in_the_issuers_order(
    county: Any, make: Any, name: str
) -> None:
    cases = importing(county, read_bytes(make(ROWS), name)).execute()
    assert [case.organization for case in cases] == [county.justice, county.housing, county.market]
    assert [case.facts["document"] for case in cases] == [NUMBER] * 3
    first = cases[0]
    assert (first.facts["owner"], first.facts["due"], first.status) == (
        "澜亭县司法局",
        "2026-06-30",
        "整改中",
    )
    rows = standing(kept(Case.objects.all()), NUMBER)
    assert [
        (row.order, row.measure, row.owner, row.owner_person, row.due, row.case.status) for row in rows
    ] == [
        (1, "修订程序规定", "澜亭县司法局", "甲一", "2026-06-30", "整改中"),
        (2, "", "澜亭县住房和城乡建设局、澜亭县司法局", "", "", "待整改"),
        (3, "限期补齐归档", "澜亭县市场监督管理局", "丙三", "2026-09-30", "整改中"),
    ]
    assert rows[0].progress == "来文所列整改情况：已起草"
    written = io.BytesIO()
    write_list(written, NUMBER, rows)
    page = openpyxl.load_workbook(io.BytesIO(written.getvalue())).active
    assert page is not None
    cells = [list(row) for row in page.iter_rows(values_only=True)]
    assert cells[0][:8] == ["序号", "问题", "整改措施", "责任单位", "责任人", "整改期限", "整改进展", "状态"]
    assert [row[0] for row in cells[1:]] == [1, 2, 3]
    assert [row[7] for row in cells[1:]] == ["整改中", "待整改", "整改中"]
    assert {row[9] for row in cells[1:]} == {NUMBER}
    assert [
        (batch.document, batch.issuer, batch.total, batch.open) for batch in batches(kept(Case.objects.all()))
    ] == [(NUMBER, "示例市法治办", 3, 3)]


@pytest.mark.mechanism("D6-03", "works")
def test_findings_on_private_business_are_one_topic_from_the_paper_to_the_list(county: Any) -> None:
    topic = "民营企业产权保护"
    cases = importing(county, read_bytes(sheet(ROWS), "清单.xlsx"), topic=f" {topic} ").execute()
    other = importing(county, read_bytes(sheet(ROWS[:1]), "清单.xlsx"), document_number="示法督〔2026〕6号")
    other.execute()
    assert {case.facts["topic"] for case in cases} == {topic}
    found = {batch.document: batch.topic for batch in batches(kept(Case.objects.all()))}
    assert found == {NUMBER: topic, "示法督〔2026〕6号": ""}
    shown = Case.objects.filter(facts__topic=topic)
    rows = standing(kept(shown), NUMBER)
    assert [row.order for row in rows] == [1, 2, 3] and rows[2].measure == "限期补齐归档"


def test_numbered_items_with_labels_are_read_too(county: Any) -> None:
    text = (
        "关于反馈督察意见的通知\n一、执法方面\n（一）案卷归档不及时。整改措施：限期补齐归档。责任单位：县司法局。整改期限：2026年9月底前。\n"
        "（二）公示信息不全。责任单位：县市场监督管理局。整改期限：2026-10-15。\n"
    )
    found = read_findings(read_text(text, "反馈.txt"), county.body, 2026)
    assert found.faults == ()
    assert [(one.order, one.problem, one.measure, one.unit, one.due) for one in found.findings] == [
        (1, "案卷归档不及时。", "限期补齐归档", county.justice, date(2026, 9, 30)),
        (2, "公示信息不全。", "", county.market, date(2026, 10, 15)),
    ]


def test_all_faults_are_told_by_row_and_nothing_is_stored(county: Any) -> None:
    rows = [
        [1, "问题一", "措施", "县司法局", "", "2026-06-30", ""],
        [2, "问题二", "措施", "住建局", "", "2026-06-30", ""],
        [3, "问题三", "措施", "", "", "尽快", ""],
        [1, "问题四", "措施", "县财政局", "", "", ""],
        ["填表人：甲一", "", "", "", "", "", ""],
    ]
    with pytest.raises(ActionRefused) as refused:
        importing(county, read_bytes(sheet(rows), "清单.xlsx")).execute()
    message = refused.value.message
    assert refused.value.code == "rows" and "一条也没有导入" in message
    assert "住建局" not in message  # it can mean one unit only, and the preview shows which
    assert "第3条（序号3）：没有写责任单位" in message
    assert "第3条（序号3）：整改期限“尽快”读不出日期" in message
    assert "第4条（序号1）：责任单位“县财政局”没有对上本级单位，请写本级单位的名称" in message
    assert not Case.objects.exists()


def test_a_failure_in_the_last_row_leaves_nothing(county: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    execute = OpenCase.execute

    def failing(self: OpenCase) -> Case:
        opened.append(1)
        if len(opened) == 3:
            raise ActionRefused("示例：写入失败。")
        return execute(self)

    monkeypatch.setattr(OpenCase, "execute", failing)
    with pytest.raises(ActionRefused, match="写入失败"):
        importing(county, read_bytes(sheet(ROWS), "清单.xlsx")).execute()
    assert len(opened) == 3 and not Case.objects.exists()


def test_the_same_paper_is_not_loaded_twice_and_needs_number_issuer_and_day(county: Any) -> None:
    document = read_bytes(sheet(ROWS), "清单.xlsx")
    for change, what in (
        ({"document_number": " "}, "文号"), ({"issuer": ""}, "提出单位"), ({"on": date(2026, 12, 1)}, "晚于今天"),
        ({"on": date(2026, 7, 1)}, "早于收到日期"),
    ):  # fmt: skip
        with pytest.raises(ActionRefused, match=what):
            importing(county, document, **change).execute()
    importing(county, document).execute()
    with pytest.raises(ActionRefused, match=r"序号3、1、2已经登记"):
        importing(county, document).execute()
    with pytest.raises(ActionRefused, match="没有读到问题"):
        importing(county, read_text("没有表格。", "甲.txt")).execute()
    with pytest.raises(ActionRefused) as refused:
        importing(county, document, actor=county.user(Role.OFFICER, county.justice)).execute()
    assert refused.value.code == "role"


def test_a_finding_written_off_shows_its_day_and_one_that_relapsed_does_not(county: Any) -> None:
    case = importing(county, read_bytes(sheet(ROWS[1:2]), "清单.xlsx")).execute()[0]
    proof = StoreAttachment(actor=None, content=b"%PDF-1.4 proof", name="证明.pdf").execute()
    papers = [{"title": "整改证明材料", "attachment": proof.pk}]

    def done(act: str, day: int, **more: Any) -> None:
        RecordAct(
            actor=None, case=Case.objects.get(pk=case.pk), act=act, on=date(2026, 5, day), **more
        ).execute()

    done("submit", 6, by="甲一", fields={"proof": ["规定"]}, evidence=papers)
    done("check", 7, by="乙二", role="supervisor", outcome="通过")
    done("write_off", 8, role="supervisor")
    assert standing(kept(Case.objects.all()), NUMBER)[0].written_off == date(2026, 5, 8)
    assert batches(kept(Case.objects.all()))[0].open == 0
    done("check", 20, by="乙二", role="supervisor", outcome="问题反弹")
    assert standing(kept(Case.objects.all()), NUMBER)[0].written_off is None
    assert batches(kept(Case.objects.all()))[0].open == 1


def test_a_problem_without_a_paper_is_in_no_batch(county: Any) -> None:
    facts = {"problem": "自查发现的问题", "source": "自查自纠", "owner": county.justice.name}
    OpenCase(
        actor=None,
        organization=county.justice,
        case_type="rectification_item",
        on=date(2026, 4, 8),
        facts=facts,
    ).execute()
    assert batches(kept(Case.objects.all())) == []


def test_a_finding_becomes_a_task_of_the_plan(plan: Plan, county: Any) -> None:
    case, *_ = importing(county, read_bytes(sheet(ROWS), "清单.xlsx")).execute()
    assert len(open_findings(plan)) == 3
    origin = Origin(
        kind=TaskOrigin.Kind.FINDING,
        title="督察反馈",
        document_number=NUMBER,
        item="1",
        text=case.title,
        case=case,
    )
    AddTask(actor=None, plan=plan, title="整改决策程序", text=case.title, origin=origin).execute()
    assert case not in open_findings(plan)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_days_are_read_however_they_are_written(day: date) -> None:
    for written in (
        f"{day}",
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert day_of(written, day.year) == day
    assert day_of("尽快", day.year) is None
