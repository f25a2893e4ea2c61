"""Many cases or entries in one transaction: the records, digests and rows that the actions would make one by one.

What may be recorded is decided by the very same functions; only what the ledger is asked around a case is remembered,
the rules are asked once for cases alike, and rows go into the tables without becoming objects. A test proves that
nothing differs.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from yifa.law.schema import CaseType
from yifa.ledger.actions.cases import GivenAct, number_of
from yifa.ledger.actions.opening import opening_said
from yifa.ledger.bulk.deciding import Absent, Decided, Deciding, GivenCase, number_given
from yifa.ledger.bulk.remembering import Judging
from yifa.ledger.bulk.rows import RECORD, Made, Packed, Writer, record_line
from yifa.ledger.bulk.wording import Own, Worded, Wordings
from yifa.ledger.chain.appending import Recording, refuse_sealed
from yifa.ledger.chain.canonical import GENESIS, Parsed, as_stored, canonical
from yifa.ledger.chain.history import ACT_RECORDED, CASE_OPENED, CaseHistory, Line, act_of, case_of_acts
from yifa.ledger.deciding.around import Remembered
from yifa.ledger.deciding.numbering import due_number
from yifa.ledger.legal import case_type_of, rules_digest
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CountedSpan,
    Handover,
    Organization,
    Record,
    Subject,
    User,
)
from yifa.ledger.process import keeping
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows import kinds, tallies
from yifa.ledger.rows.projections import organization_ids
from yifa.ledger.rows.tallies import Group, Wanted
from yifa.ledger.rows.values import CaseRows, Values
from yifa.ledger.search import searching
from yifa.ledger.tables.copying import insert_values, reserve

__all__ = ["BulkCases", "GivenCase", "Ready", "Stored", "write_new_cases"]


_OWN_BITS = 128 - searching.KEY_BITS  # of an id, those that a text's key does not take


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a given case: its id and the length of its chain, or why it was refused."""

    id: uuid.UUID | None = None
    length: int = 0
    refused: ActionRefused | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Cases decided on, with their rows as the database reads them; `day` is that of their records."""

    found: list[Stored]
    made: Packed
    day: date


class BulkCases:
    """Stores cases in batches, one transaction each; remembers between them what the rules said."""

    def __init__(self, actor: User | None) -> None:
        self.actor = actor
        self._rules = ""
        self._deciding, self._judging = Deciding(actor), Judging()
        self._writer, self._wordings = Writer(), Wordings()
        self._tallies: dict[Wanted, int] = {}

    def store(self, given: Sequence[GivenCase], moment: datetime | None = None) -> list[Stored]:
        """Records the cases; a case that is refused leaves nothing behind and harms no other."""
        try:
            with transaction.atomic():
                batch = self._batch()
                found = batch.decide(given, moment or timezone.now())
                batch.around.store()
                batch.made.packed().store(self._tallies)
                return found
        except BaseException:
            self._tallies.clear()  # what was made of them is gone
            raise

    def ready(self, given: Sequence[GivenCase], first: int) -> Ready:
        """As `store`, up to what is stored: this is left to `put`, in this process or another.

        Only for cases of which none gets a number: their records have ids from `first` on, reserved for them.
        """
        batch, moment = self._batch(), timezone.now()
        found = batch.decide(given, moment, first=first)
        return Ready(found, batch.made.packed(), timezone.localdate(moment))

    def put(self, ready: Ready) -> None:
        """Stores what is ready. Inside a transaction."""
        refuse_sealed(ready.day)
        try:
            ready.made.store(self._tallies)
        except BaseException:
            self._tallies.clear()
            raise

    def check(self, given: Sequence[GivenCase], moment: datetime | None = None) -> list[Stored]:
        """What `store` would say, nothing stored."""
        with transaction.atomic():
            found = self._batch().decide(given, moment or timezone.now(), dry=True)
            transaction.set_rollback(True)  # a series begun for a number leaves nothing either
        return found

    def _batch(self) -> _Batch:
        rules = rules_digest()
        if rules != self._rules:
            self._rules, self._deciding = rules, Deciding(self.actor)
            self._judging, self._writer, self._wordings = Judging(), Writer(), Wordings()
            self._tallies.clear()
        return _Batch(self._deciding, self._judging, self._writer, self._wordings)


def neighbours() -> Iterator[uuid.UUID]:
    """Random ids that stand beside each other in every index, so that storing a batch touches few pages of it.

    What they begin with follows one random start, the rest of each is random.
    """
    for begin in count(int.from_bytes(os.urandom(16)) >> _OWN_BITS):
        own = int.from_bytes(os.urandom(16)) & (1 << _OWN_BITS) - 1
        yield uuid.UUID(int=(begin << _OWN_BITS | own) & (1 << 128) - 1, version=4)


class _Batch:
    """Some cases, decided one after the other; what is to be stored of them stands in `made`."""

    def __init__(self, deciding: Deciding, judging: Judging, writer: Writer, wordings: Wordings) -> None:
        self.actor, self.deciding, self.judging, self.writer = deciding.actor, deciding, judging, writer
        self.wordings = wordings
        self.made = Made()
        self.places: dict[Wanted, int] = {}
        self.rests: dict[tuple[str, int], Any] = {}
        self.organizations = organization_ids()
        self.ids = neighbours()

    def decide(
        self, given: Sequence[GivenCase], moment: datetime, *, dry: bool = False, first: int | None = None
    ) -> list[Stored]:
        """What becomes of each; of those not refused rows are made, their records with ids from `first` on."""
        refuse_sealed(timezone.localdate(moment))
        self.recording, self.dry = Recording(moment, self.actor), dry
        self.around = Remembered([case.number for case in given if case.number], new=True)
        if first is None:
            first = 0 if dry else reserve(Record, sum(1 + len(case.acts) for case in given))
        self.next_id = first
        return [self._one(case) for case in given]

    def _one(self, given: GivenCase) -> Stored:
        records, serials, next_id = self.made.lines[0], self.around.serials(), self.next_id
        before = len(records)
        try:
            history = self._recorded(given)
        except ActionRefused as refused:
            del records[before:]
            self.next_id = next_id
            self.around.back_to(serials)
            return Stored(refused=refused)
        if history.number:
            self.around.give(history.number)
        if not self.dry:
            self._judge(history)
        return Stored(history.id, history.length)

    def _judge(self, history: CaseHistory) -> None:
        looked_at = self.around.context(
            history.case_type, history.level, history.jurisdiction, history.recorded_on
        )
        acts = history.acts()
        verdict, told = self.judging.judge(history, acts, looked_at)
        self.writer.write(self.made, history, acts, verdict, told, self.organizations, self.places)

    def _recorded(self, given: GivenCase) -> CaseHistory:
        """The chain of one case, decided as the actions decide."""
        case_type, unit = case_type_of(given.case_type), given.organization
        decided = self.deciding.decide(given, self.around, self.recording.day)
        case_id, number, numbered = next(self.ids), "", number_given(given)
        source: Own = {} if given.source is None else {"source": Parsed(canonical(given.source))}
        opening = self._opening(case_type, given, decided, source)
        last = opened = self._record(case_id, None, CASE_OPENED, given, given.acts[0], opening)
        acted = []
        for place, (act, new) in enumerate(zip(given.acts, decided.acts, strict=True)):
            own = source
            if numbered or due_number(case_type, new.act, number):
                issued = number_of(case_type, replace(new, on=act.on), number, numbered, unit, self.around)
                own = {**own, "number": Parsed(canonical(issued)) if issued else None}
                number, numbered = issued["text"] if issued else number, ""
            last = self._record(case_id, last, ACT_RECORDED, given, act, self._act(decided, place, own))
            acted.append(last)
        acts = tuple([act_of(line.payload, line.happened_on) for line in acted])
        return case_of_acts(case_id, opened, acted, acts)

    def _opening(self, case_type: CaseType, given: GivenCase, decided: Decided, own: Own) -> Worded:
        """What the record of the opening says."""
        absent = decided.absent[0]
        said = opening_said(case_type, given.organization, given.title, decided.facts, self.around)
        key = (case_type.case_type, said["level"], said["jurisdiction"], absent and repr(absent))
        own = {**own, "title": said["title"], "facts": Parsed(canonical(said["facts"]))}
        return self.wordings.of(key, _behalf(said, absent), own)

    def _act(self, decided: Decided, place: int, own: Own) -> Worded:
        """What the record of an act says."""
        said, absent = decided.said[place], decided.absent[place]
        if decided.alike is None:
            text = canonical({**_behalf(said, absent), **own})
            return text, as_stored(text)
        own = {**own, "by": said["by"], "fields": Parsed(canonical(said["fields"]))}
        return self.wordings.of((decided.alike, place), _behalf(said, absent), own)

    def _record(  # noqa: PLR0917 - as append_record
        self, case_id: uuid.UUID, before: Line | None, kind: str, given: GivenCase, act: GivenAct, worded: Worded
    ) -> Line:  # fmt: skip
        position, previous = (before.position + 1, before.digest) if before else (1, GENESIS)
        text, payload = worded
        unit, day, record_id = given.organization, self.recording.day, self.next_id
        digest = self.recording.digest(Subject.CASE, case_id, position, previous, kind, unit, act.on, text)
        if not self.dry:
            values = (position, previous, digest, text, act.on)
            self.made.lines[0].append(record_line(record_id, case_id, values, self._shared(kind, unit)))
        self.next_id += 1
        return Line(
            position=position, kind=kind, happened_on=act.on, recorded_on=day, payload=payload, digest=digest,
            organization_id=unit.pk, recorded_by_id=self.actor.pk if self.actor else None, id=record_id,
        )  # fmt: skip

    def _shared(self, kind: str, unit: Organization) -> Any:
        """What all records of a kind and a unit have alike, written."""
        key = (kind, unit.pk)
        if key not in self.rests:
            self.rests[key] = RECORD.rest(self.recording.shared(Subject.CASE, kind, unit))
        return self.rests[key]


def _behalf(said: Mapping[str, Any], absent: Absent) -> Mapping[str, Any]:
    return said if absent is None else {**said, "behalf": absent}


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
        (Handover, (values for rows in cases for values in rows.handovers)),
    ]
    for model, values in children:
        _numbered(model, list(values))
    searching.add([rows.text for rows in cases])
    keeping.note(Subject.CASE, [rows.case["id"] for rows in cases])


def _numbered(model: type[models.Model], rows: Sequence[Values]) -> int:
    first = reserve(model, len(rows)) if rows else 0
    insert_values(model, rows, first)
    return first
