"""The rows lists and counts need, made from records. One way for a live record, a rebuild and verification.

A case's rows follow from its history and the rules alone, never from today: they are looked at on the day of the last
record. What depends on today (overdue, days left) is asked for when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.law.schema import Basis, CaseType, RegisterType
from yifa.ledger.chains import chain_faults
from yifa.ledger.faults import Chain
from yifa.ledger.history import CaseHistory, EntryHistory, line_of, replay_case, replay_entry
from yifa.ledger.legal import case_type_of, context, register_of, rules_digest
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    Entry,
    EntryVersion,
    NumberSeries,
    Organization,
    ProjectionState,
    Record,
    Subject,
)
from yifa.ledger.records import by_chain, stored_records
from yifa.procedures import engine
from yifa.procedures.model import CaseState, ClockState, ClockStatus

Progress = Callable[[int, int], None]
BATCH = 400
Values = dict[str, Any]  # column name (as in the model, foreign keys with _id) → value


@dataclass(frozen=True, slots=True)
class CaseRows:
    """All rows of one case."""

    case: Values
    acts: tuple[Values, ...]
    clocks: tuple[Values, ...]
    findings: tuple[Values, ...]
    numbers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRows:
    """All rows of one register entry."""

    entry: Values
    versions: tuple[Values, ...]


def organization_ids() -> dict[str, int]:
    """Organization codes and their ids."""
    return dict(Organization.objects.values_list("code", "id"))


def case_rows(history: CaseHistory, organizations: Mapping[str, int]) -> CaseRows:
    """The rows a case has after its last record."""
    case_type = case_type_of(history.case_type)
    looked_at = context(history.case_type, history.level, history.jurisdiction, history.recorded_on)
    state = engine.state(case_type, history.facts, history.entries, looked_at)
    findings = engine.findings(case_type, history.facts, history.entries, looked_at)
    return CaseRows(
        case=_case(history, case_type, state, len(findings)),
        acts=_acts(history, state, organizations),
        clocks=tuple(_clock(history.id, clock) for clock in state.clocks.values()),
        findings=tuple(
            {
                "case_id": history.id,
                "kind": str(finding.kind),
                "act": finding.act or "",
                "clock": finding.clock or "",
                "position": finding.position,
                "message": finding.message,
                "basis": basis_of(finding.basis),
            }
            for finding in findings
        ),
        numbers=history.numbers,
    )


def basis_of(basis: Basis | None) -> dict[str, str | None] | None:
    """A legal basis as stored."""
    return None if basis is None else {"law": basis.law, "article": basis.article}


def running(case_type: CaseType, clock: ClockState) -> bool:
    """Whether a clock is a deadline of the body itself that still runs towards a known day."""
    return (
        not clock.minimum
        and case_type.clocks[clock.id].party is None
        and clock.started is not None
        and clock.stopped is None
        and clock.due is not None
        and clock.state != ClockStatus.PAUSED
    )


def _case(history: CaseHistory, case_type: CaseType, state: CaseState, findings: int) -> Values:
    clocks = state.clocks.values()
    deadlines = sorted((clock.due or date.max, clock.id) for clock in clocks if running(case_type, clock))
    next_due, next_clock = deadlines[0] if deadlines else (None, "")
    broken = [
        clock
        for clock in clocks
        if clock.state == ClockStatus.BROKEN
        and clock.stopped is not None
        and case_type.clocks[clock.id].party is None
    ]
    return {
        "id": history.id,
        "case_type": history.case_type,
        "organization_id": history.organization_id,
        "title": history.title,
        "number": history.number,
        "level": history.level,
        "jurisdiction": history.jurisdiction,
        "facts": dict(history.facts),
        "opened_on": state.opened_on,
        "closed_on": state.closed_on,
        "status": state.status,
        "next_due": next_due,
        "next_clock": next_clock,
        "broken": len(broken),
        "findings_count": findings,
        "length": history.length,
        "head": history.head,
        "opened_by_id": history.opened_by_id,
    }


def _acts(history: CaseHistory, state: CaseState, organizations: Mapping[str, int]) -> tuple[Values, ...]:
    return tuple(
        {
            "case_id": history.id,
            "position": act.position,
            "record_id": history.shaped[act.position].id,
            "act": act.act,
            "happened_on": act.on,
            "outcome": act.outcome or "",
            "actor": act.by or "",
            "unit_id": organizations.get(act.unit) if act.unit else None,
            "role": act.role or "",
            "fields": dict(act.fields),
            "evidence": history.evidence[act.position],
            "entered": str(act.entered),
            "corrected": act.corrected,
        }
        for act in state.acts
    )


def _clock(case_id: UUID, clock: ClockState) -> Values:
    return {
        "case_id": case_id,
        "clock": clock.id,
        "minimum": clock.minimum,
        "started_on": clock.started,
        "due": clock.due,
        "stopped_on": clock.stopped,
        "paused": clock.state == ClockStatus.PAUSED,
    }


def entry_rows(history: EntryHistory) -> EntryRows:
    """The rows a register entry has after its last record."""
    register = register_of(history.register)
    data = history.data
    return EntryRows(
        entry={
            "id": history.id,
            "register": history.register,
            "organization_id": history.organization_id,
            "key": str(data.get(register.key, ""))[:120],
            "title": str(data.get(register.title_field, ""))[:200],
            "data": dict(data),
            "begins": _begins(history, register),
            "ends": _ends(history, register),
            "version": len(history.versions),
            "withdrawn": history.withdrawn,
            "length": history.length,
            "head": history.head,
        },
        versions=tuple(
            {
                "entry_id": history.id,
                "version": version.version,
                "record_id": version.line.id,
                "data": dict(version.data),
                "happened_on": version.happened_on,
                "reason": version.reason,
            }
            for version in history.versions
        ),
    )


def _begins(history: EntryHistory, register: RegisterType) -> date | None:
    """The day the entry itself names; else the day it came onto the register."""
    named = _day(history.data.get(register.begins)) if register.begins else None
    return named or history.versions[0].happened_on


def _ends(history: EntryHistory, register: RegisterType) -> date | None:
    """The day the entry itself names, or the day it was taken off the register, whichever is first."""
    named = _day(history.data.get(register.ends)) if register.ends else None
    return min((day for day in (named, history.withdrawn_on) if day is not None), default=None)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def write_cases(cases: Sequence[CaseRows]) -> None:
    """Stores the rows of cases, in the place of those they had."""
    _replace(Case, [rows.case for rows in cases])
    note_rules()
    ids = [rows.case["id"] for rows in cases]
    children: list[tuple[type[models.Model], list[Values]]] = [
        (CaseAct, [values for rows in cases for values in rows.acts]),
        (CaseClock, [values for rows in cases for values in rows.clocks]),
        (CaseFinding, [values for rows in cases for values in rows.findings]),
    ]
    for model, values in children:
        model._default_manager.filter(case_id__in=ids).delete()
        model._default_manager.bulk_create(model(**each) for each in values)


def write_entries(entries: Sequence[EntryRows]) -> None:
    """Stores the rows of register entries, in the place of those they had."""
    _replace(Entry, [rows.entry for rows in entries])
    note_rules()
    EntryVersion.objects.filter(entry_id__in=[rows.entry["id"] for rows in entries]).delete()
    EntryVersion.objects.bulk_create(EntryVersion(**values) for rows in entries for values in rows.versions)


def _replace(model: type[models.Model], rows: Sequence[Values]) -> None:
    if not rows:
        return
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(
        [model(**values) for values in rows],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )


def rebuild(progress: Progress | None = None) -> int:
    """Makes all projections anew from the records, in one transaction. Returns the number of records read.

    Raises:
        YifaError: a chain does not hold; what somebody altered must not become what everybody sees.
    """
    with transaction.atomic():
        return _Rebuild(progress).run()


class _Rebuild:
    """One run over all chains, storing in batches."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.total = Record.objects.count()
        self.organizations = organization_ids()
        self.cases: list[CaseRows] = []
        self.entries: list[EntryRows] = []
        self.seen: dict[str, set[UUID]] = {Subject.CASE: set(), Subject.ENTRY: set()}

    def run(self) -> int:
        NumberSeries.objects.all().delete()
        read = 0
        for (subject, subject_id), chain in by_chain(stored_records()):
            read += len(chain)
            self._chain(subject, subject_id, chain)
            if len(self.cases) + len(self.entries) >= BATCH:
                self._store()
                if self.progress:
                    self.progress(read, self.total)
        self._store()
        self._remove_unrecorded()
        remember_rules()
        if self.progress:
            self.progress(read, self.total)
        return read

    def _chain(self, subject: str, subject_id: str, chain: list[dict[str, Any]]) -> None:
        if subject not in self.seen:
            return
        faults = chain_faults(Chain(chain))
        if faults:
            raise YifaError(
                f"台账在程序之外被改动，不能由它重建，没有改动任何内容。{faults[0].message}"
                "请先运行 yifa ledger verify 查明全部问题。",
                code="damaged",
            )
        key = UUID(subject_id)
        self.seen[subject].add(key)
        try:
            lines = [line_of(row) for row in chain]
            if subject == Subject.CASE:
                self.cases.append(case_rows(replay_case(key, lines), self.organizations))
            else:
                self.entries.append(entry_rows(replay_entry(key, lines)))
        except (ValueError, KeyError, TypeError) as error:
            raise YifaError(
                f"台账中{Subject(subject).label} {subject_id} 的记录已损坏，无法重建，没有改动任何内容。"
                "请先运行 yifa ledger verify 查明是哪一条。",
                code="damaged",
            ) from error

    def _store(self) -> None:
        write_cases(self.cases)
        write_entries(self.entries)
        raise_series(rows.case | {"numbers": rows.numbers} for rows in self.cases)
        self.cases, self.entries = [], []

    def _remove_unrecorded(self) -> None:
        for model, subject in ((Case, Subject.CASE), (Entry, Subject.ENTRY)):
            known = self.seen[subject]
            gone = [pk for pk in model._default_manager.values_list("pk", flat=True) if pk not in known]
            model._default_manager.filter(pk__in=gone).delete()


def raise_series(cases: Iterable[Mapping[str, Any]]) -> None:
    """Sets the number series to at least the serials these cases were given."""
    organizations = organization_ids()
    last: dict[tuple[int, str, int], int] = {}
    for case in cases:
        for number in case["numbers"]:
            if number.get("serial") is None:
                continue
            key = (organizations[number["of"]], case["case_type"], number["year"])
            last[key] = max(last.get(key, 0), number["serial"])
    for (organization, case_type, year), serial in last.items():
        series, _ = NumberSeries.objects.get_or_create(
            organization_id=organization, case_type=case_type, year=year
        )
        if series.last < serial:
            series.last = serial
            series.save(update_fields=["last"])


def note_rules() -> None:
    """Notes under which rules the first projections are made; later ones leave the note to a rebuild."""
    ProjectionState.objects.get_or_create(
        pk=1, defaults={"rules": rules_digest(), "built_at": timezone.now()}
    )


def remember_rules() -> None:
    """Notes that all projections now stand under the present rules."""
    ProjectionState.objects.update_or_create(
        pk=1, defaults={"rules": rules_digest(), "built_at": timezone.now()}
    )


def outdated() -> bool:
    """Whether the catalogue or the calendar changed since the projections were made."""
    state = ProjectionState.objects.filter(pk=1).first()
    return Case.objects.exists() if state is None else state.rules != rules_digest()
