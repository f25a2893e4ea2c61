"""A list of somebody else held against the ledger, or two lists against each other: what matches, what one side alone has.

The result is kept row by row with its digest.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yifa.exchange.comparing import Difference, Standing, differences, standing
from yifa.exchange.existing import Key, find_existing, is_key, keyed, things
from yifa.exchange.mapping import Reading, body_of, reading_from
from yifa.exchange.models import ReconciledRow, Reconciliation
from yifa.exchange.rows import RowReader, Said
from yifa.exchange.staging import Staged, stage
from yifa.exchange.targets import ON, Target, opening_key, target_of
from yifa.exchange.units import UnitFinder
from yifa.law.errors import YifaError
from yifa.ledger.chain.canonical import canonical, sm3
from yifa.ledger.models import Attachment, Case, Entry, User
from yifa.ledger.tables.copying import insert_values, reserve
from yifa.reading import cells as cell

CHUNK = 400
MOST_OF_TWO = 50_000  # rows of each of two lists
How = ReconciledRow.How


def run(rec: Reconciliation) -> None:
    """Compares, and keeps the result in the place of an earlier one. All or nothing."""
    with transaction.atomic():
        rec.rows.all().delete()
        result = _Result(rec)
        (_two_lists if rec.other_id else _with_ledger)(rec, result)
        result.finish()


def months_of(target: Target, staged: Staged, reading: Reading) -> tuple[date | None, date | None]:
    """From the first day of the first month to the last day of the last month that a list is about, where it says."""
    column = reading.given.get(opening_key(target, reading.given))
    if column is None:
        return None, None
    rows = staged.rows(staged.head_ends(reading.head, reading.lines))
    days = [day for _, cells in rows if column < len(cells) and (day := cell.day(cells[column]))]
    if not days:
        return None, None
    last = max(days)
    return min(days).replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])


class _Result:
    """The rows on their way into the tables, counted and digested."""

    def __init__(self, rec: Reconciliation) -> None:
        self.rec, self.counts = rec, Counter[str]()
        self._lines: list[dict[str, Any]] = []
        self._digests: list[str] = []

    def add(
        self, how: str, key: Key, row: int | None = None, *, subject: UUID | None = None, title: str = "",
        differing: Sequence[Difference] = (), note: str = "", other: int | None = None,
    ) -> None:  # fmt: skip
        shown = "，".join(key)[:200]
        said = [one.as_json() for one in differing]
        self.counts[how] += 1
        self._digests.append(canonical([str(how), shown, str(subject or ""), said]))
        self._lines.append({
            "run_id": self.rec.pk, "how": str(how), "key": shown, "row": row, "other_row": other, "subject_id": subject,
            "title": title[:200], "differences": said, "note": note,
        })  # fmt: skip
        if len(self._lines) >= 1000:
            self._store()

    def _store(self) -> None:
        insert_values(ReconciledRow, self._lines, reserve(ReconciledRow, len(self._lines)))
        self._lines = []

    def finish(self) -> None:
        if self._lines:
            self._store()
        self.rec.counts = dict(self.counts)
        self.rec.digest = sm3("\n".join(sorted(self._digests)).encode())
        self.rec.message = ""
        self.rec.save(update_fields=["counts", "digest", "message"])


class Side:
    """One list: its rows as they are read for comparing."""

    def __init__(
        self, rec: Reconciliation, attachment: Attachment, sheet: int, mapping: dict[str, Any]
    ) -> None:
        self.target, self.reading = target_of(rec.target), reading_from(mapping)
        _refuse_without_keys(self.target, self.reading)
        self.staged: Staged = stage(attachment, sheet)
        finder = UnitFinder(body_of(rec.organization))
        self.reader = RowReader(self.target, self.reading, finder, strict=False)

    def rows(self, only: frozenset[int] | None = None) -> Iterator[Said]:
        """The rows of the list, or those with these numbers."""
        first = self.staged.head_ends(self.reading.head, self.reading.lines)
        for number, cells in self.staged.rows(first):
            if (only is None or number in only) and self.reader.is_row(cells):
                yield self.reader.read(number, cells)


def _refuse_without_keys(target: Target, reading: Reading) -> None:
    lacking = [target.meanings[key].title for key in reading.keys if key not in reading.given]
    if lacking or not reading.keys:
        named = f"“{'”“'.join(lacking)}”" if lacking else "编号一类的列"
        raise YifaError(
            f"还不知道凭什么认出同一件：请在“各列的含义”里选定{named}在哪一列，再在“怎样认出同一件”里勾选。",
            code="mapping",
        )


def _with_ledger(rec: Reconciliation, result: _Result) -> None:
    side = Side(rec, rec.attachment, rec.sheet, rec.mapping)
    seen: dict[Key, int] = {}
    for said in side.rows():
        if is_key(said.key) and _in_scope(rec, side.target, said):
            seen.setdefault(said.key, said.row)
    visible = _visible(rec, side.target)
    known = {
        key: pk for key, pk in find_existing(side.target, side.reading.keys, seen).items() if pk in visible
    } if visible is not None else find_existing(side.target, side.reading.keys, seen)  # fmt: skip
    for chunk in _some(side.rows()):
        held = standing(side.target, {known[said.key] for said in chunk if said.key in known})
        for said in chunk:
            _compare(rec, result, side, said, seen, held.get(known.get(said.key)))  # type: ignore[arg-type]
    _only_here(rec, result, side, set(seen))


def _compare(  # noqa: PLR0917 - a row and what it is held against
    rec: Reconciliation,
    result: _Result,
    side: Side,
    said: Said,
    seen: dict[Key, int],
    held: Standing | None,
) -> None:
    if not _in_scope(rec, side.target, said):
        result.counts["outside"] += 1
        return
    doubt = _doubt(said, seen)
    if doubt:
        result.add(How.DOUBTFUL, said.key, said.row, title=said.title, note=doubt)
    elif held is None:
        result.add(How.THERE, said.key, said.row, title=said.title)
    else:
        found = differences(side.target, said, held, side.reader.units)
        how = How.DIFFERENT if found else How.MATCHED
        result.add(how, said.key, said.row, subject=held.id, title=held.title, differing=found)


def _doubt(said: Said, seen: dict[Key, int]) -> str:
    if not is_key(said.key):
        return "凭以认出同一件的列有空格。"
    if seen[said.key] != said.row:
        return f"与第 {seen[said.key]} 行重复。"
    return "；".join(fault.message for fault in said.faults)


def _only_here(rec: Reconciliation, result: _Result, side: Side, there: set[Key]) -> None:
    """What the ledger has in the scope and period and the list has not."""
    rows = _scoped(rec, side.target)
    missing = ((pk, key) for pk, key in keyed(rows, side.reading.keys) if key not in there)
    while some := list(islice(missing, CHUNK)):
        held = standing(side.target, [pk for pk, _ in some])
        for pk, key in some:
            result.add(How.HERE, key, subject=pk, title=held[pk].title)


def _scoped(rec: Reconciliation, target: Target) -> QuerySet[Any]:
    """The things of the ledger that the list should have."""
    rows = _seen_by(rec.actor, things(target), target)
    if rec.unit is not None:
        rows = rows.filter(organization__path__startswith=rec.unit.path)
    day = "opened_on" if target.is_case else "begins"
    if rec.starts:
        rows = rows.filter(**{f"{day}__gte": rec.starts})
    return rows.filter(**{f"{day}__lte": rec.ends}) if rec.ends else rows


def _seen_by(actor: User | None, rows: QuerySet[Any], target: Target) -> QuerySet[Any]:
    if actor is None:
        return rows
    manager = Case.objects if target.is_case else Entry.objects
    return rows & manager.for_user(actor) if not actor.is_superuser else rows


def _visible(rec: Reconciliation, target: Target) -> set[UUID] | None:
    """The things the actor sees; None where that is all."""
    every = things(target)
    seen = _seen_by(rec.actor, every, target)
    if (
        rec.actor is None
        or rec.actor.is_superuser
        or not every.exclude(pk__in=seen.order_by().values("pk")).exists()
    ):
        return None
    return set(seen.order_by().values_list("pk", flat=True))


def _in_scope(rec: Reconciliation, target: Target, said: Said) -> bool:
    """Whether a row of the list belongs to the period and the unit looked at, as far as it says so."""
    on = said.given.get(opening_key(target, said.given)) or said.given.get(ON)
    if isinstance(on, date) and ((rec.starts and on < rec.starts) or (rec.ends and on > rec.ends)):
        return False
    unit = said.organization
    return rec.unit is None or unit is None or unit.path.startswith(rec.unit.path)


def _two_lists(rec: Reconciliation, result: _Result) -> None:
    assert rec.other is not None  # noqa: S101 - asked for two lists only
    one = Side(rec, rec.attachment, rec.sheet, rec.mapping)
    other = Side(rec, rec.other, rec.other_sheet, rec.other_mapping | {"keys": rec.mapping["keys"]})
    if max(one.staged.length, other.staged.length) > MOST_OF_TWO:
        raise YifaError(f"两份表对账，每份最多 {MOST_OF_TWO} 行；请分成几份。", code="too_large")
    held: dict[Key, Said] = {}
    for said in other.rows():
        if not is_key(said.key) or said.key in held:
            note = "第二份表：" + ("与前面的行重复。" if said.key in held else "凭以认出同一件的列有空格。")
            result.add(How.DOUBTFUL, said.key, other=said.row, title=said.title, note=note)
        else:
            held[said.key] = said
    seen: dict[Key, int] = {}
    for said in one.rows():
        seen.setdefault(said.key, said.row)
        doubt = _doubt(said, seen)
        match = held.pop(said.key, None) if not doubt else None
        if doubt:
            result.add(How.DOUBTFUL, said.key, said.row, title=said.title, note=doubt)
        elif match is None:
            result.add(How.THERE, said.key, said.row, title=said.title)
        else:
            found = differences(one.target, said, _as_standing(match, said), one.reader.units)
            how = How.DIFFERENT if found else How.MATCHED
            result.add(how, said.key, said.row, title=said.title, differing=found, other=match.row)
    for key, said in held.items():
        result.add(How.HERE, key, other=said.row, title=said.title)


def _as_standing(said: Said, asked: Said) -> Standing:
    """A row of the second list in the place of the ledger; what it has no column for is no difference."""
    values = {key: said.given.get(key, value) for key, value in asked.given.items()}
    return Standing(UUID(int=0), said.title, "", values, {}, 0)


def _some(rows: Iterable[Said]) -> Iterator[list[Said]]:
    remaining = iter(rows)
    while some := list(islice(remaining, CHUNK)):
        yield some
