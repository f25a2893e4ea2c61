"""A report's figures beside the ledger of today: what they were, what they would be now, and which records make it so.

A report keeps its figures. The ledger goes on: what is entered late, corrected or withdrawn afterwards changes what the
same rule gives for the same period today. Nothing here is stored; both values and the reason are computed when asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal
from uuid import UUID

from django.db.models import Q, prefetch_related_objects

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.figures.counting import Counted, CountedRecord, Counting
from yifa.ledger.figures.laterrecords import Later, later_records
from yifa.ledger.figures.recordsets import Difference
from yifa.ledger.figures.restating import count_version
from yifa.ledger.models import CollectionGap
from yifa.reporting.computed import Computed
from yifa.reporting.facts import Faults, compute_fact, fact_titles
from yifa.reporting.figurebook import own_rule
from yifa.reporting.keeping import difference_to
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.overdue import overdue_rules
from yifa.reporting.persons import person_of

Kind = Literal["added", "removed", "changed"]
KINDS: dict[str, str] = {"added": "新计入", "removed": "不再计入", "changed": "有变更"}


@dataclass(frozen=True, slots=True)
class Today:
    """What the same rule gives today; the shape pages print figures by."""

    status: str
    value: Decimal | None
    unit: str
    parts: Mapping[str, Decimal]
    records: Sequence[CountedRecord]  # read only where something differs
    digested: Callable[[], str]
    shares: Mapping[str, Sequence[CountedRecord]] = field(
        default_factory=dict
    )  # of a rate its figures' records

    @property
    def digest(self) -> str:
        """The digest of the records behind it; of a figure of many records not for nothing."""
        return self.digested()


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that makes the difference, as it counted in the report and as it counts today, and why."""

    kind: Kind
    before: CountedRecord | None
    after: CountedRecord | None
    later: tuple[Later, ...]

    @property
    def record(self) -> CountedRecord:
        """The record as it stands last."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of both is there
        return found

    @property
    def word(self) -> str:
        """新计入, 不再计入, 有变更."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Since:
    """One figure of a report and the ledger of today.

    Attributes:
        now: Under the version of the rule the report used; None where the catalogue no longer has it.
        restated: Under today's version, where that is another one.
        changes: The records that make the difference; of a rate there are none: its parts have them.
        declared: Units that declare not to collect it in the period, and why.
    """

    figure: StoredFigure
    now: Today | None
    restated: Today | None
    restated_version: int
    changes: tuple[RecordChange, ...]
    declared: tuple[CollectionGap, ...] = ()
    records_differ: bool = False
    rest: int = 0  # records that came or went and are not among the changes

    @property
    def differs(self) -> bool:
        """Whether the same rule gives something else today: another value, breakdown or set of records."""
        return self.now is not None and (self.value_differs or self.records_differ or self.parts_differ)

    @property
    def value_differs(self) -> bool:
        """Whether the number printed would be another one."""
        now = self.now
        return now is not None and _value_differs(self.figure, now)

    @property
    def parts_differ(self) -> bool:
        """Whether the breakdown is another one."""
        return self.now is not None and _parts_differ(self.figure, self.now)

    @property
    def unexplained(self) -> bool:
        """Whether no record tells why: rules of the catalogue, the calendar or a declaration made the difference."""
        told = any(change.later for change in self.changes)
        return self.differs and not told and not self.figure.numerator


class SinceReport:
    """The figures of one report beside the ledger of today; cases are read once for all of them.

    `most`: of how many records of each figure that came or went it is told why; all where it is left out.
    """

    def __init__(self, report: Report, most: int | None = None) -> None:
        self.report, self._most = report, most
        self._counting = Counting(report.organization, report.period_start, report.cutoff, many=True)
        self._person = person_of(report)
        self._faults = Faults(report.organization, report.period_start, report.cutoff)

    def all(self) -> tuple[Since, ...]:
        """All figures, in the order of the report."""
        return self._compared(self._stored.values())

    def differing(self) -> tuple[Since, ...]:
        """Those that are no longer what the ledger gives."""
        return tuple(one for one in self.all() if one.differs or one.now is None)

    def of(self, figure: StoredFigure) -> Since:
        """One figure."""
        prefetch_related_objects([figure], "sets__record_set")
        return self._compared([figure])[0]

    @cached_property
    def _stored(self) -> dict[str, StoredFigure]:
        figures = self.report.figures.select_related("organization").prefetch_related("sets__record_set")
        return {figure.rule: figure for figure in figures}

    @cached_property
    def _derived(self) -> Mapping[str, CountingRule]:
        """The rules of deadlines not kept."""
        return overdue_rules(catalogue(), self.report.organization.level)

    @cached_property
    def _declared(self) -> Mapping[str, list[CollectionGap]]:
        """Declarations that nothing is collected, of the organization, those above and those below it, by rule."""
        report, owner = self.report, self.report.organization
        gaps = CollectionGap.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=report.period_start),
            Q(organization__path__startswith=owner.path) | Q(organization__code__in=owner.ancestor_codes()),
            valid_from__lte=report.cutoff,
        ).select_related("organization")
        found: dict[str, list[CollectionGap]] = defaultdict(list)
        for gap in gaps:
            found[gap.counting_rule].append(gap)
        return found

    def _compared(self, figures: Iterable[StoredFigure]) -> tuple[Since, ...]:
        sides = [(figure, self._today(figure)) for figure in figures]
        found = [
            (figure, now, difference_to(figure, now.records, self._most) if now is not None else Difference())
            for figure, now in sides
        ]
        records = [one for _, _, difference in found for one in _both(difference)]
        later = later_records(
            records, min((f.computed_at for f, _, _ in found), default=self.report.built_at)
        )
        return tuple(
            Since(
                figure,
                now,
                *self._restated(figure),
                _changes(figure, difference, later),
                tuple(self._declared.get(figure.rule, ())),
                bool(len(difference)) or self._shares_differ(now),
                difference.rest,
            )
            for figure, now, difference in found
        )

    def _shares_differ(self, now: Today | None) -> bool:
        """Whether a rate is made of other records: they stand behind its two figures."""
        shares = now.shares if now is not None else {}
        return any(
            len(difference_to(self._stored[name], records, 1)) > 0
            for name, records in shares.items()
            if name in self._stored
        )

    def _today(self, figure: StoredFigure) -> Today | None:
        """The figure today under the version the report used; a rate with the versions its parts had."""
        rule = catalogue().counting_rules.get(figure.rule)
        if rule is not None:
            versions = {
                name: self._stored[name].rule_version
                for name in (figure.numerator, figure.denominator)
                if name in self._stored
            } | {figure.rule: figure.rule_version}
            held = rule.at(figure.rule_version)
            if held is None:
                return None
            own = own_rule(held, self._person)
            if own is not None:
                return _counted(self._counting.count_rule(own))
            return _counted(count_version(figure.rule, self._counting, versions))
        return self._derived_today(figure)

    def _derived_today(self, figure: StoredFigure) -> Today | None:
        derived = self._derived.get(figure.rule)
        if derived is not None:
            return _counted(self._counting.count_rule(derived))
        if figure.rule not in fact_titles():
            return None
        start, end = figure.period_start, figure.period_end
        computed = compute_fact(figure.rule, self.report.organization, start, end, catalogue(), self._faults)
        return None if computed is None else _of_computed(computed)

    def _restated(self, figure: StoredFigure) -> tuple[Today | None, int]:
        rule = catalogue().counting_rules.get(figure.rule)
        if rule is None:
            return None, figure.rule_version
        parts = [
            self._stored[name] for name in (figure.numerator, figure.denominator) if name in self._stored
        ]
        known = catalogue().counting_rules
        same = all(part.rule in known and known[part.rule].version == part.rule_version for part in parts)
        if rule.version == figure.rule_version and same:
            return None, rule.version
        own = own_rule(rule, self._person)
        today = self._counting.count(figure.rule) if own is None else self._counting.count_rule(own)
        return _counted(today), rule.version


def _counted(counted: Counted) -> Today:
    return Today(
        counted.status,
        counted.value,
        counted.unit,
        counted.parts,
        counted.records,
        lambda: counted.digest,
        {one.rule: one.records for one in (counted.numerator, counted.denominator) if one is not None},
    )


def _of_computed(computed: Computed) -> Today:
    return Today(
        computed.status,
        computed.value,
        computed.unit,
        computed.parts,
        computed.records,
        lambda: computed.digest,
    )


def _value_differs(figure: StoredFigure, now: Today) -> bool:
    return (now.status, now.value) != (figure.status, figure.value)


def _parts_differ(figure: StoredFigure, now: Today) -> bool:
    return dict(now.parts) != {name: Decimal(value) for name, value in figure.parts.items()}


def _both(difference: Difference) -> Sequence[CountedRecord]:
    before = [one for one, _ in difference.changed]
    return [*difference.records, *before]


def _changes(
    figure: StoredFigure, difference: Difference, later: Mapping[tuple[UUID, int], tuple[Later, ...]]
) -> tuple[RecordChange, ...]:
    def why(*records: CountedRecord) -> tuple[Later, ...]:
        found = [line for one in records for line in later.get((one.id, one.position), ())]
        new = (line for line in found if line.imported or line.recorded_at >= figure.computed_at)
        return tuple(dict.fromkeys(new))

    return (
        *(RecordChange("added", None, one, why(one)) for one in difference.added),
        *(RecordChange("removed", one, None, why(one)) for one in difference.removed),
        *(RecordChange("changed", before, after, why(before, after)) for before, after in difference.changed),
    )
