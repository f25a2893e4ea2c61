"""Signs of life of an import, beside the database, as a long transaction would hide them: how far it is, whether to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.utils import timezone

from yifa.exchange.models import Import, ImportedRow

STALE = 60.0  # seconds without a sign of life after which a run may be taken over
State, What = Import.State, ImportedRow.What
WORKING = (State.READING, State.CHECKING, State.RUNNING, State.UNDOING)
BREATH = 10.0  # seconds between two signs of what tells no progress


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The run is to stop here."""


class Lost(Exception):  # noqa: N818 - not an error: somebody else goes on
    """Another process has taken the run over."""


def _sign(run: Import) -> Path:
    return Path(settings.DATA) / "exchange" / f"{run.pk}.progress"


def _flag(run: Import) -> Path:
    return _sign(run).with_suffix(".stop")


def begins(run: Import) -> None:
    """What was asked of an earlier turn holds no more; its silence neither: a process takes a while to begin."""
    _flag(run).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        os.utime(_sign(run))


def end(run: Import, state: str, message: str = "") -> None:
    """Ends a turn of a run; nothing is to be told of it any more."""
    run.state, run.message, run.ended_at = state, message, timezone.now()
    run.save(update_fields=["state", "message", "ended_at", "counts", "done", "total"])
    _sign(run).unlink(missing_ok=True)


@contextmanager
def alive(run: Import) -> Iterator[None]:
    """Gives signs of life while something runs that tells no progress."""
    over = Event()

    def breathe() -> None:
        while not over.wait(BREATH):
            _sign(run).touch()

    beat(run, 0)
    thread = Thread(target=breathe, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stop(run: Import) -> None:
    """Asks a dry run or an import to stop after the chunk it is at."""
    if run.state in {State.CHECKING, State.RUNNING}:
        _flag(run).parent.mkdir(parents=True, exist_ok=True)
        _flag(run).touch()


def beat(run: Import, done: int) -> None:
    """Says how far it is. Ends a run that is to stop."""
    run.done = done
    _sign(run).parent.mkdir(parents=True, exist_ok=True)
    _sign(run).write_text(str(done))
    if run.state != State.UNDOING and _flag(run).exists():
        _flag(run).unlink(missing_ok=True)
        raise Stopped


def where_it_stands(run: Import) -> str:
    """What there is of a run that ends before its end."""
    if run.state == State.READING:
        return "表没有读完，请重新上传。"
    if run.state == State.CHECKING:
        return "试算已停下；改好以后可以重新试算。"
    if run.state == State.UNDOING:
        return "已经撤销的都已撤销，可以接着撤销。"
    if run.mode == Import.Mode.WHOLE:
        return "已停下。因为选了“全部导入或者一行也不导入”，没有导入任何一行。"
    if not run.done:
        return "还没有导入任何一行，可以接着导入。"
    return f"已停在第 {run.done} 行：前面导入的都在，可以接着导入，也可以撤销这次导入。"


def progress(run: Import) -> tuple[int, int]:
    """How many rows are done, of how many."""
    undoing = (What.NEW, What.UNDONE, What.KEPT)
    total = run.rows.filter(what__in=undoing).count() if run.state == State.UNDOING else run.total
    try:
        return int(_sign(run).read_text() or 0), total
    except (OSError, ValueError):
        return run.done, total


def is_stale(run: Import) -> bool:
    """Whether nobody is at it though its state says so."""
    if run.state not in WORKING:
        return False
    try:
        last = _sign(run).stat().st_mtime
    except OSError:
        last = run.beat_at.timestamp() if run.beat_at else run.created_at.timestamp()
    ended = not run.worker and run.ended_at is not None  # by an error; else its process has yet to begin
    return ended or time.time() - last > STALE
