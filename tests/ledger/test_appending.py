from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.ledger.conftest import Town
from yifa.ledger.actions import ActionRefused, SealDays
from yifa.ledger.chain.appending import append_record
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.models import LedgerIsAppendOnlyError, Organization, Record, Seal, Subject


def append(place: Town, subject_id: uuid.UUID, **more: object) -> Record:
    return append_record(
        Subject.PLAN, subject_id, "plan.noted", place.body, date(2024, 3, 1), None, {"文": "字"}, **more
    )


def test_records_of_one_subject_form_a_chain(place: Town) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    first, second, elsewhere = append(place, one), append(place, one), append(place, other)
    assert (first.position, second.position, elsewhere.position) == (1, 2, 1)
    assert first.previous == elsewhere.previous == GENESIS
    assert second.previous == first.digest
    assert len({first.digest, second.digest, elsewhere.digest}) == 3


def test_a_record_is_never_changed_nor_deleted(place: Town) -> None:
    record = append(place, uuid.uuid4())
    record.kind = "plan.other"
    for attempt in (
        record.save,
        record.delete,
        Record.objects.all().delete,
        lambda: Record.objects.update(kind="x"),
        lambda: Record.objects.get(pk=record.pk).save(),
    ):
        with pytest.raises(LedgerIsAppendOnlyError, match="只能追加"):
            attempt()
    assert Record.objects.get(pk=record.pk).kind == "plan.noted"


def test_the_slower_of_two_is_told_so(place: Town) -> None:
    subject = uuid.uuid4()
    append(place, subject, expected_length=0)
    with pytest.raises(ActionRefused, match=r"刚被他人更新.*刷新后再录") as refused:
        append(place, subject, expected_length=0)
    assert refused.value.code == "conflict"
    assert Record.objects.filter(subject_id=subject).count() == 1


def test_an_import_is_marked(place: Town) -> None:
    past = datetime(2023, 5, 5, 9, 0, tzinfo=UTC)
    record = append(place, uuid.uuid4(), recorded_at=past)
    assert record.recorded_on == date(2023, 5, 5)
    assert '"imported":true' in record.payload
    assert "imported" not in append(place, uuid.uuid4()).payload


def test_the_local_day_counts(place: Town) -> None:
    evening = datetime(2023, 5, 5, 16, 30, tzinfo=UTC)  # half past midnight in China
    assert append(place, uuid.uuid4(), recorded_at=evening).recorded_on == date(2023, 5, 6)


def test_nothing_is_put_under_a_seal(place: Town) -> None:
    past = datetime(2023, 5, 5, 4, 0, tzinfo=UTC)
    append(place, uuid.uuid4(), recorded_at=past)
    seals = SealDays(today=date(2023, 5, 6)).execute()
    assert [seal.day for seal in seals] == [date(2023, 5, 5)]
    with pytest.raises(ActionRefused, match="已封存到2023年5月5日") as refused:
        append(place, uuid.uuid4(), recorded_at=past)
    assert refused.value.code == "sealed"
    append(place, uuid.uuid4(), recorded_at=past + timedelta(days=1))


def test_days_are_sealed_once_and_in_a_chain(place: Town) -> None:
    today = timezone.localdate()
    for days in (5, 5, 3):
        append(place, uuid.uuid4(), recorded_at=timezone.now() - timedelta(days=days))
    first = SealDays(today=today - timedelta(days=4)).execute()
    second = SealDays(today=today).execute()
    assert [(seal.day, seal.count) for seal in (*first, *second)] == [
        (today - timedelta(days=5), 2),
        (today - timedelta(days=3), 1),
    ]
    assert second[0].previous == first[0].digest and first[0].previous == GENESIS
    assert SealDays(today=today).execute() == []
    assert not Seal.objects.filter(day=today).exists()  # today is still open
    with pytest.raises(LedgerIsAppendOnlyError):
        first[0].delete()


def test_what_a_record_says_of_its_organization_follows_the_code(place: Town) -> None:
    before = place.office.subject_id
    Organization.objects.filter(pk=place.office.pk).update(name="另名")
    assert Organization.objects.get(pk=place.office.pk).subject_id == before
