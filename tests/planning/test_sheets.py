"""Sheets of tasks: heads under many names, merged cells, totals; nothing is lost and nothing fails."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.planning.oldbook import old_book
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import ImportPlan
from yifa.planning.importing import (
    Draft,
    Matching,
    draft_of_sheet,
    everyone,
    match,
    meanings,
    propose,
    proposed_draft,
    read_source,
)
from yifa.planning.importing.columns import meaning_of
from yifa.planning.importing.days import day_of
from yifa.planning.importing.draft import Role
from yifa.planning.models import Bearer, Plan
from yifa.reading.errors import ReadingError
from yifa.reading.sheets import Sheet

Fill = Callable[[Any], None]


def book(fill: Fill) -> bytes:
    made = openpyxl.Workbook()
    fill(made.active)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def drafted(data: bytes, name: str = "分解表.xlsx") -> Draft:
    source = read_source(data, name)
    sheet = source.sheets[0]
    return draft_of_sheet(sheet, propose(sheet), name, 2026)


def said(draft: Draft, kind: str) -> list[str]:
    return [f"{doubt.where} {doubt.what}" for doubt in draft.doubts if doubt.kind == kind]


def as_offices_draw_it(sheet: Any) -> None:
    """A title over all columns, a head of two rows, chapters and units merged downwards, a total and a remark."""
    sheet.merge_cells("A1:G1")
    sheet["A1"] = "澜亭县2026年法治政府建设任务分解表"
    for column, head in zip(
        "ABCDEFG", ["序号", "类别", "重点工作任务", "责任单位", None, "完成时间", "备 注"], strict=True
    ):
        sheet[f"{column}2"] = head
    sheet.merge_cells("D2:E2")
    sheet["D3"], sheet["E3"] = "牵头", "配合"
    for column in "ABCFG":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.append(
        [1, "规范执法", "开展执法培训，全年不少于2次", "县司法局", "县市场监管局、县住建局", "2026.6"]
    )
    sheet.append([2, None, "评查案卷", "县司法局", None, "6月底", "重点"])
    sheet.append([3, None, "公开执法结果", None, None, "长期坚持"])
    sheet.merge_cells("B4:B6")
    sheet.merge_cells("D5:D6")
    sheet.append([])
    sheet.append(["二、完善制度"])
    sheet.merge_cells("A8:G8")
    sheet.append([4, None, "清理文件", "县财政局", None, date(2026, 9, 30)])
    sheet.append([6, None, "修订办法", "〃", None, "三季度末"])
    sheet.append(["合计", None, "5项"])
    sheet.append(["注：以上任务列入年度考核。"])


def test_a_sheet_with_titles_merged_cells_and_a_total() -> None:
    draft = drafted(book(as_offices_draw_it))
    assert draft.title == "澜亭县2026年法治政府建设任务分解表"
    assert [(c.number, c.title) for c in draft.chapters] == [("", "规范执法"), ("二、", "完善制度")]
    assert [(i.number, i.title, i.chapter, i.lead, i.due) for i in draft.items] == [
        ("1.", "开展执法培训，全年不少于2次", 0, ("县司法局",), date(2026, 6, 30)),
        ("2.", "评查案卷", 0, ("县司法局",), date(2026, 6, 30)),
        ("3.", "公开执法结果", 0, ("县司法局",), None),
        ("4.", "清理文件", 1, ("县财政局",), date(2026, 9, 30)),
        ("6.", "修订办法", 1, ("县财政局",), date(2026, 9, 30)),
    ]
    assert draft.items[0].support == ("县市场监管局", "县住建局")
    assert [target.text for target in draft.items[0].targets] == ["全年不少于2次"]
    assert "备 注：重点" in draft.items[1].text
    assert said(draft, "due") == ["第6行 F列 “长期坚持”不是确定的日期，时限留空，原话保留在任务内容里。"]
    assert "完成时限：长期坚持" in draft.items[2].text
    assert [text.split(" ")[0] for text in said(draft, "row")] == ["第11行", "第12行"]
    assert said(draft, "numbering") == ["6.修订办法 “4.清理文件”之后缺5，请核对是否漏粘了任务。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_lists_in_both_encodings_with_any_divider(encoding: str, mark: str) -> None:
    rows = [
        ["编号", "工作内容", "主责单位", "办结期限"],
        ["1", "组织培训，讲法律", "县司法局", "6/30"],
        ["2", "评查", "", "每季度末"],
    ]
    text = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    draft = drafted(text.encode(encoding), "任务.csv")
    assert [(i.title, i.lead, i.due, i.due_words) for i in draft.items] == [
        ("组织培训，讲法律", ("县司法局",), date(2026, 6, 30), ""),
        ("评查", (), None, "每季度末"),
    ]
    assert said(draft, "unit") == ["第3行 没有写牵头单位，导入后须指定。"]


def test_a_head_of_which_few_words_are_known_is_still_the_head() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["澜亭县2026年重点任务分解表"])
        sheet.append(["单位：澜亭县", "", "", "", "", "", "填报日期：1月"])
        sheet.append(["No.", "工作板块", "具体内容要求", "主责", "协办", "啥时候完成", "县领导"])
        sheet.append([1, "依法决策", "公布决策目录", "县市监局/县司法局", "县发改局", "3月底", "副县长"])
        sheet.append([2, "规范执法", "评查案卷60件", "县司法局", "", "6月底", "副县长"])
        sheet.merge_cells("A1:G1")

    draft = drafted(book(fill))
    assert [item.title for item in draft.items] == ["公布决策目录", "评查案卷60件"]
    assert [chapter.title for chapter in draft.chapters] == ["依法决策", "规范执法"]
    assert [item.lead for item in draft.items] == [("县市监局", "县司法局"), ("县司法局",)]
    assert [str(item.due) for item in draft.items] == ["2026-03-31", "2026-06-30"]


def test_unknown_heads_are_matched_by_content_and_marked_as_a_guess() -> None:
    sheet = read_source(
        "第几个,要做的事,谁来干,啥时候\n1,组织一次培训,县司法局,年底前\n2,评查案卷,县财政局,上半年".encode(),
        "a.csv",
    ).sheets[0]
    proposed = propose(sheet)
    assert dict(proposed.columns) == {0: "number", 1: "task", 2: "lead", 3: "due"}
    assert not proposed.sure
    draft = draft_of_sheet(sheet, proposed, "a.csv", 2026)
    assert [item.due for item in draft.items] == [date(2026, 12, 31), date(2026, 6, 30)]


def test_what_a_person_says_of_the_columns_holds() -> None:
    sheet = read_source("甲,乙,丙\n培训,县司法局,讲清程序\n评查,县财政局,抽查".encode(), "a.csv").sheets[0]
    draft = draft_of_sheet(sheet, Matching(0, {0: "task", 1: "lead", 2: "goal"}), "a.csv", 2026)
    assert [(i.title, i.lead) for i in draft.items] == [("培训", ("县司法局",)), ("评查", ("县财政局",))]
    assert "丙：讲清程序" in draft.items[0].text


def test_a_table_copied_out_of_a_spreadsheet_with_lines_inside_cells() -> None:
    text = (
        "序号\t重点任务\t具体措施\t牵头单位\t时限\n1\t规范执法\t培训\t县司法局\t6月\n"
        '\t\t"评查\n案卷"\t县财政局\t9月底\n2\t普法\t讲座\t县司法局\t9月底\n'
    )
    draft = drafted(text.encode(), "粘贴.txt")
    assert [(i.number, i.title, i.lead) for i in draft.items] == [
        ("1.", "规范执法", ("县司法局",)),
        ("", "评查 案卷", ("县财政局",)),
        ("2.", "普法", ("县司法局",)),
    ]
    assert draft.items[1].text.startswith("规范执法\n评查 案卷")


def test_a_row_without_a_task_is_named_with_its_place() -> None:
    draft = drafted(
        "序号,任务,牵头单位\n1,培训,县司法局\n2,,县财政局\n序号,任务,牵头单位\n3,评查,县司法局".encode(),
        "a.csv",
    )
    assert [item.title for item in draft.items] == ["培训", "评查"]
    first, second = said(draft, "row")
    assert first.startswith("第3行 “2　县财政局”没有写任务内容")
    assert second.startswith("第4行") and "重复的表头" in second


@pytest.mark.parametrize(
    ("head", "meaning"),
    [
        ("责任单位\n（排第一位的为牵头单位）", "lead"), ("2026年重点工作任务", "task"), ("完成\n时限", "due"),
        ("配合单位及科室", "support"),
        ("分管领导", "direct"), ("成果形式", "goal"), ("一级任务", "chapter"), ("序 号", "number"),
        ("主要领导", "chief"), ("落实科室", "section"),
        ("重点任务责任单位", "lead"), ("天气", ""),
    ],
)  # fmt: skip
def test_heads_as_offices_write_them(head: str, meaning: str) -> None:
    assert meaning_of(head)[0] == meaning


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("6月底", (6, 30)), ("上半年", (6, 30)), ("三季度末", (9, 30)), ("年底前", (12, 31)), ("2026.6", (6, 30)),
        ("6/30", (6, 30)),
        ("2026-06-15", (6, 15)), ("20260615", (6, 15)),
        ("6.15前", (6, 15)), ("2026年6月15日", (6, 15)),
        ("46188", (6, 15)), ("第三季度", (9, 30)), ("Q2", (6, 30)),
        ("4月-6月", (6, 30)), ("12月中旬", (12, 20)), ("2026年底", (12, 31)), ("2026", (12, 31)),
        ("十一月底前", (11, 30)), ("9月、12月", (12, 31)),
        ("六月三十日前", (6, 30)), ("６月底", (6, 30)), ("二〇二六年十月底前", (10, 31)), ("２０２６．６．５", (6, 5)),
    ],
)  # fmt: skip
def test_days_as_cells_hold_them(words: str, day: tuple[int, int]) -> None:
    assert day_of(words, 2026) == (date(2026, *day), "")


@pytest.mark.parametrize(
    "words",
    [
        "长期坚持",
        "每季度末",
        "持续推进",
        "13/45",
        "2025年6月底",
        "6",
        "待定",
        "见附件",
        "2026.6.31",
        "六月三十一日",
        "一日一报",
    ],
)
def test_what_is_no_day_stays_in_words(words: str) -> None:
    assert day_of(words, 2026) == (None, words)


def test_a_day_of_a_year_before_is_said_to_be_one() -> None:
    draft = drafted(
        "序号,任务,牵头单位,完成时限\n一,培训,县司法局,2025.6\n二,评查,县司法局,2025年底".encode(), "a.csv"
    )
    assert [(item.number, item.due) for item in draft.items] == [("一、", None), ("二、", None)]
    assert all("早于计划年度2026年" in doubt for doubt in said(draft, "due"))


def test_a_month_that_spreadsheets_spoil_is_pointed_out() -> None:
    draft = drafted("序号,任务,牵头单位,完成时限\n1,培训,县司法局,2026.1".encode(), "a.csv")
    assert draft.items[0].due == date(2026, 1, 31)
    assert "2026.10" in said(draft, "due")[0]


@pytest.mark.parametrize("name", ["任务.xls", "任务.et"])
def test_workbooks_of_the_old_format_with_merged_cells(name: str) -> None:
    rows = [["澜亭县2026年任务表"], ["序号", "类别", "任务", "牵头单位", "完成时限"]]
    rows += [
        ["1", "规范执法", "开展培训", "县司法局", "6月底"],
        ["2", "", "评查案卷", "", "三季度末"],
        ["合计", "", "2项"],
    ]
    draft = drafted(old_book(rows, [(0, 0, 0, 4), (2, 1, 3, 1), (2, 3, 3, 3)]), name)
    assert [(i.title, i.lead, i.due) for i in draft.items] == [
        ("开展培训", ("县司法局",), date(2026, 6, 30)),
        ("评查案卷", ("县司法局",), date(2026, 9, 30)),
    ]
    assert [chapter.title for chapter in draft.chapters] == ["规范执法"]
    assert len(said(draft, "row")) == 1


def test_of_several_sheets_the_one_with_the_tasks_is_read_and_hidden_ones_are_named() -> None:
    made = openpyxl.Workbook()
    made.active.append(["说明"])  # type: ignore[union-attr]
    tasks = made.create_sheet("任务")
    for row in (["序号", "任务", "牵头单位"], [1, "培训", "县司法局"]):
        tasks.append(row)
    made.create_sheet("底稿").sheet_state = "hidden"
    target = io.BytesIO()
    made.save(target)
    source = read_source(target.getvalue(), "a.xlsx")
    assert [item.title for item in proposed_draft(source, 2026).items] == ["培训"]
    assert source.notes == ("隐藏的工作表没有读：底稿",)


def test_a_file_that_is_no_workbook_is_refused_in_chinese() -> None:
    for data, name in (
        (b"PK\x03\x04" + b"\x00" * 60, "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.et"),
        (b"", "a.csv"),
    ):
        with pytest.raises(ReadingError) as refused:
            read_source(data, name)
        assert "a." in refused.value.message


@pytest.mark.django_db
def test_a_sheet_becomes_a_plan_with_who_bears_it(county: Any) -> None:
    text = (
        "序号,任务,总责,直接责任,落实科室,牵头单位,完成时限\n"
        "1,组织培训,县长,分管副县长,法制科、执法监督科,县司法局,6月底\n2,评查案卷,县长,,法制科,某某局,"
    )
    draft = drafted(text.encode(), "任务.csv")
    plan = ImportPlan(
        actor=None, organization=county.body, year=2026, draft=draft, units={"某某局": (county.market,)}
    ).execute()
    first, second = plan.tasks.all()
    assert (first.lead, second.lead) == (county.justice, county.market)
    borne = [(bearer.level, bearer.name) for bearer in first.bearers.all()]
    assert borne == [
        (Bearer.Level.OVERALL, "县长"), (Bearer.Level.DIRECT, "分管副县长"),
        (Bearer.Level.OFFICE, "法制科"), (Bearer.Level.OFFICE, "执法监督科"),
    ]  # fmt: skip
    assert plan.source_text[first.source_start : first.source_end].startswith("1\t组织培训")
    assert Plan.objects.count() == 1


CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "序号",
            "任务",
            "牵头单位",
            "完成时限",
            "具体措施",
            "合计",
            "同上",
            "〃",
            "一、规范执法",
            "1",
            "2",
            "（三）",
            "县司法局",
            "县司法局、县财政局",
            "6月底",
            "长期坚持",
            "2026.6",
            "备注：无",
            "组织培训不少于2次。",
        ]
    ),
    st.text(max_size=12),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=TABLES,
    head=st.integers(-1, 3),
    chosen=st.lists(st.sampled_from(["", *meanings()]), max_size=6),
    ranges=st.lists(st.tuples(*[st.integers(0, 5)] * 4), max_size=3),
)
@example(rows=[["任务", "牵头单位"], ["", "县司法局"]], head=0, chosen=[], ranges=[])
@example(rows=[["序号"], [""], ["", ""]], head=0, chosen=[], ranges=[(0, 0, 2, 1), (1, 0, 2, 0)])
def test_every_row_with_words_is_a_task_or_is_named(
    rows: list[list[str]], head: int, chosen: list[str], ranges: list[tuple[int, int, int, int]]
) -> None:
    width = max(map(len, rows))
    clean = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in rows]
    merged = {
        (row, column): (min(a, c), min(b, d))
        for a, b, c, d in ranges
        for row in range(min(a, c), min(max(a, c) + 1, len(rows)))
        for column in range(min(b, d), min(max(b, d) + 1, width))
        if (row, column) != (min(a, c), min(b, d))
    }
    sheet = Sheet("", tuple(map(tuple, clean)), tuple(range(1, len(rows) + 1)), 0, merged)
    row = min(head, len(rows) - 1)
    for matching in (propose(sheet), match(sheet, row), Matching(row, dict(enumerate(chosen[:width])))):
        draft = draft_of_sheet(sheet, matching, "a.csv", 2026)
        filled = [n for n in range(len(rows)) if any(sheet.value(n, c) for c in range(width))]
        assert len(draft.lines) == len(filled)
        left = [line for line in draft.lines if line.role is Role.LEFT]
        named = {doubt.at for doubt in draft.doubts if doubt.kind == "row"}
        assert {line.span[0] for line in left} <= named
        assert [line.item for line in draft.lines if line.role is Role.ITEM] == list(range(len(draft.items)))
        assert all(item.title and item.text for item in draft.items)
        for item in draft.items:
            assert item.due or not item.due_words or item.due_words in item.text


@pytest.mark.django_db
def test_every_town_is_one_name_for_several_units_when_somebody_says_so(county: Any) -> None:
    text = "序号,任务,牵头单位,配合单位\n1,组织培训,县司法局,各乡镇\n2,讲法治课,各乡镇,县司法局"
    draft = drafted(text.encode(), "任务.csv")
    towns = everyone(county.body)["towns"][1]
    plan = ImportPlan(
        actor=None, organization=county.body, year=2026, draft=draft, units={"各乡镇": towns}
    ).execute()
    first, second = plan.items.all()
    assert (first.lead, set(first.support)) == (county.justice, set(towns))
    assert set(second.leads) == set(towns) and second.parts.count() == 2  # each has its own to finish


@pytest.mark.django_db
def test_units_of_another_body_are_refused(county: Any) -> None:
    draft = drafted("序号,任务,牵头单位\n1,组织培训,某某局".encode(), "任务.csv")
    with pytest.raises(ActionRefused, match="不属于"):
        ImportPlan(
            actor=None,
            organization=county.towns[0],
            year=2026,
            draft=draft,
            units={"某某局": (county.market,)},
        ).execute()
    assert not Plan.objects.exists()
