"""The first page: what is due, how the plan stands, the year's key figures, what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import Basis
from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Case, CaseClock, User
from yifa.ledger.models.scoping import remember_units
from yifa.ledger.search.queries import Amount, amount, due_on, due_within, ends_soon, overdue
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan, Task
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.figures.keyfigures import counted_cards, few_cases, key_figures
from yifa.workbench.firstpage.activity import recent
from yifa.workbench.firstpage.administration import administration
from yifa.workbench.firstpage.delegated import current
from yifa.workbench.firstpage.rolepanels import panels, watches
from yifa.workbench.models import SavedView
from yifa.workbench.rights.access import SignedInRequest, administers, has_role, home_organization
from yifa.workbench.rights.permits import SEE_YEAR
from yifa.workbench.waiting.everything import waiting_for
from yifa.workbench.waiting.plans import open_plans

SHOWN = 5
SHOWN_VIEWS = 12
MOST_OPEN = 9999
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueRow:
    """One deadline."""

    clock: CaseClock
    title: str
    kind: str
    days: int
    basis: Basis | None = None  # why it is due then


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Deadlines of one urgency."""

    title: str
    css: str
    count: Amount
    rows: tuple[DueRow, ...]
    more: str

    @property
    def cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.count.counted > len(self.rows)


def _group(title: str, css: str, clocks: QuerySet[CaseClock], today: date, state: str) -> DueGroup:
    first = list(clocks[: SHOWN + 1])
    count = amount(clocks) if len(first) > SHOWN else Amount(len(first))
    rows = tuple(_row(clock, today) for clock in first[:SHOWN])
    return DueGroup(title, css, count, rows, f"{reverse('cases')}?state={state}&sort=due")


def _row(clock: CaseClock, today: date) -> DueRow:
    kind = catalogue().case_types.get(clock.case.case_type)
    known = kind.clocks.get(clock.clock) if kind else None
    days = ((clock.due or today) - today).days
    basis = known.at_most[-1] if known and known.at_most else None  # a duration cites its law
    return DueRow(clock, known.title if known else clock.clock, kind.title if kind else "", days, basis)


def due_groups(user: User, today: date) -> list[DueGroup]:
    """Due today, overdue, due in the next seven days (a week that ends on Sunday would hide Monday on Friday)."""
    return [
        _group("今天到期", "warning", due_on(user, today), today, "today"),
        _group("已逾期", "danger", overdue(user, today), today, "overdue"),
        _group("七日内到期", "primary", due_within(user, today + DAY, today + 7 * DAY), today, "soon"),
    ]


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is."""

    plan: Plan
    total: int
    done: int
    late: int
    chart: Chart


def plan_progress(user: User, today: date) -> PlanProgress | None:
    """The plan in force of the user's organization or the one above it that has one; else the one being drawn up."""
    home = home_organization(user)
    if home is None:
        return None
    codes = home.ancestor_codes()
    plan = (
        Plan.objects.filter(organization__code__in=codes, year__lte=today.year)
        .exclude(state=Plan.State.WITHDRAWN)
        .annotate(in_force=Q(state=Plan.State.ISSUED, year__gte=today.year - 1))
        .order_by("-in_force", "-year", "-organization__path", "-imported_at")
        .first()
    )
    if plan is None:
        return None
    states = Task.State
    rows = (
        Task.objects.filter(plan=plan, parent=None)
        .values("chapter__order", "chapter__number", "chapter__title")
        .annotate(
            all=Count("pk"),
            done=Count("pk", filter=Q(state=states.DONE)),
            going=Count("pk", filter=Q(state=states.IN_PROGRESS)),
            idle=Count("pk", filter=Q(state=states.NOT_DONE)),
            late=Count("pk", filter=Q(due__lt=today, plan__state=Plan.State.ISSUED) & ~Q(state=states.DONE)),
        )
        .order_by("chapter__order")
    )
    labels = [_short(f"{row['chapter__number'] or ''}{row['chapter__title'] or '未分章'}") for row in rows]
    chart = Chart(
        id="plan-chart",
        kind="bar",
        labels=labels,
        series=[
            Series("已完成", [row["done"] for row in rows], "success"),
            Series("进行中", [row["going"] for row in rows], "primary"),
            Series("未开展", [row["idle"] for row in rows], "warning"),
            Series(
                "未开始",
                [row["all"] - row["done"] - row["going"] - row["idle"] for row in rows],
                "gray-400",
            ),
        ],
        stacked=True,
        flat=True,
        urls=[f"{reverse('plan', args=[plan.pk])}#chapter-{row['chapter__order']}" for row in rows],
    )
    return PlanProgress(
        plan,
        sum(row["all"] for row in rows),
        sum(row["done"] for row in rows),
        sum(row["late"] for row in rows),
        chart,
    )


def _short(title: str, most: int = 14) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"


@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """The first page."""
    today = timezone.localdate()
    user = request.user
    if administers(user):
        return administration(request, today)
    remember_units(user)
    few = few_cases()
    open_cases = amount(Case.objects.listed_for(user).filter(closed_on__isnull=True), MOST_OPEN)
    context = {
        "title": "首页",
        "today": today,
        "groups": due_groups(user, today),
        "open_cases": open_cases,
        "plan": plan_progress(user, today),
        # of a large ledger asked for later: what is counted over it, and looked for in it
        "reminders": open_plans(user, today) if few else None,
        "waiting": waiting_for(user, today) if few else None,
        "cards": key_figures(user, date(today.year, 1, 1), today),
        "year": today.year,
        "recent": recent(user, 8),
        "ending": [
            (one, catalogue().registers[one.register].title) for one in ends_soon(user, today)[:SHOWN]
        ],
        "delegations": current(user, today),
        "panels": panels(user, today) if few or not watches(user) else None,
        "views": SavedView.objects.filter(user=user)[:SHOWN_VIEWS],
        "glance": has_role(user, SEE_YEAR.roles),
        "may_open": has_role(user, OpenCase.needs.roles),
        "may_import_plan": has_role(user, ImportPlan.needs.roles),
    }
    return render(request, "workbench/home.html", context)


@login_required
def home_figures(request: SignedInRequest) -> HttpResponse:
    """The key figures counted now, which the first page of a large ledger asks for when it is there."""
    today = timezone.localdate()
    organization = home_organization(request.user)
    cards = counted_cards(organization, date(today.year, 1, 1), today) if organization else None
    if cards is None or not getattr(request, "htmx", False):
        return home(request)
    return render(request, "workbench/parts/key_figures.html", {"cards": cards, "year": today.year})


@login_required
def home_panels(request: SignedInRequest) -> HttpResponse:
    """What those see who watch over others' work, which the first page of a large ledger asks for when it is there."""
    today = timezone.localdate()
    if not getattr(request, "htmx", False):
        return redirect("home")
    remember_units(request.user)
    context = {"panels": panels(request.user, today), "today": today}
    return render(request, "workbench/parts/role_panels.html", context)


@login_required
def home_reminders(request: SignedInRequest) -> HttpResponse:
    """What is open in the plans, which the first page of a large ledger asks for when it is there."""
    context = {"reminders": open_plans(request.user, timezone.localdate()), "today": timezone.localdate()}
    if not getattr(request, "htmx", False):
        return render(request, "workbench/reminders.html", context | {"title": "任务提醒"})
    return render(request, "workbench/parts/reminders.html", context)
