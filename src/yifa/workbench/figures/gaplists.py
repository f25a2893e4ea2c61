"""What is not in order in a unit, remembered until something that is looked at changes."""

from __future__ import annotations

from datetime import date

from django.core.cache import cache

from yifa.law.loader import catalogue
from yifa.law.schema import GapType
from yifa.ledger.figures.gaps import Finding, Gap
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization
from yifa.workbench.figures.keyfigures import KEPT_SECONDS, few_cases
from yifa.workbench.figures.latest import Latest, kinds_of_gap


class GapLists:
    """The gap lists of a unit, each remembered until something it looks at is recorded or a rule changes."""

    def __init__(self, unit: Organization, on: date) -> None:
        self._finding, self._unit, self._latest = Finding(unit, on), unit, Latest()
        self._latest.ask(kind for gap in catalogue().gaps.values() for kind in kinds_of_gap(gap))
        below = Organization.objects.below(unit).order_by("level").values_list("level", flat=True)
        self._levels = list(below.distinct())

    def has(self, kind: GapType) -> bool:
        """Whether the unit, or one below it, has what the list looks at."""
        if kind.levels is not None:
            return bool({*kind.levels} & {*self._levels})
        of = {"case_type": kind.case_type, "register": kind.register_}
        return any(no_power(level, **of) is None for level in self._levels)

    def of(self, kind: GapType) -> tuple[Gap, ...]:
        """What is on a list."""
        last = self._latest.of(kinds_of_gap(kind))
        key = f"gap:{kind.gap}:{self._unit.pk}:{self._finding.on}:{last}:{self._latest.world}"
        known: tuple[Gap, ...] | None = cache.get(key)
        if known is None:
            known = self._finding.gaps(kind)
            cache.set(key, known, KEPT_SECONDS)
        return known


def warm(today: date) -> None:
    """Find the body's gaps ahead of who opens the page first; in a large ledger they wait until somebody asks."""
    body = Organization.objects.body()
    if body is None or not few_cases():
        return
    lists = GapLists(body, today)
    for kind in catalogue().gaps.values():
        if lists.has(kind):
            lists.of(kind)
