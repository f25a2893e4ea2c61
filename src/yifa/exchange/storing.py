"""Storing some rows of an import: new ones by the ledger's bulk ways, those that differ changed where it was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from yifa.approvals.sets import draft_entries
from yifa.exchange.checking import Listing, Row, as_refused, given_case, given_entry, source_of
from yifa.exchange.comparing import Standing, settle, standing
from yifa.exchange.models import Import, ImportedRow
from yifa.ledger.bulk.cases import BulkCases, GivenCase, Stored
from yifa.ledger.bulk.entries import GivenEntry, publish_entries
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.tables.copying import Form, Lines, packed

What = ImportedRow.What
Kept = tuple[Row, UUID | None, int]  # the row, what came of it, the length of its chain
DRAFTED = "已送审，由另一人审核通过后公布。"
LINE = Form(ImportedRow, "row", "what", "subject_id", "length", "title", "note")


def store_new(listed: Listing, rows: Sequence[Row], bulk: BulkCases) -> list[Kept]:
    """Stores the new rows."""
    if listed.target.is_case:
        return new_ones(listed, rows, bulk.store)
    drafter = listed.drafter
    if drafter is None:
        return new_ones(listed, rows, lambda given: publish_entries(given, listed.run.actor))
    kept = new_ones(listed, rows, lambda given: draft_entries(given, drafter, listed.run.pk))
    return [
        (replace(row, note=DRAFTED), subject, length) if row.what == What.NEW else (row, subject, length)
        for row, subject, length in kept
    ]


def new_ones(listed: Listing, rows: Sequence[Row], store: Callable[[list[Any]], list[Stored]]) -> list[Kept]:
    """What becomes of rows when `store` has seen the new ones."""
    new = [row for row in rows if row.what == What.NEW]
    given: list[GivenCase] | list[GivenEntry]
    given = [given_case(listed, row.said) for row in new] if listed.target.is_case else [
        given_entry(listed, row.said) for row in new
    ]  # fmt: skip
    made: dict[int, Kept] = {}
    for row, stored in zip(new, store(given), strict=True):
        refused = as_refused(listed, row, stored.refused) if stored.refused else row
        made[row.said.row] = (refused, stored.id, stored.length)
    return [made.get(row.said.row, (row, row.existing, 0)) for row in rows]


def changed(listed: Listing, kept: Sequence[Kept]) -> list[Kept]:
    """The rows after what stands otherwise in the ledger was changed, where that was asked for."""
    if not listed.run.update:
        return list(kept)
    held = standing(
        listed.target, [row.existing for row, _, _ in kept if row.what == What.DIFFERENT and row.existing]
    )
    return [
        _changed(listed, one[0], held[one[0].existing]) if one[0].existing in held else one for one in kept
    ]


def _changed(listed: Listing, row: Row, held: Standing) -> Kept:
    reason = f"按导入的表更新：{listed.run.attachment.name} 第 {row.said.row} 行"
    source = source_of(listed, row.said)
    try:
        with transaction.atomic():
            steps = settle(
                listed.target, row.said, held, listed.run.actor, reason, source, listed.reader.units
            )
    except ActionRefused as refused:
        return as_refused(listed, row, refused), row.existing, 0
    if not steps:
        return row, row.existing, 0
    note = f"{DRAFTED} {row.note}" if listed.drafter else row.note
    return Row(row.said, What.CHANGED, row.existing, note=note), row.existing, 0


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of some rows: how many of each, the first that is wrong, their lines of the journal."""

    counts: Counter[str]
    wrong: tuple[int, str] | None  # the row, and why
    lines: Lines


def noted(run: Import, kept: Sequence[Kept]) -> Noted:
    """What became of rows, ready for the journal."""
    rest = LINE.ready().rest({"run_id": run.pk})
    lines = [
        LINE.line((row.said.row, str(row.what), subject, length, row.said.title, _note(row)), rest)
        for row, subject, length in kept
    ]
    wrong = next((row for row, _, _ in kept if row.what == What.WRONG), None)
    why = (wrong.said.row, wrong.faults[0].message) if wrong is not None else None
    return Noted(Counter(row.what for row, _, _ in kept), why, packed(lines))


def journal(_: Import, rows: Noted) -> None:
    """Stores what became of rows."""
    LINE.store(rows.lines)


def _note(row: Row) -> str:
    return "；".join(fault.message for fault in row.faults) or row.note
