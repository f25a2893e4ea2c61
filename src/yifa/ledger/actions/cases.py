"""Opening cases, recording acts, correcting them, changing facts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection

from yifa.law.schema import CaseType
from yifa.ledger.actions.base import Action, day_of, filled_in, said
from yifa.ledger.appending import append_record, conflict
from yifa.ledger.cases import history_of, line_from
from yifa.ledger.decisions import NewAct, correct, refuse_act, refuse_facts
from yifa.ledger.history import (
    ACT_CORRECTED,
    ACT_RECORDED,
    ACT_WITHDRAWN,
    CASE_OPENED,
    FACTS_CHANGED,
    CaseHistory,
    Evidence,
    case_opened,
    case_with,
)
from yifa.ledger.legal import case_type_of, context, no_power
from yifa.ledger.models import Attachment, Case, CaseAct, Organization, Record, Role, Subject, User
from yifa.ledger.numbering import due_number, issue
from yifa.ledger.projections import case_rows, organization_ids, write_cases
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.roles import roles_in
from yifa.procedures.model import Correction, Entered

Result = TypeVar("Result")
TITLE_LENGTH = 200


def recorders(case_type: CaseType, act: str) -> list[str]:
    """The roles that may record an act: those that may do it, and the officer who keeps the case."""
    known = case_type.acts.get(act)
    return [*(known.by if known else []), Role.OFFICER]


@dataclass(kw_only=True)
class CaseAction(Action[Result]):
    """What all changes of a case share.

    Attributes:
        actor: Who records; None for the system.
        recorded_at: Only for imports: the moment in the past at which it was recorded elsewhere.
    """

    actor: User | None
    recorded_at: datetime | None = None

    def _append(  # noqa: PLR0917 - as append_record
        self,
        case_id: uuid.UUID,
        kind: str,
        organization: Organization,
        on: date,
        payload: Mapping[str, Any],
        length: int,
    ) -> Record:
        return append_record(
            Subject.CASE,
            case_id,
            kind,
            organization,
            on,
            self.actor,
            payload,
            expected_length=length,
            recorded_at=self.recorded_at,
        )

    def _act(self, case_type: CaseType, organization: Organization, given: GivenAct) -> NewAct:
        """The act to be recorded, with what was left unsaid filled in from the actor."""
        act_type = case_type.acts.get(given.act)
        own = act_type is not None and act_type.party is None
        by, role = given.by, given.role
        if own and by is None and self.actor is not None:
            by = self.actor.display_name or self.actor.get_username()
        if own and role is None and act_type is not None:
            role = self._role(organization, act_type.by)
        unit = given.unit or (organization if own else None)
        return NewAct(
            act=given.act,
            on=given.on,
            outcome=given.outcome or None,
            by=by or None,
            unit=unit.code if unit else None,
            role=role,
            fields=filled_in(given.fields),
            evidence=_evidence(given.evidence),
            entered=_entered(given.entered),
        )

    def _role(self, organization: Organization, wanted: Sequence[str]) -> str | None:
        """The role in which the actor does it: one the act asks for, if the actor has it; else officer."""
        if self.actor is None or self.actor.is_superuser:
            return wanted[0] if wanted else Role.OFFICER
        held = roles_in(self.actor, organization)
        return next((role for role in wanted if role in held), str(Role.OFFICER))

    def _store(self, history: CaseHistory) -> Case:
        write_cases([case_rows(history, organization_ids())])
        return Case.objects.select_related("organization").get(pk=history.id)


@dataclass(frozen=True, kw_only=True)
class GivenAct:
    """An act as the caller gives it."""

    act: str
    on: date
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, str | None]] = ()
    by: str | None = None
    unit: Organization | None = None
    role: str | None = None
    entered: str = Entered.LIVE


def _entered(value: str) -> Entered:
    try:
        return Entered(value)
    except ValueError:
        raise ActionRefused(
            f"录入方式“{value}”不对，应为 live（当时录入）或 back（补录）。", code="invalid", field="entered"
        ) from None


def _evidence(papers: Sequence[Mapping[str, str | None]]) -> Evidence:
    evidence: Evidence = [
        {
            "title": said(paper.get("title"), "材料名称", "evidence"),
            "attachment": paper.get("attachment") or None,
        }
        for paper in papers
    ]
    wanted = {paper["attachment"] for paper in evidence if paper["attachment"]}
    stored = set(Attachment.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    for paper in evidence:
        if paper["attachment"] and paper["attachment"] not in stored:
            raise ActionRefused(
                f"材料“{paper['title']}”的附件没有存入，请重新上传后再保存。",
                code="missing",
                field="evidence",
            )
    return evidence


@dataclass(kw_only=True)
class OpenCase(CaseAction[Case]):
    """Opens a case with its first act.

    Attributes:
        organization: Whose case it is.
        act: The opening act; the case type's first where left out.
        title: Shown in lists; the title fact where left out.
        entered: "live" when it happens, "back" when entered afterwards (补录).
        number: Only for back entries: the number the case already has on paper.
    """

    organization: Organization
    case_type: str
    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    act: str | None = None
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, str | None]] = ()
    title: str = ""
    entered: str = Entered.LIVE
    by: str | None = None
    unit: Organization | None = None
    role: str | None = None
    number: str = ""

    def check(self) -> None:
        """Refuses a missing role or power, wrong facts, and an opening act the law forbids."""
        case_type = case_type_of(self.case_type)
        self._require(
            self.organization, recorders(case_type, self._opening(case_type)), f"办理“{case_type.title}”"
        )
        off = no_power(self.organization.level, case_type=self.case_type)
        if off is not None:
            raise ActionRefused(f"“{case_type.title}”：{off}（{self.organization}）。", code="no_power")
        facts = filled_in(self.facts)
        refuse_facts(case_type, facts)
        self._decide(case_type, facts)

    def _opening(self, case_type: CaseType) -> str:
        return self.act or case_type.opens_with[0]

    def _decide(self, case_type: CaseType, facts: Mapping[str, Any]) -> NewAct:
        given = GivenAct(
            act=self._opening(case_type),
            on=self.on,
            outcome=self.outcome,
            fields=self.fields,
            evidence=self.evidence,
            by=self.by,
            unit=self.unit,
            role=self.role,
            entered=self.entered,
        )
        new = self._act(case_type, self.organization, given)
        if new.act not in case_type.opens_with:
            first = "、".join(case_type.acts[act].title for act in case_type.opens_with)
            raise ActionRefused(f"“{case_type.title}”应从“{first}”开始。", code="invalid", field="act")
        _refuse_number(self.number, new)
        day = day_of(self.recorded_at)
        refuse_act(
            case_type,
            facts,
            (),
            new,
            context(self.case_type, self.organization.level, _jurisdiction(self.organization), day),
        )
        return new

    def _title(self, case_type: CaseType, facts: Mapping[str, Any]) -> str:
        return (self.title.strip() or str(facts.get(case_type.title_fact or "", "")) or case_type.title)[
            :TITLE_LENGTH
        ]

    def _change(self) -> Case:
        case_type = case_type_of(self.case_type)
        facts = filled_in(self.facts)
        new = self._decide(case_type, facts)
        case_id = uuid.uuid4()
        opened = self._append(
            case_id,
            CASE_OPENED,
            self.organization,
            self.on,
            {
                "case_type": self.case_type,
                "title": self._title(case_type, facts),
                "level": self.organization.level,
                "jurisdiction": _jurisdiction(self.organization),
                "facts": facts,
            },
            0,
        )
        number = _number(case_type, new, "", self.number, self.organization)
        acted = self._append(case_id, ACT_RECORDED, self.organization, self.on, new.payload(1, number), 1)
        return self._store(case_with(case_opened(case_id, line_from(opened)), line_from(acted)))


def _jurisdiction(organization: Organization) -> str:
    """The organization's own jurisdiction, or the nearest above it."""
    given = dict(
        Organization.objects.filter(code__in=organization.ancestor_codes()).values_list(
            "code", "jurisdiction"
        )
    )
    return next((given[code] for code in reversed(organization.ancestor_codes()) if given.get(code)), "")


def _refuse_number(number: str, new: NewAct) -> None:
    if not number:
        return
    if new.entered is Entered.LIVE:
        raise ActionRefused(
            "编号由系统在规定的环节自动生成；只有补录时才填原有编号。", code="invalid", field="number"
        )
    if Case.objects.filter(number=number).exists():
        raise ActionRefused(f"编号“{number}”已用于另一事项，请核对。", code="duplicate", field="number")


def _number(
    case_type: CaseType, new: NewAct, held: str, given: str, organization: Organization
) -> dict[str, Any] | None:
    """The number this act gives the case: the paper one of a back entry, or the next of the series."""
    rule = due_number(case_type, new.act, held)
    if given:
        return {"text": given, "of": organization.code, "year": new.on.year, "serial": None}
    return issue(case_type, rule, organization, new.on) if rule else None


@dataclass(kw_only=True)
class ExistingCaseAction(CaseAction[Result]):
    """A change of a case that is there. `expected_length` is the number of records the caller has seen."""

    case: Case
    expected_length: int | None = None

    def _lock(self) -> CaseHistory:
        """The case as it stands now, held against others until the transaction ends."""
        cases = Case.objects.all()
        if connection.in_atomic_block:  # `check` alone, e.g. by a form, needs no lock
            cases = cases.select_for_update()
        case = cases.filter(pk=self.case.pk).first()
        if case is None:
            raise ActionRefused("没有这个事项，请回到列表重新选择。", code="missing")
        if self.expected_length is not None and self.expected_length != case.length:
            raise conflict(Subject.CASE)
        return history_of(case)

    def _today(self) -> date:
        return day_of(self.recorded_at)

    def _append_to(
        self, history: CaseHistory, kind: str, on: date, payload: Mapping[str, Any]
    ) -> CaseHistory:
        record = self._append(history.id, kind, self.case.organization, on, payload, history.length)
        return case_with(history, line_from(record))


@dataclass(kw_only=True)
class RecordAct(ExistingCaseAction[CaseAct]):
    """Records one more act of a case.

    Attributes:
        entered: "live": what the law forbids now is refused; "back" (补录): accepted and marked, faults are findings.
        number: Only for back entries: the number the case already has on paper.
    """

    act: str
    on: date
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, str | None]] = ()
    by: str | None = None
    unit: Organization | None = None
    role: str | None = None
    entered: str = Entered.LIVE
    number: str = ""

    def check(self) -> None:
        """Refuses a missing role, a case changed meanwhile, and live an act the law forbids now."""
        case_type = case_type_of(self.case.case_type)
        self._require(
            self.case.organization, recorders(case_type, self.act), f"录入“{_title(case_type, self.act)}”"
        )
        self._decide(case_type, self._lock())

    def _decide(self, case_type: CaseType, history: CaseHistory) -> NewAct:
        given = GivenAct(
            act=self.act,
            on=self.on,
            outcome=self.outcome,
            fields=self.fields,
            evidence=self.evidence,
            by=self.by,
            unit=self.unit,
            role=self.role,
            entered=self.entered,
        )
        new = self._act(case_type, self.case.organization, given)
        _refuse_number(self.number, new)
        looked_at = context(history.case_type, history.level, history.jurisdiction, self._today())
        refuse_act(case_type, history.facts, history.entries, new, looked_at)
        return new

    def _change(self) -> CaseAct:
        case_type = case_type_of(self.case.case_type)
        history = self._lock()
        new = self._decide(case_type, history)
        position = len(history.entries) + 1
        number = _number(case_type, new, history.number, self.number, self.case.organization)
        history = self._append_to(history, ACT_RECORDED, self.on, new.payload(position, number))
        self.case = self._store(history)
        return self.case.acts.get(position=position)


def _title(case_type: CaseType, act: str) -> str:
    known = case_type.acts.get(act)
    return known.title if known else act


@dataclass(kw_only=True)
class CorrectAct(ExistingCaseAction[Case]):
    """Corrects an act, or withdraws it, by a new record that points at the old one. The old one stays.

    Attributes:
        position: The act's entry position.
        changes: New values: any of act, on, outcome, by, unit (an organization), role, evidence, fields (merged).
        reason: Why; stands in the record.
    """

    position: int
    reason: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    withdraws: bool = False

    def check(self) -> None:
        """Refuses a missing role, a correction without reason or effect, and one of what is not there."""
        self._decide(self._lock())

    def _decide(self, history: CaseHistory) -> Correction:
        case_type = case_type_of(self.case.case_type)
        standing = history.act_at(self.position)
        act = standing.act if standing else ""
        self._require(self.case.organization, recorders(case_type, act), "更正环节")
        correction = Correction(
            of=self.position,
            changes={} if self.withdraws else self._changes(),
            reason=self.reason.strip(),
            withdraws=self.withdraws,
            position=len(history.entries) + 1,
        )
        looked_at = context(history.case_type, history.level, history.jurisdiction, self._today())
        correct(history, correction, case_type, looked_at)
        return correction

    def _changes(self) -> dict[str, Any]:
        changes = dict(self.changes)
        if isinstance(changes.get("on"), date):
            changes["on"] = changes["on"].isoformat()
        if isinstance(changes.get("unit"), Organization):
            changes["unit"] = changes["unit"].code
        if "evidence" in changes:
            changes["evidence"] = _evidence(changes["evidence"] or ())
        return changes

    def _change(self) -> Case:
        history = self._lock()
        correction = self._decide(history)
        payload: dict[str, Any] = {
            "entry": correction.position,
            "of": correction.of,
            "reason": correction.reason,
        }
        if not self.withdraws:
            payload["changes"] = dict(correction.changes)
        kind = ACT_WITHDRAWN if self.withdraws else ACT_CORRECTED
        self.case = self._store(self._append_to(history, kind, self._today(), payload))
        return self.case


@dataclass(kw_only=True)
class ChangeFacts(ExistingCaseAction[Case]):
    """Changes facts of a case, with the reason. A value None takes a fact away."""

    facts: Mapping[str, Any]
    reason: str
    title: str = ""

    def check(self) -> None:
        """Refuses a missing role or reason, and facts that would not fit the case type."""
        case_type = case_type_of(self.case.case_type)
        self._require(self.case.organization, [Role.OFFICER], "修改事项情况")
        said(self.reason, "修改的理由", "reason")
        history = self._lock()
        merged = filled_in({**history.facts, **self.facts})
        refuse_facts(case_type, merged)
        if merged == history.facts and self.title.strip() in {"", history.title}:
            raise ActionRefused("修改前后内容相同，没有要改的地方。", code="invalid")

    def _change(self) -> Case:
        payload: dict[str, Any] = {"facts": dict(self.facts), "reason": self.reason.strip()}
        if self.title.strip():
            payload["title"] = self.title.strip()[:TITLE_LENGTH]
        self.case = self._store(self._append_to(self._lock(), FACTS_CHANGED, self._today(), payload))
        return self.case
