"""A list is read and tried before anything of it comes into the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from yifa.exchange.checking import MOST_FAULTS, Row, decide, listing, look_up, sort_out
from yifa.exchange.mapping import is_ready, laid
from yifa.exchange.models import Import, ImportedRow, ImportFault
from yifa.exchange.signs import alive, beat, end
from yifa.exchange.staging import stage
from yifa.exchange.targets import target_of
from yifa.ledger.bulk.cases import BulkCases

State, What = Import.State, ImportedRow.What


def read(run: Import) -> None:
    """Lays a long list out, finds what its columns hold, and tries it where nothing is wanting."""
    target = target_of(run.target)
    with alive(run):
        run.sheet, reading = laid(run.organization, target, run.attachment, run.mapping or None)
        run.total = stage(run.attachment, run.sheet).length
    run.mapping = reading.as_json()
    run.state = State.CHECKING if is_ready(target, reading) else State.OPEN
    run.save(update_fields=["sheet", "mapping", "total", "state"])
    if run.state == State.CHECKING:
        check(run)
    else:
        end(run, State.OPEN)


def check(run: Import) -> None:
    """Says of each row what would become of it, and of each cell that is wrong how to mend it."""
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
        end(run, State.CHECKED, "" if run.total else "表里没有读到要导入的行，请核对表头在第几行。")


def _faults(run: Import, rows: Iterable[Row], most: int) -> list[ImportFault]:
    found = [
        ImportFault(run=run, row=row.said.row, column=fault.column, message=fault.message)
        for row in rows
        for fault in row.faults
    ]
    return found[: max(most, 0)]
