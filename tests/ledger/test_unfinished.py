"""Values kept under the highest id are made anew once a slower transaction has committed lower ones."""

from __future__ import annotations

import pytest
from django.db import connection

from yifa.ledger.tables.unfinished import unfinished


@pytest.mark.django_db(transaction=True)
def test_who_writes_is_told_until_the_end_of_the_transaction() -> None:
    if connection.vendor != "postgresql":
        assert unfinished() == ""
        return
    other = connection.copy()
    other.connect()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            writing = cursor.fetchone()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")  # one that began later and ends first
        assert writing in unfinished().split(",")
        other.commit()
        assert writing not in unfinished().split(",")
    finally:
        other.close()
