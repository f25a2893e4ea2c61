"""A data folder, a database or an address that cannot be used: one Chinese sentence that says how to mend it."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import OperationalError
from django.db.migrations.loader import MigrationLoader
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from yifa.cli.database import _refuse_newer
from yifa.law.errors import YifaError
from yifa.ledger.installation.trouble import in_words
from yifa.workbench.views.errors import failed


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.DatabaseError("file is not a database"), "备份恢复"),
        (OperationalError("database disk image is malformed"), "备份恢复"),
        (OperationalError("database is locked"), "正忙"),
        (OperationalError("database or disk is full"), "磁盘已满"),
        (OperationalError("disk I/O error"), "读写磁盘出错"),
        (OSError(errno.EIO, "Input/output error"), "读写磁盘出错"),
        (OperationalError("attempt to write a readonly database"), "写权限"),
        (OperationalError("connection failed: Connection refused"), "连不上数据库服务器"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/attachments"), "/data/attachments"),
    ],
)
def test_what_is_wrong_is_said_even_where_it_lies_behind_another_error(error: Exception, words: str) -> None:
    outer = RuntimeError("outer")
    outer.__cause__ = error
    for one in (error, outer):
        said = in_words(one)
        assert said is not None
        assert words in said


def test_faults_of_the_program_are_not_put_down_to_the_machine() -> None:
    assert in_words(ValueError("no")) is None
    assert in_words(OperationalError("near SELEC: syntax error")) is None


def test_a_database_of_a_later_version_is_left_alone() -> None:
    loader = MigrationLoader(None)
    loader.applied_migrations = {("ledger", "0001_initial"): None}  # type: ignore[dict-item]
    _refuse_newer(loader)
    loader.applied_migrations[("ledger", "9999_later")] = None  # type: ignore[assignment]
    with pytest.raises(YifaError, match=r"更新版本.*ledger 9999_later") as refused:
        _refuse_newer(loader)
    assert refused.value.code == "newer_database"


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [("file", {}, "数据文件夹用不了"), ("folder", {"DATABASE_URL": "garbage"}, "DATABASE_URL 写得不对")],
)
def test_where_django_cannot_start(tmp_path: Path, name: str, more: dict[str, str], words: str) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", "from yifa.cli import main; main()", "ledger", "verify"],
        env={**os.environ, "YIFA_DATA": str(tmp_path / name), **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_says_it_without_asking_the_database_again(rf: RequestFactory) -> None:
    request = rf.get("/cases/")
    request.user = SimpleLazyObject(_lost)  # type: ignore[assignment] # as the session's user is asked for
    try:
        _lost()
    except OperationalError:
        page = failed(request)
    assert page.status_code == 503
    assert "连不上数据库服务器" in page.content.decode()
    assert failed(request).status_code == 500


def test_what_was_written_is_spoken_of_only_where_something_was_sent(rf: RequestFactory) -> None:
    said = []
    for request in (rf.get("/cases/"), rf.post("/cases/1/act/")):
        try:
            _lost()
        except OperationalError:
            said.append(failed(request).content.decode())
        said.append(failed(request).content.decode())
    assert ["填写的内容还在" in page for page in said] == [False, False, True, False]
    assert ["这个页面没有打开" in page for page in said] == [True, True, False, False]


def _lost() -> NoReturn:
    raise OperationalError("connection failed: Connection refused")
