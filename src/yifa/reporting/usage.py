"""Which stored figures of which reports have a record among those behind them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from yifa.ledger.models import Organization
from yifa.reporting.facts import fact_titles
from yifa.reporting.models import Report, StoredFigure


@dataclass(frozen=True, slots=True)
class ReportUse:
    """A report with its figures that the record stands behind."""

    report: Report
    figures: tuple[StoredFigure, ...]


def uses_in_reports(
    record: UUID, rules: Collection[str], organization: Organization, reports: QuerySet[Report]
) -> list[ReportUse]:
    """The reports whose stored figures contain a case or entry, the latest first. Two queries.

    `rules` are those that could count it; the figures that no rule of the catalogue counts are looked at too.
    """
    above = organization.ancestor_codes()
    figures = (
        StoredFigure.objects.filter(
            Q(rule__in=rules) | Q(rule__in=list(fact_titles())),
            report__organization__code__in=above,
            report__in=reports,
        )
        .annotate(behind=Cast("records", TextField()))
        .filter(behind__contains=str(record))
        .defer("records")
        .order_by("-report__year", "report_id", "id")
    )
    found: dict[UUID, list[StoredFigure]] = {}
    for figure in figures:
        found.setdefault(figure.report_id, []).append(figure)
    known = reports.in_bulk(list(found))
    return [ReportUse(known[key], tuple(held)) for key, held in found.items()]
