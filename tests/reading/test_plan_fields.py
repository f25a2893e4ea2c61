"""Fields behind a task: unit and due date stand in one bracket, each with its label."""

from __future__ import annotations

import pytest

from yifa.reading import read_text
from yifa.reading.dues import due as due_of
from yifa.reading.dues import due_note
from yifa.reading.units import responsible_units


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


@pytest.mark.parametrize(
    ("said", "due", "note"),
    [
        ("三年内实现全覆盖", None, "三年内"),
        ("两年之内完成改造", None, "两年之内"),
        ("到2027年底基本建成", "2027-12-31", None),
        ("2026年度内完成评查", "2026-12-31", None),
        ("2026.11.30前报送", "2026-11-30", None),
        ("（县司法局，2026年9月底）", "2026-09-30", None),
        ("（县司法局牵头，全年持续推进）", None, "全年持续推进"),
        ("完成时限：2027年3月至11月", "2027-11-30", None),
        ("完成时限：2026-10", "2026-10-31", None),
        ("近三年内的做法", None, None),
    ],
)
def test_a_time_is_read_as_it_is_written(said: str, due: str | None, note: str | None) -> None:
    found = due_of(said, 2026)
    assert (found.isoformat() if found else None, due_note(said)) == (due, note)


@pytest.mark.parametrize(
    ("said", "lead", "support"),
    [
        ("（财政部牵头，国务院有关部门及各地区按职责分工负责）", ("财政部",), ("国务院有关部门", "各地区")),
        ("（县发改局及各乡镇按职责分工负责）", ("县发改局", "各乡镇"), ()),
        ("〔责任单位：县司法局等县有关部门，各镇司法所（含园区，下同）〕", ("县司法局", "各镇司法所"), ()),
        (
            "（各县（市、区）法宣办、人民银行青河支行按职责分工负责）",
            ("各县（市、区）法宣办", "人民银行青河支行"),
            (),
        ),
    ],
)
def test_units_are_told_one_by_one(said: str, lead: tuple[str, ...], support: tuple[str, ...]) -> None:
    assert responsible_units(said) == (lead, support)
