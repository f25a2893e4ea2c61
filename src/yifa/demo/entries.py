"""Invented register entries: powers, enforcement officers, normative documents, and what `lists` fills."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yifa.demo.cases import Invented, known_of, store_records
from yifa.demo.inventing import Inventor
from yifa.demo.shapes import Filling, registers, words
from yifa.law.calendar import CHINA
from yifa.ledger.chain.appending import as_imported, build_record
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.chain.history import ENTRY_PUBLISHED, ENTRY_REVISED, replay_entry
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.deciding.decisions import refuse_values
from yifa.ledger.legal import calendar, register_of
from yifa.ledger.models import Organization, Record, Subject, User
from yifa.ledger.rows.projections import write_entries
from yifa.ledger.rows.values import entry_rows

YEAR = timedelta(days=365)


@dataclass
class InventedEntry:
    """An entry with its later versions: (day, data, reason)."""

    id: uuid.UUID
    register: str
    organization: Organization
    versions: list[tuple[date, dict[str, Any], str]] = field(default_factory=list)


class EntryMaker:
    """Makes all entries; those older than `first` are entered on that day."""

    def __init__(
        self, inventor: Inventor, units: Mapping[str, Organization], first: date, last: date
    ) -> None:
        self.inventor, self.chance = inventor, inventor.chance
        self.units, self.first, self.last = units, first, last

    def all(self, cases: Sequence[Invented]) -> Iterator[InventedEntry]:
        """Every entry of every register."""
        yield from self._powers()
        yield from self._officers()
        yield from self._old_documents()
        yield from self._published(cases)
        for register, filling in registers().lists.items():
            yield from self._filled(register, filling, cases)

    def _filled(self, register: str, filling: Filling, cases: Sequence[Invented]) -> Iterator[InventedEntry]:
        """The entries of a register that needs no code of its own."""
        for serial, (unit, given) in enumerate(self._occasions(filling, cases), start=1):
            known = {**known_of(self.units[unit]), **given, "serial": f"{serial:04}"}
            if filling.names:
                known["listed"] = filling.names[serial - 1]
            specs = {
                name: self._dated(spec)
                for name, spec in {**filling.data, **filling.of_unit.get(unit, {})}.items()
            }
            data = self.inventor.facts(specs, known)
            begins = data.get(register_of(register).begins or "")
            on = date.fromisoformat(begins) if begins else self._day(self.first, self.last)
            on = min(on, self.last)  # what begins only later is known before
            yield self._entry(register, unit, on, data)

    def _occasions(self, filling: Filling, cases: Sequence[Invented]) -> Iterator[tuple[str, dict[str, Any]]]:
        for unit in filling.units:
            for place in range(1, filling.per_unit + 1):
                yield unit, {"place": f"{place:03}"}
        wanted = filling.from_cases
        for case in cases if wanted is not None else ():
            if wanted is None or case.case_type.case_type != wanted.case_type:
                continue
            acts = [happening.act for happening in case.happenings if happening.act is not None]
            done = next((act for act in acts if act.act == wanted.act), None)
            if done is not None and self.chance.random() < wanted.share:
                number = next((given["text"] for given in case.numbers.values()), case.title)
                fields = {name: value for act in acts for name, value in act.fields.items()}
                yield (
                    case.organization.code,
                    {**fields, "number": number, "title": case.title, "on": done.on.isoformat()},
                )

    def _dated(self, spec: Any) -> Any:
        """A day written as days from the last day of the county's life."""
        if isinstance(spec, dict) and "days" in spec:
            first, last = (self.last + timedelta(days=days) for days in spec["days"])
            return self._day(first, last).isoformat()
        return spec

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randint(0, max((last - first).days, 0)))

    def _entry(self, register: str, unit: str, on: date, data: dict[str, Any]) -> InventedEntry:
        entered = calendar().next_workday(max(on, self.first))
        given = {name: value for name, value in data.items() if value is not None}
        refuse_values(register_of(register).fields, given, register)
        identity = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        return InventedEntry(identity, register, self.units[unit], [(entered, given, "")])

    def _revise(self, entry: InventedEntry, on: date, changes: Mapping[str, Any], reason: str) -> None:
        day, data, _ = entry.versions[-1]
        if day < on <= self.last:
            entry.versions.append((on, {**data, **changes}, reason))

    def _powers(self) -> Iterator[InventedEntry]:
        given = registers().powers
        for unit in given.units:
            for serial in range(1, given.per_unit + 1):
                kind = self.inventor.weighted(given.kinds)
                added = self.chance.random() < given.added
                effective = (
                    self._day(self.first, self.last)
                    if added
                    else self._day(self.first - 6 * YEAR, self.first)
                )
                topic = self.chance.choice(words()["power_object"])
                data = {
                    "code": f"LT-{unit.upper()}-{serial:03}",
                    "name": f"{topic}的{kind}" if kind != "其他职权" else f"{topic}的备案管理",
                    "kind": kind,
                    "law": given.law,
                    "article": f"第{self.chance.randint(1, 80)}项",
                    "organ": self.units[unit].name,
                    "effective": effective.isoformat(),
                    "decided_by": given.decided_by if added else None,
                }
                entry = self._entry("powers", unit, effective, data)
                if self.chance.random() < given.removed:
                    ended = self._day(self.first + timedelta(days=30), self.last)
                    how = self.chance.choice(["取消", "下放", "划转"])
                    changes = {"ended": ended.isoformat(), "ended_how": how, "decided_by": given.decided_by}
                    self._revise(entry, ended, changes, f"职权{how}")
                yield entry

    def _officers(self) -> Iterator[InventedEntry]:
        given = registers().enforcement_officers
        for unit, kind in given.units.items():
            for serial in range(1, given.per_unit + 1):
                recent = self.chance.random() < given.renewed
                valid_from = (
                    self._day(self.first, self.last)
                    if recent
                    else self._day(self.first - 4 * YEAR, self.first)
                )
                data = {
                    "certificate": f"LT{unit.upper()}{serial:04}",
                    "name": self.inventor.person(),
                    "unit": self.units[unit].name,
                    "kind": kind,
                    "valid_from": valid_from.isoformat(),
                    "valid_to": (valid_from + given.valid_years * YEAR).isoformat(),
                    "status": "在岗",
                    "issued_as": self.chance.choice(["新领", "换发"]),
                    "trained_on": self._day(self.first, self.last).isoformat(),
                }
                entry = self._entry("enforcement_officers", unit, valid_from, data)
                if self.chance.random() < given.left:
                    left = self.chance.choice(["调离", "退休"])
                    self._revise(entry, self._day(self.first, self.last), {"status": left}, f"人员{left}")
                yield entry

    def _old_documents(self) -> Iterator[InventedEntry]:
        given = registers().normative_documents
        for serial in range(1, given.count + 1):
            unit = self.chance.choice(list(given.issuers))
            issued = self._day(self.last - given.oldest_years * YEAR, self.first - timedelta(days=1))
            topic = self.inventor.text("澜亭县{document_topic}{document_kind}")
            number = f"{self.units[unit].document_code}〔{issued.year}〕{serial}号"
            yield self._document(unit, given.issuers[unit], number, topic, issued)

    def _document(self, unit: str, kind: str, number: str, name: str, issued: date) -> InventedEntry:
        given = registers().normative_documents
        effective = issued + timedelta(days=30)
        expires = effective + given.valid_years * YEAR
        data = {
            "number": number,
            "name": name,
            "issuer": self.units[unit].name,
            "class": kind,
            "issued": issued.isoformat(),
            "effective": effective.isoformat(),
            "expires": expires.isoformat(),
            "ended_how": "期满失效" if expires < self.first else None,
        }
        entry = self._entry("normative_documents", unit, issued, data)
        if expires < self.last:
            self._revise(entry, expires + timedelta(days=1), {"ended_how": "期满失效"}, "有效期届满")
        return entry

    def _published(self, cases: Sequence[Invented]) -> Iterator[InventedEntry]:
        """The documents that the invented cases published, under the numbers these gave."""
        for case in cases:
            if case.case_type.case_type != "normative_document" or not case.numbers:
                continue
            for happening in case.happenings:
                if happening.act is not None and happening.act.act == "publish":
                    number = next(iter(case.numbers.values()))["text"]
                    kind = str(case.facts["class"])
                    yield self._document(case.organization.code, kind, number, case.title, happening.on)
                    break


def store(entries: Sequence[InventedEntry], actor: User) -> None:
    """Stores the entries' records and rows."""
    chains = [_records(entry, actor) for entry in entries]
    store_records([record for chain in chains for record in chain])
    write_entries(
        [
            entry_rows(replay_entry(entry.id, map(line_from, chain)))
            for entry, chain in zip(entries, chains, strict=True)
        ]
    )


def _records(entry: InventedEntry, actor: User) -> list[Record]:
    chain: list[Record] = []
    for place, (day, data, reason) in enumerate(entry.versions):
        payload = {"data": data, "reason": reason} | ({} if place else {"register": entry.register})
        chain.append(
            build_record(
                subject=Subject.ENTRY,
                subject_id=entry.id,
                position=place + 1,
                previous=chain[-1].digest if chain else GENESIS,
                kind=ENTRY_REVISED if place else ENTRY_PUBLISHED,
                organization=entry.organization,
                happened_on=day,
                recorded_at=datetime.combine(day, time(9, 30), tzinfo=CHINA),
                recorded_by=actor,
                payload=as_imported(payload),
            )
        )
    return chain
