"""Storing rows in the place of those that were there: what stands there already is not written again.

An act changes one row of a case and adds a few; to write all its rows anew would change every index of the tables, and
a million cases made anew after a change of the rules would be a million cases written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from yifa.ledger.chain.stored import Row, column_names, plain, together

BATCH = 2000


Asking = tuple[type[models.Model], str]  # a table, and the column by which its rows are somebody's
There = Mapping[type[models.Model], Sequence[Row]]
Columns = tuple["models.Field[Any, Any]", ...]


def standing(asked: Sequence[Asking], parents: Sequence[Any]) -> There:
    """The rows that some parents have in several tables, asked for at once."""
    if not parents:
        return {model: () for model, _ in asked}
    found = together([(model, _with_key(model), parent, parents) for model, parent in asked])
    return {model: rows for (model, _), rows in zip(asked, found, strict=True)}


def _with_key(model: type[models.Model]) -> list[str]:
    names = column_names(model)
    return names if "id" in names else [*names, "id"]


def store(model: type[models.Model], wanted: Sequence[models.Model], there: There) -> None:
    """Rows with ids of their own; of those that are there only the columns that change."""
    names = column_names(model)
    known = {row["id"]: row for row in there[model]}
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    changed: dict[Columns, list[tuple[Any, ...]]] = defaultdict(list)
    for one in wanted:
        row = known.get(str(one.pk))
        if row is None:
            continue
        other = tuple(field for field in fields if plain(getattr(one, field.attname)) != row[field.name])
        if other:
            changed[other].append((*(getattr(one, field.attname) for field in other), one.pk))
    for columns, rows in changed.items():
        _update(model, columns, rows)
    model._default_manager.bulk_create([one for one in wanted if str(one.pk) not in known])


def _update(model: type[models.Model], columns: Columns, rows: Sequence[tuple[Any, ...]]) -> None:
    """Sets some columns of some rows, the values of each followed by its key, in one call."""
    name = connection.ops.quote_name
    key = model._meta.pk
    setting = ", ".join(f"{name(str(field.column))} = %s" for field in columns)
    sql = f"UPDATE {name(model._meta.db_table)} SET {setting} WHERE {name(str(key.column))} = %s"  # noqa: S608 - names of our own tables
    kinds = (*columns, key)
    ready = [
        [field.get_db_prep_save(value, connection) for field, value in zip(kinds, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if len(ready) == 1:
            cursor.execute(sql, ready[0])
        else:
            cursor.executemany(sql, ready)


def store_children(model: type[models.Model], wanted: Iterable[models.Model], there: There) -> None:
    """All rows of some parents, in the place of those `there`. Rows are told apart by what they say, not by their serials."""
    names = column_names(model)
    fields = [field.attname for field in model._meta.concrete_fields if field.name in names]
    known: dict[str, list[int]] = defaultdict(list)
    for row in there[model]:
        known[said(row[name] for name in names)].append(row["id"])
    new = []
    for one in wanted:
        same = known.get(said(getattr(one, name) for name in fields))
        if same:
            same.pop()
        else:
            new.append(one)
    gone = [pk for left in known.values() for pk in left]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    if new:
        model._default_manager.bulk_create(new, batch_size=BATCH)


def said(values: Iterable[Any]) -> str:
    """What a row says, whether made or read, whatever the order of the keys: a damaged one says something else."""
    return json.dumps(list(values), sort_keys=True, default=str)
