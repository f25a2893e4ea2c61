"""What is not in order, found by the gap lists of the catalogue: entries without a measure, units without a meeting …

    for gap in find("cancelled_items_unsupervised", body, today): print(gap.title, gap.organization)

Nothing is stored: a gap is there as long as the records say so, and gone when they no longer do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import Answering, CountingRule, GapType, Unit
from yifa.ledger.counting import Counting
from yifa.ledger.legal import calendar, case_type_of, register_of
from yifa.ledger.models import Case, CaseAct, Entry, Organization, PostHolding
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.conditions import compile_condition
from yifa.procedures.counting import Match, total
from yifa.procedures.history import History
from yifa.procedures.values import size_of

EVER = date(1949, 10, 1)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not in order.

    Attributes:
        gap: Id of the gap list.
        kind: "entry", "case" or "organization"; `id` is its id (an organization's code).
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


@dataclass(frozen=True, slots=True)
class _Thing:
    """An entry, a case or a unit with the values by which it may be matched."""

    kind: str
    id: UUID | str
    title: str
    organization: Organization
    values: Mapping[str, Any] = field(default_factory=dict)


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
        answers = [_Answers(answering, self) for answering in kind.unless]
        things = (each for thing in self._things(kind) for each in _single(kind, thing))
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

    def _things(self, kind: GapType) -> Iterator[_Thing]:
        if kind.register_ is not None and kind.levels is not None:
            return self._matrix(kind, kind.register_, kind.levels)
        if kind.register_ is not None:
            return self._entries(kind, kind.register_, self.organization)
        if kind.case_type is not None:
            return self._cases(kind, kind.case_type)
        if kind.counting_rule is not None:
            return self._counted(kind.counting_rule)
        return self._units(kind.levels or [])

    def _counted(self, rule: str) -> Iterator[_Thing]:
        """What a rule counts, ever: acts with who did them and the posts they held, or entries."""
        counting = self.counting(EVER, self.organization)
        units = {unit.name: unit for unit in Organization.objects.below(self.organization)}
        for record, values in counting.with_values(catalogue().counting_rules[rule]):
            posts = _posts(str(values.get("by") or ""), record.on)
            title = f"{record.title}（{record.act}）" if record.act else record.title
            known = {**values, "posts": posts}
            yield _Thing(record.kind, record.id, title, units[record.unit], known)

    def _matrix(self, kind: GapType, register: str, levels: Sequence[str]) -> Iterator[_Thing]:
        """Each entry of the body for each unit of these levels."""
        units = list(self._units(levels))
        for entry in self._entries(kind, register, self.body):
            for unit in units:
                title = f"{entry.title}：{unit.title}"
                values = {**entry.values, "unit": unit.title}
                yield replace(entry, title=title, organization=unit.organization, values=values)

    def _entries(self, kind: GapType, register: str, whose: Organization) -> Iterator[_Thing]:
        fields = register_of(register).fields
        test = None if kind.where is None else compile_condition(kind.where, fields)
        entries = Entry.objects.filter(organization__path__startswith=whose.path)
        of_days = ended if kind.entries == "ended" else in_force
        for entry in of_days(entries, register, self.on).select_related("organization"):
            if test is None or test(History(entry.data, entry.organization.level)):
                yield _Thing("entry", entry.pk, entry.title, entry.organization, values_of_entry(entry))

    def _cases(self, kind: GapType, case_type: str) -> Iterator[_Thing]:
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
        found = {record.id for record in self.counting(EVER).count_rule(rule).records}
        cases = Case.objects.filter(
            case_type=case_type, organization__path__startswith=self.organization.path, pk__in=found
        )
        closed = Q(closed_on__lte=self.on)
        if kind.cases != "any":
            cases = cases.filter(closed) if kind.cases == "closed" else cases.exclude(closed)
        said = self._said_by_acts(kind, cases)
        for case in cases.select_related("organization"):
            own = {"number": case.number, "title": case.title, "unit": case.organization.name}
            values = {"key": case.number or case.title, **own, **case.facts, **said.get(case.pk, {})}
            yield _Thing("case", case.pk, case.title, case.organization, values)

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

    def _units(self, levels: Sequence[str]) -> Iterator[_Thing]:
        for unit in Organization.objects.below(self.organization).filter(level__in=levels):
            values = {"key": unit.name, "title": unit.name, "unit": unit.name}
            yield _Thing("organization", unit.code, unit.name, unit, values)


def _posts(person: str, on: date) -> list[str]:
    """The posts somebody held on a day."""
    if not person:
        return []
    held = PostHolding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), person__name=person, valid_from__lte=on
    )
    return list(held.values_list("post__title", flat=True))


def in_force(entries: Any, register: str, on: date) -> Any:
    """The entries of a register that are in force on a day."""
    return entries.filter(
        Q(begins__isnull=True) | Q(begins__lte=on),
        Q(ends__isnull=True) | Q(ends__gte=on),
        register=register,
        withdrawn=False,
    )


def ended(entries: Any, register: str, on: date) -> Any:
    """The entries of a register whose last day has passed."""
    return entries.filter(ends__lt=on, register=register, withdrawn=False)


def values_of_entry(entry: Entry) -> dict[str, Any]:
    """What an entry may be matched by."""
    return {**entry.data, "key": entry.key, "title": entry.title, "unit": entry.organization.name}


def _single(kind: GapType, thing: _Thing) -> Iterator[_Thing]:
    """The thing itself, or one for each item of the list that the gap looks at."""
    if kind.each is None:
        yield thing
        return
    items = thing.values.get(kind.each)
    for item in dict.fromkeys(items) if isinstance(items, list | tuple) else ():
        yield replace(thing, title=f"{thing.title}：{item}", values={**thing.values, "item": item})


def _gap(kind: GapType, thing: _Thing, answers: Sequence[_Answers]) -> Gap | None:
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
    )


class _Answers:
    """The records that may put things in order, by the values they are matched by."""

    def __init__(self, answering: Answering, finding: Finding) -> None:
        self.answering = answering
        self._finding = finding
        self._said: dict[int, Mapping[str, Any]] = {}
        self._theirs = tuple(answering.match)
        self._mine = tuple(answering.match.values())
        other = answering.equals
        self._other = (
            None
            if other is None
            else _Answers(answering.model_copy(update={"counting_rule": other, "equals": None}), finding)
        )

    def value(self, thing: _Thing) -> float:
        """What was found for a thing: how many, or what the counting rule makes of them."""
        found: dict[int, Match] = {}
        for key in _keys(thing.values, self._mine):
            within = self._index.get(key, {})
            found.update({number: match for number, match in within.items() if self._reached(number, thing)})
        since = self._since(thing)
        found = {number: match for number, match in found.items() if since <= match.on}
        rule = self._rule
        value = total(rule, found.values()) if rule is not None else len(found)
        return float(value or 0)

    def _reached(self, number: int, thing: _Thing) -> bool:
        """Whether none of its numbers in `up_to` is above the thing's; what has no number is reached by everything."""
        theirs = self._said[number]
        for one, mine in self.answering.up_to.items():
            least = size_of(theirs.get(one))
            if least is not None and (size_of(thing.values.get(mine)) or 0) < least:
                return False
        return True

    def not_met(self, thing: _Thing, value: float) -> str:
        """What was wanted and not found, in words; "" where it is in order."""
        if self._unasked(thing):
            return ""
        if self._other is not None:
            wanted = self._other.value(thing)
            return "" if value == wanted else f"等于{wanted:g}"
        least, most = (_bound(bound, thing) for bound in (self.answering.at_least, self.answering.at_most))
        if least is None and most is None:
            least = 1
        if least is not None and value < least:
            return f"不少于{least:g}"
        return f"不多于{most:g}" if most is not None and value > most else ""

    def different(self, thing: _Thing) -> str:
        """The fields in which what was found says something else, in words; "" where one says the same in all."""
        same = self.answering.same
        if not same:
            return ""
        fewest: list[str] | None = None
        for key in _keys(thing.values, self._mine):
            for number in self._index.get(key, {}):
                theirs = self._said[number]
                unlike = [
                    one for one, mine in same.items() if not _alike(theirs.get(one), thing.values.get(mine))
                ]
                if fewest is None or len(unlike) < len(fewest):
                    fewest = unlike
        return f"不一致：{'、'.join(map(self._title, fewest))}" if fewest else ""

    def _title(self, name: str) -> str:
        register = self.answering.register_
        spec = register_of(register).fields.get(name) if register is not None else None
        return spec.title if spec is not None else name

    @property
    def _rule(self) -> CountingRule | None:
        name = self.answering.counting_rule
        return catalogue().counting_rules[name] if name is not None else None

    @cached_property
    def _index(self) -> Mapping[tuple[str, ...], Mapping[int, Match]]:
        index: dict[tuple[str, ...], dict[int, Match]] = defaultdict(dict)
        for number, (values, match) in enumerate(self._records()):
            self._said[number] = values
            for key in _keys(values, self._theirs):
                index[key][number] = match
        return index

    def _records(self) -> Iterator[tuple[Mapping[str, Any], Match]]:
        answering, on = self.answering, self._finding.on
        if answering.register_ is not None:
            fields = register_of(answering.register_).fields
            test = None if answering.where is None else compile_condition(answering.where, fields)
            entries = in_force(Entry.objects.all(), answering.register_, on).select_related("organization")
            for entry in entries:
                if test is None or test(History(entry.data, entry.organization.level)):
                    yield values_of_entry(entry), ONE
        elif answering.posts:
            holdings = PostHolding.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on
            )
            for holding in holdings.select_related("person", "post__organization"):
                yield (
                    {
                        "person": holding.person.name,
                        "post": holding.post.title,
                        "unit": holding.post.organization.name,
                    },
                    ONE,
                )
        elif self._rule is not None:
            counting = self._finding.counting(self._since(None))
            for record, values in counting.with_values(self._rule):
                yield values, Match(record.position, record.on, record.value, record.part, record.told)

    def _since(self, thing: _Thing | None) -> date:
        """The first day that counts: for a thing, or for all things where no length is the thing's own."""
        within, on = self.answering.within, self._finding.on
        if within is None:
            return EVER
        if within.calendar_year:
            return date(on.year, 1, 1)
        length = within.length if isinstance(within.length, int) else _length(within.length, thing)
        return EVER if length is None else add(calendar(), on, -length, Unit(within.unit))

    def _unasked(self, thing: _Thing) -> bool:
        """Whether the thing itself says how often, and has not said it."""
        within = self.answering.within
        return within is not None and isinstance(within.length, str) and _length(within.length, thing) is None


ONE = Match(0, EVER, Decimal(1))


def _keys(values: Mapping[str, Any], names: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """The values under some names; one key for each item where a value is a list."""
    keys: list[tuple[str, ...]] = [()]
    for name in names:
        value = values.get(name)
        items = value if isinstance(value, list | tuple) else [value]
        keys = [(*key, str(item).strip()) for key in keys for item in items if item not in (None, "")]
    return keys


def _alike(one: Any, other: Any) -> bool:
    """Whether two values say the same: texts without blanks at the ends, lists in any order, nothing as empty."""
    if isinstance(one, list | tuple) or isinstance(other, list | tuple):
        return sorted(map(str, one or ())) == sorted(map(str, other or ()))
    return str(one if one is not None else "").strip() == str(other if other is not None else "").strip()


def _length(name: str | None, thing: _Thing | None) -> int | None:
    """How long, as a field of the thing says; None where it is not filled in."""
    value = thing.values.get(name) if thing is not None and name is not None else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _bound(bound: float | str | None, thing: _Thing) -> float | None:
    """A number, or the number (of items) in a field of the thing; None where that is not filled in."""
    if isinstance(bound, str):
        value = thing.values.get(bound)
        value = len(value) if isinstance(value, list | tuple) else value
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return bound
