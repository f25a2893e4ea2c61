"""Who keeps out of what: declarations that stand, as the pools of a draw and the choice of reviewers need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Q

from yifa.draws import Item, Pool, pool
from yifa.ledger.models import Case, Organization

CASE_TYPE = "recusal"


@dataclass(frozen=True, slots=True)
class Recusal:
    """A declaration that stands: who (`card`: as pools know them) keeps out of what, for which relation."""

    case: Case
    card: str
    party: str
    why: str


def standing(body: Organization) -> list[Recusal]:
    """Those declared in a body, below it and above it that were neither turned down nor ended."""
    above = reduce(or_, (Q(organization__code=code) for code in body.ancestor_codes()), Q(pk__in=[]))
    rows = Case.objects.filter(case_type=CASE_TYPE, closed_on=None)
    rows = rows.filter(Q(organization__path__startswith=body.path) | above)
    return [_recusal(case) for case in rows.order_by("opened_on", "id")]


def _recusal(case: Case) -> Recusal:
    facts = case.facts
    return Recusal(
        case, _plain(facts.get("card")), _plain(facts.get("party")), str(facts.get("relation") or "")
    )


def _plain(text: object) -> str:
    return " ".join(str(text or "").split()).replace(",", "、")


def by_card(recusals: Iterable[Recusal]) -> dict[str, list[Recusal]]:
    """The declarations of each person."""
    found: dict[str, list[Recusal]] = {}
    for one in recusals:
        found.setdefault(one.card, []).append(one)
    return found


def avoiding(people: Pool, things: Pool, recusals: Iterable[Recusal]) -> Pool:
    """The people with all they keep out of, by the ids of the things where names or numbers were declared."""
    ids = _ids(things)
    declared = by_card(recusals)
    return pool((_with(item, declared, ids) for item in people.items), people.facets)


def _with(item: Item, declared: Mapping[str, list[Recusal]], ids: Mapping[str, str]) -> Item:
    parties = [*item.avoids, *(one.party for one in declared.get(item.id, ()))]
    return replace(item, avoids=tuple(dict.fromkeys(ids.get(party, party) for party in parties)))


def _ids(things: Pool) -> dict[str, str]:
    """The ids by what people call things: the name, and of a file its number, which stands before the title."""
    found: dict[str, str] = {}
    for item in things.items:
        for name in (item.name, item.name.split(" ", 1)[0]):
            found.setdefault(name, item.id)
    return found


def kept_from(body: Organization, unit: Organization, file: Case | None, name: str = "") -> dict[str, str]:
    """Who keeps out of a file of a unit, with the reason."""
    names = {unit.name, unit.code, name.strip(), *((file.number, file.title) if file else ())} - {""}
    return {one.card: f"对“{one.party}”回避（{one.why}）" for one in standing(body) if one.party in names}


def concerning(recusals: Iterable[Recusal], words: str) -> dict[str, str]:
    """Who is left out of a draw of which the title or field names the party of the declaration, with the reason."""
    return {
        one.card: f"对“{one.party}”回避：{one.why}" for one in recusals if one.party and one.party in words
    }
