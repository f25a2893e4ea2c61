"""Figures from what was counted: the total of the matches, rates, all figures of a set of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, median

from yifa.law.schema import CountingRule, Rate
from yifa.procedures.counting import ITEMS, Match

HUNDREDTH = Decimal("0.01")


def total(rule: CountingRule, found: Iterable[Match]) -> Decimal | None:
    """The figure of the matches; None for the mean of nothing. What cannot be told apart is not counted as different."""
    matched = list(found)
    if rule.aggregate == "distinct":
        return Decimal(len({kind for match in matched if match.kind for kind in match.kind.split(ITEMS)}))
    if rule.aggregate == "sum":
        return sum((match.value for match in matched), Decimal(0))
    if not matched:
        return None
    middle = median if rule.aggregate == "median" else mean
    return Decimal(middle(match.value for match in matched)).quantize(HUNDREDTH, ROUND_HALF_UP)


def rate(rule: Rate, numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """A percentage (or cases per person …) with two decimals; None where there is nothing to divide by."""
    if denominator == 0:
        return None
    above = denominator - numerator if rule.complement else numerator
    return (above * rule.times / denominator).quantize(HUNDREDTH, ROUND_HALF_UP)


def figures(
    rules: Mapping[str, CountingRule], counted: Callable[[CountingRule], Decimal | None]
) -> dict[str, Decimal | None]:
    """All figures `counted` can give (None: not a rule it counts), and the rates whose two parts it gave."""
    values = {name: counted(rule) for name, rule in rules.items() if rule.rate is None}
    found: dict[str, Decimal | None] = {name: value for name, value in values.items() if value is not None}
    for name, rule in rules.items():
        if rule.rate is not None:
            above, below = values.get(rule.rate.numerator), values.get(rule.rate.denominator)
            if above is not None and below is not None:
                found[name] = rate(rule.rate, above, below)
    return found
