"""What scores are made of is remembered: a record has what looks at its kind counted anew, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.ledger import registers
from tests.workbench.conftest import World
from yifa.assessment.computing import Asked, asked_by, counted
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase, RenameOrganization
from yifa.ledger.models import Case
from yifa.workbench.views.assessment import keptscores
from yifa.workbench.views.assessment.keptscores import kept

YEAR = date(2025, 1, 1), date(2025, 12, 31)
KINDS = ("information_request", "petition", "litigation", "normative_document", "dispute", "contract_review")


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What was counted anew since it was last emptied."""
    found: list[Asked] = []

    def noted(asked: Sequence[Asked], *more: Any) -> Any:
        found.extend(asked)
        return counted(asked, *more)

    monkeypatch.setattr(keptscores, "counted", noted)
    return found


def everything() -> list[Asked]:
    sets = catalogue().indicator_sets.values()
    return list(dict.fromkeys(one for given in sets for one in asked_by(given)))


def opened(world: World, kind: str) -> Case:
    given = catalogue().case_types[kind]
    facts = {name: registers.value(spec) for name, spec in given.facts.items() if spec.required}
    return OpenCase(
        actor=None, organization=world.office, case_type=kind, act=given.opens_with[0], on=date(2025, 3, 3),
        facts=facts, entered="back",
    ).execute()  # fmt: skip


def test_a_record_has_only_what_looks_at_its_kind_counted_anew(world: World, anew: list[Asked]) -> None:
    units, asked = [world.body, world.office], everything()
    kept(asked, units, *YEAR)
    assert anew == asked
    for kind in KINDS:
        anew.clear()
        assert kept(asked, units, *YEAR) == counted(asked, units, *YEAR)
        assert not anew
        opened(world, kind)
        assert kept(asked, units, *YEAR) == counted(asked, units, *YEAR)
        assert anew == [one for one in asked if kind in keptscores._kinds(one)]
        assert 0 < len(anew) < len(asked) / 4


def test_one_unit_and_then_all(world: World, anew: list[Asked]) -> None:
    """What one unit's page counted stands for the page of all, which counts the rest."""
    asked, both = everything(), [world.office, world.other]
    first = kept(asked, [world.office], *YEAR)
    assert kept(asked, both, *YEAR) == counted(asked, both, *YEAR)
    anew.clear()
    again = kept(asked, [world.office], *YEAR)
    assert not anew and all(again[one][world.office.pk] == first[one][world.office.pk] for one in asked)


def test_a_unit_renamed_has_all_counted_anew(world: World, anew: list[Asked]) -> None:
    asked = everything()
    kept(asked, [world.office], *YEAR)
    anew.clear()
    RenameOrganization(actor=None, organization=world.other, name="澜亭县新局", on=date(2025, 4, 1)).execute()
    kept(asked, [world.office], *YEAR)
    assert anew == asked
