"""Citations: title, number, law and its state on the day of the text."""

from __future__ import annotations

from datetime import date

import pytest

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
