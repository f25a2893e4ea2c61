"""Does the ledger hold? Every digest, chain, seal, attachment and projection is computed anew.

`verify` looks at the database, `verify_file` at an export, without a database. Both name what does not hold: the case,
the act and the day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from yifa.ledger.chain.canonical import GENESIS, root_of_sorted, seal_digest
from yifa.ledger.chain.chains import chain_faults
from yifa.ledger.chain.exporting import ExportReader
from yifa.ledger.chain.faults import Chain, Fault, Verified, named
from yifa.ledger.chain.records import Columns, Progress, by_chain, stored_records, stored_seals
from yifa.ledger.chain.stored import one_moment
from yifa.ledger.models import Record
from yifa.ledger.proof.projected import Projections

STRETCH = 400  # chains looked at together


def verify(progress: Progress | None = None) -> Verified:
    """Verifies the database as it is at one moment: records, seals, projections, attachments."""
    with one_moment():
        check, projections = _Check(progress, Record.objects.count()), Projections()
        seals = list(stored_seals())  # before the records: none comes under a seal afterwards
        check.chains(stored_records(), projections.look_at)
        sealed = check.seals(seals)
        return Verified((*check.faults, *projections.faults()), check.count, sealed)


def verify_file(path: Path, progress: Progress | None = None) -> Verified:
    """Verifies an export file: records, seals, and that it is whole."""
    reader = ExportReader(path)
    check = _Check(progress, reader.expected_records)
    check.chains(reader.records())
    seals = check.seals(reader.seals())
    return Verified((*reader.faults(check.count, seals), *check.faults), check.count, seals)


class _Check:
    """One run over records and seals."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total = progress, total
        self.count = 0
        self.faults: list[Fault] = []
        self.days = _Days()

    def chains(
        self, records: Iterable[Columns], look_at: Callable[[Sequence[Chain]], None] | None = None
    ) -> None:
        """Checks all chains; hands those that hold on to whoever looks at what they mean."""
        chains = by_chain(records)
        while stretch := [Chain(rows) for _, rows in islice(chains, STRETCH)]:
            found = {chain: chain_faults(chain) for chain in stretch}
            self.faults += [fault for faults in found.values() for fault in faults]
            if look_at is not None:
                look_at([chain for chain, faults in found.items() if not faults])
            rows = [row for chain in stretch for row in chain.rows]
            self.days.add(rows)
            self.count += len(rows)
            if self.progress:
                self.progress(self.count, self.total)

    def seals(self, seals: Iterable[Columns]) -> int:
        """Checks all seals against the records of their days; returns how many there are."""
        previous, count, last = GENESIS, 0, ""
        sealed: set[str] = set()
        for seal in seals:
            self.faults += seal_faults(seal, self.days.digests(str(seal["day"])), previous)
            sealed.add(str(seal["day"]))
            previous, count, last = seal["digest"], count + 1, str(seal["day"])
        for day in sorted(self.days.all() - sealed):
            if day < last:
                message = (
                    f"{named(day)}没有封存，而此后的日期已封存：这一天的记录是后来放进去的，或封存被删除。"
                )
                self.faults.append(Fault("seal", f"seal/{day}", message, day=day))
        return count


class _Days:
    """The digests of records by day, in a file that goes with this object: there may be more than memory should hold."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript("PRAGMA journal_mode=OFF; CREATE TABLE record (day TEXT, digest TEXT)")

    def add(self, rows: Iterable[Columns]) -> None:
        """Takes in the days and digests of records."""
        said = [(str(row["recorded_on"]), str(row["digest"])) for row in rows]
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO record VALUES (?, ?)", said)
        self._file.execute("COMMIT")

    def digests(self, day: str) -> Iterator[str]:
        """Those of a day, in ascending order."""
        self._file.execute("CREATE INDEX IF NOT EXISTS by_day ON record (day, digest)")
        for (digest,) in self._file.execute("SELECT digest FROM record WHERE day = ? ORDER BY digest", [day]):
            yield digest

    def all(self) -> set[str]:
        """The days there are."""
        return {day for (day,) in self._file.execute("SELECT DISTINCT day FROM record")}


def seal_faults(seal: Columns, digests: Iterable[str], previous: str) -> list[Fault]:
    """What does not hold in one day's seal, given the digests of its records in ascending order."""
    day, found = str(seal["day"]), _Day(digests)
    where, root = f"seal/{day}", found.root()
    faults = []
    if not _seal_holds(seal):
        faults.append(Fault("seal", where, f"{named(day)}的封存被改动：内容与摘要不符。", day=day))
    if seal["previous"] != previous:
        message = f"{named(day)}的封存与前一封存接不上：前面有封存被改动或删除。"
        faults.append(Fault("seal", where, message, day=day))
    if seal["count"] != found.count:
        message = f"{named(day)}封存时有{seal['count']}条记录，现有{found.count}条：当天的记录有增删。"
        faults.append(Fault("seal", where, message, day=day))
    elif root != seal["root"]:
        doubled = " 其中有记录重复。" if found.doubled else ""
        message = f"{named(day)}的封存与当天的记录不符：有记录在封存后被改动。{doubled}"
        faults.append(Fault("seal", where, message, day=day))
    return faults


def _seal_holds(seal: Columns) -> bool:
    try:
        return bool(seal_digest(seal) == seal["digest"])
    except (TypeError, ValueError, KeyError):
        return False


class _Day:
    """What the records of a day come to, read through once."""

    def __init__(self, digests: Iterable[str]) -> None:
        self._digests = digests
        self.count, self.doubled = 0, False

    def root(self) -> str | None:
        """The root over them; None where one is no digest any more."""
        given = iter(self._passing())
        try:
            return root_of_sorted(given)
        except ValueError:
            for _ in given:  # counted nevertheless
                pass
            return None

    def _passing(self) -> Iterator[str]:
        before = None
        for digest in self._digests:
            self.count, self.doubled, before = self.count + 1, self.doubled or digest == before, digest
            yield digest
