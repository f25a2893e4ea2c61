"""What stands there already is not written again."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ledger.conftest import Town
from yifa.ledger.chain.stored import column_names, rows, together
from yifa.ledger.models import Case, CaseAct, CaseClock, CountedSpan
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild


def _serials(model: type[CaseAct | CaseClock | CountedSpan]) -> set[int]:
    return set(model._default_manager.values_list("pk", flat=True))


def test_one_more_act_leaves_the_rows_of_the_others_alone(place: Town) -> None:
    case = place.request()
    before, clocks = _serials(CaseAct), _serials(CaseClock)
    with CaptureQueriesContext(connection) as asked:
        place.answer(case)
    assert before < _serials(CaseAct)
    assert len(_serials(CaseAct)) == len(before) + 1
    assert clocks & _serials(CaseClock)  # those the act did not stop or start
    changed = next(
        one["sql"] for one in asked.captured_queries if one["sql"].startswith('UPDATE "ledger_case"')
    )
    assert '"title"' not in changed
    assert '"opened_on"' not in changed
    assert verify().faults == ()


def test_the_rows_of_several_tables_are_asked_for_at_once(place: Town) -> None:
    """PostgreSQL answers in one go; each table's rows are those it gives alone."""
    case, other = place.request(), place.request()
    place.answer(case)
    tables = (CaseAct, CaseClock, CountedSpan)
    with CaptureQueriesContext(connection) as asked:
        found = together([(model, column_names(model), "case", [case.pk, other.pk]) for model in tables])
    assert len(asked) == (1 if connection.vendor == "postgresql" else 3)
    alone = [
        list(rows(model, column_names(model), ["id"], {"case": [case.pk, other.pk]})) for model in tables
    ]
    assert found == alone and all(found)


def test_a_rebuild_of_what_is_right_writes_nothing(place: Town) -> None:
    place.answer(place.request())
    with CaptureQueriesContext(connection) as asked:
        rebuild()
    written = [
        one["sql"]
        for one in asked.captured_queries
        if any(word in one["sql"] for word in ("INSERT INTO", 'UPDATE "', "DELETE FROM"))
    ]
    assert not [sql for sql in written if "ledger_case" in sql or "ledger_countedspan" in sql]


def test_a_rebuild_mends_single_columns_and_rows_twice_there(place: Town) -> None:
    case = place.request()
    place.answer(case)
    Case.objects.filter(pk=case.pk).update(status="改动", next_due=date(2030, 1, 1))
    CaseClock.objects.bulk_create(
        [CaseClock(case=case, organization=place.office, clock="foreign"), *_again(case)]
    )
    rebuild()
    assert verify().faults == ()
    assert not CaseClock.objects.filter(clock="foreign").exists()


def _again(case: Case) -> list[CaseClock]:
    found = list(CaseClock.objects.filter(case=case))
    for row in found:
        row.pk = None
    return found
