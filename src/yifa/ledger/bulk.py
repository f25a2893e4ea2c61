"""Many cases or entries in one transaction: the records, digests and rows that the actions would make one by one.

What may be recorded is decided by the very same functions; only what the ledger is asked around a case is remembered,
the rules are asked once for cases alike, and rows go into the tables without becoming objects. A test proves that
nothing differs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from yifa.ledger import kinds, searching, tallies
from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.actions.cases import GivenAct, OpenCase, number_of, with_source
from yifa.ledger.appending import Recording, refuse_sealed
from yifa.ledger.around import Remembered
from yifa.ledger.canonical import GENESIS
from yifa.ledger.copying import insert_values, reserve
from yifa.ledger.history import ACT_RECORDED, CASE_OPENED, CaseHistory, Line, act_of, case_of_acts
from yifa.ledger.legal import case_type_of, rules_digest
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CountedSpan,
    Organization,
    Record,
    Subject,
    User,
)
from yifa.ledger.projections import organization_ids
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.remembering import Judging
from yifa.ledger.rows import CaseRows, Values, judged_rows
from yifa.ledger.tallies import Group, Wanted
from yifa.procedures.model import Act, Entered


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
        self._tallies: dict[Wanted, int] = {}

    def store(self, given: Sequence[GivenCase], moment: datetime | None = None) -> list[Stored]:
        """Records the cases; a case that is refused leaves nothing behind and harms no other."""
        try:
            with transaction.atomic():
                return self._batch().store(given, moment or timezone.now())
        except BaseException:
            self._tallies.clear()  # what was made of them is gone
            raise

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
            self._tallies.clear()
        return _Batch(self.actor, self._judging, self._tallies)


class _Batch:
    """One transaction."""

    def __init__(self, actor: User | None, judging: Judging, tallies_known: dict[Wanted, int]) -> None:
        self.actor, self.judging = actor, judging
        self.tallies = tallies_known
        self.records: list[Values] = []
        self.rows: list[CaseRows] = []
        self.groups: list[Group] = []
        self.cases: dict[tuple[str, int], Case] = {}
        self.organizations = organization_ids()

    def store(self, given: Sequence[GivenCase], moment: datetime, *, dry: bool = False) -> list[Stored]:
        refuse_sealed(timezone.localdate(moment))
        self.recording, self.dry = Recording(moment, self.actor), dry
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
            rows, group = self._judged(history)
            self.rows.append(rows)
            self.groups.append(group)
        return Stored(history.id, history.length)

    def _judged(self, history: CaseHistory) -> tuple[CaseRows, Group]:
        looked_at = self.around.context(
            history.case_type, history.level, history.jurisdiction, history.recorded_on
        )
        acts = history.acts()
        verdict, group = self.judging.judge(history, acts, looked_at)
        return judged_rows(history, acts, verdict, self.organizations, ()), group

    def _recorded(self, given: GivenCase) -> CaseHistory:
        """The chain of one case, decided act by act as the actions decide."""
        first, *later = given.acts
        case_type, organization = case_type_of(given.case_type), given.organization
        opening = OpenCase(
            actor=self.actor, organization=organization, case_type=given.case_type, facts=given.facts, title=given.title,
            number=given.number if _is_back(first) else "", around=self.around, source=given.source, **vars(first),
        )  # fmt: skip
        facts, new = opening.decided(case_type)
        case_id = uuid.uuid4()
        opened = self._record(case_id, None, CASE_OPENED, given, first, opening.opened(case_type, facts))
        number = number_of(case_type, new, "", opening.number, organization, self.around)
        acted = [self._record(case_id, opened, ACT_RECORDED, given, first, new.payload(1, number))]
        history = case_of_acts(case_id, opened, acted, acts := _acts(acted))
        case = self._case(given, case_id)
        for act in later:
            acted.append(self._next(case, history, given, act))
            acts = (*acts, *_acts(acted[-1:]))
            history = case_of_acts(case_id, opened, acted, acts)
        return history

    def _case(self, given: GivenCase, case_id: uuid.UUID) -> Case:
        """What an action asks of a case, not stored; one object for all of a kind and unit, as making many takes long."""
        key = (given.case_type, given.organization.pk)
        if key not in self.cases:
            self.cases[key] = Case(case_type=given.case_type, organization=given.organization)
        self.cases[key].pk = case_id
        return self.cases[key]

    def _next(self, case: Case, history: CaseHistory, given: GivenCase, act: GivenAct) -> Line:
        """The record of one more act."""
        case_type = case_type_of(given.case_type)
        recording = RecordAct(
            actor=self.actor, case=case, around=self.around, source=given.source, **vars(act)
        )
        new = recording.decided(case_type, history)
        number = number_of(case_type, new, history.number, "", given.organization, self.around)
        said = new.payload(len(history.entries) + 1, number)
        before = history.shaped[len(history.entries)]
        return self._record(case.pk, before, ACT_RECORDED, given, act, said)

    def _record(  # noqa: PLR0917 - as append_record
        self, case_id: uuid.UUID, before: Line | None, kind: str, given: GivenCase, act: GivenAct, said: Mapping[str, Any]
    ) -> Line:  # fmt: skip
        position, previous = (before.position + 1, before.digest) if before else (1, GENESIS)
        columns = self.recording.columns(
            Subject.CASE, case_id, position, previous, kind, given.organization, act.on, with_source(said, given.source)
        )  # fmt: skip
        columns["id"] = self.next_id
        self.next_id += 1
        self.records.append(columns)
        return Line(
            position=position, kind=kind, happened_on=act.on, recorded_on=self.recording.day,
            payload=json.loads(columns["payload"]), digest=columns["digest"], organization_id=given.organization.pk,
            recorded_by_id=columns["recorded_by_id"], id=columns["id"],
        )  # fmt: skip

    def _write(self) -> None:
        insert_values(Record, self.records, None)
        write_new_cases(self.rows, self.groups, self.tallies)


def _acts(lines: Iterable[Line]) -> tuple[Act, ...]:
    return tuple([act_of(line.payload, line.happened_on) for line in lines])


def _is_back(act: GivenAct) -> bool:
    return act.entered == Entered.BACK


def write_new_cases(
    cases: Sequence[CaseRows], groups: Sequence[Group], tallies_known: dict[Wanted, int]
) -> None:
    """Stores the rows of cases that have none yet, as `write_cases` does."""
    kinds.note({rows.case["case_type"] for rows in cases})
    insert_values(Case, (rows.case for rows in cases), None)
    spans = [(rows.spanned(), group) for rows, group in zip(cases, groups, strict=True)]
    children: list[tuple[type[models.Model], Iterable[Values]]] = [
        (CaseAct, (values for rows in cases for values in rows.acts)),
        (CaseClock, (values for rows in cases for values in rows.clocks)),
        (CaseFinding, (values for rows in cases for values in rows.findings)),
        (CountedSpan, tallies.values_of(spans, tallies_known)),
    ]
    for model, values in children:
        _numbered(model, list(values))
    searching.add([rows.text for rows in cases])


def _numbered(model: type[models.Model], rows: Sequence[Values]) -> int:
    first = reserve(model, len(rows)) if rows else 0
    insert_values(model, rows, first)
    return first
