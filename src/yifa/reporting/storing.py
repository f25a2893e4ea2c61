"""Computed figures become stored figures of a report; texts become versions of its sections."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from yifa.ledger.models import User
from yifa.reporting.computed import Computed
from yifa.reporting.models import Report, Section, SectionVersion, StoredFigure


def stored(report: Report, figure: Computed) -> StoredFigure:
    """The row of a figure, not saved."""
    return StoredFigure(
        report=report,
        rule=figure.rule,
        rule_version=figure.version,
        title=figure.title,
        explain=figure.explain,
        basis=figure.basis.model_dump() if figure.basis else None,
        unit=figure.unit,
        status=figure.status,
        value=figure.value,
        organization=report.organization,
        period_start=report.period_start,
        period_end=report.cutoff,
        parts={label: format(value, "f") for label, value in figure.parts.items()},
        parts_title=figure.parts_title,
        numerator=figure.numerator,
        denominator=figure.denominator,
        records=[record.as_json() for record in figure.records],
        digest=figure.digest,
        computed_at=timezone.now(),
    )


def replace_figures(report: Report, figures: Iterable[Computed]) -> None:
    """The report's figures are now these."""
    report.figures.all().delete()
    StoredFigure.objects.bulk_create([stored(report, figure) for figure in figures])


def add_figures(report: Report, figures: Iterable[Computed]) -> None:
    """Adds figures the report does not have yet."""
    known = set(report.figures.values_list("rule", flat=True))
    StoredFigure.objects.bulk_create(
        [stored(report, figure) for figure in figures if figure.rule not in known]
    )


def save_text(section: Section, text: str, how: SectionVersion.How, by: User | None) -> None:
    """Stores the section with this text as its next version."""
    base, section.text = section.version, text
    section.edited = text != section.drafted
    section.version += 1
    section.save()
    SectionVersion.objects.create(
        section=section, number=section.version, base=base or None, text=text, how=how, saved_by=by
    )
