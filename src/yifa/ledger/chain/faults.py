"""What verification says: faults that name the case, the act and the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.law.phrases import day
from yifa.ledger.chain.history import CaseHistory, EntryHistory, Line, line_of, replay_case, replay_entry
from yifa.ledger.chain.records import Columns
from yifa.ledger.models import Subject

History = TypeVar("History", CaseHistory, EntryHistory)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        kind: digest · chain · gap · seal · projection · attachment · file · damaged · rules
        where: A stable address: subject/id/position, seal/day, or the place in a file.
        message: Chinese, complete by itself.
        subject_id: The chain's id, e.g. the case's.
        number: The case's number.
        title: The case's or entry's title.
        act: The act's title.
        day: The day on which it happened (for a seal: the sealed day), as stored.
        position: The record's position in its chain.
    """

    kind: str
    where: str
    message: str
    subject_id: str | None = None
    number: str = ""
    title: str = ""
    act: str = ""
    day: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a verification."""

    faults: tuple[Fault, ...]
    records: int
    seals: int

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "records": self.records,
            "seals": self.seals,
            "holds": not self.faults,
            "faults": [asdict(fault) for fault in self.faults],
        }


def named(said: Any) -> str:
    """A stored day for people; what is no day is shown as it stands."""
    try:
        value = date.fromisoformat(said)
    except (TypeError, ValueError):
        return f"“{said}”"
    return day(value)


KINDS = {
    "case.opened": "开立事项",
    "facts.changed": "修改情况",
    "entry.published": "列入",
    "entry.revised": "修订",
    "entry.withdrawn": "撤下",
}


class Chain:
    """The records of one subject, with what they mean where that can still be read."""

    def __init__(self, rows: list[Columns]) -> None:
        self.rows = rows
        self.subject: str = rows[0]["subject"]
        self.id: str = str(rows[0]["subject_id"])

    @cached_property
    def lines(self) -> list[Line | None]:
        """The lines; None where a row is damaged beyond reading."""
        return [_line(row) for row in self.rows]

    @cached_property
    def case(self) -> CaseHistory | None:
        """The case, where the chain is one and can be replayed."""
        return self._replayed(Subject.CASE, replay_case)

    @cached_property
    def entry(self) -> EntryHistory | None:
        """The register entry, where the chain is one and can be replayed."""
        return self._replayed(Subject.ENTRY, replay_entry)

    def _replayed(self, subject: str, replay: Callable[[UUID, list[Line]], History]) -> History | None:
        lines = [line for line in self.lines if line is not None]
        if self.subject != subject or len(lines) < len(self.lines):
            return None
        try:
            return replay(UUID(self.id), lines)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    @cached_property
    def title(self) -> str:
        """What the chain is about."""
        for line in self.lines:
            if line is None:
                continue
            title = line.payload.get("title") or line.payload.get("name")
            data = line.payload.get("data")
            if isinstance(data, dict):
                register = catalogue().registers.get(str(line.payload.get("register")))
                title = title or (data.get(register.title_field) if register else None)
            if title:
                return str(title)
        return self.id

    @cached_property
    def number(self) -> str:
        """The number of the case, as the records state it."""
        given = [line.payload.get("number") for line in self.lines if line]
        return next((str(number["text"]) for number in reversed(given) if isinstance(number, dict)), "")

    def act_title(self, place: int) -> str:
        """The act of a record, or else what kind of record it is."""
        row, line = self.rows[place], self.lines[place]
        if line is None:
            return KINDS.get(str(row["kind"]), "")
        act = line.payload.get("act")
        if act is None and "of" in line.payload:
            corrected = next(
                (one for one in self.lines if one and one.payload.get("entry") == line.payload["of"]), None
            )
            act = corrected.payload.get("act") if corrected else None
        return self._act_name(act) if act else KINDS.get(line.kind, line.kind)

    def _act_name(self, act: Any) -> str:
        opened = self.lines[0]
        case_type = catalogue().case_types.get(str(opened.payload.get("case_type"))) if opened else None
        known = case_type.acts.get(str(act)) if case_type else None
        return known.title if known else str(act)

    def fault(self, kind: str, place: int, what: str, act: str | None = None) -> Fault:
        """A fault at one record."""
        row = self.rows[place]
        act = self.act_title(place) if act is None else act
        day = row["happened_on"] or row["recorded_on"]
        return self.fault_on(kind, what, act=act, day=day, position=row["position"])

    def fault_on(
        self, kind: str, what: str, *, act: str = "", day: Any = None, position: int | None = None
    ) -> Fault:
        """A fault of the chain, with as much of the place as is known."""
        label = Subject(self.subject).label if self.subject in Subject.values else self.subject
        number = f"（{self.number}）" if self.number else ""
        parts = [f"{label}“{self.title}”{number}"]
        if position is not None:
            parts.append(f"第{position}条记录")
        if act:
            parts.append(f"环节“{act}”" if self.subject == Subject.CASE else act)
        if day is not None:
            parts.append(named(day))
        where = "/".join(str(part) for part in (self.subject, self.id, position) if part is not None)
        return Fault(
            kind=kind,
            where=where,
            message=f"{'，'.join(parts)}：{what}",
            subject_id=self.id,
            number=self.number,
            title=self.title,
            act=act,
            day=str(day) if day is not None else None,
            position=position,
        )


def _line(row: Columns) -> Line | None:
    try:
        return line_of(row)
    except (ValueError, KeyError, TypeError):
        return None
