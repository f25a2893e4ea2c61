"""The records behind figures are kept: packed, each set once, whoever needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from yifa.ledger.chain.canonical import sm3
from yifa.ledger.figures.columns import Columns, Line, of_records, pack, written
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.figures.recordsets import Difference, compare
from yifa.ledger.figures.slices import record_ids
from yifa.ledger.figures.spanrecords import SpanRecords
from yifa.ledger.models import Organization, Record
from yifa.reporting.keptrecords import FigureRecords, RecordPage, RecordSet
from yifa.reporting.models import StoredFigure
from yifa.reporting.recordlists import RecordList, Share

BATCH = 500


def shares_of(records: Sequence[CountedRecord]) -> list[Share]:
    """Records as columns, wherever they come from; what was not counted from spans keeps its own words."""
    if isinstance(records, SpanRecords):
        return [Share(piece.columns, piece.part, piece.by_unit) for piece in records.pieces()]
    if isinstance(records, RecordList):
        return list(records.shares)
    return [Share(of_records(records, record_ids))] if len(records) else []


class Sets:
    """Sets to be kept. Columns that are one object are one set without being looked at again."""

    def __init__(self) -> None:
        self._digests: dict[int, str] = {}
        self._held: list[Columns] = []  # so that no two have the same place in memory
        self._pages: dict[str, list[tuple[int, int, bytes]]] = {}
        self._sizes: dict[str, int] = {}

    def add(self, columns: Columns) -> str:
        """The digest of the set of these lines."""
        if id(columns) not in self._digests:
            self._held.append(columns)
            texts = [(page.records[0], page.records[-1], written(page)) for page in columns.pages()]
            digest = sm3(b"\n".join(text for _, _, text in texts))
            self._digests[id(columns)] = digest
            if digest not in self._pages:
                self._pages[digest], self._sizes[digest] = texts, len(columns)
        return self._digests[id(columns)]

    def keep(self) -> dict[str, int]:
        """Stores those that are not there yet; the ids of all by digest."""
        known = _ids(self._pages)
        new = [digest for digest in self._pages if digest not in known]
        RecordSet._default_manager.bulk_create(
            [RecordSet(digest=digest, size=self._sizes[digest]) for digest in new], ignore_conflicts=True
        )
        made = _ids(new)
        RecordPage._default_manager.bulk_create(
            [
                RecordPage(record_set_id=made[digest], first=first, last=last, packed=pack(text))
                for digest in new
                for first, last, text in self._pages[digest]
            ],
            batch_size=BATCH,
        )
        return {**known, **made}


def _ids(digests: Iterable[str]) -> dict[str, int]:
    wanted = list(digests)
    return {
        digest: id_
        for first in range(0, len(wanted), BATCH)
        for digest, id_ in RecordSet._default_manager.filter(
            digest__in=wanted[first : first + BATCH]
        ).values_list("digest", "id")
    }


def keep_records(figures: Sequence[tuple[StoredFigure, Sequence[Share]]]) -> None:
    """Keeps the records of figures that have just been stored."""
    sets = Sets()
    wanted = [(row, share, sets.add(share.columns)) for row, shares in figures for share in shares]
    ids = sets.keep()
    FigureRecords._default_manager.bulk_create(
        [
            FigureRecords(figure=row, record_set_id=ids[digest], part=share.part, by_unit=share.by_unit)
            for row, share, digest in wanted
        ],
        batch_size=BATCH,
    )


def drop_unused(sets: Iterable[int]) -> None:
    """Forgets those of these sets that no figure needs any more."""
    wanted = sorted(set(sets))
    for first in range(0, len(wanted), BATCH):
        some = RecordSet._default_manager.filter(pk__in=wanted[first : first + BATCH])
        some.filter(figures__isnull=True).delete()


def difference_to(figure: StoredFigure, now: Sequence[CountedRecord], most: int | None = None) -> Difference:
    """What stands between a figure's records and those of today; only lines that differ get their words.

    With `most` only so many of the lines that came or went are looked at, the earliest, each with all others of its case.
    """
    kept, today = Sets(), shares_of(now)
    counted = Counter(
        (sets_digest, share.part, share.by_unit)
        for share in today
        for sets_digest in [kept.add(share.columns)]
    )
    stored = ((one.record_set.digest, one.part, one.by_unit) for one in figure.sets.all())
    if Counter(stored) == counted:
        return Difference()
    then, units = figure.records, now_names(figure)
    ours = RecordList(len(now), lambda: today, units)
    was, is_ = Counter(map(_key, then.lines())), Counter(map(_key, ours.lines()))
    gone, come = was - is_, is_ - was
    left = [line for line in then.lines() if gone[_key(line)]]
    new = [line for line in ours.lines() if come[_key(line)]]
    among = None if most is None or len(left) + len(new) <= most else _first([*left, *new], most)
    some = [[line for line in lines if among is None or line.record in among] for lines in (left, new)]
    found = compare(then.words(some[0]), ours.words(some[1]))
    return replace(found, rest=len(left) + len(new) - len(some[0]) - len(some[1]))


def _first(lines: Sequence[Line], most: int) -> set[int]:
    """The records of the earliest lines, and all of the same cases and entries: what has moved is not torn apart."""
    first = {line.record for line in sorted(lines, key=lambda line: (line.day, line.record))[:most]}
    whose = Record.objects.filter(pk__in=first).values("subject_id")
    return first | set(Record.objects.order_by().filter(subject_id__in=whose).values_list("pk", flat=True))


def now_names(figure: StoredFigure) -> dict[int, str]:
    """The names of units as they are."""
    return dict(Organization.objects.below(figure.report.organization).values_list("id", "name"))


def _key(line: Line) -> tuple[object, ...]:
    """What makes two lines the same. Which record it is says what the record says: the ledger only grows."""
    own = line.said.digest if line.said is not None and not line.record else line.record
    return own, line.position, line.day, line.value, line.part
