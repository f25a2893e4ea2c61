"""Sets an import going: reading, trying, bringing in, taking back. One process is at it; a killed one is taken over."""

from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from yifa.exchange import bringing, signs, trying, undoing
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.signs import STALE, WORKING, Lost, Stopped, end, is_stale, where_it_stands
from yifa.law.errors import YifaError
from yifa.ledger.installation.trouble import in_words
from yifa.ledger.proof.apart import run_apart
from yifa.ledger.refusal import ActionRefused

State, What = Import.State, ImportedRow.What
TURNS = {
    State.READING: trying.read,
    State.CHECKING: trying.check,
    State.RUNNING: bringing.bring_in,
    State.UNDOING: undoing.take_back,
}
_log = logging.getLogger(__name__)


def start(run: Import) -> None:
    """Sets a run going: short ones at once, long ones in a process of their own."""
    if is_stale(run):  # whoever was at it is gone, or finds that another has it now
        Import.objects.filter(pk=run.pk).update(worker="")
    signs.begins(run)
    Import.objects.filter(pk=run.pk, worker="").update(ended_at=None, beat_at=timezone.now(), message="")
    if run.state != State.READING and run.total <= settings.IMPORT_APART:
        work(run.pk)
        return
    run_apart("import", "continue", str(run.pk))


def work(run_id: uuid.UUID) -> None:
    """Does what the run's state asks for, from where it was left. Nothing where another process is at it."""
    token = uuid.uuid4().hex
    run = _claim(run_id, token)
    if run is None:
        return
    try:
        TURNS[State(run.state)](run)
    except Lost:
        return
    except Stopped:
        end(run, _without(run), where_it_stands(run))
    except YifaError as error:
        end(run, _without(run), error.message)
    except Exception as error:
        _log.exception("import %s", run_id)
        words = in_words(error)
        if words is None:
            end(run, run.state, "程序出错，停在这里，已经导入的都在。原因已记入系统日志；可以接着做。")
            raise
        _fail(run, words)
    finally:
        with suppress(DatabaseError):  # then it is stale before long
            Import.objects.filter(pk=run_id, worker=token).update(worker="", ended_at=timezone.now())


def _claim(run_id: uuid.UUID, token: str) -> Import | None:
    late = timezone.now() - timedelta(seconds=STALE)
    free = Q(worker="") | Q(beat_at__lt=late)
    run = Import.objects.filter(pk=run_id, state__in=WORKING).first()
    if run is None or (run.worker and not is_stale(run)):
        return None
    taken = (
        Import.objects.filter(pk=run_id, worker=run.worker)
        .filter(free)
        .update(worker=token, beat_at=timezone.now())
    )
    return (
        Import.objects.select_related("actor", "organization", "attachment").get(pk=run_id) if taken else None
    )


def _without(run: Import) -> str:
    """What a run is again that ends before its end."""
    return State.OPEN if run.state == State.CHECKING else State.FAILED


def _fail(run: Import, words: str) -> None:
    """Ends a run that the machine let down; where the database cannot take even that, whoever waits is told."""
    told = f"{words}{where_it_stands(run)}"
    try:
        end(run, _without(run), told)
    except (DatabaseError, OSError) as error:
        raise YifaError(told, code="trouble") from error


def may_drop(run: Import) -> bool:
    """Whether an import can be given up: nothing of it has come in, and nobody is at it."""
    return run.state in {State.OPEN, State.CHECKED, State.FAILED} and not run.rows.exists()


def drop(run: Import) -> None:
    """Gives up an import of which nothing has come in."""
    if not may_drop(run):
        raise ActionRefused("这次导入已经有行进了台账，不能放弃；请撤销这次导入。", code="invalid")
    run.delete()


def check(run: Import) -> None:
    """Begins the dry run."""
    Import.objects.filter(pk=run.pk).update(state=State.CHECKING, done=0, message="")
    run.refresh_from_db()
    start(run)
    run.refresh_from_db()


def bring_in(run: Import, mode: str, *, update: bool) -> None:
    """Begins the import of a list that was checked."""
    if run.state not in {State.CHECKED, State.FAILED}:
        raise ActionRefused("这份表现在不能导入：请先试算，看过结果再导入。", code="invalid")
    wrong = run.counts.get(What.WRONG, 0)
    if mode == Import.Mode.WHOLE and wrong:
        raise ActionRefused(
            f"有 {wrong} 行有错，选了“全部导入或者一行也不导入”，没有导入。请改好表再试，或者选跳过有错的行。",
            code="invalid",
        )
    run.mode, run.update, run.state, run.done, run.message = mode, update, State.RUNNING, 0, ""
    run.save(update_fields=["mode", "update", "state", "done", "message"])
    start(run)
    run.refresh_from_db()


def undo(run: Import, reason: str) -> None:
    """Begins to take back what came in, with a reason; what others touched since is left and listed."""
    if run.state not in {State.DONE, State.FAILED} or not run.rows.filter(what=What.NEW).exists():
        raise ActionRefused("这次导入没有可以撤销的内容。", code="invalid")
    if not reason.strip():
        raise ActionRefused("请写明撤销的理由；理由随撤销一并留痕。", code="invalid", field="reason")
    run.state, run.reason, run.done, run.message = State.UNDOING, reason.strip(), 0, ""
    run.save(update_fields=["state", "reason", "done", "message"])
    start(run)
    run.refresh_from_db()
