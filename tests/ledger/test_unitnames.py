from __future__ import annotations

from typing import Any

import pytest

from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import UnitNames, suggestions


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("澜亭县司法局", "sfj"),
        ("县司法局", "sfj"),
        ("司法局", "sfj"),
        ("县 司法局", "sfj"),
        ("澜亭县住房和城乡建设局", "zjj"),
        ("建设局", None),  # the name given up before the year
        ("青石镇人民政府", "qs"),
        ("澜亭县人民政府", "body"),
        ("各单位", None),
        ("市司法局", None),
    ],
)
def test_a_name_means_a_unit_only_without_doubt(county: Any, name: str, code: str | None) -> None:
    unit = UnitNames(county.body, 2026).find(name).organization
    assert (unit.code if unit else None) == code


@pytest.mark.django_db
def test_a_name_counts_in_the_years_in_which_it_was_borne(county: Any) -> None:
    assert UnitNames(county.body, 2023).find("县建设局").organization == county.housing
    assert UnitNames(county.body, 2024).find("县建设局").organization == county.housing
    assert UnitNames(county.body, 2025).find("县建设局").organization is None


@pytest.mark.django_db
def test_abbreviations_and_groups_are_offered_not_assigned(county: Any) -> None:
    names = ["住建局", "市场监管、司法等部门", "各有关单位"]
    found = {
        unit.name: [c.code for c in unit.candidates]
        for unit in suggestions(names, UnitNames(county.body, 2026))
    }
    assert found == {"住建局": ["zjj"], "市场监管": ["scj"], "司法": ["sfj"]}


@pytest.mark.django_db
def test_two_units_of_one_name_leave_it_open(county: Any) -> None:
    Organization.objects.filter(code__in=["qs", "bh"]).update(short_name="综合执法队")
    found = UnitNames(county.body, 2026).find("综合执法队")
    assert found.organization is None
    assert {unit.code for unit in found.candidates} == {"qs", "bh"}
