"""Wholes and parts: bound where the text says so, and nowhere else."""

from __future__ import annotations

import pytest

from yifa.reading.binding import bind
from yifa.reading.figures import figures
from yifa.reading.outline import Sections


def bound(text: str) -> list[tuple[str, str, str | None]]:
    """(part, whole, relation) by the figures' texts."""
    found = bind(text, figures(text, Sections(())))
    return [
        (item.text, found[item.part_of].text, item.relation) for item in found if item.part_of is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "取消108项职权，其中审批63项、处罚45项。",
            [("63项", "108项", "其中"), ("45项", "108项", "其中")],
        ),
        ("办结940件（网办406件），办结率100%。", [("406件", "940件", "括号")]),
        (
            "收到103宗，其中不予受理12宗（转送10宗、告知2宗），受理91宗。",
            [("12宗", "103宗", "其中"), ("10宗", "12宗", "括号"), ("2宗", "12宗", "括号"), ("91宗", "103宗", "其中")],
        ),
        ("办理802件、检查163件，合计965件。", [("802件", "965件", "合计"), ("163件", "965件", "合计")]),
        (
            "审结80宗：维持44宗、撤销20宗、终止16宗。",
            [("44宗", "80宗", "列举"), ("20宗", "80宗", "列举"), ("16宗", "80宗", "列举")],
        ),
        (
            "案卷655件，其中环保12件；安监31件；规划笔录127份；城管443件。",
            [("12件", "655件", "其中"), ("31件", "655件", "其中"), ("443件", "655件", "其中")],
        ),
        ("赤字13500亿元，比上年增加1500亿元，其中中央9500亿元、地方4000亿元。",
         [("9500亿元", "13500亿元", "其中"), ("4000亿元", "13500亿元", "其中")]),
        ("改造740万套，其中棚改580万套，增加110万套。", [("580万套", "740万套", "其中")]),
        ("学位5200个，其中普惠4160个，每千人托位4.5个。", [("4160个", "5200个", "其中")]),
    ],
)  # fmt: skip
def test_bound(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert bound(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "实现300项网上办、60项掌上办、292项自助办。",
        "受理122宗，成功调处110宗。",
        "办理12件。其中一名同志受表彰。",
        "满意率98%，其中知晓率90%。",
        "办案12件，其中涉及8人。",
        "由353项精简至249项，精简率29%。",
        "办理行政许可20件，行政处罚30件，共开展检查5次。",
        "上年办理12件。今年其中3件结案。",
    ],
)
def test_not_bound(text: str) -> None:
    assert bound(text) == []
