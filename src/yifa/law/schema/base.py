"""What all shapes share: the strict model, the legal basis, durations, conditions, domains."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Model(BaseModel):
    """Base of all catalogue shapes: immutable, no unknown keys, no silent conversion.

    What checks them is built when a file is checked: a start from the kept copy (`yifa.law.keeping`) never needs it.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, strict=True, defer_build=True
    )


def wrong(message: str) -> PydanticCustomError:
    """An error of shape with its own words; `messages` shows them as they are."""
    return PydanticCustomError("yifa", message)


class Basis(Model):
    """A place in the law: the title as in laws.yaml (short title allowed) and the article, e.g. 第三十三条."""

    law: str
    article: str | None = None


class EarlierBasis(Basis):
    """The place in the older law, for cases governed by a date up to and including `to`."""

    valid_to: date = Field(alias="to")


class Unit(StrEnum):
    """What a duration is counted in."""

    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"


class Duration(Basis):
    """A length of time the law gives, valid for cases governed by a date in [from, to].

    `length` is None where the law's number is not verified: the jurisdiction file or the locality supplies it,
    until then the clock shows 「时长由本地规定」 and never a date.
    `roll_over`: a last day on a public holiday moves to the next working day.
    `length_by_fact`: a number among the facts that takes the place of `length` where it is given: what another law
    says of this item, or what was promised for it.
    """

    length: int | None = Field(default=None, ge=0)
    length_by_fact: Id | None = None
    unit: Unit = Field(default=Unit.DAYS, strict=False)
    valid_from: date | None = Field(default=None, alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    roll_over: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise wrong(f"适用期起止颠倒：from {self.valid_from} 晚于 to {self.valid_to}")
        return self


class ActField(Model):
    """A field of the latest occurrence of an act."""

    act: Id
    field: Id


class Condition(Model):
    """A truth about the case, as data. Exactly one of the forms:

    `{fact: name, is|in|at_least|at_most|given|same_as: …}` · `{act: id, done: true, outcome: […]}` (or with `field`)
    · `{level: […]}` · `{all: […]}` · `{any: […]}` · `{not: …}`.
    """

    fact: str | None = None
    act: str | None = None
    field: str | None = None
    is_: Any = Field(default=None, alias="is")
    in_: list[Any] | None = Field(default=None, alias="in")
    at_least: float | None = None
    at_most: float | None = None
    given: bool | None = None
    same_as: ActField | None = None  # says the same as that field; both empty is the same
    done: bool | None = None
    outcome: list[str] | None = None
    level: list[str] | None = None
    all_: list[Condition] | None = Field(default=None, alias="all")
    any_: list[Condition] | None = Field(default=None, alias="any")
    not_: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        written = self.model_fields_set
        forms = [name for name in ("fact", "act", "level", "all_", "any_", "not_") if name in written]
        if len(forms) != 1:
            found = "、".join(name.strip("_") for name in forms) or "一个也没有"
            raise wrong(f"条件必须写 fact、act、level、all、any、not 中的一个，现在是：{found}")
        tests = [
            name for name in ("is_", "in_", "at_least", "at_most", "given", "same_as") if name in written
        ]
        keys = "、".join(name.strip("_") for name in tests)
        if "is_" in tests and "in_" in tests:
            raise wrong("条件里 is 与 in 只能写一个：is 比一个值，in 比一组值")
        if self.fact is not None and not tests:
            raise wrong(
                "按 fact 判断的条件还要写 is、in、at_least、at_most 或 given，例如 {fact: hearing, is: true}"
            )
        if self.act is not None and self.field is not None and not tests:
            raise wrong("按 act 的 field 判断的条件还要写 is、in、at_least、at_most 或 given")
        if tests and self.fact is None and self.field is None:
            raise wrong(f"{keys} 只能与 fact 或 act 的 field 一起写")
        if self.act is None and written & {"done", "outcome", "field"}:
            raise wrong("done、outcome、field 只能与 act 一起写，例如 {act: review, outcome: [通过]}")
        return self


class Domain(StrEnum):
    """The fields of law-based administration, in the order in which reports treat them; what lists are grouped by."""

    LEADERSHIP = "leadership"
    PLANNING = "planning"
    REPORTING = "reporting"
    POWERS = "powers"
    SERVICE = "service"
    BUSINESS = "business"
    DOCUMENTS = "documents"
    DECISIONS = "decisions"
    ENFORCEMENT = "enforcement"
    SUPERVISION = "supervision"
    DISCLOSURE = "disclosure"
    DISPUTES = "disputes"
    PETITIONS = "petitions"
    LEARNING = "learning"
