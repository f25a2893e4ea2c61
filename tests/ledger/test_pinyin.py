"""Names in the order of their sounds."""

from __future__ import annotations

import pytest

from tests.county import County, county
from yifa.ledger.models import Organization
from yifa.ledger.people.pinyin import by_sound, units_by_sound

__all__ = ["county"]


def test_characters_are_read_in_their_words() -> None:
    names = ["重庆路街道", "中山镇", "长安镇", "澜亭县", "安平镇", "行政审批局"]
    assert by_sound(names) == ["安平镇", "长安镇", "重庆路街道", "澜亭县", "行政审批局", "中山镇"]


@pytest.mark.django_db
def test_units_stand_below_their_body_in_order(county: County) -> None:
    names = [unit.name for unit in units_by_sound(Organization.objects.order_by("-code"))]
    assert names[0] == "澜亭县人民政府"
    assert names[1:] == by_sound(names[1:])
    assert names[1] == "白河镇人民政府"
