"""Days, lengths of time and amounts as papers write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.documents import wording
from yifa.documents.correcting import day_of, value_of
from yifa.law.phrases import day
from yifa.law.schema import FieldSpec, FieldType


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "零元整"),
        (12000, "壹万贰仟元整"),
        (105, "壹佰零伍元整"),
        (10050.5, "壹万零伍拾元伍角整"),
        (100000001, "壹亿零壹元整"),
        (3000.05, "叁仟元零伍分"),
        (0.3, "叁角整"),
        (1010, "壹仟零壹拾元整"),
        (20000300, "贰仟万零叁佰元整"),
    ],
)
def test_amounts(amount: float, said: str) -> None:
    assert wording.capital(amount) == said


def test_lengths() -> None:
    assert wording.counted("60日") == "六十日"
    assert wording.counted("5个工作日") == "五个工作日"
    assert [wording.count(n) for n in (0, 10, 15, 20, 101, 110, 360)] == [
        "零", "十", "十五", "二十", "一百零一", "一百一十", "三百六十",
    ]  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_day_is_read_back_as_it_was_written(value: date) -> None:
    assert day_of(day(value)) == value.isoformat()
    assert day_of(wording.chinese_day(value)) == value.isoformat()


def test_values_for_a_correction() -> None:
    money = FieldSpec(title="罚款", type=FieldType.MONEY)
    assert value_of("12,000元", money) == 12000
    assert value_of("没有", money) is None
    assert value_of("甲、乙", FieldSpec(title="人员", type=FieldType.LIST)) == ["甲", "乙"]
