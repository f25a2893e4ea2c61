"""What the form of a draw says of the lists it draws from."""

from __future__ import annotations

from django.utils import timezone

from yifa.draws import Pool
from yifa.ledger.models import Organization
from yifa.supervision.idlerules import some
from yifa.supervision.pools import Scope, pool_of

LOOKED_THROUGH = 20_000  # entries of a list read to name its values
FEW = 6  # values of a facet for which rules are written out


def listed(role: str, unit: Organization) -> Pool:
    """What a unit's lists hold, as far as a form needs to know it."""
    return pool_of(role, unit, Scope(), timezone.localdate(), most=LOOKED_THROUGH)


def even_rules(there: Pool) -> str:
    """Rules that change nothing, one for each value of the facets with few of them: a clerk only writes other numbers."""
    few = {facet: values for facet in there.facets if 1 < len(values := there.values(facet)) <= FEW}
    return "\n".join(
        f"{facet} {value} 1" for facet, values in few.items() for value in values if " " not in value
    )


def facets_said(role: str, unit: Organization, there: Pool | None) -> str:
    """By what weights may differ, with the values that are there; files, of which there may be very many, are not read for it."""
    if there is None:
        return "可用的分类：程序问题（有、无）。"
    if not there.items:
        return f"{unit.name}的名录里还没有{role}。"
    values = "；".join(f"{name}（{some(there.values(name))}）" for name in there.facets)
    if len(there.items) == LOOKED_THROUGH:
        return f"{unit.name}的名录里有{LOOKED_THROUGH}个以上，其中前{LOOKED_THROUGH}个里的分类：{values}。"
    return f"{unit.name}的名录里现有{len(there.items)}个，可用的分类：{values}。"
