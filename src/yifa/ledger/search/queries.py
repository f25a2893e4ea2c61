"""What people look for: what is due, what is late, cases by any word. All within a user's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, CaseClock, Entry, Handover, Organization, User
from yifa.ledger.models.projected import RUNNING
from yifa.ledger.models.scoping import among_units, handed_cases, handed_to, units_seen
from yifa.ledger.search.searching import MANY, Search, search

M = TypeVar("M", bound=Model)
Viewer = User | AnonymousUser | None
COUNTED = 999  # beyond it nobody acts on the number


@dataclass(frozen=True, slots=True)
class Amount:
    """How many there are, counted no further than makes sense to look at; then said with a plus: 999+."""

    counted: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.counted:,}{'+' * self.more}"

    def __bool__(self) -> bool:
        return self.counted > 0


def amount(rows: QuerySet[M], most: int = COUNTED) -> Amount:
    """How many rows there are, looking at one more than `most` of them."""
    found = rows.order_by().values("pk")[: most + 1].count()
    return Amount(min(found, most), found > most)


def running_clocks(user: Viewer) -> QuerySet[CaseClock]:
    """The deadlines that run in the cases a user may see, the nearest first, then by unit; with case and organization.

    In the order of an index that holds running deadlines only, so that the first few are found at once.
    """
    seen = among_units(CaseClock.objects.filter(RUNNING), user, listed=True)
    return seen.select_related("case", "case__organization").order_by(
        "due", "organization_id", "case_id", "clock"
    )


def overdue(user: Viewer, today: date) -> QuerySet[CaseClock]:
    """Deadlines passed and not met yet."""
    return running_clocks(user).filter(due__lt=today)


def due_on(user: Viewer, day: date) -> QuerySet[CaseClock]:
    """Deadlines that end on a day."""
    return running_clocks(user).filter(due=day)


def due_within(user: Viewer, first: date, last: date) -> QuerySet[CaseClock]:
    """Deadlines that end between two days, both counted."""
    return running_clocks(user).filter(due__range=(first, last))


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What a list of cases is cut down to; everything may be left out.

    Attributes:
        text: Words that must all stand in title, number, organization, or an act's actor.
        organization: This one and all below it.
        due: "overdue", "today", "week" (until Sunday) or "running".
        findings: Only cases with faults of procedure (True) or without (False).
        handed: Only cases of others that stand handed to the user's units.
    """

    text: str = ""
    case_type: str = ""
    organization: Organization | None = None
    status: str = ""
    state: str = ""  # "open" or "closed"
    due: str = ""
    findings: bool | None = None
    handed: bool = False
    opened_from: date | None = None
    opened_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None


def looked_for(user: Viewer, wanted: CaseFilter) -> Search:
    """What the words of a filter find in the cases a user may see."""
    if not wanted.text.strip():
        return Search(Q())
    seen = units_seen(user) if isinstance(user, User) else None
    if wanted.organization is not None:
        below = Organization.objects.below(wanted.organization).values_list("pk", flat=True)
        seen = [unit for unit in below if seen is None or unit in seen]
    handed = handed_cases(user, seen) if isinstance(user, User) and wanted.organization is None else []
    if wanted.handed:
        return search(wanted.text, [], wanted.case_type, list(handed_keys(user, wanted)[:MANY]))
    return search(wanted.text, seen, wanted.case_type, [] if isinstance(handed, QuerySet) else handed)


def cases(user: Viewer, wanted: CaseFilter, today: date, found_by: Search | None = None) -> QuerySet[Case]:
    """The cases a user may see that answer a filter; `found_by`, where its words were looked up before."""
    asker = user if isinstance(user, User) else None
    seen = Case.objects.handed_to(asker) if wanted.handed and asker else Case.objects.listed_for(user)
    found = seen.select_related("organization")
    exact = {"case_type": wanted.case_type, "status": wanted.status}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.organization is not None:
        below = Organization.objects.below(wanted.organization).values_list("pk", flat=True)
        found = found.filter(organization_id__in=list(below))
    closed = {"closed_on__gte": wanted.closed_from, "closed_on__lte": wanted.closed_to}
    found = found.filter(**_opened(wanted), **{name: day for name, day in closed.items() if day is not None})
    if wanted.state:
        found = found.filter(closed_on__isnull=wanted.state == "open")
    if wanted.findings is not None:
        found = found.filter(findings_count__gt=0) if wanted.findings else found.filter(findings_count=0)
    return found.filter(_due(wanted.due, today), (found_by or looked_for(user, wanted)).condition)


def handed_keys(user: Viewer, wanted: CaseFilter) -> QuerySet[Handover, UUID]:
    """Of the cases of others that stand handed to a user's units those of a filter's kind and days of opening.

    By their keys, each once, the one opened last first, from one index. Its words are not looked at.
    """
    seen = (units_seen(user) if isinstance(user, User) else None) or []
    rows = handed_to(seen).exclude(organization_id__in=seen).filter(**_opened(wanted))
    if wanted.case_type:
        rows = rows.filter(case_type=wanted.case_type)
    if wanted.organization is not None:
        rows = rows.filter(organization__in=list(Organization.objects.below(wanted.organization)))
    return rows.order_by("-opened_on", "-case_id").values_list("case_id", flat=True).distinct()


def _opened(wanted: CaseFilter) -> dict[str, date]:
    days = {"opened_on__gte": wanted.opened_from, "opened_on__lte": wanted.opened_to}
    return {name: day for name, day in days.items() if day is not None}


def newest(user: Viewer, wanted: CaseFilter, today: date, found_by: Search, most: int) -> list[Case]:
    """As `cases`, of what words found the cases opened last."""
    if found_by.newest is None or wanted != CaseFilter(
        text=wanted.text, case_type=wanted.case_type, organization=wanted.organization
    ):
        return list(cases(user, wanted, today, found_by).order_by("-opened_on", "-id")[:most])
    seen = Case.objects.for_user(user).select_related("organization").in_bulk(found_by.newest[:most])
    return [seen[key] for key in found_by.newest[:most] if key in seen]


def _due(due: str, today: date) -> Q:
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "overdue": Q(next_due__lt=today),
        "today": Q(next_due=today),
        "week": Q(next_due__range=(today, sunday)),
        "running": Q(next_due__isnull=False),
    }.get(due, Q())


def entries(
    user: Viewer, register: str, text: str = "", organization: Organization | None = None
) -> QuerySet[Entry]:
    """The entries of a register a user may see."""
    found = Entry.objects.for_user(user).filter(register=register).select_related("organization")
    if organization is not None:
        found = found.filter(organization__path__startswith=organization.path)
    for word in text.split():
        found = found.filter(Q(title__icontains=word) | Q(key__icontains=word))
    return found


def in_force(found: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Those entries that are in force on a day. On its last day an entry still is, as the counting rules have it."""
    begun = Q(begins__isnull=True) | Q(begins__lte=day)
    not_ended = Q(ends__isnull=True) | Q(ends__gte=day)
    return found.filter(begun, not_ended, withdrawn=False)


def to_come(found: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Those entries whose first day is still to come."""
    return found.filter(begins__gt=day, withdrawn=False)


def ended(found: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Those entries whose last day has passed."""
    return found.filter(ends__lt=day, withdrawn=False)


def ends_soon(user: Viewer, today: date) -> QuerySet[Entry]:
    """Entries that will end within the days their register reminds of, the nearest first."""
    soon = [
        Q(register=register.register_, ends__range=(today, today + timedelta(days=register.remind_days)))
        for register in catalogue().registers.values()
        if register.remind_days is not None
    ]
    found = Entry.objects.for_user(user).filter(reduce(or_, soon, Q(pk__in=[])), withdrawn=False)
    return found.select_related("organization").order_by("ends", "key")
