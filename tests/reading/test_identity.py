"""Title, issuer, year, period, date and kind."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.reading import read_text
from yifa.reading.document import Kind

BODY = "\n一、主要工作\n办理案件12件。\n二、存在问题\n力量不足。\n三、下一步工作\n加强培训。\n"


@pytest.mark.parametrize(
    ("head", "tail", "title", "issuer"),
    [
        (
            "青石县2022年法治政府建设情况报告\n2022年，青石县认真落实部署。",
            "",
            "青石县2022年法治政府建设情况报告",
            "青石县",
        ),
        (
            "青石县人民政府\n关于2022年法治政府建设情况的报告\n正文。",
            "",
            "青石县人民政府关于2022年法治政府建设情况的报告",
            "青石县人民政府",
        ),
        ("2022年，青石县坚持依法行政。现将法治政府建设情况报告如下。", "", None, "青石县"),
        (
            "现将2022年法治政府建设情况报告如下。",
            "青石县住房和城乡建设局\n2023年1月3日",
            None,
            "青石县住房和城乡建设局",
        ),
        ("现将2022年法治政府建设情况报告如下。", "青石县交通运输局 2023.1.3", None, "青石县交通运输局"),
        ("推进临港新区（以下简称新区）法治建设。现将2022年依法行政情况报告如下。", "", None, "临港新区"),
        (
            "依据《东湖街道考核办法》《东湖街道公开规定》。现将2022年依法行政情况报告如下。",
            "",
            None,
            "东湖街道",
        ),
        (
            "青石县2022年法治政府建设报告\n来源：青石县人民政府 发布时间：2023-01-05 09:18\n正文。",
            "",
            "青石县2022年法治政府建设报告",
            "青石县人民政府",
        ),
        ("结合东湖街道实际，现就2022年法治政府建设情况报告如下。", "", None, "东湖街道"),
        ("2022年，县市场监督管理局认真落实部署。现将依法行政情况报告如下。", "", None, "县市场监督管理局"),
        ("全区各单位坚持依法行政。现将2022年依法行政情况报告如下。", "", None, None),
    ],
)
def test_title_and_issuer(head: str, tail: str, title: str | None, issuer: str | None) -> None:
    document = read_text(head + BODY + tail)
    assert (document.title, document.issuer) == (title, issuer)
    assert document.kind is Kind.ANNUAL_REPORT


def test_a_page_with_its_metadata_and_a_covering_notice() -> None:
    document = read_text(
        "今天是:2024年10月31日 星期四\n您所在的位置:政务公开 > 工作安排\n索 引 号 | 113/2020-1 | 主题分类 | 司法 |\n"
        "名称: 青石县工作安排 文号: 青政办〔2020〕20号\n青政办〔2020〕20号\n"
        "青石县人民政府办公室\n关于印发青石县2020年度法治政府建设\n工作安排的通知\n各乡镇人民政府：\n现印发给你们，请贯彻执行。\n2020年7月8日\n青石县2020年度法治政府建设工作安排\n"
        "一、任务\n（一）培训。\n责任单位：县司法局，乡镇人民政府按职责分工分别负责。\n"
    )
    assert document.title == "青石县2020年度法治政府建设工作安排"
    assert (document.kind, document.year, document.issuer) == (Kind.WORK_PLAN, 2020, "青石县")
    assert document.dated == date(2020, 7, 8)
    assert document.tasks[0].lead == ("县司法局", "乡镇人民政府")
    assert "索引号" not in document.text.replace(" ", "")


def test_blank_first_lines_and_no_title() -> None:
    assert read_text("\u3000\n\n一、案件办理\n2024年受理案件151件。\n").title is None


@pytest.mark.parametrize(
    ("opening", "year", "period"),
    [
        ("现将2022年度法治政府建设情况报告如下。", 2022, ("2022-01-01", "2022-12-31")),
        ("现将2017-2019年法治政府建设情况报告如下。", 2019, ("2017-01-01", "2019-12-31")),
        ("现将2022年上半年法治政府建设情况报告如下。", 2022, ("2022-01-01", "2022-06-30")),
        ("现将二〇二一年法治政府建设情况报告如下。", 2021, ("2021-01-01", "2021-12-31")),
        (
            "根据《实施纲要（2021-2025年）》，现将2023年法治政府建设情况报告如下。",
            2023,
            ("2023-01-01", "2023-12-31"),
        ),
    ],
)
def test_year_and_period(opening: str, year: int, period: tuple[str, str]) -> None:
    document = read_text(opening + BODY)
    assert document.year == year
    assert document.period == tuple(map(date.fromisoformat, period))


@pytest.mark.parametrize(
    ("tail", "dated"),
    [
        ("某局\n2019年12月12日", date(2019, 12, 12)),
        ("某局\n二〇一九年十二月十二日", date(2019, 12, 12)),
        ("某局\n2019年 12月 12 日", date(2019, 12, 12)),
        ("截至2019年12月12日办结。", None),
        ("某局\n2019年13月12日", None),
    ],
)
def test_date_of_signature(tail: str, dated: date | None) -> None:
    assert read_text("现将2019年法治政府建设情况报告如下。" + BODY + tail).dated == dated


def test_cutoffs() -> None:
    document = read_text(
        "现将2019年依法行政情况报告如下。截止11月底，办案12件。截至2019年7月，建成3个。截至目前共5家。" + BODY
    )
    assert [item.on for item in document.cutoffs] == [date(2019, 11, 30), date(2019, 7, 31)]
    for item in document.cutoffs:
        assert document.text[item.span[0] : item.span[1]] == item.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("青石县2024年法治政府建设工作要点\n一、任务\n（一）培训。\n", Kind.WORK_PLAN),
        ("围绕中心工作，制定本工作要点。\n一、任务\n（一）培训。\n", Kind.WORK_PLAN),
        ("青石县2024年依法行政工作总结\n一、工作\n（一）培训。\n", Kind.ANNUAL_REPORT),
        ("各位代表：\n现在，我代表县人民政府向大会报告工作，请予审议。\n一、回顾\n依法行政。\n", Kind.OTHER),
        ("本报讯 近日，青石县发布2023年法治政府建设年度报告。办理案件12件。", Kind.OTHER),
        ("《法治政府建设实施纲要》解读\n法治政府建设、依法行政、法治建设。", Kind.OTHER),
        ("一、单选题\n1.法治政府建设依法行政法治建设的要求是（ ）\n答案解析：略。", Kind.OTHER),
        ("今日天气晴，最高气温20度。", Kind.OTHER),
    ],
)
def test_kinds(text: str, kind: Kind) -> None:
    document = read_text(text)
    assert document.kind is kind
    assert document.kind_reason


@pytest.mark.parametrize(
    ("tail", "dated", "issuer"),
    [
        (
            "青石县城管局\n2021年1月18日\n抄送：县司法局。\n青石县城管局办公室　2021年1月19日印发\n",
            date(2021, 1, 18),
            "青石县城管局",
        ),
        ("青石县城管局（盖章）\n2021- 01- 13 16 : 26\n", date(2021, 1, 13), "青石县城管局"),
        ("青石县城管局\n二〇二一年一月\n", None, "青石县城管局"),
        ("报告单位：青石县城管局\n日期：2021/1/18\n（联系人：李某）\n", date(2021, 1, 18), "青石县城管局"),
    ],
)
def test_who_signed_and_when(tail: str, dated: date | None, issuer: str) -> None:
    document = read_text(f"现将2020年法治政府建设情况报告如下。{BODY}{tail}")
    assert (document.dated, document.issuer) == (dated, issuer)


def test_only_the_month_is_known() -> None:
    """The laws are judged on its last day."""
    tail = "青石县城管局\n2019年11月\n"
    cited = read_text(f"现将2019年法治政府建设情况报告如下。落实《优化营商环境条例》。{BODY}{tail}").citations
    assert (cited[0].as_of, cited[0].status) == (date(2019, 11, 30), "not_yet")


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("现在，我代表青石县人民政府向大会报告工作。依法行政。", "青石县人民政府"),
        (
            "政府工作报告\n——2024年1月10日在柳浦区第九届人民代表大会第四次会议上\n区长 某人\n"
            "现在，我代表区人民政府向大会报告工作。",
            "柳浦区人民政府",
        ),
        ("枫林府〔2022〕18号\n现将我镇2021年法治政府建设情况报告如下：", "枫林镇"),
        ("现将2021年全县法治政府建设情况报告如下。落实《青石县法治政府建设方案》。", "青石县"),
        ("制发机关：青石县司法局\n现将2021年法治政府建设情况报告如下：", "青石县司法局"),
        ("发布机构：云岭市司法局\n桃源区2021年法治政府建设报告\n", "桃源区"),
    ],
)
def test_where_the_issuer_may_stand(head: str, issuer: str) -> None:
    assert read_text(head + BODY).issuer == issuer


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1—10月，办案12件。", [date(2021, 10, 31)]),
        ("今年前三季度，办案12件。", [date(2021, 9, 30)]),
        ("截至三季度末，办案12件。", [date(2021, 9, 30)]),
        ("去年1—10月，办案12件。", []),
        ("1—10月同比下降3%。", []),
        ("上半年办案12件。截至目前办案3件。", []),
    ],
)
def test_days_up_to_which_was_counted(text: str, days: list[date]) -> None:
    document = read_text(f"现将2021年法治政府建设情况报告如下。\n{text}{BODY}")
    assert [item.on for item in document.cutoffs] == days


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("县2023年法治政府建设年度报告（范文）\n依法行政。", "范文"),
        ("市县法治政府建设示范指标体系说明\n一级指标\t分值\n依法行政\t5\n", "指标"),
        ("法治政府建设知识试题\n1.依法行政 A.3 B.4 C.5\n", "试题"),
        ("在全县法治政府建设推进会上的讲话\n同志们，依法行政。", "讲话"),
        ("青石县政府信息公开工作年度报告\n依法行政，法治政府建设，法治建设。", "信息公开"),
    ],
)
def test_what_is_no_report(text: str, reason: str) -> None:
    document = read_text(text)
    assert document.kind is Kind.OTHER
    assert reason in document.kind_reason
