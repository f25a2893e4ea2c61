"""Whose figures, and of when: from the address line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone

from yifa.ledger.models import Organization, User
from yifa.ledger.people.pinyin import units_by_sound
from yifa.workbench.lists import as_day
from yifa.workbench.rights.access import home_organization


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, and of when."""

    unit: Organization
    start: date
    end: date
    units: list[Organization]

    @property
    def wrong(self) -> str:
        """What is wrong with the period, or nothing."""
        return "起始日期晚于截止日期，请改正。" if self.start > self.end else ""


def scope_of(request: HttpRequest, user: User) -> Scope:
    """From the address line; the user's organization and this year where it says nothing."""
    today = timezone.localdate()
    units = units_by_sound(Organization.objects.for_user(user))
    wanted = request.GET.get("unit")
    if wanted:
        unit = next((one for one in units if one.code == wanted), None)
    else:
        home = home_organization(user)
        unit = home if home in units else (units[0] if units else None)
    if unit is None:
        raise Http404
    until = as_day(request.GET.get("to", ""))
    start = as_day(request.GET.get("from", "")) or date((until or today).year, 1, 1)
    end = until or min(today, date(start.year, 12, 31))
    return Scope(unit, start, end, units)
