"""Of whom a report on one person can be written: those the ledger knows by the fields the outline names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from yifa.law.loader import catalogue
from yifa.law.schema import AboutPerson
from yifa.ledger.models import Case, Entry, Organization
from yifa.reporting.facts import principals
from yifa.reporting.models import Report


def person_of(report: Report) -> tuple[AboutPerson, str] | None:
    """Whom a report is about, as `FigureBook` takes it; None for a report on a body."""
    outline = catalogue().outlines.get(report.outline)
    about = outline.person if outline else None
    return (about, report.subject) if about and report.subject else None


def persons(about: AboutPerson, organization: Organization, year: int) -> tuple[str, ...]:
    """The names in cases opened in the year and in entries that held in it, of the organization and all below.

    Who was at its head in the year reports even where nothing is recorded.
    """
    start, end = date(year, 1, 1), date(year, 12, 31)
    found: set[str] = set()
    cases = Case.objects.filter(organization__path__startswith=organization.path)
    for case_type, field in about.facts.items():
        rows = cases.filter(case_type=case_type, opened_on__range=(start, end))
        found.update(_names(rows.values_list(f"facts__{field}", flat=True)))
    for register, field in about.registers.items():
        entries = Entry.objects.filter(
            Q(ends__isnull=True) | Q(ends__gte=start),
            Q(begins__isnull=True) | Q(begins__lte=end),
            organization__path__startswith=organization.path,
            register=register,
            withdrawn=False,
        )
        found.update(_names(entries.values_list(f"data__{field}", flat=True)))
    found.update(holding.person.name for holding in principals(organization, start, end))
    return tuple(sorted(found))


def _names(values: Iterable[Any]) -> set[str]:
    return {value.strip() for value in values if isinstance(value, str) and value.strip()}
