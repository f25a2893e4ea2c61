"""What is asked often is answered from an index alone, and no index stands that nothing asks."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Model

from yifa.law.loader import catalogue
from yifa.ledger.figures.spans import SUMS, Reach, spanned
from yifa.ledger.models import Case, CaseAct, CaseFinding, CountedSpan, Record

pytestmark = pytest.mark.django_db
NEEDLESS: dict[type[Model], set[str]] = {
    Record: {"recorded_by_id", "organization_id"},
    Case: {"opened_by_id"},
    CaseAct: {"case_id", "record_id", "unit_id"},
    CaseFinding: {"case_id"},
    CountedSpan: {"organization_id", "tally_id", "record_id"},
}


@pytest.mark.parametrize("model", NEEDLESS)
def test_no_column_has_an_index_that_nothing_reads(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    alone = {one["columns"][0] for one in found if one["index"] and len(one["columns"]) == 1}
    assert not alone & NEEDLESS[model]


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL takes no text of any length into an index"
)
@pytest.mark.parametrize("counts", ["service_accepted", "penalties_open"])
def test_what_spans_come_to_is_read_from_an_index_alone(counts: str) -> None:
    rule = spanned(catalogue().counting_rules[counts])
    assert rule is not None
    spans = Reach(None, date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31)).spans(rule)
    worded = spans.filter(tally_id__in=[1, 2]).values("tally_id", "organization_id", "part", "told")
    said = worded.annotate(**SUMS).explain()
    assert "COVERING INDEX span_" in said, said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="explains as SQLite does")
def test_faults_of_a_year_read_no_case() -> None:
    faulty = CaseFinding.objects.filter(
        case__findings_count__gt=0, case__opened_on__range=(date(2026, 1, 1), date(2026, 12, 31))
    )
    said = faulty.values_list(
        "kind", "act", "case__last", "case__organization_id", "case__case_type"
    ).explain()
    assert "COVERING INDEX case_faulty" in said, said
    assert "COVERING INDEX finding_of_case" in said, said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="explains as SQLite does")
@pytest.mark.parametrize("name", ["title", "status", "next_due", "findings_count"])
def test_a_sorting_index_tells_whose_case_it_is(name: str) -> None:
    rows = Case.objects.order_by(name, "opened_on", "pk").values_list("pk", "organization_id", "case_type")
    assert "COVERING INDEX case_by_" in rows.explain()
