"""The first page of a large ledger: nothing on it goes through all cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.workbench.conftest import World
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
