"""What all tests share: the papers beside the project, where present."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

os.environ.setdefault("YIFA_DATA", tempfile.mkdtemp(prefix="yifa-tests-"))
if "PYTEST_XDIST_WORKER" not in os.environ:  # processes that this one begins take over its environment
    os.environ["YIFA_TESTS_KEEP"] = tempfile.mkdtemp(prefix="yifa-standing-")
# Playwright keeps an event loop in the test's thread; the tests' own queries there are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).parents[1]
LONGEST = timedelta(minutes=40)


def pytest_sessionfinish() -> None:
    """Of several processes the one that began them all throws away what they kept for each other."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ["YIFA_TESTS_KEEP"], ignore_errors=True)


def pytest_configure() -> None:
    """A run begins and ends on one day: begun shortly before midnight, its clock goes as many minutes slow."""
    began = datetime.now(ZoneInfo("Asia/Shanghai"))
    midnight = (began + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    slow = max(LONGEST - (midnight - began), timedelta(0))
    if slow:
        clock = timezone.now
        timezone.now = lambda: clock() - slow


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The empty database knows its rules once, not anew in each test: noting them is a third of a small test's time.

    At the end, on PostgreSQL, end what a browser that left early still holds open, or the database cannot be dropped.
    """
    from yifa.ledger import kinds
    from yifa.ledger.models import CountedRule, ProjectionState

    with django_db_blocker.unblock():
        kinds.note(())
        noted = [list(model._default_manager.all()) for model in (ProjectionState, CountedRule)]

    def put_back(**_: object) -> None:
        for rows in noted:
            type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)

    post_migrate.connect(put_back, sender=apps.get_app_config("ledger"))  # sent when a database was emptied
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A hash of passwords that costs nothing, for all tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the papers, the corpus and the expected answers."""
    folder = ROOT.parent / "shared"
    if not (folder / "sources").is_dir():
        pytest.skip("旁边没有 shared 文件夹：读真实材料的测试跳过")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a run: Playwright does not bear two in one thread."""
    path = os.environ.get("YIFA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("没有 Chromium：浏览器测试跳过（Debian 上可用 apt install chromium，或设 YIFA_CHROMIUM）")
    if not (ROOT / "src" / "yifa" / "workbench" / "static" / "vendor").is_dir():
        pytest.skip("网页组件还没有装（python tools/frontend.py）：浏览器测试跳过")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()
