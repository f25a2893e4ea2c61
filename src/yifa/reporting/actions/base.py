"""What all changes of a report share: who may make them, and the line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from yifa.ledger.actions.base import Action
from yifa.ledger.appending import append_record
from yifa.ledger.models import Organization, Role, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.models import Report

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class ReportingAction(Action[Result]):
    """One change of a report. `actor` None is the system or the command line."""

    actor: User | None

    def _coordinator(self, organization: Organization, what: str) -> None:
        """The actor must coordinate in the organization or above it."""
        self._require(organization, [Role.COORDINATOR], what)

    def _record(
        self, report: Report, kind: str, payload: Mapping[str, Any], happened_on: date | None = None
    ) -> None:
        """The line in the report's chain."""
        append_record(Subject.REPORT, report.pk, kind, report.organization, happened_on, self.actor, payload)


def refuse_submitted(report: Report) -> None:
    """What has been submitted stays as it was."""
    if report.state != Report.State.DRAFT:
        raise ActionRefused(f"“{report.title}”{report.get_state_display()}，不能再改。", code="state")
