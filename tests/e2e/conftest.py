"""A real browser against a running server; any console error or policy violation fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright keeps an event loop in the test's thread; the tests' own queries there are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


def chromium() -> str | None:
    return os.environ.get("YIFA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("没有 Chromium：浏览器测试跳过（Debian 上可用 apt install chromium，或设 YIFA_CHROMIUM）")
    vendor = Path(__file__).parents[2] / "src" / "yifa" / "workbench" / "static" / "vendor"
    if not vendor.is_dir():
        pytest.skip("网页组件还没有装（python tools/frontend.py）：浏览器测试跳过")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, settings: LazySettings, tmp_path: Path) -> Iterator[Page]:
    """A fresh browser window; on leaving, nothing may have gone wrong in it."""
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(15_000)
    context.add_init_script(WATCH)
    wrong: list[str] = []
    window = context.new_page()
    window.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    window.on("pageerror", lambda error: wrong.append(str(error)))
    yield window
    context.close()
    assert wrong == []
