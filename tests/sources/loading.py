"""A year of one body, written as lines of YAML, put into the ledger.

A line of cases or entries stands for `times` of a kind. The first of a kind always goes through the ledger's actions, which
refuse what is wrong; of a large kind the others are stored in bulk as the actions would have recorded them. In texts
`{n}` is the number of the one within its line, `{m}` that of an act that is done several times.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.db import transaction

from yifa.law.calendar import default_calendar
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.actions import CreateOrganization, DeclareNotCollected, OpenCase, PublishEntry, RecordAct
from yifa.ledger.chain.appending import build_record
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.chain.history import replay_case, replay_entry
from yifa.ledger.deciding.cases import line_from, lines_of
from yifa.ledger.deciding.numbering import issuer_of, number
from yifa.ledger.models import Case, Entry, Organization, Record, Subject
from yifa.ledger.rows.projections import organization_ids, raise_series, write_cases, write_entries
from yifa.ledger.rows.values import case_rows, entry_rows

FEW = 12  # up to so many of a kind all go through the actions
BATCH = 500
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass
class Books:
    """The organizations of one paper and what has been entered for them."""

    body: Organization
    units: dict[str, Organization]
    period: tuple[date, date]
    entered: int = 0
    numbers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Day:
    """When something happened: on a day, spread over a span, or so many working days after what came before."""

    first: date
    last: date
    after: int | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any], period: tuple[date, date]) -> Day:
        if "after" in said:
            return cls(*period, after=said["after"])
        day = said.get("day", list(period))
        return cls(*day) if isinstance(day, list) else cls(day, day)

    def at(self, n: int, times: int, before: date | None) -> date:
        """The day of the n-th of `times`."""
        if self.after is not None:
            assert before is not None, "after: 前面没有环节"
            return default_calendar().add_workdays(before, self.after)
        day = self.first + timedelta(days=(self.last - self.first).days * n // (times + 1))
        if self.first == self.last:
            return self.first
        return default_calendar().next_workday(day)


def load(path: Path) -> Books:
    """Creates the body of a file and enters everything in it."""
    said = yaml.safe_load(path.read_text("utf-8"))
    with transaction.atomic():
        above = CreateOrganization(actor=None, **said["above"]).execute() if "above" in said else None
        body = CreateOrganization(actor=None, parent=above, **said["body"]).execute()
        units = {body.code: body} | ({above.code: above} if above else {})
        for unit in said.get("units", ()):
            parent = units[unit.pop("parent", body.code)]
            units[unit["code"]] = CreateOrganization(actor=None, parent=parent, **unit).execute()
        books = Books(body, units, (said["period"][0], said["period"][1]))
        for rule in said.get("not_collected", ()):
            DeclareNotCollected(
                actor=None,
                organization=body,
                counting_rule=rule,
                valid_from=books.period[0],
                reason="由上级平台办理，以平台报表为准",
            ).execute()
        for line in said.get("entries", ()):
            _Entries(books, line).enter()
        for line in said.get("cases", ()):
            _Cases(books, line).enter()
    return books


def filled(said: Any, n: int, mark: str = "{n}") -> Any:
    """What a line says, written out for the n-th."""
    if isinstance(said, str):
        return said.replace(mark, f"{n:05}")
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, Mapping) and set(said) == {"each", "times"}:
        return [filled(said["each"], m, "{m}") for m in range(1, said["times"] + 1)]
    if isinstance(said, Mapping):
        return {key: filled(value, n, mark) for key, value in said.items()}
    if isinstance(said, Sequence):
        return [filled(value, n, mark) for value in said]
    return said


def moment(on: date) -> datetime:
    """When what happened on a day was recorded: that day."""
    return datetime.combine(on, time(10), tzinfo=CHINA)


class _Line:
    """One line: whose it is and how many there are of it."""

    def __init__(self, books: Books, said: Mapping[str, Any]) -> None:
        self.books, self.said = books, said
        self.at = books.units[said.get("unit", books.body.code)]
        self.each: list[Mapping[str, Any]] = said.get("each") or [{}] * said.get("times", 1)
        self.times = len(self.each)

    def enter(self) -> None:
        self._through_actions(1)
        if self.times <= FEW:
            for n in range(2, self.times + 1):
                self._through_actions(n)
        else:
            self._in_bulk()
        self.books.entered += self.times

    def _through_actions(self, n: int) -> None:
        raise NotImplementedError

    def _in_bulk(self) -> None:
        raise NotImplementedError

    def _chain(
        self, subject: Subject, kinds: Sequence[str], payloads: Sequence[Any], days: Sequence[date]
    ) -> tuple[uuid.UUID, list[Record]]:
        identity = uuid.uuid4()
        chain: list[Record] = []
        for kind, payload, on in zip(kinds, payloads, days, strict=True):
            record = build_record(
                subject=subject,
                subject_id=identity,
                position=len(chain) + 1,
                previous=chain[-1].digest if chain else GENESIS,
                kind=kind,
                organization=self.at,
                happened_on=on,
                recorded_at=moment(on),
                recorded_by=None,
                payload=payload,
            )
            chain.append(record)
        return identity, chain


class _Entries(_Line):
    """Entries of a register."""

    first: Entry

    def _data(self, n: int) -> dict[str, Any]:
        data = {**self.said.get("data", {}), **self.each[n - 1]}
        spread = {
            name: Day.of({"day": value}, self.books.period).at(n, self.times, None)
            for name, value in data.items()
            if isinstance(value, list) and value and isinstance(value[0], date)
        }
        result: dict[str, Any] = filled({**data, **spread}, n)
        return result

    def _on(self, data: Mapping[str, Any]) -> date:
        begins = data.get(catalogue().registers[self.said["register"]].begins or "")
        return self.said.get("day") or (date.fromisoformat(begins) if begins else self.books.period[0])

    def _through_actions(self, n: int) -> None:
        data = self._data(n)
        entry = PublishEntry(
            actor=None,
            organization=self.at,
            register=self.said["register"],
            data=data,
            on=self._on(data),
            recorded_at=moment(self._on(data)),
        ).execute()
        if n == 1:
            self.first = entry

    def _in_bulk(self) -> None:
        line = lines_of(Subject.ENTRY, self.first.pk)[0]
        chains = []
        for n in range(2, self.times + 1):
            data = self._data(n)
            payload = {**line.payload, "data": data}
            chains.append(self._chain(Subject.ENTRY, [line.kind], [payload], [self._on(data)]))
        Record.objects.bulk_create([record for _, chain in chains for record in chain], batch_size=BATCH)
        write_entries([entry_rows(replay_entry(id_, map(line_from, chain))) for id_, chain in chains])


class _Cases(_Line):
    """Cases of a type with their acts."""

    first: Case

    @cached_property
    def type(self) -> CaseType:
        """The case type."""
        return catalogue().case_types[self.said["case_type"]]

    @cached_property
    def acts(self) -> list[Mapping[str, Any]]:
        """The acts one by one: one with `times` stands for so many, counted from `from`."""
        acts: list[Mapping[str, Any]] = []
        for act in self.said["acts"]:
            first = act.get("from", 1)
            numbers = range(first, first + act.get("times", 1))
            acts += [{**act, "fields": filled(act.get("fields", {}), m, "{m}")} for m in numbers]
        return acts

    def _days(self, n: int) -> list[date]:
        days: list[date] = []
        for act in self.acts:
            day = Day.of(act, self.books.period).at(n, self.times, days[-1] if days else None)
            days.append(day)
        return days

    def _facts(self, n: int) -> dict[str, Any]:
        facts: dict[str, Any] = filled({**self.said.get("facts", {}), **self.each[n - 1]}, n)
        return facts

    def _act(self, act: Mapping[str, Any], n: int) -> dict[str, Any]:
        kept = {name: act[name] for name in ("act", "outcome", "by", "role") if name in act}
        spec = self.type.acts[act["act"]]
        evidence = [{"title": title, "attachment": None} for title in spec.evidence]
        unit = self.books.units[act["unit"]] if "unit" in act else None
        return {
            **kept,
            "unit": unit,
            "fields": filled(act.get("fields", {}), n),
            "evidence": evidence,
        }

    def _through_actions(self, n: int) -> None:
        days, acts = self._days(n), self.acts
        case = OpenCase(
            actor=None,
            organization=self.at,
            case_type=self.said["case_type"],
            on=days[0],
            facts=self._facts(n),
            recorded_at=moment(days[0]),
            **self._act(acts[0], n),
        ).execute()
        for act, on in zip(acts[1:], days[1:], strict=True):
            RecordAct(actor=None, case=case, on=on, recorded_at=moment(on), **self._act(act, n)).execute()
        if n == 1:
            self.first = case

    def _in_bulk(self) -> None:
        lines = lines_of(Subject.CASE, self.first.pk)
        organizations, title_fact = organization_ids(), self.type.title_fact
        for numbers in _batches(range(2, self.times + 1)):
            chains = []
            for n in numbers:
                days, facts = self._days(n), {**lines[0].payload["facts"], **self._facts(n)}
                title = str(facts.get(title_fact or "", "")) or lines[0].payload["title"]
                payloads = [{**lines[0].payload, "facts": facts, "title": title}]
                for line, act in zip(lines[1:], self.acts, strict=True):
                    payloads.append(self._copied(line.payload, act, n))
                kinds = [line.kind for line in lines]
                chains.append(self._chain(Subject.CASE, kinds, payloads, [days[0], *days]))
            Record.objects.bulk_create([record for _, chain in chains for record in chain], batch_size=BATCH)
            rows = [
                case_rows(replay_case(id_, map(line_from, chain)), organizations) for id_, chain in chains
            ]
            write_cases(rows)
            raise_series(each.case | {"numbers": each.numbers} for each in rows)

    def _copied(self, payload: Mapping[str, Any], act: Mapping[str, Any], n: int) -> dict[str, Any]:
        copied = deepcopy(dict(payload))
        copied["fields"] = {**copied["fields"], **filled(act.get("fields", {}), n)}
        if self.type.number is not None and copied.get("number"):
            given = copied["number"]
            issuer = issuer_of(self.type.number, self.at)
            copied["number"] = number(self.type.number, issuer, given["year"], given["serial"] + n - 1)
        return copied


def _batches(numbers: range) -> Iterator[range]:
    for first in range(0, len(numbers), BATCH):
        yield numbers[first : first + BATCH]
