"""From a row of cells to what it says: values in the catalogue's types, acts with their days, whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yifa.exchange.mapping import Reading, unit_columns
from yifa.exchange.targets import UNIT, Meaning, Target, name_key
from yifa.exchange.units import UnitFinder
from yifa.exchange.values import SHOWN, as_key, converted
from yifa.law.schema import FieldType
from yifa.ledger.actions.cases import GivenAct
from yifa.ledger.models import Organization
from yifa.procedures.model import Entered
from yifa.reading import cells as cell
from yifa.reading.heads import bare

CLOSING = re.compile(
    r"^(合计|总计|小计|共计|累计|总数|制表人?|填表人?|填报人?|审核人?|负责人|单位负责人|备注|说明|注)[:：]?"
)
SAME_AS = "="  # begins a value for all rows that is that of another meaning
MOST_KNOWN = 5000  # texts of a column whose meaning is remembered


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell (column from 0) or with the row as a whole (None)."""

    column: int | None
    message: str


@dataclass(frozen=True)
class Said:
    """What a row says. `given` holds the values by meaning; `acts` by day; faults stand for what it says wrongly."""

    row: int
    given: Mapping[str, Any]
    organization: Organization | None
    acts: tuple[GivenAct, ...] = ()
    faults: tuple[Fault, ...] = ()
    key: tuple[str, ...] = ()
    title: str = ""

    def part(self, prefix: str) -> dict[str, Any]:
        """The values whose meaning begins so, by what follows."""
        return {
            key.removeprefix(prefix): value for key, value in self.given.items() if key.startswith(prefix)
        }


@dataclass(frozen=True, slots=True)
class _Step:
    """An act with the meanings of its parts; `fields` with their names."""

    act: str
    title: str
    on: str
    outcome: str
    by: str
    fields: tuple[tuple[str, str], ...]


@dataclass
class RowReader:
    """Reads the rows of one list. With `strict` false what is missing is no fault: a list to compare need not say all."""

    target: Target
    reading: Reading
    units: UnitFinder
    strict: bool = True
    _fixed: dict[str, Any] = field(default_factory=dict)
    _same_as: dict[str, str] = field(default_factory=dict)  # days that are those of another act
    _faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._columns: list[tuple[int, Meaning, str, dict[str, tuple[Any, str]]]] = [
            (column, self.target.meanings[key], cell.tens_in(self._head(column)), {})
            for column, key in self.reading.columns.items()
            if key in self.target.meanings
        ]
        self._named = name_key(self.target)
        self._places = {key: column for column, key in self.reading.columns.items()}
        self._heads = {bare(head) for head in self.reading.heads if head}
        for key, written in self.reading.fixed.items():
            if written.startswith(SAME_AS):
                self._same_as[key] = written.removeprefix(SAME_AS)
            elif written and key in self.target.meanings and key not in self._places:
                self._fixed[key] = self._value(None, self.target.meanings[key], written, "", {})
        self._wrong_everywhere, self._faults = tuple(self._faults), []
        self._must = list(self._wanted())
        self._unit_fields = list(self._units_to_fill())
        self._steps = list(self._possible_acts()) if self.target.is_case else []

    @property
    def most_records(self) -> int:
        """How many records a row can come to."""
        return 1 + len(self._steps)

    def _head(self, column: int) -> str:
        return self.reading.heads[column] if column < len(self.reading.heads) else ""

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether a line of the sheet is a row of the list: not a total, a signature, the head once more."""
        filled = [text for text in cells if text]
        if not filled:
            return False
        first = bare(filled[0])
        if CLOSING.match(first) and len(filled) <= max(3, len(self._columns) // 2):
            return False
        if first not in self._heads or len(filled) == 1:
            return True
        return not all(bare(text) in self._heads for text in filled)

    def read(self, number: int, cells: Sequence[str]) -> Said:
        """What a row says, with everything that is wrong in it."""
        self._faults = list(self._wrong_everywhere)
        given = dict(self._fixed)
        filled = len(cells)
        for column, meaning, tens, known in self._columns:
            if column >= filled:
                continue
            text = cells[column]
            found = known.get(text)
            if found is None:
                if cell.is_nothing(text):
                    continue
                found = self._new_value(meaning, text, tens, known)
            value, wrong = found
            if wrong:
                self._faults.append(Fault(column, wrong))
            elif value is not None:
                given[meaning.key] = value
        for key, other in self._same_as.items():
            if other in given:
                given.setdefault(key, given[other])
        unit = self._unit(given)
        if unit is not None:
            self._fill_units(given, unit)
        acts = tuple(self._acts(given)) if self.target.is_case else ()
        self._required(given, acts)
        known_by = tuple(
            as_key(given.get(one, unit.code if one == UNIT and unit else None)) for one in self.reading.keys
        )
        title = str(given.get(self._named, ""))
        return Said(number, given, unit, acts, tuple(self._faults), known_by, title[:200])

    def key(self, cells: Sequence[str]) -> tuple[str, ...]:
        """By what a row is known, as `read` says it, without reading more."""
        wanted = {*self.reading.keys, *self._same_as.values()}
        if UNIT in wanted:
            return self.read(0, cells).key
        given = dict(self._fixed)
        for column, meaning, tens, known in self._columns:
            if meaning.key in wanted and column < len(cells) and not cell.is_nothing(cells[column]):
                given[meaning.key] = self._value(column, meaning, cells[column], tens, known)
        for key, other in self._same_as.items():
            if given.get(other) is not None:
                given.setdefault(key, given[other])
        return tuple(as_key(given.get(one)) for one in self.reading.keys)

    def means_nothing(self, meaning: Meaning, text: str) -> bool:
        """Whether a written value stands for none of those there are."""
        return not cell.is_nothing(text) and bool(converted(meaning, text, "", self.units)[1])

    def _unit(self, given: dict[str, Any]) -> Organization | None:
        """Whose the row is: as its column says, else the first column that names a unit."""
        own = given.pop(UNIT, None)
        if own is not None or self._faulty(UNIT):
            return own  # type: ignore[no-any-return]
        for key in unit_columns(self.target, self.reading):
            if key in given:
                unit, wrong = self.units.find(str(given[key]), f"“{str(given[key])[:SHOWN]}”")
                if wrong:
                    self._wrong(key, wrong)
                return unit
        self._wrong(UNIT, "没有写单位。请填单位的全称、简称、曾用名或者代码，或者选定整表的单位。")
        return None

    def _units_to_fill(self) -> Iterator[tuple[str, str | None]]:
        """The units that must be named and have no column, with the day of the act they belong to."""
        for key, meaning in self.target.meanings.items():
            if key == UNIT or not meaning.required or meaning.kind is not FieldType.ORGANIZATION:
                continue
            kind, _, rest = key.partition(":")
            if key not in self._places:
                yield key, f"act:{rest.partition(':')[0]}:on" if kind == "field" else None

    def _fill_units(self, given: dict[str, Any], unit: Organization) -> None:
        """A unit that must be named and has no column is the one whose the row is."""
        for key, day in self._unit_fields:
            if day is None or day in given:
                given.setdefault(key, unit.name)

    def _wrong(self, key: str, message: str) -> None:
        if self.strict:
            self._faults.append(Fault(self._places.get(key), message))

    def _wanted(self) -> Iterator[tuple[str, Meaning, str | None]]:
        """What must be said, with the act whose field it is."""
        for key, meaning in self.target.meanings.items():
            kind, _, rest = key.partition(":")
            if meaning.required and kind in {"fact", "data"}:
                yield key, meaning, None
            elif meaning.required and kind == "field" and key in self._places:
                yield key, meaning, rest.partition(":")[0]

    def _required(self, given: Mapping[str, Any], acts: Sequence[GivenAct]) -> None:
        done = {act.act for act in acts}
        wrong = {fault.column for fault in self._faults}
        for key, meaning, act in self._must:
            if key in given or (act is not None and act not in done) or self._places.get(key, -1) in wrong:
                continue
            why = "这一格是空的" if key in self._places else "表中没有这一列"
            self._wrong(key, f"“{meaning.title}”须填写，{why}。")

    def _possible_acts(self) -> Iterator[_Step]:
        """The acts of which the list can say anything."""
        case_type = self.target.case_type
        assert case_type is not None  # noqa: S101 - asked for cases only
        said = self.reading.given
        for act, kind in case_type.acts.items():
            prefix = f"field:{act}:"
            own = [key for key in self.target.meanings if key.startswith(prefix)]
            on, outcome, by = f"act:{act}:on", f"act:{act}:outcome", f"act:{act}:by"
            if not said.keys().isdisjoint((on, outcome, *own)):
                fields = tuple((key, key.removeprefix(prefix)) for key in own)
                yield _Step(act, kind.title, on, outcome, by, fields)

    def _acts(self, given: Mapping[str, Any]) -> list[GivenAct]:
        """The acts that have a day, by day, then in the order of the catalogue."""
        case_type = self.target.case_type
        assert case_type is not None  # noqa: S101 - asked for cases only
        found: list[GivenAct] = []
        for step in self._steps:
            on, outcome = given.get(step.on), given.get(step.outcome)
            fields = {name: given[key] for key, name in step.fields if key in given}
            if on is not None and step.on in self._same_as and not (outcome or fields):
                continue
            if on is None:
                if (outcome or fields) and not self._faulty(step.on):
                    key = step.outcome if outcome else next(key for key, _ in step.fields if key in given)
                    self._wrong(
                        key, f"写了“{step.title}”的内容，没有写它的日期。请补上日期，或者把这一格清空。"
                    )
                continue
            found.append(GivenAct(
                act=step.act, on=on, outcome=outcome, fields=fields, by=given.get(step.by), entered=Entered.BACK
            ))  # fmt: skip
        opening = [act for act in found if act.act in case_type.opens_with]
        if not opening and not any(self._faulty(f"act:{act}:on") for act in case_type.opens_with):
            title = case_type.acts[case_type.opens_with[0]].title
            self._wrong(
                f"act:{case_type.opens_with[0]}:on", f"没有写“{title}”的日期，不知道从哪天开始。请补上。"
            )
        rest = [act for act in found if act not in opening[:1]]
        return [*opening[:1], *sorted(rest, key=lambda act: act.on)]

    def _faulty(self, key: str) -> bool:
        place = self._places.get(key)
        return place is not None and any(fault.column == place for fault in self._faults)

    def _value(
        self, column: int | None, meaning: Meaning, text: str, tens: str, known: dict[str, tuple[Any, str]]
    ) -> Any:
        """What a cell says; `known` remembers what the same text meant in the same column."""
        value, wrong = known.get(text) or self._new_value(meaning, text, tens, known)
        if wrong:
            self._faults.append(Fault(column, wrong))
            return None
        return value

    def _new_value(
        self, meaning: Meaning, text: str, tens: str, known: dict[str, tuple[Any, str]]
    ) -> tuple[Any, str]:
        """What a text means that was not met in its column before."""
        plain = text.strip()
        plain = self.reading.values.get(meaning.key, {}).get(plain, plain)
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[text] = converted(meaning, plain, tens, self.units) if plain else (None, "")
        return known[text]
