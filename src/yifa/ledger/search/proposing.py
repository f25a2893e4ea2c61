"""How each database is asked which of the newest cases have some grams or marks: the index of words proposes them.

SQLite's FTS5 gives what it finds in order. PostgreSQL's GIN does not: it is asked quarter by quarter of the opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

QUARTERS = 0xE000  # and one for each quarter of a year from 1950 on
LAST_QUARTER = 399
TRIED = 300  # of the newest texts read to see how common some words are
COMMON = 0.2  # the share from which on reading is faster than PostgreSQL's index
LONGEST = 16  # quarters looked through at once before all that is left

Group = tuple[list[str], list[str]]  # grams that must all stand there, or instead one of these marks


def newest(groups: Sequence[Group], many: int, present: int) -> list[tuple[UUID, str]]:
    """The newest cases that the index proposes, with their texts in small letters. `present`: the quarter of today."""
    given: list[Any] = []
    if not groups:  # single characters only
        sql = "SELECT case_id, text FROM ledger_casetext ORDER BY id DESC"
    elif connection.vendor == "sqlite":
        sql = (
            "SELECT case_id, text FROM (SELECT rowid AS key FROM ledger_casepairs WHERE ledger_casepairs MATCH %s"
            " ORDER BY rowid DESC LIMIT %s) JOIN ledger_casetext ON id = key ORDER BY id DESC"
        )
        given = [" AND ".join(map(_matching, groups)), many]
    elif (read := _read_from_the_newest(groups, many)) is not None:
        return read
    else:
        sql, given = _by_quarters(groups, present)
    return _texts(sql, given, many)


def _texts(sql: str, given: Sequence[Any], most: int) -> list[tuple[UUID, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*given, most])
        rows = cursor.fetchall()
    return [(case if isinstance(case, UUID) else UUID(case), text.lower()) for case, text in rows]


def _read_from_the_newest(groups: Sequence[Group], many: int) -> list[tuple[UUID, str]] | None:
    """What words propose that one in a few of the newest cases has; None of rarer words, which the index finds faster.

    Of a word of half the cases the index would give PostgreSQL all of a quarter, tens of thousands.
    """
    sql = "SELECT case_id, text FROM ledger_casetext ORDER BY id DESC"
    tried = _texts(sql, [], TRIED)
    share = sum(_proposed(text, groups) for _, text in tried) / TRIED
    if len(tried) < TRIED or share < COMMON:
        return None
    most = int(many / share * 1.3)
    rows = _texts(sql, [], most)
    found = [(case, text) for case, text in rows if _proposed(text, groups)][:many]
    return found if len(found) == many or len(rows) < most else None


def _proposed(text: str, groups: Sequence[Group]) -> bool:
    """Whether the index would propose a text."""
    return all(
        (both and all(gram in text for gram in both)) or any(mark in text for mark in marks)
        for both, marks in groups
    )


def _by_quarters(groups: Sequence[Group], present: int) -> tuple[str, list[Any]]:
    """As PostgreSQL is asked: stretch of quarters by stretch, each twice as long as the one before.

    Its index gives what it finds in no order; of a word of ten thousand cases only those of the last quarters are
    fetched. That sum keeps it from reading the texts themselves from the newest on.
    """
    ways = [
        " OR ".join(["pairs @> %s"] * bool(both) + ["pairs && %s"] * bool(marks)) for both, marks in groups
    ]
    stretches = list(_stretches(present))
    standing = " AND ".join(f"({way})" for way in ways)
    quarters = ", ".join(["(%s::text[])"] * len(stretches))
    sql = (
        f"SELECT case_id, text FROM (VALUES {quarters}) AS stretch(quarters) CROSS JOIN LATERAL"  # noqa: S608 - no values in it
        f" (SELECT case_id, text FROM ledger_casetext WHERE {standing} AND pairs && quarters ORDER BY id + 0 DESC) AS found"
    )
    return sql, [*stretches, *(some for group in groups for some in group if some)]


def _stretches(present: int) -> Iterator[list[str]]:
    """The quarters of the years, as marks, the last ones first."""
    first, length = present, 1
    yield _quarters(range(present, LAST_QUARTER + 1))
    while length <= LONGEST and first > 0:
        first, last = max(first - length, 0), first
        yield _quarters(range(first, last))
        length *= 2
    yield _quarters(range(first))


def _quarters(numbers: range) -> list[str]:
    return [chr(QUARTERS + number) for number in numbers]


def _matching(group: Group) -> str:
    """As FTS5 is asked."""
    both, marks = group
    standing = [f"({' AND '.join(map(token, both))})"] if both else []
    return f"({' OR '.join([*standing, *map(token, marks)])})"


def token(gram: str) -> str:
    """A gram as FTS5 takes it for one word, whatever its characters."""
    return "x".join(f"{ord(character):x}" for character in gram)
