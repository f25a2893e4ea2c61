"""Records behind many figures, read in bulk: what several figures count alike is read once and kept as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from yifa.ledger.columns import Columns, of_records, plain
from yifa.ledger.counted import CountedRecord, digest_of
from yifa.ledger.models import Record
from yifa.ledger.tallies import MILLION
from yifa.procedures.spans import STATES

if TYPE_CHECKING:
    from yifa.ledger.spanrecords import SpanRecords

BATCH = 500
COLUMNS = (
    "tally_id", "record_id", "position", "on", "organization_id", "amount", "part", "record__digest",
)  # fmt: skip


class Slice(NamedTuple):
    """Records that are counted alike, with their digests in order."""

    columns: Columns
    digests: Sequence[str]


class Piece(NamedTuple):
    """A slice in a figure: the part it makes, or that each record's unit is its part."""

    slice: Slice
    part: str | None = None
    by_unit: bool = False


NOTHING = Slice(Columns(), ())


class Slices:
    """What tallies hold in a reach, each read when first asked for."""

    def __init__(self) -> None:
        self._read: dict[tuple[Any, int], Slice] = {}

    def pieces(self, found: SpanRecords) -> list[Piece]:
        """The records of a figure."""
        if not len(found):
            return []
        rule, reach = found.rule, found.reach
        frame = (reach, reach.cutoff(rule), rule.counts in STATES)
        missing = [tally for tally in found.tallies if (frame, tally) not in self._read]
        if missing:
            read = _slices(found, missing)
            self._read.update({(frame, tally): read.get(tally, NOTHING) for tally in missing})
        by_unit = rule.breakdown == "unit"
        every = [(self._read[frame, tally], part) for tally, part in found.tallies.items()]
        return [Piece(one, part, by_unit) for one, part in every if one.digests]


def _slices(found: SpanRecords, tallies: Sequence[int]) -> Mapping[int, Slice]:
    """Tallies with what they hold; dates as the database gives them, since making dates of them costs more than all else."""
    spans = found.reach.spans(found.rule).filter(tally_id__in=tallies).values_list(*COLUMNS)
    try:
        sql, given = spans.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows = sorted(cursor.fetchall(), key=itemgetter(0, 1, 2))
    days: dict[Any, int] = {}
    return {tally: _slice(list(own), days) for tally, own in groupby(rows, key=itemgetter(0))}


def _slice(rows: Sequence[Sequence[Any]], days: dict[Any, int]) -> Slice:
    _, records, positions, on, units, amounts, parts, digests = zip(*rows, strict=True)
    for day in set(on) - days.keys():
        days[day] = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
    columns = Columns(
        records=records,
        positions=positions,
        days=[days[day] for day in on],
        units=units,
        values=plain([MILLION if amount is None else amount for amount in amounts]),
        parts=None if all(part is None for part in parts) else parts,
    )
    return Slice(columns, sorted(digests))


def told(records: Iterable[CountedRecord]) -> list[Piece]:
    """Records that were not counted from spans, in their own words."""
    given = list(records)
    if not given:
        return []
    return [Piece(Slice(of_records(given, record_ids), sorted(one.digest for one in given)))]


def record_ids(digests: Sequence[str]) -> dict[str, int]:
    """The ids of the ledger's records with these digests."""
    wanted = sorted({digest for digest in digests if digest})
    return {
        digest: id_
        for first in range(0, len(wanted), BATCH)
        for digest, id_ in Record.objects.filter(digest__in=wanted[first : first + BATCH])
        .order_by()
        .values_list("digest", "id")
    }


def digest_of_pieces(pieces: Iterable[Piece]) -> str:
    """The digest of all records of a figure."""
    return digest_of(digest for piece in pieces for digest in piece.slice.digests)
