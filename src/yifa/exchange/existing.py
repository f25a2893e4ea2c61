"""What of a list stands in the ledger already: found by its key in one pass, never more held than the list has rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KT

from yifa.exchange.targets import NUMBER, TITLE, UNIT, Target
from yifa.exchange.values import as_key
from yifa.ledger.models import Case, Entry

Key = tuple[str, ...]
FEW = 400
MANY_NUMBERS = 20_000  # numbers beyond which all cases are gone through


def things(target: Target) -> QuerySet[Any]:
    """The cases or entries of a target that stand; those whose acts were all withdrawn do not."""
    if target.case_type is not None:
        return Case.objects.filter(case_type=target.case_type.case_type, opened_on__isnull=False)
    assert target.register is not None  # noqa: S101 - one of the two
    return Entry.objects.filter(register=target.register.register_, withdrawn=False)


def keyed(rows: QuerySet[Any], keys: Sequence[str]) -> Iterator[tuple[UUID, Key]]:
    """The ids of things with what they say under the keys."""
    named = {f"k{place}": _expression(key) for place, key in enumerate(keys)}
    found = rows.order_by().annotate(**named).values_list("pk", *named)
    for pk, *values in found.iterator(chunk_size=2000):
        yield pk, tuple(as_key(value) for value in values)


def _expression(key: str) -> Any:
    kind, _, rest = key.partition(":")
    if key == NUMBER:
        return F("number")
    if key == TITLE:
        return F("title")
    if key == UNIT:
        return F("organization__code")
    if kind == "fact":
        return KT(f"facts__{rest}")
    if kind == "data":
        return KT(f"data__{rest}")
    return F("opened_on")  # the day of the opening act


def possible_keys(target: Target) -> list[str]:
    """The meanings by which a thing may be known again: plain facts, number, name, unit, day of opening."""
    found = []
    for key, meaning in target.meanings.items():
        kind, _, rest = key.partition(":")
        plain = meaning.kind.value not in {"long_text", "list", "boolean", "number", "money"}
        opening = (
            kind == "act"
            and target.case_type is not None
            and rest in {f"{act}:on" for act in target.case_type.opens_with}
        )
        if key in {NUMBER, TITLE, UNIT} or (kind in {"fact", "data"} and plain) or opening:
            found.append(key)
    return found


def find_existing(target: Target, keys: Sequence[str], wanted: Collection[Key]) -> dict[Key, UUID]:
    """Which of the keys things in the ledger have; of several with one key any one."""
    if not keys or not wanted:
        return {}
    rows = things(target)
    found: dict[Key, UUID] = {}
    if tuple(keys) == (NUMBER,) and len(wanted) < MANY_NUMBERS:
        numbers = [key[0] for key in wanted]
        for first in range(0, len(numbers), FEW):
            some = rows.filter(Q(number__in=numbers[first : first + FEW]))
            found |= {key: pk for pk, key in keyed(some, keys)}
        return found
    for pk, key in keyed(rows, keys):
        if key in wanted:
            found.setdefault(key, pk)
    return found


def is_key(key: Key) -> bool:
    """Whether a row can be known by it: not where any part is empty."""
    return bool(key) and all(key)
