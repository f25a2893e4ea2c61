"""From stored rows to the engine: a case's entries, state, due-date computations and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from yifa.ledger.chain.history import (
    CaseHistory,
    EntryHistory,
    Line,
    case_opened,
    case_with,
    line_of,
    replay_entry,
)
from yifa.ledger.deciding.lists import LedgerTables
from yifa.ledger.legal import case_type_of, context
from yifa.ledger.models import Case, Entry, Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.procedures import engine
from yifa.procedures.model import (
    CaseState,
    Context,
    TraceStep,
)
from yifa.procedures.model import (
    Entry as CaseEntry,
)
from yifa.procedures.tables import advice, fired


def lines_of(subject: str, subject_id: UUID, known_on: date | None = None) -> list[Line]:
    """The records of a chain in order; with `known_on` only those recorded until that day."""
    records = Record.objects.filter(subject=subject, subject_id=subject_id).order_by("position")
    if known_on is not None:
        records = records.filter(recorded_on__lte=known_on)
    return [line_from(record) for record in records]


def line_from(record: Record) -> Line:
    """The line of one record."""
    return line_of(
        {
            "position": record.position,
            "kind": record.kind,
            "happened_on": record.happened_on.isoformat() if record.happened_on else None,
            "recorded_on": record.recorded_on.isoformat(),
            "payload": record.payload,
            "digest": record.digest,
            "organization_id": record.organization_id,
            "recorded_by_id": record.recorded_by_id,
            "id": record.id,
        }
    )


def history_of(case: Case, known_on: date | None = None) -> CaseHistory:
    """The case as its records give it; with `known_on` as it was known on that day."""
    lines = lines_of(Subject.CASE, case.pk, known_on)
    if not lines:
        raise ActionRefused(
            f"到{known_on or '现在'}为止，台账里还没有“{case}”这个事项的记录。", code="missing"
        )
    opened, *later = lines
    history = case_opened(case.pk, opened)
    for line in later:
        history = case_with(history, line)
    return history


def entry_history_of(entry: Entry) -> EntryHistory:
    """The register entry as its records give it."""
    return replay_entry(entry.pk, lines_of(Subject.ENTRY, entry.pk))


def entries_of(case: Case, known_on: date | None = None) -> tuple[CaseEntry, ...]:
    """The acts and corrections in the order entered; with `known_on` those recorded until that day."""
    return history_of(case, known_on).entries


def context_of(case: Case, on: date) -> Context:
    """The engine's context of a case on a day."""
    return context(case.case_type, case.level, case.jurisdiction, on)


def state_of(case: Case, on: date) -> CaseState:
    """What the law says of the case on a day."""
    return engine.state(case_type_of(case.case_type), case.facts, entries_of(case), context_of(case, on))


def trace_of(case: Case, clock: str, on: date) -> tuple[TraceStep, ...]:
    """How a due date was computed."""
    return engine.trace(
        case_type_of(case.case_type), case.facts, entries_of(case), clock, context_of(case, on)
    )


def advice_of(
    case: Case, act: str, on: date, fields: Mapping[str, Any], outcome: str | None = None
) -> tuple[str, ...]:
    """What the tables of an act say of the case on a day, e.g. its band of discretion with article and reasons."""
    case_type = case_type_of(case.case_type)
    tables = LedgerTables(case.organization, on)
    found = fired(case_type, act, outcome, fields, case.facts, tables=tables)
    return tuple(
        line
        for table in case_type.acts[act].tables
        for line in advice(case_type, act, table, found[table.register_])
    )
