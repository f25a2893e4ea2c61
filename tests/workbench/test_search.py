"""One page that looks in everything: within one's reach, narrowed, highlighted, bounded; and the list of commands."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import PublishEntry, RecordAct, StoreAttachment
from yifa.planning.models import Plan
from yifa.reporting.models import Section
from yifa.workbench.search.finding import KINDS, Finder
from yifa.workbench.templatetags.yifa import marked

SEARCH = "/search/"


def page(client: Client, **asked: str) -> str:
    return client.get(SEARCH, asked).content.decode()


def links(text: str) -> list[str]:
    return re.findall(r'data-hit href="([^"]+)"', text)


def test_two_characters_find_a_case_in_the_own_units_only(world: World) -> None:
    url = reverse("case", args=[world.case.pk])
    assert links(page(world.client("officer"), q="改造")) == [url]
    assert links(page(world.client("stranger"), q="改造")) == []
    assert "没有找到“改造”" in page(world.client("stranger"), q="改造")
    text = page(world.client("officer"), q="道路 验收")
    assert "<mark>道路</mark>" in text
    assert "<mark>验收</mark>" in text
    assert links(page(world.client("officer"), q="道路 没有的词")) == []


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("修订", "entries", "entry"),
        ("执法培训", "tasks", "task_evidence"),
        ("信息公开条例", "laws", "law"),
    ],
)
def test_every_kind_is_found_and_can_be_asked_for_alone(
    world: World, words: str, kind: str, name: str
) -> None:
    client = world.client("coordinator")
    assert KINDS[kind] in page(client, q=words)
    found = links(page(client, q=words, kind=kind))
    assert found
    prefix = {"entry": "/registers/entries/", "task_evidence": "/plans/tasks/", "law": "/laws/"}[name]
    assert all(url.startswith(prefix) for url in found)


def test_a_key_the_program_made_is_not_shown(world: World) -> None:
    key = f"{world.case.pk.hex}-answer"
    data = {"case_title": "验收资料一案", "clock": "答复期限", "due": str(TODAY), "cause": "案情复杂"}
    PublishEntry(
        actor=None,
        organization=world.office,
        register="clock_reasons",
        data={"code": key, "explanation": "经核实。", **data},
        on=TODAY,
    ).execute()
    text = page(world.client("coordinator"), q="资料一案", kind="entries")
    assert "超期原因说明" in text
    assert key not in text


def test_the_text_of_a_report_is_found_with_the_words_around(world: World) -> None:
    section = Section.objects.filter(report=world.report).order_by("order")[1]
    section.text = (
        f"{'前文。' * 40}示例街道设立了调解室，共办结{{hotline_tickets_received}}件。{'后文。' * 40}"
    )
    section.save(update_fields=["text"])
    text = page(world.client("coordinator"), q="调解室")
    assert f"/reports/{world.report.pk}/#section-{section.pk}" in links(text)
    assert "街道设立了<mark>调解室</mark>" in text
    assert "hotline_tickets_received" not in text
    assert links(page(world.client("stranger"), q="调解室")) == []


def test_files_of_cases_are_found(world: World) -> None:
    file = StoreAttachment(actor=None, content=b"%PDF-1.4 example", name="道路验收底稿.pdf").execute()
    evidence = [{"title": "内部审批单", "attachment": file.sha256}]
    RecordAct(
        actor=None, case=world.case, act="draft", on=TODAY, evidence=evidence, by="甲某", entered="back"
    ).execute()
    text = page(world.client("officer"), q="验收", kind="files")
    assert links(text) == [reverse("attachment", args=[world.case.pk, file.sha256])]
    assert "道路<mark>验收</mark>底稿.pdf" in text
    assert links(page(world.client("stranger"), q="验收", kind="files")) == []


def test_unit_and_year_narrow_it(world: World) -> None:
    client = world.client("coordinator")
    both = {reverse("case", args=[one.pk]) for one in (world.case, world.foreign)}
    assert set(links(page(client, q="示例", kind="cases"))) == both
    one = links(page(client, q="示例", kind="cases", unit="sfj"))
    assert one == [reverse("case", args=[world.case.pk])]
    assert set(links(page(client, q="示例", kind="cases", year="2026"))) == both
    assert links(page(client, q="示例", kind="cases", year="2025")) == []
    assert client.get(SEARCH, {"q": "示例", "unit": "none", "year": "x", "kind": "y"}).status_code == 200
    assert links(page(client, q="示例", kind="cases", year="2027")) == []  # next year is a year, too
    Plan.objects.filter(pk=world.plan.pk).update(year=2027)
    (task, *_) = world.plan.tasks.all()
    assert reverse("task_evidence", args=[task.pk]) in links(
        page(client, q=task.title, kind="tasks", year="2027")
    )
    assert not links(page(client, q=task.title, kind="tasks", year="2026"))


def test_what_is_typed_is_never_markup() -> None:
    assert marked("<b>甲</b>乙", ["甲"]) == "&lt;b&gt;<mark>甲</mark>&lt;/b&gt;乙"
    assert marked("a.c abc", ["a.c"]) == "<mark>a.c</mark> abc"
    assert marked("甲乙丙", ["甲乙", "甲"]) == "<mark>甲乙</mark>丙"
    assert marked("甲", []) == "甲"


@pytest.mark.parametrize("words", ["", "   ", "<script>", "%_'\"", "一" * 300, "\\", "{a} {b}"])
def test_odd_words_find_nothing_and_break_nothing(world: World, words: str) -> None:
    answer = world.client("coordinator").get(SEARCH, {"q": words})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main")[1].split("</main>")[0]


def test_queries_do_not_grow_and_the_list_is_bounded(world: World) -> None:
    client = world.client("officer")
    page(client, q="示例")
    with CaptureQueriesContext(connection) as few:
        page(client, q="示例")
    for number in range(8):
        request_for(world.office, TODAY, f"示例资料{number}")
    with CaptureQueriesContext(connection) as many:
        text = page(client, q="示例")
    assert len(many) == len(few)
    assert len([url for url in links(text) if url.startswith("/cases/")]) == 6
    assert "更多事项" in text
    found = Finder(world.users["officer"], "示例", TODAY).found(["cases"], 3)[0]
    assert (len(found.hits), found.more) == (3, True)


def test_typing_draws_what_was_found_alone(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Target": "hits"}
    part = world.client("officer").get(SEARCH, {"q": "改造"}, headers=headers).content.decode()
    assert "<html" not in part
    assert links(part)


def test_commands_are_what_one_may_do(world: World) -> None:
    def offered(who: str) -> dict[str, set[str]]:
        answer = world.client(who).get(reverse("commands"), headers={"Accept": "application/json"})
        found: dict[str, set[str]] = {}
        for one in answer.json()["commands"]:
            found.setdefault(one["kind"], set()).add(one["url"])
        return found

    officer, auditor, system = offered("officer"), offered("auditor"), offered("system")
    assert auditor["新建"] == {reverse("open_case", args=["rectification_item"])}
    assert reverse("open_case", args=["information_request"]) in officer["新建"]
    assert reverse("year") in auditor["打开"]
    assert reverse("year") not in officer["打开"]
    assert set(system) == {"打开"}
    assert reverse("people") in system["打开"]
    client = world.client("officer")
    for url in officer["打开"] | set(list(officer["新建"])[:3]):
        assert client.get(url).status_code == 200, url
    client.post("/views/", {"what": "save", "page": "/cases/", "name": "在办", "query": "state=open"})
    assert "/cases/?state=open" in offered("officer")["我的视图"]
