"""Rows straight into the tables, without making objects of them: for what stores very many at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

Row = Sequence[Any]
Ready = Callable[[Any], Any]
NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_EMPTY: dict[type, str] = {dict: "{}", list: "[]"}  # most columns of JSON hold nothing
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def insert_values(model: type[models.Model], rows: Iterable[Mapping[str, Any]], first: int | None) -> int:
    """Stores rows given by column name, with ids from `first` on where the ids are numbers. How many it were."""
    columns = _columns(model, connection.vendor)
    plain = connection.vendor != "postgresql"
    made: list[Row] = []
    for place, row in enumerate(rows):
        values = [
            ready(value) if (value := row.get(name, otherwise)) is not None else None
            for name, ready, otherwise in columns
        ]
        if first is not None:
            values[0] = first + place if plain else str(first + place)
        made.append(values)
    if made:
        _insert(model, made)
    return len(made)


def _insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Stores rows, each with a prepared value for every column of the model in order (see `prepared`)."""
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy_text(cursor, f"{table} ({names})", rows)
        else:
            marks = ", ".join(["?"] * len(fields))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
            cursor.connection.executemany(sql, rows)


def copy_text(cursor: Any, into: str, rows: Iterable[Sequence[str | None]]) -> None:
    """COPY of values already written as PostgreSQL reads them; None is NULL."""
    lines = ["\t".join([NULL if value is None else value for value in row]) for row in rows]
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write("\n".join([*lines, ""]))


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
def _columns(model: type[models.Model], vendor: str) -> tuple[tuple[str, Ready, Any], ...]:
    """Name, what makes a value ready, and the value of a column that is not given."""
    ready = _as_text if vendor == "postgresql" else _prepared
    return tuple(
        (field.attname, ready(field), None if field.primary_key else field.get_default())
        for field in model._meta.concrete_fields
    )


def _target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _as_text(field: models.Field[Any, Any]) -> Ready:
    """What writes a value of the column for COPY."""
    target = _target(field)
    if isinstance(target, models.JSONField):
        return _json
    if isinstance(target, models.UUIDField):
        return lambda value: value.hex
    if isinstance(target, models.DateField):  # moments too
        return lambda value: value.isoformat()
    if isinstance(target, models.BooleanField):
        return lambda value: "t" if value else "f"
    return escaped if isinstance(target, models.CharField | models.TextField) else str


def _json(value: Any) -> str:
    return (
        escaped(json.dumps(value, ensure_ascii=False))
        if value
        else _EMPTY.get(type(value)) or json.dumps(value)
    )


def escaped(text: str) -> str:
    """Text as COPY takes it."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else str(text)


def _prepared(field: models.Field[Any, Any]) -> Ready:
    """What makes a value ready for a placeholder of SQLite."""
    target = _target(field)
    if isinstance(target, models.JSONField):
        return json.dumps
    if isinstance(target, models.UUIDField):
        return lambda value: value.hex
    if isinstance(target, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return str if isinstance(target, models.DateField) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
