"""Rows straight into the tables, each value made ready once for many copies of the row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Stores rows, each with a value for every column of the model in order, ready as `prepared` makes it."""
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
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            cursor.connection.executemany(sql, rows)


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
