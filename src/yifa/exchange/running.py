"""Checking, bringing in and undoing an import, chunk by chunk: what was done is journaled, and a killed run goes on.

A chunk is one transaction with its lines of the journal. "All or nothing" is one transaction over all chunks.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from yifa.approvals.sets import drop_set
from yifa.exchange import signs
from yifa.exchange.ahead import Made, Workers, is_worth_it
from yifa.exchange.checking import MOST_FAULTS, Listing, Row, decide, listing, look_up, sort_out
from yifa.exchange.models import Import, ImportedRow, ImportFault
from yifa.exchange.rows import Said
from yifa.exchange.signs import STALE, WORKING, Stopped, beat, is_stale, where_it_stands
from yifa.exchange.storing import Noted, changed, journal, noted, store_new
from yifa.exchange.targets import target_of
from yifa.law.errors import YifaError
from yifa.ledger.bulk.cases import BulkCases
from yifa.ledger.bulk.undo import withdraw_cases, withdraw_entries
from yifa.ledger.installation.trouble import in_words
from yifa.ledger.proof.apart import run_apart
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.tables import statistics

UNDO_CHUNK = 300
State, What = Import.State, ImportedRow.What
_log = logging.getLogger(__name__)


class _Lost(Exception):  # noqa: N818 - not an error: somebody else goes on
    """Another process has taken the run over."""


class _Wrong(Exception):  # noqa: N818 - not an error: the list is
    """A row is wrong in a run of all or nothing."""


def start(run: Import) -> None:
    """Sets a run going: short ones at once, long ones in a process of their own."""
    if is_stale(run):  # whoever was at it is gone, or finds that another has it now
        Import.objects.filter(pk=run.pk).update(worker="")
    signs.begins(run)
    Import.objects.filter(pk=run.pk, worker="").update(ended_at=None, beat_at=timezone.now())
    if run.total <= settings.IMPORT_APART:
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
        {State.CHECKING: _check, State.RUNNING: _bring_in, State.UNDOING: _undo}[State(run.state)](run)
    except _Lost:
        return
    except Stopped:
        _end(run, State.OPEN if run.state == State.CHECKING else State.FAILED, where_it_stands(run))
    except YifaError as error:
        _end(run, State.OPEN if run.state == State.CHECKING else State.FAILED, error.message)
    except Exception as error:
        _log.exception("import %s", run_id)
        words = in_words(error)
        if words is None:
            _end(run, run.state, "程序出错，停在这里，已经导入的都在。原因已记入系统日志；可以接着做。")
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


def _fail(run: Import, words: str) -> None:
    """Ends a run that the machine let down; where the database cannot take even that, whoever waits is told."""
    told = f"{words}{where_it_stands(run)}"
    try:
        _end(run, State.OPEN if run.state == State.CHECKING else State.FAILED, told)
    except (DatabaseError, OSError) as error:
        raise YifaError(told, code="trouble") from error


def _end(run: Import, state: str, message: str = "") -> None:
    run.state, run.message, run.ended_at = state, message, timezone.now()
    run.save(update_fields=["state", "message", "ended_at", "counts", "done", "total"])
    signs.ends(run)


# ------------------------------------------------------------ stopped or given up


def may_drop(run: Import) -> bool:
    """Whether an import can be given up: nothing of it has come in, and nobody is at it."""
    return run.state in {State.OPEN, State.CHECKED, State.FAILED} and not run.rows.exists()


def drop(run: Import) -> None:
    """Gives up an import of which nothing has come in."""
    if not may_drop(run):
        raise ActionRefused("这次导入已经有行进了台账，不能放弃；请撤销这次导入。", code="invalid")
    run.delete()


# ------------------------------------------------------------ the dry run


def check(run: Import) -> None:
    """Begins the dry run."""
    Import.objects.filter(pk=run.pk).update(state=State.CHECKING, done=0, message="")
    run.refresh_from_db()
    start(run)
    run.refresh_from_db()


def _check(run: Import) -> None:
    listed = listing(run)
    look_up(listed)
    bulk = BulkCases(run.actor)
    counts: Counter[str] = Counter()
    faults: list[ImportFault] = []
    for chunk in listed.chunks():
        rows = decide(listed, sort_out(listed, chunk), bulk)
        counts.update(row.what for row in rows)
        faults += _faults(run, rows, MOST_FAULTS - len(faults))
        counts["cells"] += sum(len(row.faults) for row in rows)
        beat(run, sum(counts[what] for what in What.values))
    counts["skipped"] = listed.skipped
    run.total = run.done
    run.counts = dict(counts)
    with transaction.atomic():
        run.faults.all().delete()
        ImportFault.objects.bulk_create(faults, batch_size=500)
        _end(run, State.CHECKED, "" if run.total else "表里没有读到要导入的行，请核对表头在第几行。")


def _faults(run: Import, rows: Iterable[Row], most: int) -> list[ImportFault]:
    found = [
        ImportFault(run=run, row=row.said.row, column=fault.column, message=fault.message)
        for row in rows
        for fault in row.faults
    ]
    return found[: max(most, 0)]


# ------------------------------------------------------------ the import


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


def _bring_in(run: Import) -> None:
    listed = listing(run)
    after = run.rows.aggregate(last=Max("row"))["last"] or 0
    counts = Counter({what: run.rows.filter(what=what).count() for what in What.values} if after else {})
    bulk = BulkCases(run.actor)
    whole = run.mode == Import.Mode.WHOLE
    try:
        with (
            Workers(listed, after) if is_worth_it(listed) else nullcontext() as workers,
            transaction.atomic() if whole else nullcontext(),
        ):
            for store in _stores(listed, after, bulk, workers):
                counts.update(_chunk(run, store))
                beat(run, sum(counts.values()))
    except _Wrong as wrong:
        _end(run, State.FAILED, str(wrong))
        return
    run.counts = {**run.counts, **{what: counts.get(what, 0) for what in What.values}}
    run.done = sum(counts.values())
    _end(run, State.DONE)
    statistics.keep()


def _stores(
    listed: Listing, after: int, bulk: BulkCases, workers: Workers | None
) -> Iterator[Callable[[], Noted]]:
    """What stores the new rows of each chunk: as other processes made them, or made here."""
    if workers is not None:
        for made in workers:
            yield partial(_put, listed, bulk, made)
        return
    look_up(listed)
    for chunk in listed.chunks(after):
        yield partial(_make_and_store, listed, chunk, bulk)


def _put(listed: Listing, bulk: BulkCases, made: Made) -> Noted:
    bulk.put(made.ready)
    if isinstance(made.kept, Noted):
        return made.kept
    return noted(listed.run, changed(listed, made.kept))


def _make_and_store(listed: Listing, chunk: Sequence[Said], bulk: BulkCases) -> Noted:
    return noted(listed.run, changed(listed, store_new(listed, sort_out(listed, chunk), bulk)))


def _chunk(run: Import, store: Callable[[], Noted]) -> Counter[str]:
    with transaction.atomic():
        rows = store()
        if rows.wrong is not None and run.mode == Import.Mode.WHOLE:
            row, fault = rows.wrong
            raise _Wrong(f"第 {row} 行：{fault}因为选了“全部导入或者一行也不导入”，没有导入任何一行。")
        if not Import.objects.filter(pk=run.pk, worker=run.worker).update(beat_at=timezone.now()):
            raise _Lost
        journal(run, rows)
    return rows.counts


# ------------------------------------------------------------ the undoing


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


def _undo(run: Import) -> None:
    done = 0
    while True:
        rows = list(run.rows.filter(what=What.NEW).order_by("row")[:UNDO_CHUNK])
        if not rows:
            break
        with transaction.atomic():
            if not Import.objects.filter(pk=run.pk, worker=run.worker).update(beat_at=timezone.now()):
                raise _Lost
            kept = _withdrawn(run, rows)
            run.rows.filter(pk__in=[row.pk for row in rows if row.row not in kept]).update(what=What.UNDONE)
            left = [row for row in rows if row.row in kept]
            for row in left:
                row.what, row.note = What.KEPT, kept[row.row]
            ImportedRow.objects.bulk_update(left, ["what", "note"], batch_size=200)
        done += len(rows)
        beat(run, done)
    changes = run.rows.filter(what=What.CHANGED)
    drop_set(
        run.pk, changes.values_list("row", flat=True)
    )  # of registers that want an approval they only wait
    changes.update(what=What.KEPT, note="这一行更新了已有的一件，撤销不改回；请到这一件里更正。")
    run.counts = {**run.counts, **{what: run.rows.filter(what=what).count() for what in What.values}}
    _end(run, State.UNDONE)
    statistics.keep()


def _reason(run: Import) -> str:
    return f"撤销导入（{run.attachment.name}）：{run.reason}"


def _withdrawn(run: Import, rows: Sequence[ImportedRow]) -> dict[int, str]:
    """Withdraws what came of rows; of those left alone the reason, by row."""
    target = target_of(run.target)
    if target.register is not None and target.register.approval and run.actor is not None:
        kept = drop_set(run.pk, [row.row for row in rows])
        return dict.fromkeys(kept, "已由另一人审核公布，没有撤销；请到清单里撤下。")
    withdraw = withdraw_cases if run.target.startswith("case:") else withdraw_entries
    lengths = {row.subject_id: row.length for row in rows if row.subject_id}
    done = withdraw(lengths, run.actor, _reason(run), {"import": str(run.pk)})
    return {
        row.row: done[row.subject_id].refused.message  # type: ignore[union-attr]
        for row in rows
        if row.subject_id and done[row.subject_id].refused
    }
