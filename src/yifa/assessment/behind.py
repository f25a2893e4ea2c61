"""The records behind lost points, by name: what a unit is told to put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.assessment.naming import Naming
from yifa.law.loader import catalogue
from yifa.law.schema import Indicator
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.gaps import Finding, gap_type
from yifa.ledger.models import Organization
from yifa.procedures.scoring import Scored, Scores

NAMED = 5  # records that are named for one indicator
READ = 5000  # of more, nobody looks for those that are missing


@dataclass(frozen=True, slots=True)
class Behind:
    """Records by name, and how many more there are."""

    names: tuple[str, ...]
    more: int = 0

    @property
    def words(self) -> str:
        """In one line; nothing where there are none."""
        if not self.names:
            return ""
        return "、".join(self.names) + (f"等{len(self.names) + self.more}项" if self.more else "")


class Lost:
    """Names what stands behind the points a unit lost, in one period."""

    def __init__(self, unit: Organization, start: date, end: date) -> None:
        self._unit, self._period = unit, (start, end)
        self._counting = Counting(unit, start, end)
        self._finding = Finding(unit, self._counting.on)

    def behind(self, indicator: Indicator) -> Behind:
        """The things on the gap list, the records that count against, or those missing from a rate."""
        if indicator.gap is not None:
            return _few([one.title for one in self._finding.gaps(gap_type(indicator.gap))])
        if indicator.figure is None:
            return Behind(())
        if indicator.named_in is not None:
            return self._naming(indicator, indicator.figure, indicator.named_in)
        counted = self._counting.count(indicator.figure)
        if counted.numerator is not None and counted.denominator is not None:
            above, below = counted.numerator.records, counted.denominator.records
            return _few([_name(one) for one in _apart(above, below, indicator)])
        if indicator.each is not None:
            return Behind(
                tuple(_name(one) for one in counted.records[:NAMED]), max(0, len(counted.records) - NAMED)
            )
        return Behind(())

    def _naming(self, indicator: Indicator, figure: str, fact: str) -> Behind:
        """The records of others that name the unit and cost it points."""
        rule, naming = catalogue().counting_rules[figure], Naming(figure, fact, [self._unit], *self._period)
        if rule.rate is None:
            return _few([_name(one) for one in naming.records(self._unit, figure)])
        above, below = (
            naming.records(self._unit, name) for name in (rule.rate.numerator, rule.rate.denominator)
        )
        return _few([_name(one) for one in _apart(above, below, indicator)])


def _apart(
    above: Sequence[CountedRecord], below: Sequence[CountedRecord], indicator: Indicator
) -> Sequence[CountedRecord]:
    """What lost points in a rate: what it does not reach, or, where less is better, what it counts."""
    if len(below) > READ:
        return ()
    if indicator.scale is not None and indicator.scale.none > indicator.scale.full:
        return above
    reached = {one.id for one in above}
    return [one for one in below if one.id not in reached]


def _name(one: CountedRecord) -> str:
    return f"{one.title}（{one.number}）" if one.number else one.title


def _few(names: Sequence[str]) -> Behind:
    return Behind(tuple(names[:NAMED]), max(0, len(names) - NAMED))


def lost(scores: Scores) -> list[Scored]:
    """The indicators that lost points, in the order of the set."""
    return [line for line in scores.lines if line.lost]
