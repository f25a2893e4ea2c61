"""Changes of a case that is there: recording acts, correcting them, changing facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from yifa.law.schema import CaseType
from yifa.ledger.actions.base import filled_in, held, said
from yifa.ledger.actions.cases import (
    TITLE_LENGTH,
    CaseAction,
    WithAct,
    checked_evidence,
    number_of,
    recorders,
    refuse_number,
)
from yifa.ledger.chain.appending import conflict
from yifa.ledger.chain.attempts import log_attempt
from yifa.ledger.chain.history import (
    ACT_CORRECTED,
    ACT_RECORDED,
    ACT_WITHDRAWN,
    FACTS_CHANGED,
    CaseHistory,
    case_with,
)
from yifa.ledger.deciding.cases import history_of, line_from
from yifa.ledger.deciding.decisions import NewAct, correct, fired_said, refuse_act, refuse_facts
from yifa.ledger.deciding.lists import LedgerLists, LedgerTables
from yifa.ledger.legal import case_type_of, context
from yifa.ledger.models import Case, CaseAct, Organization, Role, Subject
from yifa.ledger.people.desks import Desks
from yifa.ledger.people.needs import BUSINESS, Needs
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.entries import corrected
from yifa.procedures.listing import listed
from yifa.procedures.model import Act, Correction
from yifa.procedures.tables import fired

Result = TypeVar("Result")


@dataclass(kw_only=True)
class ExistingCaseAction(CaseAction[Result]):
    """A change of a case that is there. `expected_length` is the number of records the caller has seen."""

    case: Case
    expected_length: int | None = None
    _held: CaseHistory = field(init=False, repr=False, compare=False)  # as `check` last found it

    def _lock(self) -> CaseHistory:
        """The case as it stands now, held against others until the transaction ends.

        `check` takes it; the change that follows in the same transaction builds on what was held.
        """
        case = held(Case.objects.filter(pk=self.case.pk)).first()
        if case is None:
            raise ActionRefused("没有这个事项，请回到列表重新选择。", code="missing")
        if self.expected_length is not None and self.expected_length != case.length:
            raise conflict(Subject.CASE)
        self._held = history_of(case)
        return self._held

    def _today(self) -> date:
        return self.around.day_of(self.recorded_at)

    def _append_to(
        self, history: CaseHistory, kind: str, on: date, payload: Mapping[str, Any]
    ) -> CaseHistory:
        held = (history.length, history.head)
        record = self._append(history.id, kind, self.case.organization, on, payload, held)
        return case_with(history, line_from(record))


@dataclass(kw_only=True)
class RecordAct(WithAct, ExistingCaseAction[CaseAct]):
    """Records one more act of a case.

    Attributes:
        facts: Facts of the case nobody has said before, which the form of the act asked for.
    """

    needs = Needs("录入环节", BUSINESS, "以目录规定的环节办理人为准，并含承办人")

    act: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    _new: NewAct = field(init=False, repr=False, compare=False)  # as `check` decided it

    def execute(self) -> CaseAct:
        """Records the act; what the law forbids is refused, and that it was tried is kept."""
        try:
            return super().execute()
        except ActionRefused as refused:
            if refused.code == "refused":
                log_attempt(self.case, self.act, self.on, refused, self.actor)
            raise

    def check(self) -> None:
        """Refuses a missing role, a case changed meanwhile, and live an act the law forbids now."""
        self._new = self.decided(case_type_of(self.case.case_type), self._lock())

    def decided(self, case_type: CaseType, history: CaseHistory) -> NewAct:
        """The act as it is to be recorded; refused as `check` says."""
        roles = recorders(case_type, self.act)
        what = f"录入“{_title(case_type, self.act)}”"
        unit = Desks(self.case, case_type).of(self.actor, self.act, roles)
        self.around.require(self.actor, unit, roles, what, self.case.pk)
        facts = self._facts(case_type, history)
        new = self._act(case_type, unit, self.given(self.act), facts)
        refuse_number(self.number, new, self.around)
        looked_at = self.around.context(history.case_type, history.level, history.jurisdiction, self._today())
        refuse_act(case_type, facts, history.entries, new, looked_at)
        return new

    def _facts(self, case_type: CaseType, history: CaseHistory) -> Mapping[str, Any]:
        """The facts with those given now; refused where they do not fit, or say otherwise than before."""
        given = filled_in(self.facts)
        if not given:
            return history.facts
        for name in given:
            if history.facts.get(name) not in (None, given[name]) and name in case_type.facts:
                title = case_type.facts[name].title
                raise ActionRefused(
                    f"“{title}”已经填过，要改请用“修改基本情况”，并写明理由。", code="invalid", field=name
                )
        merged = {**history.facts, **given}
        refuse_facts(case_type, merged)
        return merged

    def _change(self) -> CaseAct:
        case_type = case_type_of(self.case.case_type)
        history, new = self._held, self._new
        said = {name: value for name, value in filled_in(self.facts).items() if name not in history.facts}
        if said:
            reason = f"办理“{_title(case_type, self.act)}”时填写"
            payload = {"facts": said, "reason": reason, "with": self.act}
            history = self._append_to(history, FACTS_CHANGED, self._today(), payload)
        position = len(history.entries) + 1
        number = number_of(case_type, new, history.number, self.number, self.case.organization, self.around)
        history = self._append_to(history, ACT_RECORDED, self.on, new.payload(position, number))
        self._write(history)
        acts = CaseAct.objects.select_related("case__organization")
        act = acts.get(case_id=history.id, position=position)
        self.case = act.case
        return act


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

    needs = Needs("更正环节", BUSINESS, "以目录规定的环节办理人为准，并含承办人")

    position: int
    reason: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    withdraws: bool = False
    _correction: Correction = field(init=False, repr=False, compare=False)  # as `check` decided it

    def check(self) -> None:
        """Refuses a missing role, a correction without reason or effect, and one of what is not there."""
        self._correction = self._decide(self._lock())

    def _decide(self, history: CaseHistory) -> Correction:
        case_type = case_type_of(self.case.case_type)
        standing = history.act_at(self.position)
        act = standing.act if standing else ""
        roles, desks = recorders(case_type, act), Desks(self.case, case_type)
        unit = desks.mending(self.actor, standing, roles) if standing else self.case.organization
        self._admit(unit, roles, case=self.case.pk)
        correction = Correction(
            of=self.position,
            changes={} if self.withdraws else self._changes(),
            reason=self.reason.strip(),
            withdraws=self.withdraws,
            position=len(history.entries) + 1,
        )
        looked_at = context(history.case_type, history.level, history.jurisdiction, self._today())
        correct(history, correction, case_type, looked_at)
        if standing is None or self.withdraws:
            return correction
        anew = self._looked_up_anew(case_type, standing, correction.changes, history.facts)
        return replace(correction, changes={**correction.changes, **anew})

    def _changes(self) -> dict[str, Any]:
        changes = dict(self.changes)
        if isinstance(changes.get("on"), date):
            changes["on"] = changes["on"].isoformat()
        if isinstance(changes.get("unit"), Organization):
            changes["unit"] = changes["unit"].code
        if "evidence" in changes:
            changes["evidence"] = checked_evidence(changes["evidence"] or ())
        return changes

    def _looked_up_anew(
        self, case_type: CaseType, standing: Act, changes: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """How what the mended act names stood on its mended day, and which rows fire now; nothing where nothing can change."""
        if not changes.keys() & {"act", "on", "fields", "outcome"}:
            return {}
        mended = corrected(standing, changes)
        lists = LedgerLists(self.case.organization)
        found = listed(case_type, mended.act, mended.on, mended.fields, facts, lists=lists)
        tables = LedgerTables(self.case.organization, mended.on)
        rows = fired(case_type, mended.act, mended.outcome, mended.fields, facts, tables=tables)
        anew: dict[str, Any] = {"listed": {name: str(how) for name, how in found.items()}} if found else {}
        return anew | ({"fired": fired_said(rows)} if rows else {})

    def _change(self) -> Case:
        history, correction = self._held, self._correction
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

    needs = Needs("修改事项情况", (Role.OFFICER,))

    facts: Mapping[str, Any]
    reason: str
    title: str = ""

    def check(self) -> None:
        """Refuses a missing role or reason, and facts that would not fit the case type."""
        case_type = case_type_of(self.case.case_type)
        self._admit(self.case.organization, case=self.case.pk)
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
        self.case = self._store(self._append_to(self._held, FACTS_CHANGED, self._today(), payload))
        return self.case
