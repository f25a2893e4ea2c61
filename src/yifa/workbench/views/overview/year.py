"""The year at a glance, for leaders and whoever answers for more than single cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, Organization, User
from yifa.supervision.findings import open_ones, register
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.reports.access import involved
from yifa.workbench.rights.access import SignedInRequest, home_organization
from yifa.workbench.views.overview.firstpage import plan_progress

KEPT_SECONDS = 3600
CHARTED = 12  # procedures in the chart; the table has all
FIRST_FINDINGS = 6  # the open ones whose day is nearest or long past


@dataclass(frozen=True, slots=True)
class Procedure:
    """The cases of one procedure that began this year."""

    case_type: str
    title: str
    total: int
    broken: int  # a deadline was overstepped and is over
    late: int  # a deadline is overstepped and runs on
    faulty: int  # anything in the procedure is not as the law wants it

    @property
    def kept(self) -> int:
        """Those in which no deadline was overstepped so far."""
        return self.total - self.broken - self.late

    @property
    def amiss(self) -> bool:
        """Whether there is anything to look into."""
        return bool(self.broken or self.late or self.faulty)


@dataclass(frozen=True, slots=True)
class Clocks:
    """All procedures, and when they were counted."""

    rows: list[Procedure]
    counted_at: datetime
    open_findings: int = 0  # items of the register of what must be put right that are not written off
    late_findings: int = 0
    first_findings: tuple[Case, ...] = ()

    @property
    def amiss(self) -> list[Procedure]:
        """Those with something to look into, what is overdue first."""
        return sorted((row for row in self.rows if row.amiss), key=lambda row: (-row.late, -row.broken))

    @property
    def clean(self) -> list[Procedure]:
        """Those in which everything was done in time and as the law wants it."""
        return [row for row in self.rows if not row.amiss]


def clocks_of(user: User, unit: Organization, today: date) -> Clocks:
    """Deadlines kept and overstepped by procedure; counted once an hour, since every case of the year is looked at."""
    key = f"year:{user.pk}:{unit.pk}:{today}"
    known: Clocks | None = cache.get(key)
    if known is None:
        late = Q(next_due__lt=today)
        found = (
            Case.objects.listed_for(user)
            .filter(opened_on__range=(date(today.year, 1, 1), today))
            .order_by()
            .values("case_type")
            .annotate(
                total=Count("pk"),
                late=Count("pk", filter=late),
                broken=Count("pk", filter=Q(broken__gt=0) & ~late),
                faulty=Count("pk", filter=Q(findings_count__gt=0)),
            )
        )
        kinds = catalogue().case_types
        rows = [
            Procedure(title=kinds[row["case_type"]].title, **row)
            for row in found
            if row["case_type"] in kinds
        ]
        rows.sort(key=lambda row: -row.total)
        items = open_ones(register(user))
        late_items = items.filter(next_due__lt=today).count()
        dated = items.exclude(next_due=None).select_related("organization").order_by("next_due", "pk")
        known = Clocks(rows, timezone.now(), items.count(), late_items, tuple(dated[:FIRST_FINDINGS]))
        cache.set(key, known, KEPT_SECONDS)
    return known


def _chart(rows: list[Procedure], today: date) -> Chart:
    shown = rows[:CHARTED]
    begun = f"from={today.year}-01-01"

    def urls(state: str) -> list[str]:
        return [f"{reverse('cases')}?type={row.case_type}&state={state}&{begun}" for row in shown]

    return Chart(
        id="clocks-chart",
        kind="bar",
        labels=[row.title for row in shown],
        series=[
            Series(title, [getattr(row, name) for row in shown], colour, urls(state))
            for title, name, colour, state in (
                ("时限都守住", "kept", "success", "kept"),
                ("曾经超期", "broken", "warning", "broken"),
                ("正在超期", "late", "danger", "overdue"),
            )
        ],
        stacked=True,
        flat=True,
        urls=[f"{reverse('cases')}?type={row.case_type}&{begun}" for row in shown],
    )


@login_required
def year(request: SignedInRequest) -> HttpResponse:
    """Plan, deadlines, findings, reports; each mark opens to its records."""
    today, user = timezone.localdate(), request.user
    unit = home_organization(user)
    clocks = clocks_of(user, unit, today) if unit else Clocks([], timezone.now())
    context = {
        "title": f"{today.year}年一览",
        "today": today,
        "begun": f"{today.year}-01-01",
        "plan": plan_progress(user, today),
        "clocks": clocks,
        "totals": {
            name: sum(getattr(row, name) for row in clocks.rows)
            for name in ("total", "kept", "broken", "late", "faulty")
        },
        "chart": _chart(clocks.rows, today) if clocks.rows else None,
        "reports": involved(user).order_by("-year", "-built_at")[:6],
    }
    return render(request, "workbench/year.html", context)
