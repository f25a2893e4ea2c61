"""Plans written as a table, in Word and in a page."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from yifa.checking import check
from yifa.reading import Document, read_bytes

TITLE = "望江区2024年法治政府建设任务分解表"
ROWS = [
    ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"],
    ["一、健全机制"],
    ["1", "区政府常务会议学法不少于4次", "区政府办公室", "区司法局、区人社局", "2024年11月"],
    ["2", "开展执法案卷评查，抽查不少于50宗", "区司法局", "", "10月底前"],
    ["二、优化服务"],
    ["3", "推进政务公开标准化", "", "", ""],
]


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(0, 5)
    for row in ROWS:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[4]).text = row[0]
        else:
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def page() -> bytes:
    def row(cells: list[str]) -> str:
        wide = ' colspan="5"' if len(cells) == 1 else ""
        return "<tr>" + "".join(f"<td{wide}>\n <p>{cell}</p>\n</td>" for cell in cells) + "</tr>"

    return f"<html><body><h1>{TITLE}</h1><table>{''.join(map(row, ROWS))}</table></body></html>".encode()


@pytest.fixture(params=[word, page], ids=["docx", "html"])
def plan(request: pytest.FixtureRequest) -> Document:
    return read_bytes(request.param(), "计划")


def test_every_row_is_a_task(plan: Document) -> None:
    assert plan.kind == "work_plan"
    assert [(task.number, task.title, task.chapter) for task in plan.tasks] == [
        ("1", "区政府常务会议学法不少于4次", "一、健全机制"),
        ("2", "开展执法案卷评查，抽查不少于50宗", "一、健全机制"),
        ("3", "推进政务公开标准化", "二、优化服务"),
    ]
    assert [(task.lead, task.support, task.due) for task in plan.tasks] == [
        (("区政府办公室",), ("区司法局", "区人社局"), date(2024, 11, 30)),
        (("区司法局",), (), date(2024, 10, 31)),
        ((), (), None),
    ]
    assert [(target.compare, target.value) for target in plan.targets] == [(">=", 4), (">=", 50)]
    assert [task.targets for task in plan.tasks] == [(0,), (1,), ()]
    for task in plan.tasks:
        assert plan.text[slice(*task.span)] == task.text


def test_the_check_names_the_row(plan: Document) -> None:
    found = {finding.rule: finding for finding in check(plan)}
    assert dict(found["plan.unit"].evidence)["number"] == ["3"]
    assert dict(found["plan.due"].evidence)["number"] == ["3"]


def test_the_caption_of_a_table_on_a_page_is_read() -> None:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS[:1] + ROWS[2:4]
    )
    text = f"<html><body><p>情况如下。</p><table><caption>表1　任务分解</caption>{rows}</table></body></html>"
    lines = read_bytes(text.encode(), "页.html").text.splitlines()
    assert lines[lines.index("情况如下。") + 1].split() == ["表1", "任务分解"]
    assert lines[-1].startswith("2\t开展执法案卷评查")
