"""A backup stands up again, and says what was done to it."""

from __future__ import annotations

import errno
import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.db import connection

from yifa.law.errors import YifaError
from yifa.ledger.actions import CreateOrganization, StoreAttachment
from yifa.ledger.installation.backups import (
    DATABASE,
    LEDGER,
    _database,
    backups,
    make_backup,
    path_of_backup,
    verify_backup,
)
from yifa.ledger.installation.restoring import restore_backup
from yifa.ledger.models import Record


@pytest.fixture
def made(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA, settings.ATTACHMENTS = tmp_path, tmp_path / "attachments"
    CreateOrganization(actor=None, code="body", name="试行县人民政府", level="county").execute()
    StoreAttachment(actor=None, content="示例答复书".encode(), name="答复书.txt").execute()
    (tmp_path / "secret-key").write_text("never")
    return make_backup()


def altered(path: Path, name: str, content: bytes | None) -> Path:
    """A copy in which a file says something else or is gone."""
    copy = path.with_name("copy.tar")
    with tarfile.open(path) as old, tarfile.open(copy, "w") as new:
        for member in old:
            held = old.extractfile(member)
            assert held is not None
            said = held.read()
            if member.name.startswith(name):
                if content is None:
                    continue
                said = content
                member.size = len(content)
            new.addfile(member, io.BytesIO(said))
    return copy


def test_a_backup_unpacked_is_the_installation(made: Path, tmp_path: Path) -> None:
    (one,) = backups()
    assert (one.name, one.body, one.attachments) == (made.name, "试行县人民政府", 1)
    assert one.records == Record.objects.count() > 0
    assert verify_backup(made) == []
    with tarfile.open(made) as archive:
        assert not any("secret" in name for name in archive.getnames())
        archive.extractall(tmp_path / "again", filter="data")
    assert [
        path.read_text() for path in (tmp_path / "again" / "attachments").rglob("*") if path.is_file()
    ] == ["示例答复书"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(tmp_path / "again" / DATABASE)) as copy:
            assert copy.execute("SELECT name FROM ledger_organization").fetchall() == [("试行县人民政府",)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("attachments/", b"other", "与备份时不同"),
        ("attachments/", None, "缺少"),
        ("manifest", None, "读不出来"),
    ],
)
def test_what_was_done_to_a_backup_is_said(made: Path, name: str, content: bytes | None, says: str) -> None:
    (fault,) = verify_backup(altered(made, name, content))
    assert says in fault


def test_a_torn_backup_is_listed_as_such(made: Path) -> None:
    made.write_bytes(made.read_bytes()[:300])
    assert [one.made_at for one in backups()] == [None]
    assert "读不出来" in verify_backup(made)[0]
    part = DATABASE if connection.vendor == "sqlite" else LEDGER
    assert path_of_backup(f"../{part}") is None


@pytest.fixture
def empty(made: Path, settings: LazySettings, tmp_path: Path) -> Path:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL 的数据库由它自己的工具备份")
    settings.DATA = tmp_path / "empty"
    (tmp_path / "empty" / "attachments").mkdir(parents=True)
    return tmp_path / "empty"


def test_a_backup_is_put_back_into_an_empty_folder_only(made: Path, empty: Path) -> None:
    restore_backup(made)
    assert sorted(path.name for path in empty.iterdir()) == ["attachments", DATABASE]
    with closing(sqlite3.connect(empty / DATABASE)) as copy:
        assert copy.execute("SELECT name FROM ledger_organization").fetchall() == [("试行县人民政府",)]
    before = (empty / DATABASE).read_bytes()
    with pytest.raises(YifaError, match=r"已有yifa.sqlite3、attachments.*改名另存"):
        restore_backup(made)
    assert (empty / DATABASE).read_bytes() == before


def test_a_log_of_another_database_is_never_joined_to_a_restored_one(made: Path, empty: Path) -> None:
    (empty / f"{DATABASE}-wal").write_bytes(b"old")
    with pytest.raises(YifaError, match="sqlite3-wal"):
        restore_backup(made)


def test_what_cannot_be_put_back_whole_leaves_nothing(
    made: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(YifaError, match="不完整，没有恢复"):
        restore_backup(altered(made, "attachments/", None))

    def full(*_: object, **__: object) -> None:
        (next(empty.glob(".restoring-*")) / DATABASE).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extractall", full)
    with pytest.raises(OSError, match="No space"):
        restore_backup(made)
    assert [path.name for path in empty.rglob("*")] == ["attachments"]


def test_a_damaged_database_is_not_called_backed_up(
    made: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore_backup(made)
    with (empty / DATABASE).open("r+b") as file:  # the page of a table's rows, as a bad sector leaves it
        file.seek(4096)
        file.write(b"\x5a" * 8192)
    with closing(sqlite3.connect(empty / DATABASE)) as broken:
        used = SimpleNamespace(vendor="sqlite", ensure_connection=lambda: None, connection=broken)
        monkeypatch.setattr("yifa.ledger.installation.backups.connection", used)
        with pytest.raises(YifaError, match="数据库文件有损坏，没有备份成"):
            list(_database(tmp_path))
