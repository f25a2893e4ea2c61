"""A verification that others can watch: how far it is, and what the last one found, in files beside the database.

Beside it, not in it: on PostgreSQL a verification looks at one moment of the database and changes nothing there.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.chain.faults import Fault, Verified
from yifa.ledger.chain.records import Progress
from yifa.ledger.installation.trouble import in_words
from yifa.ledger.models import Record
from yifa.ledger.proof.apart import run_apart
from yifa.ledger.proof.verification import verify

AT_ONCE = 5000  # records up to which a page waits for the answer: some seconds
STALE = 300.0  # seconds without progress after which a run is taken to have been ended
MOST_KEPT = 1000  # faults
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """A run under way: how many records it has been through, of how many."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """The share that is done."""
        return 100 * self.done // max(self.total, 1)


@dataclass(frozen=True, slots=True)
class Last:
    """What the last run found; of many faults the first, `count` is of all."""

    at: datetime
    found: Verified
    count: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that ended before it had been through: when, and why as far as it is known."""

    at: datetime
    why: str


def begin() -> None:
    """Sets a verification going: of a short ledger at once, of a long one in a process of its own."""
    if under_way() is not None:
        return
    records = Record.objects.count()
    if records <= AT_ONCE:
        with suppress(Exception):  # was noted, and is shown by the page
            run()
        return
    _say(0, records)
    _failed().unlink(missing_ok=True)
    run_apart("ledger", "verify", "--keep")


def run(progress: Progress | None = None) -> Verified:
    """Verifies, and keeps how far it is and what it found."""

    def move(done: int, total: int) -> None:
        _say(done, total)
        if progress is not None:
            progress(done, total)

    try:
        found = verify(move)
        _keep(found)
        _failed().unlink(missing_ok=True)
    except BaseException as error:
        _note_failure(error)
        raise
    finally:
        _going().unlink(missing_ok=True)
    return found


def under_way() -> Going | None:
    """The run that is going on."""
    try:
        if time.time() - _going().stat().st_mtime > STALE:
            return None
        done, total = map(int, _going().read_text().split())
    except (OSError, ValueError):
        return None
    return Going(done, total)


def failed() -> Failed | None:
    """The run after the last whole one, where it ended in an error or without a word."""
    try:
        said = json.loads(_failed().read_text(encoding="utf-8"))
        return Failed(datetime.fromisoformat(said["at"]), said["why"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        at = _going().stat().st_mtime
    except OSError:
        return None
    moment = datetime.fromtimestamp(at, tz=UTC)
    return Failed(moment, "核验的进程中途停了（例如服务器重启）。") if under_way() is None else None


def last() -> Last | None:
    """What was found last; None where nobody has verified yet."""
    try:
        said = json.loads(_last().read_text(encoding="utf-8"))
        faults = tuple(Fault(**fault) for fault in said["faults"])
        at = datetime.fromisoformat(said["at"])
        return Last(at, Verified(faults, said["records"], said["seals"]), said["count"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(found: Verified) -> None:
    first = Verified(found.faults[:MOST_KEPT], found.records, found.seals)
    said = first.as_json() | {"at": timezone.now().isoformat(), "count": len(found.faults)}
    _write(_last(), json.dumps(said, ensure_ascii=False))


def _note_failure(error: BaseException) -> None:
    """Says that and why a run ended; the log has the rest."""
    _log.error("verification", exc_info=error)
    why = _why(error)
    with suppress(OSError):  # a full disk: the log says it
        _write(_failed(), json.dumps({"at": timezone.now().isoformat(), "why": why}, ensure_ascii=False))


def _why(error: BaseException) -> str:
    if isinstance(error, YifaError):
        return error.message
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "核验被中断。"
    by_default = "程序出错。"
    if isinstance(error, OSError):
        by_default = "磁盘或者附件文件夹读写出错。"
    elif isinstance(error, DatabaseError):
        by_default = "数据库读写出错：可能正忙、已断开，或者文件已损坏。"
    return in_words(error) or by_default


def _say(done: int, total: int) -> None:
    _write(_going(), f"{done} {total}")


def _write(path: Path, text: str) -> None:
    """Whoever reads meanwhile sees the one or the other, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _last() -> Path:
    return Path(settings.DATA) / "verification" / "last.json"


def _failed() -> Path:
    return Path(settings.DATA) / "verification" / "failed.json"


def _going() -> Path:
    return Path(settings.DATA) / "verification" / "going"
