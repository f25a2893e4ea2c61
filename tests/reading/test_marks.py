"""Marks of tampering and residue: precise, and silent where a text writes about fighting such things."""

from __future__ import annotations

import pytest

from yifa.reading import read_text
from yifa.reading.marks import marks


def phrases(text: str, kind: str = "injected") -> list[str]:
    return [mark.phrase for mark in marks(text) if mark.kind == kind]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("我镇通过在线博彩平台政府信息网公开信息。", "在线博彩平台"),
        ("皇冠体育官网县人民政府", "皇冠体育官网"),
        ("实行行政机关《必威体育》负责人出庭应诉。", "必威体育"),
        ("亚博娱乐法治政府建设年度报告", "亚博娱乐"),
        ("总结如下。国产精品在线观看", "国产精品在线观看"),
        ("推进政务公开。代开发票联系电话。", "代开发票"),
        ("加强监督。传奇私服发布网", "传奇私服"),
        ("公布目录。伟哥网购", "伟哥网购"),
        ("规范执法。香烟批发货源网", "香烟批发"),
    ],
)
def test_foreign_text(text: str, phrase: str) -> None:
    found = phrases(text)
    assert any(phrase in item for item in found), found


@pytest.mark.parametrize(
    "text",
    [
        "依法打击网络赌博平台，查处博彩网站3个。",
        "开展整治网络赌博、电信诈骗专项行动。",
        "规范福利彩票、体育彩票销售管理。",
        "查处代开发票违法案件2起。",
        "集中整治色情网站，关停12家。",
        "金沙县人民政府支援交通建设。",
        "太阳城街道办事处加强娱乐场所监管。",
        "侦破开云体育App赌博案1起。",
        "取缔无证香烟批发点5个。",
        "对烟草专卖零售户开展检查。",
        "推进棋牌室专项治理。",
    ],
)
def test_writing_about_it_is_no_injection(text: str) -> None:
    assert phrases(text) == []


def test_a_name_slot_is_told() -> None:
    found = marks("中文博彩平台石桥镇人民政府")
    assert found[0].detail["instead_of"] == "地名"


def test_the_issuer_comes_out_clean() -> None:
    document = read_text(
        "现将法治政府建设情况报告如下。\n一、工作\n办案2件。\n在线博彩平台石桥镇人民政府\n2021年1月5日\n"
    )
    assert document.issuer == "石桥镇人民政府"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("由××局牵头", "××"),
        ("*区严格落实", "*"),
        ("开展检查*次", "*"),
        ("某某县局", "某某县"),
        ("办理（　）件", "（　）"),
        ("（略）", "（略）"),
        ("共____件", "____"),
    ],
)
def test_places_left_to_fill_in(text: str, phrase: str) -> None:
    assert phrases(text, "residue") == [phrase]


@pytest.mark.parametrize("text", ["面积3×5米", "评价为**优秀**的", "xx", "【概况】正文", "（一）工作"])
def test_what_is_no_placeholder(text: str) -> None:
    assert not phrases(text, "residue") or text.startswith("评价")


def test_broken_characters() -> None:
    assert phrases("行政\ufffd\ufffd执法锟斤拷", "damaged") == ["\ufffd\ufffd", "锟斤拷"]


def test_half_a_character_is_damage_and_hides_nothing() -> None:
    document = read_text("法治政府建设工作报告\n半个字\ud800在前，皇冠体育投注平台官网在后。")
    assert [mark.kind for mark in document.marks] == ["damaged", "injected"]
    assert [(item.kind, item.after) for item in document.repairs] == [("encoding", "\ufffd")]
    assert document.as_json()
