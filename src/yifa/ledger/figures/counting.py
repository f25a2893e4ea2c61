"""Figures: what a counting rule gives for an organization and all below it, with the records behind it.

What can be counted from stored spans is one aggregate of the database (`spans`); the rest, and rules that stand in no
catalogue or were changed since the spans were made, is counted case by case (`casebycase`). Both give the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, Unit
from yifa.ledger.figures.casebycase import Body, CaseByCase
from yifa.ledger.figures.counted import Counted, CountedRecord, Status, order_of, record_set_digest
from yifa.ledger.figures.narrowing import naming
from yifa.ledger.figures.parts import in_order
from yifa.ledger.figures.slices import Slices
from yifa.ledger.figures.spanrecords import SpanRecords
from yifa.ledger.figures.spans import (
    Reach,
    Sums,
    Survey,
    by_unit,
    cells,
    median_of,
    spanned,
    standing_tallies,
    sums,
)
from yifa.ledger.legal import calendar, no_power
from yifa.ledger.models import Case, CollectionGap, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.counting import Match
from yifa.procedures.totals import rate, total

__all__ = ["Case", "Counted", "CountedRecord", "Counting", "count", "each", "record_set_digest"]

FEW = 5000  # things behind a figure that are looked up one by one rather than found again among all


def count(rule_id: str, organization: Organization, start: date, end: date) -> Counted:
    """The figure of one rule. Several for the same period are cheaper through `Counting`."""
    return Counting(organization, start, end).count(rule_id)


def each(organizations: Sequence[Organization], start: date, end: date) -> list[Counting]:
    """Figures of several organizations for one period; what they need is asked of the database once for all."""
    if not organizations:
        return []
    first = Counting(organizations[0], start, end, many=True)
    survey = Survey(Reach(None, start, end, first.on))
    return [Counting(one, start, end, survey=survey) for one in organizations]


class Counting:
    """Figures for one organization and period.

    `many`: many figures will be asked for; all rules of a kind are then counted at once. `wider`: figures of the same
    organization and day that begin earlier; the cases read for those are not read again.
    """

    def __init__(
        self,
        organization: Organization,
        start: date,
        end: date,
        on: date | None = None,
        *,
        many: bool = False,
        survey: Survey | None = None,
        wider: Counting | None = None,
    ) -> None:
        if end < start:
            raise ActionRefused("统计期间的截止日期早于起始日期，请改正。", code="invalid")
        self.organization, self.start, self.end = organization, start, end
        self.on = min(end, on or timezone.localdate())
        self._many, self._given = many or survey is not None, survey
        self._slowly: CaseByCase = CaseByCase(
            organization, start, end, self.on, wider._slowly if wider else None
        )
        self._counted: dict[str, Counted] = {}
        self._earlier: dict[int, Counting] = {}
        self._slices = Slices() if many else None

    def count(self, rule_id: str) -> Counted:
        """The figure of a rule."""
        if rule_id not in self._counted:
            rule = catalogue().counting_rules.get(rule_id)
            if rule is None:
                raise ActionRefused(f"目录里没有「{rule_id}」这个口径。请检查目录文件。", code="missing")
            self._counted[rule_id] = self.count_rule(rule)
        return self._counted[rule_id]

    def count_rule(self, rule: CountingRule) -> Counted:
        """The figure of a rule that need not stand in the catalogue; not remembered."""
        if rule.years_before:
            plain = rule.model_copy(update={"years_before": 0})
            return self._years_before(rule.years_before).count_rule(plain)
        return self._rate(rule) if rule.rate else self._figure(rule)

    def _years_before(self, years: int) -> Counting:
        """The same organization, so many years earlier."""
        if years not in self._earlier:
            start, end = (add(calendar(), day, -12 * years, Unit.MONTHS) for day in (self.start, self.end))
            self._earlier[years] = Counting(self.organization, start, end, many=self._many)
        return self._earlier[years]

    def with_values(
        self, rule: CountingRule, saying: tuple[str, Collection[str]] | None = None
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        """The records of a rule with what stands in them, by field; besides `key`, `number`, `title`, `unit`.

        `saying`: a fact with words; records of cases that say none of them may be left out.
        """
        stored = self._from_spans(rule, ()) if rule.case_type is not None else None
        if stored is None or len(stored[1]) > FEW:
            if saying is None or rule.case_type is None:
                return self._slowly.records(rule, ())
            return self._slowly.records(rule, (), naming(rule.case_type, self.organization.path, *saying))
        return self._slowly.records(rule, (), {record.id for record in stored[1]})

    def by_unit(self, rule: CountingRule) -> Mapping[str, Decimal] | None:
        """What each unit adds to a rule's sum, by its name; None where only the records tell."""
        stored = spanned(rule)
        standing = None if stored is None or rule.aggregate != "sum" else standing_tallies(stored)
        if standing is None:
            return None
        return by_unit(rule, standing[1], self._reach(()), self._units)

    def among(self, rule: CountingRule, cases: QuerySet[Case]) -> set[UUID]:
        """Those of some cases that a rule of opened cases counts, ever; it need not stand in the catalogue."""
        return set() if self._powerless(rule) else self._slowly.counted(rule, cases)

    def _figure(self, rule: CountingRule) -> Counted:
        if self._powerless(rule):
            return self._nothing(rule, "no_power")
        gaps = self._gaps.get(rule.counting_rule, ())
        if any(self.organization.path.startswith(body.path) for body in gaps):
            return self._nothing(rule, "not_collected")
        silent = list(gaps)
        said, records = self._from_spans(rule, silent) or self._one_by_one(rule, silent)
        return replace(
            self._nothing(rule, "counted"),
            value=said.value,
            records=records,
            parts=in_order(rule, said.parts, self._units.values()),
            missing=tuple(organization.name for organization in silent),
        )

    def _one_by_one(self, rule: CountingRule, silent: Sequence[Body]) -> tuple[Sums, Sequence[CountedRecord]]:
        records = tuple(sorted((record for record, _ in self._slowly.records(rule, silent)), key=order_of))
        return _summed(rule, records), records

    # ------------------------------------------------------------ from spans

    def _from_spans(self, rule: CountingRule, silent: Sequence[Body]) -> tuple[Sums, SpanRecords] | None:
        """The figure and its records; None where the rule must be counted case by case."""
        stored = spanned(rule)
        if stored is None:
            return None
        survey, reach, median = self._survey, self._reach(silent), rule.aggregate == "median"
        tallies: Mapping[int, str | None] | None = None
        if survey is not None and not median:
            key = survey.keys.get(stored.counting_rule)
            if key is None:
                return None
            asked = self._units if reach.organizations is None else reach.organizations
            found = sums(rule, survey.cells(rule, key, asked), self._units)
        else:
            standing = standing_tallies(stored)
            if standing is None:
                return None
            key, tallies = standing
            found = (
                median_of(rule, tallies, reach)
                if median
                else sums(rule, cells(rule, tallies, reach), self._units)
            )
        if found is None:
            return None
        return found, SpanRecords(rule, key, reach, self._units, found.count, tallies, self._slices)

    @cached_property
    def _survey(self) -> Survey | None:
        if self._given is not None:
            return self._given
        return Survey(self._reach(())) if self._many else None

    def _reach(self, silent: Sequence[Body]) -> Reach:
        """The organization with all below; all of the installation need not be named one by one."""
        lacking = {
            id_ for id_, path in self._paths.items() if any(path.startswith(one.path) for one in silent)
        }
        named = None if self._is_whole and not lacking else frozenset(self._units.keys() - lacking)
        return Reach(named, self.start, self.end, self.on)

    @cached_property
    def _everybody(self) -> list[Body]:
        rows = Organization.objects.order_by("path").values_list(*Body._fields)
        return [Body(*row) for row in rows]

    @cached_property
    def _below(self) -> list[Body]:
        return [body for body in self._everybody if body.path.startswith(self.organization.path)]

    @cached_property
    def _units(self) -> Mapping[int, str]:
        return {body.id: body.name for body in self._below}

    @cached_property
    def _paths(self) -> Mapping[int, str]:
        return {body.id: body.path for body in self._below}

    @cached_property
    def _is_whole(self) -> bool:
        """Whether there are no organizations but these."""
        return len(self._below) == len(self._everybody)

    # ------------------------------------------------------------ whose

    def _powerless(self, rule: CountingRule) -> bool:
        """Whether neither the organization nor any unit below it has such cases or such a register."""
        levels = sorted({body.level for body in self._below})
        return all(
            no_power(level, case_type=rule.case_type, register=rule.register_) is not None for level in levels
        )

    @cached_property
    def _gaps(self) -> Mapping[str, Sequence[Body]]:
        """Who declared for the period to collect nothing, of the organization, those above and those below it, by rule.

        There are few declarations: picked out here, which is quicker than saying to the database which are wanted.
        """
        bodies, own = {body.id: body for body in self._everybody}, self.organization.path
        declared = CollectionGap.objects.filter(valid_from__lte=self.end).order_by("id")
        found: dict[str, list[Body]] = defaultdict(list)
        for rule, whose, until in declared.values_list("counting_rule", "organization_id", "valid_to"):
            body = bodies[whose]
            near = body.path.startswith(own) or own.startswith(body.path)
            if near and (until is None or until >= self.start):
                found[rule].append(body)
        return found

    # ------------------------------------------------------------ what it says

    def _nothing(self, rule: CountingRule, status: Status) -> Counted:
        return Counted(
            rule=rule.counting_rule,
            version=rule.version,
            value=None,
            status=status,
            unit=rule.unit,
            start=self.start,
            end=self.end,
        )

    def _rate(self, rule: CountingRule) -> Counted:
        assert rule.rate is not None  # noqa: S101 - the caller has looked
        above, below = self.count(rule.rate.numerator), self.count(rule.rate.denominator)
        lacking = next((part.status for part in (above, below) if part.status != "counted"), None)
        known = above.value is not None and below.value is not None and lacking is None
        return replace(
            self._nothing(rule, lacking or "counted"),
            value=rate(rule.rate, above.value or Decimal(0), below.value or Decimal(0)) if known else None,
            numerator=above,
            denominator=below,
            missing=tuple(dict.fromkeys((*above.missing, *below.missing))),
        )


def _summed(rule: CountingRule, records: Iterable[CountedRecord]) -> Sums:
    found = list(records)
    parts: dict[str, Decimal] = {}
    for record in found:
        if record.part is not None:
            parts[record.part] = parts.get(record.part, Decimal(0)) + record.value
    value = total(rule, (Match(r.position, r.on, r.value, r.part, r.told) for r in found))
    return Sums(len(found), value, parts)
