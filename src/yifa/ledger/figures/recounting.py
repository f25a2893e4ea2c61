"""Figures counted anew from an export, by the same rules and the same engine as from the database, without it.

What is counted is what stood at a moment: an export taken later proves an earlier figure.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid5

from django.conf import settings

from yifa.law.clocks import add
from yifa.law.schema import CountingRule, Unit
from yifa.ledger.chain.exportedledger import ExportedChain, ExportedLedger, ExportedUnit
from yifa.ledger.chain.history import CaseHistory, EntryHistory, Line, replay_case, replay_entry
from yifa.ledger.chain.records import Progress
from yifa.ledger.figures.counted import Counted, CountedRecord
from yifa.ledger.figures.parts import in_order
from yifa.ledger.legal import calendar, case_type_of, context, no_power, register_of
from yifa.ledger.models import ORGANIZATION_NAMESPACE, Subject
from yifa.ledger.rows.values import entry_rows
from yifa.procedures.counting import CountedCase, Match, entry_matches, matches
from yifa.procedures.model import Act, Context
from yifa.procedures.totals import total


@dataclass(frozen=True, eq=False)
class Question:
    """A figure to be counted: a rule in one of its versions (no rate), whose, when, as known at a moment.

    `on` is the day of looking: the cut-off, or the day of counting if that came first.
    """

    rule: CountingRule
    unit: str
    start: date
    end: date
    on: date
    until: datetime


@dataclass
class _Found:
    records: list[CountedRecord] = field(default_factory=list)
    named: set[str] = field(default_factory=set)  # what stands in the field that names units


def recount(
    ledger: ExportedLedger, questions: Sequence[Question], progress: Progress | None = None
) -> list[Counted]:
    """The figures of the questions, in their order; the export is read once for all of them."""
    remembered = lru_cache(maxsize=None)(context)  # the folder of notices is looked at once
    asked = [_Asked(ledger, _moved(question), remembered) for question in questions]
    kinds: dict[str, list[_Asked]] = defaultdict(list)
    for one in asked:
        if one.status == "counted":
            kinds[one.rule.case_type or one.rule.register_ or ""].append(one)

    def wanted(line: Line) -> bool:
        return line.payload.get("case_type", line.payload.get("register")) in kinds

    for chain in ledger.chains(wanted, progress):
        kind = chain.lines[0].payload
        told = _Told(chain)
        for one in kinds[kind.get("case_type") or kind["register"]]:
            one.look(told)
    return [one.counted() for one in asked]


def notice_faults(ledger: ExportedLedger) -> tuple[str, ...]:
    """Holiday notices the body had kept and that are not beside us: working days may come out otherwise."""
    folder = Path(settings.DATA) / "calendar"
    missing = [
        name
        for name, digest in ledger.notices.items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    return tuple(
        f"台账所用的放假通知 {name} 不在数据文件夹的 calendar 里（或者内容不同），按工作日计算的数字可能因此不同。"
        for name in sorted(missing)
    )


def _moved(question: Question) -> Question:
    """A rule of the years before looks at an earlier period."""
    years = question.rule.years_before
    if not years:
        return question
    start, end = (add(calendar(), day, -12 * years, Unit.MONTHS) for day in (question.start, question.end))
    rule = question.rule.model_copy(update={"years_before": 0})
    return replace(question, rule=rule, start=start, end=end, on=min(end, question.on))


class _Told:
    """A chain replayed as far as it stood at a moment, each length once."""

    def __init__(self, chain: ExportedChain) -> None:
        self.chain = chain
        self._cases: dict[int, tuple[CaseHistory, dict[int, Act]]] = {}
        self._entries: dict[int, EntryHistory] = {}

    def case(self, until: datetime) -> tuple[CaseHistory, Mapping[int, Act]] | None:
        """The case at a moment with its acts by position; None before it was opened."""
        length = self.chain.until(until)
        if length and length not in self._cases:
            case = replay_case(self.chain.id, self.chain.lines[:length])
            self._cases[length] = case, {act.position: act for act in case.acts()}
        return self._cases.get(length)

    def entry(self, until: datetime) -> EntryHistory | None:
        """The entry at a moment."""
        length = self.chain.until(until)
        if length and length not in self._entries:
            self._entries[length] = replay_entry(self.chain.id, self.chain.lines[:length])
        return self._entries.get(length)


class _Asked:
    """One question while the export is read."""

    def __init__(self, ledger: ExportedLedger, question: Question, context: Callable[..., Context]) -> None:
        self.question, self.rule, self.ledger, self.context = question, question.rule, ledger, context
        self.found = _Found()
        self.units: dict[str, ExportedUnit] = {
            unit.code: unit for unit in ledger.below(question.unit, question.until)
        }
        self.path = ledger.path(question.unit)
        gaps = [
            one for one in ledger.declared if self._touches(one.rule, one.valid_from, one.valid_to, one.at)
        ]
        above = [one for one in gaps if self.path.startswith(ledger.path(one.unit))]
        self.silent = [ledger.path(one.unit) for one in gaps if one.unit in self.units]
        self.status: Any = "counted"
        if self._powerless():
            self.status = "no_power"
        elif above:
            self.status = "not_collected"

    def _touches(self, rule: str, first: date, last: date | None, at: datetime) -> bool:
        asked = self.question
        return (
            rule == self.rule.counting_rule
            and at <= asked.until
            and first <= asked.end
            and (last is None or last >= asked.start)
        )

    def _powerless(self) -> bool:
        levels = {unit.level for unit in self.units.values()}
        return all(
            no_power(level, case_type=self.rule.case_type, register=self.rule.register_) is not None
            for level in levels
        )

    def look(self, told: _Told) -> None:
        """What the rule counts of one chain."""
        if self.rule.units is not None:
            self._name(told)
        elif told.chain.unit in self.units and not self._silent(told.chain.unit):
            subject = told.chain.subject
            self.found.records += self._of_case(told) if subject == Subject.CASE else self._of_entry(told)

    def _silent(self, code: str) -> bool:
        return any(self.ledger.path(code).startswith(path) for path in self.silent)

    def _of_case(self, told: _Told) -> Iterator[CountedRecord]:
        asked, known = self.question, told.case(self.question.until)
        if known is None:
            return
        case, acts = known
        name = self.units[told.chain.unit].name(asked.until)
        counted = CountedCase(facts=case.facts, entries=tuple(acts.values()), unit=name, level=case.level)
        looked_at = self.context(case.case_type, case.level, case.jurisdiction, asked.on)
        case_type = case_type_of(case.case_type)
        for match in matches(self.rule, case_type, counted, asked.start, asked.end, looked_at):
            act = case_type.acts.get(acts[match.position].act)
            title = act.title if act is not None else ""
            digest = case.shaped[match.position].digest
            yield self._record(told, match, case.title, case.number, name, digest, title)

    def _of_entry(self, told: _Told) -> Iterator[CountedRecord]:
        asked, entry = self.question, told.entry(self.question.until)
        if entry is None:
            return
        row = entry_rows(entry).entry
        version = _at(entry, asked.end)
        register = register_of(entry.register)
        name = self.units[told.chain.unit].name(asked.until)
        found = entry_matches(
            self.rule,
            register,
            entry.versions[version].data,
            row["begins"],
            row["ends"],
            asked.start,
            asked.end,
        )
        for match in found:
            part = name if self.rule.breakdown == "unit" else match.part
            digest = entry.versions[version].line.digest
            yield self._record(told, replace(match, part=part), row["title"], row["key"], name, digest)

    def _record(  # noqa: PLR0917  what the record says, in its order
        self, told: _Told, match: Match, title: str, number: str, unit: str, digest: str, act: str = ""
    ) -> CountedRecord:
        return CountedRecord(
            kind=told.chain.subject,
            id=told.chain.id,
            position=match.position,
            on=match.on,
            title=title,
            number=number,
            unit=unit,
            value=match.value,
            part=match.part,
            digest=digest,
            act=act,
            told=match.kind,
        )

    def _name(self, told: _Told) -> None:
        """What an entry in force at the end says in the field that names units."""
        assert self.rule.units is not None  # noqa: S101 - the caller has looked
        entry = told.entry(self.question.until)
        if self.rule.units.named_in is None or entry is None or entry.withdrawn:
            return
        row, end = entry_rows(entry).entry, self.question.end
        if (row["begins"] is None or row["begins"] <= end) and (row["ends"] is None or row["ends"] >= end):
            value = entry.data.get(self.rule.units.named_in)
            items = value if isinstance(value, list) else [value]
            self.found.named |= {str(item).strip() for item in items if item}

    def _of_units(self) -> Iterator[CountedRecord]:
        asked, units = self.question, self.rule.units
        assert units is not None  # noqa: S101 - the caller has looked
        for unit in self.units.values():
            known = [first for first, at, _ in unit.names if at <= asked.until and first <= asked.end]
            if unit.level not in units.levels or self._silent(unit.code) or not known:
                continue
            name = unit.name_on(asked.end, asked.until)
            if units.named_in is None or name in self.found.named:
                yield CountedRecord(
                    kind="organization", id=uuid5(ORGANIZATION_NAMESPACE, unit.code), position=0, on=asked.end,
                    title=name, number=unit.code, unit=name, value=Decimal(1), part=None,
                    digest=unit.head(asked.until),
                )  # fmt: skip

    def counted(self) -> Counted:
        """The figure, when all has been read."""
        rule, asked = self.rule, self.question
        records: tuple[CountedRecord, ...] = ()
        if self.status == "counted":
            found = self._of_units() if rule.units is not None else iter(self.found.records)
            records = tuple(sorted(found, key=lambda one: (one.on, one.number, str(one.id), one.position)))
        parts: dict[str, Any] = {}
        for record in records:
            if record.part is not None:
                parts[record.part] = parts.get(record.part, 0) + record.value
        given = (Match(one.position, one.on, one.value, one.part, one.told) for one in records)
        return Counted(
            rule=rule.counting_rule,
            version=rule.version,
            value=total(rule, given) if self.status == "counted" else None,
            status=self.status,
            unit=rule.unit,
            start=asked.start,
            end=asked.end,
            records=records,
            parts=in_order(rule, parts, [unit.name(asked.until) for unit in self.units.values()]),
            missing=self._missing(),
        )

    def _missing(self) -> tuple[str, ...]:
        if self.status != "counted":
            return ()
        return tuple(
            unit.name(self.question.until)
            for unit in self.units.values()
            if self.ledger.path(unit.code) in self.silent
        )


def _at(entry: EntryHistory, end: date) -> int:
    """Which version said what the entry said at the cut-off: the last until then, or the first where all came later."""
    known = [
        place
        for place, version in enumerate(entry.versions)
        if version.happened_on and version.happened_on <= end
    ]
    return known[-1] if known else 0
