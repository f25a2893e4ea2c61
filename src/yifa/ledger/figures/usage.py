"""Which figures one case or one register entry is counted in: entered once, it serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, Unit
from yifa.ledger.deciding.cases import context_of, entries_of
from yifa.ledger.legal import calendar, case_type_of, register_of
from yifa.ledger.models import Case, CollectionGap, Entry, Organization
from yifa.procedures.counting import CountedCase, Match, entry_matches, matches
from yifa.procedures.entries import effective

_Finder = Callable[[CountingRule, date, date], Sequence[Match]]
MOST_YEARS = 6  # a register entry may stand for decades; its last years are looked at


@dataclass(frozen=True, slots=True)
class Use:
    """A figure of one year that counts the record.

    Attributes:
        on: The day that places it in the year.
        value: What the record adds to the figure.
        rates: The rules that divide by this figure, or divide it.
    """

    rule: CountingRule
    year: int
    on: date
    value: Decimal
    rates: tuple[CountingRule, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of all rules that need the record."""
        return (self.rule.counting_rule, *(rate.counting_rule for rate in self.rates))


def uses_of_case(case: Case, today: date) -> tuple[Use, ...]:
    """The figures that count a case, the latest year first. Reads its chain once, however many rules there are."""
    case_type = case_type_of(case.case_type)
    entries = entries_of(case)
    counted = CountedCase(facts=case.facts, entries=entries, unit=case.organization.name, level=case.level)
    days = [act.on for act in effective(entries)]
    if not days:
        return ()
    rules = [rule for rule in catalogue().counting_rules.values() if rule.case_type == case.case_type]
    years = _years(rules, min(days), max(*days, case.closed_on or today), today)

    def found(rule: CountingRule, start: date, end: date) -> Sequence[Match]:
        looked_at = context_of(case, min(end, today))
        return matches(rule, case_type, counted, start, end, looked_at)

    return tuple(_uses(rules, years, case.organization, found))


def uses_of_entry(entry: Entry, today: date) -> tuple[Use, ...]:
    """The figures that count a register entry, the latest year first."""
    register = register_of(entry.register)
    versions = list(entry.versions.order_by("version").values_list("happened_on", "data"))
    first = min([day for day, _ in versions] + [entry.begins or today])
    rules = [
        rule
        for rule in catalogue().counting_rules.values()
        if rule.register_ == entry.register and rule.units is None
    ]
    years = _years(rules, first, today if entry.ends is None else max(first, entry.ends), today)

    def found(rule: CountingRule, start: date, end: date) -> Sequence[Match]:
        said = [data for day, data in versions if day <= end] or [data for _, data in versions[:1]]
        data: Mapping[str, object] = said[-1] if said else entry.data
        return entry_matches(rule, register, data, entry.begins, entry.ends, start, end)

    return tuple(_uses(rules, years, entry.organization, found))


def _years(rules: Sequence[CountingRule], first: date, last: date, today: date) -> list[int]:
    """The years the record may count in, the latest first: what ends on a year's last day ends in the next."""
    later = 1 + max((rule.years_before for rule in rules), default=0)
    until = min(last.year + later, max(today.year, first.year))
    return list(range(until, max(first.year, until - MOST_YEARS + 1) - 1, -1))


def _uses(
    rules: Sequence[CountingRule], years: Iterable[int], organization: Organization, found: _Finder
) -> Iterator[Use]:
    silent = _not_collected(organization)
    rates = _rates(rule.counting_rule for rule in rules)
    for year in years:
        for rule in rules:
            start, end = date(year, 1, 1), date(year, 12, 31)
            if rule.years_before:
                back = -12 * rule.years_before
                start, end = (add(calendar(), day, back, Unit.MONTHS) for day in (start, end))
            if any(touches(gap, start, end) for gap in silent.get(rule.counting_rule, ())):
                continue
            counted = found(rule, start, end)
            if counted:
                value = sum((match.value for match in counted), Decimal(0))
                yield Use(rule, year, counted[0].on, value, rates.get(rule.counting_rule, ()))


def touches(gap: CollectionGap, start: date, end: date) -> bool:
    """Whether a declaration that nothing is collected holds for some day of a period."""
    return gap.valid_from <= end and (gap.valid_to is None or gap.valid_to >= start)


def _not_collected(organization: Organization) -> dict[str, list[CollectionGap]]:
    """The declarations of the organization and those above it, by rule."""
    found: dict[str, list[CollectionGap]] = {}
    for gap in CollectionGap.objects.filter(organization__code__in=organization.ancestor_codes()):
        found.setdefault(gap.counting_rule, []).append(gap)
    return found


def _rates(rules: Iterable[str]) -> dict[str, tuple[CountingRule, ...]]:
    """For each rule the rates made of it."""
    found: dict[str, tuple[CountingRule, ...]] = dict.fromkeys(rules, ())
    for rule in catalogue().counting_rules.values():
        if rule.rate is None:
            continue
        for part in {rule.rate.numerator, rule.rate.denominator} & found.keys():
            found[part] = (*found[part], rule)
    return found
