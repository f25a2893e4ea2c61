"""Which stored figures of which reports have a record among those behind them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from yifa.ledger.figures.columns import unpack
from yifa.ledger.models import Organization, Record, Subject
from yifa.reporting.facts import fact_titles
from yifa.reporting.keptrecords import FigureRecords, RecordPage
from yifa.reporting.models import Report, StoredFigure

KINDS = (Subject.CASE, Subject.ENTRY)


@dataclass(frozen=True, slots=True)
class ReportUse:
    """A report with its figures that the record stands behind."""

    report: Report
    figures: tuple[StoredFigure, ...]


def uses_in_reports(
    record: UUID, rules: Collection[str], organization: Organization, reports: QuerySet[Report]
) -> list[ReportUse]:
    """The reports whose stored figures contain a case or entry, the latest first. Four queries.

    `rules` are those that could count it; the figures that no rule of the catalogue counts are looked at too.
    """
    ids = list(Record.objects.filter(subject_id=record, subject__in=KINDS).values_list("pk", flat=True))
    near = Q()
    for id_ in ids:
        near |= Q(last__gte=id_, first__lte=id_)
    figures = (
        StoredFigure.objects.filter(
            Q(rule__in=rules) | Q(rule__in=list(fact_titles())),
            report__organization__code__in=organization.ancestor_codes(),
            report__in=reports,
        )
        .defer("explain", "basis", "parts")
        .order_by("-report__year", "report_id", "id")
    )
    pages = RecordPage._default_manager.filter(near, record_set__figures__figure__in=figures.order_by())
    sets = {page.record_set_id for page in pages.distinct() if _has(page, ids)} if ids else set()
    figures = figures.filter(
        pk__in=FigureRecords._default_manager.filter(record_set__in=sets).values("figure")
    )
    found: dict[UUID, list[StoredFigure]] = {}
    for figure in figures if sets else ():
        found.setdefault(figure.report_id, []).append(figure)
    known = reports.in_bulk(list(found))
    return [ReportUse(known[key], tuple(held)) for key, held in found.items()]


def _has(page: RecordPage, ids: Collection[int]) -> bool:
    """Whether one of these records stands in a page."""
    return not set(ids).isdisjoint(unpack(page.packed).records)
