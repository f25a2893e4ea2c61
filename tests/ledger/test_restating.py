"""A figure under the rule of its time, and restated under today's, side by side with the records between them."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.conftest import Town
from yifa.law.loader import Catalogue, catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.actions import ActionRefused
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.recordsets import compare
from yifa.ledger.figures.restating import count_version, editions, restate
from yifa.ledger.models import Case

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
CASES = {"case_type": "information_request", "unit": "件", "explain": "例"}
ANSWERED: dict[str, Any] = {
    "counting_rule": "answered", "title": "答复", **CASES, "acts": ["answer"], "outcomes": ["予以公开"], "version": 3,
    "earlier": [
        {"version": 1, "to": date(2024, 6, 30), "changed": "原来数收件。", "why": "例一", "title": "收件", **CASES,
         "acts": ["receive"]},
        {"version": 2, "to": date(2025, 6, 30), "changed": "原来不看结果。", "why": "例二", "title": "全部答复", **CASES,
         "acts": ["answer"]},
    ],
}  # fmt: skip
RECEIVED = {"counting_rule": "received", "title": "收件", **CASES, "acts": ["receive"]}
SHARE = {
    "counting_rule": "share", "title": "公开率", "unit": "%", "explain": "例",
    "rate": {"numerator": "answered", "denominator": "received"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {said["counting_rule"]: CountingRule.model_validate(said) for said in (ANSWERED, RECEIVED, SHARE)}
    own: Catalogue = dataclasses.replace(catalogue(), counting_rules=made)
    for room in ("figures.counting", "figures.restating"):
        monkeypatch.setattr(f"yifa.ledger.{room}.catalogue", lambda: own)


@pytest.fixture
def cases(place: Town) -> list[Case]:
    found = []
    for on, answered, outcome in (
        (date(2024, 2, 1), date(2024, 2, 20), "予以公开"),
        (date(2024, 3, 1), date(2024, 3, 20), "不予公开"),
        (date(2024, 12, 20), None, None),
    ):
        case = place.request(on=on)
        if answered:
            place.answer(case, on=answered, outcome=outcome)
        found.append(case)
    return found


def counting(place: Town, period: tuple[date, date] = YEAR) -> Counting:
    return Counting(place.body, *period)


@pytest.mark.mechanism("D3-02", "works")
def test_every_version_is_counted_beside_todays(place: Town, cases: list[Case]) -> None:
    now, second, first = restate("answered", counting(place))
    assert [(one.rule.version, one.counted.version, one.counted.value) for one in (now, second, first)] == [
        (3, 3, 1),
        (2, 2, 2),
        (1, 1, 3),
    ]
    assert [one.held for one in (now, second, first)] == [
        False,
        True,
        False,
    ]  # the cut-off lies in the second's time
    assert [one.edition.valid_from for one in (now, second, first)] == [
        date(2025, 7, 1),
        date(2024, 7, 1),
        None,
    ]
    assert (second.changed, second.why) == (("原来不看结果。",), ("例二",))


def test_the_records_that_make_the_difference_are_named(place: Town, cases: list[Case]) -> None:
    now, second, first = restate("answered", counting(place))
    assert len(now.difference) == 0
    assert [one.id for one in second.difference.removed] == [cases[1].pk]
    assert not second.difference.added
    # counted by receipt they counted on another day by another act: the answered one has changed, two have gone
    assert {one.id for one in first.difference.removed} == {cases[1].pk, cases[2].pk}
    ((before, after),) = first.difference.changed
    assert (before.id, before.on, after.on) == (cases[0].pk, date(2024, 2, 1), date(2024, 2, 20))


def test_a_rate_is_restated_with_the_versions_of_its_parts(place: Town, cases: list[Case]) -> None:
    now, second, first = restate("share", counting(place))
    assert [one.counted.value for one in (now, second, first)] == [
        Decimal("33.33"),
        Decimal("66.67"),
        Decimal("100.00"),
    ]
    assert [one.rule.version for one in (now, second, first)] == [1, 1, 1]
    assert [dict(one.edition.versions)["answered"] for one in (now, second, first)] == [3, 2, 1]
    assert now.counted.digest == counting(place).count("share").digest
    assert [one.id for one in second.difference.removed] == [cases[1].pk]
    assert second.changed == ("原来不看结果。",)


def test_a_rule_that_never_changed_has_one_edition(place: Town) -> None:
    (only,) = restate("received", counting(place))
    assert (only.edition.valid_from, only.edition.valid_to, only.held) == (None, None, True)
    assert only.counted.value == 0  # 0 is a result


def test_versions_of_a_day_and_one_that_is_not_there(place: Town, cases: list[Case]) -> None:
    rule = CountingRule.model_validate(ANSWERED)
    in_force = {
        year: one.versions["answered"]
        for one in editions(rule)
        for year in (2023, 2024, 2025)
        if one.covers(date(year, 12, 31))
    }
    assert in_force == {2023: 1, 2024: 2, 2025: 3}
    assert len(editions(rule)) == 3
    assert count_version("answered", counting(place), {"answered": 2}).value == 2
    assert count_version("answered", counting(place), {}).value == 1
    with pytest.raises(ActionRefused, match="第9版"):
        count_version("answered", counting(place), {"answered": 9})
    with pytest.raises(ActionRefused, match="nothing"):
        restate("nothing", counting(place))


def test_record_sets_are_compared_by_what_they_say(place: Town, cases: list[Case]) -> None:
    records = counting(place).count("received").records
    same = [dataclasses.replace(one, title="别名", unit="改名的单位") for one in records]
    assert len(compare(same, records)) == 0  # a new name is no new record
    changed = [dataclasses.replace(same[0], digest="0" * 64), *same[1:-1]]
    found = compare(changed, records)
    assert [pair[1].id for pair in found.changed] == [records[0].id]
    assert [one.id for one in found.added] == [records[-1].id]
    assert not found.removed
