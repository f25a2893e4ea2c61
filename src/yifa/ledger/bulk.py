"""Many cases or entries in one transaction: the records, digests and rows that the actions would make one by one.

What may be recorded is decided by the very same functions; only what the ledger is asked around a case is remembered,
the rules are asked once for cases alike, and rows go into the tables without becoming objects. A test proves that
nothing differs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from yifa.ledger import searching, tallies
from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.actions.cases import GivenAct, OpenCase, number_of, with_source
from yifa.ledger.appending import build_record, refuse_sealed
from yifa.ledger.around import Remembered
from yifa.ledger.canonical import GENESIS
from yifa.ledger.cases import line_from
from yifa.ledger.copying import insert_values, reserve
from yifa.ledger.history import ACT_RECORDED, CASE_OPENED, CaseHistory, case_opened, case_with
from yifa.ledger.legal import case_type_of, rules_digest
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Organization,
    Record,
    Subject,
    User,
)
from yifa.ledger.projections import note_rules, organization_ids
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.remembering import Judging
from yifa.ledger.rows import CaseRows, Values, judged_rows
from yifa.procedures.model import Entered


@dataclass(frozen=True, kw_only=True)
class GivenCase:
    """A case as a list gives it: whose, its facts, its acts from the opening one on. `source`: see `CaseAction`."""

    organization: Organization
    case_type: str
    acts: Sequence[GivenAct]
    facts: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    number: str = ""
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a given case: its id and the length of its chain, or why it was refused."""

    id: uuid.UUID | None = None
    length: int = 0
    refused: ActionRefused | None = None


class BulkCases:
    """Stores cases in batches, one transaction each; remembers between them what the rules said."""

    def __init__(self, actor: User | None) -> None:
        self.actor = actor
        self._rules = ""
        self._judging = Judging()

    def store(self, given: Sequence[GivenCase], moment: datetime | None = None) -> list[Stored]:
        """Records the cases; a case that is refused leaves nothing behind and harms no other."""
        with transaction.atomic():
            return self._batch().store(given, moment or timezone.now())

    def check(self, given: Sequence[GivenCase], moment: datetime | None = None) -> list[Stored]:
        """What `store` would say, nothing stored."""
        with transaction.atomic():
            found = self._batch().store(given, moment or timezone.now(), dry=True)
            transaction.set_rollback(True)  # a series begun for a number leaves nothing either
        return found

    def _batch(self) -> _Batch:
        rules = rules_digest()
        if rules != self._rules:
            self._rules, self._judging = rules, Judging()
        return _Batch(self.actor, self._judging)


class _Batch:
    """One transaction."""

    def __init__(self, actor: User | None, judging: Judging) -> None:
        self.actor, self.judging = actor, judging
        self.records: list[Record] = []
        self.rows: list[CaseRows] = []
        self.organizations = organization_ids()

    def store(self, given: Sequence[GivenCase], moment: datetime, *, dry: bool = False) -> list[Stored]:
        refuse_sealed(timezone.localdate(moment))
        self.moment, self.dry = moment, dry
        self.around = Remembered([case.number for case in given if case.number], new=True)
        self.next_id = 0 if dry else reserve(Record, sum(1 + len(case.acts) for case in given))
        found = [self._one(case) for case in given]
        if not dry:
            self.around.store()
            self._write()
        return found

    def _one(self, given: GivenCase) -> Stored:
        serials, records, next_id = self.around.serials(), len(self.records), self.next_id
        try:
            history = self._recorded(given)
        except ActionRefused as refused:
            del self.records[records:]
            self.next_id = next_id
            self.around.back_to(serials)
            return Stored(refused=refused)
        if history.number:
            self.around.give(history.number)
        if not self.dry:
            self.rows.append(self._judged(history))
        return Stored(history.id, history.length)

    def _judged(self, history: CaseHistory) -> CaseRows:
        looked_at = self.around.context(
            history.case_type, history.level, history.jurisdiction, history.recorded_on
        )
        return judged_rows(history, self.judging.judge(history, looked_at), self.organizations)

    def _recorded(self, given: GivenCase) -> CaseHistory:
        """The chain of one case, decided act by act as the actions decide."""
        first, *later = given.acts
        case_type, organization = case_type_of(given.case_type), given.organization
        opening = OpenCase(
            actor=self.actor, organization=organization, case_type=given.case_type, facts=given.facts, title=given.title,
            number=given.number if _is_back(first) else "", around=self.around, source=given.source, **_said(first),
        )  # fmt: skip
        facts, new = opening.decided(case_type)
        case_id = uuid.uuid4()
        opened = self._record(
            case_id, 1, GENESIS, CASE_OPENED, given, first, opening.opened(case_type, facts)
        )
        number = number_of(case_type, new, "", opening.number, organization, self.around)
        acted = self._record(case_id, 2, opened.digest, ACT_RECORDED, given, first, new.payload(1, number))
        history = case_with(case_opened(case_id, line_from(opened)), line_from(acted))
        case = Case(id=case_id, case_type=given.case_type, organization=organization)
        for act in later:
            history = self._act(case, history, given, act)
        return history

    def _act(self, case: Case, history: CaseHistory, given: GivenCase, act: GivenAct) -> CaseHistory:
        case_type = case_type_of(case.case_type)
        recording = RecordAct(
            actor=self.actor, case=case, around=self.around, source=given.source, **_said(act)
        )
        new = recording.decided(case_type, history)
        number = number_of(case_type, new, history.number, "", case.organization, self.around)
        said = new.payload(len(history.entries) + 1, number)
        record = self._record(case.pk, history.length + 1, history.head, ACT_RECORDED, given, act, said)
        return case_with(history, line_from(record))

    def _record(  # noqa: PLR0917 - as append_record
        self, case_id: uuid.UUID, position: int, previous: str, kind: str, given: GivenCase, act: GivenAct,
        said: Mapping[str, Any],
    ) -> Record:  # fmt: skip
        record = build_record(
            subject=Subject.CASE, subject_id=case_id, position=position, previous=previous, kind=kind,
            organization=given.organization, happened_on=act.on, recorded_at=self.moment, recorded_by=self.actor,
            payload=with_source(said, given.source),
        )  # fmt: skip
        record.pk = self.next_id
        self.next_id += 1
        self.records.append(record)
        return record

    def _write(self) -> None:
        insert_values(Record, map(_columns, self.records), None)
        write_new_cases(self.rows)


def _columns(record: Record) -> Values:
    return record.__dict__


def _is_back(act: GivenAct) -> bool:
    return act.entered == Entered.BACK


def _said(act: GivenAct) -> dict[str, Any]:
    return dict(vars(act))


def write_new_cases(cases: Sequence[CaseRows]) -> None:
    """Stores the rows of cases that have none yet, as `write_cases` does."""
    insert_values(Case, (rows.case for rows in cases), None)
    note_rules()
    children: list[tuple[type[models.Model], Iterable[Values]]] = [
        (CaseAct, (values for rows in cases for values in rows.acts)),
        (CaseClock, (values for rows in cases for values in rows.clocks)),
        (CaseFinding, (values for rows in cases for values in rows.findings)),
        (CountedSpan, tallies.values_of([rows.spanned() for rows in cases])),
    ]
    for model, values in children:
        _numbered(model, list(values))
    texts = [rows.text for rows in cases]
    insert_values(CaseText, texts, None)
    searching.index((text["id"], text["text"]) for text in texts)


def _numbered(model: type[models.Model], rows: Sequence[Values]) -> int:
    first = reserve(model, len(rows)) if rows else 0
    insert_values(model, rows, first)
    return first
