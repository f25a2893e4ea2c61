"""Computed figures become stored figures of a report; texts become versions of its sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max, QuerySet
from django.utils import timezone

from yifa.ledger.models import Organization, Record, User
from yifa.reporting.computed import Computed
from yifa.reporting.digesting import prompt_digests
from yifa.reporting.keeping import drop_unused, keep_records, shares_of
from yifa.reporting.models import FigureRecords, Report, Section, SectionVersion, StoredFigure


def stored(report: Report, figure: Computed, known: int, digest: str) -> StoredFigure:
    """The row of a figure, not saved. `known`: the last record of the ledger; no digest: it is made later."""
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
        records_count=len(figure.records),
        known=known,
        digest=digest,
        computed_at=timezone.now(),
    )


def last_record() -> int:
    """The id of the last record of the ledger; taken before counting, so that what came meanwhile is not known."""
    found: int | None = Record.objects.aggregate(last=Max("pk"))["last"]
    return found or 0


def replace_figures(report: Report, figures: Iterable[Computed], known: int) -> None:
    """The report's figures are now these; sets of records that no figure needs any more are forgotten."""
    held = _sets_of(report.figures.all())
    report.figures.all().delete()
    report.units = {}
    _store(report, list(figures), known)
    drop_unused(held)


def renew_figures(report: Report, figures: Sequence[Computed], known: int) -> None:
    """These figures are what they are now, each in its old place; the others of the report stay."""
    before = report.figures.filter(rule__in=[figure.rule for figure in figures])
    places, held = dict(before.values_list("rule", "pk")), _sets_of(before)
    before.delete()
    _store(report, figures, known, places)
    drop_unused(held)


def _sets_of(figures: QuerySet[StoredFigure]) -> list[int]:
    return list(
        FigureRecords._default_manager.filter(figure__in=figures).values_list("record_set_id", flat=True)
    )


def add_figures(report: Report, figures: Iterable[Computed], known: int) -> None:
    """Adds figures the report does not have yet."""
    have = set(report.figures.values_list("rule", flat=True))
    _store(report, [figure for figure in figures if figure.rule not in have], known)


def _store(
    report: Report, figures: Sequence[Computed], known: int, places: Mapping[str, int] | None = None
) -> None:
    """`places`: the keys of rows that stood before, by rule."""
    if not figures:
        return
    shares = [shares_of(figure.records) for figure in figures]
    both = {figure.rule: (figure, held) for figure, held in zip(figures, shares, strict=True)}
    digests = prompt_digests(both)
    new = [stored(report, figure, known, digests.get(figure.rule, "")) for figure in figures]
    for row in new:
        row.pk = (places or {}).get(row.rule)
    rows = StoredFigure.objects.bulk_create(new)
    keep_records(list(zip(rows, shares, strict=True)))
    units = Organization.objects.below(report.organization).values_list("id", "name")
    report.units = {**{str(id_): name for id_, name in units}, **report.units}
    report.save(update_fields=["units"])


def save_text(section: Section, text: str, how: SectionVersion.How, by: User | None) -> None:
    """Stores the section with this text as its next version."""
    base, section.text = section.version, text
    section.edited = text != section.drafted
    section.version += 1
    section.save()
    SectionVersion.objects.create(
        section=section, number=section.version, base=base or None, text=text, how=how, saved_by=by
    )
