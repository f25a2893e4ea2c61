"""Where a case or a register entry is used: entered once, it serves tasks, figures and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.figures.usage import Use, uses_of_case, uses_of_entry
from yifa.ledger.models import Case, Entry, User
from yifa.ledger.search.naming import Naming, naming
from yifa.planning.evidence import TaskUse, tasks_of
from yifa.reporting.usage import ReportUse, uses_in_reports
from yifa.workbench.figures.keyfigures import figure_url
from yifa.workbench.reports.access import reports_for
from yifa.workbench.rights.access import SignedInRequest, plans_for, sees
from yifa.workbench.views.cases.acting import seen_case
from yifa.workbench.views.registers.showing import seen_entry


@dataclass(frozen=True, slots=True)
class FigureUse:
    """A figure with the page that shows it."""

    use: Use
    url: str


@dataclass(frozen=True, slots=True)
class Used:
    """All that needs one record."""

    tasks: list[TaskUse]
    figures: list[FigureUse]
    reports: list[ReportUse]
    cases: Naming | None = None  # that name it; only an entry is named

    @property
    def times(self) -> int:
        """How often it would have been written down, were it not written once."""
        named = self.cases.count if self.cases else 0
        return named + len(self.tasks) + len(self.figures) + sum(len(one.figures) for one in self.reports)


def used(user: User, record: Case | Entry, today: date) -> Used:
    """What needs a record, as far as the user may see it."""
    if isinstance(record, Case):
        uses, of_kind = uses_of_case(record, today), {"case_type": record.case_type}
    else:
        uses, of_kind = uses_of_entry(record, today), {"register_": record.register}
    ((attribute, kind),) = of_kind.items()
    rules = [name for name, rule in catalogue().counting_rules.items() if getattr(rule, attribute) == kind]
    whole = record.organization
    while whole.parent is not None and sees(user, whole.parent):
        whole = whole.parent
    figures = [
        FigureUse(
            use, figure_url(use.rule.counting_rule, whole, date(use.year, 1, 1), _until(use.year, today))
        )
        for use in uses
    ]
    return Used(
        tasks=tasks_of(record, uses, plans_for(user)),
        figures=figures,
        reports=uses_in_reports(record.pk, rules, record.organization, reports_for(user)),
        cases=naming(record, user) if isinstance(record, Entry) else None,
    )


def _until(year: int, today: date) -> date:
    return min(today, date(year, 12, 31)) if today.year >= year else date(year, 12, 31)


@login_required
def case_used(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Where a case is used."""
    found = seen_case(request.user, case_id)
    return _page(
        request, found, [("事项台账", reverse("cases")), (found.title, reverse("case", args=[found.pk]))]
    )


@login_required
def entry_used(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Where an entry is used."""
    found = seen_entry(request.user, entry_id)
    crumbs = [("清单名录", reverse("registers")), (found.title, reverse("entry", args=[found.pk]))]
    return _page(request, found, crumbs)


def _page(request: SignedInRequest, record: Case | Entry, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """The whole page, or only its content where the record's own page asks for it."""
    context = {
        "title": "这条记录用在哪里",
        "record": record,
        "used": used(request.user, record, timezone.localdate()),
        "crumbs": crumbs,
    }
    live = bool(getattr(request, "htmx", False))
    template = "workbench/parts/used.html" if live else "workbench/used.html"
    return render(request, template, context)
