"""Fields behind a task: unit and due date stand in one bracket, each with its label."""

from __future__ import annotations

import pytest

from yifa.reading import read_text


@pytest.mark.parametrize(
    ("field", "due"),
    [
        ("完成时限：2026年12月31日", "2026-12-31"),
        ("完成时限：6月底", "2026-06-30"),
        ("办结时限：2026年11月", "2026-11-30"),
        ("完成时间：第三季度", "2026-09-30"),
        ("完成时限：2026年6月底前", "2026-06-30"),
        ("完成时限：全年", None),
        ("完成时限：长期坚持", None),
    ],
)
def test_the_due_date_is_read_from_its_field_and_is_no_unit(field: str, due: str | None) -> None:
    text = (
        "甲县2026年法治政府建设工作要点\n一、规范执法\n"
        f"（一）加强培训。做好培训。（牵头单位：县司法局；配合单位：县财政局；{field}）\n（二）评查案卷。做好评查。"
    )
    task = read_text(text).tasks[0]
    assert (task.lead, task.support) == (("县司法局",), ("县财政局",))
    assert (task.due.isoformat() if task.due else None) == due


def test_what_a_chapter_names_holds_for_the_items_below_it() -> None:
    text = (
        "甲镇2026年法治建设工作要点\n一、普法（牵头单位：镇司法所；完成时限：10月底）\n"
        "1.旁听庭审2次。\n2.开办课堂。（责任单位：镇文化站，全年）\n3.6月底前编印手册。\n二、执法\n4.评查案卷。"
    )
    tasks = read_text(text).tasks
    assert [task.lead for task in tasks] == [("镇司法所",), ("镇文化站",), ("镇司法所",), ()]
    assert [str(task.due or task.due_note) for task in tasks] == ["2026-10-31", "全年", "2026-06-30", "None"]
