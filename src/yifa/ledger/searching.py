"""Finding cases by any two characters that stand next to each other, among a million.

Chinese is written without blanks and people search for two characters, so pairs are what is indexed: by SQLite's FTS5,
by PostgreSQL's GIN over arrays. The index only proposes; the text decides. A word that stands in very many cases, or
that is a single character, is not looked up: the list comes upon enough of them as it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q

from yifa.ledger.models import CaseText, Organization

MANY = 5000  # proposals beyond which going through the list is faster
BATCH = 500


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters, blanks aside, without repetition."""
    found = {word[at : at + 2] for word in text.lower().split() for at in range(len(word) - 1)}
    return sorted(found)


def token(pair: str) -> str:
    """A pair as FTS5 takes it for one word, whatever its characters."""
    return "x".join(f"{ord(character):x}" for character in pair)


def store(words: Mapping[UUID, str]) -> None:
    """Puts cases with their words into the index, in the place of what was there of them."""
    ids = list(words)
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        known = {case: (pk, text) for case, pk, text in _stored(some)}
        gone = [known[case] for case in some if case in known and known[case][1] != words[case]]
        forget(gone)
        texts = CaseText._default_manager
        texts.filter(pk__in=[pk for pk, _ in gone]).delete()
        new = [case for case in some if case not in known or known[case] in gone]
        made = texts.bulk_create([CaseText(case_id=case, text=words[case]) for case in new])
        index((text.pk, text.text) for text in made)


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
                [(pk, pairs(text)) for pk, text in texts],
            )


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
    return " ".join(map(token, pairs(text)))


def proposed(word: str) -> list[int] | None:
    """The texts in which all pairs of the word stand; None where there are too many, or the word is too short."""
    wanted = pairs(word)
    if not wanted or connection.vendor not in {"sqlite", "postgresql"}:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = "SELECT rowid FROM ledger_casepairs WHERE ledger_casepairs MATCH %s LIMIT %s"
            cursor.execute(sql, [_tokens(word), MANY + 1])
        else:
            sql = "SELECT id FROM ledger_casepairs WHERE pairs @> %s LIMIT %s"
            cursor.execute(sql, [wanted, MANY + 1])
        ids = [row[0] for row in cursor.fetchall()]
    return ids if len(ids) <= MANY else None


def with_words(text: str) -> Q:
    """A filter for cases in whose title, number, organization's name or actors' names each word stands."""
    condition = Q()
    for word in text.split():
        units = list(Organization.objects.filter(name__icontains=word).values_list("pk", flat=True))
        texts = proposed(word)
        found = Q(words__text__icontains=word)
        if texts is not None:
            standing = CaseText._default_manager.filter(pk__in=texts, text__icontains=word)
            found = Q(pk__in=list(standing.values_list("case_id", flat=True)))
        condition &= found | Q(organization_id__in=units) if units else found
    return condition
