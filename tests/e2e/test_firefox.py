"""In Firefox: an act is recorded as people do it, and the pages that live from scripts open without a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from tests.e2e.firefox import Firefox, firefox
from tests.standing import standing
from tests.workbench.conftest import NOW, PASSWORD, World, _world
from tests.workbench.pages import PAGES

__all__ = ["firefox"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIGN_IN = """document.querySelector("[name=username]").value = {name!r};
document.querySelector("[name=password]").value = {password!r};
document.querySelector("form[method=post] [type=submit]").click()"""
HOME = """new Promise((done) => {
  const look = () => document.querySelector("h1")?.textContent === "首页" ? done(true) : setTimeout(look, 50);
  look();
})"""
LOOK = """JSON.stringify([document.querySelectorAll("main h1").length,
  document.documentElement.scrollWidth - document.documentElement.clientWidth])"""
FILES = ("_file", "_picture", "_as", "download_report", "exchange_sample", "progress_excel")


@pytest.fixture
def small(
    transactional_db: None, live_server: LiveServer, settings: LazySettings, tmp_path: Path
) -> Iterator[World]:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    cache.clear()
    with time_machine.travel(NOW):
        yield standing(_world)


def test_every_page_opens_in_firefox(small: World, firefox: Firefox, live_server: LiveServer) -> None:
    firefox.open(f"{live_server.url}/login/")
    firefox.says(SIGN_IN.format(name="admin", password=PASSWORD))
    assert firefox.says(HOME)
    firefox.says("console.error('heard')")
    firefox.says("0")
    assert firefox.complaints == ["heard"]  # complaints do arrive
    firefox.complaints.clear()
    wrong: dict[str, object] = {}
    for one in PAGES:
        if one.post_only or one.name.endswith(FILES):
            continue
        firefox.open(live_server.url + one.url(small))
        seen = firefox.says(LOOK)
        if firefox.complaints or seen != "[1,0]":
            wrong[one.name] = (seen, [*firefox.complaints])
            firefox.complaints.clear()
    assert wrong == {}
