"""A counting rule keeps how it counted before: whole, in order, and found by version or by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule

FIRST = {"title": "甲", "unit": "件", "explain": "收件", "case_type": "permit", "acts": ["receive"]}
SECOND = {**FIRST, "acts": ["decide"], "outcomes": ["准予"], "title": "乙"}
NOW = {**FIRST, "acts": ["decide"], "title": "丙", "unit": "宗"}


def rule(*ends: date) -> CountingRule:
    before = [
        {"version": index, "to": end, "changed": "改", "why": "因", **definition}
        for index, (end, definition) in enumerate(zip(ends, (FIRST, SECOND), strict=False), 1)
    ]
    return CountingRule.model_validate(
        {
            "counting_rule": "permits",
            "version": len(before) + 1,
            "earlier": before,
            "answers": ["许可"],
            **NOW,
        }
    )


def test_a_version_is_the_rule_as_it_was() -> None:
    found = rule(date(2023, 12, 31), date(2024, 6, 30))
    first, second = found.at(1), found.at(2)
    assert first is not None
    assert second is not None
    assert (first.title, first.acts, first.outcomes, first.unit, first.version) == (
        "甲",
        ["receive"],
        None,
        "件",
        1,
    )
    assert (second.title, second.acts, second.outcomes, second.version) == ("乙", ["decide"], ["准予"], 2)
    assert [one.version for one in second.earlier] == [1]
    assert second.since == date(2024, 1, 1)
    assert found.at(3) is found
    assert found.at(4) is None
    assert first.counting_rule == "permits"


@given(
    st.dates(date(2020, 1, 1), date(2022, 1, 1)),
    st.integers(1, 500),
    st.dates(date(2019, 1, 1), date(2025, 1, 1)),
)
def test_each_day_has_one_version(first_end: date, days: int, day: date) -> None:
    second_end = first_end + timedelta(days=days)
    found = rule(first_end, second_end).on(day)
    assert found.version == (1 if day <= first_end else 2 if day <= second_end else 3)


def test_new_words_are_no_new_meaning() -> None:
    one = CountingRule.model_validate({"counting_rule": "permits", **FIRST})
    other = CountingRule.model_validate(
        {"counting_rule": "permits", **FIRST, "title": "别名", "explain": "别的话"}
    )
    assert one.meaning() == other.meaning()
    assert one.meaning() != CountingRule.model_validate({"counting_rule": "permits", **NOW}).meaning()


def test_the_catalogue_keeps_what_it_counted_before() -> None:
    """Decisions that amend or repeal were once counted with the documents that were made."""
    documents = catalogue().counting_rules["normative_documents_published"]
    before = documents.on(date(2025, 12, 31))
    assert (documents.version, before.version) == (2, 1)
    assert before.where is None
    assert documents.where is not None
