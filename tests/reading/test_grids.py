"""Tables of figures: units and names from heads and rows, totals as wholes, silence where no unit is known."""

from __future__ import annotations

import io

import docx
import pytest

from yifa.reading import read_bytes, read_text
from yifa.reading.document import Figure

HEAD = "望江区2024年行政执法情况统计表"
CASES = [
    ["序号", "单位", "立案数（件）", "办结数（件）", "罚没金额（万元）", "办结率（%）", "占比"],
    ["1", "区城管局", "120", "118", "35.6", "98.3", "60%"],
    ["2", "区市场监管局", "80", "75", "1,204.5", "93.75", "40%"],
    ["合计", "", "200", "193", "1240.1", "96.5", "100%"],
]


def table(rows: list[list[str]], above: str = HEAD) -> tuple[Figure, ...]:
    return read_text(above + "\n" + "\n".join("\t".join(row) for row in rows) + "\n").figures


def brief(figures: tuple[Figure, ...]) -> list[tuple[str, float, str, str]]:
    return [(figure.text, figure.value, figure.unit, figure.subject) for figure in figures]


def test_unit_and_name_come_from_the_heads() -> None:
    assert brief(table(CASES))[:5] == [
        ("120", 120, "件", "区城管局立案数"),
        ("118", 118, "件", "区城管局办结数"),
        ("35.6", 356_000, "元", "区城管局罚没金额"),
        ("98.3", 98.3, "%", "区城管局办结率"),
        ("60%", 60, "%", "区城管局占比"),
    ]


def test_totals_are_wholes_and_rates_have_none() -> None:
    figures = table(CASES)
    parts = {
        (figure.text, figures[figure.part_of].text, figure.relation)
        for figure in figures
        if figure.part_of is not None
    }
    assert parts == {
        ("120", "200", "表"),
        ("80", "200", "表"),
        ("118", "193", "表"),
        ("75", "193", "表"),
        ("35.6", "1240.1", "表"),
        ("1,204.5", "1240.1", "表"),
    }


def test_the_same_in_word() -> None:
    document = docx.Document()
    document.add_paragraph(HEAD)
    grid = document.add_table(0, len(CASES[0]))
    for row in CASES:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    assert brief(read_bytes(target.getvalue(), "表.docx").figures) == brief(table(CASES))


def test_the_year_of_a_column_and_the_unit_of_a_row() -> None:
    rows = [["项目", "2023年", "2024年", "增减（%）"], ["受理案件（件）", "186", "152", "-18.3"]]
    assert brief(table(rows)) == [
        ("186", 186, "件", "2023年受理案件"),
        ("152", 152, "件", "2024年受理案件"),
        ("-18.3", -18.3, "%", "受理案件增减"),
    ]


def test_the_unit_of_a_column_of_units_or_of_the_table() -> None:
    rows = [["类别", "计量单位", "数量"], ["普法活动", "场次", "46"], ["参训", "人次", "1,320"]]
    assert brief(table(rows)) == [("46", 46, "场次", "普法活动"), ("1,320", 1320, "人次", "参训")]
    rows = [["部门", "受理", "办结"], ["甲局", "12", "9"]]
    assert brief(table(rows, HEAD + "\n单位：件")) == [
        ("12", 12, "件", "甲局受理"),
        ("9", 9, "件", "甲局办结"),
    ]


def test_a_column_of_totals_and_a_head_of_two_rows() -> None:
    rows = [
        ["镇街", "案件", "", "", "合计"],
        ["〃", "民事", "刑事", "行政", "〃"],
        ["甲镇", "3件", "2件", "1件", "6件"],
    ]
    figures = table(rows)
    assert [figure.subject for figure in figures[:2]] == ["甲镇案件民事", "甲镇案件刑事"]
    assert [figure.part_of for figure in figures] == [3, 3, 3, None]


@pytest.mark.parametrize(
    "rows",
    [
        [["部门", "受理", "办结"], ["甲局", "12", "9"]],  # no unit anywhere
        [["序号", "事项", "文号"], ["1", "执法检查", "20240317"]],
        [["姓名", "电话"], ["张三", "13800138000"]],
        [["12", "9"], ["3", "4"]],  # no head
        [["项目", "2023年", "2024年"], ["完成情况", "已完成", "推进中"]],
    ],
)
def test_silence(rows: list[list[str]]) -> None:
    assert table(rows) == ()
