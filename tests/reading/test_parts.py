"""The plan inside a report: where it is, and that a short outlook is none."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.reading import Document, read_text
from yifa.reading.document import Kind

REPORT = "\n一、2023年工作情况\n（一）学法。开展6次。\n（二）执法。办案12件。\n二、存在问题\n人手不足。\n"


def planned(document: Document) -> str | None:
    part = next((part for part in document.parts if part.kind is Kind.WORK_PLAN), None)
    return document.text[part.span[0] : part.span[1]] if part else None


def test_next_years_plan_holds_tasks_and_targets() -> None:
    document = read_text(
        f"汀溪县2023年法治政府建设情况报告{REPORT}三、2024年工作计划\n"
        "（一）培训。6月底前培训不少于4期。\n（二）督察。持续推进。\n"
    )
    assert document.kind is Kind.ANNUAL_REPORT
    assert [(part.kind, part.year) for part in document.parts] == [
        (Kind.ANNUAL_REPORT, 2023),
        (Kind.WORK_PLAN, 2024),
    ]
    assert (planned(document) or "").startswith("三、2024年工作计划")
    assert [(task.title, task.chapter, task.due, task.due_note) for task in document.tasks] == [
        ("培训", "2024年工作计划", date(2024, 6, 30), None),
        ("督察", "2024年工作计划", None, "持续推进"),
    ]
    assert [document.targets[place].value for place in document.tasks[0].targets] == [4]


@pytest.mark.parametrize(
    "last",
    [
        "三、下一步工作打算\n（一）培训。\n（二）督察。\n",
        "三、2024年工作计划\n加强培训，开展督察。\n",
        "三、落实上级2023年工作要点情况\n（一）培训。\n（二）督察。\n",
    ],
)
def test_an_outlook_is_no_plan(last: str) -> None:
    document = read_text(f"汀溪县2023年法治政府建设情况报告{REPORT}{last}")
    assert (document.parts, document.tasks) == ((), ())


def test_tasks_annexed_to_another_text() -> None:
    items = "".join(f"{place}.新建小学{place}所。牵头单位：区教育局\n" for place in range(1, 5))
    text = "各位代表：\n现在，我代表汀溪区人民政府向大会作政府工作报告，请予审议。\n一、回顾\n增长。\n"
    text += f"附件\n2024年民生实事\n{items}"
    document = read_text(text)
    assert document.kind is Kind.OTHER
    assert (planned(document) or "").startswith("2024年民生实事")
    assert [(task.lead, task.due) for task in document.tasks] == [(("区教育局",), None)] * 4
    assert [target.value for target in document.targets] == [1, 2, 3, 4]


def test_a_plan_has_no_parts() -> None:
    items = "".join(f"（{place}）培训。责任单位：甲局\n" for place in "一二三")
    assert read_text(f"汀溪区2024年法治政府建设工作要点\n一、任务\n{items}").parts == ()
