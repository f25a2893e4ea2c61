"""Lists in the layouts of offices: valid, written, opened again, the rows of the list as it is filtered."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from yifa.exchange import officelayouts
from yifa.exchange.officelayouts import Layout, layouts
from yifa.exchange.targets import target_of
from yifa.law.errors import YifaError
from yifa.papers.officesheets import OfficeColumn, OfficeSheet, write_office_sheet

OWN = """
layout: hotline_short
title: 热线月报表
of: case:hotline_ticket
orientation: portrait
columns:
  - {title: 工单, value: "fact:ticket_no"}
"""


def opened(sheet: OfficeSheet, rows: Any) -> Worksheet:
    target = io.BytesIO()
    write_office_sheet(target, sheet, rows)
    found = load_workbook(target).worksheets[0]
    assert isinstance(found, Worksheet)
    return found


def test_each_delivered_layout_names_only_what_there_is_and_shows_something() -> None:
    found = layouts()
    assert len(found) >= 12
    for name, layout in found.items():
        assert layout.title == layout.title.strip()
        assert sum(column.value != officelayouts.BLANK for column in layout.columns) >= 5, name
        assert target_of(layout.of).title


def test_a_sheet_has_title_heads_serials_signatures_and_prints_on_a4() -> None:
    columns = (
        OfficeColumn("编号", 16), OfficeColumn("日期", under="受理"), OfficeColumn("方式", under="受理"), OfficeColumn("=1+1"),
    )  # fmt: skip
    sheet = OfficeSheet(
        "示例台账", columns, ("填报单位：甲", "2026年", "单位：件"), ("填报人", "审核人"), "示例"
    )
    rows = [["A1", date(2026, 3, 1), "网上", "=SUM(A1)"], ["A2", None, None, 3]]
    made = opened(sheet, rows)
    read = [[cell.value for cell in row] for row in made.iter_rows()]
    assert read[0][0] == "示例台账"
    assert [read[1][0], read[1][1], read[1][4]] == ["填报单位：甲", "2026年", "单位：件"]
    assert read[2] == ["序号", "编号", "受理", None, "=1+1"]
    assert read[3][2:4] == ["日期", "方式"]
    assert [row[0] for row in read[4:6]] == [1, 2]
    assert (read[4][2].date(), read[4][4], made["E5"].data_type) == (date(2026, 3, 1), "=SUM(A1)", "s")  # type: ignore[union-attr]  # a day
    assert "示例" in str(read[6][0])
    assert all(word in str(read[7][0]) for word in ("填报人：", "审核人：", "填报日期："))
    assert {str(one) for one in made.merged_cells.ranges} >= {"A1:E1", "C3:D3", "A3:A4", "B3:B4", "E3:E4"}
    assert (made.page_setup.orientation, made.page_setup.paperSize, made.print_title_rows) == (
        "landscape",
        9,
        "$3:$4",
    )
    assert made.freeze_panes == "B5"


def test_a_sheet_without_rows_or_shared_heads() -> None:
    made = opened(OfficeSheet("空表", (OfficeColumn("甲"),), ("单位：甲", "", "单位：件")), iter(()))
    assert [cell.value for cell in made[3]] == ["序号", "甲"]
    assert made.print_title_rows == "$3:$3"


def test_memory_does_not_grow_with_the_rows() -> None:
    sheet = OfficeSheet("大表", (OfficeColumn("甲"), OfficeColumn("乙")), ("", "", ""))
    peaks = []
    for many in (500, 5000):
        tracemalloc.start()
        write_office_sheet(io.BytesIO(), sheet, ([f"示例{n}", n] for n in range(many)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 800_000


def test_a_locality_adds_its_own_and_a_wrong_file_harms_no_other(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "a.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "layouts" / "b.yaml").write_text(OWN.replace("ticket_no", "nothing"), encoding="utf-8")
    (tmp_path / "layouts" / "c.yaml").write_text("layout: [", encoding="utf-8")
    assert isinstance(layouts()["hotline_short"], Layout)
    assert [("b.yaml" in fault, "没有这一项" in fault) for fault in officelayouts.faults()] == [
        (True, True),
        (False, False),
    ]


@pytest.mark.parametrize("wrong", ["columns: []", "of: case:nothing", "signature: x"])
def test_what_is_wrong_in_a_file_is_said(wrong: str) -> None:
    key = wrong.partition(":")[0]
    text = "\n".join([*(line for line in OWN.splitlines() if not line.startswith((key, "  -"))), wrong])
    with pytest.raises(YifaError):
        officelayouts.read(text, "x.yaml")
