"""What all changes of a plan share: who may make them, and the line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from yifa.ledger.actions.base import Action
from yifa.ledger.appending import append_record
from yifa.ledger.models import Organization, Role, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.models import Plan

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class PlanningAction(Action[Result]):
    """One change of a plan. `actor` None is the system or the command line."""

    actor: User | None

    def _coordinator(self, organization: Organization, what: str) -> None:
        """The actor must coordinate in the organization or above it."""
        self._require(organization, [Role.COORDINATOR], what)

    def _record(
        self, plan: Plan, kind: str, payload: Mapping[str, Any], happened_on: date | None = None
    ) -> None:
        """The line in the plan's chain."""
        append_record(Subject.PLAN, plan.pk, kind, plan.organization, happened_on, self.actor, payload)


def refuse_unchangeable(plan: Plan, reason: str) -> None:
    """A withdrawn plan stays as it is; an issued one changes only with a reason."""
    if plan.state == Plan.State.WITHDRAWN:
        raise ActionRefused(f"“{plan.title}”已撤回，不能再改。", code="withdrawn")
    if plan.state == Plan.State.ISSUED and not reason.strip():
        raise ActionRefused(
            f"“{plan.title}”已经印发，改动须写明理由，以便留痕；请在“理由”一栏填写后再保存。",
            code="reason",
            field="reason",
        )
