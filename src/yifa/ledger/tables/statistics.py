"""What the database knows of its tables: without it, a plan made after a bulk load may be a thousand times too slow."""

from __future__ import annotations

from django.db import connection

from yifa.ledger.models import Record

GROWN = 2  # times as many records as were known from which on a plan may be wrong
FEW = 1000  # records among which no plan is slow


def refresh() -> None:
    """Counts the rows and values of all tables anew; both SQLite and PostgreSQL know ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def keep() -> bool:
    """As `refresh`, where the ledger has grown to twice what the database knows of. Whether that was so.

    SQLite never counts by itself, and while it counts nobody can record: 16 seconds of a million cases.
    """
    if Record.objects.count() < max(FEW, GROWN * _known()):
        return False
    refresh()
    return True


def _known() -> int:
    """The records there were when the database last counted them; 0 where it never did."""
    table = Record._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        elif "sqlite_stat1" in _tables():
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s LIMIT 1", [table])
        else:
            return 0
        row = cursor.fetchone()
    return max(int(str(row[0]).split()[0]), 0) if row else 0


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        return {name for (name,) in cursor.fetchall()}
