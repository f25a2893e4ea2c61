"""What is not in order, found by the gap lists of the catalogue: entries without a measure, units without a meeting …

    for gap in find("cancelled_items_unsupervised", body, today): print(gap.title, gap.organization)

Nothing is stored: a gap is there as long as the records say so, and gone when they no longer do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, GapType
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.gapanswers import EVER, Answers, Thing, values_of_entry
from yifa.ledger.legal import case_type_of, register_of
from yifa.ledger.models import Case, CaseAct, Entry, EntryVersion, Organization, PostHolding
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.queries import ended, in_force
from yifa.procedures.conditions import compile_condition
from yifa.procedures.history import History


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not in order.

    Attributes:
        gap: Id of the gap list.
        kind: "entry", "case" or "organization"; `id` is its id (an organization's code).
        number: Of a case.
        found: What was found instead, e.g. 2 of at least 4; None where a condition alone makes the gap.
    """

    gap: str
    kind: str
    id: UUID | str
    title: str
    organization: str
    missing: str
    found: float | None = None
    wanted: str = ""
    number: str = ""


def gap_type(gap_id: str) -> GapType:
    """The gap list of the catalogue; refuses an unknown one."""
    found = catalogue().gaps.get(gap_id)
    if found is None:
        known = "、".join(catalogue().gaps) or "一个也没有"
        raise ActionRefused(f"目录里没有「{gap_id}」这个缺口清单。现有：{known}。", code="missing")
    return found


def find(gap_id: str, organization: Organization, on: date) -> tuple[Gap, ...]:
    """The gaps of an organization and those below it, as they stand on a day."""
    return Finding(organization, on).gaps(gap_type(gap_id))


class Finding:
    """Gaps of one organization on one day; what several lists need is read once."""

    def __init__(self, organization: Organization, on: date) -> None:
        self.organization, self.on = organization, on
        self._counting: dict[tuple[int, date], Counting] = {}

    def gaps(self, kind: GapType) -> tuple[Gap, ...]:
        """All gaps of one list."""
        return tuple(gap for _, gap in self.found(kind))

    def paths(self, kind: GapType) -> tuple[str, ...]:
        """The path of whose each gap is: how many each of many units has, from one look."""
        return tuple(organization.path for organization, _ in self.found(kind))

    def found(self, kind: GapType) -> Iterator[tuple[Organization, Gap]]:
        """All gaps of one list with whose they are."""
        answers = [Answers(answering, self.on, self.counting) for answering in kind.unless]
        looked_at = self._things(kind) if kind.per is None else _once(kind.per, self._things(kind))
        things: Iterable[Thing] = (each for thing in looked_at for each in _single(kind, thing))
        for answer in answers:
            if answer.of_each or (answer.named_by is not None and kind.register_ is not None):
                things = list(things)
                answer.ask_for(things)
        for thing in things:
            gap = _gap(kind, thing, answers)
            if gap is not None:
                yield thing.organization, gap

    def counting(self, start: date, organization: Organization | None = None) -> Counting:
        """Figures since a day, of the body above all: what answers may have been done by another unit."""
        whose = organization or self.body
        if (whose.pk, start) not in self._counting:
            wider = None if start == EVER else self.counting(EVER, whose)
            self._counting[whose.pk, start] = Counting(whose, start, self.on, wider=wider)
        return self._counting[whose.pk, start]

    @cached_property
    def body(self) -> Organization:
        """The organization above all."""
        return Organization.objects.get(code=self.organization.ancestor_codes()[0])

    def _things(self, kind: GapType) -> Iterator[Thing]:
        if kind.register_ is not None and kind.levels is not None:
            return self._matrix(kind, kind.register_, kind.levels)
        if kind.register_ is not None:
            return self._entries(kind, kind.register_, self.organization)
        if kind.case_type is not None:
            return self._cases(kind, kind.case_type)
        if kind.counting_rule is not None:
            return self._counted(kind.counting_rule)
        return self._units(kind.levels or [])

    def _counted(self, rule: str) -> Iterator[Thing]:
        """What a rule counts, ever: acts with who did them and the posts they held, or entries."""
        counting = self.counting(EVER, self.organization)
        units = {unit.name: unit for unit in Organization.objects.below(self.organization)}
        for record, values in counting.with_values(catalogue().counting_rules[rule]):
            posts = _posts(str(values.get("by") or ""), record.on)
            title = f"{record.title}（{record.act}）" if record.act else record.title
            known = {**values, "posts": posts}
            yield Thing(record.kind, record.id, title, units[record.unit], known)

    def _matrix(self, kind: GapType, register: str, levels: Sequence[str]) -> Iterator[Thing]:
        """Each entry of the body for each unit of these levels."""
        units = list(self._units(levels))
        for entry in self._entries(kind, register, self.body):
            for unit in units:
                title = f"{entry.title}：{unit.title}"
                values = {**entry.values, "unit": unit.title}
                yield replace(entry, title=title, organization=unit.organization, values=values)

    def _entries(self, kind: GapType, register: str, whose: Organization) -> Iterator[Thing]:
        fields = register_of(register).fields
        test = None if kind.where is None else compile_condition(kind.where, fields)
        entries = Entry.objects.filter(register=register, organization__path__startswith=whose.path)
        of_days = ended if kind.entries == "ended" else in_force
        then = _said_on(self.on, entries)
        for entry in of_days(entries, self.on).select_related("organization"):
            entry.data = then.get(entry.pk, entry.data)
            if test is None or test(History(entry.data, entry.organization.level)):
                yield Thing("entry", entry.pk, entry.title, entry.organization, values_of_entry(entry))

    def _cases(self, kind: GapType, case_type: str) -> Iterator[Thing]:
        rule = CountingRule.model_validate(
            {
                "counting_rule": "gap",
                "title": kind.title,
                "unit": "件",
                "explain": "",
                "case_type": case_type,
                "acts": case_type_of(case_type).opens_with,
                "where": kind.where,
                "clock": kind.clock,
                "clock_state": kind.clock_state,
            }
        )
        cases = Case.objects.filter(
            case_type=case_type, organization__path__startswith=self.organization.path
        )
        closed = Q(closed_on__lte=self.on)
        if kind.cases != "any":
            cases = cases.filter(closed) if kind.cases == "closed" else cases.exclude(closed)
        found = self.counting(EVER).among(rule, cases)
        cases = cases.filter(pk__in=found)
        said = self._said_by_acts(kind, cases)
        for case in cases.select_related("organization"):
            own = {"number": case.number, "title": case.title, "unit": case.organization.name}
            values = {"key": case.number or case.title, **own, **case.facts, **said.get(case.pk, {})}
            yield Thing("case", case.pk, case.title, case.organization, values)

    def _said_by_acts(self, kind: GapType, cases: Any) -> Mapping[UUID, Mapping[str, Any]]:
        """The fields of acts that the list matches by (`carry_over.round`), as the last such act of each case says."""
        names = {mine for answering in kind.unless for mine in answering.match.values() if "." in mine}
        said: dict[UUID, dict[str, Any]] = defaultdict(dict)
        if names:
            acts = CaseAct.objects.filter(
                case__in=cases, act__in={name.split(".")[0] for name in names}, happened_on__lte=self.on
            )
            for act in acts.order_by("happened_on", "position"):
                said[act.case_id] |= {f"{act.act}.{name}": value for name, value in act.fields.items()}
        return said

    def _units(self, levels: Sequence[str]) -> Iterator[Thing]:
        for unit in Organization.objects.below(self.organization).filter(level__in=levels):
            values = {"key": unit.name, "title": unit.name, "unit": unit.name}
            yield Thing("organization", unit.code, unit.name, unit, values)


def _said_on(day: date, entries: QuerySet[Entry]) -> Mapping[UUID, Mapping[str, Any]]:
    """What entries that have changed since a past day said on it."""
    if day >= timezone.localdate():
        return {}
    changed = EntryVersion.objects.filter(entry__in=entries.values("pk"), happened_on__gt=day)
    said: dict[UUID, Mapping[str, Any]] = {}
    versions = EntryVersion.objects.filter(entry__in=changed.values("entry"))
    for id_, on, data in versions.order_by("version").values_list("entry_id", "happened_on", "data"):
        if id_ not in said or on <= day:
            said[id_] = data
    return said


def _posts(person: str, on: date) -> list[str]:
    """The posts somebody held on a day."""
    if not person:
        return []
    held = PostHolding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), person__name=person, valid_from__lte=on
    )
    return list(held.values_list("post__title", flat=True))


def _single(kind: GapType, thing: Thing) -> Iterator[Thing]:
    """The thing itself, or one for each item of the list that the gap looks at."""
    if kind.each is None:
        yield thing
        return
    items = thing.values.get(kind.each)
    for item in dict.fromkeys(items) if isinstance(items, list | tuple) else ():
        yield replace(thing, title=f"{thing.title}：{item}", values={**thing.values, "item": item})


def _once(per: str, things: Iterable[Thing]) -> Iterator[Thing]:
    """The first thing in a unit for each value of a field, called by that value."""
    seen: set[tuple[int, str]] = set()
    for thing in things:
        name = str(thing.values.get(per) or thing.title)
        if (thing.organization.pk, name) not in seen:
            seen.add((thing.organization.pk, name))
            yield replace(thing, title=name)


def _gap(kind: GapType, thing: Thing, answers: Sequence[Answers]) -> Gap | None:
    """The gap, unless one of the answers puts the thing in order."""
    first: tuple[float, str] | None = None
    for answer in answers:
        value = answer.value(thing)
        wanted = answer.not_met(thing, value) or answer.different(thing)
        if not wanted:
            return None
        first = first or (value, wanted)
    return Gap(
        gap=kind.gap,
        kind=thing.kind,
        id=thing.id,
        title=thing.title,
        organization=thing.organization.name,
        missing=kind.missing,
        found=first[0] if first else None,
        wanted=first[1] if first else "",
        number=str(thing.values.get("number") or "") if thing.kind == "case" else "",
    )
