"""The dry run: every row read, looked up and decided as an import would, nothing stored but what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from uuid import UUID

from django.utils import timezone

from yifa.approvals.sets import check_drafts
from yifa.exchange.comparing import differences, standing
from yifa.exchange.existing import Key, find_existing, is_key
from yifa.exchange.mapping import Reading, body_of, lacking, reading_from, unit_columns
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.rows import Fault, RowReader, Said
from yifa.exchange.staging import Staged, stage
from yifa.exchange.targets import NUMBER, ON, UNIT, Target, opening_key, target_of
from yifa.exchange.units import UnitFinder
from yifa.law.errors import YifaError
from yifa.ledger.bulk.cases import BulkCases, GivenCase
from yifa.ledger.bulk.entries import GivenEntry, check_entries
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused

CHUNK = 1000
MOST_FAULTS = 3000
What = ImportedRow.What


@dataclass(frozen=True)
class Row:
    """A row of the list with what would become of it."""

    said: Said
    what: str
    existing: UUID | None = None
    faults: tuple[Fault, ...] = ()
    note: str = ""


@dataclass
class Listing:
    """A list being gone through: the file, how it is read, and in which row each key stands first."""

    run: Import
    target: Target
    reading: Reading
    staged: Staged
    reader: RowReader
    seen: dict[Key, int] = field(default_factory=dict)
    skipped: int = 0  # lines that are no rows: totals, signatures
    known: dict[Key, UUID] = field(default_factory=dict)
    only: frozenset[int] | None = None  # the rows that were handed over, where not all

    @property
    def drafter(self) -> User | None:
        """Who sends the rows for approval, where their register wants that; None where they are published at once."""
        register = self.target.register
        return self.run.actor if register is not None and register.approval else None

    @property
    def source(self) -> str:
        """The digest of the file."""
        return self.run.attachment_id

    def rows(self) -> Iterator[Said]:
        """What the rows say."""
        return (self.reader.read(number, cells) for number, cells in self._rows())

    def known_by(self) -> Iterator[tuple[int, Key]]:
        """By what the rows are known, with their numbers."""
        return (
            (number, self.reader.key(cells)) for number, cells in self._lines() if self.reader.is_row(cells)
        )

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        for number, cells in self._lines():
            if self.reader.is_row(cells):
                yield number, cells
            else:
                self.skipped += 1

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        first = self.staged.head_ends(self.reading.head, self.reading.lines)
        return (
            (number, cells)
            for number, cells in self.staged.rows(first)
            if self.only is None or number in self.only
        )

    def chunks(self, after: int = 0, every: int = 1, mine: int = 0) -> Iterator[list[Said]]:
        """The rows after a number, some at a time; of `every` so many chunks in turn only those that are `mine`."""
        lines = (line for line in self._rows() if line[0] > after)
        for place in count():
            some = list(islice(lines, CHUNK))
            if not some:
                return
            if place % every == mine:
                yield [self.reader.read(number, cells) for number, cells in some]


def listing(run: Import) -> Listing:
    """An import's list with everything it needs. Raises YifaError where it cannot be read."""
    target, reading = target_of(run.target), reading_from(run.mapping)
    wanting = lacking(target, reading)
    if wanting:
        raise YifaError(
            f"还没有指明“{'”“'.join(wanting[:5])}”在哪一列；请在对照表里选定，或者填整表相同的值。",
            code="mapping",
        )
    if not reading.keys:
        raise YifaError(
            "还没有选定凭哪些列认出已有的记录；请在“怎样认出同一件”里勾选，例如编号。", code="mapping"
        )
    staged = stage(run.attachment, run.sheet)
    reader = RowReader(target, reading, UnitFinder(body_of(run.organization)))
    only = frozenset(run.mapping["only"]) if run.mapping.get("only") else None
    return Listing(run, target, reading, staged, reader, only=only)


def look_up(listed: Listing) -> None:
    """Finds which row names a thing first, and what of the whole list stands in the ledger already."""
    for number, key in listed.known_by():
        if is_key(key):
            listed.seen.setdefault(key, number)
    listed.known = find_existing(listed.target, listed.reading.keys, listed.seen.keys())


def sort_out(listed: Listing, chunk: Sequence[Said]) -> list[Row]:
    """What would become of some rows, as far as it does not take the rules to say so."""
    there = {said.row: listed.known[said.key] for said in chunk if said.key in listed.known}
    held = standing(listed.target, there.values())
    found = []
    for said in chunk:
        faults = list(said.faults)
        if not is_key(said.key) and not faults:
            faults.append(
                Fault(None, "凭以认出同一件的列有空格，不知道是不是已有的。请补上，或者改选别的列。")
            )
        first = listed.seen.get(said.key, said.row)
        if first != said.row and not faults:
            faults.append(
                Fault(
                    _key_column(listed), f"与第 {first} 行是同一件（{'、'.join(said.key)}），同一份表里重复。"
                )
            )
        if faults:
            found.append(Row(said, What.WRONG, faults=tuple(faults)))
        elif said.row in there:
            pk = there[said.row]
            changed = differences(listed.target, said, held[pk], listed.reader.units)
            note = "；".join(f"{one.title}：{one.here or '空'} → {one.there}" for one in changed)
            found.append(Row(said, What.DIFFERENT if changed else What.SAME, pk, note=note))
        else:
            found.append(Row(said, What.NEW))
    return found


def _key_column(listed: Listing) -> int | None:
    return next(
        (column for column, key in listed.reading.columns.items() if key in listed.reading.keys), None
    )


def given_case(listed: Listing, said: Said) -> GivenCase:
    """A row as the ledger takes it."""
    assert said.organization is not None  # noqa: S101 - rows without are wrong
    assert listed.target.case_type is not None  # noqa: S101 - asked for cases only
    return GivenCase(
        organization=said.organization, case_type=listed.target.case_type.case_type, acts=said.acts,
        facts=said.part("fact:"), title=str(said.given.get("title", "")), number=str(said.given.get(NUMBER, "")),
        source=source_of(listed, said),
    )  # fmt: skip


def given_entry(listed: Listing, said: Said) -> GivenEntry:
    """A row as an entry of its register, from the day it names or begins on."""
    assert said.organization is not None  # noqa: S101 - rows without are wrong
    assert listed.target.register is not None  # noqa: S101 - asked for entries only
    return GivenEntry(
        organization=said.organization, register=listed.target.register.register_, data=said.part("data:"),
        on=said.given.get(ON) or timezone.localdate(listed.run.created_at), reason="从表格导入", source=source_of(listed, said),
    )  # fmt: skip


def source_of(listed: Listing, said: Said) -> dict[str, object]:
    """Where a record came from: the file's digest and the row."""
    return {"file": listed.source, "row": said.row, "import": str(listed.run.pk)}


def decide(listed: Listing, rows: Sequence[Row], bulk: BulkCases) -> list[Row]:
    """The rows with what the ledger refuses among the new ones; nothing is stored."""
    new = [row.said for row in rows if row.what == What.NEW]
    if listed.target.is_case:
        refused = [stored.refused for stored in bulk.check([given_case(listed, said) for said in new])]
    else:
        given = [given_entry(listed, said) for said in new]
        drafter = listed.drafter
        checked = check_drafts(given, drafter) if drafter else check_entries(given, listed.run.actor)
        refused = [stored.refused for stored in checked]
    by_row = {said.row: why for said, why in zip(new, refused, strict=True) if why is not None}
    return [as_refused(listed, row, by_row[row.said.row]) if row.said.row in by_row else row for row in rows]


def as_refused(listed: Listing, row: Row, why: ActionRefused) -> Row:
    """A row the ledger refuses, its fault put to the column where it can be told."""
    columns = {key: column for column, key in listed.reading.columns.items()}
    field_ = why.field or ""
    keys = [
        f"fact:{field_}",
        f"data:{field_}",
        "number" if field_ == "number" else "",
        *(key for key in columns if key.endswith(f":{field_}")),
    ]
    if why.code == "role":
        keys = [UNIT, *unit_columns(listed.target, listed.reading)]
    if field_ == "on":
        keys = [opening_key(listed.target, listed.reading.given)]
    column = next((columns[key] for key in keys if key in columns), None)
    return Row(row.said, What.WRONG, faults=(Fault(column, why.message),))
