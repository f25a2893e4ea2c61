"""How entries of registers and other cases stood on a day, as the ledger knows it now."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from yifa.ledger.models import Case, Entry, Record, Subject
from yifa.procedures.model import Listing

SUGGESTED = 300  # as many as a list in a browser bears


class LedgerLists:
    """Asks the registers and cases of the ledger. The best standing counts where several units have one key."""

    def entry(self, register: str, key: str, on: date) -> Listing:
        """Of the entry with this key."""
        found = {_standing(entry, on) for entry in Entry.objects.filter(register=register, key=key)}
        best = (Listing.IN_FORCE, Listing.ENDED, Listing.NOT_YET)
        return next((standing for standing in best if standing in found), Listing.UNKNOWN)

    def case(self, case_type: str, number: str, on: date) -> Listing:
        """Of the case with this number; of one without a number, its title."""
        named = Q(number=number) | Q(number="", title=number)
        found = Case.objects.filter(named, case_type=case_type)
        if not found.exists():
            return Listing.UNKNOWN
        return Listing.IN_FORCE if found.filter(opened_on__lte=on).exists() else Listing.NOT_YET


def _standing(entry: Entry, on: date) -> Listing:
    begins = entry.begins or entry.versions.order_by("version").values_list("happened_on", flat=True)[0]
    if on < begins:
        return Listing.NOT_YET
    ends = entry.ends
    if entry.withdrawn:
        last = Record.objects.filter(subject=Subject.ENTRY, subject_id=entry.pk).latest("position")
        withdrawn_on = last.happened_on or last.recorded_on
        return Listing.ENDED if on >= withdrawn_on else Listing.IN_FORCE
    return Listing.ENDED if ends and on > ends else Listing.IN_FORCE


def entries_in_force(register: str) -> list[tuple[str, str]]:
    """Key and title of the entries in force today that a form may suggest."""
    entries = Entry.objects.filter(register=register, withdrawn=False)
    today = timezone.localdate()
    entries = entries.filter(
        Q(ends__isnull=True) | Q(ends__gte=today), Q(begins__isnull=True) | Q(begins__lte=today)
    )
    return list(entries.order_by("key").values_list("key", "title")[:SUGGESTED])


def recent_cases(case_type: str) -> list[tuple[str, str]]:
    """Number and title of the latest cases that a form may suggest."""
    cases = Case.objects.filter(case_type=case_type).order_by("-opened_on")
    return [(number or title, title) for number, title in cases.values_list("number", "title")[:SUGGESTED]]
