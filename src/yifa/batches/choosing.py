"""Which cases were chosen, which acts could be done on them now, and on which not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from yifa.batches.models import CaseBatch
from yifa.law.schema import ActType, CaseType, FieldSpec
from yifa.ledger.actions.cases import recorders
from yifa.ledger.chain.history import replay_case
from yifa.ledger.deciding.around import Remembered
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.deciding.decisions import refusal_text
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Record, Subject, User
from yifa.ledger.models.scoping import remembered
from yifa.ledger.people.desks import Desks
from yifa.ledger.people.needs import labels
from yifa.ledger.refusal import ActionRefused
from yifa.procedures import engine
from yifa.procedures.asking import asked_with
from yifa.procedures.model import CaseState

MOST = 200  # cases of one batch: as many as one person can answer for
KEPT_DAYS = 7  # how long a choice stands with which nothing was done


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that could be done on some of the chosen cases."""

    case_type: CaseType
    id: str
    act: ActType
    count: int

    @property
    def key(self) -> str:
        """How the form names it."""
        return f"{self.case_type.case_type}.{self.id}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A chosen case; `why` the act cannot be done on it, empty where it can; `said` of it when it was tried before."""

    case: Case
    why: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact an act asks for, and the cases that have not said it."""

    spec: FieldSpec
    titles: tuple[str, ...] = ()


def choose(user: User, cases: Iterable[Case]) -> CaseBatch:
    """Keeps a choice of at most `MOST` cases; the user's old choices with which nothing was done are forgotten."""
    rows = [
        {"case": str(case.pk), "title": case.title, "state": CaseBatch.Row.WAITING, "message": "", "length": case.length}
        for case in cases
    ]  # fmt: skip
    if not rows:
        raise ActionRefused("没有选中事项，请先在列表里勾选。", code="invalid")
    if len(rows) > MOST:
        raise ActionRefused(f"一次最多选 {MOST} 件，现有 {len(rows)} 件，请分批。", code="too_many")
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    CaseBatch.objects.filter(actor=user, state=CaseBatch.State.CHOSEN, made_at__lt=old).delete()
    return CaseBatch.objects.create(actor=user, rows=rows)


class Chosen:
    """The chosen cases as they stand now; asked for in a few queries, however many they are."""

    def __init__(self, batch: CaseBatch, user: User, on: date) -> None:
        self.user, self.on = user, on
        self._ids = [UUID(row["case"]) for row in batch.rows]
        self._said = {row["case"]: row["message"] for row in batch.rows}
        self._around = Remembered(())

    @cached_property
    def cases(self) -> list[Case]:
        """Those the user still sees, in the order chosen."""
        found = Case.objects.for_user(self.user).select_related("organization").in_bulk(self._ids)
        return [found[pk] for pk in self._ids if pk in found]

    @cached_property
    def states(self) -> dict[UUID, CaseState]:
        """What the law says of each."""
        chains: dict[UUID, list[Record]] = {case.pk: [] for case in self.cases}
        records = Record.objects.filter(subject=Subject.CASE, subject_id__in=list(chains))
        for record in records.order_by("position"):
            chains[record.subject_id].append(record)
        return {case.pk: self._state(case, chains[case.pk]) for case in self.cases}

    def _state(self, case: Case, chain: Sequence[Record]) -> CaseState:
        history = replay_case(case.pk, map(line_from, chain))
        context = self._around.context(case.case_type, case.level, case.jurisdiction, self.on)
        return engine.state(case_type_of(case.case_type), history.facts, history.entries, context)

    def offered(self) -> list[Offered]:
        """The acts that could be done now on some, those for the most cases first, then in the catalogue's order."""
        counts: dict[tuple[str, str], int] = {}
        for case in self.cases:
            for act in self.states[case.pk].next:
                if not self._role_missing(case, act):
                    key = (case.case_type, act)
                    counts[key] = counts.get(key, 0) + 1
        found = [
            Offered(case_type, name, act, counts[case_type.case_type, name])
            for case_type in map(case_type_of, sorted({case.case_type for case in self.cases}))
            for name, act in case_type.acts.items()
            if (case_type.case_type, name) in counts
        ]
        return sorted(found, key=lambda one: -one.count)

    def judged(self, case_type: CaseType, act: str) -> Iterator[Judged]:
        """Each case, with why the act cannot be done on it now."""
        for case in self.cases:
            yield Judged(case, self._why_not(case, case_type, act), self._said.get(str(case.pk), ""))

    def asked(self, case_type: CaseType, act: str) -> dict[str, Asked]:
        """The facts the act asks for that some of the cases on which it can be done have not said yet."""
        found: dict[str, Asked] = {}
        for case in self.cases:
            if not self._why_not(case, case_type, act):
                for name, spec in asked_with(case_type, case.facts, act).items():
                    held = found.get(name, Asked(spec))
                    found[name] = Asked(spec, (*held.titles, case.title))
        return {name: found[name] for name in case_type.facts if name in found}

    def _why_not(self, case: Case, case_type: CaseType, act: str) -> str:
        if case.case_type != case_type.case_type:
            return f"是“{case_type_of(case.case_type).title}”，没有这个环节"
        state = self.states[case.pk]
        if act in state.next:
            return self._role_missing(case, act)
        refusal = state.blocked.get(act)
        return refusal_text(refusal) if refusal is not None else f"现为“{state.status}”，不能再办这个环节"

    def _role_missing(self, case: Case, act: str) -> str:
        roles = recorders(case_type_of(case.case_type), act)
        unit = Desks(case, case_type_of(case.case_type)).of(self.user, act, roles)
        held = remembered(self.user)
        if self.user.is_superuser or any(one.role in roles and one.reaches(unit, case.pk) for one in held):
            return ""
        return f"须由“{labels(roles)}”办理"
