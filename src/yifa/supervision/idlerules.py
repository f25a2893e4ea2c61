"""Rules of a draw that would do nothing: a weight for a value nobody has, somebody left out who is not there.

Nobody would notice: the draw would be made all the same, evenly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yifa.draws import Pool, Rules
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused

SHOWN = 12  # values that are named


def refuse_idle(pools: Mapping[str, Pool], rules: Mapping[str, Rules], excluded: Iterable[str]) -> None:
    """Refuses factors for values that nothing in the pool has, and exclusions of what is in no pool."""
    for place, (role, pool) in enumerate(pools.items()):
        for factor in rules[role].factors:
            if factor.facet in pool.facets:
                _refuse_value(pool, factor.facet, factor.value, "people_factors" if place else "factors")
    wanted = set(excluded)
    if wanted:
        known = {text for pool in pools.values() for item in pool.items for text in (item.id, item.name)}
        if missing := sorted(wanted - known):
            raise ActionRefused(
                f"名录里没有“{'”“'.join(missing)}”，无法排除。请照名录填写编号或者名称。", code="invalid", field="excluded"
            )  # fmt: skip


def refuse_unknown_units(names: Iterable[str], organization: Organization) -> None:
    """Refuses to draw only among units of which one is not there."""
    below = Organization.objects.filter(path__startswith=organization.path).exclude(pk=organization.pk)
    known = set(below.values_list("name", flat=True))
    if missing := [name for name in names if name not in known]:
        raise ActionRefused(
            f"{organization}没有下级单位“{some(missing)}”。请照组织机构里的名称，一行写一个单位；不填为全部下级单位。",
            code="invalid",
            field="only",
        )


def _refuse_value(pool: Pool, facet: str, value: str, field: str) -> None:
    values = pool.values(facet)
    if value in values or not values:
        return
    raise ActionRefused(
        f"名录里没有“{facet}”为“{value}”的，这条权重规则不起作用。现有：{some(values)}。",
        code="invalid",
        field=field,
    )


def some(values: Sequence[str]) -> str:
    """The first of them, in words."""
    return "、".join(values[:SHOWN]) + ("等" if len(values) > SHOWN else "")
