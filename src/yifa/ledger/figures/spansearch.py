"""Looking for words among the records behind a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import overload

from django.db.models import Exists, OuterRef, Q

from yifa.law.loader import catalogue
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.spanrecords import AT_ONCE, Place, SpanRecords, places_of
from yifa.ledger.models import Case, CaseAct
from yifa.ledger.rows.ruling import part_is_listed
from yifa.ledger.search.searching import search


class FoundRecords(Sequence[CountedRecord]):
    """Those of a figure's records in which every word stands: title, number, unit, act, part, or the beginning of the day."""

    def __init__(self, records: SpanRecords, words: Sequence[str]) -> None:
        self._records = records
        self._said = Q()
        for word in words:
            self._said &= _says(records, word.lower())

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> CountedRecord: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[CountedRecord, ...]: ...
    def __getitem__(self, place: int | slice) -> CountedRecord | tuple[CountedRecord, ...]:
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            return self._between(first, last)[::step] if step > 0 else tuple(self)[place]
        at = range(len(self))[place]
        return self._between(at, at + 1)[0]

    def __iter__(self) -> Iterator[CountedRecord]:
        firsts = range(0, len(self), AT_ONCE)
        return chain.from_iterable(self._between(first, min(first + AT_ONCE, len(self))) for first in firsts)

    @cached_property
    def _places(self) -> list[Place]:
        """Looked for once: every record must be looked at."""
        return places_of(self._records.dated().filter(self._said))

    def _between(self, first: int, last: int) -> tuple[CountedRecord, ...]:
        return self._records.standing_at(self._places[first:last])


def _says(records: SpanRecords, word: str) -> Q:
    rule = records.rule
    units = [id_ for id_, name in records.units.items() if word in name.lower()]
    tallies = [id_ for id_, part in records.tallies.items() if part and word in part.lower()]
    says = Q(organization_id__in=units) | Q(tally_id__in=tallies)
    days = days_of(word)
    if days is not None:
        says |= Q(on__range=days)
    if not part_is_listed(rule):
        says |= Q(part__icontains=word)
    if rule.case_type is None:
        return says | Q(entry__title__icontains=word) | Q(entry__key__icontains=word)
    says |= _of_cases(word, rule.case_type)
    kinds = catalogue().case_types[rule.case_type].acts
    acts = [act for act in rule.acts or kinds if act in kinds and word in kinds[act].title.lower()]
    own = CaseAct.objects.filter(case_id=OuterRef("case_id"), position=OuterRef("position"))
    return says | Q(Exists(own.filter(act__in=acts))) if acts else says


def _of_cases(word: str, case_type: str) -> Q:
    """The cases in whose title or number a word stands: looked up where few have it, else read."""
    texts = Q(case__title__icontains=word) | Q(case__number__icontains=word)
    found = search(word, case_type=case_type)
    if found.many:
        return texts
    return Q(case_id__in=list(Case.objects.filter(found.condition).values_list("pk", flat=True))) & texts


def days_of(word: str) -> tuple[date, date] | None:
    """The days that a date or the beginning of one means: 2026, 2026-03, 2026-03-05."""
    for first, last in ((word, word), (f"{word}-01", f"{word}-31"), (f"{word}-01-01", f"{word}-12-31")):
        try:
            since = date.fromisoformat(first)
        except ValueError:
            continue
        return since, _until(since, last)
    return None


def _until(since: date, last: str) -> date:
    try:
        return date.fromisoformat(last)
    except ValueError:  # a shorter month
        following = (since.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following - timedelta(days=1)
