"""Rows straight into the tables, without making objects of them: for what stores very many at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from yifa.ledger.chain.canonical import Parsed, canonical

Row = Sequence[Any]
Lines = list[Any] | bytes  # rows as a database reads them: of PostgreSQL also as one text (see `packed`)
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


def _insert(model: type[models.Model], rows: list[Row]) -> None:
    """Stores rows, each with a prepared value for every column of the model in order (see `prepared`)."""
    names = [field.attname for field in model._meta.concrete_fields]
    if connection.vendor == "postgresql":
        _store(model, names, [*map(_tabbed, rows)])
    else:
        _store(model, names, rows)


def _store(model: type[models.Model], names: Sequence[str], lines: Lines) -> None:
    """Stores rows of some columns: for PostgreSQL as COPY reads them, for SQLite as sequences of values."""
    columns = [str(_field(model, name).column) for name in names]
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({', '.join(map(connection.ops.quote_name, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy_lines(cursor, into, lines)
        else:
            marks = ", ".join(["?"] * len(names))
            sql = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 - names of our own tables
            cursor.connection.executemany(sql, lines)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def copy_lines(cursor: Any, into: str, lines: Lines) -> None:
    """COPY of rows already written as PostgreSQL reads them."""
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write(_joined(lines) if isinstance(lines, list) else lines)


def packed(lines: list[Any]) -> Lines:
    """Made lines as they go through a pipe between processes: those of PostgreSQL as one text, which costs least to pass on."""
    return _joined(lines) if lines and connection.vendor == "postgresql" else lines


def joined(parts: Sequence[Lines]) -> Lines:
    """Lines of a table that were made apart."""
    if parts and not isinstance(parts[0], list):
        return b"".join(parts)  # type: ignore[arg-type]  # of one database: all are texts
    return [line for lines in parts for line in lines]


def _joined(lines: Sequence[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()


class Form:
    """How rows of a table are written where most of what they say is the same for many of them.

    The columns that differ come first, the rest of a row is written once (`rest`) and taken again. A serial is left to the
    database unless it is among the columns that differ. Made lines are for `store` and go through a pipe between processes.
    """

    def __init__(self, model: type[models.Model], *differing: str) -> None:
        self.model, self._differing = model, differing
        self._vendor = ""
        self._names: tuple[str, ...] = ()
        self._ready: tuple[Ready, ...] = ()
        self._rest: tuple[tuple[str, Ready, Any], ...] = ()

    def ready(self) -> Form:
        """The form for the database in use now."""
        if self._vendor != connection.vendor:
            columns = {
                name: (name, ready, otherwise)
                for name, ready, otherwise in _columns(self.model, connection.vendor)
            }
            self._ready = tuple(columns.pop(name)[1] for name in self._differing)
            key = self.model._meta.pk
            if isinstance(key, models.AutoField):
                columns.pop(key.attname, None)
            self._rest = tuple(columns.values())
            self._names = (*self._differing, *columns)
            self._vendor = connection.vendor
        return self

    def rest(self, values: Mapping[str, Any]) -> Any:
        """What is the same for many rows, written."""
        written = [
            ready(value) if (value := values.get(name, otherwise)) is not None else None
            for name, ready, otherwise in self._rest
        ]
        return _tabbed(written) if self._vendor == "postgresql" else tuple(written)

    def line(self, values: Sequence[Any], rest: Any) -> Any:
        """A row: the values of the columns that differ, in their order, and the rest."""
        nothing = NULL if self._vendor == "postgresql" else None
        written: list[Any] = [
            ready(value) if value is not None else nothing
            for ready, value in zip(self._ready, values, strict=True)
        ]
        if nothing is None:
            return (*written, *rest)
        written.append(rest)
        return "\t".join(written)

    def numbered(self, ids: Sequence[Any], rest: Any) -> Any:
        """As `line`, where what differs are ids: numbers, and texts of hexadecimal digits."""
        return (*ids, *rest) if self._vendor != "postgresql" else "\t".join([*map(str, ids), rest])

    def before(self, value: Any, rest: Any) -> Any:
        """The rest of a row with the last of the columns that differ before it."""
        written = self._ready[-1](value) if value is not None else None
        return (
            (written, *rest)
            if self._vendor != "postgresql"
            else f"{NULL if written is None else written}\t{rest}"
        )

    def behind(self, number: int, lines: Lines) -> Lines:
        """Made lines, to each of which the first of the columns that differ was wanting: the same number for all."""
        if isinstance(lines, list):
            return [self.numbered((number,), line) for line in lines]
        before = b"%d\t" % number
        return before + lines[:-1].replace(b"\n", b"\n" + before) + b"\n"

    def store(self, lines: Lines) -> None:
        """Stores made lines."""
        if lines:
            _store(self.model, self.ready()._names, lines)


def _tabbed(written: Sequence[str | None]) -> str:
    return "\t".join([NULL if value is None else value for value in written])


def reserve(model: type[models.Model], many: int) -> int:
    """The first of so many ids in a row that nobody else will get, whether or not they are used."""
    table, wanted = model._meta.db_table, max(many, 1)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _reserved_in_row(cursor, table, wanted)
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [wanted, table]
        )
        known = cursor.fetchone()
        if known is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, wanted])
        return int(known[0]) - wanted + 1 if known else 1


def _reserved_in_row(cursor: Any, table: str, many: int) -> int:
    """Takes ids one by one, as everybody does, until nobody else took one in between."""
    while True:
        cursor.execute(  # the name of the sequence is asked for once, not for each id
            "WITH held AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS ids)"
            " SELECT min(id), max(id) FROM (SELECT nextval(held.ids) AS id"
            " FROM held, generate_series(1, %s)) AS taken",
            [table, many],
        )
        first, last = cursor.fetchone()
        if last - first + 1 == many:
            return int(first)


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
        return _hex
    if isinstance(target, models.DateField):  # moments too
        return lambda value: value.isoformat()
    if isinstance(target, models.BooleanField):
        return lambda value: "t" if value else "f"
    return escaped if isinstance(target, models.CharField | models.TextField) else str


def _hex(value: Any) -> str:
    """An id; given written already where many rows have the same."""
    return str(value if value.__class__ is str else value.hex)


def _json(value: Any) -> str:
    if value.__class__ is Parsed:
        return escaped(value.text)
    return escaped(canonical(value)) if value else _EMPTY.get(type(value)) or json.dumps(value)


def escaped(text: str) -> str:
    """Text as COPY takes it. To look for one mark after the other takes a twentieth of what one pattern takes."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
    return text if text.__class__ is str else str(text)


def _prepared(field: models.Field[Any, Any]) -> Ready:
    """What makes a value ready for a placeholder of SQLite."""
    target = _target(field)
    if isinstance(target, models.JSONField):
        return json.dumps
    if isinstance(target, models.UUIDField):
        return _hex
    if isinstance(target, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return str if isinstance(target, models.DateField) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
