"""What was found is listed: one item for each, with the day by which it is to be put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions import OpenCase
from yifa.ledger.actions.base import Action, today
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.findings import ITEM
from yifa.supervision.found import Unlisted


@dataclass(frozen=True, kw_only=True)
class ListFindings(Action[list[Case]]):
    """Lists findings as items of rectification, all or nothing. Each belongs to the unit that puts it right.

    `organization` is the body that lists; only findings of itself and of units below it. `due` None: the day is still to be
    set, which the list of items without a day asks for.
    """

    needs = Needs(
        "把发现的问题列入整改台账",
        (Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR, Role.ASSESSOR, Role.AUDITOR),
    )

    actor: User | None
    organization: Organization
    findings: Sequence[Unlisted]
    due: date | None

    def check(self) -> None:
        """Refuses no finding, one listed before, one of another body, a day that has passed."""
        self._admit(self.organization)
        if not self.findings:
            raise ActionRefused("请勾选要列入的问题。", code="invalid", field="key")
        if self.due is not None and self.due < today():
            raise ActionRefused("整改期限早于今天，请核对。", code="invalid", field="due")
        if any(not one.unit.path.startswith(self.organization.path) for one in self.findings):
            raise ActionRefused("所选问题里有不属于本单位及其下级的。", code="invalid", field="key")
        keys = [one.key for one in self.findings]
        if Case.objects.filter(case_type=ITEM, facts__origin_key__in=keys).exists():
            raise ActionRefused("所选问题里有已经列入的，请刷新后再选。", code="duplicate")

    def _change(self) -> list[Case]:
        return [self._open(one) for one in self.findings]

    def _open(self, one: Unlisted) -> Case:
        facts = {
            "problem": one.problem[:200],
            "source": one.source,
            "issuer": self.organization.name,
            "owner": one.unit.name,
            "due": self.due.isoformat() if self.due else None,
            "origin": one.place,
            "origin_key": one.key,
        }
        return OpenCase(
            actor=self.actor,
            organization=one.unit,
            case_type=ITEM,
            on=today(),
            facts={name: value for name, value in facts.items() if value is not None},
        ).execute()
