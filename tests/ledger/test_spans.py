"""What stored spans say is what counting case by case says: for every rule of the catalogue, unit and period."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from tests.ledger.test_projections import walk
from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.actions import DeclareNotCollected, PublishEntry
from yifa.ledger.figures import counting, spans
from yifa.ledger.figures.counted import CountedRecord, order_of
from yifa.ledger.figures.counting import Counted, Counting, each
from yifa.ledger.models import CountedSpan, Record
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows import tallies
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.rows.ruling import definition, spanned_rules

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
RULE, OTHER = "information_requests_answered", "information_requests_received"


def said(figure: Counted) -> tuple[Any, ...]:
    """All that a figure says."""
    return (
        figure.status,
        figure.value,
        dict(figure.parts),
        figure.missing,
        sorted(figure.records, key=order_of),
        figure.digest,
    )


def rules() -> Mapping[str, CountingRule]:
    """Every rule there is, those that follow from clocks too."""
    return {**catalogue().counting_rules, **spanned_rules()}


def came(record: CountedRecord) -> tuple[date, int, int]:
    """By day, then as they came into the ledger."""
    return record.on, Record.objects.get(digest=record.digest).pk, record.position


PERIODS = (  # first day, last day, day of looking
    (date(2024, 1, 1), date(2024, 12, 31), date(2026, 1, 1)),
    (date(2024, 3, 3), date(2024, 4, 20), date(2024, 4, 2)),
)


def test_spans_and_counting_case_by_case_agree(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(place, 11)
    assert spans.present_keys().keys() == spanned_rules().keys()
    counted = 0
    for unit, (start, end, on) in zip((place.body, place.town), PERIODS, strict=True):
        slow, ways = (
            Counting(unit, start, end, on),
            [Counting(unit, start, end, on, many=many) for many in (False, True)],
        )
        for name, rule in rules().items():
            with monkeypatch.context() as without:
                without.setattr(counting, "spanned", lambda *_: None)
                expected = slow.count_rule(rule)
            counted += len(expected.records)
            for way in ways:
                assert said(way.count_rule(rule)) == said(expected), (name, unit.name, start, end, on)
    assert counted > 300


@pytest.mark.parametrize("at_once", [1, 3, 2000])
def test_a_slice_of_the_records_is_read_alone(
    place: Town, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.ledger.figures.spanrecords.AT_ONCE", at_once)
    monkeypatch.setattr("yifa.ledger.figures.spanrecords.BATCH", at_once)
    for day in (1, 1, 2, 5, 5, 5, 9):
        place.answer(place.request(on=date(2024, 3, day)), on=date(2024, 4, day))
    records = Counting(place.body, *YEAR).count(RULE).records
    whole = tuple(records)
    assert len(whole) == len(records) == 7 and list(whole) == sorted(whole, key=came)
    for first in range(8):
        for last in range(first, 9):
            assert records[first:last] == whole[first:last]
    assert records[-1] == whole[-1] and records[::2] == whole[::2] and records[::-1] == whole[::-1]
    with pytest.raises(IndexError):
        records[7]


def test_a_figure_may_be_kept_and_read_later(place: Town) -> None:
    place.answer(place.request())
    figure = Counting(place.body, *YEAR).count(RULE)
    kept = pickle.loads(pickle.dumps(figure))
    assert said(kept) == said(figure) and len(kept.records) == 1
    assert figure.days == {date(2024, 10, 20): 1}


def test_units_are_counted_together_as_each_alone(place: Town, django_assert_max_num_queries: Any) -> None:
    for unit in (place.office, place.town, place.town):
        place.answer(place.request(organization=unit))
    DeclareNotCollected(
        actor=None, organization=place.town, counting_rule=RULE, valid_from=date(2024, 12, 1), reason="尚无"
    ).execute()
    units = [place.body, place.office, place.town]
    alone = [Counting(unit, *YEAR).count(RULE) for unit in units]
    together = [one.count(RULE) for one in each(units, *YEAR)]
    assert [said(one) for one in together] == [said(one) for one in alone]
    assert [one.value for one in alone] == [1, 1, None] and alone[0].missing == ("示例镇人民政府",)


def test_a_changed_rule_is_counted_case_by_case_until_the_rebuild(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.answer(place.request(), outcome="不予公开")
    rule = catalogue().counting_rules[RULE]
    assert spans.standing_tallies(rule) is not None
    changed = rule.model_copy(update={"outcomes": ["不予公开"]})
    law = replace(catalogue(), counting_rules={**catalogue().counting_rules, RULE: changed}, digest="changed")
    for module in ("rows.ruling", "figures.counting", "legal", "rows.kinds"):
        monkeypatch.setattr(f"yifa.ledger.{module}.catalogue", lambda: law)
    assert spans.standing_tallies(changed) is None and not tallies.complete()
    assert spans.standing_tallies(law.counting_rules[OTHER]) is not None  # what did not change still stands
    assert Counting(place.body, *YEAR).count(RULE).value == 1
    rebuild()
    assert spans.standing_tallies(changed) is not None and tallies.complete()
    assert Counting(place.body, *YEAR).count(RULE).value == 1
    place.answer(place.request(), outcome="予以公开")
    assert Counting(place.body, *YEAR).count(RULE).value == 1


def test_a_field_the_format_gains_changes_no_definition() -> None:
    class Grown(CountingRule):
        gained: str | None = None

    rule = catalogue().counting_rules[RULE]
    grown = Grown.model_validate(rule.model_dump(by_alias=True))
    assert definition(grown) == definition(rule)
    assert definition(grown.model_copy(update={"gained": "said"})) != definition(rule)
    assert definition(rule.model_copy(update={"outcomes": ["不予公开"]})) != definition(rule)


def test_amounts_are_exact_or_counted_case_by_case() -> None:
    for text in ("0.1", "12.345678", "-3", "9000000000000", "0"):
        stored = tallies.in_millionths(Decimal(text))
        assert stored is not None and tallies.from_millionths(stored) == Decimal(text)
    assert tallies.in_millionths(Decimal("0.1234567")) is None
    assert tallies.in_millionths(Decimal("1e15")) is None


def test_verification_finds_what_was_done_to_figures(place: Town) -> None:
    place.answer(place.request())
    entry = PublishEntry(
        actor=None, organization=place.office, register="powers", on=date(2024, 3, 1),
        data=sample("powers", {"code": "1", "name": "示例"}),
    ).execute()  # fmt: skip
    assert verify().faults == ()
    span = CountedSpan.objects.filter(case__isnull=False).first()
    assert span is not None
    CountedSpan.objects.filter(pk=span.pk).update(on=date(2023, 1, 1))
    CountedSpan.objects.filter(entry=entry).delete()
    found = verify().faults
    assert [fault.kind for fault in found] == ["projection"] * 2
    assert all("计入数字的内容不同" in fault.message for fault in found)
    rebuild()
    assert verify().faults == ()
