"""A backup put back into an empty data folder: looked over first, unpacked beside, moved in at the end."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from django.conf import settings

from yifa.law.errors import YifaError
from yifa.ledger.installation.backups import DATABASE, FILES, FOLDERS, MANIFEST, verify_backup


def restore_backup(path: Path) -> None:
    """Puts back what a backup holds.

    Raises:
        YifaError: The backup does not hold, holds no database (it was made on PostgreSQL), or something stands in the data
            folder already. Nothing is changed then, nor where the disk fills up meanwhile.
    """
    data = Path(settings.DATA)
    there = [name for name in (DATABASE, f"{DATABASE}-wal", *FOLDERS, *FILES) if _stands(data / name)]
    if there:
        raise YifaError(
            f"数据文件夹 {data} 里已有{'、'.join(there)}，为免盖掉原有数据，没有恢复。"
            "请停止服务，把这个文件夹改名另存，再恢复一次（会新建同名的空文件夹）。",
            code="not_empty",
        )
    if faults := verify_backup(path):
        raise YifaError(f"这份备份不完整，没有恢复：{faults[0]}", code="damaged")
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as name:
        work = Path(name)
        with tarfile.open(path) as archive:
            archive.extractall(work, filter="data")
        if not (work / DATABASE).is_file():
            raise YifaError(
                "这份备份是用 PostgreSQL 时做的，里面没有数据库，没有恢复。"
                "请用 pg_dump 的备份恢复数据库，再把备份里的 attachments、calendar 解开到数据文件夹。",
                code="no_database",
            )
        (work / MANIFEST).unlink()
        for part in sorted(work.iterdir(), key=lambda one: one.name == DATABASE):  # the database last
            _gone(data / part.name)
            part.rename(data / part.name)


def _stands(path: Path) -> bool:
    return any(path.rglob("*")) if path.is_dir() else path.exists()


def _gone(path: Path) -> None:
    """Takes an empty folder away."""
    if path.is_dir():
        path.rmdir()
