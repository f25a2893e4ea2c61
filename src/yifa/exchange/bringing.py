"""What came of a dry run goes into the ledger, chunk by chunk; a run that was killed goes on where it was.

A chunk is one transaction with its lines of the journal. "All or nothing" is one transaction over all chunks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from yifa.exchange.ahead import Made, Workers, is_worth_it
from yifa.exchange.checking import Listing, listing, look_up, sort_out
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.rows import Said
from yifa.exchange.signs import Lost, beat, end
from yifa.exchange.storing import Noted, changed, journal, noted, store_new
from yifa.ledger.bulk.cases import BulkCases
from yifa.ledger.tables import statistics
from yifa.ledger.tables.sqlitecare import give_way

State, What = Import.State, ImportedRow.What


class _Wrong(Exception):  # noqa: N818 - not an error: the list is
    """A row is wrong in a run of all or nothing."""


def bring_in(run: Import) -> None:
    """Brings in what has not come yet, chunk by chunk, or all in one transaction."""
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
                give_way()
    except _Wrong as wrong:
        end(run, State.FAILED, str(wrong))
        return
    run.counts = {**run.counts, **{what: counts.get(what, 0) for what in What.values}}
    run.done = sum(counts.values())
    end(run, State.DONE)
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
            raise Lost
        journal(run, rows)
    return rows.counts
