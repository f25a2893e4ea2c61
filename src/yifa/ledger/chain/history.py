"""What the records of one chain say, put together again. Pure: no database, no catalogue, no day of looking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from yifa.ledger.chain.canonical import GENESIS
from yifa.procedures.entries import effective, fired_rows
from yifa.procedures.model import Act, Correction, Entered, Entry, Listing

CASE_OPENED = "case.opened"
ACT_RECORDED = "act.recorded"
ACT_CORRECTED = "act.corrected"
ACT_WITHDRAWN = "act.withdrawn"
FACTS_CHANGED = "facts.changed"
ENTRY_PUBLISHED = "entry.published"
ENTRY_REVISED = "entry.revised"
ENTRY_WITHDRAWN = "entry.withdrawn"

Evidence = list[dict[str, str | None]]


class Line(NamedTuple):
    """One record, as far as its meaning goes."""

    position: int
    kind: str
    happened_on: date | None
    recorded_on: date
    payload: Mapping[str, Any]
    digest: str
    organization_id: int = 0
    recorded_by_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """A case as its records give it. Keys of `shaped` and `evidence` are entry positions, as the engine counts."""

    id: UUID
    organization_id: int
    case_type: str
    title: str
    level: str
    jurisdiction: str
    facts: Mapping[str, Any]
    opened_by_id: int | None
    entries: tuple[Entry, ...] = ()
    number: str = ""
    numbers: tuple[Mapping[str, Any], ...] = ()
    shaped: Mapping[int, Line] = field(default_factory=dict)  # the last record that shaped an act
    evidence: Mapping[int, Evidence] = field(default_factory=dict)
    length: int = 0
    head: str = GENESIS
    last: int = 0  # id of the last record
    recorded_on: date = date.min  # day of the last record

    def acts(self) -> tuple[Act, ...]:
        """The acts as they stand after corrections."""
        return effective(self.entries)

    def act_at(self, position: int) -> Act | None:
        """The act entered at a position, as it stands; None where there is none or it was withdrawn."""
        return next((act for act in self.acts() if act.position == position), None)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a register entry."""

    version: int
    data: Mapping[str, Any]
    happened_on: date | None
    reason: str
    line: Line


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """A register entry as its records give it."""

    id: UUID
    organization_id: int
    register: str
    versions: tuple[Version, ...] = ()
    withdrawn_on: date | None = None
    length: int = 0
    head: str = GENESIS
    last: int = 0  # id of the last record

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken off the register."""
        return self.withdrawn_on is not None

    @property
    def data(self) -> Mapping[str, Any]:
        """What the entry says now."""
        return self.versions[-1].data


def line_of(row: Mapping[str, Any]) -> Line:
    """A line from a row in canonical form (see `records`).

    Raises:
        ValueError, KeyError, TypeError: the row is damaged.
    """
    payload = json.loads(row["payload"])
    if not isinstance(payload, dict):
        raise TypeError("payload is no object")
    return Line(
        position=row["position"],
        kind=row["kind"],
        happened_on=date.fromisoformat(row["happened_on"]) if row["happened_on"] else None,
        recorded_on=date.fromisoformat(row["recorded_on"]),
        payload=payload,
        digest=row["digest"],
        organization_id=row.get("organization_id", 0),
        recorded_by_id=row.get("recorded_by_id"),
        id=row.get("id", 0),
    )


def replay_case(case_id: UUID, lines: Iterable[Line]) -> CaseHistory:
    """The case its records describe; the first line must open it."""
    remaining = iter(lines)
    history = case_opened(case_id, next(remaining))
    for line in remaining:
        history = case_with(history, line)
    return history


def case_opened(case_id: UUID, line: Line) -> CaseHistory:
    """A case that has just been opened."""
    payload = line.payload
    return CaseHistory(
        id=case_id,
        organization_id=line.organization_id,
        case_type=payload["case_type"],
        title=payload["title"],
        level=payload["level"],
        jurisdiction=payload["jurisdiction"],
        facts=payload["facts"],
        opened_by_id=line.recorded_by_id,
        length=line.position,
        head=line.digest,
        last=line.id,
        recorded_on=line.recorded_on,
    )


def case_of_acts(case_id: UUID, opened: Line, acted: Sequence[Line], acts: tuple[Act, ...]) -> CaseHistory:
    """As `replay_case`, of a chain that opens a case and records acts; these are given as `act_of` makes them."""
    first, last = opened.payload, acted[-1]
    numbers = tuple([number for line in acted if (number := line.payload.get("number"))])
    return CaseHistory(
        id=case_id,
        organization_id=opened.organization_id,
        case_type=first["case_type"],
        title=first["title"],
        level=first["level"],
        jurisdiction=first["jurisdiction"],
        facts=first["facts"],
        opened_by_id=opened.recorded_by_id,
        entries=acts,
        number=numbers[-1]["text"] if numbers else "",
        numbers=numbers,
        shaped={act.position: line for act, line in zip(acts, acted, strict=True)},
        evidence={act.position: line.payload["evidence"] for act, line in zip(acts, acted, strict=True)},
        length=last.position,
        head=last.digest,
        last=last.id,
        recorded_on=last.recorded_on,
    )


def case_with(history: CaseHistory, line: Line) -> CaseHistory:
    """The case after one more record."""
    payload = line.payload
    history = replace(
        history, length=line.position, head=line.digest, last=line.id, recorded_on=line.recorded_on
    )
    if line.kind == ACT_RECORDED:
        return _with_act(history, line)
    if line.kind in {ACT_CORRECTED, ACT_WITHDRAWN}:
        return _with_correction(history, line)
    if line.kind == FACTS_CHANGED:
        facts = {
            name: value for name, value in {**history.facts, **payload["facts"]}.items() if value is not None
        }
        return replace(history, facts=facts, title=payload.get("title") or history.title)
    raise ValueError(f"unknown kind {line.kind!r} in the chain of a case")


def _with_act(history: CaseHistory, line: Line) -> CaseHistory:
    act = act_of(line.payload, line.happened_on)
    number = line.payload.get("number")
    return replace(
        history,
        entries=(*history.entries, act),
        number=number["text"] if number else history.number,
        numbers=(*history.numbers, number) if number else history.numbers,
        shaped={**history.shaped, act.position: line},
        evidence={**history.evidence, act.position: line.payload["evidence"]},
    )


def act_of(payload: Mapping[str, Any], happened_on: date | None) -> Act:
    """The engine's act from the payload of a record."""
    if happened_on is None:
        raise ValueError("an act without a day")
    return Act(
        act=payload["act"],
        on=happened_on,
        outcome=payload["outcome"],
        by=payload["by"],
        unit=payload["unit"],
        role=payload["role"],
        evidence=tuple(paper["title"] for paper in payload["evidence"]),
        fields=payload["fields"],
        entered=Entered(payload["entered"]),
        position=payload["entry"],
        listed={name: Listing(standing) for name, standing in payload.get("listed", {}).items()},
        fired=fired_rows(payload.get("fired", {})),
    )


def _with_correction(history: CaseHistory, line: Line) -> CaseHistory:
    payload = line.payload
    correction = Correction(
        of=payload["of"],
        changes=payload.get("changes", {}),
        reason=payload["reason"],
        withdraws=line.kind == ACT_WITHDRAWN,
        position=payload["entry"],
    )
    evidence = correction.changes.get("evidence", history.evidence.get(correction.of, []))
    return replace(
        history,
        entries=(*history.entries, correction),
        shaped={**history.shaped, correction.of: line},
        evidence={**history.evidence, correction.of: evidence},
    )


def replay_entry(entry_id: UUID, lines: Iterable[Line]) -> EntryHistory:
    """The register entry its records describe; the first line must publish it."""
    remaining = iter(lines)
    first = next(remaining)
    history = EntryHistory(
        id=entry_id, organization_id=first.organization_id, register=first.payload["register"]
    )
    history = _with_version(history, first)
    for line in remaining:
        history = entry_with(history, line)
    return history


def entry_with(history: EntryHistory, line: Line) -> EntryHistory:
    """The entry after one more record."""
    if line.kind == ENTRY_REVISED:
        return _with_version(history, line)
    if line.kind == ENTRY_WITHDRAWN:
        withdrawn_on = line.happened_on or line.recorded_on
        history = replace(history, withdrawn_on=withdrawn_on)
        return replace(history, length=line.position, head=line.digest, last=line.id)
    raise ValueError(f"unknown kind {line.kind!r} in the chain of an entry")


def _with_version(history: EntryHistory, line: Line) -> EntryHistory:
    version = Version(
        version=len(history.versions) + 1,
        data=line.payload["data"],
        happened_on=line.happened_on,
        reason=line.payload.get("reason") or "",
        line=line,
    )
    history = replace(history, versions=(*history.versions, version))
    return replace(history, length=line.position, head=line.digest, last=line.id)
