"""What scores are made of, remembered until something is recorded that it looks at; points are made of it each time.

One record changes the figures and gap lists over its kind of case or register, for all sets and assessments alike; the
others stand (decision 0138).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.cache import cache

from yifa.assessment.computing import Asked, Counts, counted
from yifa.law.loader import catalogue
from yifa.ledger.models import Organization
from yifa.procedures.scoring import Quantity
from yifa.workbench.figures.keyfigures import KEPT_SECONDS
from yifa.workbench.figures.latest import Latest, kinds_of_gap, kinds_of_rule


class _Kept(NamedTuple):
    stamp: str  # how far the ledger was in what is looked at
    by_unit: Mapping[int, Quantity]


def kept(asked: Sequence[Asked], units: Sequence[Organization], start: date, end: date) -> Counts:
    """As `counted`; only what is not remembered of these units, or has changed since, is counted."""
    latest, kinds = Latest(), {one: _kinds(one) for one in asked}
    latest.ask(kind for some in kinds.values() for kind in some)
    key = f"quantities:{start}:{end}"
    known: dict[Asked, _Kept] = cache.get(key) or {}
    wanted = {unit.pk for unit in units}
    standing: dict[Asked, _Kept] = {}
    for one in asked:
        stamp = f"{latest.of(kinds[one])}:{latest.world}"
        held = known.get(one)
        standing[one] = held if held is not None and held.stamp == stamp else _Kept(stamp, {})
    wanting = [one for one in asked if not wanted <= standing[one].by_unit.keys()]
    if wanting:
        for one, by_unit in counted(wanting, units, start, end).items():
            standing[one] = _Kept(standing[one].stamp, {**standing[one].by_unit, **by_unit})
        cache.set(key, known | standing, KEPT_SECONDS)
    return {one: standing[one].by_unit for one in asked}


def _kinds(asked: Asked) -> Collection[str]:
    """The kinds of case and the registers it looks at."""
    if asked.sort == "gap":
        return kinds_of_gap(catalogue().gaps[asked.name])
    return kinds_of_rule(catalogue().counting_rules[asked.name])
