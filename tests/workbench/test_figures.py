"""A figure opens to its records, and the records to their cases."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World, request_for
from yifa.law.loader import catalogue
from yifa.ledger.actions import DeclareNotCollected, OpenCase, RecordAct
from yifa.ledger.models import Case
from yifa.workbench.figures.keyfigures import year_before

RULE = "information_requests_received"


def page(world: World, who: str, query: str = "", rule: str = RULE) -> LexborHTMLParser:
    response = world.client(who).get(f"{reverse('figure', args=[rule])}?{query}")
    return LexborHTMLParser(response.content.decode())


def value(tree: LexborHTMLParser) -> str:
    node = tree.css_first("#value")
    return node.text() if node else ""


def test_figure_counts_what_the_user_sees_and_links_each_record(world: World) -> None:
    tree = page(world, "coordinator")
    assert value(tree) == "2件"
    links = {link.attributes["href"] for link in tree.css("table a")}
    assert f"{reverse('case', args=[world.case.pk])}#act-1" in links
    assert value(page(world, "officer")) == "1件"


def test_period_and_unit(world: World) -> None:
    assert value(page(world, "coordinator", "from=2026-11-01&to=2026-11-30")) == "1件"
    assert value(page(world, "coordinator", "unit=scjg")) == "1件"
    assert value(page(world, "coordinator", "from=2025-01-01")) == "0件"


def test_unit_out_of_reach_is_not_there(world: World) -> None:
    assert world.client("officer").get(f"{reverse('figure', args=[RULE])}?unit=scjg").status_code == 404


def test_period_the_wrong_way_round_is_said(world: World) -> None:
    response = world.client("officer").get(f"{reverse('figure', args=[RULE])}?from=2026-12-01&to=2026-01-01")
    assert response.status_code == 422
    assert "起始日期晚于截止日期" in response.content.decode()


def test_new_record_is_counted_at_once(world: World) -> None:
    assert value(page(world, "coordinator")) == "2件"
    request_for(world.office, date(2026, 11, 19), "第三件")
    assert value(page(world, "coordinator")) == "3件"


def test_rate_opens_to_numerator_and_denominator(world: World) -> None:
    tree = page(world, "coordinator", rule="information_requests_on_time_rate")
    assert value(tree) == "100%"
    shares = [link.attributes["href"] or "" for link in tree.css("table a")]
    assert [url.split("?")[0].rstrip("/").rsplit("/", 1)[-1] for url in shares] == [
        "information_requests_answered_on_time",
        "information_requests_answered",
    ]


def test_records_as_spreadsheet(world: World) -> None:
    response = world.client("coordinator").get(f"{reverse('figure', args=[RULE])}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[union-attr,attr-defined]
    assert {row[0] for row in rows[1:]} == {world.case.title, world.foreign.title}


def test_unknown_rule_is_not_there(world: World) -> None:
    assert world.client("officer").get(reverse("figure", args=["nonsense"])).status_code == 404


def test_leap_day_has_a_year_before() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_home_shows_what_is_due_first(world: World) -> None:
    tree = LexborHTMLParser(world.client("officer").get("/").content.decode())
    assert [node.text() for node in tree.css("section[aria-label=时限] h2")] == [
        "今天到期",
        "已逾期",
        "七日内到期",
    ]
    cards = {node.css_first(".name").text(): node.css_first(".value").text() for node in tree.css("a.card")}  # type: ignore[union-attr]
    assert cards["收到政府信息公开申请"] == "1件"


def test_figure_is_declared_not_collected(world: World) -> None:
    client = world.client("coordinator")
    address = f"{reverse('decline_figure', args=['information_requests_received'])}?unit=sfj"
    assert client.post(address, {"valid_from": "2026-01-01", "reason": ""}).status_code == 422
    assert client.post(address, {"valid_from": "2026-01-01", "reason": "尚未建账"}).status_code == 302
    page = client.get(reverse("figure", args=["information_requests_received"]), {"unit": "sfj"})
    assert "没有采集这项数据" in page.content.decode()


def tree_of(
    world: World, who: str, name: str, *args: str, query: str = "", **headers: str
) -> LexborHTMLParser:
    response = world.client(who).get(f"{reverse(name, args=args)}?{query}", headers=headers)
    assert response.status_code == 200
    return LexborHTMLParser(response.content.decode())


def texts(tree: LexborHTMLParser, css: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(css)]


def test_records_are_searched_and_paged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tree_of(world, "coordinator", "figure", RULE, query="q=市场 检查")
    assert texts(found, "#records tbody td:first-child") == [world.foreign.title]
    assert value(found) == "2件"  # looking for records does not change the figure
    nothing = tree_of(world, "coordinator", "figure", RULE, query="q=绝无此事")
    assert "计入的记录里没有“绝无此事”" in nothing.css_first("#records").text()  # type: ignore[union-attr]
    monkeypatch.setattr("yifa.workbench.views.figures.showing.PAGE", 1)
    first, second = (tree_of(world, "coordinator", "figure", RULE, query=f"page={n}") for n in (1, 2))
    titles = [texts(page, "#records tbody td:first-child") for page in (first, second)]
    assert sorted(titles) == sorted([[world.foreign.title], [world.case.title]])


def test_search_answers_with_the_records_alone(world: World) -> None:
    found = tree_of(
        world, "coordinator", "figure", RULE, query="q=市场", **{"HX-Request": "true", "HX-Target": "records"}
    )
    assert found.css_first("h1") is None
    assert len(found.css("tbody tr")) == 1


def test_spreadsheet_of_the_records_found(world: World) -> None:
    response = world.client("coordinator").get(f"{reverse('figure', args=[RULE])}?format=xlsx&q=市场")
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[union-attr,attr-defined]
    assert [row[0] for row in rows[1:]] == [world.foreign.title]
    assert len(str(rows[1][-1])) == 64


def test_what_is_not_collected_is_no_zero_anywhere(world: World) -> None:
    DeclareNotCollected(
        actor=None,
        organization=world.body,
        counting_rule=RULE,
        valid_from=date(2026, 1, 1),
        reason="尚未建账",
    ).execute()
    main = tree_of(world, "coordinator", "figure", RULE)
    assert value(main) == "数据未采集"
    assert main.css_first("#records") is None
    years = tree_of(world, "coordinator", "figure_years", RULE)
    assert texts(years, "tbody td.num") == ["0件", "0件", "0件", "0件", "数据未采集"]
    response = world.client("coordinator").get(f"{reverse('figure', args=[RULE])}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[union-attr,attr-defined]
    assert rows[1][0] == "数据未采集"


def test_a_unit_that_does_not_collect_is_named_beside_the_figure(world: World) -> None:
    DeclareNotCollected(
        actor=None,
        organization=world.office,
        counting_rule=RULE,
        valid_from=date(2026, 1, 1),
        reason="尚未建账",
    ).execute()
    tree = tree_of(world, "coordinator", "figure", RULE)
    assert value(tree) == "1件"
    assert "不含声明未采集的县司法局" in "".join(texts(tree, "dl.y-facts"))


def test_five_years_beside_each_other(world: World) -> None:
    request_for(world.office, date(2025, 3, 1), "上年的一件", entered="back")
    tree = tree_of(world, "coordinator", "figure_years", RULE, query="from=2026-01-01&to=2026-11-20")
    assert texts(tree, "tbody td:first-child") == ["2022年", "2023年", "2024年", "2025年", "2026年"]
    assert texts(tree, "tbody td.num") == ["0件", "0件", "0件", "1件", "2件"]
    assert "自2025年3月1日起" in "".join(texts(tree, ".card-footer"))  # before it 0 is no result
    assert "增加1件（100%）" in "".join(texts(page(world, "coordinator"), ".then"))


@pytest.mark.parametrize(
    ("until", "says"), [("2026-12-31", "还没有结束"), ("2027-02-01", "还没有开始"), (str(TODAY), "")]
)
def test_a_period_that_still_runs_is_not_compared(world: World, until: str, says: str) -> None:
    """Its nought, or its half of a year, would be a fall against the whole of last year."""
    request_for(world.office, date(2025, 1, 20), "上年的一件", entered="back")
    begins = "2027-01-01" if says == "还没有开始" else "2026-01-01"
    tree = page(world, "coordinator", f"from={begins}&to={until}")
    told = "".join(texts(tree, ".y-stat"))
    assert (f"统计期{says}" in told) == bool(says)
    assert ("（100%）" in told) == (not says)


def test_versions_side_by_side(world: World) -> None:
    for action, name in (("新制定", "甲办法"), ("废止", "关于废止乙办法的决定")):
        OpenCase(
            actor=None, organization=world.office, case_type="normative_document", act="initiate", on=date(2025, 2, 1),
            facts={"class": "部门规范性文件", "action": action}, entered="back", title=name,
        ).execute()  # fmt: skip
    for case in Case.objects.filter(case_type="normative_document"):
        RecordAct(actor=None, case=case, act="publish", on=date(2025, 6, 1), entered="back").execute()
    tree = tree_of(
        world,
        "coordinator",
        "figure_versions",
        "normative_documents_published",
        query="from=2025-01-01&to=2025-12-31",
    )
    assert (texts(tree, "#then"), texts(tree, "#now")) == (["2件"], ["1件"])
    assert "关于废止乙办法的决定" in "".join(texts(tree, "tbody"))
    assert "甲办法" not in "".join(texts(tree, "tbody"))
    this_year = tree_of(
        world, "coordinator", "figure_versions", "normative_documents_published", query="to=2026-12-31"
    )
    assert (texts(this_year, "#then"), texts(this_year, "#now")) == (["0件"], ["0件"])


def test_a_stranger_is_refused(world: World) -> None:
    for name in ("figure", "figure_years", "figure_versions"):
        url = f"{reverse(name, args=[RULE])}?unit=sfj"
        assert world.client("stranger").get(url).status_code == 404, name
        assert world.client("officer").get(url).status_code == 200, name
        assert world.client("officer").get(reverse(name, args=["nonsense"])).status_code == 404


def test_dictionary_is_searched_filtered_and_linked(world: World) -> None:
    tree = tree_of(world, "officer", "dictionary", query="q=出庭")
    shown = texts(tree, "tbody tr > td:first-child > a")
    assert "行政机关负责人出庭应诉率" in shown
    assert len(shown) < 40
    narrowed = tree_of(world, "officer", "dictionary", query="q=出庭&kind=information_request")
    assert "没有符合条件的口径" in "".join(texts(narrowed, "tbody"))
    field = tree_of(world, "officer", "dictionary", query="domain=documents&all=1")
    assert 10 < len(field.css("tbody tr")) < 200
    assert all("open" in node.attributes for node in field.css("details"))
    links = [node.attributes["href"] for node in page(world, "officer").css("a")]
    assert reverse("counting_rule", args=[RULE]) in links  # every figure leads to its rule


def test_dictionary_as_spreadsheet_is_whole(world: World) -> None:
    response = world.client("officer").get(f"{reverse('dictionary')}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[union-attr,attr-defined]
    heads = list(rows[0])
    assert len(rows) - 1 == len(catalogue().counting_rules)
    by_id = {row[heads.index("编号")]: row for row in rows[1:]}
    published = by_id["normative_documents_published"]
    assert published[heads.index("版本")] == 2
    assert str(published[heads.index("历史")]).startswith("第1版至2026年11月21日：")


def test_a_rule_shows_its_history_and_what_changed(world: World) -> None:
    tree = tree_of(world, "officer", "counting_rule", "normative_documents_published")
    history = " ".join(texts(tree, "#history"))
    assert "第 2 版 现行" in history
    assert "至2026年11月21日" in history
    assert texts(tree, "#history mark") == ["（没有这一项）"]  # what only today's version says
    rate = tree_of(world, "officer", "counting_rule", "litigation_appearance_rate")
    assert reverse("counting_rule", args=["litigations_heard"]) in [
        node.attributes["href"] for node in rate.css("a")
    ]
    assert "一直适用，没有改过" in " ".join(texts(rate, "#history"))
    assert world.client("officer").get(reverse("counting_rule", args=["nonsense"])).status_code == 404
