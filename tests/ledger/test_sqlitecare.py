"""Committed is on the disk; the log is written back apart from those who record; what is asked often is read ahead."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from yifa.ledger.tables import sqlitecare

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cares for itself"),
]


@pytest.fixture
def own(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BaseDatabaseWrapper]:
    """A database in a file, as an installation has it, with a table of some thousand rows."""
    given = {**settings.DATABASES["default"], "NAME": str(tmp_path / "yifa.sqlite3")}
    made = ConnectionHandler({"default": given})["default"]
    monkeypatch.setattr(sqlitecare, "connection", made)
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT)")
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            " INSERT INTO lines (text) SELECT printf('%%0200d', i) FROM n"
        )
        cursor.execute("CREATE INDEX by_text ON lines (text)")
    yield made
    made.close()


def test_what_is_committed_does_not_go_with_the_power(own: BaseDatabaseWrapper) -> None:
    with own.cursor() as cursor:
        said = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
        }
    assert said == {"synchronous": 2, "journal_mode": "wal"}  # FULL


def test_the_log_is_written_back_where_enough_waits(
    own: BaseDatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not sqlitecare.write_back()  # little waits
    monkeypatch.setattr(sqlitecare, "LOG", 1000)
    assert _rows_without_log(tmp_path) is None
    assert sqlitecare.write_back()
    assert _rows_without_log(tmp_path) == 3000


def _rows_without_log(folder: Path) -> int | None:
    """How many rows the file alone holds; None where not even the table."""
    alone = shutil.copy(folder / "yifa.sqlite3", folder / "alone.sqlite3")
    try:
        with sqlite3.connect(alone) as bare:
            return int(bare.execute("SELECT COUNT(*) FROM lines").fetchone()[0])
    except sqlite3.OperationalError:
        return None


def test_a_database_that_fits_is_read_whole_and_one_that_does_not_as_far_as_it_may(
    own: BaseDatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlitecare, "LOG", 0)
    sqlitecare.write_back()
    whole = (tmp_path / "yifa.sqlite3").stat().st_size
    assert sqlitecare.warm() == sqlitecare.warm(whole) == whole
    monkeypatch.setattr(sqlitecare, "HOT", ("by_text", "lines"))
    first = sqlitecare.warm(1)
    assert 0 < first < whole / 2 + 4096  # the first tree alone
    assert first < sqlitecare.warm(first + 1) < whole


def test_nothing_is_done_where_there_is_no_file() -> None:
    assert connection.vendor == "sqlite"
    if not Path(str(connection.settings_dict["NAME"])).is_file():
        assert sqlitecare.warm() == 0 and not sqlitecare.write_back()
