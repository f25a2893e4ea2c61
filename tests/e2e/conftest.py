"""A real browser against a running server; any console error or policy violation fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, settings: LazySettings, tmp_path: Path) -> Iterator[Page]:
    """A fresh browser window; on leaving, nothing may have gone wrong in it."""
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    cache.clear()
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    wrong: list[str] = []
    window = context.new_page()
    window.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    window.on("pageerror", lambda error: wrong.append(str(error)))
    yield window
    context.close()
    assert wrong == []
