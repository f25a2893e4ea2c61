"""What a foreign phrase stands for, told from the rest of the text."""

from __future__ import annotations

import pytest

from yifa.reading import read_text

TAIL = "\n一、工作\n汀溪县人民政府办理复议2件。\n汀溪县人民政府\n2024年1月5日\n"


def told(text: str) -> list[tuple[str, str | None]]:
    marks = read_text(text).marks
    return [(mark.phrase, mark.detail.get("instead_of")) for mark in marks if mark.kind == "injected"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("皇冠体育投注平台2023年法治政府建设工作报告", ("皇冠体育投注平台", "汀溪县人民政府")),
        ("现将法治政府建设情况报告如下。亚博体育官网县人民政府高度重视。", ("亚博体育官网", "汀溪")),
        ("现将法治政府建设情况报告如下。bet365官网汀溪县人民政府高度重视。", ("bet365官网", None)),
        (
            "落实法治政府建设要求，规范行政执法。落实法治开云体育APP建设要求，规范行政执法。",
            ("开云体育APP", "政府"),
        ),
        ("现将法治政府建设情况报告如下。久久精品免费视频", ("久久精品免费视频", None)),
    ],
)
def test_the_whole_phrase_and_what_it_replaced(text: str, found: tuple[str, str | None]) -> None:
    assert told(text + TAIL) == [found]


def test_a_foreign_title_is_not_cited() -> None:
    document = read_text(f"实行行政机关《必威体育》负责人出庭应诉，落实《信访条例》。{TAIL}")
    assert [item.title for item in document.citations] == ["信访条例"]
