"""How an indicator earns and loses its points, in words: what the units read before the set is issued."""

from __future__ import annotations

from decimal import Decimal

from yifa.assessment.computing import unit_of
from yifa.law.loader import catalogue
from yifa.law.schema import Indicator, Scale
from yifa.ledger.figures.gaps import gap_type
from yifa.procedures.scoring import written

WITHOUT = {"spread": "不计分，分值由其他指标分担", "full": "按满分计", "zero": "不得分"}


def how(indicator: Indicator) -> str:
    """The way, what it looks at, and what happens where there is nothing to look at."""
    if indicator.judged is not None:
        return f"两人评分：{indicator.judged.look_at}"
    if indicator.daily:
        return "日常记分，有扣分的从满分中扣"
    return _way(indicator) + _named(indicator) + _without(indicator)


def _way(indicator: Indicator) -> str:
    if indicator.gap is not None:
        title, unit = gap_type(indicator.gap).title, unit_of(indicator.gap)
    else:
        rule = catalogue().counting_rules[str(indicator.figure)]
        title, unit = rule.title, rule.unit
    if indicator.at_least is not None:
        return f"“{title}”不少于{written(indicator.at_least)}{unit}得满分，不足的按比例计"
    if indicator.scale is not None:
        return f"“{title}”{_scale(indicator.scale, unit)}"
    return f"“{title}”每{unit}扣{written(indicator.each or Decimal(0))}分，扣完为止"


def _scale(scale: Scale, unit: str) -> str:
    reaches, fails = ("达到", "以下") if scale.full > scale.none else ("不超过", "以上")
    none = f"，{written(scale.none)}{unit}{fails}不得分" if scale.none else ""
    return f"{reaches}{written(scale.full)}{unit}得满分{none}，其间按比例计"


def _named(indicator: Indicator) -> str:
    """Whose records count, where the unit itself does not make them."""
    if indicator.named_in is None:
        return ""
    rule = catalogue().counting_rules[str(indicator.figure)]
    source = catalogue().counting_rules[rule.rate.numerator] if rule.rate else rule
    fact = catalogue().case_types[str(source.case_type)].facts[indicator.named_in]
    return f"；不论谁登记，按“{fact.title}”写明的单位计"


def _without(indicator: Indicator) -> str:
    if indicator.only_with is None:
        return ""
    return f"；没有“{catalogue().counting_rules[indicator.only_with].title}”的{WITHOUT[indicator.nothing]}"
