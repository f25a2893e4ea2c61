from __future__ import annotations

from datetime import date

import pytest

from yifa.law.articles import article_numbers, chinese_number
from yifa.law.laws import LawList
from yifa.law.loader import catalogue
from yifa.law.schema import Law, LawVersion

LAWS = catalogue().laws


def found(title: str, number: str | None = None, on: date | None = None) -> str | None:
    law = LAWS.find(title, number, on)
    return law.title if law else None


@pytest.mark.parametrize(
    "title",
    [
        "中华人民共和国行政处罚法",
        "行政处罚法",
        "《行政处罚法》",
        "《中华人民共和国行政处罚法》",
        "行政处罚法(2021修订)",
        "《中华人民共和国行政处罚法》（2021年修订）",
        "行政处罚法（2017修正）",
        " 行政 处罚法 ",
    ],
)
def test_the_ways_a_law_is_cited(title: str) -> None:
    assert found(title) == "中华人民共和国行政处罚法"


@pytest.mark.parametrize(
    ("title", "law"),
    [
        ("地方组织法", "中华人民共和国地方各级人民代表大会和地方各级人民政府组织法"),
        ("最高人民法院关于适用行政诉讼法的解释", None),  # not its title
        (
            "最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释",
            "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释",
        ),
        ("法治政府建设实施纲要（2015—2020年）", "法治政府建设实施纲要(2015-2020年)"),
        ("法治政府建设实施纲要（2021－2025年）", "法治政府建设实施纲要(2021-2025年)"),
        ("法治政府建设实施纲要", None),  # two plans: neither is guessed
        ("重大行政决策程序条例", None),  # 暂行 belongs to the title
        ("重大行政决策程序暂行条例", "重大行政决策程序暂行条例"),
        ("信访条例", "信访条例"),
        ("信访工作条例", "信访工作条例"),
        ("条例", None),
        ("", None),
        (
            "关于推行法律顾问制度和公职律师公司律师制度的意见",
            "关于推行法律顾问制度和公职律师公司律师制度的意见",
        ),
        (
            "国务院办公厅关于加强和改进行政应诉工作的意见",
            "关于加强和改进行政应诉工作的意见",
        ),
    ],
)
def test_titles(title: str, law: str | None) -> None:
    assert found(title) == law


@pytest.mark.parametrize(
    ("number", "id_"),
    [
        ("国办发〔2018〕118号", "P07"),
        ("国办发[2018]118号", "P07"),
        ("国办发(2018)118号", "P07"),
        ("国办发（2018）118 号", "P07"),
        ("国办发【2018】第118号", "P07"),
        ("国务院令第713号", "R03"),
        ("中华人民共和国国务院令第713号", "R03"),
        ("国务院令713", "R03"),
        ("国办发〔2018〕999号", None),
    ],
)
def test_document_numbers(number: str, id_: str | None) -> None:
    law = LAWS.find("", number)
    assert (law.id if law else None) == id_


def test_a_title_with_its_number_in_brackets() -> None:
    cited = "关于进一步优化地方政务服务便民热线的指导意见（国办发〔2020〕53号）"
    for title in (cited, cited.replace("〔2020〕", "（2020）"), f"《{cited}》"):
        law = LAWS.find(title)
        assert law is not None
        assert law.id == "P12"


def test_title_and_number_of_different_laws_name_none() -> None:
    assert LAWS.find("优化营商环境条例", "国务院令第713号") is None
    assert LAWS.find("优化营商环境条例", "国务院令第722号") is not None


def test_one_title_two_laws_is_decided_by_number_or_day_only() -> None:
    title = "突发事件应急预案管理办法"
    assert LAWS.find(title) is None
    assert LAWS.find(title, "国办发〔2013〕101号") is LAWS.by_id["P14"]
    assert LAWS.find(title, on=date(2020, 5, 1)) is LAWS.by_id["P14"]
    assert LAWS.find(title, on=date(2024, 5, 1)) is LAWS.by_id["P15"]
    assert LAWS.find(title, on=date(2000, 5, 1)) is None


@pytest.mark.parametrize(
    ("cited", "on", "status"),
    [
        ("优化营商环境条例", date(2019, 11, 14), "not_yet"),  # promulgated, in force only from the next year
        ("优化营商环境条例", date(2019, 12, 31), "not_yet"),
        ("优化营商环境条例", date(2020, 1, 1), "in_force"),
        ("行政处罚法", date(2019, 12, 1), "in_force"),
        ("行政处罚法(2021修订)", date(2021, 2, 1), "not_yet"),
        ("行政处罚法(2017修正)", date(2021, 7, 14), "in_force"),
        ("行政处罚法(2017修正)", date(2021, 7, 15), "revised_since"),
        ("信访条例", date(2022, 4, 30), "in_force"),
        ("信访条例", date(2022, 5, 1), "repealed"),
        ("法规规章备案条例", date(2024, 10, 31), "in_force"),
        ("法规规章备案条例", date(2024, 11, 1), "repealed"),
        ("行政执法监督条例", date(2025, 12, 31), "not_yet"),
        ("惠州市行政机关规范性文件制定程序规定", date(2024, 1, 1), "unknown"),
        ("云南省行政规范性文件制定和备案办法", date(2024, 1, 1), "unknown"),
        ("四川省行政规范性文件管理办法", date(2020, 1, 1), "unknown"),  # the earlier text is not known
        ("四川省行政规范性文件管理办法", date(2022, 3, 1), "in_force"),
        ("河南省行政规范性文件管理办法", date(2015, 1, 1), "not_yet"),
        (
            "河南省行政规范性文件管理办法",
            date(2015, 6, 1),
            "unknown",
        ),  # promulgated; its first day is not known
        ("河南省行政规范性文件管理办法", date(2020, 6, 1), "in_force"),
    ],
)
def test_status_on_the_day_of_the_document(cited: str, on: date, status: str) -> None:
    citation = LAWS.cite(cited, on=on)
    assert citation is not None
    assert LAWS.status(citation, on) == status


def test_an_old_number_cited_after_the_revision() -> None:
    citation = LAWS.cite("政府信息公开条例", "国务院令第492号")
    assert citation is not None
    assert LAWS.status(citation, date(2019, 5, 14)) == "in_force"
    assert LAWS.status(citation, date(2019, 5, 15)) == "revised_since"
    assert LAWS.status(citation.law, date(2019, 5, 15)) == "in_force"  # cited by title alone
    newer = LAWS.cite("政府信息公开条例", "国务院令第711号")
    assert newer is not None
    assert LAWS.status(newer, date(2023, 1, 1)) == "in_force"


def test_a_law_without_verified_facts_is_never_judged() -> None:
    law = Law(id="X", title="某办法", level="地方文件", effective=date(2030, 1, 1))
    assert LawList([law]).status(law, date(2020, 1, 1)) == "unknown"


def test_articles_are_those_of_the_text_in_force() -> None:
    law = LAWS.by_id["L05"]
    assert LAWS.articles(law) == 90
    assert LAWS.articles(law, date(2023, 12, 31)) == 43
    assert LAWS.articles(law, date(2015, 1, 1)) is None  # not counted
    unknown = Law(id="X", title="某法", level="法律", versions=[LawVersion(articles=9)])
    assert LAWS.articles(unknown, date(2020, 1, 1)) is None


def test_the_list_is_ordered_and_its_dates_are_in_order() -> None:
    assert len(LAWS) > 100
    for law in LAWS:
        texts = [d for d in (law.effective, *(v.effective for v in law.versions)) if d]
        assert texts == sorted(texts), law.title
        if law.promulgated and law.effective:
            assert law.promulgated <= law.effective, law.title
        for version in law.versions:
            if version.promulgated and version.effective:
                assert version.promulgated <= version.effective, law.title
        if law.repealed and law.effective:
            assert law.effective < law.repealed, law.title


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零五", 105),
        ("二百一十", 210),
    ],
)
def test_chinese_numbers(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("article", "numbers"),
    [
        ("第三十三条", [33]),
        ("第三十三条之一", [33]),
        ("第十二条第二款", [12]),
        ("第十二条第二款第（三）项", [12]),
        ("第十二条第（一）项、第（三）项", [12]),
        ("第五条、第七条", [5, 7]),
        ("第五条至第七条", [5, 7]),
        ("第五条和第一百零二条第一款", [5, 102]),
        ("33条", None),
        ("第三十三", None),
        ("第三十三条规定", None),
        ("", None),
    ],
)
def test_articles_as_they_are_written(article: str, numbers: list[int] | None) -> None:
    assert article_numbers(article) == numbers
