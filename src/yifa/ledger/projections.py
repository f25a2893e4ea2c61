"""Storing the rows lists and counts need. One way for a live record, a rebuild and verification: `rows` makes them.

A case's rows follow from its history and the rules alone, never from today: they are looked at on the day of the last
record. What depends on today (overdue, days left) is asked for when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger import searching, statistics, storing, tallies
from yifa.ledger.chains import chain_faults
from yifa.ledger.faults import Chain
from yifa.ledger.history import line_of, replay_case, replay_entry
from yifa.ledger.legal import rules_digest
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
from yifa.ledger.rows import CaseRows, EntryRows, case_rows, entry_rows

Progress = Callable[[int, int], None]
BATCH = 400


def organization_ids() -> dict[str, int]:
    """Organization codes and their ids."""
    return dict(Organization.objects.values_list("code", "id"))


def write_cases(cases: Sequence[CaseRows]) -> None:
    """Stores the rows of cases, in the place of those they had."""
    storing.store(Case, [Case(**rows.case) for rows in cases])
    note_rules()
    ids = [rows.case["id"] for rows in cases]
    storing.store_children(
        CaseAct, "case", ids, [CaseAct(**values) for rows in cases for values in rows.acts]
    )
    storing.store_children(
        CaseClock, "case", ids, [CaseClock(**values) for rows in cases for values in rows.clocks]
    )
    storing.store_children(
        CaseFinding, "case", ids, [CaseFinding(**values) for rows in cases for values in rows.findings]
    )
    tallies.write([rows.spanned() for rows in cases])
    searching.store(rows.text for rows in cases)


def write_entries(entries: Sequence[EntryRows]) -> None:
    """Stores the rows of register entries, in the place of those they had."""
    storing.store(Entry, [Entry(**rows.entry) for rows in entries])
    note_rules()
    ids = [rows.entry["id"] for rows in entries]
    versions = [EntryVersion(**values) for rows in entries for values in rows.versions]
    storing.store_children(EntryVersion, "entry", ids, versions)
    tallies.write([rows.spanned() for rows in entries])


def rebuild(progress: Progress | None = None) -> int:
    """Makes all projections anew from the records, in one transaction. Returns the number of records read.

    Raises:
        YifaError: a chain does not hold; what somebody altered must not become what everybody sees.
    """
    with transaction.atomic():
        read = _Rebuild(progress).run()
        statistics.refresh()
    return read


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
            if model is Case:
                searching.remove(gone)
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
    _, first = ProjectionState.objects.get_or_create(
        pk=1, defaults={"rules": rules_digest(), "built_at": timezone.now()}
    )
    if first:
        tallies.note_complete()


def remember_rules() -> None:
    """Notes that all projections now stand under the present rules."""
    ProjectionState.objects.update_or_create(
        pk=1, defaults={"rules": rules_digest(), "built_at": timezone.now()}
    )
    tallies.note_complete()


def outdated() -> bool:
    """Whether the catalogue or the calendar changed since the projections were made."""
    state = ProjectionState.objects.filter(pk=1).first()
    return Case.objects.exists() if state is None else state.rules != rules_digest()
