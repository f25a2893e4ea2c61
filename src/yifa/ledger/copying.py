"""Rows straight into the tables, without making objects of them: for what stores very many at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Stores rows, each with a prepared value for every column of the model in order (see `prepared`)."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(fields))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
            cursor.connection.executemany(sql, rows)


def insert_values(model: type[models.Model], rows: Iterable[Mapping[str, Any]], first: int | None) -> int:
    """Stores rows given by column name, with ids from `first` on where the ids are numbers. How many it were."""
    columns = _columns(model, connection.vendor)
    made = []
    for place, row in enumerate(rows):
        values = [
            value if ready is None or value is None else ready(value)
            for name, ready, otherwise in columns
            for value in [row.get(name, otherwise)]
        ]
        if first is not None:
            values[0] = first + place
        made.append(values)
    insert(model, made)
    return len(made)


def reserve(model: type[models.Model], many: int) -> int:
    """The first of so many ids in a row that nobody else will get. Inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reserve {table}"])
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            first = int(cursor.fetchone()[0])
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + max(many, 1) - 1]
            )
            return first
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
        return int(known[0]) + 1 if known else 1


@cache
def _columns(
    model: type[models.Model], vendor: str
) -> tuple[tuple[str, Callable[[Any], Any] | None, Any], ...]:
    """Name, what makes a value ready, and the value of a column that is not given."""
    return tuple(
        (field.attname, prepared(field), None if field.primary_key else field.get_default())
        for field in model._meta.concrete_fields
    )


def prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What makes a column's value ready for `insert`; None where it is as it is."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.JSONField):
        return json.dumps
    if connection.vendor == "postgresql":
        return None
    if isinstance(target, models.UUIDField):
        return lambda value: value.hex
    if isinstance(target, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return str if isinstance(target, models.DateField) else None
