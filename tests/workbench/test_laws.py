"""What rests on a law, what a new text would change, and following it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.law.amending import as_yaml, lengths, parse_amendment
from yifa.law.loader import catalogue
from yifa.ledger.amending import folder, followed
from yifa.ledger.models import Record

LAW = "政府信息公开条例"
NEW_LENGTH = 15


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.cache_clear()


@pytest.fixture
def law_id() -> str:
    found = catalogue().laws.find(LAW)
    assert found is not None
    return found.id


def form(law_id: str, **changes: str) -> dict[str, str]:
    """The form with the answer's 20 working days made 15."""
    law = catalogue().laws.by_id[law_id]
    (answer,) = [
        number
        for number, one in enumerate(lengths(catalogue(), law))
        if (one.case_type, one.clock, one.extension) == ("information_request", "answer", None)
    ]
    return {
        "effective": "2026-12-01", "kind": "修订", "transition": "keep", "changed": "第三十三条", "number": "",
        f"length-{answer}": str(NEW_LENGTH), f"article-{answer}": "第三十三条",
    } | changes  # fmt: skip


def words(response: object) -> str:
    return LexborHTMLParser(response.content).body.text(separator=" ", strip=True)


def test_the_laws_on_which_most_rests_come_first_and_one_finds_them_by_two_characters(world: World) -> None:
    client = world.client("officer")
    page = LexborHTMLParser(client.get(reverse("laws")).content)
    numbers = [int(row.css("td")[-1].text()) for row in page.css("table")[0].css("tbody tr")]
    assert numbers == sorted(numbers, reverse=True) and numbers[-1] > 0
    assert "信访工作条例" in words(client.get(reverse("laws"), {"q": "信访"}))
    assert "没有名称中含" in words(client.get(reverse("laws"), {"q": "没有这部法"}))


def test_a_law_shows_what_rests_on_it_by_article(world: World, law_id: str) -> None:
    client = world.client("officer")
    whole = words(client.get(reverse("law", args=[law_id])))
    one = words(client.get(reverse("law", args=[law_id]), {"article": "第三十三条"}))
    assert catalogue().case_types["information_request"].clocks["answer"].title in one
    assert len(one) < len(whole)
    assert "有新文本" not in whole  # only the coordinator follows a new text
    assert client.get(reverse("law", args=["nothing"])).status_code == 404


def test_the_impact_is_shown_and_nothing_is_changed(world: World, law_id: str) -> None:
    before = Record.objects.count()
    response = world.client("coordinator").post(reverse("preview_law", args=[law_id]), form(law_id))
    text = words(response)
    assert response.status_code == 200
    assert world.case.title in text
    assert "还没有作任何改动" in text
    assert Record.objects.count() == before and not folder().exists()


def test_the_impact_shows_what_a_spreadsheet_gives_too(world: World, law_id: str) -> None:
    client = world.client("coordinator")
    page = LexborHTMLParser(client.post(reverse("preview_law", args=[law_id]), form(law_id)).content)
    content = page.css_first("textarea[name=content]").text()
    response = client.post(reverse("follow_law"), {"content": content, "format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content)), read_only=True).active
    titles = {row[1] for row in sheet.iter_rows(values_only=True)}
    assert {world.case.title, catalogue().case_types["information_request"].title} <= titles


def test_the_text_shown_is_followed_once(world: World, law_id: str) -> None:
    client = world.client("coordinator")
    page = LexborHTMLParser(client.post(reverse("preview_law", args=[law_id]), form(law_id)).content)
    content = page.css_first("textarea[name=content]").text()
    client.post(reverse("follow_law"), {"content": content})
    assert [one.effective for one in followed()] == [date(2026, 12, 1)]
    assert f"{LAW}" in words(client.get(reverse("laws")))
    new = catalogue().case_types["information_request"].clocks["answer"].at_most[-1]
    assert (new.length, new.valid_from) == (NEW_LENGTH, date(2026, 12, 1))
    assert "施行日期应晚于现有文本" in words(
        client.post(reverse("follow_law"), {"content": content}, follow=True)
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective": ""}, "请填写新文本的施行日期"),
        ({"effective": "2018-01-01"}, "施行日期应晚于现有文本"),
        ({"changed": "三十三"}, "不是条文的写法"),
    ],
)
def test_what_is_wrong_is_said_and_the_form_is_kept(
    world: World, law_id: str, changes: dict[str, str], said: str
) -> None:
    response = world.client("coordinator").post(
        reverse("preview_law", args=[law_id]), form(law_id, **changes)
    )
    assert response.status_code == 422
    assert said in words(response)
    kept = LexborHTMLParser(response.content).css_first("input[name^=length-][value]")
    assert kept.attributes["value"] == str(NEW_LENGTH)


def test_a_file_is_read_or_refused_by_line(world: World, law_id: str) -> None:
    client = world.client("coordinator")
    good = SimpleUploadedFile("新法.yaml", f"law: {LAW}\neffective: 2026-12-01\n".encode())
    assert "还没有作任何改动" in words(client.post(reverse("law_file"), {"file": good}))
    bad = SimpleUploadedFile("新法.yaml", f"law: {LAW}\neffective: 明年\n".encode())
    assert "第 2 行" in words(client.post(reverse("law_file"), {"file": bad}))
    assert "请选择文件" in words(client.post(reverse("law_file"), {}))


@pytest.mark.parametrize("who", ["officer", "stranger", "reviewer", "auditor", "nobody"])
def test_only_the_coordinator_of_the_body_looks_ahead_and_follows(
    world: World, law_id: str, who: str
) -> None:
    client = world.client(who)
    assert client.post(reverse("preview_law", args=[law_id]), form(law_id)).status_code == 403
    assert client.post(reverse("law_file"), {}).status_code == 403
    content = f"law: {LAW}\neffective: 2026-12-01\n"
    assert client.post(reverse("follow_law"), {"content": content}).status_code == 403
    assert not folder().exists()


def test_a_written_amendment_reads_back() -> None:
    text = f"law: {LAW}\neffective: 2026-12-01\nchanged: [第三十三条]\narticles: 60\ntransition: move\n"
    found = parse_amendment(text.encode(), catalogue())
    assert parse_amendment(as_yaml(found), catalogue()) == found


def test_a_local_length_is_asked_for_by_name_and_given(world: World) -> None:
    client = world.client("coordinator")
    page = client.get(reverse("local_lengths"))
    assert "签收期限" in words(page) and "还没有填写本地期限" in words(page)
    url = reverse("local_length", args=["hotline_ticket", "sign"])
    assert url in {link.attributes["href"] for link in LexborHTMLParser(page.content).css("a[href]")}
    refused = client.post(url, {"length": "", "unit": "workdays", "document": "", "valid_from": "2026-01-01"})
    assert refused.status_code == 422
    assert "请填写时长" in words(refused) and "没有文件依据的期限不要填" in words(refused)
    given = {"length": "1", "unit": "workdays", "document": "澜亭县热线办理办法", "valid_from": "2026-01-01"}
    after = words(client.post(url, given, follow=True))
    assert "澜亭县热线办理办法" in after and "还没有填写本地期限" not in after
    assert client.get(url).status_code == 200  # it can be corrected
    assert client.get(reverse("local_length", args=["petition", "conclusion"])).status_code == 404
    assert world.client("officer").get(url).status_code == 403
    shown = LexborHTMLParser(world.client("officer").get(reverse("local_lengths")).content)
    assert not shown.css("td a[href^='/laws/local/']")  # sees what is open, is not offered to give it


def test_the_page_of_a_law_that_shares_its_title_takes_an_article(world: World) -> None:
    assert world.client("officer").get("/laws/P15/", {"article": "第三条"}).status_code == 200
