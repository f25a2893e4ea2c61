"""What an export of the ledger says, without a database: organizations with their names, and chains as they stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from yifa.ledger.chain.chains import chain_faults
from yifa.ledger.chain.exporting import ExportReader
from yifa.ledger.chain.faults import Chain, Fault
from yifa.ledger.chain.history import Line, line_of
from yifa.ledger.chain.records import Columns, Progress, by_chain
from yifa.ledger.models import Subject

STEP = 1000
FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)


@dataclass
class ExportedUnit:
    """An organization as its own chain tells it. `names` are pairs of first day and name, in order."""

    code: str
    level: str
    parent: str | None
    created_at: datetime
    names: list[tuple[date, datetime, str]]
    digests: list[tuple[datetime, str]] = field(default_factory=list)

    def name(self, until: datetime) -> str:
        """The last name known at a moment."""
        return next((name for _, at, name in reversed(self.names) if at <= until), self.names[0][2])

    def name_on(self, day: date, until: datetime) -> str:
        """The name in force on a day, as known at a moment; before the first known name that first one."""
        known = [name for first, at, name in self.names if at <= until and first <= day]
        return known[-1] if known else self.names[0][2]

    def head(self, until: datetime) -> str:
        """The digest of the chain's last record at a moment."""
        return next((digest for at, digest in reversed(self.digests) if at <= until), "")


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration that a unit does not collect what a rule counts."""

    rule: str
    unit: str
    valid_from: date
    valid_to: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ExportedChain:
    """One case or entry: its lines in order, when each was recorded, and the code of its organization."""

    subject: str
    id: UUID
    unit: str
    lines: tuple[Line, ...]
    moments: tuple[datetime, ...]

    def until(self, moment: datetime) -> int:
        """How many lines stood at a moment."""
        return next(
            (place for place in range(len(self.moments), 0, -1) if self.moments[place - 1] <= moment), 0
        )


class ExportedLedger:
    """Reads an export: its organizations at once, its chains by `chains`. What does not hold is in `faults`."""

    def __init__(self, path: Path) -> None:
        self.reader = ExportReader(path)
        self.units: dict[str, ExportedUnit] = {}
        self.declared: list[Declared] = []
        self.notices: dict[str, str] = {}  # file name of a kept holiday notice and the SHA-256 of its content
        self.faults: list[Fault] = []
        self.sought: set[str] = set()  # digests to look for while the chains are read …
        self.met: set[str] = set()  # … and those that were there
        self._paths: dict[str, str] = {}
        self._organizations()

    def path(self, code: str) -> str:
        """「/body/unit/」: whose part a unit is."""
        if code in self._paths:
            return self._paths[code]
        found: list[str] = []
        unit: ExportedUnit | None = self.units.get(code)
        while unit is not None and unit.code not in found:
            found.append(unit.code)
            unit = self.units.get(unit.parent or "")
        self._paths[code] = f"/{'/'.join(reversed(found))}/" if found else ""
        return self._paths[code]

    def below(self, code: str, until: datetime) -> list[ExportedUnit]:
        """A unit and all below it that were known at a moment."""
        path = self.path(code)
        return [
            unit
            for unit in self.units.values()
            if path and unit.created_at <= until and self.path(unit.code).startswith(path)
        ]

    def chains(
        self, wanted: Callable[[Line], bool], progress: Progress | None = None
    ) -> Iterator[ExportedChain]:
        """Cases and entries whose first line is wanted; one that does not hold is a fault and left out."""
        count = 0
        for (subject, subject_id), rows in by_chain(self.reader.records()):
            before, count = count, count + len(rows)
            if self.sought:
                self.met.update(row["digest"] for row in rows if row["digest"] in self.sought)
            if progress and before // STEP != count // STEP:
                progress(count, self.reader.expected_records)
            if subject not in {Subject.CASE, Subject.ENTRY}:
                continue
            first = _line(rows[0])
            if first is None or not wanted(first):
                continue
            chain = self._sound(subject, subject_id, rows)
            if chain is not None:
                yield chain
        seals = sum(1 for _ in self.reader.seals())
        self.faults += self.reader.faults(count, seals)

    def _sound(self, subject: str, subject_id: str, rows: list[Columns]) -> ExportedChain | None:
        faults = chain_faults(Chain(rows))
        self.faults += faults
        lines = [_line(row) for row in rows]
        if faults or any(line is None for line in lines):
            return None
        return ExportedChain(
            subject=subject,
            id=UUID(subject_id),
            unit=str(rows[0]["organization"]),
            lines=tuple(line for line in lines if line is not None),
            moments=tuple(moment_of(row["recorded_at"]) for row in rows),
        )

    def _organizations(self) -> None:
        rows = (row for row in self.reader.records() if row["subject"] == Subject.ORGANIZATION)
        for _, chain in by_chain(rows):
            self.faults += chain_faults(Chain(chain))
            for row in chain:
                self._organization(row)
        self.reader.unreadable.clear()  # said when the chains are read

    def _organization(self, row: Columns) -> None:
        line, at, code = _line(row), moment_of(row["recorded_at"]), str(row["organization"])
        if line is None:
            return
        said = line.payload
        if line.kind == "organization.created":
            names = [(line.happened_on or date.min, at, str(said["name"]))]
            self.units[code] = ExportedUnit(code, str(said["level"]), said.get("parent"), at, names)
        elif line.kind == "organization.renamed" and code in self.units:
            self.units[code].names.append((line.happened_on or date.min, at, str(said["name"])))
        elif line.kind == "collection.declined" and line.happened_on is not None:
            until = date.fromisoformat(said["to"]) if said.get("to") else None
            self.declared.append(Declared(str(said["counting_rule"]), code, line.happened_on, until, at))
        elif line.kind == "calendar.kept":
            self.notices[str(said["file"])] = str(said["sha256"])
        if code in self.units:
            self.units[code].digests.append((at, line.digest))


def moment_of(text: Any) -> datetime:
    """A moment of the export; the first of all where it is damaged (its digest then does not hold)."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return FIRST_MOMENT


def _line(row: Columns) -> Line | None:
    try:
        return line_of(row)
    except (ValueError, KeyError, TypeError):
        return None
