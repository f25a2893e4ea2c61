"""What all changes of a report share: who may make them, and the line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from yifa.ledger.actions.base import Action
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.models import Report

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class ReportingAction(Action[Result]):
    """One change of a report. `actor` None is the system or the command line."""

    actor: User | None

    def _record(
        self, report: Report, kind: str, payload: Mapping[str, Any], happened_on: date | None = None
    ) -> None:
        """The line in the report's chain."""
        append_record(Subject.REPORT, report.pk, kind, report.organization, happened_on, self.actor, payload)


def refuse_settled(report: Report) -> None:
    """Text and figures change in the draft only; what has been submitted stays as it was."""
    if report.state == Report.State.DRAFT:
        return
    back = "" if report.submitted_at else "；要修改，请先退回草稿"
    raise ActionRefused(f"“{report.title}”{_standing(report)}，不能再改{back}。", code="state")


def refuse_unless(report: Report, states: Sequence[str], what: str) -> None:
    """Each step has its place in the order."""
    if report.state not in states:
        wanted = "、".join(f"“{Report.State(state).label}”" for state in states)
        raise ActionRefused(
            f"“{report.title}”{_standing(report)}，不能{what}：这一步在{wanted}阶段办理。", code="state"
        )


def _standing(report: Report) -> str:
    done = (Report.State.SUBMITTED, Report.State.PUBLISHED)
    label = str(report.get_state_display())
    return label if report.state in done else f"处在“{label}”阶段"


def refuse_held_up(reasons: Sequence[str], what: str) -> None:
    """Refuses a step while something holds it up, naming all of it."""
    if reasons:
        raise ActionRefused(f"还不能{what}：{'；'.join(reasons)}。", code="held_up")


def name_of(user: User | None) -> str:
    """Who somebody is, for records that name people."""
    return (user.display_name or user.get_username()) if user else ""


def lock(report: Report) -> Report:
    """The report as it stands now, held against others until the transaction ends."""
    return Report.objects.select_for_update(of=("self",)).select_related("organization").get(pk=report.pk)
