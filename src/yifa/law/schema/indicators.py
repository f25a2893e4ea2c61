"""Indicator sets: assessments whose every point is a function of figures and gap lists."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Id, Model, Unit, wrong

Points = Annotated[Decimal, Field(ge=0, strict=False)]


class UnitClass(Model):
    """Units that are measured alike: those of some levels."""

    title: str
    levels: list[str] = Field(min_length=1)


class Scale(Model):
    """All points from `full` on, none up to `none`, in proportion between; `none` may lie above `full`."""

    none: Annotated[Decimal, Field(strict=False)]
    full: Annotated[Decimal, Field(strict=False)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.none == self.full:
            raise wrong("scale 的 none（不得分）和 full（得满分）不能是同一个数")
        return self


class Judged(Model):
    """What two people judge, each without seeing what the other gave.

    `look_at`: what they look at. Where they differ by more than `tolerance` points a third or a meeting decides.
    """

    look_at: str
    tolerance: Points = Decimal(0)


class Indicator(Model):
    """One indicator: its points for each class of units, and one way to earn or lose them.

    `at_least`: all points where the figure reaches it, in proportion below.
    `scale`: points between two values of the figure, usually a rate.
    `each`: points lost for each one the figure counts, or for each thing on the gap list, down to none.
    `judged`: points given by people.
    `daily`: all points less what the dated entries of the year take away.
    `nothing`: where there is nothing to measure (a rate without cases, no such power) its points are spread over the
    others, given, or lost.
    `only_with`: a figure; where it is 0 there is nothing to measure. Who decides no penalties keeps none from being late.
    `named_in`: the fact that names the unit: records of the whole body count that say so, e.g. files of the unit that
    others reviewed.
    """

    id: Id
    title: str
    points: dict[Id, Points]
    basis: Basis | None = None
    explain: str | None = None
    figure: Id | None = None
    gap: Id | None = None
    judged: Judged | None = None
    daily: bool = False
    at_least: Points | None = None
    scale: Scale | None = None
    each: Points | None = None
    nothing: Literal["spread", "full", "zero"] = "spread"
    only_with: Id | None = None
    named_in: Id | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        sources = [name for name in ("figure", "gap", "judged", "daily") if getattr(self, name)]
        if len(sources) != 1:
            raise wrong(
                "指标应写 figure（按哪个数字）、gap（按哪个缺口清单）、judged（由人评分）、daily（日常记分）中的一个，只写一个"
            )
        ways = [name for name in ("at_least", "scale", "each") if getattr(self, name) is not None]
        if self.figure is not None and len(ways) != 1:
            raise wrong("按数字计分应写 at_least、scale、each 中的一个")
        if self.gap is not None and ways != ["each"]:
            raise wrong("按缺口清单计分应写 each（每一项扣几分）")
        if (self.judged or self.daily) and ways:
            raise wrong(f"由人评分和日常记分不写 {ways[0]}")
        if self.only_with is not None and (self.judged or self.daily):
            raise wrong("由人评分和日常记分不写 only_with（有了才计分）")
        if self.named_in is not None and self.figure is None:
            raise wrong("named_in（哪一项写明单位）只用于按数字计分的指标")
        return self


class IndicatorPart(Model):
    """Indicators under one heading."""

    title: str
    indicators: list[Indicator] = Field(min_length=1)


class GraveEvent(Model):
    """What no good work elsewhere makes up for: where the figure is above zero the total is at most `cap`.

    `named_in`: as that of an indicator.
    """

    title: str
    figure: Id
    cap: Points
    basis: Basis | None = None
    named_in: Id | None = None


class Term(Model):
    """How long something may take, as the set itself says."""

    length: int = Field(ge=1)
    unit: Unit = Field(default=Unit.WORKDAYS, strict=False)


class Band(Model):
    """What a total of at least so many points is called."""

    title: str
    least: Points


class IndicatorSet(Model):
    """An assessment framework. For each class of units the points add up to `full`.

    `objections`: how long units may object to a result; `answers`: how long an answer may take; neither is a legal
    term. `bands`: from the highest down, the last from 0.
    """

    indicator_set: Id
    title: str
    summary: str
    basis: list[Basis] = Field(default_factory=list)
    full: Points = Decimal(100)
    classes: dict[Id, UnitClass] = Field(min_length=1)
    parts: list[IndicatorPart] = Field(min_length=1)
    grave: list[GraveEvent] = Field(default_factory=list)
    objections: Term | None = None
    answers: Term | None = None
    bands: list[Band] = Field(default_factory=list)

    def indicators(self, unit_class: str) -> list[tuple[IndicatorPart, Indicator]]:
        """The indicators by which a class of units is measured, with their part."""
        return [(part, one) for part in self.parts for one in part.indicators if one.points.get(unit_class)]

    def class_of(self, level: str) -> str | None:
        """The class to which units of a level belong."""
        return next((name for name, one in self.classes.items() if level in one.levels), None)

    def band(self, total: Fraction | Decimal) -> str:
        """What a total is called; nothing where the set has no bands."""
        return next((one.title for one in self.bands if total >= one.least), "")

    def indicator(self, id_: str) -> Indicator | None:
        """One indicator of the set."""
        return next((one for part in self.parts for one in part.indicators if one.id == id_), None)
