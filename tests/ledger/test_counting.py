from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.law.loader import Catalogue, catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.actions import (
    ActionRefused,
    CorrectAct,
    DeclareNotCollected,
    PublishEntry,
    RecordAct,
    ReviseEntry,
    WithdrawEntry,
)
from yifa.ledger.figures import counting
from yifa.ledger.figures.counting import Counting, count

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
NEXT = (date(2025, 1, 1), date(2025, 12, 31))

RULES: dict[str, dict[str, Any]] = {
    "answered": {"case_type": "information_request", "acts": ["answer"], "breakdown": "outcome"},
    "answered_before": {
        "case_type": "information_request",
        "acts": ["answer"],
        "breakdown": "outcome",
        "years_before": 1,
    },
    "received": {"case_type": "information_request", "acts": ["receive"], "breakdown": "unit"},
    "open": {"case_type": "information_request", "counts": "open_at_end"},
    "disclosed": {"case_type": "information_request", "acts": ["answer"], "outcomes": ["予以公开"]},
    "late": {
        "case_type": "information_request",
        "acts": ["answer"],
        "clock": "answer",
        "clock_state": ["broken"],
    },
    "share": {"rate": {"numerator": "disclosed", "denominator": "answered"}},
    "reviews": {"case_type": "reconsideration"},
    "power": {"register": "powers", "counts": "in_force_at_end", "breakdown": "unit"},
    "power_kind": {
        "register": "powers",
        "counts": "in_force_at_end",
        "where": {"fact": "kind", "is": "行政检查"},
    },
    "power_new": {"register": "powers", "counts": "began"},
    "power_gone": {"register": "powers", "counts": "ended"},
}


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting rules of our own, so that the catalogue may change."""
    made = {
        name: CountingRule.model_validate(
            {"counting_rule": name, "title": name, "unit": "件", "explain": "x"} | rule
        )
        for name, rule in RULES.items()
    }
    own: Catalogue = dataclasses.replace(catalogue(), counting_rules=made)
    monkeypatch.setattr(counting, "catalogue", lambda: own)
    monkeypatch.setattr("yifa.ledger.actions.organizations.catalogue", lambda: own)


@pytest.fixture
def filled(place: Town) -> Town:
    for on, answered, outcome, organization in (
        (date(2024, 2, 1), date(2024, 2, 20), "予以公开", place.office),
        (date(2024, 3, 1), date(2024, 6, 20), "不予公开", place.office),  # late
        (date(2024, 4, 1), date(2024, 4, 20), "予以公开", place.town),
        (date(2024, 12, 20), date(2025, 1, 3), "部分公开", place.town),
        (date(2024, 12, 27), None, None, place.town),
    ):
        case = place.request(on=on, organization=organization)
        if answered:
            place.answer(case, on=answered, outcome=outcome)
            case.refresh_from_db()
        if outcome == "不予公开":
            RecordAct(actor=None, case=case, act="deliver", on=date(2025, 1, 5)).execute()
    return place


def values(place: Town, period: tuple[date, date], organization: Any = None) -> dict[str, Decimal | None]:
    names = ["received", "answered", "disclosed", "late", "open", "share"]
    return {name: count(name, organization or place.body, *period).value for name in names}


def test_figures_of_a_year_and_of_the_next(filled: Town) -> None:
    assert values(filled, YEAR) == {
        "received": 5, "answered": 3, "disclosed": 2, "late": 1, "open": 5, "share": Decimal("66.67"),
    }  # fmt: skip
    later = values(filled, NEXT)
    assert (later["received"], later["answered"], later["disclosed"], later["share"]) == (
        0,
        1,
        0,
        Decimal("0.00"),
    )


def test_a_unit_counts_itself_and_the_body_all_below(filled: Town) -> None:
    assert values(filled, YEAR, filled.office)["received"] == 2
    assert values(filled, YEAR, filled.town)["received"] == 3


def test_a_figure_opens_to_its_records(filled: Town) -> None:
    figure = count("answered", filled.body, *YEAR)
    assert figure.status == "counted" and figure.unit == "件" and figure.version == 1
    assert [record.on for record in figure.records] == [
        date(2024, 2, 20),
        date(2024, 4, 20),
        date(2024, 6, 20),
    ]
    assert {record.unit for record in figure.records} == {"澜亭县司法局", "示例镇人民政府"}
    assert all(record.kind == "case" and record.position == 2 for record in figure.records)
    assert figure.parts == {"予以公开": 2, "不予公开": 1} and sum(figure.parts.values()) == figure.value
    received = count("received", filled.body, *YEAR)
    assert received.parts == {"澜亭县司法局": 2, "示例镇人民政府": 3}
    share = count("share", filled.body, *YEAR)
    assert share.numerator is not None and share.numerator.value == 2
    assert share.denominator is not None and share.denominator.records == figure.records


def test_the_digest_says_whether_the_records_are_the_same(filled: Town) -> None:
    before = count("answered", filled.body, *YEAR)
    assert count("answered", filled.body, *YEAR).digest == before.digest
    assert len(before.digest) == 64 and count("open", filled.body, *YEAR).digest != before.digest
    filled.request(on=date(2024, 5, 1))  # nothing answered: the figure's records are the same
    assert count("answered", filled.body, *YEAR).digest == before.digest
    record = before.records[0]
    case = counting.Case.objects.get(pk=record.id)
    CorrectAct(actor=None, case=case, position=2, changes={"on": date(2024, 2, 21)}, reason="录错").execute()
    after = count("answered", filled.body, *YEAR)
    assert after.value == before.value and after.digest != before.digest


def test_zero_is_a_result_and_no_power_is_not_zero(place: Town) -> None:
    assert (count("received", place.body, *YEAR).value, count("received", place.body, *YEAR).status) == (
        0,
        "counted",
    )
    assert (count("power", place.body, *YEAR).value, count("power", place.body, *YEAR).status) == (
        0,
        "counted",
    )
    assert (
        count("share", place.body, *YEAR).value is None
        and count("share", place.body, *YEAR).status == "counted"
    )
    reviews = count("reviews", place.town, *YEAR)
    assert (reviews.value, reviews.status) == (None, "no_power")
    assert count("reviews", place.body, *YEAR).status == "counted"


def test_not_collected_only_where_declared(filled: Town) -> None:
    DeclareNotCollected(
        actor=None,
        organization=filled.town,
        counting_rule="answered",
        valid_from=date(2024, 7, 1),
        reason="尚无系统",
    ).execute()
    town, body = count("answered", filled.town, *YEAR), count("answered", filled.body, *YEAR)
    assert (town.status, town.value) == ("not_collected", None)
    assert (body.status, body.value, body.missing) == ("counted", 2, ("示例镇人民政府",))
    assert count("share", filled.town, *YEAR).status == "not_collected"
    assert count("answered", filled.town, date(2024, 1, 1), date(2024, 6, 30)).status == "counted"
    assert count("received", filled.town, *YEAR).status == "counted"
    with pytest.raises(ActionRefused, match="没有「nothing」这个口径"):
        DeclareNotCollected(
            actor=None, organization=filled.town, counting_rule="nothing", valid_from=YEAR[0], reason="无"
        ).execute()


def power(place: Town, code: str, **data: Any) -> Any:
    return PublishEntry(
        actor=None, organization=place.office, register="powers", on=date(2024, 3, 1),
        data=sample("powers", {"code": code, "name": "示例", "kind": "行政检查"} | data),
    ).execute()  # fmt: skip


def test_registers_are_counted_by_when_they_are_in_force(place: Town) -> None:
    power(place, "1", effective="2019-05-01")
    power(place, "2", effective="2024-06-01")
    power(place, "3", effective="2020-01-01", ended="2024-08-01")
    gone = power(place, "4", effective="2020-01-01")
    WithdrawEntry(actor=None, entry=gone, on=date(2025, 3, 1), reason="取消").execute()
    figures = {
        year: [
            count(name, place.body, date(year, 1, 1), date(year, 12, 31)).value
            for name in ("power", "power_new", "power_gone")
        ]
        for year in (2019, 2023, 2024, 2025)
    }
    assert figures == {2019: [1, 1, 0], 2023: [3, 0, 0], 2024: [3, 1, 1], 2025: [2, 0, 1]}
    assert count("power", place.body, *YEAR).parts == {"澜亭县司法局": 3}


def test_an_entry_counts_as_it_stood_at_the_cutoff(place: Town) -> None:
    entry = power(place, "1", effective="2019-05-01")
    ReviseEntry(
        actor=None,
        entry=entry,
        data=entry.data | {"kind": "行政处罚"},
        on=date(2025, 2, 1),
        reason="类别调整",
    ).execute()
    assert count("power_kind", place.body, *YEAR).value == 1
    assert count("power_kind", place.body, *NEXT).value == 0


def test_several_figures_read_the_cases_once(
    filled: Town, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.ledger.figures.counting.spanned", lambda _: None)  # case by case
    one = Counting(filled.body, *YEAR)
    with django_assert_max_num_queries(6):
        for name in ("received", "answered", "disclosed", "late", "open", "share"):
            one.count(name)
    assert one.count("answered") == count("answered", filled.body, *YEAR)


def test_many_cases_are_read_in_turn_and_count_the_same(
    filled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.ledger.figures.counting.spanned", lambda _: None)  # case by case
    names = ("received", "answered", "disclosed", "late", "open")
    kept = [Counting(filled.body, *YEAR).count(name) for name in names]
    monkeypatch.setattr("yifa.ledger.figures.casebycase.MOST_KEPT", 1)
    assert [Counting(filled.body, *YEAR).count(name) for name in names] == kept
    assert any(one.records for one in kept)


def test_what_cannot_be_counted(place: Town) -> None:
    with pytest.raises(ActionRefused, match="没有「nothing」这个口径"):
        count("nothing", place.body, *YEAR)
    with pytest.raises(ActionRefused, match="截止日期早于起始日期"):
        count("received", place.body, YEAR[1], YEAR[0])


def test_the_same_of_the_year_before_stands_beside_it(filled: Town) -> None:
    before, then = count("answered_before", filled.body, *NEXT), count("answered", filled.body, *YEAR)
    assert (before.start, before.end, before.value) == (*YEAR, 3)
    assert (before.parts, before.digest) == (then.parts, then.digest)
    assert count("answered", filled.body, *NEXT).value == 1
