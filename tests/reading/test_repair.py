"""Repairs: what the road did is mended, said, and can be traced back to the source."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.reading.document import Mark
from yifa.reading.repair import repair

PIECES = st.sampled_from(
    ["行政", "执法", "現", "(xiàn)", "（fù）", " ", "\u3000", "１２", "％", "\u200b", "\xa0", "\r\n", "\n", "。", "，",
     "通用头部", "36", "件", "a", "國會業發機關權規", "版权", "\t", ".", "．", "??h", "F(xiàn)", "当前位置：首页", "\ufeff"]
)  # fmt: skip


def mended(source: str) -> str:
    return repair(source)[0].text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("公布了办事 流程,做到了一次办结。", "公布了办事流程,做到了一次办结。"),
        ("制定规范性文件 2 件。", "制定规范性文件2件。"),
        ("办结率 97.77 %，提高 3 个百分点。", "办结率97.77%，提高3个百分点。"),
        ("使用 APP 办理，共 5 次。", "使用 APP 办理，共5次。"),
        ("建设４个站点，完成９８．５％。", "建设4个站点，完成98.5%。"),
        ("办结率达99. 8%，投入1. 2亿元。", "办结率达99.8%，投入1.2亿元。"),
        ("满意率9. 5 %。", "满意率9.5%。"),
        ("1. 5个部门联合检查。2. 80%以上的事项网上办理。", "1. 5个部门联合检查。2. 80%以上的事项网上办理。"),
        ("增长22．5%。", "增长22.5%。"),
        ("行政\u200b执法\xa0人员，培训。", "行政执法人员，培训。"),
        ("张三  李四", "张三  李四"),
        ("第一段。　　第二段。", "第一段。\n第二段。"),
        ("复議(yì)、審(shěn)查、執(zhí)法。", "复議、審查、執法。"),
        ("注意（ma）不是拼音标注（ba）。", "注意（ma）不是拼音标注（ba）。"),
        ("人民实实在在地分享到发展的成果。", "人民实实在在地分享到发展的成果。"),
        ("打印机构改革方案。\n字体：大 中 小\n正文。", "打印机构改革方案。\n\n正文。"),
        ("要保护版权。", "要保护版权。"),
    ],
)
def test_mending(source: str, text: str) -> None:
    assert mended(source) == text


def test_a_quotation_in_traditional_script_is_left_alone() -> None:
    text = "文中引用「國會」二字。" + "规范执法行为，加强监督。" * 40
    assert mended(text) == text


def test_pinyin_is_counted_and_each_place_is_told() -> None:
    source = "規(guī)範執(zhí)法，監(jiān)督檢查機(jī)關。" * 3
    tracked, marks = repair(source)
    assert tracked.text == "规范执法，监督检查机关。" * 3
    assert [m.detail["times"] for m in marks if m.detail["what"] == "inserted_pinyin"] == ["12"]
    inserted = [item for item in tracked.repairs if item.kind == "inserted_pinyin"]
    assert len(inserted) == 12
    assert {item.before for item in inserted} == {"(guī)", "(zhí)", "(jiān)", "(jī)"}


def test_a_lost_character_is_restored_where_it_is_known_and_marked_where_not() -> None:
    tracked, marks = repair("規(guī)範執(zhí)法監(jiān)督，F(xiàn)將情況報告，??h整改，開展檢查。")
    assert "，现将情况报告" in tracked.text
    assert Mark("damaged", "??h", None, {"what": "lost_character"}) in marks


def test_furniture_is_removed_and_marked() -> None:
    tracked, marks = repair("通用头部\n\n某区报告\n正文。\n责任编辑：张某\n版权")
    assert tracked.text.strip() == "某区报告\n正文。"
    assert [mark.phrase for mark in marks] == ["通用头部", "责任编辑：张某", "版权"]


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_repair_points_at_what_it_mended(source: str) -> None:
    tracked, _ = repair(source)
    assert tracked.source == source
    for item in tracked.repairs:
        start, end = item.at
        assert 0 <= start <= end <= len(source)
        assert source[start:end] == item.before
        assert item.before != item.after


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_the_way_back_to_the_source_never_runs_backwards(source: str) -> None:
    tracked, _ = repair(source)
    places = [tracked.origin((place, place + 1)) for place in range(len(tracked.text))]
    assert all(0 <= start < end <= len(source) for start, end in places)
    assert all(before[0] <= after[0] for before, after in pairwise(places))
    for char, (start, end) in zip(tracked.text, places, strict=True):
        if char in "行政执法件。，":
            assert char in source[start:end] or source[start:end] in ("執", "監")


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_mended_text_needs_no_second_mending_of_its_spacing(source: str) -> None:
    once = mended(source)
    kinds = {item.kind for item in repair(once)[0].repairs}
    assert "inserted_pinyin" not in kinds or "(" in once or "（" in once
