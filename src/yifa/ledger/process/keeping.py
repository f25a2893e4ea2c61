"""Keeping the rows of what really happened: whoever changes a case or an entry says so, whoever reads makes them anew.

So recording costs one small row, and what is read is exact: a changed chain stands in the list from the moment its
change can be seen. `yifa ledger rebuild` names all chains, and with that all rows here are made anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from yifa.ledger.models import Amendment, Case, Edge, Entry, StaleChain, Subject, Term, TermRun
from yifa.ledger.process import reading
from yifa.ledger.process.amendments import entry_amendments
from yifa.ledger.process.rows import Values, runs
from yifa.ledger.tables.copying import insert_values, reserve

SIZE = 2000  # chains made anew in one transaction


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
    """The chains noted first."""
    entries = reading.take(SIZE)
    reading.cases()
    _clocks()
    _entries(entries)
    reading.done()


def _clocks() -> None:
    """The clocks that are broken or run, with where they wait and what can be said why."""
    clocks = [row for case in reading.asked() for row in runs(case)]
    kinds = {term[0] for term, _, _ in clocks}
    edges = _numbers(Edge, ("case_type", "source", "target"), kinds, {edge for _, edge, _ in clocks if edge})
    terms = _numbers(Term, ("case_type", "clock"), kinds, {term for term, _, _ in clocks})
    _store(
        TermRun,
        [values | {"term_id": terms[term], "edge_id": edges.get(edge)} for term, edge, values in clocks],
    )


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
