from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.ledger.actions import ActionRefused, PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.models import Entry, Record, Role

TODAY = timezone.localdate()
DAY = date(2024, 3, 1)


def publish(place: Town, code: str = "Z-1", **more: Any) -> Entry:
    given = {"actor": None, "organization": place.office, "on": DAY} | more
    data = sample("powers", {"code": code, "name": "示例检查"} | given.pop("data", {}))
    return PublishEntry(register="powers", data=data, **given).execute()


def test_an_entry_and_its_versions(place: Town) -> None:
    entry = publish(place, data={"effective": "2023-05-01"})
    assert (entry.key, entry.title, entry.version, entry.begins) == ("Z-1", "示例检查", 1, date(2023, 5, 1))
    data = entry.data | {"name": "示例检查（修订）"}
    entry = ReviseEntry(actor=None, entry=entry, data=data, on=date(2024, 4, 1), reason="名称规范").execute()
    assert (entry.title, entry.version, entry.length) == ("示例检查（修订）", 2, 2)
    assert [version.data["name"] for version in entry.versions.all()] == ["示例检查", "示例检查（修订）"]
    entry = WithdrawEntry(actor=None, entry=entry, on=date(2024, 5, 1), reason="取消").execute()
    assert entry.withdrawn and entry.ends == date(2024, 5, 1) and entry.versions.count() == 2
    assert [record.kind for record in Record.objects.filter(subject_id=entry.pk)] == [
        "entry.published", "entry.revised", "entry.withdrawn",
    ]  # fmt: skip
    with pytest.raises(ActionRefused, match="已撤下"):
        ReviseEntry(actor=None, entry=entry, data=data, on=date(2024, 6, 1), reason="再改").execute()


def test_a_key_stands_once_among_entries_in_force(place: Town) -> None:
    first = publish(place)
    with pytest.raises(ActionRefused, match=r"已有一条有效的条目.*Z-1") as refused:
        publish(place)
    assert refused.value.code == "duplicate" and refused.value.field == "code"
    publish(place, organization=place.town)  # another unit's own list
    other = publish(place, code="Z-2")
    with pytest.raises(ActionRefused, match="已有一条有效的条目"):
        ReviseEntry(actor=None, entry=other, data=other.data | {"code": "Z-1"}, on=DAY, reason="改").execute()
    ReviseEntry(
        actor=None, entry=first, data=first.data | {"name": "自己不算"}, on=DAY, reason="改"
    ).execute()
    WithdrawEntry(actor=None, entry=first, on=DAY, reason="取消").execute()
    publish(place)  # the old one is no longer in force


def test_an_ended_entry_frees_its_key(place: Town) -> None:
    publish(place, data={"effective": "2020-01-01", "ended": "2021-01-01"})
    publish(place)


def test_values_are_checked_in_chinese(place: Town) -> None:
    for data, words in (
        ({"code": None}, "职权编码.*须填写"),
        ({"kind": "行政示例"}, "没有“行政示例”这一选项"),
        ({"effective": "去年"}, "应为日期"),
        ({"colour": "红"}, "没有“colour”这一项"),
    ):
        with pytest.raises(ActionRefused, match=words) as refused:
            PublishEntry(
                actor=None, organization=place.office, register="powers", on=DAY,
                data=sample("powers", {"code": "Z-1", "name": "示例"}) | data,
            ).execute()  # fmt: skip
        assert refused.value.code == "invalid"
    with pytest.raises(ActionRefused, match="没有「stars」这个清单"):
        PublishEntry(actor=None, organization=place.office, register="stars", data={}, on=DAY).execute()
    with pytest.raises(ActionRefused, match="晚于今天"):
        publish(place, on=TODAY + timedelta(days=1))
    assert not Entry.objects.exists()


def test_who_may_keep_a_register_and_why(place: Town) -> None:
    with pytest.raises(ActionRefused, match=r"没有.*权限"):
        publish(place, actor=place.user(Role.REVIEWER))
    entry = publish(place, actor=place.user(Role.PUBLISHER))
    with pytest.raises(ActionRefused, match="请填写理由"):
        WithdrawEntry(actor=None, entry=entry, on=DAY, reason=" ").execute()
    ReviseEntry(
        actor=None, entry=entry, data=entry.data | {"name": "二"}, on=DAY, reason="改", expected_length=1
    ).execute()
    with pytest.raises(ActionRefused, match="条目刚被他人更新") as refused:
        WithdrawEntry(actor=None, entry=entry, on=DAY, reason="撤", expected_length=1).execute()
    assert refused.value.code == "conflict"
