"""The records behind lost points, by name: what a unit is told to put right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

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
        told = "、".join(
            name if times == 1 else f"{name}（同名{times}项）" for name, times in Counter(self.names).items()
        )
        return told + (f"等{len(self.names) + self.more}项" if self.more else "")


class Lost:
    """Names what stands behind the points a unit lost, in one period."""

    def __init__(self, unit: Organization, start: date, end: date) -> None:
        self._unit, self._period = unit, (start, end)
        self._counting = Counting(unit, start, end)
        self._finding = Finding(unit, self._counting.on)

    def behind(self, indicator: Indicator) -> Behind:
        """The things on the gap list, the records that count against, or those missing from a rate."""
        if indicator.gap is not None:
            return _few(
                [_called(one.title, one.number) for one in self._finding.gaps(gap_type(indicator.gap))]
            )
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
        if _less_is_better(indicator) and len(counted.records) <= READ:
            most = sorted(counted.records, key=lambda one: -one.value)
            return _few([_name(one) for one in most if one.value])
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
    """What lost points in a rate: what it does not reach or not wholly, or, where less is better, what it counts."""
    if len(below) > READ:
        return ()
    if _less_is_better(indicator):
        return above
    reached, asked = _sums(above), _sums(below)
    once = {one.id: one for one in below}
    return [one for one in once.values() if reached[one.id] < asked[one.id]]


def _sums(records: Iterable[CountedRecord]) -> defaultdict[UUID, Decimal]:
    """What each thing adds."""
    found: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for one in records:
        found[one.id] += one.value
    return found


def _less_is_better(indicator: Indicator) -> bool:
    return indicator.scale is not None and indicator.scale.none > indicator.scale.full


def _name(one: CountedRecord) -> str:
    return _called(one.title, "" if one.kind == "organization" else one.number)


def _called(title: str, number: str) -> str:
    return f"{title}（{number}）" if number else title


def _few(names: Sequence[str]) -> Behind:
    return Behind(tuple(names[:NAMED]), max(0, len(names) - NAMED))


def lost(scores: Scores) -> list[Scored]:
    """The indicators that lost points, in the order of the set."""
    return [line for line in scores.lines if line.lost]
