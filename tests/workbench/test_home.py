"""The first page of a large ledger: nothing on it goes through all cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World, request_for
from tests.workbench.test_waiting import penalty
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.models import CaseClock
from yifa.ledger.search import queries
from yifa.workbench.figures import keyfigures


def test_a_large_ledger_shows_its_figures_when_they_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    client = world.client("coordinator")
    at_once = client.get(reverse("home")).content.decode()
    assert "hx-get" not in at_once.split("key-figures")[1].split("</h2>")[0]
    assert 'class="value"' in at_once
    monkeypatch.setattr(keyfigures, "FEW", 0)
    cache.clear()
    waiting = client.get(reverse("home")).content.decode()
    assert "正在统计" in waiting
    assert 'class="value"' not in waiting
    assert f'hx-get="{reverse("home_figures")}"' in waiting
    assert f'hx-get="{reverse("home_reminders")}"' in waiting
    reminded = client.get(reverse("home_reminders"), headers={"HX-Request": "true"}).content.decode()
    assert reminded.count("reminders-") == at_once.count("reminders-")
    part = client.get(reverse("home_figures"), headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="key-figures">')
    assert part.count('class="value"') == at_once.count('class="value"')
    later = client.get(reverse("home")).content.decode()
    assert later.count('class="value"') == at_once.count('class="value"')
    assert f'hx-get="{reverse("home_figures")}"' not in later


def test_that_a_ledger_is_large_is_asked_once(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    assert keyfigures.few_cases()
    monkeypatch.setattr(keyfigures, "FEW", 0)
    for asked in (1, 0):
        with django_assert_num_queries(asked):
            assert not keyfigures.few_cases()


def test_amounts_are_counted_no_further_than_people_look(world: World) -> None:
    clocks = CaseClock.objects.all()
    assert clocks.count() > 1
    assert str(queries.amount(clocks, 1)) == "1+"
    assert str(queries.amount(clocks)) == str(clocks.count())
    assert not queries.amount(clocks.filter(due=date(1999, 1, 1)))


def test_no_card_for_what_the_unit_does_not_do(world: World) -> None:
    page = world.client("officer").get("/")
    kinds = [keyfigures.kind_of(one.rule) for one in page.context["cards"].figures]
    assert kinds == ["information_request", "powers"]
    shown = world.client("officer").get("/figures/").context
    assert [keyfigures.kind_of(rule) for rule, _, _ in shown["rows"]] == kinds
    assert shown["kind_title"] == "主要数字"


def test_a_card_names_the_whole_not_each_unit(world: World) -> None:
    penalty(world.office)
    page = world.client("officer").get("/")
    titles = [one.rule.title for one in page.context["cards"].figures]
    assert "各单位作出的处罚决定" in titles
    shown = [one.text() for one in LexborHTMLParser(page.content.decode()).css(".y-stat .name")]
    assert "作出的处罚决定" in shown and not [one for one in shown if one.startswith("各")]


def _unmended(world: World) -> None:
    """Something to be put right whose day has passed."""
    OpenCase(
        actor=None, organization=world.office, case_type="rectification_item", act="list", on=date(2026, 3, 2),
        facts={"problem": "示例问题没有整改", "source": "自查自纠", "owner": world.office.name, "due": "2026-04-30"},
        entered="back",
    ).execute()  # fmt: skip


def test_every_number_of_the_year_opens_to_as_many_records(world: World) -> None:
    _unmended(world)
    late = request_for(world.office, date(2026, 3, 2), "示例道路的竣工资料", entered="back")
    answer: dict[str, Any] = {
        "act": "answer",
        "outcome": "予以公开",
        "evidence": [{"title": "答复书", "attachment": None}],
    }
    RecordAct(actor=None, case=late, on=date(2026, 6, 1), entered="back", **answer).execute()
    client = world.client("coordinator")
    page = LexborHTMLParser(client.get("/year/").content.decode())
    opened = 0
    for link in page.css("main td.num a"):
        found = client.get(link.attributes["href"]).context["page"].paginator.count
        assert found == int(link.text()), link.attributes["href"]
        opened += 1
    assert opened >= 4
    for card in page.css("main .y-stat a.card"):
        if "/plans/" not in card.attributes["href"]:
            found = client.get(card.attributes["href"]).context["page"].paginator.count
            assert found == int(card.css_first(".value").text()), card.html


def test_the_year_shows_first_what_is_amiss_and_folds_what_is_in_order(world: World) -> None:
    _unmended(world)
    page = LexborHTMLParser(world.client("coordinator").get("/year/").content.decode())
    folded = page.css_first("main details")
    inside = [row.css_first("td").text() for row in folded.css("tbody tr")]
    assert "政府信息公开申请" in inside and "问题整改" not in inside
    assert "问题整改" in [cell.text() for cell in page.css("main td")]
    assert (
        "示例问题没有整改" in page.body.text()
        and page.css_first("main td.fit.y-late").text() == "2026年4月30日"
    )


def test_a_kind_is_told_by_all_its_cases_not_by_the_urgent_ones(world: World) -> None:
    kinds = {keyfigures.kind_of(rule): rule.counting_rule for rule in keyfigures.key_rules(world.body)}
    assert kinds["legal_service"] == "legal_services"
    assert kinds["compulsory_measure"] in {"compulsory_measures_taken", "compulsory_measures_by_domain"}
