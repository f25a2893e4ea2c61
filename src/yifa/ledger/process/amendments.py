"""Entries of registers that came into the ledger after the day from which they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import F

from yifa.ledger.models import Amendment, EntryVersion
from yifa.ledger.process.rows import Values


def entry_amendments(ids: Collection[UUID]) -> Iterator[Values]:
    """The versions of entries that were recorded later than they began to hold."""
    rows = EntryVersion.objects.filter(entry__in=ids, happened_on__lt=F("record__recorded_on"))
    names = (
        "entry_id", "version", "happened_on", "record_id", "record__recorded_on", "entry__organization_id", "entry__register",
    )  # fmt: skip
    for entry, version, happened, record, recorded, unit, register in rows.order_by("record_id").values_list(
        *names
    ):
        yield {
            "entry_id": entry,
            "record_id": record,
            "organization_id": unit,
            "kind": register,
            "what": int(Amendment.What.BACK if version == 1 else Amendment.What.REVISED),
            "days": (recorded - happened).days,
            "recorded_on": recorded,
        }
