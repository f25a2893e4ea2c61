"""Spreadsheets: what a sheet shows is what is read."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.reading import ReadingError, read_bytes
from yifa.reading.load import Loaded, load
from yifa.reading.load.number_formats import shown

from .making import saved, xls_of, xlsx_of

ROWS = [["类别", "件数", "占比"], ["行政处罚", 128.0, 0.5], ["行政许可", 1205.0, 0.25]]


def loaded(data: bytes) -> Loaded:
    return load(data, "附表.xlsx")


def test_old_and_new_workbooks_give_one_text() -> None:
    expected = "类别\t件数\t占比\n行政处罚\t128\t0.5\n行政许可\t1205\t0.25"
    for data in (xlsx_of(ROWS), xls_of(ROWS)):
        found = loaded(data)
        assert (found.text, found.format, found.damage) == (expected, "xlsx", ())


def test_sheets_merged_cells_formats_and_formulas() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "执法情况"
    for row in (["2023年行政执法情况表"], ["类别", "单位", "件数", "办结率", "日期"]):
        sheet.append(row)
    sheet.append(["处罚", "甲局", 1280, 0.9562, None])
    sheet.append([None, "乙局", 64, 1, None])
    sheet.append(["合计", None, "=C3+C4", None, None])
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("A3:A4")
    sheet["C3"].number_format = "#,##0"
    sheet["C4"].number_format = '0"件"'
    sheet["D3"].number_format = "0.00%"
    sheet["D4"].number_format = "0%"
    book.create_sheet("空表")
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "不给人看的"
    hidden.sheet_state = "hidden"
    found = loaded(saved(book))
    assert found.text.split("\n") == [
        "执法情况",
        "2023年行政执法情况表",
        "类别\t单位\t件数\t办结率\t日期",
        "处罚\t甲局\t1,280\t95.62%",
        "〃\t乙局\t64件\t100%",
        "合计",
    ]
    assert any("底稿" in note for note in found.damage)
    assert any("1 个公式" in note for note in found.damage)


def test_a_table_that_does_not_begin_in_the_corner() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for place, value in (
        ("C5", "类别"),
        ("D5", "率"),
        ("C6", "处罚"),
        ("D6", 0.125),
        ("C7", None),
        ("D7", 0.5),
    ):
        sheet[place] = value
    sheet["D6"].number_format = "0.0%"
    sheet.merge_cells("C6:C7")
    assert loaded(saved(book)).text == "类别\t率\n处罚\t12.5%\n〃\t0.5"


def test_a_workbook_without_text() -> None:
    with pytest.raises(ReadingError) as caught:
        read_bytes(xlsx_of([]), "空.xlsx")
    assert caught.value.code == "no_body"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (12.0, None, "12"),
        (12, "General", "12"),
        (0.1 + 0.2, None, "0.3"),
        (1 / 3, None, "0.3333333333"),
        (-2.5, "0.0", "-2.5"),
        (2.675, "0.00", "2.68"),
        (0.9562, "0%", "96%"),
        (0.95625, "0.00%", "95.63%"),
        (1234567.0, "#,##0", "1,234,567"),
        (1234567.891, "#,##0.00_ ", "1,234,567.89"),
        (-1234.0, "#,##0;[红色]-#,##0", "-1,234"),
        (-5.0, "0_);(0)", "(5)"),
        (0.0, '0;-0;"无"', "无"),
        (36.0, '0"件"', "36件"),
        (12345678.0, '0.00,,"百万元"', "12.35百万元"),
        (7.0, "000", "007"),
        (3.5, "0.##", "3.5"),
        (3.0, "0.##", "3"),
        (1500.0, "[$¥-804]#,##0", "¥1,500"),
        (5.0, "@", "5"),
        (0.5, "# ?/?", "0.5"),
        (12345.0, "0.00E+00", "12345"),
        (1e20, None, "100000000000000000000"),
    ],
)
def test_numbers_as_they_are_shown(value: float, form: str | None, text: str) -> None:
    assert shown(value, form) == text


@given(
    st.floats(allow_nan=True, allow_infinity=True), st.text(alphabet='0#?,.%;"[]$-_*\\!Ee+件@G', max_size=14)
)
def test_any_number_under_any_format_is_shown(value: float, form: str) -> None:
    assert isinstance(shown(value, form), str)
    assert len(shown(value, form)) < 2000


@given(st.integers(-(10**9), 10**9))
def test_whole_numbers_have_no_point(value: int) -> None:
    assert shown(float(value), None) == str(value)
