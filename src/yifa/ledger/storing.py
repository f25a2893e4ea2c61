"""Storing rows in the place of those that were there: what stands there already is not written again.

An act changes one row of a case and adds a few; to write all its rows anew would change every index of the tables, and
a million cases made anew after a change of the rules would be a million cases written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from yifa.ledger.stored import column_names, plain, rows

BATCH = 2000


def store(model: type[models.Model], wanted: Sequence[models.Model]) -> None:
    """Rows with ids of their own; of those that are there only the columns that change."""
    names = column_names(model)
    ids = [one.pk for one in wanted]
    known = {row["id"]: row for row in rows(model, names, among={"id": ids})} if ids else {}
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    for one in wanted:
        row = known.get(str(one.pk))
        changed = {
            field.name: getattr(one, field.attname)
            for field in fields
            if row is not None and plain(getattr(one, field.attname)) != row[field.name]
        }
        if changed:
            model._default_manager.filter(pk=one.pk).update(**changed)
    model._default_manager.bulk_create([one for one in wanted if str(one.pk) not in known])


def store_children(
    model: type[models.Model], parent: str, parents: Sequence[Any], wanted: Iterable[models.Model]
) -> None:
    """All rows of some parents. Rows are told apart by what they say; their own serials mean nothing."""
    names = column_names(model)
    fields = [field.attname for field in model._meta.concrete_fields if field.name in names]
    there: dict[str, list[int]] = defaultdict(list)
    for row in rows(model, [*names, "id"], among={parent: parents}) if parents else ():
        there[said(row[name] for name in names)].append(row["id"])
    new = []
    for one in wanted:
        same = there.get(said(getattr(one, name) for name in fields))
        if same:
            same.pop()
        else:
            new.append(one)
    gone = [pk for left in there.values() for pk in left]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    if new:
        model._default_manager.bulk_create(new, batch_size=BATCH)


def said(values: Iterable[Any]) -> str:
    """What a row says, whether made or read, whatever the order of the keys: a damaged one says something else."""
    return json.dumps(list(values), sort_keys=True, default=str)
