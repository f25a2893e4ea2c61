"""A figure opens to its records, and the records to their cases."""

from __future__ import annotations

import io
from datetime import date

from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World, request_for
from yifa.workbench.keyfigures import year_before

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
