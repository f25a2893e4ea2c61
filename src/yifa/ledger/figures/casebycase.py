"""Figures counted case by case, in the words of the rule: for rules without stored spans, and to prove those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yifa.law.schema import CaseType, CountedState, CountingRule, UnitsCounted
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.narrowing import ALL, happened, narrowed, overstepped
from yifa.ledger.legal import case_type_of, context, register_of
from yifa.ledger.models import Case, CaseAct, Entry, EntryVersion, Organization, Record, Subject
from yifa.ledger.tables.loading import batches, standing_acts
from yifa.procedures.counting import CountedCase, entry_matches, matches
from yifa.procedures.model import Act, Context

MOST_KEPT = 20_000  # cases of a type held in memory for the next rule
AT_ONCE = 2000  # cases read at once where it is known which


class Body(NamedTuple):
    """An organization, as far as counting asks."""

    id: int
    name: str
    path: str
    level: str


class CaseByCase:
    """The records of rules for one organization and period; the cases of a type are read once.

    `wider`: of the same organization and end, from an earlier day; the cases it keeps are used.
    """

    def __init__(
        self, organization: Organization, start: date, end: date, on: date, wider: CaseByCase | None = None
    ) -> None:
        self.organization, self.start, self.end, self.on = organization, start, end, on
        self._wider = wider
        self._cases: dict[str, list[_LoadedCase] | None] = {}  # None: too many to keep
        self._contexts: dict[tuple[str, str, str], Context] = {}

    def records(
        self, rule: CountingRule, silent: Sequence[Body], known: Collection[UUID] | None = None
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        """The records of a rule, those of `silent` units left out, with what stands in them.

        `known`: the cases behind the figure, where that is known already; no others are looked at.
        """
        if rule.units is not None:
            return self._of_units(rule, rule.units, silent)
        return self._of_cases(rule, silent, known) if rule.case_type else self._of_entries(rule, silent)

    def counted(self, rule: CountingRule, cases: QuerySet[Case]) -> set[UUID]:
        """Those of some cases that a rule counts, once each and on no outcome; ever, until the end.

        The database picks out those that could; they are read only where that does not tell. Where nothing picks them out,
        those of a type with few cases are all read once, of one with many no others.
        """
        kind = case_type_of(rule.case_type or "")
        until = min(self.end, self.on)
        could = ALL if rule.where is None else narrowed(rule.where, kind.facts, until)
        asked = Q(happened(rule.acts or kind.opens_with, until, happened_on__gte=self.start))
        late = None if rule.clock is None else overstepped(rule, kind, until)
        for narrower in (could.cases, late):
            asked = asked if narrower is None else asked & narrower
        found = set(cases.filter(asked).order_by().values_list("pk", flat=True))
        if could.exact and rule.clock is None:
            return found
        all_ = could.cases is None and late is None and self._few(rule.case_type or "") is not None
        return {record.id for record, _ in self._of_cases(rule, (), None if all_ else found)} & found

    def _of_cases(
        self, rule: CountingRule, silent: Sequence[Body], known: Collection[UUID] | None
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        assert rule.case_type is not None  # noqa: S101 - the caller has looked
        case_type = case_type_of(rule.case_type)
        for loaded in self._load(rule) if known is None else self._known(rule.case_type, known):
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

    def _load(self, rule: CountingRule) -> Iterable[_LoadedCase]:
        """The cases that could count: with an act in the period, or open at its end.

        A few thousand are kept for other rules; of more only those that could count for this rule are read, in turn.
        """
        case_type = rule.case_type or ""
        few = self._few(case_type)
        if few is not None:
            return few
        cases, in_period, open_at_end = self._could_count(case_type)
        if rule.counts is CountedState.ACT:
            acts = rule.acts or case_type_of(case_type).opens_with
            cases = cases.filter(Exists(in_period.filter(act__in=acts)))
        elif rule.counts is CountedState.OPEN_AT_END and self.end <= self.on:
            cases = cases.filter(open_at_end)
        else:
            cases = cases.filter(open_at_end | Exists(in_period))
        return _in_turn(cases)

    def _few(self, case_type: str) -> list[_LoadedCase] | None:
        """The cases of a type that could count, kept; None where there are too many."""
        if self._wider is not None and (kept := self._wider._few(case_type)) is not None:
            return kept
        if case_type not in self._cases:
            cases, in_period, open_at_end = self._could_count(case_type)
            could = cases.filter(open_at_end | Exists(in_period)).order_by()
            many = could.values("pk")[: MOST_KEPT + 1].count() > MOST_KEPT
            self._cases[case_type] = None if many else _loaded(list(could))
        return self._cases[case_type]

    def _could_count(self, case_type: str) -> tuple[QuerySet[Case], QuerySet[CaseAct], Q]:
        """The cases of a type; their acts in the period; what is true of those open at its end."""
        in_period = CaseAct.objects.filter(case=OuterRef("pk"), happened_on__range=(self.start, self.end))
        open_at_end = Q(opened_on__lte=self.end) & (Q(closed_on__isnull=True) | Q(closed_on__gt=self.end))
        cases = Case.objects.filter(
            case_type=case_type, organization__path__startswith=self.organization.path
        ).select_related("organization")
        return cases, in_period, open_at_end

    def _known(self, case_type: str, known: Collection[UUID]) -> Iterable[_LoadedCase]:
        """Some cases, unless all of the type were read before."""
        if (kept := self._cases.get(case_type)) is not None:
            return kept
        ids, cases = list(known), Case.objects.select_related("organization").order_by()
        stretches = (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
        return (one for some in stretches for one in _loaded(list(cases.filter(pk__in=some))))

    def _of_entries(
        self, rule: CountingRule, silent: Sequence[Body]
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
        self, rule: CountingRule, units: UnitsCounted, silent: Sequence[Body]
    ) -> Iterator[tuple[CountedRecord, Mapping[str, Any]]]:
        """Organizations that were there at the end; where a field names them, those it named in an entry in force."""
        named = None if units.named_in is None else self._named(rule.register_ or "", units.named_in)
        found = Organization.objects.below(self.organization).filter(
            level__in=units.levels, names__valid_from__lte=self.end
        )
        units_there = found.distinct().prefetch_related("names")
        known = {unit.subject_id: unit for unit in units_there if not _lies_in(unit, silent)}
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


def _lies_in(organization: Organization, others: Sequence[Body]) -> bool:
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


def _in_turn(cases: QuerySet[Case]) -> Iterator[_LoadedCase]:
    for some in batches(cases):
        yield from _loaded(some)


def _loaded(cases: Sequence[Case]) -> list[_LoadedCase]:
    acts = standing_acts(cases)
    return [
        _LoadedCase(
            case,
            CountedCase(
                facts=case.facts,
                entries=tuple(act for act, _ in acts[case.pk]),
                unit=case.organization.name,
                level=case.level,
            ),
            {act.position: digest for act, digest in acts[case.pk]},
        )
        for case in cases
    ]
