"""Citations: title, number, law and its state on the day of the text."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.law.loader import catalogue
from yifa.reading import read_text
from yifa.reading.citations import citations


def test_titles_numbers_and_nesting() -> None:
    text = "落实《通知》（国办发〔2018〕37号）、《关于贯彻《决定》的意见》和《条例》，以及《目录(第二批)》(西政发〔2017〕 10号)。"
    assert [(item.title, item.number) for item in citations(text, None, None)] == [
        ("通知", "国办发〔2018〕37号"),
        ("关于贯彻《决定》的意见", None),
        ("条例", None),
        ("目录(第二批)", "西政发〔2017〕10号"),
    ]
    for item in citations(text, None, None):
        assert text[item.span[0]] == "《"
        assert text[item.span[1] - 1] == "》"


@pytest.mark.parametrize(
    ("signed", "status"),
    [("2019年11月14日", "not_yet"), ("2020年3月1日", "in_force")],
)
def test_a_regulation_before_and_after_it_takes_effect(signed: str, status: str) -> None:
    text = f"现将2019年依法行政情况报告如下。\n学习《优化营商环境条例》。\n某县司法局\n{signed}\n"
    cited = read_text(text).citations[0]
    assert cited.law is not None
    assert cited.status == status


def test_without_a_signature_the_end_of_the_year_counts() -> None:
    cited = read_text("现将2022年依法行政情况报告如下。学习《中华人民共和国行政处罚法》。").citations[0]
    assert cited.as_of == date(2022, 12, 31)


def test_an_unknown_title_stays_unknown() -> None:
    cited = read_text("现将2022年依法行政情况报告如下。执行《石门区议事规则》和《条例》。").citations
    assert [(item.law, item.status) for item in cited] == [(None, "unknown"), (None, "unknown")]


def cite(text: str, on: date = date(2022, 3, 1)) -> list[tuple[str, str | None, str | None, str]]:
    found = citations(text, on, catalogue().laws)
    return [(item.title, item.number, item.law, item.status) for item in found]


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("《法治政府建设实施纲要（2021—2025年）》发布。落实《纲要》和《实施方案》。", ["P02", "P02", None]),
        (
            "《重大行政决策程序暂行条例》（国务院令第713号，以下简称《条例》）。根据《条例》",
            ["R03", "R03", "R03"],
        ),
        ("《优化营商环境条例》和《信访条例》都是条例。根据《条例》", ["R04", "R06", None]),
        ("我市《优化营商环境条例》、省政府《优化营商环境条例》", [None, None]),
        ("陕西省《优化营商环境条例》、全省《信访条例》知识竞赛", ["D07", "R06"]),
        ("市司法局宣传《中华人民共和国行政处罚法》", ["L02"]),
        ("《法治政府建设实施纲要》《法治政府建设实施纲要2015－2020年》", ["P02", "P01"]),
        ("《关于印发〈提升行政执法质量三年行动计划（2023—2025年）〉的通知》", ["P10"]),
    ],
)
def test_short_titles_and_places(text: str, laws: list[str | None]) -> None:
    assert [law for _, _, law, _ in cite(text)] == laws


@pytest.mark.parametrize(
    ("text", "on", "status"),
    [
        ("学习新修订的《行政处罚法》", date(2021, 3, 1), "not_yet"),
        ("学习新修订的《行政处罚法》", date(2021, 8, 1), "in_force"),
        ("学习《行政处罚法》", date(2021, 3, 1), "in_force"),
        ("学习《行政处罚法》（2021年修订）", date(2021, 3, 1), "not_yet"),
        ("学习《行政复议法》（2017年修正）", date(2024, 3, 1), "revised_since"),
        ("落实《信访条例》", date(2022, 5, 1), "repealed"),
    ],
)
def test_the_text_of_a_law_that_is_meant(text: str, on: date, status: str) -> None:
    assert [state for _, _, _, state in cite(text, on)] == [status]


def test_laws_cited_by_article_without_a_title_sign() -> None:
    text = (
        "依照中华人民共和国行政处罚法第三十三条和行政强制法第18条，《行政许可法》第十二条、会议第一条意见。"
    )
    assert [(title, law) for title, _, law, _ in cite(text)] == [
        ("中华人民共和国行政处罚法", "L02"),
        ("行政强制法", "L04"),
        ("行政许可法", "L03"),
    ]


def test_one_bracket_with_the_numbers_of_several_titles() -> None:
    text = "《甲意见》《乙意见》（国办发〔2018〕37号、115号）和《丙条例》(国务院令第713号)，《丁》另议。"
    assert [(title, number) for title, number, _, _ in cite(text)] == [
        ("甲意见", "国办发〔2018〕37号"),
        ("乙意见", "国办发〔2018〕115号"),
        ("丙条例", "国务院令第713号"),
        ("丁", None),
    ]
