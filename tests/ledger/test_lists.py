from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.actions import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.deciding.lists import LedgerLists, entries_in_force, filled_from_entries, recent_cases
from yifa.ledger.models import Entry
from yifa.procedures.model import Listing


@pytest.fixture
def power(place: Town) -> Entry:
    begins = catalogue().registers["powers"].begins or ""
    data = sample("powers", {"code": "XK-01", "name": "示例许可", begins: "2020-01-01"})
    return PublishEntry(
        actor=None, organization=place.office, register="powers", data=data, on=date(2020, 1, 1)
    ).execute()


def test_an_entry_stands_from_its_first_to_its_last_day(power: Entry) -> None:
    lists = LedgerLists()
    assert lists.entry("powers", "XK-01", date(2019, 12, 31)) is Listing.NOT_YET
    assert lists.entry("powers", "XK-01", date(2020, 1, 1)) is Listing.IN_FORCE
    assert lists.entry("powers", "XK-02", date(2020, 1, 1)) is Listing.UNKNOWN
    assert lists.entry("fees", "XK-01", date(2020, 1, 1)) is Listing.UNKNOWN
    WithdrawEntry(actor=None, entry=power, on=date(2023, 5, 1), reason="取消").execute()
    assert lists.entry("powers", "XK-01", date(2023, 4, 30)) is Listing.IN_FORCE
    assert lists.entry("powers", "XK-01", date(2023, 5, 1)) is Listing.ENDED


def test_a_case_is_known_by_its_number_or_title(place: Town) -> None:
    case = place.request(on=date(2024, 9, 20))
    lists = LedgerLists()
    name = case.number or case.title
    assert lists.case("information_request", name, date(2024, 9, 20)) is Listing.IN_FORCE
    assert lists.case("information_request", name, date(2024, 9, 19)) is Listing.NOT_YET
    assert lists.case("petition", name, date(2024, 9, 20)) is Listing.UNKNOWN


def test_forms_suggest_what_is_in_force(power: Entry, place: Town) -> None:
    assert entries_in_force("powers") == [("XK-01", power.title)]
    case = place.request()
    assert recent_cases("information_request") == [(case.number or case.title, case.title)]
    WithdrawEntry(actor=None, entry=power, on=date(2023, 5, 1), reason="取消").execute()
    assert entries_in_force("powers") == []


def test_an_entry_that_another_unit_uses_is_elsewhere_from_the_day_it_was_handed_over(
    power: Entry, place: Town
) -> None:
    data = power.data | {"organ": place.office.name}
    ReviseEntry(actor=None, entry=power, data=data, on=date(2020, 2, 1), reason="核对").execute()
    moved = data | {"organ": place.town.name}
    ReviseEntry(actor=None, entry=power, data=moved, on=date(2024, 8, 30), reason="划转").execute()
    before, after = date(2024, 8, 29), date(2024, 8, 30)
    office, town = LedgerLists(place.office), LedgerLists(place.town)
    assert [office.entry("powers", "XK-01", day, "organ") for day in (before, after)] == [
        Listing.IN_FORCE,
        Listing.ELSEWHERE,
    ]
    assert [town.entry("powers", "XK-01", day, "organ") for day in (before, after)] == [
        Listing.ELSEWHERE,
        Listing.IN_FORCE,
    ]
    assert office.entry("powers", "XK-01", after) is Listing.IN_FORCE
    assert LedgerLists().entry("powers", "XK-01", after, "organ") is Listing.IN_FORCE


def test_what_an_entry_says_is_not_asked_again(power: Entry) -> None:
    spec = {"title": "测试", "summary": "", "basis": [{"law": "行政许可法"}], "opens_with": ["receive"]}
    facts = {
        "power": {"title": "职权", "type": "entry", "register": "powers"},
        "kind": {"title": "类别", "copied_from": "power.kind"},
    }
    case_type = CaseType.model_validate(
        spec | {"case_type": "licence", "facts": facts, "acts": {"receive": {"title": "收件"}}}
    )
    day = date(2024, 1, 5)
    kind = power.data["kind"]
    assert filled_from_entries(case_type, {"power": "XK-01"}, day) == {"power": "XK-01", "kind": kind}
    assert filled_from_entries(case_type, {"power": "XK-01", "kind": "另填"}, day)["kind"] == "另填"
    assert filled_from_entries(case_type, {"power": "XK-01"}, date(2019, 1, 1)) == {"power": "XK-01"}
    assert filled_from_entries(case_type, {}, day) == {}
