"""Cases like one about to be opened: the same number of another system, the same party, or much the same words.

Looks at the newest cases of the same kind only, so that it costs the same in a small ledger and in a large one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from yifa.law.schema import CaseType, FieldSpec, FieldType
from yifa.ledger.models import Case
from yifa.ledger.search.queries import Viewer

MOST = 1000  # cases looked at
DAYS = 400  # how far back
SHOWN = 5
ALIKE = 0.6  # share of pairs of characters that two texts have in common
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
    newest = rows.order_by("-opened_on", "-id").values_list("pk", "facts")[:MOST]
    found: dict[UUID, tuple[bool, str]] = {}
    for pk, other in newest:
        reasons = list(_reasons(case_type, facts, other))
        if reasons and pk != but:
            found[pk] = (any(same for same, _ in reasons), "；".join(why for _, why in reasons))
    first = sorted(found, key=lambda pk: not found[pk][0])[:SHOWN]
    cases = Case.objects.select_related("organization").in_bulk(first)
    return [Similar(cases[pk], found[pk][1], found[pk][0]) for pk in first]


def _reasons(
    case_type: CaseType, facts: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[tuple[bool, str]]:
    for name, spec in case_type.facts.items():
        value, held = facts.get(name), other.get(name)
        if not value or not held:
            continue
        if spec.identifies and _bare(value) == _bare(held):
            yield True, f"{spec.title}相同"
        elif _names_a_party(spec) and _bare(value) == _bare(held):
            yield False, f"{spec.title}相同"
        elif spec.type in WORDS and not spec.choices and _alike(_bare(value), _bare(held)):
            yield False, f"{spec.title}相近"


def _names_a_party(spec: FieldSpec) -> bool:
    return spec.personal and spec.type in {FieldType.TEXT, FieldType.PERSON}


def _bare(value: Any) -> str:
    return "".join(str(value).split()).lower()


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST:
        return False
    a, b = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    return len(a & b) >= ALIKE * len(a | b)
