"""A set is issued for a year: with its weights, its units, its terms. From then on none of them changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yifa.assessment.actions.base import KEEPERS
from yifa.assessment.models import Assessment
from yifa.assessment.replaying import ISSUED, apply
from yifa.assessment.storing import defined, digest_of
from yifa.law.indicatorchecks import points_problems
from yifa.law.schema import IndicatorSet
from yifa.ledger.actions.base import Action, today
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Entry, Organization, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused

Weights = Mapping[str, Mapping[str, Decimal]]  # indicator -> class -> points


def weighed(given: IndicatorSet, weights: Weights) -> IndicatorSet:
    """A set with other weights. Refuses those that do not add up."""
    parts = [
        part.model_copy(
            update={
                "indicators": [
                    one.model_copy(update={"points": {**one.points, **weights.get(one.id, {})}})
                    for one in part.indicators
                ]
            }
        )
        for part in given.parts
    ]
    changed = given.model_copy(update={"parts": parts})
    wrong = "；".join(points_problems(changed))
    if wrong:
        raise ActionRefused(f"{wrong}。请调整后再试算或者印发。", code="invalid", field="weights")
    return changed


@dataclass(frozen=True, kw_only=True)
class IssueSet(Action[Assessment]):
    """Issues a set for a year.

    Attributes:
        units: Whom it measures, with the class of each.
        weights: Points that differ from those of the catalogue.
        rules: The version of the assessment's rules (register `assessment_rules`) it goes by, if there is one.
    """

    needs = Needs("印发年度考核指标", KEEPERS)

    actor: User | None
    organization: Organization
    given: IndicatorSet
    year: int
    units: Mapping[Organization, str]
    weights: Weights = field(default_factory=dict)
    rules: Entry | None = None

    def check(self) -> None:
        """Refuses a set issued before, no unit, a unit of another body, weights that do not add up."""
        self._admit(self.organization)
        weighed(self.given, self.weights)
        if not 2000 <= self.year <= 2100:
            raise ActionRefused("考核年度应为四位数字的年份。", code="invalid", field="year")
        known = Assessment.objects.filter(
            organization=self.organization, name=self.given.indicator_set, year=self.year
        )
        if known.exists():
            raise ActionRefused(
                f"“{self.given.title}”{self.year}年度已经印发。", code="duplicate", field="year"
            )
        if not self.units:
            raise ActionRefused("请至少选一个被考核单位。", code="invalid", field="units")
        for unit, name in self.units.items():
            if not unit.path.startswith(self.organization.path) or name not in self.given.classes:
                raise ActionRefused(f"“{unit}”不能按这套指标考核。", code="invalid", field="units")
        self._refuse_rules()

    def _refuse_rules(self) -> None:
        rules, first = self.rules, date(self.year, 1, 1)
        if rules is None:
            return
        if rules.register != "assessment_rules" or rules.withdrawn:
            raise ActionRefused("请选择考核办法清单里的一个版本。", code="invalid", field="rules")
        if (rules.ends is not None and rules.ends < first) or (
            rules.begins is not None and rules.begins > date(self.year, 12, 31)
        ):
            raise ActionRefused(
                f"“{rules}”在{self.year}年不施行，请选施行中的版本。", code="invalid", field="rules"
            )

    def _change(self) -> Assessment:
        changed, id_ = weighed(self.given, self.weights), uuid.uuid4()
        held = defined(changed)
        said = {
            "year": self.year, "set": held, "digest": digest_of(held),
            "units": {unit.code: name for unit, name in self.units.items()},
            "starts": date(self.year, 1, 1), "ends": date(self.year, 12, 31),
            "rules": self.rules.title if self.rules is not None else "",
        }  # fmt: skip
        apply(append_record(Subject.ASSESSMENT, id_, ISSUED, self.organization, today(), self.actor, said))
        return Assessment.objects.get(pk=id_)
