"""Texts as they come from the sites of offices: bars for tables, lines set to a width, chrome in brackets, no title."""

from __future__ import annotations

import io

import docx
import pytest

from yifa.checking import check
from yifa.reading import read_bytes, read_text
from yifa.reading.document import Kind

ENFORCED = (
    "柳坝县2024年度行政处罚实施情况统计表\n行政处罚实施数量(宗) | |||||\n"
    "警告 | 罚款 | 拘留 | 其他处罚 | 合计(宗) | 罚没金额(万元) |\n"
    "120 | 310 | 15 | 5 | {total} | 88.4 |\n说明:\n1.按处罚决定的日期统计。\n"
)


@pytest.mark.parametrize(("total", "rules"), [(450, []), (455, ["sum"])])
def test_a_table_parted_by_bars_is_a_table(total: int, rules: list[str]) -> None:
    document = read_text(ENFORCED.format(total=total))
    assert [(f.subject, f.value, f.unit) for f in document.figures][:5] == [
        ("警告", 120, "宗"), ("罚款", 310, "宗"), ("拘留", 15, "宗"), ("其他处罚", 5, "宗"), ("合计", total, "宗"),
    ]  # fmt: skip
    assert [finding.rule for finding in check(document) if finding.rule == "sum"] == rules


def test_bars_in_markdown_and_in_prose() -> None:
    text = read_text(
        "年度数据\n| 类别 | 件数 |\n| --- | --- |\n| 行政许可 | 1208 |\n甲局|乙局联合检查3次。\n"
    ).text
    assert text == "年度数据\n类别\t件数\n行政许可\t1208\n甲局|乙局联合检查3次。\n"


def test_lines_of_bars_alone_go_without_a_word() -> None:
    found = check(read_text("现将2022年法治政府建设情况报告如下。\n全年立案42件。\n|\n|||\n|\n"))
    assert [finding for finding in found if finding.rule == "integrity.residue"] == []


def test_lines_set_to_a_width_with_narrow_signs_are_joined() -> None:
    paragraph = (
        "柳坝县司法局2021年至2025年共受理复议申请318件,审结305件,直接纠错41件,"
        "调解结案96件,纠错率13.4%,经复议后未再起诉的占91%。"
    )
    lines, line = [], ""
    for char in paragraph * 9:
        line += char
        if sum(0.5 if one.isascii() else 1 for one in line) >= 30:
            lines.append(line)
            line = ""
    document = read_text("柳坝县司法局关于2021-2025年行\n政复议工作的总结报告\n" + "\n".join([*lines, line]))
    assert document.text.count("\n") == 2
    assert document.title == "柳坝县司法局关于2021-2025年行政复议工作的总结报告"


CHROME = (
    "[ 索引号 ] 11500/2021-0040 [ 发文字号 ] 柳卫文〔2021〕8号\n[ 主题分类 ] 卫生 [ 体裁分类 ] 工作报告\n"
    "柳坝县卫生健康委员会\n关于2021年法治政府建设工作总结的报告\n县政府：\n2021年我委共作出处罚决定37件。"
)


def test_brackets_of_a_site_are_no_title() -> None:
    document = read_text(CHROME)
    assert document.title == "柳坝县卫生健康委员会关于2021年法治政府建设工作总结的报告"
    assert document.issuer == "柳坝县卫生健康委员会"


@pytest.mark.parametrize(
    ("opening", "issuer"),
    [
        ("2024年，柳坝-青河经济技术开发区（以下简称“柳青经开区”）加强法治建设。", "柳坝-青河经济技术开发区"),
        ("全市普法工作的思路是：紧紧围绕市委市政府工作大局，推进普法。", None),
    ],
)
def test_names_with_a_stroke_and_words_that_end_like_names(opening: str, issuer: str | None) -> None:
    assert read_text(f"{opening}现将2024年依法行政情况报告如下。\n一、做法\n办案3件。\n").issuer == issuer


def test_kinds_without_a_title() -> None:
    report = (
        "2019年，柳坝县推进依法行政。\n一、2019年推进法治政府建设情况\n"
        "（一）建设法治政府，评查案卷62宗，依法行政水平提高。\n"
    )
    plan = "2024年全县普法工作思路如下。\n1.宣传宪法。〔责任单位：县司法局〕\n2.评查案卷。〔责任单位：县司法局〕\n"
    notice = (
        "各县人民政府，各部门：\n行政执法是重点，行政执法有不足。现就规范行政执法有关事项通知如下：\n"
        "一、清理行政执法事项。\n下一步要落实。\n"
    )
    assert [read_text(text).kind for text in (report, plan, notice)] == [
        Kind.ANNUAL_REPORT,
        Kind.WORK_PLAN,
        Kind.OTHER,
    ]


def test_a_table_that_lays_out_a_page_of_word_keeps_its_paragraphs() -> None:
    title = "柳坝县卫生健康局2022年法治政府建设工作报告"
    paragraphs = [title, "现将2022年法治政府建设情况报告如下。", "一、工作情况"]
    more = "规范执法程序，公开执法结果。" * 4
    paragraphs += [f"（{sign}）检查医疗机构{len(sign) * 12}户次。{more}" for sign in "一二三四五六"]
    made = docx.Document()
    cells = made.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text = "柳坝"
    for paragraph in paragraphs:
        cells[1].add_paragraph(paragraph)
    file = io.BytesIO()
    made.save(file)
    document = read_bytes(file.getvalue(), "报告.docx")
    assert document.title == title
    assert [heading.number for heading in document.headings()][:3] == ["一、", "（一）", "（二）"]


def test_a_list_of_a_page_does_not_hide_what_stands_above_it() -> None:
    page = (
        "<html><body><p>柳坝县2025年法治政府建设工作要点</p>"
        "<ol><li>评查案卷，全年不少于两次。</li><li>培训执法人员，全年不少于一次。</li></ol></body></html>"
    )
    assert read_bytes(page.encode(), "要点.html").title == "柳坝县2025年法治政府建设工作要点"
