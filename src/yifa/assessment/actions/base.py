"""What all changes of an assessment share: the record in its chain, and its effect on the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from yifa.assessment.models import Assessment, ResultVersion
from yifa.assessment.replaying import apply
from yifa.law.clocks import add
from yifa.law.schema import Indicator, Term
from yifa.ledger.actions.base import Action, today
from yifa.ledger.chain.appending import append_record
from yifa.ledger.legal import calendar
from yifa.ledger.models import Organization, Role, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import written

Result = TypeVar("Result")
KEEPERS = (Role.ASSESSOR, Role.COORDINATOR)
REASON_LENGTH = 300
Paper = Mapping[str, str | None]  # title, and the digest of its file


@dataclass(frozen=True, kw_only=True)
class AssessmentAction(Action[Result]):
    """One change of an assessment. `actor` None is the system or the command line."""

    actor: User | None
    assessment: Assessment

    def _record(self, kind: str, payload: Mapping[str, Any], on: date | None = None) -> None:
        """The line in the assessment's chain, and what follows from it."""
        known = self.assessment
        apply(
            append_record(
                Subject.ASSESSMENT, known.pk, kind, known.organization, on or today(), self.actor, payload
            )
        )

    def _fresh(self) -> Assessment:
        """The assessment as it is now, held until the change is made."""
        return Assessment.objects.select_for_update(of=("self",)).get(pk=self.assessment.pk)

    def _measured(self, unit: Organization, indicator: str) -> Indicator:
        """The indicator; refuses one by which the unit is not measured."""
        found = self.assessment.set.indicator(indicator)
        held = self.assessment.units.filter(organization=unit).first()
        if found is None or held is None or not found.points.get(held.unit_class):
            raise ActionRefused(f"“{unit}”没有这项指标，请重新选择。", code="invalid", field="indicator")
        return found

    def _full(self, unit: Organization, indicator: Indicator) -> Any:
        """How many points the indicator has for the unit."""
        return indicator.points[self.assessment.units.get(organization=unit).unit_class]

    def _version(self, state: Assessment.State) -> ResultVersion:
        """The version at work; refuses an assessment in another state."""
        now = self._fresh()
        version = now.latest
        if now.state != state or version is None:
            raise ActionRefused(
                f"“{now}”现在是“{now.get_state_display()}”，不能办这一步，请刷新页面。", code="state"
            )
        return version


def refuse_beyond(points: Any, least: Any, most: Any, field: str = "points", of: str = "") -> None:
    """Refuses points outside of what the indicator has. `of`: whose they are, where several are given at once."""
    if points is None or not least <= points <= most:
        raise ActionRefused(
            f"{of}分值应在{written(least)}至{written(most)}分之间。", code="invalid", field=field
        )


def own(user: User | None, unit: Organization) -> bool:
    """Whether somebody is of a unit or of one below it."""
    return user is not None and user.organization is not None and user.organization.path.startswith(unit.path)


def due(term: Term | None, start: date) -> date | None:
    """The last day of a term; None where the set gives none."""
    return None if term is None else add(calendar(), start, term.length, term.unit)
