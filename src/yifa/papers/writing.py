"""Writing a file whole or not at all, and saying in Chinese why it could not be written."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yifa.law.errors import YifaError

REASONS = {
    errno.EACCES: "没有写入权限，请换一个文件夹或请管理员授权",
    errno.EPERM: "没有写入权限，请换一个文件夹或请管理员授权",
    errno.EROFS: "所在磁盘是只读的，请换一个文件夹",
    errno.ENOSPC: "磁盘已满，请清出空间后重试",
    errno.EDQUOT: "磁盘配额已用完，请清出空间后重试",
    errno.ENOTDIR: "路径中有一段是文件而不是文件夹，请核对路径",
    errno.EEXIST: "路径中有一段是文件而不是文件夹，请核对路径",
    errno.EISDIR: "这是一个文件夹，请写明文件名",
    errno.ENAMETOOLONG: "文件名太长，请缩短",
}


class WritingError(YifaError):
    """A paper cannot be written where it was asked for."""

    code = "not_written"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; moved over `path` when the block ends well, else removed.

    Raises:
        WritingError: the place cannot be written to; an older file of that name is left as it was.
    """
    draft: Path | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def cannot_write(path: Path, error: Exception) -> WritingError:
    """The error for people."""
    reason = REASONS.get(getattr(error, "errno", None) or 0, "请核对路径和权限")
    return WritingError(f"「{path}」写不进去：{reason}。")


def refuse_unwritable(path: Path) -> None:
    """Say now what would fail at the end of long work: raises WritingError where `path` cannot be written."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".yifa.", dir=path.parent):
            pass
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from error


def _umask() -> int:
    """The bits new files lack; Linux tells them without changing them."""
    with suppress(OSError, ValueError), Path("/proc/self/status").open() as status:
        for line in status:
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    return 0o022
