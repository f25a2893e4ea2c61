"""A real browser against a running server; any console error or policy violation fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.tasktable import DONE, printed

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


@pytest.fixture
def window(
    browser: Browser, live_server: LiveServer, settings: LazySettings, tmp_path: Path
) -> Iterator[Callable[[], Page]]:
    """Opens windows that share nothing; on leaving, nothing may have gone wrong in any of them."""
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    cache.clear()
    wrong: list[str] = []
    opened: list[BrowserContext] = []

    def new() -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            viewport={"width": 1366, "height": 768},
            reduced_motion="reduce",
        )
        opened.append(context)
        context.set_default_timeout(float(os.environ.get("YIFA_PATIENCE", "60000")))
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield new
    for context in opened:
        context.close()
    assert wrong == [], "\n".join(wrong)


@pytest.fixture
def page(window: Callable[[], Page]) -> Page:
    """One fresh window."""
    return window()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Remember whether a test went well, for what is counted when it is over."""
    report = yield
    if report.when == "call":
        item.stash[DONE] = report.passed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end of the run: what the tasks asked of people."""
    over = [one for one in terminalreporter.stats.get("", []) if getattr(one, "when", "") == "teardown"]
    rows = [row for one in over for name, row in one.user_properties if name == "task"]
    if rows:
        terminalreporter.section("what whole tasks asked of people")
        terminalreporter.write_line(printed(rows))
