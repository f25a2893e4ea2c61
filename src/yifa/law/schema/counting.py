"""Counting rules: how a figure is counted."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Condition, Id, Model, Unit, wrong


class CountedState(StrEnum):
    """Which moment of a case or entry makes it count."""

    ACT = "act"  # an act happened in the period
    OPEN_AT_START = "open_at_start"  # case opened and not closed on the day before the period
    OPEN_AT_END = "open_at_end"  # case opened and not closed at the cut-off
    IN_FORCE_AT_END = "in_force_at_end"  # register entry in force at the cut-off
    BEGAN = "began"  # register entry began in the period
    ENDED = "ended"  # the day after the register entry's last day lies in the period


class Rate(Model):
    """A percentage, or with `times: 1` so many for each one: numerator and denominator are ids of counting rules.

    `complement`: what is missing to 100 %, e.g. how much shorter the time became: 1 - promised / statutory.
    """

    numerator: Id
    denominator: Id
    complement: bool = False
    times: int = Field(default=100, ge=1)


class Taken(Model):
    """The days from the last of some acts until the act that is counted."""

    starts: list[Id] = Field(alias="from", min_length=1)
    unit: Unit = Field(default=Unit.DAYS, strict=False)

    @model_validator(mode="after")
    def _in_days(self) -> Self:
        if self.unit is Unit.MONTHS:
            raise wrong("用时按 days（自然日）或 workdays（工作日）计，不按月")
        return self


class UnitsCounted(Model):
    """Organizations of some levels, instead of entries: all of them, or those named in a field of an entry in force."""

    levels: list[str] = Field(min_length=1)
    named_in: Id | None = None  # a text or list field of the register


class Definition(Model):
    """What is counted and how. One of case_type, register, rate."""

    title: str
    unit: str
    explain: str
    basis: Basis | None = None
    case_type: Id | None = None
    register_: Id | None = Field(default=None, alias="register")
    rate: Rate | None = None
    units: UnitsCounted | None = None  # with a register: count units, e.g. those that an adviser serves
    counts: CountedState = Field(default=CountedState.ACT, strict=False)
    acts: list[Id] = Field(default_factory=list)
    outcomes: list[str] | None = None
    where: Condition | None = None
    clock: Id | list[Id] | None = None  # only cases in which this clock (one of these) …
    clock_state: list[str] | None = None  # … is in one of these states at the cut-off
    per: Literal["case", "act", "year"] = "case"  # a case once, each act, or a case once in each year
    sum_field: Id | None = None  # add up this number field of the act (or fact) instead of counting
    takes: Taken | None = None  # add up the days it took instead of counting
    aggregate: Literal["sum", "mean", "median", "distinct"] = "sum"
    distinct_by: Id | None = None  # with distinct: the fact or field whose different values are counted
    years_before: int = Field(
        default=0, ge=0
    )  # the period is moved back by so many years: last year's figure
    breakdown: str | None = (
        None  # "outcome", "unit", "fact:<id>" or "field:<id>" of the act: the parts add up to the figure
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = [x for x in (self.case_type, self.register_, self.rate) if x is not None]
        if len(sources) != 1:
            raise wrong("口径必须写 case_type、register、rate 中的一个，且只写一个")
        if self.units is not None and self.register_ is None:
            raise wrong("units（数单位）与 register（哪个清单）要一起写")
        if (self.aggregate == "distinct") != (self.distinct_by is not None):
            raise wrong("aggregate: distinct 与 distinct_by（按哪个字段去重）要一起写")
        if self.aggregate in {"mean", "median"} and self.sum_field is None and self.takes is None:
            raise wrong("平均数、中位数要写 sum_field（哪个数）或 takes（用时）")
        if self.takes is not None and (self.case_type is None or self.sum_field is not None):
            raise wrong("takes 只用于事项，且不与 sum_field 一起写")
        if self.aggregate != "sum" and self.breakdown is not None:
            raise wrong("分项只能用于合计：平均数、中位数、去重数的分项相加不等于总数")
        return self

    @property
    def clocks(self) -> list[str]:
        """The clocks it looks at: of several one that the case has."""
        return [self.clock] if isinstance(self.clock, str) else list(self.clock or ())

    def meaning(self) -> dict[str, Any]:
        """What makes the figure: all of the definition but its words. Where it changes, the rule has a new version."""
        return {
            name: getattr(self, name)
            for name in Definition.model_fields
            if name not in {"title", "explain", "basis"}
        }


class EarlierRule(Definition):
    """How the figure was counted until a day, whole; what the next version counts differently, and why."""

    version: int = Field(ge=1)
    valid_from: date | None = Field(default=None, alias="from")  # left out: the day after the version before
    valid_to: date = Field(alias="to")
    changed: str
    why: str


class CountingRule(Definition):
    """How a figure is counted, now and before."""

    counting_rule: Id
    version: int = Field(default=1, ge=1)
    earlier: list[EarlierRule] = Field(default_factory=list)  # versions 1, 2 … in order
    # Wordings of plan targets and of reported figures this rule answers, e.g. 「中心组 学法」: words apart by a blank must
    # all stand in the target; in a report some may stand in the figure before (yifa.law.answers).
    answers: list[str] = Field(default_factory=list)

    @property
    def since(self) -> date | None:
        """The first day of the version that stands here; None where it is the first of all."""
        return self.earlier[-1].valid_to + timedelta(days=1) if self.earlier else None

    def at(self, version: int) -> CountingRule | None:
        """The rule as that version had it; None where there is no such version."""
        if version == self.version:
            return self
        found = next((one for one in self.earlier if one.version == version), None)
        if found is None:
            return None
        held = {name: getattr(found, name) for name in Definition.model_fields}
        before = [one for one in self.earlier if one.version < version]
        return self.model_copy(update={**held, "version": version, "earlier": before})

    def on(self, day: date) -> CountingRule:
        """The rule as it was in force on a day."""
        held = next((one.version for one in self.earlier if day <= one.valid_to), self.version)
        return self.at(held) or self
