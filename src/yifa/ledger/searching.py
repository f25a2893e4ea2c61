"""Finding cases by any two characters that stand next to each other, among a million.

Chinese is written without blanks and people search for two characters, so pairs are what is indexed: by SQLite's FTS5,
by PostgreSQL's GIN over arrays. Of runs of digits the fours are indexed too, since few pairs of digits are rare. Marks say
whose case it is and of which kind, so that a unit's name is looked up with the words. The index only proposes; the text
decides. Texts have keys in the order of the day of opening: of words that very many cases have the newest are proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Q

from yifa.ledger.copying import copy_text, escaped
from yifa.ledger.models import CaseText, Organization

MANY = 1000  # as many as are looked through for some words: the cases opened last
BATCH = 500
MARKS = 0xF0000  # characters for private use: one for each unit
KINDS = 0x100000  # and one for each kind of case
EACH = 0xFFFE
_KEY_BITS = 43  # of a text's key those that are the case's own; the day stands above them
_DIGITS = re.compile(r"[0-9]{4,}")


def unit_mark(organization_id: int) -> str:
    """The character that says whose case it is; nobody types it."""
    return chr(MARKS + organization_id % EACH)


def kind_mark(case_type: str) -> str:
    """The character that says of which kind a case is; should two kinds share one, more is proposed."""
    return chr(KINDS + crc32(case_type.encode()) % EACH)


def text_key(opened_on: date | None, case_id: UUID) -> int:
    """The key of a case's text: in the order of lists, by the day of opening and the case's id."""
    day = opened_on.toordinal() if opened_on else 0
    return day << _KEY_BITS | case_id.int >> (128 - _KEY_BITS)


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters, blanks aside, the fours of digits, and the marks, without repetition."""
    found: set[str] = set()
    for word in text.lower().split():
        if word >= chr(MARKS):
            found.update(word)
            continue
        found.update(word[at : at + 2] for at in range(len(word) - 1))
        for run in _DIGITS.findall(word):
            found.update(run[at : at + 4] for at in range(len(run) - 3))
    return sorted(found)


def token(gram: str) -> str:
    """A gram as FTS5 takes it for one word, whatever its characters."""
    return "x".join(f"{ord(character):x}" for character in gram)


def store(texts: Iterable[Mapping[str, Any]]) -> None:
    """Puts the texts of cases (id, case_id, text) into the index, in the place of what was there of them."""
    wanted = {each["case_id"]: each for each in texts}
    ids = list(wanted)
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        known = {case: (pk, text) for case, pk, text in _stored(some)}
        new = [each for case in some if known.get(case) != ((each := wanted[case])["id"], each["text"])]
        gone = [known[each["case_id"]] for each in new if each["case_id"] in known]
        forget(gone)
        CaseText._default_manager.filter(pk__in=[pk for pk, _ in gone]).delete()
        CaseText._default_manager.bulk_create([CaseText(**each) for each in new])
        index((each["id"], each["text"]) for each in new)


def _stored(cases: Iterable[UUID]) -> Iterable[tuple[UUID, int, str]]:
    return CaseText._default_manager.filter(case_id__in=cases).values_list("case_id", "pk", "text")


def remove(cases: Iterable[UUID]) -> None:
    """Takes cases out of the index."""
    forget([(pk, text) for _, pk, text in _stored(cases)])


def index(texts: Iterable[tuple[int, str]]) -> None:
    """Adds the pairs of stored texts, given by key."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = [(pk, _tokens(text)) for pk, text in texts]
            cursor.executemany("INSERT INTO ledger_casepairs (rowid, pairs) VALUES (%s, %s)", rows)
        elif connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO ledger_casepairs (id, pairs) VALUES (%s, %s)"
                " ON CONFLICT (id) DO UPDATE SET pairs = excluded.pairs",
                [(pk, grams(text)) for pk, text in texts],
            )


def index_new(texts: Iterable[tuple[int, str]]) -> None:
    """As `index`, of texts that were never in the index; many at once."""
    if connection.vendor != "postgresql":
        index(texts)
        return
    with connection.cursor() as cursor:
        copy_text(
            cursor, "ledger_casepairs (id, pairs)", ((str(pk), _array(grams(text))) for pk, text in texts)
        )


def _array(words: Iterable[str]) -> str:
    """As PostgreSQL reads an array of texts by COPY."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return escaped("{" + ",".join(f'"{word}"' for word in quoted) + "}")


def forget(texts: Sequence[tuple[int, str]]) -> None:
    """Takes the pairs of stored texts out."""
    if not texts:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # an index without content must be told what it held
            cursor.executemany(
                "INSERT INTO ledger_casepairs (ledger_casepairs, rowid, pairs) VALUES ('delete', %s, %s)",
                [(pk, _tokens(text)) for pk, text in texts],
            )
        elif connection.vendor == "postgresql":
            cursor.execute("DELETE FROM ledger_casepairs WHERE id = ANY(%s)", [[pk for pk, _ in texts]])


def _tokens(text: str) -> str:
    return " ".join(map(token, grams(text)))


@dataclass(frozen=True, slots=True)
class Search:
    """Which cases answer some words.

    Attributes:
        condition: A filter for cases in whose title, number, organization's name or actors' names each word stands.
        many: More than `MANY` may answer them; only the ones opened last are found.
    """

    condition: Q
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word with the units in whose names it stands."""

    text: str
    units: tuple[int, ...] = ()

    @property
    def condition(self) -> Q:
        found = Q(words__text__icontains=self.text)
        return found | Q(organization_id__in=self.units) if self.units else found

    @property
    def marks(self) -> list[str]:
        return [unit_mark(unit) for unit in self.units]


def search(text: str, units: Sequence[int] | None = None, case_type: str = "") -> Search:
    """What is looked for with some words, in the cases of some units or of one kind where these are given."""
    if not text.split():
        return Search(Q())
    names = list(Organization.objects.order_by().values_list("pk", "name"))
    condition, groups = Q(), []
    for word in text.split():
        one = _Word(word, tuple(pk for pk, name in names if word.lower() in name.lower()))
        condition &= one.condition
        if grams(word):
            groups.append((grams(word), one.marks))
    if units is not None:
        groups.append(([], [unit_mark(unit) for unit in units]))
    if case_type:
        groups.append(([kind_mark(case_type)], []))
    newest = _newest(groups)
    if newest is None:
        return Search(condition)
    return Search(Q(words__pk__in=newest) & condition, many=len(newest) == MANY)


Group = tuple[list[str], list[str]]  # grams that must all stand there, or instead one of these marks


def _newest(groups: Sequence[Group]) -> list[int] | None:
    """The keys of the newest texts that the index proposes; None: a database without one."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        return None
    given: list[Any]
    if not groups:  # single characters only
        source, given = "id FROM ledger_casetext", []
    elif connection.vendor == "sqlite":
        source = "rowid AS id FROM ledger_casepairs WHERE ledger_casepairs MATCH %s"
        given = [" AND ".join(map(_matching, groups))]
    else:
        ways = [
            " OR ".join(["pairs @> %s"] * bool(both) + ["pairs && %s"] * bool(marks))
            for both, marks in groups
        ]
        source = f"id FROM ledger_casepairs WHERE {' AND '.join(f'({way})' for way in ways)}"
        given = [some for group in groups for some in group if some]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {source} ORDER BY id DESC LIMIT {MANY}", given)
        return [row[0] for row in cursor.fetchall()]


def _matching(group: Group) -> str:
    """As FTS5 is asked."""
    both, marks = group
    standing = [f"({' AND '.join(map(token, both))})"] if both else []
    return f"({' OR '.join([*standing, *map(token, marks)])})"


def with_words(text: str) -> Q:
    """A filter for cases in whose title, number, organization's name or actors' names each word stands."""
    return search(text).condition
