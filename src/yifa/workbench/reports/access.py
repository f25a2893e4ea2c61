"""Who sees which report, and who takes part in its making."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yifa.ledger.models import Organization, Role, User
from yifa.ledger.models.scoping import reach, scoped, within
from yifa.reporting.models import Report, Section, UnitPart
from yifa.workbench.rights.access import has_role

__all__ = [
    "coordinates",
    "involved",
    "may_edit",
    "own_units",
    "reports_for",
    "seen_report",
    "seen_section",
    "sees_records",
    "shared_report",
]

WRITERS = (Role.OFFICER, Role.COORDINATOR)


def reports_for(user: User) -> QuerySet[Report]:
    """The reports of the user's units."""
    return scoped(Report.objects.select_related("organization"), user, "organization__path")


def seen_report(user: User, report_id: UUID) -> Report:
    """A report within the user's units; anything else does not exist for them."""
    return get_object_or_404(reports_for(user), pk=report_id)


def sees_records(user: User, report: Report) -> bool:
    """Whether the report is the user's own: units that only write a part see its text, not the records behind it."""
    return reports_for(user).filter(pk=report.pk).exists()


def involved(user: User) -> QuerySet[Report]:
    """The reports of the user's units, and those for which one of the user's units writes a part."""
    rows = Report.objects.select_related("organization")
    if user.is_superuser:
        return rows
    paths = reach(user)
    written = UnitPart.objects.filter(within(paths, "unit__path")).values("section__report")
    return rows.filter(within(paths, "organization__path") | Q(pk__in=written))


def shared_report(user: User, report_id: UUID) -> Report:
    """A report the user's units have or write for: its text and steps, not the records behind its figures."""
    return get_object_or_404(involved(user), pk=report_id)


def seen_section(report: Report, section_id: int) -> Section:
    """A section of this report."""
    sections = Section.objects.select_related("report__organization")
    return get_object_or_404(sections, pk=section_id, report=report)


def own_units(user: User, report: Report) -> list[Organization]:
    """The units for which the user writes parts of this report."""
    units = Organization.objects.filter(
        pk__in=UnitPart.objects.filter(section__report=report).values("unit")
    ).order_by("path")
    return [unit for unit in units if has_role(user, WRITERS, unit)]


def may_edit(user: User, report: Report) -> bool:
    """Whether the user may change the report now."""
    return report.state == Report.State.DRAFT and coordinates(user, report)


def coordinates(user: User, report: Report) -> bool:
    """Whether the user coordinates the body whose report it is."""
    return has_role(user, [Role.COORDINATOR], report.organization)
