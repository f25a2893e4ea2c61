"""The columns of a list on a page: what each means, what is the same for all rows, what written values mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.http import QueryDict

from yifa.exchange.existing import possible_keys
from yifa.exchange.mapping import (
    Reading,
    applied,
    body_of,
    default_keys,
    examples,
    kept_mappings,
    lacking,
    propose,
    reading_from,
    saved_for,
    undated,
    unit_columns,
)
from yifa.exchange.models import SavedMapping
from yifa.exchange.rows import SAME_AS, RowReader
from yifa.exchange.staging import Staged
from yifa.exchange.targets import UNIT, Meaning, Target
from yifa.exchange.units import UnitFinder
from yifa.ledger.models import Organization
from yifa.workbench.forms.given import whole

MOST_VALUES = 40
LOOKED_AT = 20_000  # rows gone through for values that mean nothing yet
LONGEST = 24


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column as the person matches it."""

    index: int
    letter: str
    head: str
    samples: tuple[str, ...]
    meaning: str
    sure: bool


@dataclass(frozen=True, slots=True)
class FixedShown:
    """Something that is the same in all rows."""

    key: str
    title: str
    value: str
    choices: tuple[tuple[str, str], ...]
    needed: bool


@dataclass(frozen=True, slots=True)
class ValueShown:
    """A written value that means nothing yet, or was given a meaning."""

    key: str
    title: str
    written: str
    value: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ColumnsShown:
    """Everything the matching page draws of one list."""

    prefix: str
    staged: Staged
    reading: Reading
    columns: tuple[ColumnShown, ...]
    groups: list[tuple[str, list[Meaning]]]
    fixed: tuple[FixedShown, ...]
    values: tuple[ValueShown, ...]
    keys: tuple[tuple[str, str, bool], ...]
    lacking: tuple[str, ...]
    kept: tuple[SavedMapping, ...]
    used: SavedMapping | None  # the kept mapping by which the columns are read

    @property
    def strange(self) -> bool:
        """Whether hardly a column is known by its head: another list, or another row is the head."""
        return 2 * len(self.reading.columns) < sum(bool(head) for head in self.reading.heads)

    @property
    def head_number(self) -> int:
        """The row of the head as the sheet numbers it; 0 where there is none."""
        return self.staged.top.numbers[self.reading.head] if self.reading.head >= 0 else 0

    @property
    def sheets(self) -> list[tuple[int, str, int]]:
        """The sheets of the file."""
        pairs = zip(self.staged.titles, self.staged.lengths, strict=True)
        return [(index, title or "（未命名）", rows) for index, (title, rows) in enumerate(pairs)]


def shown(
    target: Target,
    staged: Staged,
    reading: Reading,
    organization: Organization,
    prefix: str = "",
    *,
    complete: bool = True,
) -> ColumnsShown:
    """What the page draws; a list that need not be `complete`, as it is only compared, lacks nothing."""
    columns = tuple(
        ColumnShown(
            column,
            staged.top.letter(column),
            head,
            tuple(text[:LONGEST] for text in examples(staged, reading, column)),
            reading.columns.get(column, ""),
            target.meaning_of(head) == (reading.columns.get(column, ""), True),
        )
        for column, head in enumerate(reading.heads)
    )
    units = [(unit.code, unit.name) for unit in Organization.objects.below(body_of(organization))]
    given = reading.given
    wanted = lacking(target, reading) if complete else []
    keys = tuple(
        (key, target.meanings[key].title, key in reading.keys)
        for key in possible_keys(target)
        if key in given or key in reading.keys
    )
    return ColumnsShown(
        prefix, staged, reading, columns, target.groups(), tuple(_fixed(target, reading, units, wanted)),
        tuple(_values(target, staged, reading, organization, units)), keys, tuple(wanted),
        tuple(kept_mappings(organization, target)), _used(target, reading, organization),
    )  # fmt: skip


def _used(target: Target, reading: Reading, organization: Organization) -> SavedMapping | None:
    saved = saved_for(organization, target, reading)
    same = saved is not None and applied(reading_from(saved.data), reading, target).columns == reading.columns
    return saved if same else None


def _fixed(
    target: Target, reading: Reading, units: Sequence[tuple[str, str]], wanted: Sequence[str]
) -> list[FixedShown]:
    """What must be given and has no column, the unit always, and what was given."""
    columns = set(reading.columns.values())
    days = [
        (f"{SAME_AS}{key}", f"同“{target.meanings[key].title}”") for key in columns if key.endswith(":on")
    ]
    without_day = set(undated(target, reading))
    found = []
    for key, meaning in target.meanings.items():
        value = reading.fixed.get(key, "")
        if key in columns or not (value or key == UNIT or meaning.title in wanted):
            continue
        choices: tuple[tuple[str, str], ...] = tuple((one, one) for one in meaning.choices)
        if key == UNIT:
            choices = tuple(units)
        elif key in without_day or value.startswith(SAME_AS):
            choices = tuple(days)
        found.append(FixedShown(key, meaning.title, value, choices, meaning.title in wanted))
    return found


def _values(
    target: Target,
    staged: Staged,
    reading: Reading,
    organization: Organization,
    units: Sequence[tuple[str, str]],
) -> list[ValueShown]:
    """The written values of choices and units that mean nothing yet."""
    named = (
        UNIT if UNIT in reading.given else next(iter(unit_columns(target, reading)), UNIT)
    )  # says whose a row is
    asked = {
        column: target.meanings[key]
        for column, key in reading.columns.items()
        if key in target.meanings and (target.meanings[key].choices or key == named)
    }
    if not asked:
        return []
    reader = RowReader(target, replace(reading, values={}), UnitFinder(body_of(organization)), strict=False)
    first = staged.head_ends(reading.head, reading.lines)
    unknown: dict[tuple[str, str], None] = {}
    known: set[tuple[int, str]] = set()
    for _, cells in islice(staged.rows(first), LOOKED_AT):
        for column, meaning in asked.items():
            text = cells[column].strip() if column < len(cells) else ""
            if text and (column, text) not in known:
                known.add((column, text))
                if (
                    reader.is_row(cells)
                    and _means_nothing(reader, meaning, text, named)
                    and len(unknown) < MOST_VALUES
                ):
                    unknown[meaning.key, text] = None
    return [
        ValueShown(
            key, target.meanings[key].title, text, reading.values.get(key, {}).get(text, ""),
            _choices(target.meanings[key], units),
        )
        for key, text in unknown
    ]  # fmt: skip


def _means_nothing(reader: RowReader, meaning: Meaning, text: str, named: str) -> bool:
    if meaning.key == named != UNIT:
        return bool(reader.units.find(text, "")[1])
    return reader.means_nothing(meaning, text)


def _choices(meaning: Meaning, units: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What a written value may stand for; a column of names that says whose a row is, for the name of a unit."""
    if meaning.key == UNIT:
        return tuple(units)
    return tuple((one, one) for one in meaning.choices or [name for _, name in units])


def read_form(target: Target, staged: Staged, before: Reading, given: QueryDict, prefix: str = "") -> Reading:
    """The reading as the person left it; another head or sheet is proposed anew."""
    head = _head(staged, given.get(f"{prefix}head", ""), before)
    lines = 2 if given.get(f"{prefix}lines") == "2" else 1
    if (head, lines) != (before.head, before.lines):
        return propose(target, staged, head, lines)
    columns = {
        column: key
        for column in range(len(before.heads))
        if (key := given.get(f"{prefix}column-{column}", "")) in target.meanings
    }
    fixed = {
        key: value
        for name, value in _texts(given)
        if name.startswith(f"{prefix}fixed-")
        and (key := name.removeprefix(f"{prefix}fixed-")) in target.meanings
    }
    values: dict[str, dict[str, str]] = {key: dict(held) for key, held in before.values.items()}
    for name, written in _texts(given):
        if name.startswith(f"{prefix}written-"):
            number = name.removeprefix(f"{prefix}written-")
            key, value = given.get(f"{prefix}of-{number}", ""), given.get(f"{prefix}means-{number}", "")
            values.setdefault(key, {}).pop(written, None)
            if value and key in target.meanings:
                values[key][written] = value
    reading = replace(
        before, columns=columns, fixed={key: value for key, value in fixed.items() if value}, values=values
    )
    keys = tuple(key for key in given.getlist(f"{prefix}key") if key in reading.given)
    return replace(reading, keys=keys or default_keys(target, reading))


def _texts(given: QueryDict) -> list[tuple[str, str]]:
    """What was sent, the last of several under one name."""
    return [(name, str(value)) for name, value in given.items()]


def _head(staged: Staged, text: str, before: Reading) -> int:
    number = whole(text)
    if number is None:
        return before.head
    numbers: Mapping[int, int] = {number: place for place, number in enumerate(staged.top.numbers)}
    return -1 if number == 0 else numbers.get(number, before.head)
