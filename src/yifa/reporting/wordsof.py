"""The words of records that a figure keeps by number only: title, number, unit, act, as the ledger had them then.

A case or entry that has gone on since is replayed as far as it was known when the figure was counted; of all others
the rows that stand say the same, and are read in bulk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.ledger.chain.history import replay_case, replay_entry
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.figures.columns import Line, Said
from yifa.ledger.models import Case, CaseAct, Entry, Record, Subject
from yifa.ledger.rows.values import entry_rows

BATCH = 500
Named = tuple[str, str, Mapping[int, str]]  # title, number, title of the act at each position


def told(lines: Sequence[Line], units: Mapping[int, str], known: int | None) -> Iterator[tuple[Line, Said]]:
    """Each line with its words. `units` are names by id; `known` the last record there was, None: all there are."""
    for first in range(0, len(lines), BATCH):
        some = lines[first : first + BATCH]
        own = _Words([line for line in some if line.said is None], units, known)
        for line in some:
            yield line, line.said or own.of(line)


class _Words:
    """The words of some lines, asked of the database in a few queries."""

    def __init__(self, lines: Sequence[Line], units: Mapping[int, str], known: int | None) -> None:
        rows = Record.objects.filter(pk__in={line.record for line in lines}).order_by()
        found = rows.values_list("pk", "subject", "subject_id", "digest")
        self._records = {pk: (subject, id_, digest) for pk, subject, id_, digest in found} if lines else {}
        self._units, self._known = units, known
        ids: dict[str, set[UUID]] = defaultdict(set)
        for subject, id_, _ in self._records.values():
            ids[subject].add(id_)
        self._named: dict[UUID, Named] = {}
        if ids[Subject.CASE]:
            self._name_cases(ids[Subject.CASE])
        if ids[Subject.ENTRY]:
            self._name_entries(ids[Subject.ENTRY])

    def of(self, line: Line) -> Said:
        """The words of one line."""
        subject, id_, digest = self._records[line.record]
        title, number, acts = self._named.get(id_, ("", "", {}))
        act = acts.get(line.position, "") if line.act is None else line.act
        return Said(subject, str(id_), title, number, self._units.get(line.unit, ""), act, digest)

    def _name_cases(self, ids: Iterable[UUID]) -> None:
        rows = Case.objects.filter(pk__in=list(ids)).order_by()
        stand = list(rows.values_list("pk", "case_type", "title", "number", "last"))
        then = {pk for pk, *_, last in stand if self._is_past(last)}
        kinds = {pk: kind for pk, kind, *_ in stand if pk not in then}
        acts: dict[UUID, dict[int, str]] = defaultdict(dict)
        for pk, position, act in (
            CaseAct.objects.filter(case_id__in=list(kinds))
            .order_by()
            .values_list("case_id", "position", "act")
        ):
            acts[pk][position] = _act(kinds[pk], act)
        self._named |= {pk: (title, number, acts[pk]) for pk, _, title, number, _ in stand if pk in kinds}
        for pk, chain in self._chains(Subject.CASE, then).items():
            case = replay_case(pk, chain)
            titles = {act.position: _act(case.case_type, act.act) for act in case.acts()}
            self._named[pk] = case.title, case.number, titles

    def _name_entries(self, ids: Iterable[UUID]) -> None:
        rows = list(
            Entry.objects.filter(pk__in=list(ids)).order_by().values_list("pk", "title", "key", "last")
        )
        self._named |= {pk: (title, key, {}) for pk, title, key, last in rows if not self._is_past(last)}
        then = {pk for pk, _, _, last in rows if self._is_past(last)}
        for pk, chain in self._chains(Subject.ENTRY, then).items():
            row = entry_rows(replay_entry(pk, chain)).entry
            self._named[pk] = row["title"], row["key"], {}

    def _is_past(self, last: int) -> bool:
        """Whether something was recorded after the figure was counted."""
        return self._known is not None and last > self._known

    def _chains(self, subject: Subject, ids: Iterable[UUID]) -> Mapping[UUID, list[Any]]:
        """The records of chains as far as they were known: at least those that the lines name."""
        wanted = list(ids)
        if not wanted:
            return {}
        assert self._known is not None  # noqa: S101 - only then anything is past
        until = {
            id_: max([self._known, *(pk for pk, (_, own, _) in self._records.items() if own == id_)])
            for id_ in wanted
        }
        found: dict[UUID, list[Any]] = defaultdict(list)
        rows = Record.objects.filter(subject=subject, subject_id__in=wanted).order_by(
            "subject_id", "position"
        )
        for record in rows:
            if record.pk <= until[record.subject_id]:
                found[record.subject_id].append(line_from(record))
        return found


def _act(case_type: str, act: str) -> str:
    kind = catalogue().case_types.get(case_type)
    return kind.acts[act].title if kind is not None and act in kind.acts else ""
