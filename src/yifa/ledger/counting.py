"""Figures: what a counting rule gives for an organization and all below it, with the records behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, CountingRule, Unit, UnitsCounted
from yifa.ledger.canonical import canonical, sm3
from yifa.ledger.legal import calendar, case_type_of, context, no_power, register_of
from yifa.ledger.models import (
    Case,
    CaseAct,
    CollectionGap,
    Entry,
    EntryVersion,
    Organization,
    Record,
    Subject,
)
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.counting import CountedCase, Match, entry_matches, matches, rate, total
from yifa.procedures.model import Act, Context, Entered, Listing

Status = Literal["counted", "no_power", "not_collected"]


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """One thing behind a figure.

    Attributes:
        kind: "case", "entry" or "organization".
        id: Of the case or entry; of an organization that of its chain of records.
        position: The counted act's entry position in the case; 0 for an entry.
        on: The day that places it in the period.
        unit: The organization's name.
        part: Its part of the breakdown.
        digest: Of the record that says so.
        act: Title of the counted act; "" for an entry.
        told: What tells it apart, where different ones are counted.
    """

    kind: str
    id: UUID
    position: int
    on: date
    title: str
    number: str
    unit: str
    value: Decimal
    part: str | None
    digest: str
    act: str = ""
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure.

    Attributes:
        rule: The counting rule's id; `version` its version, `unit` its unit.
        value: None where the level has no such power, it is not collected, or a rate has nothing to divide by.
        status: "counted" (0 is a result), "no_power" (本级无此职权), "not_collected" (未采集).
        parts: The breakdown; adds up to the value.
        missing: Names of units below that declared not to collect it; the value is without them.
        digest: SM3 over the sorted digests of the records behind it.
    """

    rule: str
    version: int
    value: Decimal | None
    status: Status
    unit: str
    start: date
    end: date
    records: tuple[CountedRecord, ...] = ()
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    numerator: Counted | None = None
    denominator: Counted | None = None
    missing: tuple[str, ...] = ()
    digest: str = ""


def count(rule_id: str, organization: Organization, start: date, end: date) -> Counted:
    """The figure of one rule. Several for the same period are cheaper through `Counting`."""
    return Counting(organization, start, end).count(rule_id)


def record_set_digest(records: Iterable[CountedRecord]) -> str:
    """SM3 over the canonical list of the records' digests in ascending order."""
    return sm3(canonical(sorted(record.digest for record in records)).encode())


class Counting:
    """Figures for one organization and period; what several rules need is read once."""

    def __init__(self, organization: Organization, start: date, end: date, on: date | None = None) -> None:
        if end < start:
            raise ActionRefused("统计期间的截止日期早于起始日期，请改正。", code="invalid")
        self.organization, self.start, self.end = organization, start, end
        self.on = min(end, on or timezone.localdate())
        self._cases: dict[str, list[_LoadedCase]] = {}
        self._contexts: dict[tuple[str, str, str], Context] = {}
        self._counted: dict[str, Counted] = {}

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
            start, end = (
                add(calendar(), day, -12 * rule.years_before, Unit.MONTHS) for day in (self.start, self.end)
            )
            earlier = Counting(self.organization, start, end)
            return earlier.count_rule(rule.model_copy(update={"years_before": 0}))
        return self._rate(rule) if rule.rate else self._figure(rule)

    def _figure(self, rule: CountingRule) -> Counted:
        if self._powerless(rule):
            return self._nothing(rule, "no_power")
        gaps = self._gaps.get(rule.counting_rule, ())
        if any(self.organization.path.startswith(gap.organization.path) for gap in gaps):
            return self._nothing(rule, "not_collected")
        silent = [gap.organization for gap in gaps]
        records = tuple(
            sorted(
                (record for record, _ in self._records(rule, silent)),
                key=lambda record: (record.on, record.number, str(record.id), record.position),
            )
        )
        parts: dict[str, Decimal] = {}
        for record in records:
            if record.part is not None:
                parts[record.part] = parts.get(record.part, Decimal(0)) + record.value
        return Counted(
            rule=rule.counting_rule,
            version=rule.version,
            value=total(rule, (Match(r.position, r.on, r.value, r.part, r.told) for r in records)),
            status="counted",
            unit=rule.unit,
            start=self.start,
            end=self.end,
            records=records,
            parts=parts,
            missing=tuple(organization.name for organization in silent),
            digest=record_set_digest(records),
        )

    def with_values(self, rule: CountingRule) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        """The records of a rule with what stands in them, by field; besides `key`, `number`, `title`, `unit`."""
        return self._records(rule, ())

    def _records(
        self, rule: CountingRule, silent: Sequence[Organization]
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        if rule.units is not None:
            return self._of_units(rule, rule.units, silent)
        return self._of_cases(rule, silent) if rule.case_type else self._of_entries(rule, silent)

    def _nothing(self, rule: CountingRule, status: Status) -> Counted:
        return Counted(
            rule=rule.counting_rule,
            version=rule.version,
            value=None,
            status=status,
            unit=rule.unit,
            start=self.start,
            end=self.end,
            digest=record_set_digest(()),
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
            digest=sm3(canonical([above.digest, below.digest]).encode()),
        )

    # ------------------------------------------------------------ whose

    @cached_property
    def _levels(self) -> list[str]:
        below = Organization.objects.below(self.organization)
        return list(below.order_by("level").values_list("level", flat=True).distinct())

    def _powerless(self, rule: CountingRule) -> bool:
        """Whether neither the organization nor any unit below it has such cases or such a register."""
        return all(
            no_power(level, case_type=rule.case_type, register=rule.register_) is not None
            for level in self._levels
        )

    @cached_property
    def _gaps(self) -> Mapping[str, Sequence[CollectionGap]]:
        """Declarations that touch the period, of the organization, of those above and below it, by rule."""
        gaps = CollectionGap.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=self.start),
            Q(organization__path__startswith=self.organization.path)
            | Q(organization__code__in=self.organization.ancestor_codes()),
            valid_from__lte=self.end,
        ).select_related("organization")
        found: dict[str, list[CollectionGap]] = defaultdict(list)
        for gap in gaps:
            found[gap.counting_rule].append(gap)
        return found

    # ------------------------------------------------------------ what

    def _of_cases(
        self, rule: CountingRule, silent: Sequence[Organization]
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        assert rule.case_type is not None  # noqa: S101 - the caller has looked
        case_type = case_type_of(rule.case_type)
        for loaded in self._load(rule.case_type):
            case = loaded.case
            if _lies_in(case.organization, silent):
                continue
            looked_at = self._context(case)
            for match in matches(rule, case_type, loaded.counted, self.start, self.end, looked_at):
                record = CountedRecord(
                    kind="case",
                    id=case.pk,
                    position=match.position,
                    on=match.on,
                    title=case.title,
                    number=case.number,
                    unit=case.organization.name,
                    value=match.value,
                    part=match.part,
                    digest=loaded.digests[match.position],
                    act=_act_title(case_type, loaded, match.position),
                    told=match.kind,
                )
                act = loaded.act(match.position)
                by = {"by": act.by} if act is not None else {}
                yield record, _values(record, by, case.facts, act.fields if act is not None else {})

    def _context(self, case: Case) -> Context:
        key = (case.case_type, case.level, case.jurisdiction)
        if key not in self._contexts:
            self._contexts[key] = context(*key, self.on)
        return self._contexts[key]

    def _load(self, case_type: str) -> list[_LoadedCase]:
        """The cases that could count: with an act in the period, or open at its end."""
        if case_type not in self._cases:
            in_period = CaseAct.objects.filter(case=OuterRef("pk"), happened_on__range=(self.start, self.end))
            open_at_end = Q(closed_on__isnull=True) | Q(closed_on__gt=self.end)
            cases = (
                Case.objects.filter(
                    case_type=case_type, organization__path__startswith=self.organization.path
                )
                .filter(Q(opened_on__lte=self.end) & open_at_end | Exists(in_period))
                .select_related("organization")
            )
            self._cases[case_type] = _loaded(list(cases))
        return self._cases[case_type]

    def _of_entries(
        self, rule: CountingRule, silent: Sequence[Organization]
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        assert rule.register_ is not None  # noqa: S101 - the caller has looked
        register = register_of(rule.register_)
        entries = Entry.objects.filter(
            register=rule.register_, organization__path__startswith=self.organization.path
        ).select_related("organization")
        versions = self._versions(rule.register_)
        for entry in entries:
            if _lies_in(entry.organization, silent):
                continue
            data, digest = _at(versions[entry.pk], self.end)
            for match in entry_matches(rule, register, data, entry.begins, entry.ends, self.start, self.end):
                record = CountedRecord(
                    kind="entry",
                    id=entry.pk,
                    position=0,
                    on=match.on,
                    title=entry.title,
                    number=entry.key,
                    unit=entry.organization.name,
                    value=match.value,
                    part=entry.organization.name if rule.breakdown == "unit" else match.part,
                    digest=digest,
                    told=match.kind,
                )
                yield record, _values(record, data)

    def _of_units(
        self, rule: CountingRule, units: UnitsCounted, silent: Sequence[Organization]
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        """Organizations that were there at the end; where a field names them, those it named in an entry in force."""
        named = None if units.named_in is None else self._named(rule.register_ or "", units.named_in)
        found = Organization.objects.below(self.organization).filter(
            level__in=units.levels, names__valid_from__lte=self.end
        )
        known = {unit.subject_id: unit for unit in found.distinct() if not _lies_in(unit, silent)}
        heads = Record.objects.filter(subject=Subject.ORGANIZATION, subject_id__in=known).order_by("position")
        digests = dict(heads.values_list("subject_id", "digest"))
        for id_, unit in known.items():
            name = unit.name_on(self.end)
            if named is None or name in named:
                record = CountedRecord(
                    kind="organization", id=id_, position=0, on=self.end, title=name, number=unit.code, unit=name,
                    value=Decimal(1), part=None, digest=digests.get(id_, ""),
                )  # fmt: skip
                yield record, _values(record)

    def _named(self, register: str, field: str) -> set[str]:
        """What stands in a field of the entries in force at the end, whoever published them."""
        entries = Entry.objects.filter(
            Q(begins__isnull=True) | Q(begins__lte=self.end),
            Q(ends__isnull=True) | Q(ends__gte=self.end),
            register=register,
            withdrawn=False,
        )
        values = [data.get(field) for data in entries.values_list("data", flat=True)]
        items = (item for value in values for item in (value if isinstance(value, list) else [value]))
        return {str(item).strip() for item in items if item}

    def _versions(self, register: str) -> Mapping[UUID, list[tuple[date, Any, str]]]:
        found: dict[UUID, list[tuple[date, Any, str]]] = defaultdict(list)
        rows = EntryVersion.objects.filter(
            entry__register=register, entry__organization__path__startswith=self.organization.path
        ).order_by("version")
        for entry_id, on, data, digest in rows.values_list(
            "entry_id", "happened_on", "data", "record__digest"
        ):
            found[entry_id].append((on, data, digest))
        return found


def _values(record: CountedRecord, *given: Mapping[str, Any]) -> dict[str, Any]:
    values = {"number": record.number, "title": record.title, "unit": record.unit}
    own = {name: value for part in given for name, value in part.items()}
    return {"key": record.number or record.title, **values, **own}


def _act_title(case_type: CaseType, loaded: _LoadedCase, position: int) -> str:
    for entry in loaded.counted.entries:
        if isinstance(entry, Act) and entry.position == position and entry.act in case_type.acts:
            return case_type.acts[entry.act].title
    return ""


def _at(versions: Sequence[tuple[date, Any, str]], end: date) -> tuple[Any, str]:
    """What an entry said at the cut-off: the last version until then, or the first where all came later."""
    known = [version for version in versions if version[0] <= end] or versions[:1]
    return known[-1][1], known[-1][2]


def _lies_in(organization: Organization, others: Sequence[Organization]) -> bool:
    return any(organization.path.startswith(other.path) for other in others)


@dataclass(frozen=True, slots=True)
class _LoadedCase:
    case: Case
    counted: CountedCase
    digests: Mapping[int, str]  # by entry position

    def act(self, position: int) -> Act | None:
        """The act entered at a position."""
        for entry in self.counted.entries:
            if isinstance(entry, Act) and entry.position == position:
                return entry
        return None


BATCH = 500  # below SQLite's limit on parameters


def _loaded(cases: Sequence[Case]) -> list[_LoadedCase]:
    acts: dict[UUID, list[Act]] = defaultdict(list)
    digests: dict[UUID, dict[int, str]] = defaultdict(dict)
    for first in range(0, len(cases), BATCH):
        rows = CaseAct.objects.filter(case__in=[case.pk for case in cases[first : first + BATCH]])
        for case_id, position, digest, *values in rows.values_list(
            "case_id", "position", "record__digest", "act", "happened_on", "outcome", "actor", "unit__code", "role",
            "evidence", "fields", "entered", "corrected", "listed",
        ):  # fmt: skip
            acts[case_id].append(_act(position, values))
            digests[case_id][position] = digest
    return [
        _LoadedCase(
            case,
            CountedCase(
                facts=case.facts, entries=tuple(acts[case.pk]), unit=case.organization.name, level=case.level
            ),
            digests[case.pk],
        )
        for case in cases
    ]


def _act(position: int, values: Sequence[Any]) -> Act:
    act, on, outcome, by, unit, role, evidence, fields, entered, corrected, standing = values
    return Act(
        act=act,
        on=on,
        outcome=outcome or None,
        by=by or None,
        unit=unit,
        role=role or None,
        evidence=tuple(paper["title"] for paper in evidence),
        fields=fields,
        entered=Entered(entered),
        position=position,
        corrected=corrected,
        listed={name: Listing(found) for name, found in standing.items()},
    )
