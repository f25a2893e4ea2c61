"""Scores computed from the ledger: the same figures and gap lists as everywhere else, nothing stored.

for unit, scores in scores_of(catalogue().indicator_sets["county_units"], units, start, end): print(unit, scores.total)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from yifa.assessment.naming import Naming, made_of
from yifa.law.loader import catalogue
from yifa.law.schema import Indicator, IndicatorSet
from yifa.ledger.figures.counting import Counting, each
from yifa.ledger.figures.gaps import Finding, gap_type
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import Given, Quantity, Scores, score

WHY = {"no_power": "：本级没有这项职权", "not_collected": "：本单位未采集"}
Decided = Mapping[str, Mapping[str, Given]]  # unit's code -> indicator -> what people decided
Classes = Mapping[str, str]  # unit's code -> class


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
    given: IndicatorSet,
    units: Sequence[Organization],
    start: date,
    end: date,
    *,
    classes: Classes | None = None,
    decided: Decided | None = None,
    count: Count | None = None,
) -> Iterator[tuple[Organization, Scores]]:
    """The scores of units for a period.

    `classes` and `decided` are what an assessment says of them; `count` may remember what `counted` gave.
    """
    for unit, quantities in quantities_of(given, units, start, end, count=count):
        name = class_of(given, unit, classes)
        yield unit, score(given, name, Seeing(quantities, (decided or {}).get(unit.code, {})))


def class_of(given: IndicatorSet, unit: Organization, classes: Classes | None = None) -> str:
    """The class a unit is measured in; refuses one that the set does not measure."""
    name = (classes or {}).get(unit.code) or given.class_of(unit.level)
    if name is None:
        names = "、".join(one.title for one in given.classes.values())
        raise ActionRefused(
            f"“{given.title}”考核的是{names}，{unit}不在其中。请换一套指标，或者换一个单位。", code="invalid"
        )
    return name


class Asked(NamedTuple):
    """One thing that a set asks of the ledger: a gap list, a figure, or (`named_in`) a figure of what names the unit."""

    sort: Literal["figure", "gap"]
    name: str
    named_in: str | None = None


Counts = Mapping[Asked, Mapping[int, Quantity]]  # by the unit's key
Count = Callable[[Sequence[Asked], Sequence[Organization], date, date], Counts]


@dataclass(frozen=True, slots=True)
class Seeing:
    """What was counted of one unit, together with what people decided."""

    counted: Mapping[Asked, Quantity]
    decided: Mapping[str, Given] = field(default_factory=dict)

    def figure(self, rule: str, named_in: str | None = None) -> Quantity:
        """A figure of the unit and those below it, or of what names it."""
        return self.counted[Asked("figure", rule, named_in)]

    def gap(self, gap: str) -> Quantity:
        """The things of the unit on a gap list."""
        return self.counted[Asked("gap", gap)]

    def given(self, indicator: Indicator) -> Given | None:
        """What people decided."""
        return self.decided.get(indicator.id)


def asked_by(given: IndicatorSet) -> list[Asked]:
    """All that a set asks of the ledger, whatever the weights, each once."""
    indicators = [one for part in given.parts for one in part.indicators]
    figures = [(one.figure, one.named_in) for one in indicators if one.figure is not None]
    figures += [(one.figure, one.named_in) for one in given.grave]
    figures += [(one.only_with, None) for one in indicators if one.only_with is not None]
    gaps = [Asked("gap", one.gap) for one in indicators if one.gap is not None]
    return list(dict.fromkeys([*(Asked("figure", *one) for one in figures), *gaps]))


def quantities_of(
    given: IndicatorSet, units: Sequence[Organization], start: date, end: date, *, count: Count | None = None
) -> Iterator[tuple[Organization, Mapping[Asked, Quantity]]]:
    """What a set asks of the ledger, of each unit; asked for all units together, by `count` or anew."""
    counts = (count or counted)(asked_by(given), units, start, end) if units else {}
    for unit in units:
        yield unit, {one: by_unit[unit.pk] for one, by_unit in counts.items()}


def counted(asked: Sequence[Asked], units: Sequence[Organization], start: date, end: date) -> Counts:
    """What the ledger says of each unit now."""
    countings = each(units, start, end)
    lists = _Lists(units, countings[0].on)
    found: dict[Asked, dict[int, Quantity]] = {}
    for one in asked:
        if one.sort == "gap":
            found[one] = {unit.pk: lists.of(unit, one.name) for unit in units}
        elif one.named_in is not None:
            naming = Naming(one.name, one.named_in, units, start, end)
            found[one] = {unit.pk: naming.quantity(unit) for unit in units}
        else:
            found[one] = {each_.organization.pk: _figure(each_, one.name) for each_ in countings}
    return found


def _figure(counting: Counting, rule: str) -> Quantity:
    """A figure of the unit and those below it; a rate without anything to divide by measures nothing."""
    counted = counting.count(rule)
    title = catalogue().counting_rules[rule].title
    missing = counted.status == "not_collected"
    return Quantity(
        title, counted.unit, counted.value, WHY.get(counted.status, ""), missing, made_of(counted)
    )


class _Lists:
    """Gap lists of many units, each list looked at once for all of them."""

    def __init__(self, units: Sequence[Organization], on: date) -> None:
        tops = {unit.ancestor_codes()[0] for unit in units}
        rows = list(units) if len(units) == 1 else list(Organization.objects.filter(code__in=tops))
        self._findings = [Finding(one, on) for one in rows]
        self._paths: dict[str, tuple[str, ...]] = {}

    def of(self, unit: Organization, gap: str) -> Quantity:
        """The things of a unit on a list, as it stands at the end of the period."""
        kind, counted_in = gap_type(gap), unit_of(gap)
        off = no_power(unit.level, case_type=kind.case_type, register=kind.register_)
        if off is not None:
            return Quantity(kind.title, counted_in, None, f"：{off}")
        if gap not in self._paths:
            self._paths[gap] = tuple(path for one in self._findings for path in one.paths(kind))
        found = sum(path.startswith(unit.path) for path in self._paths[gap])
        return Quantity(kind.title, counted_in, Decimal(found))


def unit_of(gap: str) -> str:
    """In what a gap list is counted: as its cases or entries are."""
    kind, known = gap_type(gap), catalogue()
    if kind.case_type is not None:
        return known.case_types[kind.case_type].unit
    if kind.counting_rule is not None:
        return known.counting_rules[kind.counting_rule].unit
    return known.registers[kind.register_].unit if kind.register_ is not None else "个"
