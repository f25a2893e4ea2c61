"""Cross-checks of an indicator set: its figures and gap lists must exist, its points must add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from yifa.law.crosschecks import Known, reference, references
from yifa.law.messages import Problem
from yifa.law.phrases import LEVELS
from yifa.law.schema import IndicatorSet


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
            if indicator.gap is not None:
                yield from reference((*place, "gap"), indicator.gap, known.gaps, "缺口清单")
    for order, event in enumerate(given.grave):
        yield from reference(("grave", order, "figure"), event.figure, known.counting_rules, "口径")
    yield from _bands(given)
    for problem in points_problems(given):
        yield ("parts",), problem


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
