"""Who is writing at this moment: what they add may get lower ids than what others have added already."""

from __future__ import annotations

from django.db import connection


def unfinished() -> str:
    """The transactions that write and have not ended, as PostgreSQL numbers them; "" where there are none.

    Whoever keeps a value under the highest id of what it was made of keeps this beside it: once a slower transaction
    commits lower ids, the list differs and the value is made anew. SQLite lets one write at a time, in the order of ids.
    """
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")  # xmin:xmax:those between that have not ended
        return str(cursor.fetchone()[0]).rsplit(":", 1)[1]
