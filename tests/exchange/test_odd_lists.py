"""Lists as they come: merged heads, days as text, rows twice, rows that are there, empty and wrong sheets, our own export."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import Workbook

from tests.county import County
from tests.exchange.conftest import Lay
from yifa.exchange import running
from yifa.exchange.layingout import case_lines
from yifa.exchange.mapping import lacking, propose, reading_from
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.officelayouts import layouts
from yifa.exchange.rows import RowReader
from yifa.exchange.staging import stage
from yifa.exchange.targets import target_of
from yifa.exchange.units import UnitFinder
from yifa.law.errors import YifaError
from yifa.ledger.models import Case
from yifa.papers.officesheets import OfficeColumn, OfficeSheet, write_office_sheet

What = ImportedRow.What
UNIT = "澜亭县司法局"


def book(*sheets: tuple[str, list[list[object]], tuple[str, ...]]) -> bytes:
    """A workbook: title, rows, merged places of each sheet."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows, merged in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for place in merged:
            sheet.merge_cells(place)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def word() -> bytes:
    target = io.BytesIO()
    Document().save(target)
    return target.getvalue()


HEADS: list[list[object]] = [
    ["某县热线工单统计表（2024年3月）"],
    ["工单编号", "来电渠道", "诉求内容", "受理", None, "承办单位"],
    [None, None, None, "受理日期", "派单日期", None],
]
MERGED = ("A1:F1", "D2:E2", "A2:A3", "B2:B3", "C2:C3", "F2:F3")


def rows_of(*days: str) -> list[list[object]]:
    return [[f"T{n}", "12345热线", f"示例{n}", day, day, UNIT] for n, day in enumerate(days)]


def test_merged_heads_days_as_text_totals_and_rows_twice(lay: Lay, county: County) -> None:
    rows = rows_of("2024.3.1", "2024年3月4日", "20240305", "2024-3-6 09:30:00", "45356", "2024.2.30")
    twice: list[list[object]] = [
        list(rows[0]),
        ["合计", None, None, 7],
        ["填表人：某某", None, None, "审核人：某某"],
    ]
    run = lay(book(("三月", [*HEADS, *rows, *twice], MERGED)), "三月.xlsx")
    running.check(run)
    assert (run.counts["new"], run.counts["wrong"], run.counts["skipped"]) == (5, 2, 2), run.message
    faults = {fault.row: fault.message for fault in run.faults.all()}
    assert "没有这一天" in faults[9]
    assert "与第 4 行是同一件" in faults[10]
    running.bring_in(run, Import.Mode.SKIP, update=False)
    opened = sorted(case.opened_on.isoformat() for case in Case.objects.all() if case.opened_on)
    assert opened == ["2024-03-01", "2024-03-04", "2024-03-05", "2024-03-05", "2024-03-06"]


def test_our_own_export_comes_back_as_what_is_there(lay: Lay, county: County) -> None:
    run = lay(book(("三月", [*HEADS, *rows_of("2024.3.1", "2024.3.4")], MERGED)), "三月.xlsx")
    running.check(run)
    running.bring_in(run, Import.Mode.WHOLE, update=False)
    layout = layouts()["hotline_tickets"]
    columns = tuple(OfficeColumn(one.title, one.width, one.under) for one in layout.columns)
    target = io.BytesIO()
    sheet = OfficeSheet(layout.title, columns, ("填报单位：甲", "2024年3月", "单位：件"), layout.signatures)
    cases = Case.objects.select_related("organization").order_by("title")
    write_office_sheet(target, sheet, case_lines(layout, cases))
    back = lay(target.getvalue(), "台账.xlsx")
    running.check(back)
    assert back.state == Import.State.CHECKED, back.message
    assert back.counts.get("same") == 2, [fault.message for fault in back.faults.all()]
    assert not back.counts.get("new")


def test_an_empty_and_a_wrong_sheet_say_so(lay: Lay, county: County) -> None:
    content = book(
        ("说明", [["填表说明"], ["一、按月填报"]], ()), ("三月", [*HEADS, *rows_of("2024.3.1")], MERGED), ("空表", [], ())
    )  # fmt: skip
    run = lay(content, "三月.xlsx")
    assert run.sheet == 1
    staged = stage(run.attachment, 0)
    assert staged.titles == ("说明", "三月")  # what is empty is not offered
    run.sheet, run.mapping = 0, propose(target_of(run.target), staged).as_json()
    run.save()
    running.check(run)
    assert run.state == Import.State.OPEN
    assert "还没有指明" in run.message
    with pytest.raises(YifaError, match="没有第3张工作表"):
        stage(run.attachment, 2)
    assert not Case.objects.exists()


def test_a_web_page_that_is_called_a_workbook_is_the_table_in_it(lay: Lay, county: County) -> None:
    heads = ("工单编号", "来电渠道", "诉求内容", "受理日期", "责任单位")
    rows = [
        ("T1", "12345热线", "路灯\n不亮", "2024-03-01", UNIT),
        ("T2", "12345热线", "井盖", "2024-03-04", UNIT),
    ]
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (heads, *rows))
    page = f'<html><head><meta charset="gb18030"></head><body><table border=1>{lines}</table></body></html>'
    run = lay(page.encode("gb18030"), "导出.xls")
    running.check(run)
    assert run.counts["new"] == 2, run.message
    running.bring_in(run, Import.Mode.WHOLE, update=False)
    assert {case.title for case in Case.objects.all()} == {"路灯 不亮", "井盖"}


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "图片"), (b"%PDF-1.7\n" + b"\xff" * 90, "PDF 文件")],
)
def test_what_was_only_renamed_is_named(lay: Lay, content: bytes, what: str) -> None:
    with pytest.raises(YifaError, match=f"里面是{what}，不是表格，改文件名没有用"):
        lay(content, "工单.xlsx")


def test_whose_a_penalty_is_says_the_body_that_imposed_it(lay: Lay, county: County) -> None:
    heads = "处罚决定书文号,案由,当事人,执法主体,立案日期,处罚决定日期,处罚结果,罚款金额"
    run = lay(
        f"{heads}\n甲罚〔2026〕1号,占道,某,{UNIT},2026-05-06,2026-06-10,罚款,500\n".encode(),
        "处罚.csv",
        "case:administrative_penalty",
    )
    target, reading = target_of(run.target), reading_from(run.mapping)
    assert set(reading.columns.values()) >= {
        "number",
        "act:decide:on",
        "act:decide:outcome",
        "field:decide:fine",
    }
    assert "单位" not in lacking(target, reading)
    staged = stage(run.attachment, 0)
    reader = RowReader(target, reading, UnitFinder(county.body))
    number, cells = next(iter(staged.rows(1)))
    unit = reader.read(number, cells).organization
    assert unit is not None
    assert unit.name == UNIT
