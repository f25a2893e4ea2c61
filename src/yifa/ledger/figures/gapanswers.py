"""What may put a thing of a gap list in order: entries, posts held, what counting rules count, by what they are matched by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import Answering, CountingRule, Unit
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.narrowing import says_alone
from yifa.ledger.legal import calendar, register_of
from yifa.ledger.models import Entry, Organization, PostHolding
from yifa.ledger.search.queries import in_force
from yifa.procedures.conditions import compile_condition
from yifa.procedures.counting import Match
from yifa.procedures.history import History
from yifa.procedures.totals import total
from yifa.procedures.values import size_of

EVER = date(1949, 10, 1)
ONE = Match(0, EVER, Decimal(1))
Figures = Callable[[date], Counting]  # of the body above all, since a day


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry, a case or a unit with the values by which it may be matched."""

    kind: str
    id: UUID | str
    title: str
    organization: Organization
    values: Mapping[str, Any] = field(default_factory=dict)


def values_of_entry(entry: Entry) -> dict[str, Any]:
    """What an entry may be matched by."""
    return {**entry.data, "key": entry.key, "title": entry.title, "unit": entry.organization.name}


class Answers:
    """The records that may put things in order, by the values they are matched by."""

    def __init__(self, answering: Answering, on: date, figures: Figures) -> None:
        self.answering, self.on, self._figures = answering, on, figures
        self._said: dict[int, Mapping[str, Any]] = {}
        self._earliest = self._since(None)
        self._saying: tuple[str, set[str]] | None = None
        self._theirs = tuple(answering.match)
        self._mine = tuple(answering.match.values())
        other = answering.equals
        self._other = (
            None
            if other is None
            else Answers(answering.model_copy(update={"counting_rule": other, "equals": None}), on, figures)
        )

    @property
    def of_each(self) -> bool:
        """Whether each thing says itself since when something counts."""
        return self.answering.within is not None and isinstance(self.answering.within.length, str)

    @cached_property
    def named_by(self) -> str | None:
        """The fact of the counted cases by which they are matched and could be picked out; None where there is none."""
        rule = self._rule
        if rule is None or rule.case_type is None or rule.units is not None:
            return None
        kind = catalogue().case_types[rule.case_type]
        return next((name for name in self._theirs if says_alone(kind, name)), None)

    def ask_for(self, things: Sequence[Thing]) -> None:
        """Reads no record from before the first day that counts for one of these things, and none that names none of them."""
        if self.named_by is not None:
            mine = self.answering.match[self.named_by]
            words = {word for thing in things for (word,) in _keys(thing.values, (mine,))}
            self._saying = (self.named_by, words)
        if not self.of_each or self.answering.same:  # what says something else may be older
            return
        self._earliest = min(
            (self._since(thing) for thing in things if not self._unasked(thing)), default=self.on
        )
        if self._other is not None:
            self._other.ask_for(things)

    def value(self, thing: Thing) -> float:
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

    def _reached(self, number: int, thing: Thing) -> bool:
        """Whether none of its numbers in `up_to` is above the thing's; what has no number is reached by everything."""
        theirs = self._said[number]
        for one, mine in self.answering.up_to.items():
            least = size_of(theirs.get(one))
            if least is not None and (size_of(thing.values.get(mine)) or 0) < least:
                return False
        return True

    def not_met(self, thing: Thing, value: float) -> str:
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

    def different(self, thing: Thing) -> str:
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
        answering, on = self.answering, self.on
        if answering.register_ is not None:
            fields = register_of(answering.register_).fields
            test = None if answering.where is None else compile_condition(answering.where, fields)
            entries = in_force(Entry.objects.filter(register=answering.register_), on).select_related(
                "organization"
            )
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
            counting = self._figures(self._earliest)
            by_unit = counting.by_unit(self._rule) if self._only_unit else None
            if by_unit is not None:
                yield from (({"unit": unit}, Match(0, on, value)) for unit, value in by_unit.items())
                return
            for record, values in counting.with_values(self._rule, self._saying):
                yield values, Match(record.position, record.on, record.value, record.part, record.told)

    @property
    def _only_unit(self) -> bool:
        """Whether nothing is asked of what counts but of which unit it is, whatever the thing."""
        answering = self.answering
        return self._theirs == ("unit",) and not (self.of_each or answering.up_to or answering.same)

    def _since(self, thing: Thing | None) -> date:
        """The first day that counts: for a thing, or for all things where no length is the thing's own."""
        within, on = self.answering.within, self.on
        if within is None:
            return EVER
        if within.calendar_year:
            return date(on.year, 1, 1)
        length = within.length if isinstance(within.length, int) else _length(within.length, thing)
        return EVER if length is None else add(calendar(), on, -length, Unit(within.unit))

    def _unasked(self, thing: Thing) -> bool:
        """Whether the thing itself says how often, and has not said it."""
        within = self.answering.within
        return within is not None and self.of_each and _length(str(within.length), thing) is None


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


def _length(name: str | None, thing: Thing | None) -> int | None:
    """How long, as a field of the thing says; None where it is not filled in."""
    value = thing.values.get(name) if thing is not None and name is not None else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _bound(bound: float | str | None, thing: Thing) -> float | None:
    """A number, or the number (of items) in a field of the thing; None where that is not filled in."""
    if isinstance(bound, str):
        value = thing.values.get(bound)
        value = len(value) if isinstance(value, list | tuple) else value
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return bound
