"""An import is taken back, chunk by chunk; what others touched since is left and listed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yifa.approvals.sets import drop_set
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.signs import Lost, beat, end
from yifa.exchange.targets import target_of
from yifa.ledger.bulk.undo import withdraw_cases, withdraw_entries
from yifa.ledger.tables import statistics
from yifa.ledger.tables.sqlitecare import give_way

CHUNK = 300
State, What = Import.State, ImportedRow.What


def take_back(run: Import) -> None:
    """Takes back what came in and nobody touched since, the first rows first."""
    done = 0
    while True:
        rows = list(run.rows.filter(what=What.NEW).order_by("row")[:CHUNK])
        if not rows:
            break
        with transaction.atomic():
            if not Import.objects.filter(pk=run.pk, worker=run.worker).update(beat_at=timezone.now()):
                raise Lost
            kept = _withdrawn(run, rows)
            run.rows.filter(pk__in=[row.pk for row in rows if row.row not in kept]).update(what=What.UNDONE)
            left = [row for row in rows if row.row in kept]
            for row in left:
                row.what, row.note = What.KEPT, kept[row.row]
            ImportedRow.objects.bulk_update(left, ["what", "note"], batch_size=200)
        done += len(rows)
        beat(run, done)
        give_way()
    changes = run.rows.filter(what=What.CHANGED)
    drop_set(
        run.pk, changes.values_list("row", flat=True)
    )  # of registers that want an approval they only wait
    changes.update(what=What.KEPT, note="这一行更新了已有的一件，撤销不改回；请到这一件里更正。")
    run.counts = {**run.counts, **{what: run.rows.filter(what=what).count() for what in What.values}}
    end(run, State.UNDONE)
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
