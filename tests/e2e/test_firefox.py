"""In Firefox: signing in and recording an act by keys; pages that live from scripts open without a complaint and fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from tests.e2e.firefox import DOWN, ENTER, TAB, Firefox, firefox
from tests.standing import standing
from tests.workbench.conftest import NOW, PASSWORD, World, _world
from tests.workbench.pages import PAGES
from tests.workbench.test_acting import act_url

__all__ = ["firefox"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = """JSON.stringify([document.querySelectorAll("main h1").length,
  document.documentElement.scrollWidth - document.documentElement.clientWidth])"""
LIVELY = (  # pages that live from scripts, and one of each other kind
    *(
        "home",
        "search",
        "cases",
        "case",
        "correct_act",
        "whole_file",
        "document",
        "register",
        "revise_entry",
        "plan",
    ),
    *(
        "plan_matrix",
        "task_structure",
        "figures",
        "figure",
        "report",
        "edit_section",
        "exchange",
        "process",
        "calendar",
    ),
)


@pytest.fixture
def small(
    transactional_db: None, live_server: LiveServer, settings: LazySettings, tmp_path: Path
) -> Iterator[World]:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    cache.clear()
    with time_machine.travel(NOW):
        yield standing(_world)


def test_keys_sign_in_and_lively_pages_open(small: World, firefox: Firefox, live_server: LiveServer) -> None:
    firefox.says("console.error('heard')")
    firefox.says("0")
    assert firefox.complaints == ["heard"]  # complaints do arrive
    firefox.complaints.clear()
    firefox.open(f"{live_server.url}/login/")
    firefox.types(f"admin{TAB}{PASSWORD}{ENTER}")
    firefox.until("document.querySelector('h1')?.textContent === '首页'")

    by_name, wrong = {one.name: one for one in PAGES}, dict[str, object]()
    for name in LIVELY:
        firefox.open(live_server.url + by_name[name].url(small))
        seen = firefox.says(LOOK)
        if firefox.complaints or seen != "[1,0]":
            wrong[name] = (seen, [*firefox.complaints])
            firefox.complaints.clear()
    assert wrong == {}
    record_by_keys(small, firefox, live_server.url)


def record_by_keys(small: World, firefox: Firefox, server: str) -> None:
    """An act as somebody without a mouse records it: a result chosen, a paper ticked as held, sent by Enter."""
    firefox.open(server + act_url(small.case, "answer"))
    firefox.says("document.querySelector('#id_outcome').focus()")
    firefox.types(f"{DOWN}{TAB}")
    firefox.says("document.querySelector('[name=held_0]').focus()")
    firefox.types(" ")
    firefox.says("document.querySelector('#id_by').select()")
    firefox.types(f"乙承办{ENTER}")
    firefox.until("document.querySelector('#notices')?.textContent.includes('已记入台账')")
    assert small.case.acts.get(act="answer").actor == "乙承办"
    assert firefox.complaints == []
