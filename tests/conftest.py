"""What all tests share: the papers beside the project, where present."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker

if "YIFA_DATA" not in os.environ:
    os.environ["YIFA_DATA"] = tempfile.mkdtemp(prefix="yifa-tests-")
    atexit.register(shutil.rmtree, os.environ["YIFA_DATA"], ignore_errors=True)
if "PYTEST_XDIST_WORKER" not in os.environ:  # processes that this one begins take over its environment
    os.environ["YIFA_TESTS_KEEP"] = tempfile.mkdtemp(prefix="yifa-standing-")
KEEP = Path(os.environ["YIFA_TESTS_KEEP"])
# Playwright keeps an event loop in the test's thread; the tests' own queries there are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).parents[1]
SLOW = (  # begun first: processes that share the files of a run then end together
    "e2e/test_exchange_task.py",
    "procedures/test_engine_walks.py",
    "scenarios/test_chain_scenarios.py",
    "e2e/test_all_pages.py",
    "demo/test_demo.py",
    "scenarios/test_chain.py",
    "e2e/test_tasks.py",
    "procedures/test_spans.py",
    "sources/test_sources.py",
    "workbench/test_access.py",
)
LONGEST = timedelta(minutes=40)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first, the others as they stand."""
    first = {ROOT / "tests" / name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


def pytest_sessionfinish() -> None:
    """Of several processes the one that began them all throws away what they kept for each other."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(KEEP, ignore_errors=True)


def pytest_configure() -> None:
    """A run begins and ends on one day: begun shortly before midnight, its clock goes as many minutes slow."""
    began = datetime.now(ZoneInfo("Asia/Shanghai"))
    midnight = (began + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    slow = max(LONGEST - (midnight - began), timedelta(0))
    if slow:
        clock = timezone.now
        timezone.now = lambda: clock() - slow


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On SQLite the tests' database is a file that was migrated once for all processes of the run (decision 0133)."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def migrated(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Path:
    """An SQLite file as a new installation has it, made by the first process of a run that needs it."""
    if connection.vendor != "sqlite":
        pytest.skip("在 PostgreSQL 上没有 SQLite 文件")
    file, given = KEEP / "migrated.sqlite3", connection.settings_dict
    with (KEEP / "migrating").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            in_use, given["NAME"] = given["NAME"], str(KEEP / "migrating.sqlite3")
            call_command("migrate", verbosity=0)
            connection.close()  # writes its log back
            Path(given["NAME"]).rename(file)
            given["NAME"] = in_use
    return file


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, django_test_environment: None
) -> None:
    """Each process copies the migrated file: a browser's server then has connections of its own, as in an office."""
    if connection.vendor == "sqlite":
        own = KEEP / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated"), own)
        connection.settings_dict["TEST"]["NAME"] = str(own)


@receiver(connection_created)
def forgetful(connection: BaseDatabaseWrapper, **_: object) -> None:
    """What tests write need not outlive the machine: nothing waits for the disk."""
    if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).parent == KEEP:
        connection.cursor().execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The empty database knows its rules once, not anew in each test: noting them is a third of a small test's time.

    At the end, on PostgreSQL, end what a browser that left early still holds open, or the database cannot be dropped.
    """
    from yifa.ledger.models import CountedRule, ProjectionState
    from yifa.ledger.rows import kinds

    with django_db_blocker.unblock():
        kinds.note(())
        noted = [list(model._default_manager.all()) for model in (ProjectionState, CountedRule)]

    def put_back(**_: object) -> None:
        if connection.vendor == "sqlite":  # Django empties the tables it knows; this one stands beside them
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO ledger_casepairs (ledger_casepairs) VALUES ('delete-all')")
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
    expect.set_options(timeout=30_000)  # of a busy machine; what is there sooner is not waited for
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()
