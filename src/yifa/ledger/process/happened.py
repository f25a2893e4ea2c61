"""What really happened, added up: steps and their times, deadlines kept and broken, what stands out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from yifa.ledger.models import Case, Edge, Organization, Step, Term, TermRun
from yifa.ledger.process.rows import EdgeKey, TermKey

FACTOR = 5  # so many times the usual deviation above the middle stands out
LEAST = 20  # passages of which a middle says something


@dataclass(frozen=True, slots=True)
class Span:
    """Whose steps, of which days. No units: those of all."""

    units: frozenset[int] | None
    start: date
    end: date

    def steps(self) -> QuerySet[Step]:
        """The steps that came to pass in it."""
        return self._own(Step._default_manager.order_by().filter(on__range=(self.start, self.end)))

    def runs(self) -> QuerySet[TermRun]:
        """The clocks whose last day lies in it."""
        found = TermRun._default_manager.order_by().filter(due__range=(self.start, self.end))
        return found if self.units is None else found.filter(organization_id__in=self.units)

    def _own(self, found: QuerySet[Step]) -> QuerySet[Step]:
        return found if self.units is None else found.filter(organization_id__in=self.units)


def units_below(unit: Organization) -> frozenset[int] | None:
    """The unit and all below it; None where these are all there are."""
    if unit.parent_id is None:
        return None
    return frozenset(Organization.objects.below(unit).values_list("pk", flat=True))


class Days:
    """How many passages took how many days."""

    __slots__ = ("counts", "many")

    def __init__(self) -> None:
        self.counts: dict[int, int] = defaultdict(int)
        self.many = 0

    def add(self, days: int, many: int) -> None:
        """So many passages of so many days."""
        self.counts[days] += many
        self.many += many

    def within(self, share: float) -> int:
        """The fewest days within which at least this share of the passages lie."""
        return _within(sorted(self.counts.items()), self.many, share)

    @property
    def median(self) -> int:
        """Half of the passages took no longer."""
        return self.within(0.5)

    @property
    def p90(self) -> int:
        """Nine in ten passages took no longer."""
        return self.within(0.9)

    @property
    def deviation(self) -> int:
        """How far the passages usually lie from the middle: the median of the distances (MAD)."""
        middle = self.median
        far: dict[int, int] = defaultdict(int)
        for days, many in self.counts.items():
            far[abs(days - middle)] += many
        return _within(sorted(far.items()), self.many, 0.5)

    @property
    def limit(self) -> int:
        """Above so many days a passage stands out; the deviation counts as one day at least."""
        return self.median + FACTOR * max(self.deviation, 1)

    def above(self, limit: int) -> int:
        """How many passages took longer."""
        return sum(many for days, many in self.counts.items() if days > limit)

    @property
    def longest(self) -> int:
        """The most days."""
        return max(self.counts, default=0)


def _within(ordered: Sequence[tuple[int, int]], many: int, share: float) -> int:
    seen = 0
    for days, count in ordered:
        seen += count
        if seen >= share * many:
            return days
    return 0


@dataclass(slots=True)
class Passage:
    """What came to pass along one edge. `waits`: cases that stopped there; `ends`: that were closed there."""

    source: str
    target: str
    days: Days = field(default_factory=Days)
    early: int = 0
    again: int = 0
    waits: int = 0
    ends: int = 0
    skipped: int = 0

    @property
    def many(self) -> int:
        """How often."""
        return self.days.many

    def add(self, mark: int, stands: int, days: int, many: int) -> None:
        """So many alike steps."""
        if mark == Step.Mark.SKIPPED:
            self.skipped += many
            return
        self.days.add(days, many)
        self.early += many * (mark == Step.Mark.EARLY)
        self.again += many * (mark == Step.Mark.AGAIN)
        self.waits += many * (stands == Step.Stands.WAITS)
        self.ends += many * (stands == Step.Stands.ENDS)


def edge_keys(case_type: str | None = None) -> dict[int, EdgeKey]:
    """The edges by their numbers."""
    rows = (
        Edge._default_manager.all()
        if case_type is None
        else Edge._default_manager.filter(case_type=case_type)
    )
    names = rows.values_list("id", "case_type", "source", "target")
    return {key: (kind, source, target) for key, kind, source, target in names}


def passages(span: Span, case_type: str | None = None) -> dict[str, list[Passage]]:
    """What came to pass, by procedure; the most frequent edges first. One reading of the index over steps."""
    edges = edge_keys(case_type)
    rows = span.steps() if case_type is None else span.steps().filter(edge_id__in=list(edges))
    found: dict[int, Passage] = {}
    for edge, mark, stands, days, many in rows.values_list("edge_id", "mark", "stands", "days").annotate(
        many=Count("*")
    ):
        if edge in edges:
            passage = found.get(edge)
            if passage is None:
                _, source, target = edges[edge]
                passage = found[edge] = Passage(source, target)
            passage.add(mark, stands, days, many)
    by_type: dict[str, list[Passage]] = defaultdict(list)
    for edge, passage in found.items():
        by_type[edges[edge][0]].append(passage)
    for some in by_type.values():
        some.sort(key=lambda one: (-one.many, one.source, one.target))
    return by_type


# ------------------------------------------------------------ deadlines


class Kept(NamedTuple):
    """Clocks whose last day lies in the period."""

    kept: int = 0
    broken: int = 0
    runs: int = 0

    @property
    def rate(self) -> float | None:
        """The share kept of those of which it is known."""
        judged = self.kept + self.broken
        return self.kept / judged if judged else None

    def plus(self, other: Kept) -> Kept:
        """Both together."""
        return Kept(self.kept + other.kept, self.broken + other.broken, self.runs + other.runs)


def reason_key(case: Case, clock: str) -> str:
    """Under which key a unit says why a clock of a case was broken (register `clock_reasons`)."""
    return f"{case.pk.hex}-{clock}"


def broken(today: date) -> Q:
    """Clocks that were broken, or run beyond their last day."""
    return Q(state=TermRun.State.BROKEN) | Q(state=TermRun.State.RUNS, due__lt=today)


def term_keys() -> dict[int, TermKey]:
    """The clocks of procedures by their numbers."""
    return {
        key: (kind, clock)
        for key, kind, clock in Term._default_manager.values_list("id", "case_type", "clock")
    }


def kept(span: Span, today: date) -> dict[tuple[TermKey, int], Kept]:
    """Kept and broken, by clock and organization."""
    terms = term_keys()
    rows = span.runs().values_list("term_id", "state", "organization_id")
    found: dict[tuple[TermKey, int], Kept] = {}
    for term, state, unit, many, late in rows.annotate(
        many=Count("*"), late=Count("pk", filter=Q(due__lt=today))
    ):
        if term not in terms:
            continue
        missed = late if state == TermRun.State.RUNS else many * (state == TermRun.State.BROKEN)
        sound = many * (state == TermRun.State.KEPT)
        key = (terms[term], unit)
        found[key] = found.get(key, Kept()).plus(Kept(sound, missed, many - missed - sound))
    return found


class Broken(NamedTuple):
    """How many clocks were broken at one place, for the same signs."""

    term: TermKey
    edge: EdgeKey | None
    organization: int
    signs: int
    still: bool  # not stopped yet
    many: int


def broken_ones(span: Span, today: date) -> list[Broken]:
    """The broken clocks by procedure, place and what can be said why."""
    terms, edges = term_keys(), edge_keys()
    rows = (
        span.runs()
        .filter(broken(today))
        .values_list("term_id", "state", "organization_id", "edge_id", "signs")
    )
    return [
        Broken(terms[term], edges.get(edge), unit, signs, state == TermRun.State.RUNS, many)
        for term, state, unit, edge, signs, many in rows.annotate(many=Count("*"))
        if term in terms
    ]


# ------------------------------------------------------------ what stands out


class Outlier(NamedTuple):
    """An edge with passages that took far longer than the rest. The measure is of all units, the number of those asked."""

    case_type: str
    passage: Passage
    limit: int
    many: int
    longest: int


def outliers(own: Mapping[str, Iterable[Passage]], all_: Mapping[str, Iterable[Passage]]) -> list[Outlier]:
    """The edges where passages of `own` stand out among `all_`; those with the most first."""
    measured = {
        (kind, one.source, one.target): one
        for kind, some in all_.items()
        for one in some
        if one.source and one.many >= LEAST
    }
    found = []
    for kind, some in own.items():
        for one in some:
            measure = measured.get((kind, one.source, one.target))
            if measure is not None and (many := one.days.above(measure.days.limit)):
                found.append(Outlier(kind, measure, measure.days.limit, many, one.days.longest))
    return sorted(found, key=lambda one: (-one.many, one.case_type, one.passage.source, one.passage.target))
