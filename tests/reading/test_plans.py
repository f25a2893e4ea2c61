"""Plans: units in every style, due dates, targets."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.reading import read_text
from yifa.reading.document import Task
from yifa.reading.units import responsible_units, split_units


def task(item: str) -> Task:
    return read_text(f"石门区2024年法治政府建设工作要点\n一、任务\n（一）{item}\n（二）其他。\n").tasks[0]


@pytest.mark.parametrize(
    ("item", "lead", "support"),
    [
        ("培训。责任单位：区司法局、各镇（街道）", ("区司法局", "各镇（街道）"), ()),
        ("培训。（责任处室：办公室、法规安全处）", ("办公室", "法规安全处"), ()),
        ("培训。责任单位：危化处（60日），基础处（104日）", ("危化处", "基础处"), ()),
        ("培训。〔牵头单位：区司法局；责任单位：区财政局，各镇〕", ("区司法局",), ("区财政局", "各镇")),
        ("培训。(牵头部门：党政办，配合部门：司法所、综治办)", ("党政办",), ("司法所", "综治办")),
        (
            "培训。\n责任单位：区政府办公室、区司法局，乡镇人民政府按职责分工分别负责",
            ("区政府办公室", "区司法局", "乡镇人民政府"),
            (),
        ),
        ("培训。牵头单位：区教育局、区建筑工务局", ("区教育局", "区建筑工务局"), ()),
        ("由区司法局牵头，区财政局、区人社局配合，做好培训。", ("区司法局",), ("区财政局", "区人社局")),
        ("培训。（区司法局负责）", ("区司法局",), ()),
        ("培训。（区司法局、区编办）", ("区司法局", "区编办"), ()),
        ("培训。责任制单位：基础处", ("基础处",), ()),
        ("压实责任单位主体责任，加强培训。", (), ()),
        ("各单位要加强培训。", (), ()),
        (
            "培训。（区司法局牵头，各镇（街道）、区级各部门按职责分工负责）",
            ("区司法局",),
            ("各镇（街道）", "区级各部门"),
        ),
        (
            "培训由区委宣传部牵头，区司法局、区委党校配合，4月底前完成。",
            ("区委宣传部",),
            ("区司法局", "区委党校"),
        ),
        ("评查案卷。区司法局负责，持续推进。", ("区司法局",), ()),
        ("培训。牵头单位：区司法局 配合单位：各执法单位", ("区司法局",), ("各执法单位",)),
        ("培训。牵头领导：李某。责任单位（科室）：法规科。", ("法规科",), ()),
        ("坚持谁执法谁负责，各单位抓好落实，推动各部门配合。", (), ()),
        ("各单位主要负责人负责抓落实。", (), ()),
        ("培训。（区司法局会同区人社局负责，12月底前完成）", ("区司法局",), ("区人社局",)),
        ("培训。（区司法局、区应急局等部门按职责分工负责）", ("区司法局", "区应急局"), ()),
        ("培训。（区司法局，各县（市、区）负责）", ("区司法局", "各县（市、区）"), ()),
        ("培训；牵头股室：法规股；配合股室：人事股、办公室", ("法规股",), ("人事股", "办公室")),
    ],
)
def test_units(item: str, lead: tuple[str, ...], support: tuple[str, ...]) -> None:
    found = task(item)
    assert (found.lead, found.support) == (lead, support)


def test_units_only_named() -> None:
    found = task("各行政执法部门要梳理职权。管委会全年至少举办1次培训。")
    assert found.units == ("各行政执法部门", "管委会")
    assert found.lead == ()


def test_splitting_keeps_brackets_whole() -> None:
    assert split_units("各乡（镇、街道），区司法局 区编办等") == ["各乡（镇、街道）", "区司法局", "区编办"]
    assert responsible_units("没有写。") == ((), ())


@pytest.mark.parametrize(
    ("item", "due"),
    [
        ("6月底前完成清理。", date(2024, 6, 30)),
        ("2024年12月31日前完成。", date(2024, 12, 31)),
        ("2025年3月前完成。", date(2025, 3, 31)),
        ("第三季度开展督查。", date(2024, 9, 30)),
        ("年底前通报。", date(2024, 12, 31)),
        ("上半年完成评查，10月15日前整改。", date(2024, 10, 15)),
        ("全年开展4次。", None),
        ("每季度开展1次。", None),
        ("落实《方案（2025年底前）》。", None),
        ("13月底前完成。", None),
        ("十二月底前完成。", date(2024, 12, 31)),
        ("明年3月底前完成。", date(2025, 3, 31)),
        ("8月组织实施，9月完成。", date(2024, 9, 30)),
        ("3月至4月，开展学习动员。", date(2024, 4, 30)),
        ("修订2021年12月底前制定的文件。", None),
        ("2023年12月印发的方案继续执行。", None),
        ("完成时限：每季度。", None),
    ],
)
def test_due(item: str, due: date | None) -> None:
    assert task(item).due == due


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("全年学法不少于4次，培训不低于40学时。", [(">=", 4, "次", "year"), (">=", 40, "学时", "year")]),
        ("败诉率控制在3%以内。", [("<=", 3, "%", None)]),
        ("办结率达到98%。", [(">=", 98, "%", None)]),
        ("败诉率低于5%，优秀率不低于90%。", [("<=", 5, "%", None), (">=", 90, "%", None)]),
        ("每季度组织1次测试。", [("=", 1, "次", "quarter")]),
        ("每月安排2次授课。", [("=", 2, "次", "month")]),
        ("优秀率90%以上。", [(">=", 90, "%", None)]),
        ("培育示范点5个。", [("=", 5, "个", None)]),
        ("培育5个示范点。", [("=", 5, "个", None)]),
        ("去年办理案件12件，已建成3个。", []),
    ],
)
def test_targets(item: str, expected: list[tuple[str, float, str, str | None]]) -> None:
    document = read_text(f"石门区2024年法治政府建设工作要点\n一、任务\n（一）{item}\n（二）其他。\n")
    assert [(t.compare, t.value, t.unit, t.per) for t in document.targets] == expected
    assert document.tasks[0].targets == tuple(range(len(expected)))


def test_who_must_do_it() -> None:
    document = read_text(
        "石门区2024年法治政府建设工作要点\n一、任务\n（一）学法。各单位要落实制度，管委会全年至少举办4次学法，1次讲座。各镇办事处全年至少举办1期培训。\n"
    )
    assert [(t.value, t.who) for t in document.targets] == [
        (4, ("管委会",)),
        (1, ("管委会",)),
        (1, ("各镇办事处",)),
    ]


def test_general_chapters_hold_no_tasks() -> None:
    text = (
        "石门区2024年依法行政工作要点\n一、总体要求\n（一）指导思想。\n二、任务\n（一）培训。\n（二）检查。\n"
    )
    document = read_text(text)
    assert [item.title for item in document.tasks] == ["培训", "检查"]
    assert {item.chapter for item in document.tasks} == {"任务"}


def test_demands_outside_of_tasks_are_targets_too() -> None:
    text = "石门区2024年依法行政工作要点\n一、总体要求\n办结率达到95%，建设5个站点。\n"
    text += "二、任务\n（一）培训。\n（二）检查。检查3次。\n"
    document = read_text(text)
    assert [(t.compare, t.value) for t in document.targets] == [(">=", 95), ("=", 3)]
    assert [item.targets for item in document.tasks] == [(), (1,)]


def test_a_plan_without_numbers_has_no_tasks() -> None:
    assert read_text("石门区2024年依法行政工作要点\n坚持依法行政，加强培训。\n").tasks == ()


def test_a_report_has_targets_only_for_the_year_to_come() -> None:
    text = "石门区2023年法治政府建设报告\n一、工作\n全年培训不少于4次。\n二、问题\n不足。\n三、下一步工作\n每月安排2次授课。\n"
    assert [item.text for item in read_text(text).targets] == ["每月安排2次授课"]


@pytest.mark.parametrize(
    ("item", "note"),
    [
        ("培训。（责任单位：区司法局；长期坚持）", "长期坚持"),
        ("培训。完成时限：全年", "全年"),
        ("培训，每季度末通报，持续推进。", "持续推进"),
        ("持续推进培训，6月底前完成。", None),
        ("持续推进法治建设各项任务。", None),
    ],
)
def test_a_time_that_is_no_date(item: str, note: str | None) -> None:
    assert task(item).due_note == note


def test_how_to_go_about_it_is_no_task() -> None:
    text = "石门区2024年依法行政工作要点\n一、任务\n（一）培训。\n（二）检查。\n"
    text += "二、工作要求\n（一）提高认识。\n（二）狠抓落实。\n"
    assert [item.title for item in read_text(text).tasks] == ["培训", "检查"]
