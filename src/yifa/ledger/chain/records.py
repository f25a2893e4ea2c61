"""Reading the ledger's records and seals back, from the database or from an export file, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from yifa.ledger.chain.canonical import RECORD_COLUMNS, SEAL_COLUMNS
from yifa.ledger.chain.stored import rows
from yifa.ledger.models import Organization, Record, Seal, User

Progress = Callable[[int, int], None]  # records done, and of how many
Columns = dict[str, Any]  # RECORD_COLUMNS and digest, canonical


def stored_records(chains: tuple[str, Sequence[Any]] | None = None) -> Iterator[Columns]:
    """All records chain by chain, each in order of position, with `id` beside the canonical columns.

    `chains`: a subject and the ids of its chains: only the records of these.
    """
    among = {"subject": [chains[0]], "subject_id": chains[1]} if chains else None
    codes = dict(Organization.objects.values_list("id", "code"))
    users = dict(User.objects.values_list("id", "username"))
    order = ("subject", "subject_id", "position", "id")
    for row in rows(Record, ("id", *RECORD_COLUMNS, "digest"), order, among):
        row["organization_id"], row["recorded_by_id"] = row["organization"], row["recorded_by"]
        row["organization"] = codes.get(row["organization"])
        if row["recorded_by"] is not None:
            row["recorded_by"] = users.get(row["recorded_by"])
        yield row


def stored_seals() -> Iterator[Columns]:
    """All seals in order of days."""
    yield from rows(Seal, (*SEAL_COLUMNS, "digest"), ("day", "id"))


def by_chain(records: Iterable[Columns]) -> Iterator[tuple[tuple[str, str], list[Columns]]]:
    """Groups records that come chain by chain."""
    for key, chain in groupby(records, key=lambda row: (row["subject"], row["subject_id"])):
        yield key, list(chain)
