"""Keeping the rows of what really happened: whoever changes a case or an entry says so, whoever reads makes them anew.

So recording costs one small row, and what is read is exact: a changed chain stands in the list from the moment its
change can be seen. `yifa ledger rebuild` names all chains, and with that all rows here are made anew.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q

from yifa.law.loader import catalogue
from yifa.ledger.chain.history import FACTS_CHANGED
from yifa.ledger.models import (
    Amendment,
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    Edge,
    Entry,
    Record,
    StaleChain,
    Step,
    Subject,
    Term,
    TermRun,
)
from yifa.ledger.process.amendments import entry_amendments
from yifa.ledger.process.rows import (
    RECORDS,
    Clock,
    Done,
    Fault,
    Read,
    Said,
    Values,
    amendments,
    runs,
    steps,
)
from yifa.ledger.tables.copying import insert_values, reserve
from yifa.procedures.model import Entered, FindingKind

SIZE = 1000  # chains made anew in one transaction
WITH_ACT = Q(kind=FACTS_CHANGED, payload__contains='"with":')  # facts that an act asks for correct nothing
LOOKED_AT = (FindingKind.ORDER, FindingKind.MISSING, FindingKind.EVIDENCE)


def note(subject: Subject, chains: Collection[UUID]) -> None:
    """Says that cases or entries change, in the transaction that changes them."""
    StaleChain._default_manager.bulk_create(
        [StaleChain(subject=str(subject), chain=chain) for chain in chains], SIZE
    )


def note_all() -> None:
    """As `note`, of every case and entry: for rows that were put into the tables past the ledger."""
    quote = connection.ops.quote_name
    for model, subject in ((Case, Subject.CASE), (Entry, Subject.ENTRY)):
        table, own = quote(model._meta.db_table), quote(StaleChain._meta.db_table)
        with connection.cursor() as cursor:
            sql = f"INSERT INTO {own} (subject, chain) SELECT %s, id FROM {table}"  # noqa: S608 - our own names
            cursor.execute(sql, [str(subject)])


def refresh(seconds: float | None = None) -> bool:
    """Makes anew the rows of what changed, in short transactions. Whether all stands; else time ran out."""
    until = None if seconds is None else time.monotonic() + seconds
    while StaleChain._default_manager.exists():
        if until is not None and time.monotonic() > until:
            return False
        with transaction.atomic():
            _stretch()
    return True


def _stretch() -> None:
    """The chains noted first. Their lines are held until the end, so that two who read do it one after the other."""
    stale = StaleChain._default_manager.select_for_update().order_by("id")[:SIZE]
    rows = list(stale.values_list("id", "subject", "chain"))
    of: dict[str, set[UUID]] = defaultdict(set)
    for _, subject, chain in rows:
        of[subject].add(chain)
    _cases(of[Subject.CASE])
    _entries(of[Subject.ENTRY])
    StaleChain._default_manager.filter(pk__in=[pk for pk, _, _ in rows]).delete()


def _cases(ids: Collection[UUID]) -> None:
    if not ids:
        return
    found = list(_read(ids))
    kinds = {one.case_type.case_type for one in found}
    made = [row for one in found for row in steps(one)]
    clocks = [row for one in found for row in runs(one)]
    wanted = {edge for edge, _ in made} | {edge for _, edge, _ in clocks if edge is not None}
    edges = _numbers(Edge, ("case_type", "source", "target"), kinds, wanted)
    terms = _numbers(Term, ("case_type", "clock"), kinds, {term for term, _, _ in clocks})
    for model in (Step, TermRun, Amendment):
        model._default_manager.filter(case__in=ids).delete()
    _store(Step, [values | {"edge_id": edges[edge]} for edge, values in made])
    _store(
        TermRun,
        [values | {"term_id": terms[term], "edge_id": edges.get(edge)} for term, edge, values in clocks],
    )
    _store(Amendment, [row for one in found for row in _amended(one)])


def _amended(case: Read) -> Iterable[Values]:
    own = {"case_id": case.id, "organization_id": case.organization, "kind": case.case_type.case_type}
    back = {act.record for act in case.acts if act.entered == Entered.BACK}
    return amendments(case.records, back, own)


def _entries(ids: Collection[UUID]) -> None:
    if ids:
        Amendment._default_manager.filter(entry__in=ids).delete()
        _store(Amendment, list(entry_amendments(ids)))


def _store(model: type[models.Model], rows: list[Values]) -> None:
    if rows:
        insert_values(model, rows, reserve(model, len(rows)))


def _numbers(
    model: type[models.Model], names: tuple[str, ...], kinds: Collection[str], wanted: Collection[tuple[str, ...]]
) -> dict[Any, int]:  # fmt: skip
    """The numbers of these edges or terms; those that have none yet get one."""
    known = model._default_manager.filter(case_type__in=kinds)
    found: dict[Any, int] = {tuple(row[1:]): row[0] for row in known.values_list("id", *names)}
    new = sorted(set(wanted) - found.keys())
    if not new:
        return found
    model._default_manager.bulk_create(
        [model(**dict(zip(names, one, strict=True))) for one in new], ignore_conflicts=True
    )
    return {tuple(row[1:]): row[0] for row in known.values_list("id", *names)}


def _read(ids: Collection[UUID]) -> Iterable[Read]:
    """The cases with all that their rows here follow from; those gone, or of a kind no more there, left out."""
    acts = _grouped(_acts(ids))
    clocks = _grouped(_clocks(ids))
    faults = _grouped(
        (case, Fault(kind, act, position))
        for case, kind, act, position in CaseFinding.objects.filter(case__in=ids, kind__in=LOOKED_AT)
        .order_by("case_id", "id")
        .values_list("case_id", "kind", "act", "position")
    )
    records = _grouped(
        (case, Said(pk, kind, happened, recorded))
        for case, pk, kind, happened, recorded in Record.objects.filter(
            subject=Subject.CASE, subject_id__in=ids, kind__in=RECORDS
        )
        .exclude(WITH_ACT)
        .order_by("id")
        .values_list("subject_id", "id", "kind", "happened_on", "recorded_on")
    )
    law = catalogue().case_types
    rows = Case.objects.filter(pk__in=ids).order_by("pk")
    for case, kind, unit, closed in rows.values_list("pk", "case_type", "organization_id", "closed_on"):
        if kind in law:
            yield Read(
                case, law[kind], unit, closed is not None,
                acts[case], clocks[case], faults[case], records[case],
            )  # fmt: skip


def _acts(ids: Collection[UUID]) -> Iterable[tuple[UUID, Done]]:
    rows = CaseAct.objects.filter(case__in=ids).order_by("case_id", "happened_on", "position")
    names = ("case_id", "position", "act", "happened_on", "entered", "actor", "unit_id", "record_id")
    for case, position, act, on, entered, actor, unit, record in rows.values_list(*names):
        yield case, Done(position, act, on, entered, (actor, unit), record)


def _clocks(ids: Collection[UUID]) -> Iterable[tuple[UUID, Clock]]:
    rows = CaseClock.objects.filter(
        case__in=ids, party=False, started_on__isnull=False, due__isnull=False
    ).order_by("case_id", "id")
    names = ("case_id", "clock", "minimum", "due", "started_on", "stopped_on", "paused")
    for case, *values in rows.values_list(*names):
        yield case, Clock(*values)


def _grouped(rows: Iterable[tuple[UUID, Any]]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for case, row in rows:
        found[case].append(row)
    return found
