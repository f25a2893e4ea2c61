"""What is wrong with the machine, in words an official can act on: the disk, the data folder, the database.

Knows the faults by their kind and words, not by their classes: it must work where Django could not even start.
"""

from __future__ import annotations

import errno

DATABASE = ("django.db", "sqlite3", "psycopg")
DISK_FULL = "磁盘已满，没有写成。请清理数据文件夹（YIFA_DATA）所在的磁盘后重试。"
DAMAGED = "数据库文件已损坏或者不是数据库，没有改动它。请先另存一份数据文件夹，再用最近的备份恢复：yifa backup restore。"
ADDRESS = "DATABASE_URL 写得不对。应当像 postgresql://用户:口令@主机:5432/库名；不用 PostgreSQL 的，请不设 DATABASE_URL。"
# what a database says, in small letters, and what it means
SAID = (
    (("file is not a database", "malformed", "disk image"), DAMAGED),
    (("database or disk is full", "no space left"), DISK_FULL),
    (
        ("disk i/o error",),
        "读写磁盘出错：磁盘可能有故障或者已断开。请检查数据文件夹（YIFA_DATA）所在的磁盘，先另存一份再重试。",
    ),
    (("is locked", "lock timeout"), "数据库正忙：别的程序（例如备份或者同步软件）占用着它。请稍等再试。"),
    (("readonly", "read-only"), "数据库只能读，不能写。请检查数据文件夹（YIFA_DATA）和其中数据库文件的写权限。"),
    (("unable to open",), "数据库文件打不开。请检查数据文件夹（YIFA_DATA）是否存在、有没有读写权限。"),
    (("password authentication", "no password supplied"), "数据库的用户名或者口令不对。请检查 DATABASE_URL。"),
    (("does not exist",), "数据库或者其中的表、用户不存在。请检查 DATABASE_URL 里的库名和用户名。"),
    (
        ("connection", "could not translate host"),
        "连不上数据库服务器。请检查它是否已启动，DATABASE_URL 里的主机和端口是否正确。",
    ),
)  # fmt: skip


def in_words(error: BaseException | None) -> str | None:
    """The trouble behind an error or behind what caused it; None where the fault is the program's own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = _of_database(error) or _of_system(error)
        if found is not None:
            return found
        error = error.__cause__ or error.__context__
    return None


def _of_database(error: BaseException) -> str | None:
    module = type(error).__module__
    if module.startswith("dj_database_url"):
        return ADDRESS
    if not module.startswith(DATABASE):
        return None
    text = str(error).lower()
    return next((words for signs, words in SAID if any(sign in text for sign in signs)), None)


def _of_system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    where = f"：{error.filename}" if isinstance(error.filename, str) else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DISK_FULL
    if error.errno == errno.EIO:
        return next(words for signs, words in SAID if "disk i/o error" in signs)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"没有读写权限{where}。请检查数据文件夹（YIFA_DATA）的所有者和权限。"
    return None
