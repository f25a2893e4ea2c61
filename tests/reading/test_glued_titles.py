"""Headings whose line break was lost: the lower one stands directly behind the title of the higher."""

from __future__ import annotations

import pytest

from yifa.reading import read_text

GLUED = {
    "一、主要工作（一）加强领导。开会4次。\n（二）规范执法。办案9件。\n二、打算\n继续努力。": [
        (1, "一、", "主要工作"),
        (2, "（一）", "加强领导"),
        (2, "（二）", "规范执法"),
        (1, "二、", "打算"),
    ],
    "一、学习\n1.学宪法。\n2.学民法典。\n二、履职3.办好许可。上半年完成。4.办好处罚。\n5.办好复议。": [
        (1, "一、", "学习"),
        (2, "1.", "学宪法"),
        (2, "2.", "学民法典"),
        (1, "二、", "履职"),
        (2, "3.", "办好许可"),
        (2, "4.", "办好处罚"),
        (2, "5.", "办好复议"),
    ],
    "一、落实第（三）项要求\n照办。\n二、推进5.4亿元项目\n照办。": [
        (1, "一、", "落实第（三）项要求"),
        (1, "二、", "推进5.4亿元项目"),
    ],
}


@pytest.mark.parametrize("text", GLUED)
def test_glued(text: str) -> None:
    found = [(heading.level, heading.number, heading.title) for heading in read_text(text).headings()]
    assert found == GLUED[text]
