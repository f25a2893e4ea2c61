from __future__ import annotations

import gc
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from yifa.papers import sheetparts
from yifa.papers.sheets import Book, Column, write_sheet


def written(*rows: object, title: str = "表") -> Worksheet:
    target = io.BytesIO()
    write_sheet(target, title, [Column("值", 30, wrap=True)], [[row] for row in rows])
    sheet = load_workbook(target).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_head_filter_and_width() -> None:
    sheet = written(1, 2)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:A3"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet["A1"].font.bold


@pytest.mark.parametrize(
    ("given", "read", "kind"),
    [
        (12, 12, "n"),
        (Decimal("98.5"), 98.5, "n"),
        (0, 0, "n"),
        (date(2026, 2, 10), datetime(2026, 2, 10), "d"),
        (datetime(2026, 2, 10, 9, 30, tzinfo=UTC), datetime(2026, 2, 10, 9, 30), "d"),
        (True, "是", "s"),
        (["甲", "乙"], "甲；乙", "s"),
        (None, None, "n"),
        ("", None, "n"),
        (float("nan"), "nan", "s"),
        (110101199001011234, "110101199001011234", "s"),
        ("007", "007", "s"),
        ("2026-02-10", "2026-02-10", "s"),
        ("#N/A", "#N/A", "s"),
        ("甲\x0b乙\ud800", "甲乙", "s"),
    ],
)
def test_each_value_as_what_it_is(given: object, read: object, kind: str) -> None:
    cell = written(given)["A2"]
    assert (cell.value, cell.data_type) == (read, kind)


def test_a_day_shows_as_a_day() -> None:
    assert written(date(2026, 2, 10))["A2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)", "{=1}"])
def test_nothing_typed_is_run(text: str) -> None:
    target = io.BytesIO()
    write_sheet(target, "表", [Column("值")], [[text]])
    assert b"<f>" not in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    cell = load_workbook(target).active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix or not text.startswith(sheetparts.BEGINS_A_FORMULA)


@given(st.text(max_size=60))
def test_any_text_can_be_written_and_stays_text(text: str) -> None:
    cell = written(text)["A2"]
    assert cell.data_type == "s" or cell.value is None
    assert cell.value is None or set(cell.value) <= set(text) | {"\n"}


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_can_be_given_twice(one: str, other: str) -> None:
    book = Book()
    for title in (one, other, one):
        book.sheet(title, [Column("值")]).append([1])
    target = io.BytesIO()
    book.save(target)
    names = load_workbook(target).sheetnames
    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)


def test_a_cell_too_long_is_cut() -> None:
    value = written("甲" * 40_000)["A2"].value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_more_rows_than_excel_takes_go_on_in_a_second_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetparts, "LAST_ROW", 3)
    target = io.BytesIO()
    write_sheet(target, "明细", [Column("值")], [[n] for n in range(5)])
    book = load_workbook(target)
    assert book.sheetnames == ["明细", "明细（2）", "明细（3）"]
    assert [[cell for (cell,) in sheet.values] for sheet in book] == [["值", 0, 1], ["值", 2, 3], ["值", 4]]


def test_a_book_that_is_given_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ZeroDivisionError):
        write_sheet(io.BytesIO(), "表", [Column("值")], ([1 // n] for n in (2, 1, 0)))
    gc.collect()  # an unfinished generator would complain here
    assert list(tmp_path.iterdir()) == []
