"""Figures of what names a unit, whoever did it: its files that others reviewed, decisions of its that were reversed.

A figure of a unit counts what the unit itself recorded. What others record about it stands with them; a fact names the unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.law.schema.counting import Rate
from yifa.ledger.figures.counted import Counted, CountedRecord
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import Case, Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.procedures.scoring import Quantity, written
from yifa.procedures.totals import rate

CHUNK = 5000


class Naming:
    """One figure of the whole body, told apart by the units that a fact of its cases names."""

    def __init__(self, rule: str, fact: str, units: Sequence[Organization], start: date, end: date) -> None:
        self._rule, self._fact = catalogue().counting_rules[rule], fact
        self._tops = {unit.ancestor_codes()[0] for unit in units}
        self._period = (start, end)

    def quantity(self, unit: Organization) -> Quantity:
        """The figure of the records that name the unit or one below it."""
        if self._rule.rate is None:
            return Quantity(
                self._rule.title, self._rule.unit, _sum(self.records(unit, self._rule.counting_rule))
            )
        given = self._rule.rate
        above, below = (_sum(self.records(unit, name)) for name in (given.numerator, given.denominator))
        made = _made(given, above, below, catalogue().counting_rules[given.denominator].unit)
        return Quantity(self._rule.title, self._rule.unit, rate(given, above, below), of=made)

    def records(self, unit: Organization, rule: str) -> list[CountedRecord]:
        """The records of a figure that name the unit or one below it."""
        found = self._by_path[rule]
        return [record for path, records in found.items() if path.startswith(unit.path) for record in records]

    @cached_property
    def _by_path(self) -> Mapping[str, Mapping[str, list[CountedRecord]]]:
        given = self._rule.rate
        names = [given.numerator, given.denominator] if given else [self._rule.counting_rule]
        found: dict[str, dict[str, list[CountedRecord]]] = {name: defaultdict(list) for name in names}
        for top in Organization.objects.filter(code__in=self._tops):
            counting, units = Counting(top, *self._period), UnitNames(top, self._period[1].year)
            for name in names:
                records = list(counting.count(name).records)
                said = self._said({record.id for record in records})
                paths = {
                    text: one.path for text in set(said.values()) if (one := units.find(text).organization)
                }
                for record in records:
                    if path := paths.get(said.get(record.id, "")):
                        found[name][path].append(record)
        return found

    def _said(self, cases: Iterable[UUID]) -> dict[UUID, str]:
        """What each case says in the fact."""
        found: dict[UUID, str] = {}
        wanted = list(cases)
        for start in range(0, len(wanted), CHUNK):
            rows = (
                Case.objects.filter(pk__in=wanted[start : start + CHUNK])
                .order_by()
                .values_list("pk", f"facts__{self._fact}")
            )
            found.update((key, str(text or "")) for key, text in rows)
        return found


def made_of(counted: Counted) -> str:
    """What a share was made from, in words; nothing for other figures."""
    given, above, below = (
        catalogue().counting_rules[counted.rule].rate,
        counted.numerator,
        counted.denominator,
    )
    if given is None or above is None or below is None or above.unit != below.unit:
        return ""
    return _made(given, above.value, below.value, below.unit)


def _made(given: Rate, above: Decimal | None, below: Decimal | None, unit: str) -> str:
    if given.complement or given.times != 100 or above is None or not below:
        return ""
    return f"{written(below)}{unit}中{written(above)}{unit}"


def _sum(records: Iterable[CountedRecord]) -> Decimal:
    return sum((record.value for record in records), Decimal(0))
