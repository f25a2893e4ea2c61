"""Scores of an indicator set: exact, a function of what was counted, each lost point with its sentence.

    scores = score(indicator_set, "towns", seen)

`seen` says what was counted; nothing here knows where from. Points are fractions until they are shown: rounded to two
places once, the half upwards, so that the same ledger gives the same score to the last digit everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol

from yifa.law.schema import GraveEvent, Indicator, IndicatorSet, Scale

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What was counted for one figure or gap list.

    `value` None: nothing to measure, `why` says why; with `missing` there may be something that nobody collected.
    `of`: what a rate was made from, in words, e.g. 71件中67件.
    """

    title: str
    unit: str
    value: Decimal | None
    why: str = ""
    missing: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What people decided about an indicator: its points, or None where it is left out of the total."""

    points: Fraction | None
    why: str


class Seen(Protocol):
    """Where the figures come from."""

    def figure(self, rule: str, named_in: str | None = None) -> Quantity:
        """A figure of the unit for the period; with `named_in` of what names the unit there, whoever did it."""

    def gap(self, gap: str) -> Quantity:
        """How many things of the unit are on a gap list."""

    def given(self, indicator: Indicator) -> Given | None:
        """What people decided; None where nobody did (yet)."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator with its points.

    Attributes:
        full: Its points in the set.
        of: The points it could give; 0 where they are spread over the others, or it is pending.
        value: What was counted, where something was.
        pending: Still to be judged or collected (待评): neither earned nor lost.
    """

    indicator: Indicator
    part: str
    full: Fraction
    of: Fraction
    points: Fraction
    why: str
    value: Decimal | None = None
    pending: bool = False

    @property
    def lost(self) -> Fraction:
        """What is missing to all points."""
        return self.of - self.points


@dataclass(frozen=True, slots=True)
class Capped:
    """A grave event that happened, and the total it allows."""

    event: GraveEvent
    quantity: Quantity
    cap: Fraction

    @property
    def why(self) -> str:
        """The event in words."""
        return f"{self.event.title}（{_named(self.quantity)}），总分不超过{written(self.cap)}分"


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one unit.

    Attributes:
        total: Of the set's full points: what was earned of what could be earned, at most what grave events allow. While
            something is pending it is what it comes to so far.
        before: The total without grave events.
        spread: Points of indicators with nothing to measure, which the others carry.
    """

    lines: tuple[Scored, ...]
    capped: tuple[Capped, ...]
    full: Fraction
    before: Fraction
    total: Fraction
    spread: Fraction

    @property
    def pending(self) -> tuple[Scored, ...]:
        """What is still to be judged or collected."""
        return tuple(line for line in self.lines if line.pending)


def shown(points: Fraction) -> Decimal:
    """Points as they are written: two places, the half upwards."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def written(number: Decimal | Fraction) -> str:
    """A number without idle zeros."""
    value = shown(number) if isinstance(number, Fraction) else number
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def score(given: IndicatorSet, unit_class: str, seen: Seen) -> Scores:
    """All indicators of a class of units, the events that cap the total, and the total."""
    lines = tuple(
        _scored(indicator, part.title, Fraction(indicator.points[unit_class]), seen)
        for part, indicator in given.indicators(unit_class)
    )
    capped = tuple(
        Capped(event, quantity, Fraction(event.cap))
        for event in given.grave
        if (quantity := seen.figure(event.figure, event.named_in)).value
    )
    return summed(Fraction(given.full), lines, capped)


def summed(full: Fraction, lines: Sequence[Scored], capped: Sequence[Capped]) -> Scores:
    """Lines and grave events with their total."""
    could = sum((line.of for line in lines), Fraction(0))
    pending = sum((line.full for line in lines if line.pending), Fraction(0))
    earned = sum((line.points for line in lines), Fraction(0))
    before = full * earned / could if could else Fraction(0)
    total = min([before, *(one.cap for one in capped)])
    return Scores(tuple(lines), tuple(capped), full, before, total, full - could - pending)


def answered(scores: Scores, indicator: str, points: Fraction, why: str) -> Scores:
    """The scores with other points for one indicator, as an objection was answered."""
    lines = [
        replace(line, of=line.full, points=points, why=why, pending=False)
        if line.indicator.id == indicator
        else line
        for line in scores.lines
    ]
    return summed(scores.full, lines, scores.capped)


def _scored(indicator: Indicator, part: str, full: Fraction, seen: Seen) -> Scored:
    decided = seen.given(indicator)
    if decided is not None:
        return _decided(indicator, part, full, decided)
    if indicator.judged is not None:
        why = f"由两人分别评分（{indicator.judged.look_at}），待评"
        return Scored(indicator, part, full, Fraction(0), Fraction(0), why, pending=True)
    if indicator.daily:
        return Scored(indicator, part, full, full, full, f"没有日常扣分，得满分{written(full)}分")
    return _measured(indicator, part, full, seen)


def _decided(indicator: Indicator, part: str, full: Fraction, decided: Given) -> Scored:
    if decided.points is None:
        why = f"{decided.why}，不计分，{written(full)}分由其他指标按比例分担"
        return Scored(indicator, part, full, Fraction(0), Fraction(0), why)
    points = min(full, max(Fraction(0), decided.points))
    return Scored(indicator, part, full, full, points, decided.why + result(points, full))


def _measured(indicator: Indicator, part: str, full: Fraction, seen: Seen) -> Scored:
    named = indicator.named_in
    quantity = (
        seen.gap(indicator.gap) if indicator.gap is not None else seen.figure(str(indicator.figure), named)
    )
    base = seen.figure(indicator.only_with) if indicator.only_with is not None else None
    if base is not None and not base.value and not quantity.value:
        lacking = "应有而没有" if indicator.nothing == "zero" else "没有可以考核的记录"
        said = "" if base.value is None else f"{written(base.value)}{base.unit}，{lacking}"
        return _nothing(indicator, part, full, replace(base, value=None, why=base.why or said))
    if quantity.value is None:
        return _nothing(indicator, part, full, quantity)
    value = Fraction(quantity.value)
    if indicator.at_least is not None:
        share, said = _reached(value, Fraction(indicator.at_least), quantity)
    elif indicator.scale is not None:
        share, said = _between(value, indicator.scale, quantity)
    else:
        share, said = _deducted(value, Fraction(indicator.each or 0), full, quantity)
    points = full * share
    told = points == 0 and said.endswith("不得分")
    why = f"{said}，本项得0分，失{written(full)}分" if told else said + result(points, full)
    return Scored(indicator, part, full, full, points, why, quantity.value)


def result(points: Fraction, full: Fraction) -> str:
    """How a sentence about points ends."""
    if points == full:
        return f"，得满分{written(full)}分"
    if not points:
        return f"，不得分，失{written(full)}分"
    return f"，得{written(points)}分，失{written(shown(full) - shown(points))}分"


def _named(quantity: Quantity) -> str:
    assert quantity.value is not None  # noqa: S101 - asked before
    made = f"（{quantity.of}）" if quantity.of else ""
    return f"{quantity.title}{written(quantity.value)}{quantity.unit}{made}"


def _reached(value: Fraction, wanted: Fraction, quantity: Quantity) -> tuple[Fraction, str]:
    said = f"{_named(quantity)}，要求不少于{written(wanted)}{quantity.unit}"
    if value >= wanted:
        return Fraction(1), said
    return value / wanted, f"{said}，按比例计分" if value else said


def _between(value: Fraction, scale: Scale, quantity: Quantity) -> tuple[Fraction, str]:
    none, full = Fraction(scale.none), Fraction(scale.full)
    share = min(Fraction(1), max(Fraction(0), (value - none) / (full - none)))
    reaches, fails = ("达到", "以下") if full > none else ("不超过", "以上")
    all_, least = f"{written(full)}{quantity.unit}", f"{written(none)}{quantity.unit}"
    said = f"{_named(quantity)}，{reaches}{all_}得满分"
    if none:  # nobody is below nothing
        said += f"，{least}{fails}不得分"
    return share, said + (
        "，其间按比例计分" if 0 < share < 1 and none else "，按比例计分" if 0 < share < 1 else ""
    )


def _deducted(value: Fraction, each: Fraction, full: Fraction, quantity: Quantity) -> tuple[Fraction, str]:
    lost = min(full, value * each)
    if not lost:
        return Fraction(1), _named(quantity)
    most = "，扣完为止" if value * each > full else ""
    return (full - lost) / full, f"{_named(quantity)}，每{quantity.unit}扣{written(each)}分{most}"


def _nothing(indicator: Indicator, part: str, full: Fraction, quantity: Quantity) -> Scored:
    why = f"{quantity.title}{quantity.why or '没有可以计算的记录'}"
    if quantity.missing:
        return Scored(indicator, part, full, Fraction(0), Fraction(0), f"{why}，待评", pending=True)
    if indicator.nothing == "full":
        return Scored(indicator, part, full, full, full, f"{why}，按满分{written(full)}分计")
    if indicator.nothing == "zero":
        lost = why + result(Fraction(0), full)
        return Scored(indicator, part, full, full, Fraction(0), lost)
    spread = f"{why}，{written(full)}分由其他指标按比例分担"
    return Scored(indicator, part, full, Fraction(0), Fraction(0), spread)
