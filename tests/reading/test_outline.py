"""Outlines in the numbering styles of real documents."""

from __future__ import annotations

import pytest

from yifa.reading.numerals import chinese_number
from yifa.reading.outline import outline, section_label


def rows(text: str) -> list[tuple[int, str, str]]:
    return [(item.level, item.number, item.title) for top in outline(text) for item in top.walk()]


def test_three_levels_with_glued_paragraphs() -> None:
    text = "一、主要工作\n（一）组织领导。1.履行职责，听取汇报。2.严格考核。\n（二）宣传。\n二、问题\n"
    assert rows(text) == [
        (1, "一、", "主要工作"),
        (2, "（一）", "组织领导"),
        (3, "1.", "履行职责，听取汇报"),
        (3, "2.", "严格考核"),
        (2, "（二）", "宣传"),
        (1, "二、", "问题"),
    ]


def test_numbers_that_run_on_across_chapters() -> None:
    text = "一、甲\n(一)子。\n(二)丑。\n二、乙\n(三)寅。\n(四)卯。\n"
    assert [number for _, number, _ in rows(text)] == ["一、", "(一)", "(二)", "二、", "(三)", "(四)"]
    assert [len(chapter.children) for chapter in outline(text)] == [2, 2]


def test_arabic_numbers_that_run_on() -> None:
    text = "一、甲\n1.子\n2.丑\n二、乙\n3.寅\n"
    assert rows(text)[-1] == (2, "3.", "寅")


def test_repeated_and_missing_numbers_are_kept_as_written() -> None:
    assert [number for _, number, _ in rows("一、措施\n一、责任\n三、其他\n")] == ["一、", "一、", "三、"]


def test_a_document_that_starts_at_the_second_level() -> None:
    assert rows("（一）甲。\n（二）乙。\n") == [(1, "（一）", "甲"), (1, "（二）", "乙")]


def test_chapters_sections_and_rings() -> None:
    text = "第一章 总则\n第一节 目标\n一、任务\n（1）检查\n①日常检查\n②专项检查\n第二章 附则\n"
    assert [(level, number) for level, number, _ in rows(text)] == [
        (1, "第一章"), (2, "第一节"), (3, "一、"), (4, "（1）"), (5, "①"), (5, "②"), (1, "第二章"),
    ]  # fmt: skip


def test_no_line_breaks_at_all() -> None:
    text = "现将情况报告如下：一、主要工作（一）执法。办案12件。（二）普法。二、存在问题一是人少；二是钱少。"
    text += "三、打算（一）培训。（二）考核。"
    assert rows(text) == [
        (1, "一、", "主要工作"),
        (2, "（一）", "执法"),
        (2, "（二）", "普法"),
        (1, "二、", "存在问题"),
        (1, "三、", "打算"),
        (2, "（一）", "培训"),
        (2, "（二）", "考核"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "依照第（一）项和第（二）项处理，共1.5万件、3.2%。",
        "学习第一、二、三批文件。",
        "1.5万件案件已办结。\n2.3%的增长。\n",
        "2019年12月12日\n2020.1.1\n",
        "一是加强领导；二是强化监督；三是抓好落实。",
        "一、二级响应同时启动。",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert rows(text) == []


def test_a_list_of_attached_files_is_no_outline() -> None:
    assert rows("正文。\n附件：\n1．通报.doc\n2．名单.xlsx\n") == []


def test_a_title_printed_twice_is_one_title() -> None:
    assert rows("二、2022年工作安排2022年工作安排\n")[0][2] == "2022年工作安排"


def test_a_long_paragraph_behind_a_number_gets_a_bounded_title() -> None:
    title = rows("1.对照" + "上级要求逐项自查自纠" * 12 + "，做好整改。\n")[0][2]
    assert 0 < len(title) <= 60


def test_bodies_reach_to_the_next_heading_of_the_rank() -> None:
    text = "一、甲\n（一）子。内容。\n二、乙\n结尾。"
    first, second = outline(text)
    assert text[first.body[0] : first.body[1]] == "一、甲\n（一）子。内容。\n"
    assert text[second.body[0] : second.body[1]] == "二、乙\n结尾。"
    assert text[first.children[0].body[0] : first.children[0].body[1]] == "（一）子。内容。\n"


def test_section_labels() -> None:
    numbers = ("一、", "（三）", "(三)", "1.", "2．", "①")
    assert [section_label(number) for number in numbers] == ["一", "(三)", "(三)", "1", "2", "①"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("三十六", 36), ("十", 10), ("十二", 12), ("二〇一九", 2019), ("一百零五", 105), ("六千", 6000), ("三万五千", 35000),
     ("百", 100), ("两", 2), ("一亿", 10**8), ("五百亿", 5 * 10**10), ("", None),
     ("十百", None), ("一二三十", None), ("法", None)],
)  # fmt: skip
def test_chinese_numbers(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


def test_numbers_that_slip_in_a_text_without_line_breaks() -> None:
    text = "现将情况报告如下：一、工作（一）执法。办案12件。（三）普法。宣传3次。"
    text += "（三）应诉。出庭2次。三、问题人少。四、打算加强。"
    assert [number for _, number, _ in rows(text)] == ["一、", "（一）", "（三）", "（三）", "三、", "四、"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "第一部分 总结\n一、工作\n第二部分 计划\n",
            [(1, "第一部分", "总结"), (2, "一、", "工作"), (1, "第二部分", "计划")],
        ),
        ("1.2024年春季开学\n2.办结\n", [(1, "1.", "2024年春季开学"), (1, "2.", "办结")]),
        ("（一）培训（责任单位：甲局；完成时限：6月底前）\n内容。\n", [(1, "（一）", "培训")]),
        ("第二部分资金已经到位。\n1.5万件\n", []),
    ],
)
def test_parts_years_and_owners(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert rows(text) == expected


def test_a_usual_title_glued_to_its_text() -> None:
    text = "现将情况报告如下：一、主要工作（一）执法。办案12件。"
    text += "二、存在的主要问题执法力量不足，培训不够。三、下一步工作打算继续努力，抓好落实。"
    assert [title for level, _, title in rows(text) if level == 1] == [
        "主要工作",
        "存在的主要问题",
        "下一步工作打算",
    ]
