"""What many tests start from: built once a run through the actions, then put back as rows for each test that asks.

Where a run has several processes the first that needs it builds it and the others take its rows from a file.
"""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from yifa.ledger.models import CaseText
from yifa.ledger.search import searching

Built = TypeVar("Built")
Given = ParamSpec("Given")
Row = tuple[Any, ...]


class Table(NamedTuple):
    """The rows of a table."""

    name: str
    columns: tuple[str, ...]
    rows: dict[Row, None]


class Change(NamedTuple):
    """What building did to a table: rows that went or were altered, and rows as they are after it."""

    table: Table
    gone: list[Row]


class Kept(NamedTuple):
    """What was built, and what it did to the tables."""

    built: Any
    changes: list[Change]


_KEPT: dict[Callable[..., Any], Kept] = {}


def standing(build: Callable[Given, Built], *given: Given.args, **named: Given.kwargs) -> Built:
    """What `build` makes: in earnest for the first test, its rows put back for the others.

    What it is given must itself be the same each time: nothing, or what was put back so.
    """
    if build not in _KEPT:
        with _alone(build) as file:
            if written := file.read():
                _KEPT[build] = pickle.loads(written)
            else:
                _KEPT[build] = kept = _built(build, *given, **named)
                file.write(pickle.dumps(kept))
                return deepcopy(kept.built)  # type: ignore[no-any-return]
    kept = _KEPT[build]
    with transaction.atomic():  # references between the rows hold at its end only
        for change in kept.changes:
            _put_back(change)
        _count_on(change.table.name for change in kept.changes)
    if any(change.table.name == CaseText._meta.db_table for change in kept.changes):
        searching.index(CaseText._default_manager.values("id", "text"))
    return deepcopy(kept.built)  # type: ignore[no-any-return]


@contextmanager
def _alone(build: Callable[..., Any]) -> Iterator[BinaryIO]:
    """The file of what is built, empty before it is; nobody else has it meanwhile."""
    folder = Path(os.environ["YIFA_TESTS_KEEP"])  # of this run: tests/conftest.py
    with (folder / f"{build.__module__}.{build.__qualname__}").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _built(build: Callable[..., Any], *given: Any, **named: Any) -> Kept:
    before = {table.name: table.rows for table in _tables()}
    built = build(*given, **named)
    changes = [_change(table, before[table.name]) for table in _tables()]
    return Kept(built, [change for change in changes if change.table.rows or change.gone])


def _tables() -> list[Table]:
    tables = []
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False):
            # what PostgreSQL finds texts by is made, not put back
            wanted = "id, case_id, text" if name == CaseText._meta.db_table else "*"
            cursor.execute(f"SELECT {wanted} FROM {connection.ops.quote_name(name)}")
            columns = tuple(column[0] for column in cursor.description)
            tables.append(Table(name, columns, dict.fromkeys(cursor.fetchall())))
    return tables


def _change(after: Table, before: dict[Row, None]) -> Change:
    new = {row: None for row in after.rows if row not in before}
    return Change(after._replace(rows=new), [row for row in before if row not in after.rows])


def _put_back(change: Change) -> None:
    (name, columns, rows), quote = change.table, connection.ops.quote_name
    with connection.cursor() as cursor:
        if change.gone:
            key = connection.introspection.get_primary_key_column(cursor, name)
            ids = [(row[columns.index(key)],) for row in change.gone]
            cursor.executemany(f"DELETE FROM {quote(name)} WHERE {quote(key)} = %s", ids)
        places = ", ".join(["%s"] * len(columns))
        insert = f"INSERT INTO {quote(name)} ({', '.join(map(quote, columns))}) VALUES ({places})"
        cursor.executemany(insert, list(rows))


def _count_on(tables: Iterable[str]) -> None:
    """New rows are numbered after those put back; SQLite sees to that itself."""
    named = set(tables)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in named]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
