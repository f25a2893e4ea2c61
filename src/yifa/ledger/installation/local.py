"""Lengths of time given by the locality: kept in the data folder, followed by the catalogue, missed by open cases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from yifa.law.loader import Catalogue, follow
from yifa.law.local import LocalLength, read_lengths, with_lengths
from yifa.ledger.models import CaseClock, Organization


def file() -> Path:
    """Where the installation keeps its local lengths."""
    return Path(settings.DATA) / "local" / "lengths.yaml"


def given() -> tuple[LocalLength, ...]:
    """The local lengths given so far."""
    return read_lengths(file())


def follow_local() -> None:
    """Let the catalogue be read with the local lengths of the data folder."""

    def change(known: Catalogue) -> Catalogue:
        return with_lengths(known, given())

    follow(change)


def missed(organization: Organization) -> Counter[tuple[str, str]]:
    """How many open cases wait for a length, by case type and clock: it began and has no last day for want of a number."""
    rows = (
        CaseClock.objects.filter(
            case__organization__path__startswith=organization.path,
            case__closed_on__isnull=True,
            started_on__isnull=False,
            due__isnull=True,
            stopped_on__isnull=True,
            paused=False,
        )
        .values("case__case_type", "clock")
        .annotate(cases=Count("pk"))
    )
    return Counter({(row["case__case_type"], row["clock"]): row["cases"] for row in rows})
