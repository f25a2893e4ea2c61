"""Backups: one file each below YIFA_DATA/backups, with everything an installation needs to stand up again.

A backup is a tar with the layout of the data folder and a list of digests, so that restoring is unpacking it into an
empty folder. SQLite is copied while it is used. PostgreSQL is not: there the records go in as an export (to be proved
anywhere) and the database itself is kept by its own tools. The installation's secret key stays out.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.actions import NoteBackup
from yifa.ledger.chain.attachments import digest_of
from yifa.ledger.chain.exporting import export
from yifa.ledger.models import Organization, Record, User
from yifa.ledger.proof.verification import verify_file

MANIFEST, DATABASE, LEDGER = "manifest.json", "yifa.sqlite3", "ledger.jsonl"
FOLDERS = ("attachments", "calendar")
FILES = ("open-check.json", "demo-accounts.json", "guide")
NAME = re.compile(r"yifa-\d{8}-\d{6}\.tar")
CHUNK = 1 << 20
UNSOUND = (
    "数据库文件有损坏，没有备份成：这样的备份恢复不了。以前的备份都还在，请不要删。"
    "请停止服务，把整个数据文件夹另存一份，再用最近的完好备份恢复：yifa backup restore。"
)
PAGES = 4096  # of the database copied at a time, so that those who record get in between


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup as its own list says it."""

    name: str
    size: int
    made_at: datetime | None  # None: the file cannot be read
    body: str = ""
    records: int = 0
    attachments: int = 0
    database: bool = False  # the database itself is in it


def folder() -> Path:
    """Where backups lie."""
    return Path(settings.DATA) / "backups"


def path_of_backup(name: str) -> Path | None:
    """The file of a backup; None where there is none of that name."""
    path = folder() / name
    return path if NAME.fullmatch(name) and path.is_file() else None


def backups() -> list[Backup]:
    """All backups, the newest first."""
    paths = [path for path in folder().glob("yifa-*.tar") if NAME.fullmatch(path.name)]
    return [_told(path) for path in sorted(paths, reverse=True)]


def _told(path: Path) -> Backup:
    size = path.stat().st_size
    try:
        said = _manifest(path)
        return Backup(
            path.name, size, datetime.fromisoformat(said["made_at"]), said["body"], said["records"],
            sum(name.startswith("attachments/") for name in said["files"]), DATABASE in said["files"],
        )  # fmt: skip
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError):
        return Backup(path.name, size, None)


def _manifest(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        first = archive.next()
        held = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
        if held is None:
            raise ValueError(MANIFEST)
        said: dict[str, Any] = json.load(held)
        return said


def back_up(actor: User | None) -> Path:
    """Makes a backup and notes who did; one that cannot be noted is taken away again."""
    NoteBackup(actor=actor, name="").check()
    path = make_backup()
    try:
        NoteBackup(actor=actor, name=path.name, digest=digest_of(path)).execute()
    except BaseException:
        path.unlink()
        raise
    return path


def make_backup() -> Path:
    """Writes a backup; the file appears only when it is whole."""
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target) as work:
        parts = [*_database(Path(work)), *_kept()]
        body = Organization.objects.body()
        manifest = {
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "body": body.name if body else "",
            "records": Record.objects.count(),
            "files": {name: _digest(path) for name, path in parts},
        }
        listed = Path(work) / MANIFEST
        listed.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        whole = Path(work) / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            for name, path in [(MANIFEST, listed), *parts]:
                archive.add(path, name, recursive=False)
        whole.chmod(0o600)
        return whole.rename(target / f"yifa-{timezone.localtime():%Y%m%d-%H%M%S}.tar")


def _database(work: Path) -> Iterator[tuple[str, Path]]:
    if connection.vendor != "sqlite":
        export(work / LEDGER)
        yield LEDGER, work / LEDGER
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(work / DATABASE)) as copy:
        connection.connection.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")
        if not _sound(copy):
            raise YifaError(UNSOUND, code="damaged")
    yield DATABASE, work / DATABASE


def _sound(copy: sqlite3.Connection) -> bool:
    """Whether the pages of a database hang together; reads all of it."""
    try:
        return bool(copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _kept() -> Iterator[tuple[str, Path]]:
    data = Path(settings.DATA)
    for name in FOLDERS:
        place = Path(settings.ATTACHMENTS) if name == "attachments" else data / name
        for path in sorted(place.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield f"{name}/{path.relative_to(place).as_posix()}", path
    yield from ((name, data / name) for name in FILES if (data / name).is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_backup(path: Path) -> list[str]:
    """What is wrong with a backup: a file that is missing, foreign or altered, a database or ledger that does not hold."""
    try:
        said = _manifest(path)
        with tarfile.open(path) as archive:
            found = {
                member.name: _digest_in(archive, member) for member in archive if member.name != MANIFEST
            }
            wrong = _differing(said["files"], found)
            return wrong or list(_inside(archive, said))
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return ["文件残缺或者不是备份，读不出来。请改用另一份备份。"]


def _differing(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    return [
        *(f"缺少 {name}。" for name in sorted(wanted.keys() - found.keys())),
        *(f"多出 {name}。" for name in sorted(found.keys() - wanted.keys())),
        *(
            f"{name} 与备份时不同。"
            for name in sorted(wanted.keys() & found.keys())
            if wanted[name] != found[name]
        ),
    ]


def _digest_in(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    held = archive.extractfile(member)
    if held is None:
        return ""
    digest = hashlib.sha256()
    for chunk in _chunks(held):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(held: IO[bytes]) -> Iterator[bytes]:
    while chunk := held.read(CHUNK):
        yield chunk


def _inside(archive: tarfile.TarFile, said: dict[str, Any]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="yifa-backup-") as name:
        for part in (DATABASE, LEDGER):
            if part in said["files"]:
                archive.extract(part, name, filter="data")
        if (Path(name) / LEDGER).exists():
            try:
                yield from (fault.message for fault in verify_file(Path(name) / LEDGER).faults)
            except YifaError as error:
                yield error.message
        if (Path(name) / DATABASE).exists():
            with closing(sqlite3.connect(Path(name) / DATABASE)) as copy:
                if not _sound(copy):
                    yield "备份里的数据库结构有损坏，请改用另一份备份。"
                (records,) = copy.execute(f"SELECT count(*) FROM {Record._meta.db_table}").fetchone()  # noqa: S608
                if records < said["records"]:
                    yield f"备份里应有 {said['records']} 条记录，只有 {records} 条。"
