"""What people look for: what is due, what is late, cases by any word. All within a user's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, CaseClock, Entry, Organization, User
from yifa.ledger.scoping import scoped
from yifa.ledger.searching import with_words

Viewer = User | AnonymousUser | None


def own_clocks() -> Q:
    """A filter for deadlines of the body itself, which run towards a known day."""
    parties = Q(pk__in=[])
    for case_type in catalogue().case_types.values():
        theirs = [clock_id for clock_id, clock in case_type.clocks.items() if clock.party is not None]
        if theirs:
            parties |= Q(case__case_type=case_type.case_type, clock__in=theirs)
    return Q(minimum=False, paused=False, stopped_on__isnull=True, due__isnull=False) & ~parties


def running_clocks(user: Viewer) -> QuerySet[CaseClock]:
    """The deadlines that run in the cases a user may see, the nearest first, with case and organization."""
    seen = scoped(CaseClock.objects.filter(own_clocks()), user, "case__organization__path")
    return seen.select_related("case", "case__organization").order_by("due", "case__opened_on", "case_id")


def overdue(user: Viewer, today: date) -> QuerySet[CaseClock]:
    """Deadlines passed and not met yet."""
    return running_clocks(user).filter(due__lt=today)


def due_on(user: Viewer, day: date) -> QuerySet[CaseClock]:
    """Deadlines that end on a day."""
    return running_clocks(user).filter(due=day)


def due_within(user: Viewer, first: date, last: date) -> QuerySet[CaseClock]:
    """Deadlines that end between two days, both counted."""
    return running_clocks(user).filter(due__range=(first, last))


def recent_cases(user: Viewer, limit: int = 10) -> QuerySet[Case]:
    """The cases opened last."""
    return Case.objects.for_user(user).select_related("organization").order_by("-opened_on", "-id")[:limit]


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What a list of cases is cut down to; everything may be left out.

    Attributes:
        text: Words that must all stand in title, number, organization, or an act's actor.
        organization: This one and all below it.
        due: "overdue", "today", "week" (until Sunday) or "running".
        findings: Only cases with faults of procedure (True) or without (False).
    """

    text: str = ""
    case_type: str = ""
    organization: Organization | None = None
    status: str = ""
    state: str = ""  # "open" or "closed"
    due: str = ""
    findings: bool | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None


def cases(user: Viewer, wanted: CaseFilter, today: date) -> QuerySet[Case]:
    """The cases a user may see that answer a filter."""
    found = Case.objects.for_user(user).select_related("organization")
    exact = {"case_type": wanted.case_type, "status": wanted.status}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.organization is not None:
        below = Organization.objects.below(wanted.organization).values_list("pk", flat=True)
        found = found.filter(organization_id__in=list(below))
    ranges = {
        "opened_on__gte": wanted.opened_from,
        "opened_on__lte": wanted.opened_to,
        "closed_on__gte": wanted.closed_from,
        "closed_on__lte": wanted.closed_to,
    }
    found = found.filter(**{name: day for name, day in ranges.items() if day is not None})
    if wanted.state:
        found = found.filter(closed_on__isnull=wanted.state == "open")
    if wanted.findings is not None:
        found = found.filter(findings_count__gt=0) if wanted.findings else found.filter(findings_count=0)
    return found.filter(_due(wanted.due, today), with_words(wanted.text))


def _due(due: str, today: date) -> Q:
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "overdue": Q(next_due__lt=today),
        "today": Q(next_due=today),
        "week": Q(next_due__range=(today, sunday)),
        "running": Q(next_due__isnull=False),
    }.get(due, Q())


def statuses(user: Viewer) -> list[tuple[str, int]]:
    """The statuses that occur in a user's cases, with how many cases each, the most frequent first."""
    counted = Case.objects.for_user(user).values("status").annotate(many=Count("pk"))
    return [(row["status"], row["many"]) for row in counted.order_by("-many", "status")]


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


def ending(user: Viewer, today: date) -> list[Entry]:
    """Entries that will end within the days their register reminds of, the nearest first."""
    soon = [
        Q(register=register.register_, ends__range=(today, today + timedelta(days=register.remind_days)))
        for register in catalogue().registers.values()
        if register.remind_days is not None
    ]
    if not soon:
        return []
    found = Entry.objects.for_user(user).filter(reduce(or_, soon), withdrawn=False)
    return list(found.select_related("organization").order_by("ends", "key"))
