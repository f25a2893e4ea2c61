"""Opening a case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yifa.law.schema import CaseType
from yifa.ledger.actions.base import filled_in
from yifa.ledger.actions.cases import TITLE_LENGTH, CaseAction, WithAct, number_of, recorders, refuse_number
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.chain.history import (
    ACT_RECORDED,
    CASE_OPENED,
    case_opened,
    case_with,
)
from yifa.ledger.deciding.around import Around
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.deciding.decisions import NewAct, refuse_act, refuse_facts
from yifa.ledger.legal import case_type_of, no_power
from yifa.ledger.models import Case, Organization
from yifa.ledger.people.needs import BUSINESS, Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class OpenCase(WithAct, CaseAction[Case]):
    """Opens a case with its first act.

    Attributes:
        organization: Whose case it is.
        act: The opening act; the case type's first where left out.
        title: Shown in lists; the title fact where left out.
    """

    needs = Needs("新建事项", BUSINESS, "以目录规定的首个环节办理人为准，并含承办人")

    organization: Organization
    case_type: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    act: str | None = None
    title: str = ""

    def check(self) -> None:
        """Refuses a missing role or power, wrong facts, and an opening act the law forbids."""
        self.decided(case_type_of(self.case_type))

    def decided(self, case_type: CaseType) -> tuple[Mapping[str, Any], NewAct]:
        """The facts and the opening act as they are to be recorded; refused as `check` says."""
        roles = recorders(case_type, self._opening(case_type))
        self.around.require(self.actor, self.organization, roles, f"办理“{case_type.title}”")
        off = no_power(self.organization.level, case_type=self.case_type)
        if off is not None:
            raise ActionRefused(f"“{case_type.title}”：{off}（{self.organization}）。", code="no_power")
        facts = self._facts(case_type)
        refuse_facts(case_type, facts)
        return facts, self._decide(case_type, facts)

    def _facts(self, case_type: CaseType) -> Mapping[str, Any]:
        return self.around.filled(case_type, filled_in(self.facts), self.on)

    def _opening(self, case_type: CaseType) -> str:
        return self.act or case_type.opens_with[0]

    def _decide(self, case_type: CaseType, facts: Mapping[str, Any]) -> NewAct:
        new = self._act(case_type, self.organization, self.given(self._opening(case_type)), facts)
        if new.act not in case_type.opens_with:
            first = "、".join(case_type.acts[act].title for act in case_type.opens_with)
            raise ActionRefused(f"“{case_type.title}”应从“{first}”开始。", code="invalid", field="act")
        refuse_number(self.number, new, self.around)
        jurisdiction = self.around.jurisdiction(self.organization)
        looked_at = self.around.context(
            self.case_type, self.organization.level, jurisdiction, self.around.day_of(self.recorded_at)
        )
        refuse_act(case_type, facts, (), new, looked_at)
        return new

    def _change(self) -> Case:
        case_type = case_type_of(self.case_type)
        facts, new = self.decided(case_type)
        case_id = uuid.uuid4()
        said = self.opened(case_type, facts)
        opened = self._append(case_id, CASE_OPENED, self.organization, self.on, said, (0, GENESIS))
        number = number_of(case_type, new, "", self.number, self.organization, self.around)
        said = new.payload(1, number)
        acted = self._append(case_id, ACT_RECORDED, self.organization, self.on, said, (1, opened.digest))
        return self._store(case_with(case_opened(case_id, line_from(opened)), line_from(acted)))

    def opened(self, case_type: CaseType, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What the record of the opening says."""
        return opening_said(case_type, self.organization, self.title, facts, self.around)


def opening_said(
    case_type: CaseType, organization: Organization, title: str, facts: Mapping[str, Any], around: Around
) -> dict[str, Any]:  # fmt: skip
    """What the record of an opening says."""
    named = title.strip() or str(facts.get(case_type.title_fact or "", "")) or case_type.title
    return {
        "case_type": case_type.case_type,
        "title": named[:TITLE_LENGTH],
        "level": organization.level,
        "jurisdiction": around.jurisdiction(organization),
        "facts": facts,
    }
