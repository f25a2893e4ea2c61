"""Two sets of records behind a figure, one beside the other: what came, what went, what counts otherwise now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yifa.ledger.figures.counting import CountedRecord

Pair = tuple[CountedRecord, CountedRecord]  # as it counted before, as it counts after


@dataclass(frozen=True, slots=True)
class Difference:
    """What makes the difference between two sets of records. `rest`: how many more came or went that were not looked at."""

    added: tuple[CountedRecord, ...] = ()
    removed: tuple[CountedRecord, ...] = ()
    changed: tuple[Pair, ...] = ()
    rest: int = 0

    def __len__(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed) + self.rest

    @property
    def records(self) -> tuple[CountedRecord, ...]:
        """All records it names, each as it stands last."""
        return (*self.added, *self.removed, *(after for _, after in self.changed))


def compare(before: Iterable[CountedRecord], after: Iterable[CountedRecord]) -> Difference:
    """The difference of two sets.

    A record is the same where it counts the same act of the same case (or the same entry) with the same digest, day,
    value and part. A case that counts by another act has changed; it did not go and come.
    """
    was, now = ({_key(one): one for one in records} for records in (before, after))
    changed = [(was[key], now[key]) for key in was.keys() & now.keys() if _differ(was[key], now[key])]
    gone = [one for key, one in was.items() if key not in now]
    come = [one for key, one in now.items() if key not in was]
    moved = _moved(gone, come)
    paired = {_key(one) for pair in moved for one in pair}
    return Difference(
        added=_sorted(one for one in come if _key(one) not in paired),
        removed=_sorted(one for one in gone if _key(one) not in paired),
        changed=tuple(sorted((*changed, *moved), key=lambda pair: _order(pair[1]))),
    )


def _moved(gone: Iterable[CountedRecord], come: Iterable[CountedRecord]) -> list[Pair]:
    """Cases that left with one act and came with another, where there is no doubt which."""
    left: dict[UUID, list[CountedRecord]] = defaultdict(list)
    here: dict[UUID, list[CountedRecord]] = defaultdict(list)
    for records, by_id in ((gone, left), (come, here)):
        for one in records:
            by_id[one.id].append(one)
    return [
        (left[id_][0], here[id_][0])
        for id_ in left.keys() & here.keys()
        if len(left[id_]) == 1 and len(here[id_]) == 1
    ]


def _key(record: CountedRecord) -> tuple[str, UUID, int]:
    return record.kind, record.id, record.position


def _differ(one: CountedRecord, other: CountedRecord) -> bool:
    said, says = ((r.digest, r.on, r.value, r.part) for r in (one, other))
    told = one.told is not None and other.told is not None and one.told != other.told
    return said != says or told  # a stored figure does not keep what told its records apart


def _order(record: CountedRecord) -> tuple[date, str, str, int]:
    return record.on, record.number, str(record.id), record.position


def _sorted(records: Iterable[CountedRecord]) -> tuple[CountedRecord, ...]:
    return tuple(sorted(records, key=_order))
