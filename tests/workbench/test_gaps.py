"""The gap lists as pages."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.ledger.registers import sample
from tests.workbench.conftest import World
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase, PublishEntry, RenameOrganization, ReviseEntry
from yifa.ledger.figures.gaps import Finding
from yifa.ledger.models import Entry
from yifa.workbench.figures import gaplists
from yifa.workbench.figures.latest import Latest, kinds_of_gap

NAME = "officers_left_with_certificate"


@pytest.fixture
def retired(world: World) -> Entry:
    """An officer of the office who retired and whose certificate still holds."""
    data = sample(
        "enforcement_officers", {"code": "证07", "name": "庚七", "status": "退休", "valid_from": "2025-01-01"}
    )
    return PublishEntry(
        actor=None, organization=world.office, register="enforcement_officers", data=data, on=date(2025, 1, 1)
    ).execute()


def test_what_is_missing_is_listed_and_opens_to_its_entry(world: World, retired: Entry) -> None:
    client = world.client("coordinator")
    listed = client.get(reverse("gaps")).content.decode()
    assert catalogue().gaps[NAME].title in listed and "<strong>1</strong>" in listed
    page = client.get(reverse("gap", args=[NAME])).content.decode()
    assert reverse("entry", args=[retired.pk]) in page
    assert catalogue().gaps[NAME].missing in page


def test_it_vanishes_when_nothing_is_missing_any_more(world: World, retired: Entry) -> None:
    client = world.client("coordinator")
    assert "庚七" in client.get(reverse("gap", args=[NAME])).content.decode()
    assert "庚七" not in client.get(reverse("gap", args=[NAME]) + "?to=2024-12-31").content.decode()


def test_another_unit_sees_nothing_of_it(world: World, retired: Entry) -> None:
    page = world.client("stranger").get(reverse("gap", args=[NAME])).content.decode()
    assert "庚七" not in page and "没有缺口" in page


def test_the_list_goes_into_a_sheet(world: World, retired: Entry) -> None:
    response = world.client("coordinator").get(reverse("gap", args=[NAME]) + "?format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response))).active  # type: ignore[call-overload]
    assert [cell.value for cell in sheet[2]][:2] == ["庚七", world.office.name]


def test_an_unknown_list_is_not_there(world: World) -> None:
    assert world.client("coordinator").get(reverse("gap", args=["nothing"])).status_code == 404


def test_it_follows_the_ledger_at_once(world: World, retired: Entry) -> None:
    """A list that was looked at is not remembered beyond what it looks at."""
    client, page = world.client("coordinator"), reverse("gap", args=[NAME])
    assert "庚七" in client.get(page).content.decode()
    ReviseEntry(
        actor=None, entry=retired, data=retired.data | {"status": "在岗"}, on=date(2025, 2, 1), reason="返聘"
    ).execute()
    assert "庚七" not in client.get(page).content.decode()


@pytest.mark.usefixtures("world")
def test_every_list_says_which_kinds_it_looks_at() -> None:
    law = catalogue()
    for gap in law.gaps.values():
        looked_at = {gap.case_type, gap.register_, *(one.register_ for one in gap.unless)} - {None}
        assert looked_at <= kinds_of_gap(gap) <= {*law.case_types, *law.registers}, gap.gap


def test_what_is_known_of_a_kind_changes_with_its_records_and_with_the_units(world: World) -> None:
    kinds = kinds_of_gap(catalogue().gaps[NAME])
    before = Latest()
    held, requests = before.of(kinds), before.of(["information_request"])
    OpenCase(
        actor=None, organization=world.office, case_type="information_request", act="receive",
        on=date(2025, 3, 3), facts={"content": "示例"},
    ).execute()  # fmt: skip
    assert Latest().of(kinds) == held
    assert Latest().of(["information_request"]) > requests
    RenameOrganization(
        actor=None, organization=world.office, name="澜亭县新局", on=date(2025, 4, 1)
    ).execute()
    assert Latest().world != before.world


def test_what_was_found_ahead_is_what_the_page_shows(
    world: World, retired: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaplists.warm(timezone.localdate())
    monkeypatch.setattr(Finding, "gaps", None)  # nothing is looked for once more
    listed = world.client("coordinator").get(reverse("gaps")).content.decode()
    assert catalogue().gaps[NAME].title in listed and "<strong>1</strong>" in listed
