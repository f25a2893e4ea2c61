"""Plain values the engine takes and gives. Frozen; no database, no clock of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from yifa.law.calendar import Calendar
from yifa.law.schema import Basis, Jurisdiction


class Entered(StrEnum):
    """How an act came into the ledger."""

    LIVE = "live"  # when it happened: the law's refusals apply
    BACK = "back"  # 补录: accepted, marked, its faults stand as findings


FACT = "fact:"  # before the id of a fact, where facts and fields of an act stand together


class Listing(StrEnum):
    """How an entry of a register, or a case, that a field names stood on the day of the act."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"
    ELSEWHERE = "elsewhere"  # in force, but for another unit to use
    UNKNOWN = "unknown"  # there is none of this name


@dataclass(frozen=True, slots=True)
class Fired:
    """A row of a table whose conditions hold, why they do, and its band, if any; both ends belong to it."""

    key: str
    title: str
    why: tuple[str, ...]
    minimum: float | None = None
    maximum: float | None = None
    basis: Basis | None = None

    def holds(self, value: float) -> bool:
        """Whether a number lies in the band."""
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )

    def as_json(self) -> dict[str, Any]:
        """As the ledger keeps it; `fired_from` reads it back."""
        said = {"key": self.key, "title": self.title, "why": list(self.why)}
        ends = {"minimum": self.minimum, "maximum": self.maximum}
        basis = {"law": self.basis.law, "article": self.basis.article} if self.basis else None
        return (
            said
            | {name: end for name, end in ends.items() if end is not None}
            | ({"basis": basis} if basis else {})
        )


def fired_from(said: Mapping[str, Any]) -> Fired:
    """The row a record keeps."""
    basis = said.get("basis")
    return Fired(
        key=said["key"],
        title=said["title"],
        why=tuple(said["why"]),
        minimum=said.get("minimum"),
        maximum=said.get("maximum"),
        basis=Basis(**basis) if basis else None,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One dated step of a case, as it stands after corrections.

    `position` counts entries (acts and corrections) from 1 in the order entered. `by` is who did it, `unit` whose
    officer that was, `role` the role in which. `evidence` holds titles of papers attached. `unstated` names parts
    ("evidence", "fields") that whoever wrote the act down left unsaid and that are therefore not judged; the
    ledger states everything, a scenario may not. `listed` says of each field that names an entry of a register or another
    case (a fact as `fact:ID`, with the opening act) how that stood on the day of the act, as known when it was recorded;
    `fired` which rows of the tables of the act fired then, by register.
    """

    act: str
    on: date
    outcome: str | None = None
    by: str | None = None
    unit: str | None = None
    role: str | None = None
    evidence: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    entered: Entered = Entered.LIVE
    position: int = 0  # 0: the place in the sequence of entries
    corrected: bool = False
    unstated: frozenset[str] = frozenset()
    listed: Mapping[str, Listing] = field(default_factory=dict)
    fired: Mapping[str, tuple[Fired, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """A later record that mends an earlier one: new values for some of its parts, or its withdrawal."""

    of: int  # position of the act corrected
    changes: Mapping[str, Any]  # keys of Act: act, on, outcome, by, unit, evidence, fields
    reason: str
    withdraws: bool = False
    position: int = 0


Entry = Act | Correction


@dataclass(frozen=True, slots=True)
class Context:
    """Everything outside the case that the law looks at."""

    on: date  # the day on which we look
    level: str = "county"
    jurisdiction: Jurisdiction | None = None
    calendar: Calendar | None = None  # None: the calendar shipped with Yifa
    no_power: str | None = (
        None  # why a body of this level has no such cases, 「本级无此职权」; None: it has them
    )


class ClockStatus(StrEnum):
    """Where a clock stands on a day."""

    WAITING = "waiting"  # not started
    RUNNING = "running"  # started, not stopped; late if the due date has passed
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One line of a computation: a day and why it is there."""

    on: date
    why: str


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of a case. For a minimum (`at_least`) `due` is the first day on which the later act may happen.

    A running deadline whose due date has passed has state BROKEN already (`stopped` is None).
    `due` is None when the clock waits, when its number is left to the locality, or when the holiday notice of a
    year is missing; `note` says which. `latest`: of a clock paused for no longer than the law lets it, the due date if
    nothing more happens.
    """

    id: str
    title: str
    state: ClockStatus
    minimum: bool
    started: date | None
    due: date | None
    stopped: date | None
    days_left: int | None  # calendar days from `on`; negative when late; None when not running
    basis: Basis | None
    length_text: str  # 「20个工作日」 with extension, for people
    note: str | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act may not happen: plain Chinese, with its article where the law says so."""

    act: str
    reason: str
    basis: Basis | None = None
    kind: str = "order"  # the kind the same fault has as a finding


class FindingKind(StrEnum):
    """Faults of procedure, as they stand in the record."""

    ORDER = "order"  # an act before what must precede it, or after what ends it
    MISSING = "missing"  # a required act never happened
    LATE = "late"  # a deadline broken
    TOO_SHORT = "too_short"  # a minimum not observed
    EVIDENCE = "evidence"  # a paper the law asks for is not there
    ACTOR = "actor"  # done in a wrong role, or by one who must be kept apart
    REPEATED = "repeated"  # done twice where the law has it once
    OUTCOME = "outcome"  # an outcome the act does not have
    FIELD = "field"  # a value missing or outside the law's limits
    DATE = "date"  # before the case began, or after the day of looking
    UNLISTED = "unlisted"  # names an entry that was not in force on that day, or nothing that is known
    NOT_APPLICABLE = "not_applicable"  # an act this case, level or law does not have
    BACK_ENTRY = "back_entry"  # 补录


@dataclass(frozen=True, slots=True)
class ProcedureFinding:
    """One fault of procedure. `act` is the act id concerned, `position` its entry, `clock` the clock if any."""

    kind: FindingKind
    message: str
    act: str | None = None
    position: int | None = None
    clock: str | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class CaseState:
    """What the law says of a case on a day."""

    status: str  # label for people
    closed: bool
    opened_on: date | None
    closed_on: date | None
    governed_on: date | None  # the date that picks the law
    acts: tuple[Act, ...]  # as they stand after corrections, by date then position
    done: frozenset[str]
    next: tuple[str, ...]  # acts the law allows now, in catalogue order
    blocked: Mapping[str, Refusal]  # acts still to come that it does not allow now, and why
    clocks: Mapping[str, ClockState]
