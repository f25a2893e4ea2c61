"""Records behind many figures, read in bulk: what several figures count alike is read once and kept as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.functions import Coalesce

from yifa.ledger.figures.columns import Columns, plain
from yifa.ledger.models import Record
from yifa.ledger.rows.ruling import part_is_listed
from yifa.ledger.rows.tallies import MILLION
from yifa.procedures.spans import STATES

if TYPE_CHECKING:
    from yifa.ledger.figures.spanrecords import SpanRecords

BATCH = 1000
COLUMNS = ("tally_id", "record_id", "position", "day", "organization_id", "amount")  # an index holds them


class Piece(NamedTuple):
    """Records counted alike in a figure: the part they make, or that each record's unit is its part."""

    columns: Columns
    part: str | None = None
    by_unit: bool = False


class Slices:
    """What tallies hold in a reach, each read when first asked for."""

    def __init__(self) -> None:
        self._read: dict[tuple[Any, int], Columns] = {}

    def pieces(self, found: SpanRecords) -> list[Piece]:
        """The records of a figure."""
        if not len(found):
            return []
        rule, reach = found.rule, found.reach
        frame = (reach, reach.cutoff(rule), rule.counts in STATES)
        missing = [tally for tally in found.tallies if (frame, tally) not in self._read]
        if missing:
            read = _columns(found, missing)
            self._read.update({(frame, tally): read.get(tally, Columns()) for tally in missing})
        by_unit = rule.breakdown == "unit"
        every = [(self._read[frame, tally], part) for tally, part in found.tallies.items()]
        return [Piece(one, part, by_unit) for one, part in every if len(one)]


def _columns(found: SpanRecords, tallies: Sequence[int]) -> Mapping[int, Columns]:
    """Tallies with what they hold. Of a column of dates SQLite's driver makes dates one by one, of a value it does not."""
    names = [*COLUMNS, *([] if part_is_listed(found.rule) else ["part"])]
    spans = found.reach.spans(found.rule).filter(tally_id__in=tallies)
    spans = spans.annotate(day=Coalesce("on", "on")).values_list(*names)
    try:
        sql, given = spans.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows = sorted(cursor.fetchall(), key=itemgetter(0, 1, 2))
    days: dict[Any, int] = {}
    return {tally: _one(list(own), days) for tally, own in groupby(rows, key=itemgetter(0))}


def _one(rows: Sequence[Sequence[Any]], days: dict[Any, int]) -> Columns:
    _, records, positions, on, units, amounts, *rest = zip(*rows, strict=True)
    for day in set(on) - days.keys():
        days[day] = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
    parts = rest[0] if rest else ()
    return Columns(
        records=records,
        positions=positions,
        days=[days[day] for day in on],
        units=units,
        values=plain([MILLION if amount is None else amount for amount in amounts]),
        parts=parts if any(part is not None for part in parts) else None,
    )


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
