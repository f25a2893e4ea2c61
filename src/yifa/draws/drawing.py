"""The draw itself: weighted, without putting back, each item's key computed from the seed and its id alone.

With h the number that SM3(seed ‖ LF ‖ role ‖ LF ‖ id) writes, u = (h + 1) / 2²⁵⁶ lies in (0, 1], and the key of an item of
weight w is −ln(u) / w. The items with the smallest keys are drawn, in the order of their keys: one after the other, each
with a chance in proportion to its weight among those that are left (Efraimidis and Spirakis 2006, "Weighted random
sampling with a reservoir"). Keys are decimal numbers of fifty digits: the same on every machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from yifa.draws.errors import DrawError
from yifa.draws.model import Exclusion, Item, Pool, Rules
from yifa.law.digests import hasher

DIGITS = Context(prec=50)
SHOWN = Context(prec=20)
SPACE = 1 << 256
SPARE = 1.1  # how many more candidates than wanted are looked for at first


@dataclass(frozen=True, slots=True)
class Weighted:
    """The items that may be drawn, in the order of the pool, each with the number of its weight.

    In this order they lie in memory as they are asked, and a weight is computed once for items alike.
    """

    items: Sequence[Item]
    places: Sequence[int]
    weights: Sequence[Fraction]

    @property
    def counts(self) -> dict[Fraction, int]:
        """How many there are of each weight."""
        found: dict[Fraction, int] = {}
        for place, many in Counter(self.places).items():
            found[self.weights[place]] = found.get(self.weights[place], 0) + many
        return found


@dataclass(frozen=True, slots=True)
class Lot:
    """Something drawn: in which place, with which weight and key (twenty digits)."""

    id: str
    place: int
    weight: Fraction
    key: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn, in its order, and what was left out and why."""

    lots: tuple[Lot, ...]
    excluded: Mapping[str, Exclusion]


def key(seed: str, role: str, id_: str, weight: Fraction) -> Decimal:
    """The key of one item, for whoever recomputes a single one."""
    digest = hasher(_start(seed, role) + id_.encode()).digest()
    return _key(digest, weight)


def draw(pool: Pool, rules: Rules, seed: str, role: str, on: date) -> Drawn:
    """Draws from a pool on a day. `role` keeps draws with one seed apart. Raises DrawError where too few are left."""
    weighted, excluded = eligible(pool, rules, role, on)
    lots = _lowest(weighted, rules.take, _start(seed, role))
    shown = (
        Lot(item.id, place, weight, _shown(value)) for place, (value, item, weight) in enumerate(lots, 1)
    )
    return Drawn(tuple(shown), excluded)


def eligible(pool: Pool, rules: Rules, role: str, on: date) -> tuple[Weighted, dict[str, Exclusion]]:
    """As `weigh`; raises DrawError where fewer are left than are to be drawn."""
    if rules.take < 1:
        raise DrawError("抽取数量应当至少为1。", code="take")
    weighted, excluded = weigh(pool, rules, on)
    left = len(weighted.items)
    if left < rules.take:
        raise DrawError(
            f"{role}要抽{rules.take}个，名录共{len(pool.items)}个，排除{len(excluded)}个后只剩{left}个。"
            "请减少数量，或者扩大名录。",
            code="too_few",
        )
    return weighted, excluded


def weigh(pool: Pool, rules: Rules, on: date) -> tuple[Weighted, dict[str, Exclusion]]:
    """The items that may be drawn by their weight, and the others with the reason."""
    _refuse_factors(pool, rules)
    excluded: dict[str, Exclusion] = {}
    left: list[Item] = []
    places: list[int] = []
    alike: dict[
        tuple[tuple[int, int], tuple[str, ...]], int
    ] = {}  # a ratio is told apart sooner than a fraction
    avoided, since = frozenset(rules.not_units), rules.rested_since(on)
    for item in pool.items:
        if item.excluded:
            excluded[item.id] = Exclusion.DECLARED
        elif item.unit in avoided:
            excluded[item.id] = Exclusion.OWN_UNIT
        elif since is not None and item.last_drawn is not None and item.last_drawn >= since:
            excluded[item.id] = Exclusion.RECENT
        else:
            key = item.weight.as_integer_ratio(), item.facets
            place = alike.get(key)
            if place is None:
                place = alike[key] = len(alike)
            left.append(item)
            places.append(place)
    weights = [Fraction(*own) * _times(rules, pool.facets, facets) for own, facets in alike]
    return _without_weight(Weighted(left, places, weights), excluded), excluded


def _without_weight(given: Weighted, excluded: dict[str, Exclusion]) -> Weighted:
    """Leaves out what has no weight."""
    if all(given.weights):
        return given
    both = [*zip(given.items, given.places, strict=True)]
    excluded.update((item.id, Exclusion.NO_WEIGHT) for item, place in both if not given.weights[place])
    some = [(item, place) for item, place in both if given.weights[place]]
    return Weighted([item for item, _ in some], [place for _, place in some], given.weights)


def _refuse_factors(pool: Pool, rules: Rules) -> None:
    for factor in rules.factors:
        if factor.facet not in pool.facets:
            known = "、".join(pool.facets) or "没有分类"
            raise DrawError(f"权重规则用到“{factor.facet}”，名录的分类是：{known}。", code="facet")
        if factor.times < 0:
            raise DrawError(
                f"“{factor.facet}”为“{factor.value}”的倍数是{factor.times}，不能小于零。", code="weight"
            )


def _times(rules: Rules, names: Sequence[str], values: Sequence[str]) -> Fraction:
    held = set(zip(names, values, strict=True))
    return math.prod(
        (factor.times for factor in rules.factors if (factor.facet, factor.value) in held), start=Fraction(1)
    )


def _start(seed: str, role: str) -> bytes:
    return f"{seed}\n{role}\n".encode()


def _key(digest: bytes, weight: Fraction) -> Decimal:
    u = DIGITS.divide(Decimal(int.from_bytes(digest) + 1), Decimal(SPACE))
    negative = DIGITS.multiply(DIGITS.ln(u), Decimal(-weight.denominator))
    return DIGITS.divide(negative, Decimal(weight.numerator))


def _shown(value: Decimal) -> str:
    return f"{SHOWN.plus(value):f}"


Keyed = tuple[Decimal, Item, Fraction]


def _lowest(weighted: Weighted, take: int, start: bytes) -> list[Keyed]:
    """The items with the lowest keys.

    Only keys that can be among them are computed to the last digit: a bound says from which digest on a key lies
    below it. Where fewer than wanted do, the bound was too low.
    """
    bound = _bound(weighted, take)
    while True:
        found = sorted(_below(weighted, bound, start), key=lambda keyed: (keyed[0], keyed[1].id))
        if len(found) >= take and found[take - 1][0] <= Decimal(bound):
            return found[:take]
        bound *= 2


def _bound(weighted: Weighted, take: int) -> float:
    """A bound below which somewhat more keys than wanted are to be expected; infinite where most are wanted."""
    total, wanted = len(weighted.items), take * SPARE + 40
    if wanted * 4 > total:
        return math.inf
    sizes = [(float(weight), many) for weight, many in weighted.counts.items()]
    low, high = 0.0, 1.0
    while _expected(sizes, high) < wanted:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _expected(sizes, middle) < wanted else (low, middle)
    return high


def _expected(sizes: Iterable[tuple[float, int]], bound: float) -> float:
    return sum(-math.expm1(-bound * weight) * size for weight, size in sizes)


def _below(weighted: Weighted, bound: float, start: bytes) -> Iterable[Keyed]:
    """All items whose key lies below the bound, and perhaps some just above it."""
    begun, weights = hasher(start).copy, weighted.weights
    least = [_least(bound, weight) for weight in weights]
    for item, place in zip(weighted.items, weighted.places, strict=True):
        one = begun()
        one.update(item.id.encode())
        if (digest := one.digest()) >= least[place]:
            yield _key(digest, weights[place]), item, weights[place]


def _least(bound: float, weight: Fraction) -> bytes:
    """The digest from which on a key of that weight can lie below the bound; rounded down."""
    if bound == math.inf:
        return b""
    share = DIGITS.exp(Decimal(-bound) * Decimal(weight.numerator) / Decimal(weight.denominator))
    return (int(DIGITS.multiply(share, Decimal(SPACE))) * 999_999 // 1_000_000).to_bytes(32)
