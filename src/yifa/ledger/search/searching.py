"""Finding cases by any two characters that stand next to each other, among a million.

Chinese is written without blanks and people search for two characters, so pairs are what is indexed: by SQLite's FTS5,
by PostgreSQL's GIN over arrays that stand beside the texts. Of runs of digits the fours are indexed too, since few pairs
of digits are rare. Marks say whose case it is and of which kind, so that a unit's name is looked up with the words. The
index only proposes; the text decides. Texts have keys in the order of the day of opening: of words that very many cases
have the newest are proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.chain.stored import Row
from yifa.ledger.models import CaseText, Organization
from yifa.ledger.search import proposing
from yifa.ledger.tables.copying import Lines, copy_lines, escaped

MANY = 1000  # as many as are looked through for some words: the cases opened last
MARKS = 0xF0000  # characters for private use: one for each unit
KINDS = 0x100000  # and one for each kind of case
EACH = 0xFFFE
KEY_BITS = 43  # of a text's key those that are the case's own; the day stands above them
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
    return day << KEY_BITS | case_id.int >> (128 - KEY_BITS)


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


def store(texts: Sequence[Mapping[str, Any]], there: Sequence[Row]) -> None:
    """Puts the texts of cases (id, case_id, text) into the index, in the place of the rows that are there of them."""
    known = {UUID(row["case"]): (row["id"], row["text"]) for row in there}
    other = [one for one in texts if known.get(one["case_id"]) != (one["id"], one["text"])]
    changed = [one for one in other if one["case_id"] in known and known[one["case_id"]][0] == one["id"]]
    new = [one for one in other if known.get(one["case_id"], (None,))[0] != one["id"]]
    forget([known[one["case_id"]] for one in other if one["case_id"] in known])
    if gone := [known[one["case_id"]][0] for one in new if one["case_id"] in known]:
        CaseText._default_manager.filter(pk__in=gone).delete()
    _change(changed)
    add(new)


def _stored(cases: Iterable[UUID]) -> Iterable[tuple[UUID, int, str]]:
    return CaseText._default_manager.filter(case_id__in=cases).values_list("case_id", "pk", "text")


def remove(cases: Iterable[UUID]) -> None:
    """Takes cases out of the index."""
    forget([(pk, text) for _, pk, text in _stored(cases)])


def add(texts: Sequence[Mapping[str, Any]]) -> None:
    """Stores new texts (id, case_id, text) with what they are found by."""
    put(made(texts))


def made(texts: Iterable[Mapping[str, Any]]) -> list[Any]:
    """New texts with what they are found by, as `put` stores them. Nothing is stored here."""
    if connection.vendor == "postgresql":
        return [
            f"{one['id']}\t{one['case_id'].hex}\t{escaped(one['text'])}\t{_array(_marked(one))}"
            for one in texts
        ]
    return [(one["id"], one["case_id"].hex, one["text"], _tokens(one["text"])) for one in texts]


def put(rows: Lines) -> None:
    """Stores what `made` made."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" or not isinstance(rows, list):
            copy_lines(cursor, "ledger_casetext (id, case_id, text, pairs)", rows)
            return
        bare = [row[:3] for row in rows]
        cursor.executemany("INSERT INTO ledger_casetext (id, case_id, text) VALUES (%s, %s, %s)", bare)
        pairs = [(row[0], row[3]) for row in rows]
        cursor.executemany("INSERT INTO ledger_casepairs (rowid, pairs) VALUES (%s, %s)", pairs)


def _change(texts: Sequence[Mapping[str, Any]]) -> None:
    """Stores texts in the place of others under the same keys, which have been forgotten."""
    if not texts:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(one["text"], _marked(one), one["id"]) for one in texts]
            cursor.executemany("UPDATE ledger_casetext SET text = %s, pairs = %s WHERE id = %s", rows)
            return
        bare = [(one["text"], one["id"]) for one in texts]
        cursor.executemany("UPDATE ledger_casetext SET text = %s WHERE id = %s", bare)
    index(texts)


def index(texts: Iterable[Mapping[str, Any]]) -> None:
    """Makes what texts (id, text) are found by, where they themselves are stored already."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            pairs = [(_marked(one), one["id"]) for one in texts]
            cursor.executemany("UPDATE ledger_casetext SET pairs = %s WHERE id = %s", pairs)
        else:
            rows = [(one["id"], _tokens(one["text"])) for one in texts]
            cursor.executemany("INSERT INTO ledger_casepairs (rowid, pairs) VALUES (%s, %s)", rows)


def _array(words: Sequence[str]) -> str:
    """As PostgreSQL reads an array of texts by COPY."""
    listed = '","'.join(words)
    if "\\" in listed or listed.count('"') != 2 * max(len(words) - 1, 0):
        listed = '","'.join([word.replace("\\", "\\\\").replace('"', '\\"') for word in words])
    return escaped(f'{{"{listed}"}}')


def _marked(text: Mapping[str, Any]) -> list[str]:
    """What PostgreSQL finds a text by: its grams, and the quarter of the year, since its index knows no order."""
    return [*grams(text["text"]), chr(proposing.QUARTERS + _quarter(text["id"]))]


def _quarter(key: int) -> int:
    """The quarter in which a case was opened, by its text's key."""
    day = date.fromordinal(max(key >> KEY_BITS, 1))
    return max(0, min((day.year - 1950) * 4 + (day.month - 1) // 3, proposing.LAST_QUARTER))


def forget(texts: Sequence[tuple[int, str]]) -> None:
    """Takes what stored texts are found by out of an index that stands by itself."""
    if not texts or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:  # an index without content must be told what it held
        cursor.executemany(
            "INSERT INTO ledger_casepairs (ledger_casepairs, rowid, pairs) VALUES ('delete', %s, %s)",
            [(pk, _tokens(text)) for pk, text in texts],
        )


def _tokens(text: str) -> str:
    return " ".join(map(proposing.token, grams(text)))


@dataclass(frozen=True, slots=True)
class Search:
    """Which cases answer some words.

    Attributes:
        condition: A filter for cases in whose title, number, organization's name or actors' names each word stands.
        many: More than `MANY` may answer them; only the ones opened last are found.
        newest: The keys of all these cases, the one opened last first; None without words, and where the index may
            have proposed cases of another kind.
    """

    condition: Q
    many: bool = False
    newest: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """A word with the marks of the units in whose names it stands."""

    text: str
    marks: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        return self.text in text or any(mark in text for mark in self.marks)


def search(
    text: str,
    units: Sequence[int] | None = None,
    case_type: str = "",
    besides: Sequence[UUID] | QuerySet[Any] = (),
) -> Search:
    """What is looked for with some words, in the cases of some units or of one kind where these are given.

    `besides`: cases of other units that are looked through too; of very many, those opened last.
    """
    if not text.split():
        return Search(Q())
    names = list(Organization.objects.order_by().values_list("pk", "name"))
    words = [
        _Word(word, tuple(unit_mark(pk) for pk, name in names if word in name.lower()))
        for word in text.lower().split()
    ]
    groups: list[proposing.Group] = [
        (grams(word.text), list(word.marks)) for word in words if grams(word.text)
    ]
    if units is not None:
        groups.append(([], [unit_mark(unit) for unit in units]))
    if case_type:
        groups.append(([kind_mark(case_type)], []))
    today = _quarter(text_key(timezone.localdate(), UUID(int=0)))
    newest = proposing.newest(groups, MANY, today) if units is None or units else []
    found = [case for case, said in newest if all(word.stands_in(said) for word in words)]
    also = _looked_through(words, besides) if units is not None else []
    found = list(dict.fromkeys([*found, *also]))
    known = tuple(found) if not also and (not case_type or _has_mark_alone(case_type)) else None
    return Search(_among(found), many=len(newest) == MANY, newest=known)


def _looked_through(words: Sequence[_Word], cases: Sequence[UUID] | QuerySet[Any]) -> list[UUID]:
    """Those of some cases that answer words, by their texts."""
    if not isinstance(cases, QuerySet) and not cases:
        return []
    rows = CaseText._default_manager.filter(case__in=cases)
    for word in words:
        each = [Q(text__icontains=word.text), *(Q(text__contains=mark) for mark in word.marks)]
        rows = rows.filter(reduce(or_, each))
    return list(rows.order_by("-pk").values_list("case_id", flat=True)[:MANY])


def _has_mark_alone(case_type: str) -> bool:
    """Whether no other kind of the catalogue has this kind's mark."""
    return sum(kind_mark(one) == kind_mark(case_type) for one in {case_type, *catalogue().case_types}) == 1


def _among(cases: Sequence[UUID]) -> Q:
    """A filter for these cases: to PostgreSQL they are one value, not a thousand to read and plan."""
    if connection.vendor != "postgresql":
        return Q(pk__in=cases)
    return Q(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [list(cases)]))
