"""Scores computed from the ledger: the same figures and gap lists as everywhere else, nothing stored.

for unit, scores in scores_of(catalogue().indicator_sets["county_units"], units, start, end): print(unit, scores.total)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yifa.law.loader import catalogue
from yifa.law.schema import IndicatorSet
from yifa.ledger.counting import Counting, each
from yifa.ledger.gaps import Finding, gap_type
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import Quantity, Scores, score

WHY = {"no_power": "：本级没有这项职权", "not_collected": "：本单位未采集"}


def set_named(name: str) -> IndicatorSet:
    """An indicator set by its id or its title; refuses an unknown one."""
    known = catalogue().indicator_sets
    found = known.get(name) or next((one for one in known.values() if one.title == name), None)
    if found is None:
        listed = "、".join(f"{one.title}（{id_}）" for id_, one in known.items())
        raise ActionRefused(f"没有“{name}”这套考核指标。现有：{listed}。", code="missing")
    return found


def measured(given: IndicatorSet, organizations: Iterable[Organization]) -> list[Organization]:
    """Those that the set measures: of the levels of one of its classes."""
    return [one for one in organizations if given.class_of(one.level) is not None]


def scores_of(
    given: IndicatorSet, units: Sequence[Organization], start: date, end: date
) -> Iterator[tuple[Organization, Scores]]:
    """The scores of units for a period; what they need is asked of the ledger once for all."""
    for counting in each(units, start, end):
        unit_class = given.class_of(counting.organization.level)
        if unit_class is None:
            names = "、".join(one.title for one in given.classes.values())
            raise ActionRefused(
                f"“{given.title}”考核的是{names}，{counting.organization}不在其中。请换一套指标，或者换一个单位。",
                code="invalid",
            )
        yield counting.organization, score(given, unit_class, LedgerSeen(counting))


@dataclass
class LedgerSeen:
    """What the ledger says of one unit."""

    counting: Counting
    _finding: Finding = field(init=False)

    def __post_init__(self) -> None:
        self._finding = Finding(self.counting.organization, self.counting.on)

    def figure(self, rule: str) -> Quantity:
        """A figure of the unit and those below it; a rate without anything to divide by measures nothing."""
        counted = self.counting.count(rule)
        title = catalogue().counting_rules[rule].title
        return Quantity(title, counted.unit, counted.value, WHY.get(counted.status, ""))

    def gap(self, gap: str) -> Quantity:
        """The things of the unit on a gap list, as it stands at the end of the period."""
        kind = gap_type(gap)
        off = no_power(self.counting.organization.level, case_type=kind.case_type, register=kind.register_)
        if off is not None:
            return Quantity(kind.title, "项", None, f"：{off}")
        return Quantity(kind.title, "项", Decimal(len(self._finding.gaps(kind))))
