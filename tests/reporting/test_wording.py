from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.schema import Rate
from yifa.procedures.totals import rate
from yifa.reporting import wording


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("12", "件", "12件"),
        ("12.000000", "件", "12件"),
        ("1234567", "人次", "1234567人次"),
        ("7.5", "学时", "7.5学时"),
        ("9800", "元", "9800元"),
        ("32500", "元", "3.25万元"),
        ("100000000", "元", "10000万元"),
        ("98.5", "%", "98.5%"),
        ("100", "%", "100%"),
        ("0", "%", "0%"),
        ("66.666667", "%", "66.7%"),
        ("99.98", "%", "99.9%"),
        ("0.02", "%", "0.02%"),
        ("112.5", "%", "112.5%"),
        ("93.55", "%", "93.55%"),
    ],
)
def test_values_are_printed_with_their_unit(value: str, unit: str, text: str) -> None:
    assert wording.amount(Decimal(value), unit) == text


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_rate_is_printed_as_full_or_nothing_only_when_it_is(part: int, whole: int) -> None:
    value = Decimal(min(part, whole)) * 100 / Decimal(whole)
    text = wording.percentage(value)
    assert (text == "100") == (part >= whole)
    assert (text == "0") == (part == 0)
    assert abs(Decimal(text) - value) <= Decimal("0.1")


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_rate_stored_with_two_decimals_is_not_rounded_twice(part: int, whole: int) -> None:
    """29 of 31 are 93.548 %, stored as 93.55: printed as 93.6 the check-up would call it wrong, and rightly."""
    part = min(part, whole)
    stored = rate(Rate(numerator="a", denominator="b"), Decimal(part), Decimal(whole))
    assert stored is not None
    text = wording.percentage(stored)
    if text == "99.9":  # cut off, so that it is not 100
        return
    last = Decimal(text).as_tuple().exponent
    assert isinstance(last, int)
    places = max(-last, 1)  # 「50」 is 50.0
    assert abs(Decimal(text) - Decimal(100 * part) / whole) <= Decimal(5).scaleb(-places - 1)


def test_zero_no_power_and_not_collected_never_print_alike() -> None:
    shown = {
        wording.printed("counted", Decimal(0), "件"),
        wording.printed("no_power", None, "件"),
        wording.printed("not_collected", None, "件"),
        wording.printed("counted", None, "%"),
    }
    assert len(shown) == 4
    assert "0件" in shown and "本级无此职权" in shown


def test_a_whole_year_and_a_running_year_are_told_apart() -> None:
    assert wording.period(date(2025, 1, 1), date(2025, 12, 31)) == "2025年"
    assert wording.period(date(2026, 1, 1), date(2026, 11, 2)) == "2026年1月1日至11月2日"
