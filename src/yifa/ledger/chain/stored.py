"""Rows as they stand in the database, in canonical form and without trust.

Verification must be able to name a row that somebody damaged with other tools. The model layer would fail on such a
row, so the columns are read plainly; a value that cannot be what its column says stays as it is and is found different.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from yifa.ledger.chain.canonical import moment

Row = dict[str, Any]
CHUNK = 2000


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return moment(value if value.tzinfo else value.replace(tzinfo=UTC))
    return value


def _uuid(value: Any) -> Any:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return value


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _truth(value: Any) -> Any:
    return bool(value) if value in {0, 1} else value


CONVERTERS: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.DateTimeField: _moment,
    models.DateField: _day,
    models.UUIDField: _uuid,
    models.JSONField: _json,
    models.BooleanField: _truth,
}
TEXTS = (models.CharField, models.TextField, models.DateField, models.UUIDField, models.JSONField)


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((convert for kind, convert in CONVERTERS.items() if isinstance(field, kind)), None)


def _selected(field: models.Field[Any, Any]) -> str:
    """The column as it is read. SQLite holds whatever bytes somebody put there: they are taken as bytes."""
    name = connection.ops.quote_name(str(field.column))
    return f"CAST({name} AS BLOB)" if connection.vendor == "sqlite" and _is_text(field) else name


def _is_text(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    return isinstance(field, TEXTS)


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def column_names(model: type[models.Model]) -> list[str]:
    """The columns that mean something: all but the row's own serial."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if not (field.primary_key and isinstance(field, models.AutoField))
    ]


def plain(value: Any) -> Any:
    """A value as it reads when stored."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def rows(
    model: type[models.Model],
    names: Sequence[str],
    order: Sequence[str] = (),
    among: Mapping[str, Sequence[Any]] | None = None,
) -> Iterator[Row]:
    """Streams the columns `names` of all rows; days and moments as text, ids as text, JSON parsed.

    `among`: only rows whose columns of these names have one of these values.
    """
    quote = connection.ops.quote_name
    columns_of = {field.name: field for field in model._meta.concrete_fields}
    where, given = _where([(columns_of[name], values) for name, values in (among or {}).items()])
    sorting = ", ".join(quote(str(columns_of[name].column)) for name in order or ["id"])
    fields = [columns_of[name] for name in names]
    yield from _read(model, fields, f"{where} ORDER BY {sorting}", given, all_of_them=not among)


Asked = tuple[
    type[models.Model], Sequence[str], str, Sequence[Any]
]  # columns of the rows where one is among values


def together(asked: Sequence[Asked]) -> list[list[Row]]:
    """The rows of several tables, each table's by key: PostgreSQL is asked once for all of them."""
    questions = [_question(*one) for one in asked]
    answers: list[list[Row]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "; ".join(sql for sql, _, _ in questions), [one for _, given, _ in questions for one in given]
            )
        for place, (sql, given, fields) in enumerate(questions):
            if connection.vendor != "postgresql":
                cursor.execute(sql, given)
            elif place:
                cursor.nextset()
            answers.append(list(_named(cursor.fetchall(), fields)))
    return answers


def _question(
    model: type[models.Model], names: Sequence[str], where: str, values: Sequence[Any]
) -> tuple[str, list[Any], list[models.Field[Any, Any]]]:
    columns_of = {field.name: field for field in model._meta.concrete_fields}
    condition, given = _where([(columns_of[where], values)])
    fields = [columns_of[name] for name in names]
    key = connection.ops.quote_name(str(model._meta.pk.column))
    return f"{_selecting(model, fields)}{condition} ORDER BY {key}", given, fields


def unrecorded(model: type[models.Model], names: Sequence[str], subject: str) -> Iterator[Row]:
    """As `rows`, those made from a subject's records of which there is no record."""
    columns_of = {field.name: field for field in model._meta.concrete_fields}
    own = f"{connection.ops.quote_name(model._meta.db_table)}.id"
    where = f" WHERE NOT EXISTS (SELECT 1 FROM ledger_record WHERE subject = %s AND subject_id = {own})"  # noqa: S608 - as above
    yield from _read(model, [columns_of[name] for name in names], f"{where} ORDER BY id", [subject])


def _read(
    model: type[models.Model],
    fields: Sequence[models.Field[Any, Any]],
    condition: str,
    given: Sequence[Any],
    *,
    all_of_them: bool = False,
) -> Iterator[Row]:
    # a cursor kept by the server costs three more questions: only for all rows
    with connection.chunked_cursor() if all_of_them else connection.cursor() as cursor:
        cursor.execute(f"{_selecting(model, fields)}{condition}", given)
        while chunk := cursor.fetchmany(CHUNK):
            yield from _named(chunk, fields)


def _selecting(model: type[models.Model], fields: Sequence[models.Field[Any, Any]]) -> str:
    columns = ", ".join(map(_selected, fields))
    return f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608 - names of our models


def _named(chunk: Iterable[Sequence[Any]], fields: Sequence[models.Field[Any, Any]]) -> Iterator[Row]:
    """Values as they come, by column, in canonical form."""
    names, converters = [field.name for field in fields], [_converter(field) for field in fields]
    for values in chunk:
        texts = map(_text, values)
        yield {
            name: convert(value) if convert and value is not None else value
            for name, convert, value in zip(names, converters, texts, strict=True)
        }


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read within is the database as it was at one moment, whatever others write meanwhile.

    SQLite gives that to whoever has not read all rows of a cursor yet; a transaction would keep others from writing.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _where(among: Sequence[tuple[models.Field[Any, Any], Sequence[Any]]]) -> tuple[str, list[Any]]:
    wheres, given = [], []
    for field, values in among:
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        given += [target.get_db_prep_value(value, connection) for value in values]
        name = connection.ops.quote_name(str(field.column))
        wheres.append(f"{name} IN ({', '.join(['%s'] * len(values))})")
    return (" WHERE " + " AND ".join(wheres) if wheres else ""), given
