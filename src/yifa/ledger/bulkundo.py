"""Many cases withdrawn in one transaction: all standing acts of each, by the records that `CorrectAct` would make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.ledger.actions.cases import recorders, with_source
from yifa.ledger.appending import build_record, refuse_sealed
from yifa.ledger.around import Remembered
from yifa.ledger.bulk import Stored
from yifa.ledger.cases import line_from
from yifa.ledger.copying import insert_values, reserve
from yifa.ledger.decisions import correct
from yifa.ledger.history import ACT_WITHDRAWN, CaseHistory, case_with, replay_case
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Organization, Record, Subject, User
from yifa.ledger.projections import organization_ids, write_cases
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows import case_rows
from yifa.procedures.model import Correction


def withdraw_cases(
    lengths: Mapping[UUID, int], actor: User | None, reason: str, source: Mapping[str, Any] | None = None
) -> dict[UUID, Stored]:
    """Withdraws the acts of cases, last ones first; a case whose chain has another length than given is left alone."""
    with transaction.atomic():
        return _Undo(actor, reason, source, timezone.now()).run(lengths)


class _Undo:
    """One transaction."""

    def __init__(
        self, actor: User | None, reason: str, source: Mapping[str, Any] | None, moment: datetime
    ) -> None:
        self.actor, self.reason, self.source, self.moment = actor, reason.strip(), source, moment
        self.around = Remembered(())
        self.records: list[Record] = []

    def run(self, lengths: Mapping[UUID, int]) -> dict[UUID, Stored]:
        refuse_sealed(timezone.localdate(self.moment))
        cases = Case.objects.select_for_update(of=("self",)).select_related("organization")
        held = {case.pk: case for case in cases.filter(pk__in=list(lengths))}
        chains = _chains(list(held))
        organizations = organization_ids()
        found: dict[UUID, Stored] = {}
        rows = []
        self.next_id = reserve(Record, sum(len(chain) for chain in chains.values()))
        for pk, length in lengths.items():
            case = held.get(pk)
            try:
                if case is None or case.length != length:
                    raise ActionRefused(
                        "导入以后又有人改过，没有撤销；请到这一件里逐项更正。", code="conflict"
                    )
                history = self._withdrawn(case, replay_case(pk, map(line_from, chains[pk])))
                rows.append(case_rows(history, organizations))
                found[pk] = Stored(pk, history.length)
            except ActionRefused as refused:
                found[pk] = Stored(pk, refused=refused)
        insert_values(Record, (vars(record) for record in self.records), None)
        write_cases(rows)
        return found

    def _withdrawn(self, case: Case, history: CaseHistory) -> CaseHistory:
        made, next_id = len(self.records), self.next_id
        try:
            for act in sorted(history.acts(), key=lambda one: one.position, reverse=True):
                history = self._without(case.organization, history, act.position)
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
        said = {"entry": entry, "of": position, "reason": self.reason}
        record = build_record(
            subject=Subject.CASE, subject_id=history.id, position=history.length + 1, previous=history.head,
            kind=ACT_WITHDRAWN, organization=organization, happened_on=today, recorded_at=self.moment,
            recorded_by=self.actor, payload=with_source(said, self.source),
        )  # fmt: skip
        record.pk = self.next_id
        self.next_id += 1
        self.records.append(record)
        return case_with(history, line_from(record))


def _chains(ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {pk: [] for pk in ids}
    for record in Record.objects.filter(subject=Subject.CASE, subject_id__in=ids).order_by("position"):
        found[record.subject_id].append(record)
    return found
