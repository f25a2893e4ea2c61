"""Register entries stored in bulk are the same as those published one by one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from tests.county import County, county
from yifa.ledger.actions import PublishEntry, WithdrawEntry
from yifa.ledger.actions import entries as entry_actions
from yifa.ledger.bulk import entries
from yifa.ledger.bulk.entries import GivenEntry, check_entries, publish_entries
from yifa.ledger.bulk.undo import withdraw_entries
from yifa.ledger.models import CountedSpan, Entry, EntryVersion, Organization, Record, Role
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild

TABLES: tuple[type[models.Model], ...] = (Record, Entry, EntryVersion, CountedSpan)
OWN_KEYS = {"id", "record_id", "last", "tally_id"}
__all__ = ["county"]


@pytest.fixture(autouse=True)
def fixed() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 20, 2, tzinfo=UTC), tick=False):
        yield


def officer(unit: Organization, number: int, **more: Any) -> GivenEntry:
    data = {
        "certificate": f"ZF{number:04}", "name": f"甲{number}", "unit": unit.name, "kind": "综合", "valid_from": "2024-01-01",
        "valid_to": f"2029-0{1 + number % 9}-01", "status": "在岗",
    }  # fmt: skip
    return GivenEntry(
        organization=unit, register="enforcement_officers", data=data | more, on=date(2026, 3, 1 + number % 9), reason="导入",
        source={"file": "f" * 64, "row": number},
    )  # fmt: skip


def everything() -> dict[str, list[str]]:
    return {
        model.__name__: sorted(
            repr([getattr(row, field.attname) for field in model._meta.concrete_fields if field.attname not in OWN_KEYS])
            for row in model._default_manager.all()
        )
        for model in TABLES
    }  # fmt: skip


def test_the_same_records_digests_and_rows_as_one_by_one(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [officer(unit, n) for n, unit in enumerate([county.justice, county.market] * 4)]
    actor = county.user(Role.OFFICER, county.body)
    ways = []
    for in_bulk in (False, True):
        ids = itertools.count(1)
        for module in (entries, entry_actions):
            monkeypatch.setattr(
                module.uuid,
                "uuid4",
                lambda ids=ids: UUID(int=random.Random(next(ids)).getrandbits(128), version=4),
            )
        with transaction.atomic():
            if in_bulk:
                assert all(stored.refused is None for stored in publish_entries(given, actor))
                assert verify().faults == ()
            else:
                for each in given:
                    PublishEntry(actor=actor, **vars(each)).execute()
            ways.append(everything())
            if not in_bulk:
                transaction.set_rollback(True)
    assert ways[0] == ways[1]
    assert len(ways[0]["Entry"]) == len(given)
    rebuild()
    assert everything() == ways[1]


def test_refusals_are_those_of_the_action_and_harm_no_other(county: County) -> None:
    actor = county.user(Role.OFFICER, county.justice)
    publish_entries([officer(county.justice, 1)], actor)
    given = [
        officer(county.justice, 1), officer(county.justice, 2), officer(county.justice, 2), officer(county.market, 3),
        officer(county.justice, 4, status="没有这种"), officer(county.justice, 5),
    ]  # fmt: skip
    checked = [stored.refused.message if stored.refused else "" for stored in check_entries(given, actor)]
    assert Entry.objects.count() == 1
    done = [stored.refused.message if stored.refused else "" for stored in publish_entries(given, actor)]
    assert done == checked
    assert [bool(message) for message in done] == [True, False, True, True, True, False]
    assert "已有一条有效的条目" in done[0]
    assert "已有一条有效的条目" in done[2]
    assert sorted(Entry.objects.values_list("key", flat=True)) == ["ZF0001", "ZF0002", "ZF0005"]


def test_queries_do_not_grow_with_the_entries(county: County) -> None:
    publish_entries([officer(county.justice, n) for n in range(3)], None)
    counts = []
    for many in (5, 60):
        with CaptureQueriesContext(connection) as asked:
            publish_entries([officer(county.justice, 100 * many + n) for n in range(many)], None)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2


def test_withdrawn_in_bulk_as_one_by_one(county: County) -> None:
    given = [officer(unit, n) for n, unit in enumerate([county.justice, county.market] * 3)]
    actor = county.user(Role.OFFICER, county.body)
    made = {stored.id: 1 for stored in publish_entries(given, actor) if stored.id}
    touched, *others = Entry.objects.order_by("key")
    today = date(2026, 11, 20)
    ways = []
    for in_bulk in (False, True):
        with transaction.atomic():
            if in_bulk:
                made[touched.pk] = 2
                done = withdraw_entries(made, actor, "列错了表", {"import": "x"})
                refused = [pk for pk, stored in done.items() if stored.refused]
                assert refused == [touched.pk]
                assert verify().faults == ()
            else:
                for entry in others:
                    WithdrawEntry(
                        actor=actor, entry=entry, on=today, reason="列错了表", source={"import": "x"}
                    ).execute()
            ways.append(everything())
            transaction.set_rollback(not in_bulk)
    assert ways[0] == ways[1]
    assert Entry.objects.filter(withdrawn=False).get() == touched
    again = withdraw_entries({others[0].pk: 2}, actor, "再撤").values()
    assert [stored.refused is not None for stored in again] == [True]
