"""Does the ledger hold? Every digest, chain, seal, attachment and projection is computed anew.

`verify` looks at the database, `verify_file` at an export, without a database. Both name what does not hold: the case,
the act and the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from yifa.ledger.canonical import GENESIS, merkle_root, seal_digest
from yifa.ledger.chains import chain_faults
from yifa.ledger.exporting import ExportReader
from yifa.ledger.faults import Chain, Fault, Verified, named
from yifa.ledger.models import Record
from yifa.ledger.projected import attachment_faults, projection_faults
from yifa.ledger.records import Columns, Progress, by_chain, stored_records, stored_seals

STEP = 500


def verify(progress: Progress | None = None) -> Verified:
    """Verifies the database: records, seals, projections, attachments."""
    check = _Check(progress, Record.objects.count())
    chains = check.chains(stored_records())
    seals = check.seals(stored_seals())
    sound = [chain for chain in chains if chain.id not in check.unsound]
    faults = [*check.faults, *projection_faults(chains, check.unsound), *attachment_faults(sound)]
    return Verified(tuple(faults), check.count, seals)


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
        self.unsound: set[str] = set()  # chains that do not hold: nothing follows from them
        self.days: dict[str, list[str]] = {}
        self.sealed: set[str] = set()

    def chains(self, records: Iterable[Columns]) -> list[Chain]:
        """Checks all chains and returns them for the checks that need their meaning."""
        chains = []
        for _, rows in by_chain(records):
            chain = Chain(rows)
            faults = chain_faults(chain)
            self.faults += faults
            if faults:
                self.unsound.add(chain.id)
            for row in rows:
                self.days.setdefault(str(row["recorded_on"]), []).append(row["digest"])
            before, self.count = self.count, self.count + len(rows)
            if self.progress and before // STEP != self.count // STEP:
                self.progress(self.count, self.total)
            chains.append(chain)
        if self.progress:
            self.progress(self.count, self.total)
        return chains

    def seals(self, seals: Iterable[Columns]) -> int:
        """Checks all seals against the records of their days; returns how many there are."""
        previous, count, last = GENESIS, 0, ""
        for seal in seals:
            self.faults += seal_faults(seal, self.days.get(str(seal["day"]), []), previous)
            self.sealed.add(str(seal["day"]))
            previous, count, last = seal["digest"], count + 1, str(seal["day"])
        for day in sorted(set(self.days) - self.sealed):
            if day < last:
                message = (
                    f"{named(day)}没有封存，而此后的日期已封存：这一天的记录是后来放进去的，或封存被删除。"
                )
                self.faults.append(Fault("seal", f"seal/{day}", message, day=day))
        return count


def seal_faults(seal: Columns, digests: list[str], previous: str) -> list[Fault]:
    """What does not hold in one day's seal."""
    day = str(seal["day"])
    where = f"seal/{day}"
    faults = []
    try:
        sound = seal_digest(seal) == seal["digest"]
    except (TypeError, ValueError, KeyError):
        sound = False
    if not sound:
        faults.append(Fault("seal", where, f"{named(day)}的封存被改动：内容与摘要不符。", day=day))
    if seal["previous"] != previous:
        faults.append(
            Fault("seal", where, f"{named(day)}的封存与前一封存接不上：前面有封存被改动或删除。", day=day)
        )
    if seal["count"] != len(digests):
        message = f"{named(day)}封存时有{seal['count']}条记录，现有{len(digests)}条：当天的记录有增删。"
        faults.append(Fault("seal", where, message, day=day))
    elif _root(digests) != seal["root"]:
        doubled = " 其中有记录重复。" if max(Counter(digests).values(), default=0) > 1 else ""
        faults.append(
            Fault(
                "seal", where, f"{named(day)}的封存与当天的记录不符：有记录在封存后被改动。{doubled}", day=day
            )
        )
    return faults


def _root(digests: list[str]) -> str | None:
    try:
        return merkle_root(digests)
    except (TypeError, ValueError):
        return None
