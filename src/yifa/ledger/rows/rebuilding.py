"""Making rows anew from the records, in stretches: each is one short transaction, after which others may write.

`rebuild` makes all rows of all chains anew, to mend what was damaged. `renew` makes anew what the rules have changed
under: the rows of those kinds of cases and entries, or only what counts of them. Both may be ended at any moment and
go on where they were. What is recorded meanwhile is made under the present rules by whoever records it, and figures of
rules whose spans do not all stand are counted case by case, so that both are right at every moment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Min, Q, Sum
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.chain.canonical import sm3
from yifa.ledger.chain.chains import chain_faults
from yifa.ledger.chain.faults import Chain
from yifa.ledger.chain.history import CaseHistory, line_of, replay_case, replay_entry
from yifa.ledger.chain.records import Columns, Progress, by_chain, stored_records
from yifa.ledger.chain.stored import unrecorded
from yifa.ledger.legal import context
from yifa.ledger.models import Case, Entry, Rebuild, Record, Subject
from yifa.ledger.rows import kinds, tallies
from yifa.ledger.rows.astray import astray
from yifa.ledger.rows.projections import organization_ids, raise_series, write_cases, write_entries
from yifa.ledger.rows.tallies import Spanned
from yifa.ledger.rows.values import CaseRows, EntryRows, case_rows, counted_of, entry_rows
from yifa.ledger.search import searching
from yifa.ledger.tables import statistics
from yifa.ledger.tables.sqlitecare import give_way
from yifa.procedures.model import Context

SIZE = 400  # chains made anew before others may write
LOOKED_THROUGH = 2000  # beginnings among which those of one subject are looked for
MANY = 20_000  # records after which the database looks at its tables anew
MODELS: Mapping[str, tuple[type[models.Model], str]] = {
    Subject.CASE: (Case, "case_type"),
    Subject.ENTRY: (Entry, "register"),
}
Made = CaseRows | EntryRows | Spanned


def rebuild(progress: Progress | None = None) -> int:
    """Makes all rows anew from the records. Returns the number of records read, an interrupted run's included.

    Raises:
        YifaError: a chain does not hold; what somebody altered must not become what everybody sees.
    """
    return _run([_Everything(subject) for subject in MODELS], progress)


def renew(progress: Progress | None = None) -> int:
    """Makes anew what stands under other rules than the present ones. Returns and raises as `rebuild`."""
    return _run([_Kind(kind) for kind in kinds.outdated()], progress)


def under_way() -> Rebuild | None:
    """The rebuild that is under way, or was interrupted, at what it did last; None where there is none."""
    known = Q(what__in=kinds.outdated()) | Q(what__in=[_Everything.named(subject) for subject in MODELS])
    return Rebuild.objects.filter(known).order_by("-moved_at").first()


class _Part(ABC):
    """What is made anew in one go through."""

    def __init__(self, name: str, subject: str) -> None:
        self.name, self.subject = name, subject
        self.only_spans = False

    @abstractmethod
    def kinds(self) -> Collection[str]:
        """The kinds whose rows all stand when it is through."""

    @cached_property
    @abstractmethod
    def total(self) -> int:
        """About how many records it has to read."""

    @abstractmethod
    def after(self, reached: str) -> list[tuple[str, UUID]]:
        """The chains of the next stretch, each with what to go on after."""

    def target(self) -> str:
        """The rules under which it makes them."""
        now = kinds.present()
        return sm3("\0".join(f"{kind}:{now[kind]}" for kind in sorted(self.kinds())).encode())

    def write(self, made: Mapping[UUID, Made]) -> None:
        """Stores what differs."""
        write_cases([one for one in made.values() if isinstance(one, CaseRows)])
        write_entries([one for one in made.values() if isinstance(one, EntryRows)])
        tallies.write([one for one in made.values() if isinstance(one, Spanned)])

    def begin(self) -> None:  # noqa: B027 - for most nothing
        """Does what comes before its rows are made."""

    def finish(self) -> None:  # noqa: B027 - for most nothing
        """What is left to do when all chains are through."""


class _Kind(_Part):
    """The cases of a type or the entries of a register, in the order of their last records."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, kinds.subject_of(kind))
        model, field = MODELS[self.subject]
        self.rows = model._default_manager.filter(**{field: kind})

    def kinds(self) -> Collection[str]:
        return [self.name]

    @cached_property
    def total(self) -> int:
        return int(self.rows.aggregate(total=Sum("length"))["total"] or 0)

    def after(self, reached: str) -> list[tuple[str, UUID]]:
        rows = self.rows
        if reached:
            last, pk = reached.split(":")
            rows = rows.filter(last__gte=last).filter(Q(last__gt=last) | Q(pk__gt=UUID(pk)))
        found = rows.order_by("last", "pk").values_list("last", "pk")[:SIZE]
        return [(f"{last}:{pk}", pk) for last, pk in found]


class _Everything(_Part):
    """All chains of a subject as the records have them, whatever rows there are."""

    def __init__(self, subject: str) -> None:
        super().__init__(self.named(subject), subject)
        self.records = Record.objects.filter(subject=subject)
        self.model, _ = MODELS[subject]

    @staticmethod
    def named(subject: str) -> str:
        """The name of such a part."""
        return f"all:{subject}"

    def kinds(self) -> Collection[str]:
        return [kind for kind in kinds.present() if kinds.subject_of(kind) == self.subject]

    @cached_property
    def total(self) -> int:
        return self.records.count() or 1  # rows without records are looked for too

    def after(self, reached: str) -> list[tuple[str, UUID]]:
        """In the order in which they began: what came into the tables together is read together."""
        found: list[tuple[str, UUID]] = []
        last = int(reached) if reached.isdigit() else 0
        # no index over the position: the key's order it must be
        firsts = Record.objects.annotate(place=F("position") + 0).filter(place=1).order_by("pk")
        columns = firsts.values_list("pk", "subject", "subject_id")
        while len(found) < SIZE and (begun := list(columns.filter(pk__gt=last)[:LOOKED_THROUGH])):
            found += [(str(pk), chain) for pk, subject, chain in begun if subject == self.subject]
            last = begun[-1][0]
        return found[:SIZE]

    def begin(self) -> None:
        """Takes away rows of what is not there; they would stand in the way of those that are made."""
        for lost, _ in astray(Subject(self.subject)):
            if lost.exists():  # who looks does not lock
                lost.delete()

    def write(self, made: Mapping[UUID, Made]) -> None:
        super().write(made)
        cases = [one for one in made.values() if isinstance(one, CaseRows)]
        raise_series(rows.case | {"numbers": rows.numbers} for rows in cases)

    def finish(self) -> None:
        self._refuse_headless()
        self._remove_unrecorded()

    def _refuse_headless(self) -> None:
        """A chain whose first record is gone was met nowhere: it is refused as any that does not hold."""
        chains = self.records.order_by().values("subject_id").annotate(first=Min("position"))
        for row in chains.filter(first__gt=1)[:1]:
            _Maker(self).make([row["subject_id"]])

    def _remove_unrecorded(self) -> None:
        """Takes away rows of which there is no record."""
        found = [UUID(row["id"]) for row in unrecorded(self.model, ["id"], self.subject)]
        for at in range(0, len(found), SIZE):
            gone = found[at : at + SIZE]
            with transaction.atomic():
                if self.subject == Subject.CASE:
                    searching.remove(gone)
                self.model._default_manager.filter(pk__in=gone).delete()


def _run(parts: Sequence[_Part], progress: Progress | None) -> int:
    _begin(parts)
    empty = [part for part in parts if not part.total]
    kinds.finish([kind for part in empty for kind in part.kinds()])
    started = [(part, _mark(part)) for part in parts if part.total]
    total, done = sum(mark.total for _, mark in started), 0
    for part, mark in started:
        before = done
        part.begin()
        for _ in _stretches(part, mark):
            done = before + mark.done
            if progress:
                progress(done, max(total, done))
        done = before + mark.done
        part.finish()
        kinds.finish(part.kinds())
        mark.delete()
    if progress:
        progress(done, done)
    if done >= MANY:
        statistics.refresh()
    return done


def _begin(parts: Sequence[_Part]) -> None:
    """Notes that rows of the kinds that are outdated are being made anew; those of others stand meanwhile."""
    own = {kind for part in parts for kind in part.kinds()}
    only_spans = kinds.begin(own & set(kinds.outdated()))
    for part in parts:
        part.only_spans = part.name in only_spans


def _mark(part: _Part) -> Rebuild:
    """How far it has come: from the beginning where it was under way under other rules."""
    now, target = timezone.now(), part.target()
    mark = Rebuild.objects.filter(what=part.name).first()
    if mark is None or mark.target != target:
        known = mark.pk if mark else None
        mark = Rebuild(pk=known, what=part.name, target=target, total=part.total, began_at=now, moved_at=now)
        mark.save()
    return mark


def _stretches(part: _Part, mark: Rebuild) -> Iterator[int]:
    """Makes stretch after stretch anew; yields how many chains it were."""
    while True:
        if part.target() != mark.target:  # the rules have changed meanwhile
            mark.done, mark.reached = 0, ""
            _begin([part])
            mark.target = part.target()
        some = part.after(mark.reached)
        _stretch(part, mark, some)
        if not some:
            return
        yield len(some)
        give_way()


def _stretch(part: _Part, mark: Rebuild, some: Sequence[tuple[str, UUID]]) -> None:
    """One stretch: what is slow is done before others have to wait, and done again for what they changed meanwhile."""
    ids = [pk for _, pk in some]
    maker = _Maker(part)
    made, heads, read = maker.make(ids)
    with transaction.atomic():
        moved = [pk for pk, head in _held(part, ids).items() if heads.get(pk) != head]
        made |= maker.make(moved)[0] if moved else {}
        last = some[-1][0] if some else ""
        part.write(made)
        mark.reached = last or mark.reached
        mark.done, mark.moved_at = mark.done + read, timezone.now()
        mark.save()


def _held(part: _Part, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The last digests of chains, held against those who would add to them until the transaction ends."""
    model, _ = MODELS[part.subject]
    rows = model._default_manager.order_by("pk").select_for_update().filter(pk__in=ids)
    return dict(rows.values_list("pk", "head"))


class _Maker:
    """Makes the rows of some chains."""

    def __init__(self, part: _Part) -> None:
        self.subject, self.only_spans = part.subject, part.only_spans
        self.organizations = organization_ids()
        self.contexts: dict[tuple[str, str, str], Context] = {}

    def make(self, ids: Sequence[UUID]) -> tuple[dict[UUID, Made], dict[UUID, str], int]:
        """What the records of chains come to; the chains' last digests; how many records were read."""
        made: dict[UUID, Made] = {}
        heads: dict[UUID, str] = {}
        read = 0
        for (_, subject_id), chain in by_chain(stored_records((self.subject, ids))) if ids else ():
            key = UUID(subject_id)
            made[key], heads[key], read = self._one(key, chain), chain[-1]["digest"], read + len(chain)
        return made, heads, read

    def _one(self, key: UUID, chain: list[Columns]) -> Made:
        faults = chain_faults(Chain(chain))
        if faults:
            raise YifaError(
                f"台账在程序之外被改动，不能由它重建，已停在这里，被改动的这一项及其后的内容没有重建。{faults[0].message}"
                "请先运行 yifa ledger verify 查明全部问题。",
                code="damaged",
            )
        try:
            return self._case(key, chain) if self.subject == Subject.CASE else self._entry(key, chain)
        except (ValueError, KeyError, TypeError) as error:
            raise YifaError(
                f"台账中{Subject(self.subject).label} {key} 的记录已损坏，无法重建，已停在这里。"
                "请先运行 yifa ledger verify 查明是哪一条。",
                code="damaged",
            ) from error

    def _case(self, key: UUID, chain: list[Columns]) -> Made:
        history = replay_case(key, [line_of(row) for row in chain])
        looked_at = self._context(history)
        if self.only_spans:
            return counted_of(history, looked_at)
        return case_rows(history, self.organizations, looked_at)

    def _entry(self, key: UUID, chain: list[Columns]) -> Made:
        made = entry_rows(replay_entry(key, [line_of(row) for row in chain]))
        return made.spanned() if self.only_spans else made

    def _context(self, history: CaseHistory) -> Context:
        """The catalogue and the calendar are asked once for cases alike."""
        alike = (history.case_type, history.level, history.jurisdiction)
        if alike not in self.contexts:
            self.contexts[alike] = context(*alike, date.min)
        return replace(self.contexts[alike], on=history.recorded_on)
