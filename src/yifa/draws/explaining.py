"""Why something was left out of a draw, in words for its page and its record on paper."""

from __future__ import annotations

from yifa.draws.model import Exclusion, Item
from yifa.draws.paper import Side
from yifa.law.phrases import day


def in_general(why: Exclusion) -> str:
    """The kind of reason. What was left out by hand may be so for an expired certificate as well as for a declared conflict."""
    return "事先说明理由排除" if why is Exclusion.DECLARED else str(why)


def explained(item: Item, why: Exclusion, side: Side) -> str:
    """Why this one was left out, in a sentence of its own."""
    if why is Exclusion.DECLARED:
        return item.excluded
    if why is Exclusion.OWN_UNIT:
        return f"属于{item.unit}，按规则回避"
    if why is Exclusion.RECENT and item.last_drawn is not None:
        return f"{day(item.last_drawn)}抽中过，{side.rules.rest_days}日内不再抽"
    if item.weight == 0:
        return "名录里的抽取权重为零"
    held = dict(zip(side.pool.facets, item.facets, strict=True))
    zero = [one for one in side.rules.factors if not one.times and held.get(one.facet) == one.value]
    return "、".join(f"{one.facet}为{one.value}的不抽" for one in zero) or str(why)
