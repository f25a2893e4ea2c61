"""The one list view on its largest list."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World, request_for


@pytest.fixture
def client(world: World) -> Client:
    return world.client("coordinator")


def titles(client: Client, query: str) -> list[str]:
    page = LexborHTMLParser(client.get(f"{reverse('cases')}?{query}").content.decode())
    return [link.text().strip() for link in page.css("#list tbody td.y-tick + td a")]


MINE, THEIRS = "示例道路改造的验收资料", "示例市场的检查记录"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [MINE, THEIRS]),
        ("q=市场", [THEIRS]),
        ("q=市场+道路", []),
        ("q=甲某", [MINE, THEIRS]),
        ("type=petition", []),
        ("type=nonsense", [MINE, THEIRS]),
        ("unit=sfj", [MINE]),
        ("unit=body", [MINE, THEIRS]),
        ("state=overdue", []),
        ("state=soon", []),
        ("state=running", [MINE]),
        ("state=open", [MINE, THEIRS]),
        ("from=2026-10-01", [MINE]),
        ("to=2026-10-01", [THEIRS]),
        ("from=soon", [MINE, THEIRS]),
        ("sort=opened", [THEIRS, MINE]),
        ("sort=due", [MINE, THEIRS]),  # that without a deadline comes last
        ("sort=-opened", [MINE, THEIRS]),
        ("sort=nonsense", [MINE, THEIRS]),
        ("page=99", [MINE, THEIRS]),
    ],
)
def test_filters_and_sorting(client: Client, query: str, expected: list[str]) -> None:
    assert titles(client, query) == expected


def test_officers_see_their_own_unit_only(world: World) -> None:
    assert titles(world.client("officer"), "") == [MINE]
    assert titles(world.client("stranger"), "") == [THEIRS]
    assert titles(world.client("officer"), "unit=scjg") == [
        MINE
    ]  # not a choice: cuts nothing, shows nothing more


def test_live_filter_answers_with_the_table_alone(client: Client) -> None:
    response = client.get(
        reverse("cases"), {"q": "市场"}, headers={"HX-Request": "true", "HX-Target": "list"}
    )
    text = response.content.decode()
    assert THEIRS in text
    assert "<html" not in text
    assert "HX-Request" in response.headers["Vary"]


def test_pages_do_not_overlap(world: World, client: Client) -> None:
    for number in range(60):
        request_for(world.office, TODAY - timedelta(days=number % 3), f"资料{number:02d}")
    first, second = titles(client, "sort=opened"), titles(client, "sort=opened&page=2")
    assert (len(first), len(second)) == (50, 12)
    assert not set(first) & set(second)


def test_spreadsheet_has_the_filtered_rows_and_runs_nothing(world: World, client: Client) -> None:
    request_for(world.office, date(2026, 11, 1), "=HYPERLINK(1)")
    response = client.get(f"{reverse('cases')}?unit=sfj&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    rows = list(sheet.values)  # type: ignore[union-attr]
    assert rows[0][:3] == ("名称", "编号", "类型")
    assert {row[0] for row in rows[1:]} == {MINE, "=HYPERLINK(1)"}
    assert {cell.data_type for (cell,) in sheet.iter_rows(min_row=2, max_col=1)} == {"s"}  # type: ignore[union-attr]
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]


def test_home_counts_what_the_list_behind_it_shows(world: World, client: Client) -> None:
    request_for(
        world.office, date(2026, 10, 28), "七日内到期的资料"
    )  # twenty working days end on 25 November
    home = LexborHTMLParser(client.get("/").content.decode())
    assert "七日内到期的资料" in home.css_first("section[aria-label=时限]").text()  # type: ignore[union-attr]
    assert titles(client, "state=soon") == ["七日内到期的资料"]


def test_empty_list_says_so(client: Client) -> None:
    assert "没有符合条件的记录" in client.get(f"{reverse('cases')}?q=没有这样的事项").content.decode()


def heads(client: Client, url: str) -> list[str]:
    page = LexborHTMLParser(client.get(url).content.decode())
    return [one.text().strip() for one in page.css("#list thead th:not(.y-tick)")]


def test_columns_are_chosen_kept_with_the_view_and_in_the_sheet(client: Client) -> None:
    cases = reverse("cases")
    assert heads(client, cases) == ["名称", "类型", "单位", "开始日期", "状态", "到期日", "问题"]
    chosen = "cols=number&cols=due&state=open"
    assert heads(client, f"{cases}?{chosen}") == ["名称", "编号", "到期日"]
    assert heads(client, f"{cases}?cols=nonsense") == heads(client, cases)
    page = LexborHTMLParser(client.get(f"{cases}?{chosen}").content.decode())
    kept = [one.attributes["value"] for one in page.css(".y-filters input[type=hidden][name=cols]")]
    assert kept == ["due", "number"]  # the next filter keeps the columns
    assert len(page.css("#columns input[type=hidden][name=state]")) == 1  # and other columns the filter
    given = {"what": "save", "page": cases, "name": "我的列", "query": f"?{chosen}", "chosen": "1"}
    client.post(reverse("saved_views"), given)
    assert heads(client, client.get(cases).headers["Location"]) == ["名称", "编号", "到期日"]
    sheet = load_workbook(io.BytesIO(b"".join(client.get(f"{cases}?{chosen}&format=xlsx"))))  # type: ignore[arg-type]
    assert [cell.value for cell in sheet.worksheets[0][1]][:3] == ["名称", "编号", "到期日"]


def test_any_field_of_a_register_may_be_a_column(client: Client) -> None:
    url = reverse("register", args=["powers"])
    assert "调整文件" not in heads(client, url)
    assert "调整文件" in heads(client, f"{url}?cols=f_decided_by")
    assert "调整文件" in b"".join(client.get(f"{url}?format=csv")).decode()  # type: ignore[arg-type]
