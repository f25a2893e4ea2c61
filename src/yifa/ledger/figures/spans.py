"""Figures from stored spans: one aggregate of the database for a rule, or one for all rules of a kind and all units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from yifa.law.schema import CountedState, CountingRule
from yifa.ledger.models import CountedRule, CountedSpan, TallyRule
from yifa.ledger.rows.ruling import (
    definition,
    definitions,
    kind_of,
    meaning,
    part_is_listed,
    rules_over,
    spanned_rules,
    twin_of,
    why_not,
)
from yifa.ledger.rows.tallies import MILLION, from_millionths
from yifa.procedures.counting import ITEMS, Match
from yifa.procedures.spans import STATES
from yifa.procedures.totals import HUNDREDTH, total

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose spans, of which period, looked at on which day. No organizations: those of all."""

    organizations: frozenset[int] | None
    start: date
    end: date
    on: date

    def cutoff(self, rule: CountingRule) -> date:
        """The day as on which things stand. Entries that begin or end later this year are known of today."""
        if rule.counts is CountedState.OPEN_AT_START:
            return min(self.start - _DAY if self.start > date.min else date.min, self.on)
        return self.end if rule.case_type is None else min(self.end, self.on)

    def spans(self, rule: CountingRule) -> QuerySet[CountedSpan]:
        """The spans that a rule with such a state counts, of whatever tally."""
        cutoff, asked = self.cutoff(rule), dict[str, Any]()
        if self.organizations is not None:
            asked["organization_id__in"] = self.organizations
        if rule.counts in STATES:
            asked["standing"] = True
        else:
            asked["on__range"] = (self.start, cutoff)
        found = CountedSpan._default_manager.order_by()
        if cutoff < self.start and rule.counts is not CountedState.OPEN_AT_START:
            return found.none()
        return found.filter(since__lte=cutoff, until__gt=cutoff, **asked)


class Cell(NamedTuple):
    """What some spans come to. `whole` and `rest` are the sum of amounts in ones and in millionths."""

    organization: int | None
    part: str | None
    told: str | None
    many: int
    whole: int
    rest: int
    known: int  # spans whose amount is stored

    @property
    def amount(self) -> int:
        """The sum in millionths."""
        return self.whole * MILLION + self.rest


def present_keys(names: Iterable[str] | None = None) -> dict[str, int]:
    """The rules whose spans all stand under their present definitions, with their keys; of these names or all."""
    rows = CountedRule._default_manager.filter(complete=True)
    if names is not None:
        rows = rows.filter(rule__in=list(names))
    stands = definitions()
    return {
        rule: key
        for rule, digest, key in rows.values_list("rule", "digest", "id")
        if digest == stands.get(rule)
    }


def spanned(rule: CountingRule) -> CountingRule | None:
    """The rule that has spans for this one: itself, or one that counts the same; None where cases must be asked."""
    same = spanned_rules().get(rule.counting_rule)
    if same is not rule and why_not(rule) is None and (same is None or meaning(rule) != meaning(same)):
        return twin_of(rule)
    return same


def standing_tallies(rule: CountingRule) -> tuple[int, dict[int, str | None]] | None:
    """The key of a rule and its tallies with the part in each; None where not all its spans stand.

    Asked for thousands of figures, and written out: putting a question of the database together takes longer than the
    answer. A left join is read in this order only, from the index over name and definition.
    """
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [rule.counting_rule, definition(rule)])
        found = cursor.fetchall()
    if not found:
        return None
    return found[0][0], {tally: part for _, tally, part in found if tally is not None}


STANDING = (
    "SELECT r.id, t.tally_id, t.part FROM ledger_countedrule r LEFT JOIN ledger_tallyrule t ON t.rule_id = r.id"
    " WHERE r.rule = %s AND r.digest = %s AND r.complete"
)


def tallies_of(key: int) -> dict[int, str | None]:
    """The tallies a rule is in, with the part it has there."""
    return dict(TallyRule._default_manager.filter(rule_id=key).values_list("tally_id", "part"))


SUMS = {
    "many": Count("*"),
    "whole": Sum(F("amount") / MILLION),
    "rest": Sum(F("amount") % MILLION),
    "known": Count("amount"),
}


def adds_up(rule: CountingRule) -> bool:
    """Whether amounts are added, and not only things counted."""
    return rule.sum_field is not None or rule.takes is not None


def cells(rule: CountingRule, tallies: Mapping[int, str | None], reach: Reach) -> list[Cell]:
    """What one rule counts, asked of the database no finer than the figure needs."""
    names = ["tally_id"]
    by_unit = rule.breakdown == "unit"
    by_part, by_told = not part_is_listed(rule), rule.aggregate == "distinct"
    names += ["organization_id"] * by_unit + ["part"] * by_part + ["told"] * by_told
    sums = SUMS if adds_up(rule) else {"many": SUMS["many"]}
    if not tallies:
        return []
    rows = reach.spans(rule).filter(tally_id__in=list(tallies)).values(*names).annotate(**sums)
    return [_cell(row, tallies[row["tally_id"]]) for row in rows]


def by_unit(
    rule: CountingRule, tallies: Mapping[int, str | None], reach: Reach, units: Mapping[int, str]
) -> dict[str, Decimal] | None:
    """What each unit adds to a sum, by its name; None where an amount is too fine or too large to be stored."""
    spans = reach.spans(rule).filter(tally_id__in=list(tallies)).values("organization_id").annotate(**SUMS)
    said = {units[row["organization_id"]]: sums(rule, [_cell(row, None)], units) for row in spans}
    known = {unit: one.value for unit, one in said.items() if one is not None and one.value is not None}
    return known if len(known) == len(said) else None


def _cell(row: Mapping[str, Any], part: str | None) -> Cell:
    return Cell(
        row.get("organization_id"),
        part if row.get("part") is None else row["part"],
        row.get("told"),
        row["many"],
        row.get("whole") or 0,
        row.get("rest") or 0,
        row.get("known", row["many"]),
    )


def begun(rules: Iterable[str], start: date, end: date) -> set[str]:
    """Which rules may count anything of a period, whosever it is: those with a span in it, and those not yet in spans."""
    keys, asked = present_keys(), set(rules)
    spans = CountedSpan._default_manager.filter(tally_id=OuterRef("tally_id"), on__range=(start, end))
    found = TallyRule._default_manager.filter(
        Exists(spans), rule_id__in=[keys[name] for name in asked & keys.keys()]
    )
    names = found.order_by().values_list("rule__rule", flat=True).distinct()
    return asked - keys.keys() | set(names)


class Survey:
    """What all rules count for each organization by itself: two aggregates for each kind, made when first asked for."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.keys = present_keys()
        self._found: dict[tuple[str, CountedState], Mapping[int, Mapping[int, list[Cell]]]] = {}

    def cells(self, rule: CountingRule, key: int, organizations: Iterable[int]) -> list[Cell]:
        """What a rule counts for some organizations."""
        asked = (kind_of(rule), _mode(rule))
        if asked not in self._found:
            self._found[asked] = self._survey(rule)
        by_unit = self._found[asked].get(key, {})
        return [cell for organization in organizations for cell in by_unit.get(organization, ())]

    def _survey(self, rule: CountingRule) -> Mapping[int, Mapping[int, list[Cell]]]:
        mode, keys = _mode(rule), set(self.keys.values())
        alike = {self.keys[other.counting_rule] for other in rules_over(kind_of(rule))
                 if other.counting_rule in self.keys and _mode(other) is mode}  # fmt: skip
        rules: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
        sorts: dict[bool, set[int]] = {True: set(), False: set()}
        rows = TallyRule._default_manager.filter(tally__kind=kind_of(rule), rule_id__in=keys & alike)
        for tally, plain, key, part in rows.values_list("tally_id", "tally__plain", "rule_id", "part"):
            rules[tally].append((key, part))
            sorts[plain].add(tally)
        found: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for plain, tallies in sorts.items():
            names = ["tally_id", "organization_id", *([] if plain else ["part", "told"])]
            spans = self.reach.spans(rule).filter(tally_id__in=tallies)
            for row in spans.values(*names).annotate(**SUMS) if tallies else ():
                for key, part in rules[row["tally_id"]]:
                    found[key][row["organization_id"]].append(_cell(row, part))
        return found


def _mode(rule: CountingRule) -> CountedState:
    """Rules of one mode are cut alike."""
    return rule.counts if rule.counts in STATES else CountedState.ACT


@dataclass(frozen=True, slots=True)
class Sums:
    """What a figure says without its records."""

    count: int
    value: Decimal | None
    parts: Mapping[str, Decimal]


def sums(rule: CountingRule, found: Iterable[Cell], units: Mapping[int, str]) -> Sums | None:
    """The figure of some cells; None where an amount was too fine or too large to be stored, or all are needed."""
    found = list(found)
    count, known = sum(cell.many for cell in found), sum(cell.known for cell in found)
    if rule.aggregate == "median" or (adds_up(rule) and known != count):
        return None
    if rule.aggregate == "distinct":
        told = {item for cell in found if cell.told for item in cell.told.split(ITEMS)}
        return Sums(count, Decimal(len(told)), {})
    if rule.aggregate == "mean":
        whole = Fraction(sum(cell.amount for cell in found), (count or 1) * MILLION)
        mean = (Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)
        return Sums(count, mean if count else None, {})
    parts: dict[str, int] = defaultdict(int)
    for cell in found:
        part = units[cell.organization or 0] if rule.breakdown == "unit" else cell.part
        if part is not None:
            parts[part] += cell.amount if adds_up(rule) else cell.many * MILLION
    whole_sum = sum(cell.amount for cell in found) if adds_up(rule) else count * MILLION
    return Sums(
        count, from_millionths(whole_sum), {name: from_millionths(part) for name, part in parts.items()}
    )


def median_of(rule: CountingRule, tallies: Iterable[int], reach: Reach) -> Sums | None:
    """The figure of a rule that needs each amount; None where one is not stored."""
    spans = reach.spans(rule).filter(tally_id__in=list(tallies))
    rows = list(spans.values_list("amount").annotate(many=Count("*"))) if tallies else []
    if any(amount is None for amount, _ in rows):
        return None
    matched = [Match(0, reach.start, from_millionths(amount)) for amount, many in rows for _ in range(many)]
    return Sums(len(matched), total(rule, matched), {})
