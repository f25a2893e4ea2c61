"""Cases like one about to be opened: the same number of another system, the same party, or much the same words.

Looks at the newest cases of the same kind only, so that it costs the same in a small ledger and in a large one. What
many of them say (装饰工程有限公司) makes two texts little alike; what few say (芸香) makes them much so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import Any
from uuid import UUID

from yifa.law.schema import CaseType, FieldSpec, FieldType
from yifa.ledger.models import Case, Organization
from yifa.ledger.search.queries import Viewer

MOST = 1000  # cases looked at
DAYS = 400  # how far back
SHOWN = 5
ALIKE = 0.5  # share of pairs of characters that two texts have in common, each weighed by how rare it is
SHORTEST = 6  # characters below which likeness says nothing
WORDS = {FieldType.TEXT, FieldType.LONG_TEXT}


@dataclass(frozen=True, slots=True)
class Similar:
    """A case like the one in hand, and why; `same`: it bears the same number, so it is hardly another one."""

    case: Case
    why: str
    same: bool


def similar(
    user: Viewer, case_type: CaseType, facts: Mapping[str, Any], on: date, *, but: UUID | None = None
) -> list[Similar]:
    """The cases most like it among those the user may see: those with the same number first, then the newest.

    Args:
        user: Who asks.
        case_type: Of the case in hand.
        facts: Its facts, as far as they are known.
        on: The day from which to look back.
        but: The case itself, where it is there already.
    """
    rows = Case.objects.for_user(user).filter(
        case_type=case_type.case_type, opened_on__gte=on - timedelta(days=DAYS)
    )
    newest = list(rows.order_by("-opened_on", "-id").values_list("pk", "facts")[:MOST])
    words = {name: _Words(other.get(name) for _, other in newest) for name in _worded(case_type, facts)}
    found: dict[UUID, tuple[bool, str]] = {}
    for pk, other in newest:
        reasons = list(_reasons(case_type, facts, other, words))
        if reasons and pk != but:
            found[pk] = (any(same for same, _ in reasons), "；".join(why for _, why in reasons))
    first = sorted(found, key=lambda pk: not found[pk][0])[:SHOWN]
    cases = Case.objects.select_related("organization").in_bulk(first)
    return [Similar(cases[pk], found[pk][1], found[pk][0]) for pk in first]


def opened_alike(
    unit: Organization, case_type: CaseType, facts: Mapping[str, Any], on: date
) -> list[Similar]:
    """A case of the unit opened on that day of which everything was said alike: the same form, sent once more."""
    rows = Case.objects.filter(organization=unit, case_type=case_type.case_type, opened_on=on)
    newest = rows.select_related("organization").order_by("-opened_on", "-id")[:MOST] if facts else ()
    found = (one for one in newest if all(one.facts.get(name) == value for name, value in facts.items()))
    return [Similar(one, "内容完全相同", same=True) for one in found][:1]


def _worded(case_type: CaseType, facts: Mapping[str, Any]) -> Iterator[str]:
    for name, spec in case_type.facts.items():
        told = spec.type in WORDS and not spec.choices and not spec.of_many and not spec.as_before
        if told and len(_bare(facts.get(name) or "")) >= SHORTEST:
            yield name


def _reasons(
    case_type: CaseType, facts: Mapping[str, Any], other: Mapping[str, Any], words: Mapping[str, _Words]
) -> Iterator[tuple[bool, str]]:
    others = _of_others(case_type, facts, other, words)
    for name, spec in case_type.facts.items():
        value, held = facts.get(name), other.get(name)
        if not value or not held:
            continue
        if spec.identifies and _bare(value) == _bare(held):
            yield True, f"{spec.title}相同"
        elif _names_a_party(spec) and _bare(value) == _bare(held):
            yield False, f"{spec.title}相同"
        elif any(one in _bare(value) or its in _bare(held) for one, its in others):
            continue
        elif name in words and words[name].alike(_bare(value), _bare(held)):
            yield False, f"{spec.title}相近"


def _of_others(
    case_type: CaseType, facts: Mapping[str, Any], other: Mapping[str, Any], words: Mapping[str, _Words]
) -> list[tuple[str, str]]:
    """The parties of both cases where they are not the same: texts that name them are not alike by what follows."""
    found = []
    for name in (name for name, spec in case_type.facts.items() if _names_a_party(spec)):
        value, held = _bare(facts.get(name) or ""), _bare(other.get(name) or "")
        if value and held:
            if value == held or (name in words and words[name].alike(value, held)):
                return []
            found.append((value, held))
    return found


def _names_a_party(spec: FieldSpec) -> bool:
    return spec.personal and spec.type in {FieldType.TEXT, FieldType.PERSON}


def _bare(value: Any) -> str:
    return "".join(str(value).split()).lower()


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


class _Words:
    """The texts of one fact in the cases looked at: how rare each pair of characters is among them."""

    def __init__(self, texts: Iterable[Any]) -> None:
        held = [_pairs(_bare(text)) for text in texts if text]
        self._all = len(held) + 1
        self._in = Counter(pair for pairs in held for pair in pairs)

    def alike(self, one: str, other: str) -> bool:
        """Whether two texts are much the same."""
        if min(len(one), len(other)) < SHORTEST:
            return False
        a, b = _pairs(one), _pairs(other)
        return self._weight(a & b) >= ALIKE * self._weight(a | b)

    def _weight(self, pairs: Iterable[str]) -> float:
        return sum(log(1 + self._all / (1 + self._in[pair])) for pair in pairs)
