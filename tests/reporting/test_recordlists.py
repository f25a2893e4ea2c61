"""The records behind a report's figures: kept once, packed, and the same ever after."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.ledger.actions import ChangeFacts, CorrectAct, RecordAct, RenameOrganization
from yifa.ledger.figures.columns import MILLION, PAGE, Columns, Said, joined, pack, unpack, written
from yifa.ledger.figures.counted import CountedRecord, record_set_digest
from yifa.ledger.models import Case, Record
from yifa.reporting import opendata
from yifa.reporting.digesting import settle
from yifa.reporting.models import FigureRecords, RecordPage, RecordSet, Report, StoredFigure

RECEIVED, ANSWERED = "information_requests_received", "information_requests_answered"


@st.composite
def columns(draw: st.DrawFn) -> Columns:
    records = sorted(draw(st.lists(st.integers(0, 2**60), max_size=20)))
    size = len(records)

    def column(items: st.SearchStrategy[Any]) -> Any:
        return draw(st.lists(items, min_size=size, max_size=size))

    said = st.tuples(*[st.text(max_size=5)] * 7).map(lambda words: Said(*words))
    return Columns(
        records=records,
        positions=column(st.integers(0, 400)),
        days=column(st.one_of(st.just(0), st.integers(1, date.max.toordinal()))),
        units=column(st.integers(0, 90)),
        values=draw(st.none() | st.just(column(st.integers(-(10**15), 10**15) | st.just("0.12345678")))),
        parts=draw(st.none() | st.just(column(st.none() | st.text(max_size=5)))),
        acts=draw(st.none() | st.just(column(st.text(max_size=5)))),
        said=draw(st.none() | st.just(column(said))),
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(columns())
def test_what_is_packed_comes_back(given_: Columns) -> None:
    pages = [unpack(pack(written(page))) for page in given_.pages()]
    assert list(joined(pages).lines()) == list(given_.lines())


def test_a_large_set_is_kept_in_pages_and_small() -> None:
    many = 3 * PAGE + 1
    large = Columns(
        range(7, 7 + many),
        [1] * many,
        [739_000 + n % 365 for n in range(many)],
        [n % 60 for n in range(many)],
    )
    pages = list(large.pages())
    assert [len(page) for page in pages] == [PAGE, PAGE, PAGE, 1]
    assert sum(len(pack(written(page))) for page in pages) < 2 * many  # bytes a record
    assert [line.value for line in large.lines()] == [MILLION] * many


def fresh(report: Report) -> dict[str, StoredFigure]:
    return {figure.rule: figure for figure in StoredFigure.objects.filter(report=report)}


def change_everything(busy: Any) -> None:
    """What may happen to the ledger after a report: corrected, withdrawn, gone on, renamed."""
    for case in Case.objects.filter(case_type="information_request"):
        ChangeFacts(actor=None, case=case, facts={"content": "申请公开另一份材料"}, reason="更正").execute()
        case.refresh_from_db()
        CorrectAct(
            actor=None, case=case, position=1, changes={"on": date(2024, 1, 9)}, reason="补正日期"
        ).execute()
        case.refresh_from_db()
        if case.acts.count() > 1:
            CorrectAct(actor=None, case=case, position=2, changes={}, reason="录错", withdraws=True).execute()
    RenameOrganization(
        actor=None, organization=busy.justice, name="改名的司法局", on=date(2025, 1, 1)
    ).execute()


@pytest.mark.django_db
def test_a_stored_figure_opens_to_the_very_same_records_whatever_happens_later(busy: Any) -> None:
    report: Report = busy.build()
    before = {rule: list(figure.records) for rule, figure in fresh(report).items()}
    assert len(before[RECEIVED]) == 4
    change_everything(busy)
    after = fresh(report)
    assert {rule: list(figure.records) for rule, figure in after.items()} == before
    for rule, figure in after.items():
        assert len(figure.records) == len(before[rule]) == figure.records_count
        if not figure.numerator:
            assert record_set_digest(figure.records) == record_set_digest(before[rule]) == figure.digest, rule
    titles = {record.title for record in after[RECEIVED].records}
    assert titles and all("另一份" not in title for title in titles)
    assert all("改名" not in record.unit for record in after[RECEIVED].records)


@pytest.mark.django_db
def test_a_slice_and_the_days_say_the_same_as_all(busy: Any) -> None:
    stored = fresh(busy.build())[ANSWERED]
    every = list(stored.records)
    assert list(stored.records[1:3]) == every[1:3]
    assert stored.records[-1] == every[-1]
    assert sum(stored.records.days().values()) == stored.value
    assert [one.on for one in every] == sorted(one.on for one in every)


@pytest.mark.django_db
def test_sets_are_kept_once_and_forgotten_when_nobody_needs_them(busy: Any) -> None:
    report: Report = busy.build()
    first = set(RecordSet._default_manager.values_list("digest", flat=True))
    assert first
    assert FigureRecords._default_manager.count() > len(first)  # figures share them
    busy.build()
    assert set(RecordSet._default_manager.values_list("digest", flat=True)) == first
    busy.request(busy.justice, date(2024, 4, 2), date(2024, 4, 12))
    busy.build()
    second = set(RecordSet._default_manager.values_list("digest", flat=True))
    assert second != first
    assert not RecordSet._default_manager.filter(figures__isnull=True).exists()
    assert fresh(report)[RECEIVED].records_count == 5
    report.delete()
    assert RecordPage._default_manager.count() > 0  # a deleted report's sets go with the next that is built


@pytest.mark.django_db
def test_lists_of_before_become_sets_with_their_own_words(busy: Any) -> None:
    migration = import_module("yifa.reporting.migrations.0006_record_sets")
    report: Report = busy.build()
    stored = fresh(report)[RECEIVED]
    old = [
        {
            "kind": one.kind, "id": str(one.id), "position": one.position, "on": one.on.isoformat(), "title": f"旧名{n}",
            "number": "", "unit": "旧单位", "act": one.act, "value": "1", "part": one.part, "digest": one.digest,
        }
        for n, one in enumerate(stored.records)
    ]  # fmt: skip
    old.append({**old[0], "kind": "plan", "on": None, "digest": "ab" * 32, "value": "0.12345678"})
    stored.sets.all().delete()
    stored.listed = old  # type: ignore[attr-defined]  # as the model had it then
    models = {
        "StoredFigure": SimpleNamespace(objects=SimpleNamespace(iterator=lambda chunk_size: [stored])),
        "RecordSet": RecordSet, "RecordPage": RecordPage, "FigureRecords": FigureRecords,
    }  # fmt: skip
    for model in (RecordSet, RecordPage, FigureRecords):
        assert hasattr(model, "objects")
    migration.keep(SimpleNamespace(get_model=lambda _, name: models[name]), None)
    found = list(fresh(report)[RECEIVED].records)
    assert [one for one in found if one.kind == "plan"] == [
        CountedRecord(
            "plan", UUID(old[0]["id"]), old[0]["position"], date.min, old[0]["title"], "", "旧单位",
            Decimal("0.12345678"), old[0]["part"], "ab" * 32, old[0]["act"],
        )
    ]  # fmt: skip
    assert {one.title for one in found if one.kind == "case"} == {f"旧名{n}" for n in range(4)}
    assert record_set_digest(found) == record_set_digest(fresh(report)[RECEIVED].records)


@pytest.mark.django_db
def test_a_report_is_read_alike_while_its_cases_go_on(busy: Any) -> None:
    report: Report = busy.build()
    case = Case.objects.filter(case_type="information_request", acts__act="answer").first()
    assert case is not None
    before = [one for one in fresh(report)[ANSWERED].records if one.id == case.pk]
    extra = RecordAct(actor=None, case=case, act="answer", on=date(2025, 3, 3), outcome="予以公开",
                      evidence=[{"title": "答复书", "attachment": None}], entered="back")  # fmt: skip
    extra.execute()
    assert [one for one in fresh(report)[ANSWERED].records if one.id == case.pk] == before


@pytest.mark.django_db
def test_the_digest_of_many_records_is_made_when_it_is_needed_and_is_the_same(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = {rule: figure.digest for rule, figure in fresh(busy.build()).items()}
    assert all(at_once.values())
    monkeypatch.setattr("yifa.reporting.digesting.MOST_AT_ONCE", 1)
    report: Report = busy.build()
    later = {rule for rule, figure in fresh(report).items() if not figure.digest}
    assert {RECEIVED, ANSWERED} <= later < at_once.keys()
    line = Record.objects.filter(subject_id=report.pk, kind="report.rebuilt").latest("id")
    noted = json.loads(line.payload)["figures"][RECEIVED]
    kept = fresh(report)[RECEIVED].sets.values_list("record_set__digest", flat=True)
    assert noted == {"value": 4, "status": "counted", "sets": sorted(kept)}
    change_everything(busy)  # nothing that happens meanwhile makes it another one
    settle(report, [RECEIVED])
    assert fresh(report)[RECEIVED].digest == at_once[RECEIVED]
    found = opendata.open_report(report)
    assert {figure.rule: figure.digest for figure in found.figures} == at_once
