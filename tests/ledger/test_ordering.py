"""A page of sorted cases is the same whether all are read and sorted or an index is read until there are enough."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import Q

from yifa.ledger.models import Case, Organization
from yifa.ledger.search import ordering
from yifa.ledger.search.ordering import SORTING, is_narrowed, keys_between

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> list[Organization]:
    """Three units with 120 cases, many alike in what lists are sorted by."""
    chance = Random(7)
    made = [
        Organization.objects.create(code=code, level="department", path=f"/{code}/", name=code)
        for code in ("a", "b", "c")
    ]
    Case.objects.bulk_create(
        Case(
            case_type=chance.choice(["petition", "litigation"]),
            organization=chance.choice(made),
            title=chance.choice("甲乙丙丁"),
            level="department",
            status=chance.choice(["已立案", "办结"]),
            opened_on=date(2026, 1, 1) + timedelta(chance.randrange(9)),
            next_due=chance.choice([None, date(2026, 5, 1), date(2026, 6, 1)]),
            findings_count=chance.choice([0, 0, 2]),
            head="",
        )
        for _ in range(120)
    )
    return made


@pytest.mark.parametrize("down", ["", "-"])
@pytest.mark.parametrize("name", [*SORTING, "case_type", "opened_on"])
def test_the_pages_are_the_same(units: list[Organization], name: str, down: str) -> None:
    order = [f"{down}{one}" for one in dict.fromkeys((name, "opened_on", "pk"))]
    for wanted in (
        Q(organization__in=units[:2]),
        Q(organization_id=units[2].pk, case_type="petition"),
        Q(closed_on=None, findings_count__gt=0),
        Q(organization_id=0),
    ):
        rows = Case.objects.select_related("organization").filter(wanted).order_by(*order)
        every = [one.pk for one in rows]
        for first in range(0, len(every) + 1, 25):
            assert keys_between(rows, first, first + 25) == every[first : first + 25]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs how many are wanted")
def test_only_many_rows_of_a_filtered_list_are_looked_for_apart(units: list[Organization]) -> None:
    narrowed = Case.objects.filter(organization=units[0])
    assert is_narrowed(narrowed, ordering.MANY + 1)
    assert not is_narrowed(narrowed, ordering.MANY) and not is_narrowed(Case.objects.all(), 10_001)
