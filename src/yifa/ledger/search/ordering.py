"""One page of sorted cases, found in an index: SQLite would read all rows that answer the filters, to sort them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from yifa.ledger.models import Case

SORTING = {
    "title": "case_by_title",
    "status": "case_by_status",
    "next_due": "case_by_due",
    "findings_count": "case_by_findings",
}
MANY = 1000  # rows from which on they are not read to be sorted


def is_narrowed(rows: QuerySet[Any], known: int) -> bool:
    """Whether many rows answer filters, so that their keys are better looked for apart."""
    return connection.vendor == "sqlite" and bool(rows.query.where) and known > MANY


def keys_between(rows: QuerySet[Any], first: int, last: int) -> list[Any]:
    """The keys of the rows from one place until before another, from what indexes hold.

    Of cases in an order that an index has, that index is read until there are enough. Left to itself SQLite looks up all
    rows of a unit instead, since it does not weigh that few are wanted.
    """
    wanted = rows.values_list("pk", flat=True)[first:last]
    index = SORTING.get(str(rows.query.order_by[0]).lstrip("-")) if rows.query.order_by else None
    if connection.vendor != "sqlite" or rows.model is not Case or index is None:
        return list(wanted)
    sql, given = wanted.query.sql_with_params()
    table = f'FROM "{Case._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(table, f"{table} INDEXED BY {index}", 1), given)
        return [UUID(key) for (key,) in cursor.fetchall()]
