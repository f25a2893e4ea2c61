"""The plan on paper: the source beside the tasks, the official document, the table of responsibility."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from yifa.planning.actions import AmendTask, AssignTask, ImportPlan, IssuePlan, MergeTasks, SetDue
from yifa.planning.duties import duties
from yifa.planning.importing import proposed_draft, read_source
from yifa.planning.models import Bearer, Plan, Task
from yifa.planning.sentences import Kind, beside, front_of
from yifa.planning.word import item_lines, without_units, write, write_sheet
from yifa.reading import read, read_text

pytestmark = pytest.mark.django_db
TEXT = """澜亭县2026年工作要点
为做好今年的工作，制定本要点。
一、规范执法
（一）开展培训。全年培训2次；结束后测试。牵头单位：县司法局。
这一段没有编号。
（二）评查案卷。
二、保障措施
要加强领导，抓好落实。
"""


def imported(county: Any, text: str) -> Plan:
    document = read_text(text, "要点.txt")
    return ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()


def issued(plan: Plan, county: Any) -> Plan:
    for task in plan.tasks.all():
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=county.market, support=[county.housing]).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
    number = "澜政发〔2026〕2号"
    return IssuePlan(actor=None, plan=plan, on=date(2026, 1, 20), document_number=number).execute()


def test_every_sentence_stands_beside_its_task_and_what_became_none_is_said(county: Any) -> None:
    plan = imported(county, TEXT)
    found = beside(plan)
    first, second = plan.tasks.all()
    kinds = {one.text: (one.kind, one.tasks) for p in found.paragraphs for one in p.sentences}
    assert kinds["全年培训2次；"] == (Kind.TASK, (first.pk,))
    assert kinds["这一段没有编号。"] == (Kind.TASK, (first.pk,))
    assert kinds["（二）评查案卷。"] == (Kind.TASK, (second.pk,))
    assert kinds["为做好今年的工作，制定本要点。"][0] is Kind.FRONT
    assert kinds["一、规范执法"][0] is Kind.CHAPTER
    assert [one.text for one in found.left] == ["二、保障措施", "要加强领导，抓好落实。"]
    assert front_of(plan) == ["为做好今年的工作，制定本要点。"]
    said = "".join(one.text for p in found.paragraphs for one in p.sentences)
    assert "".join(said.split()) == "".join(plan.source_text.split())  # nothing of the source is lost


def test_sentences_of_a_merged_task_belong_to_the_task_it_went_into(county: Any) -> None:
    plan = imported(county, TEXT)
    first, second = plan.tasks.all()
    MergeTasks(actor=None, task=first, others=[second]).execute()
    kinds = {one.text: one.tasks for p in beside(plan).paragraphs for one in p.sentences}
    assert kinds["（二）评查案卷。"] == (first.pk,)


def test_a_sheet_stands_beside_its_tasks_row_by_row(county: Any) -> None:
    text = "任务分解表\n序号\t任务\t牵头单位\n1\t开展培训；测试。\t县司法局\n\t\t县财政局\n"
    draft = proposed_draft(read_source(text.encode(), "表.txt"), 2026)
    plan = ImportPlan(actor=None, organization=county.body, year=2026, draft=draft).execute()
    found = beside(plan)
    assert [p.table for p in found.paragraphs] == [False, True, True, True]
    assert [one.text.split("\t")[-1] for one in found.left] == ["县财政局"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("办培训。（牵头单位：县司法局；配合单位：各乡镇）", "办培训。"),
        ("办培训。牵头单位：县司法局，完成时限：6月底。", "办培训。"),
        ("办培训。\n责任单位：县司法局", "办培训。"),
        ("办培训，由牵头单位：县司法局负责。之后测试。", "办培训，由牵头单位：县司法局负责。之后测试。"),
        ("办培训。", "办培训。"),
    ],
)
def test_units_at_the_end_of_an_item_make_room_for_those_of_today(text: str, left: str) -> None:
    assert without_units(text) == left


def test_an_item_is_printed_with_its_units_of_today(county: Any) -> None:
    plan = issued(imported(county, TEXT), county)
    first, second = (item_lines(task) for task in plan.tasks.all())
    assert first[0] == ("（一）开展培训。", "全年培训2次；结束后测试。牵头单位：县司法局。")
    assert first[1][1].startswith("这一段没有编号。（牵头单位：澜亭县司法局；完成时限：2026年12月31日）")
    assert second == [
        (
            "（二）评查案卷。",
            "（牵头单位：澜亭县市场监督管理局；配合单位：澜亭县住房和城乡建设局；完成时限：2026年12月31日）",
        )
    ]


def test_the_document_is_laid_out_as_offices_expect_it(county: Any, tmp_path: Path) -> None:
    plan = imported(county, TEXT)
    Bearer.objects.create(task=plan.tasks.all()[0], level=Bearer.Level.OFFICE, name="法制科")
    plan, path = issued(plan, county), tmp_path / "plan.docx"
    write(plan, path)
    made = docx.Document(str(path))
    texts = [paragraph.text for paragraph in made.paragraphs if paragraph.text.strip()]
    assert texts[:4] == [
        "澜政发〔2026〕2号",
        "澜亭县2026年工作要点",
        "为做好今年的工作，制定本要点。",
        "一、规范执法",
    ]
    assert "附件：任务责任分解表" in texts and "2026年1月20日" in texts and "附件" in texts
    assert [section.orientation for section in made.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    table = made.tables[0]
    heads = [cell.text for cell in table.rows[0].cells]
    assert heads == [
        "序号",
        "任务",
        "总责",
        "直接责任",
        "落实科室",
        "牵头单位",
        "配合单位",
        "完成时限",
        "目标",
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert {cell.text for cell in table.rows[1].cells} == {"一、规范执法"}
    assert [cell.text for cell in table.rows[2].cells][:5] == ["一", "开展培训", "", "", "法制科"]
    again = read(path)  # what Yifa writes it reads as the same plan
    assert [task.title for task in again.tasks if "开展" in task.title or "评查" in task.title][:2] == [
        "开展培训",
        "评查案卷",
    ]


def test_a_draft_says_that_it_is_one_and_has_no_day(county: Any, tmp_path: Path) -> None:
    write(imported(county, TEXT), tmp_path / "plan.docx")
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "plan.docx")).paragraphs]
    assert "（草稿）" in texts
    assert not any("2026年1月" in text for text in texts)


def test_the_sheet_has_a_row_for_each_task_and_days_as_days(county: Any, tmp_path: Path) -> None:
    plan = issued(imported(county, TEXT), county)
    write_sheet(plan, tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][:4] == ("章", "序号", "任务", "牵头单位")
    assert len(rows) == 3
    due = rows[0].index("完成时限")
    assert rows[1][due].date() == date(2026, 12, 31)  # type: ignore[union-attr]
    draft = proposed_draft(read_source((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx"), 2026)
    assert [item.title for item in draft.items] == ["开展培训", "评查案卷"]  # it can be brought back
    assert draft.items[0].due == date(2026, 12, 31)


def test_the_table_filled_in_and_brought_back_says_nothing_else(county: Any, tmp_path: Path) -> None:
    plan = imported(county, TEXT)
    write_sheet(plan, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    sheet: Any = book.active
    heads = [cell.value for cell in sheet[1]]
    assert "进展" not in heads
    for row in (2, 3):
        sheet.cell(row, heads.index("牵头单位") + 1).value = "县司法局"
        sheet.cell(row, heads.index("完成时限") + 1).value = date(2026, 6, 30)
    book.save(tmp_path / "plan.xlsx")
    draft = proposed_draft(read_source((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx"), 2026)
    again = ImportPlan(actor=None, organization=county.body, year=2026, draft=draft).execute()
    said = [
        [(task.number, task.title, task.text.split()) for task in one.tasks.all()] for one in (plan, again)
    ]
    assert said[0] == said[1]
    targets = [
        [goal.text for task in one.tasks.all() for goal in task.targets.all()] for one in (plan, again)
    ]
    assert targets[0] == targets[1] != []
    assert {(task.lead, task.due) for task in again.tasks.all()} == {(county.justice, date(2026, 6, 30))}


def test_leads_with_their_own_parts_stand_in_one_row(county: Any) -> None:
    plan = imported(county, TEXT)
    AssignTask(actor=None, task=plan.tasks.all()[1], lead=county.justice, co_leads=[county.market]).execute()
    rows = [row for row in duties(plan).rows if row.task]
    assert [row.cells[0] for row in rows] == ["一", "二"]
    assert "澜亭县司法局、澜亭县市场监督管理局" in rows[1].cells
    assert Task.objects.filter(plan=plan).count() == 4


def test_what_a_sheet_says_is_to_come_out_stands_under_goals(county: Any, tmp_path: Path) -> None:
    text = "序号,任务,成果形式,牵头单位,完成时限\n1,开展培训（全员）,培训记录,县司法局,6月底\n2,评查案卷,,县司法局,6月底"
    draft = proposed_draft(read_source(text.encode(), "任务分解表.csv"), 2026)
    plan = ImportPlan(actor=None, organization=county.body, year=2026, draft=draft).execute()
    table = duties(plan)
    assert [column.title for column in table.columns][-1] == "目标"
    assert [row.cells[-1] for row in table.rows] == ["培训记录", ""]
    write(plan, tmp_path / "plan.docx")
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "plan.docx")).paragraphs]
    assert "任务责任分解表" in texts  # not 任务分解表任务责任分解表
    assert any("成果形式：培训记录。（牵头单位：" in text for text in texts)


def test_a_plan_amended_after_its_issue_says_so_under_its_number(county: Any, tmp_path: Path) -> None:
    plan, path = issued(imported(county, TEXT), county), tmp_path / "plan.docx"

    def printed() -> str:
        write(plan, path)
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)

    assert "印发以后的调整" not in printed()
    task = plan.tasks.all()[1]
    AmendTask(
        actor=None, task=task, title=task.title, text="（二）评查案卷。评查四十件。", reason="上级要求"
    ).execute()
    assert "（含印发以后的调整，截至" in printed()
