"""Cross-checks of an indicator set: its figures and gap lists must exist, its points must add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from yifa.law.crosschecks import Known, reference, references
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.phrases import LEVELS
from yifa.law.schema import GraveEvent, Indicator, IndicatorSet


def indicator_set(given: IndicatorSet, known: Known) -> Iterator[Problem]:
    """All that is wrong with an indicator set."""
    seen: Counter[str] = Counter()
    for name, one in given.classes.items():
        yield from references(("classes", name, "levels"), one.levels, LEVELS, "层级")
    for order, part in enumerate(given.parts):
        for number, indicator in enumerate(part.indicators):
            place = ("parts", order, "indicators", number)
            seen[indicator.id] += 1
            if seen[indicator.id] == 2:
                yield (*place, "id"), f"指标标识“{indicator.id}”用了两次"
            yield from references((*place, "points"), list(indicator.points), given.classes, "单位类别")
            if indicator.figure is not None:
                yield from reference((*place, "figure"), indicator.figure, known.counting_rules, "口径")
                yield from _naming((*place, "named_in"), indicator, known)
            if indicator.only_with is not None:
                yield from reference((*place, "only_with"), indicator.only_with, known.counting_rules, "口径")
            if indicator.gap is not None:
                yield from reference((*place, "gap"), indicator.gap, known.gaps, "缺口清单")
    for order, event in enumerate(given.grave):
        yield from reference(("grave", order, "figure"), event.figure, known.counting_rules, "口径")
        yield from _naming(("grave", order, "named_in"), event, known)
    yield from _bands(given)
    for problem in points_problems(given):
        yield ("parts",), problem


def _naming(place: Place, indicator: Indicator | GraveEvent, known: Known) -> Iterator[Problem]:
    """The fact that names the unit must be one of every case type the figure is counted from."""
    rule = known.counting_rules.get(indicator.figure or "")
    if indicator.named_in is None or rule is None:
        return
    names = [rule.rate.numerator, rule.rate.denominator] if rule.rate else [rule.counting_rule]
    for one in (known.counting_rules.get(name) for name in names):
        case_type = known.case_types.get(one.case_type or "") if one else None
        if case_type is None:
            yield place, "named_in 只用于按事项计数的口径"
        elif indicator.named_in not in case_type.facts:
            yield place, f"“{case_type.title}”没有“{indicator.named_in}”这一项事实"


def points_problems(given: IndicatorSet) -> Iterator[str]:
    """Classes whose points do not add up: for weights changed before a set is issued."""
    for name, one in given.classes.items():
        total = sum(indicator.points[name] for _, indicator in given.indicators(name))
        if total != given.full:
            yield f"“{one.title}”的各项分值合计是{total}分，应为{given.full}分"


def _bands(given: IndicatorSet) -> Iterator[Problem]:
    least = [one.least for one in given.bands]
    if least and (least != sorted(set(least), reverse=True) or least[-1] != 0):
        yield ("bands",), "等次应从高到低写，最低的一等从 0 分起"
