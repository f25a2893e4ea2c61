"""Words are found among a figure's records as reading all of them would; what may count anything of a period is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.conftest import Town
from tests.ledger.registers import sample, value
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase, PublishEntry
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.spanrecords import SpanRecords
from yifa.ledger.figures.spans import begun
from yifa.ledger.figures.spansearch import FoundRecords
from yifa.ledger.models import CountedRule, CountedSpan
from yifa.ledger.rows.ruling import spanned_rules

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
RULE = "information_requests_answered"


def said(record: CountedRecord) -> str:
    """What a person reads of a record, without the day."""
    return "\n".join((record.title, record.number, record.unit, record.act, record.part or "")).lower()


def stands(record: CountedRecord, word: str) -> bool:
    return word.lower() in said(record) or record.on.isoformat().startswith(word)


def words_of(record: CountedRecord) -> set[str]:
    """Words and pieces of words of a record, and its days."""
    told = {record.title, record.number, record.unit, record.act, record.part or ""}
    words = {
        *told,
        *(text[at : at + 3] for text in told for at in (0, 2)),
        str(record.on),
        str(record.on)[:7],
    }
    return {word for word in words if len(word) > 1 and word == word.strip()}


def places(records: Any) -> list[tuple[Any, ...]]:
    return [(one.on, one.id, one.position, one.part) for one in records]


def made(place: Town) -> list[SpanRecords]:
    """Figures of cases with listed parts, of cases whose parts stand with them, and of entries."""
    for number, unit in enumerate((place.office, place.town, place.office, place.town)):
        case = place.request(on=date(2024, 3, 1), organization=unit, title=f"第{number}件公开申请")
        place.answer(case, on=date(2024, 4, 1 + number), outcome=("予以公开", "不予公开")[number % 2])
    required = {
        name: value(spec)
        for name, spec in catalogue().case_types["duty_record"].facts.items()
        if spec.required
    }
    for number, duty in enumerate(("职责甲", "职责乙", "职责甲")):
        OpenCase(
            actor=None, organization=place.body, case_type="duty_record", on=date(2024, 5, 2), entered="back",
            facts=required | {"duty": duty}, title=f"第{number}次履职",
        ).execute()  # fmt: skip
    for code in ("K1", "K2"):
        data = sample("enforcement_officers", {"code": code, "name": f"丙{code}"})
        PublishEntry(
            actor=None,
            organization=place.office,
            register="enforcement_officers",
            on=date(2024, 3, 1),
            data=data,
        ).execute()
    counting = Counting(place.body, *YEAR, date(2026, 1, 1))
    rules = (RULE, "information_requests_received", "duty_records_by_duty", "officers_certified")
    figures = [counting.count(rule).records for rule in rules]
    return [records for records in figures if isinstance(records, SpanRecords)]


@pytest.mark.parametrize("few", [1, 1000])
def test_words_are_found_as_by_reading_all(place: Town, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.ledger.search.searching.MANY", few)  # the index of words knows all, or gives up
    figures = made(place)
    assert [len(records) for records in figures] == [4, 4, 3, 2]
    for records in figures:
        every = list(records)
        for word in sorted(set().union(*map(words_of, every))):
            found = FoundRecords(records, [word])
            assert places(found) == places(one for one in every if stands(one, word)), (records.rule, word)
        both = FoundRecords(records, [every[0].title, every[0].unit])
        wanted = [one for one in every if stands(one, every[0].title) and stands(one, every[0].unit)]
        assert len(both) == len(wanted) and places(both[:1]) == places(wanted[:1])
        assert not FoundRecords(records, ["绝无此事"])


def test_only_rules_that_count_something_have_begun(place: Town) -> None:
    asked = place.request(on=date(2024, 3, 1))
    place.answer(asked, on=date(2024, 3, 1) + timedelta(days=150))
    known = set(spanned_rules())
    there = begun(known, *YEAR)
    keys = CountedSpan.objects.values_list("tally__rules__rule__rule", flat=True)
    assert there == set(keys) & known and RULE in there
    counting = Counting(place.body, *YEAR, date(2026, 1, 1))
    counted = {name for name, rule in spanned_rules().items() if counting.count_rule(rule).value}
    assert counted and counted <= there
    late = {name for name in counted if name.startswith("late_")}
    assert late and late <= begun(known, date(2024, 3, 1), date(2024, 12, 31))
    assert RULE not in begun(known, date(2023, 1, 1), date(2023, 12, 31))
    CountedRule.objects.filter(rule="petitions_open").update(complete=False)
    assert begun({"petitions_open", RULE}, date(2023, 1, 1), date(2023, 12, 31)) == {"petitions_open"}
