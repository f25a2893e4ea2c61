"""What was found is listed: one item for each, with the day by which it is to be put right."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from yifa.ledger.actions import ChangeFacts, OpenCase, RecordAct
from yifa.ledger.actions.base import Action, today
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.findings import ITEM
from yifa.supervision.found import Unlisted

TOLD = {"law_inspection": ("follow_up", "item")}  # the act and its field by which a case says what was listed
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ListFindings(Action[list[Case]]):
    """Lists findings as items of rectification, all or nothing. Each belongs to the unit that puts it right.

    `organization` is the body that lists; only findings of itself and of units below it. `due` is for those to which neither
    law nor source gives a day; None: it is still to be set (`SetItemDays`). `owner`: who puts it right, else the unit of each.
    `measure`: what is to be done, where the lister is one who may say so.
    """

    needs = Needs(
        "把发现的问题列入整改台账",
        (Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR, Role.ASSESSOR, Role.AUDITOR),
    )

    actor: User | None
    organization: Organization
    findings: Sequence[Unlisted]
    due: date | None
    owner: Organization | None = None
    measure: str = ""

    def check(self) -> None:
        """Refuses no finding, one listed before, one of another body, a day that has passed."""
        self._admit(self.organization)
        if not self.findings:
            raise ActionRefused("请勾选要列入的问题。", code="invalid", field="key")
        if self.due is not None and self.due < today():
            raise ActionRefused("整改期限早于今天，请核对。", code="invalid", field="due")
        if self.owner is not None and not self.owner.path.startswith(self.organization.path):
            raise ActionRefused("责任单位应是本单位或者下级单位。", code="invalid", field="owner")
        if any(not one.unit.path.startswith(self.organization.path) for one in self.findings):
            raise ActionRefused("所选问题里有不属于本单位及其下级的。", code="invalid", field="key")
        keys = [one.key for one in self.findings]
        if Case.objects.filter(case_type=ITEM, facts__origin_key__in=keys).exists():
            raise ActionRefused("所选问题里有已经列入的，请刷新后再选。", code="duplicate")

    def _change(self) -> list[Case]:
        made = [self._open(one) for one in self.findings]
        for one, item in zip(self.findings, made, strict=True):
            self._tell(one.about, item)
        return made

    def _tell(self, about: object, item: Case) -> None:
        """The act of the case it was found in, where there is one and it may still be recorded."""
        act, name = TOLD.get(about.case_type, ("", "")) if isinstance(about, Case) else ("", "")
        if not isinstance(about, Case) or not act:
            return
        told = {name: item.number or item.title}
        try:
            with transaction.atomic():
                RecordAct(actor=self.actor, case=about, act=act, on=today(), fields=told).execute()
        except ActionRefused as error:  # closed since; or the lister may list, but not record there
            logger.info("“%s”没有记入列入整改台账的环节：%s", about, error.message)

    def _open(self, one: Unlisted) -> Case:
        owner = self.owner or one.unit
        due = one.due if one.due is not None and one.due >= today() else self.due
        facts = {
            "problem": one.problem[:200],
            "source": one.source,
            "issuer": self.organization.name,
            "owner": owner.name,
            "due": due.isoformat() if due else None,
            "origin": one.place,
            "origin_key": one.key,
        }
        case = OpenCase(
            actor=self.actor,
            organization=owner,
            case_type=ITEM,
            on=today(),
            facts={name: value for name, value in facts.items() if value is not None},
        ).execute()
        if self.measure.strip():
            RecordAct(
                actor=self.actor,
                case=case,
                act="plan_measure",
                on=today(),
                fields={"measure": self.measure.strip()},
            ).execute()
        return case


SETTERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.ASSESSOR, Role.AUDITOR)


class _SetDay(ChangeFacts):
    """The one fact that those may set who list."""

    needs = Needs("定整改期限", SETTERS)


@dataclass(frozen=True, kw_only=True)
class SetItemDays(Action[None]):
    """Sets the day for items that have none yet, all or nothing."""

    needs = _SetDay.needs

    actor: User | None
    organization: Organization
    items: Sequence[Case]
    due: date

    def check(self) -> None:
        """Refuses no item, one that has a day or is closed, one of another body, a day that has passed."""
        self._admit(self.organization)
        if not self.items:
            raise ActionRefused("请勾选要定期限的问题。", code="invalid", field="item")
        if self.due < today():
            raise ActionRefused("整改期限早于今天，请核对。", code="invalid", field="due")
        for case in self.items:
            if not case.organization.path.startswith(self.organization.path):
                raise ActionRefused("所选问题里有不属于本单位及其下级的。", code="invalid", field="item")
            if case.case_type != ITEM or case.facts.get("due") or case.closed_on is not None:
                raise ActionRefused(
                    f"“{case.title}”不需要再定期限，请刷新后再选。", code="state", field="item"
                )

    def _change(self) -> None:
        for case in self.items:
            _SetDay(
                actor=self.actor, case=case, facts={"due": self.due.isoformat()}, reason="定整改期限"
            ).execute()
