"""Many cases or entries withdrawn in one transaction, by the records that `CorrectAct` or `WithdrawEntry` would make."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.ledger.actions.base import said
from yifa.ledger.actions.cases import recorders, with_source
from yifa.ledger.actions.entries import WithdrawEntry
from yifa.ledger.bulk.cases import Stored
from yifa.ledger.chain.appending import build_record, refuse_sealed
from yifa.ledger.chain.history import (
    ACT_WITHDRAWN,
    ENTRY_WITHDRAWN,
    CaseHistory,
    EntryHistory,
    Line,
    case_with,
    entry_with,
    replay_case,
    replay_entry,
)
from yifa.ledger.deciding.around import Remembered
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.deciding.decisions import correct
from yifa.ledger.legal import case_type_of, register_of
from yifa.ledger.models import Case, Entry, Organization, Record, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows.projections import organization_ids, write_cases, write_entries
from yifa.ledger.rows.values import case_rows, entry_rows
from yifa.ledger.tables.copying import insert_values, reserve
from yifa.procedures.model import Correction

History = TypeVar("History", bound=CaseHistory | EntryHistory)
TOUCHED = "导入以后又有人改过，没有撤销；请到这一{what}里处理。"


def withdraw_cases(
    lengths: Mapping[UUID, int], actor: User | None, reason: str, source: Mapping[str, Any] | None = None
) -> dict[UUID, Stored]:
    """Withdraws the acts of cases, last ones first; a case whose chain has another length than given is left alone."""
    with transaction.atomic():
        return _Cases(actor, reason, source, timezone.now()).run(lengths)


def withdraw_entries(
    lengths: Mapping[UUID, int], actor: User | None, reason: str, source: Mapping[str, Any] | None = None
) -> dict[UUID, Stored]:
    """Takes entries off their registers today, as `WithdrawEntry`; one whose chain has another length is left alone."""
    with transaction.atomic():
        return _Entries(actor, reason, source, timezone.now()).run(lengths)


class _Undo(Generic[History]):
    """One transaction."""

    subject: ClassVar[Subject]

    def __init__(
        self, actor: User | None, reason: str, source: Mapping[str, Any] | None, moment: datetime
    ) -> None:
        self.actor, self.reason, self.source, self.moment = actor, reason.strip(), source, moment
        self.around = Remembered(())
        self.records: list[Record] = []
        self.next_id = 0

    def run(self, lengths: Mapping[UUID, int]) -> dict[UUID, Stored]:
        refuse_sealed(timezone.localdate(self.moment))
        held = self._held(list(lengths))
        chains = _chains(self.subject, list(held))
        found: dict[UUID, Stored] = {}
        made: list[History] = []
        self.next_id = reserve(Record, sum(len(chain) for chain in chains.values()))
        for pk, length in lengths.items():
            one = held.get(pk)
            try:
                if one is None or one.length != length:
                    raise ActionRefused(TOUCHED.format(what=self.subject.label[-1]), code="conflict")
                history = self._withdrawn(one, [*map(line_from, chains[pk])])
                made.append(history)
                found[pk] = Stored(pk, history.length)
            except ActionRefused as refused:
                found[pk] = Stored(pk, refused=refused)
        insert_values(Record, (vars(record) for record in self.records), None)
        self._write(made)
        return found

    @abstractmethod
    def _held(self, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        """What stands, held against others."""

    @abstractmethod
    def _withdrawn(self, one: Any, lines: list[Line]) -> History:
        """How it stands when it has been withdrawn."""

    @abstractmethod
    def _write(self, made: Sequence[History]) -> None:
        """Stores the rows."""

    def _record(
        self, organization: Organization, history: History, kind: str, said: Mapping[str, Any]
    ) -> Line:
        """One more record of a chain, in the name of whoever was last asked for."""
        absent = self.around.absent
        record = build_record(
            subject=self.subject, subject_id=history.id, position=history.length + 1, previous=history.head, kind=kind,
            organization=organization, happened_on=timezone.localdate(self.moment), recorded_at=self.moment,
            recorded_by=self.actor,
            payload=with_source(said if absent is None else {**said, "behalf": absent}, self.source),
        )  # fmt: skip
        record.pk = self.next_id
        self.next_id += 1
        self.records.append(record)
        return line_from(record)


class _Entries(_Undo[EntryHistory]):
    subject = Subject.ENTRY

    def _held(self, ids: Sequence[UUID]) -> Mapping[UUID, Entry]:
        entries = Entry.objects.select_for_update(of=("self",)).select_related("organization")
        return {entry.pk: entry for entry in entries.filter(pk__in=ids)}

    def _withdrawn(self, one: Entry, lines: list[Line]) -> EntryHistory:
        history = replay_entry(one.pk, lines)
        what = f"维护“{register_of(one.register).title}”"
        self.around.require(self.actor, one.organization, WithdrawEntry.needs.roles, what)
        said(self.reason, "理由", "reason")
        if history.withdrawn:
            raise ActionRefused(f"“{one}”已撤下，不用再撤。", code="missing")
        return entry_with(
            history, self._record(one.organization, history, ENTRY_WITHDRAWN, {"reason": self.reason})
        )

    def _write(self, made: Sequence[EntryHistory]) -> None:
        write_entries([*map(entry_rows, made)])


class _Cases(_Undo[CaseHistory]):
    subject = Subject.CASE

    def _held(self, ids: Sequence[UUID]) -> Mapping[UUID, Case]:
        cases = Case.objects.select_for_update(of=("self",)).select_related("organization")
        return {case.pk: case for case in cases.filter(pk__in=ids)}

    def _write(self, made: Sequence[CaseHistory]) -> None:
        organizations = organization_ids()
        write_cases([case_rows(history, organizations) for history in made])

    def _withdrawn(self, one: Case, lines: list[Line]) -> CaseHistory:
        history = replay_case(one.pk, lines)
        made, next_id = len(self.records), self.next_id
        try:
            for act in sorted(history.acts(), key=lambda one: one.position, reverse=True):
                history = self._without(one.organization, history, act.position)
        except ActionRefused:
            del self.records[made:]
            self.next_id = next_id
            raise
        return history

    def _without(self, organization: Organization, history: CaseHistory, position: int) -> CaseHistory:
        case_type = case_type_of(history.case_type)
        standing = history.act_at(position)
        roles = recorders(case_type, standing.act if standing else "")
        self.around.require(self.actor, organization, roles, "更正环节", history.id)
        entry = len(history.entries) + 1
        correction = Correction(of=position, changes={}, reason=self.reason, withdraws=True, position=entry)
        today = timezone.localdate(self.moment)
        looked_at = self.around.context(history.case_type, history.level, history.jurisdiction, today)
        correct(history, correction, case_type, looked_at)
        told = {"entry": entry, "of": position, "reason": self.reason}
        return case_with(history, self._record(organization, history, ACT_WITHDRAWN, told))


def _chains(subject: Subject, ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {pk: [] for pk in ids}
    for record in Record.objects.filter(subject=subject, subject_id__in=ids).order_by("position"):
        found[record.subject_id].append(record)
    return found
