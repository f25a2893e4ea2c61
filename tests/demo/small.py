"""A smaller county, made the same way."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from yifa.demo import cases as invented
from yifa.demo import shapes
from yifa.demo.loading import load
from yifa.ledger.models import Organization

TODAY = date(2026, 6, 17)
SHARE = 25  # one case of so many: the whole county is loaded for pictures and by who starts Yifa


def shrink(patch: pytest.MonkeyPatch) -> None:
    """Fewer cases and entries; everything else as it is."""
    few = {
        name: line.model_copy(update={"cases": max(8, line.cases // SHARE)})
        for name, line in shapes.lines().items()
    }
    patch.setattr(invented, "lines", lambda: few)
    given = shapes.registers()
    powers = given.powers.model_copy(update={"per_unit": 2})
    officers = given.enforcement_officers.model_copy(update={"per_unit": 2})
    lists = {name: filling.model_copy(update={"per_unit": 1}) for name, filling in given.lists.items()}
    fewer = given.model_copy(update={"powers": powers, "enforcement_officers": officers, "lists": lists})
    patch.setattr("yifa.demo.entries.registers", lambda: fewer)


class Loaded(NamedTuple):
    """The county, what its loading said of its progress, and how many cases it was to have at least."""

    body: Organization
    moved: list[tuple[int, int]]
    cases: int


def small_county() -> Loaded:
    """Loads the smaller county: for `standing`."""
    moved: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        body = load(TODAY, lambda done, total: moved.append((done, total)))
        return Loaded(body, moved, invented.how_many())
