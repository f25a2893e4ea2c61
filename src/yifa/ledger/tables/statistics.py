"""What the database knows of its tables: without it, a plan made after a bulk load may be a thousand times too slow."""

from __future__ import annotations

from django.db import connection


def refresh() -> None:
    """Counts the rows and values of all tables anew; both SQLite and PostgreSQL know ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
