"""The rows of a list in the columns of a layout, some hundred at a time: never more is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone

from yifa.exchange.officelayouts import BLANK, Layout
from yifa.exchange.targets import target_of
from yifa.law.schema import FieldType
from yifa.ledger.models import Case, Entry
from yifa.ledger.tables.loading import standing_acts
from yifa.procedures.model import Act

CHUNK = 400
Acts = Mapping[str, Act]  # the last of each kind
OfCase = Callable[[Case, Acts], Any]
OfEntry = Callable[[Entry], Any]
CASE: dict[str, OfCase] = {
    "title": lambda case, _: case.title,
    "number": lambda case, _: case.number,
    "unit": lambda case, _: case.organization.name,
    "status": lambda case, _: case.status,
    "opened": lambda case, _: case.opened_on,
    "closed": lambda case, _: case.closed_on,
    "due": lambda case, _: case.next_due,
    BLANK: lambda _, __: None,
}
ENTRY: dict[str, OfEntry] = {
    "title": lambda entry: entry.title,
    "key": lambda entry: entry.key,
    "unit": lambda entry: entry.organization.name,
    "begins": lambda entry: entry.begins,
    "ends": lambda entry: entry.ends,
    BLANK: lambda _: None,
}


def case_lines(layout: Layout, cases: Iterable[Case]) -> Iterator[list[Any]]:
    """The values of each case."""
    columns = [[_of_case(value) for value in column.values] for column in layout.columns]
    rest = iter(cases)
    while some := list(islice(rest, CHUNK)):
        acts = standing_acts(some)
        for case in some:
            last = {act.act: act for act in sorted((act for act, _ in acts.get(case.pk, ())), key=_by_day)}
            yield [_first(read(case, last) for read in reads) for reads in columns]


def entry_lines(layout: Layout, entries: Iterable[Entry]) -> Iterator[list[Any]]:
    """The values of each entry."""
    columns = [[_of_entry(layout, value) for value in column.values] for column in layout.columns]
    return ([_first(read(entry) for read in reads) for reads in columns] for entry in entries)


def _by_day(act: Act) -> tuple[date, int]:
    return act.on, act.position


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value not in (None, "", [])), None)


def _of_case(value: str) -> OfCase:
    if value in CASE:
        return CASE[value]
    kind, name, *part = value.split(":")
    if kind == "fact":
        return lambda case, _: _plain(case.facts.get(name))
    if kind == "field":
        return lambda _, acts: _plain(acts[name].fields.get(part[0])) if name in acts else None
    return lambda _, acts: getattr(acts[name], part[0]) if name in acts else None


def _of_entry(layout: Layout, value: str) -> OfEntry:
    if value in ENTRY:
        return ENTRY[value]
    target = target_of(layout.of)
    if value == "state":
        assert target.register is not None  # noqa: S101 - the layout was read for a register
        labels = (target.register.in_force_label, target.register.ended_label)
        return lambda entry: _state(entry, labels)
    name = value.partition(":")[2]
    day = target.meanings[value].kind is FieldType.DATE
    return lambda entry: _day(entry.data.get(name)) if day else entry.data.get(name)


def _state(entry: Entry, labels: Sequence[str]) -> str:
    if entry.withdrawn:
        return "已撤下"
    return labels[entry.ends is not None and entry.ends <= timezone.localdate()]


def _plain(value: Any) -> Any:
    """A stored value, days as days."""
    return _day(value) if isinstance(value, str) and len(value) == len("2024-03-01") else value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
