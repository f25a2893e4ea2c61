"""Case types: acts, what must come before, clocks, who is kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Condition, Domain, Duration, EarlierBasis, Id, Model, wrong
from yifa.law.schema.fields import FieldSpec


class Prerequisite(Model):
    """What must have been done before an act: one of `acts`, with one of `outcome` if given, while `when` holds.

    In YAML a bare act id stands for `{acts: [id]}`, and `act: id` for `acts: [id]`.
    """

    acts: list[Id] = Field(min_length=1)
    outcome: list[str] | None = None
    when: Condition | None = None
    basis: Basis | None = None
    earlier: list[EarlierBasis] = Field(default_factory=list)  # basis under the law before this one
    reason: str | None = None  # plain Chinese shown on refusal; made from titles when absent
    valid_from: date | None = Field(
        default=None, alias="from"
    )  # asked only of cases governed by a date in between
    valid_to: date | None = Field(default=None, alias="to")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"acts": [data]}
        if isinstance(data, dict) and "act" in data and "acts" not in data:
            return {("acts" if key == "act" else key): [v] if key == "act" else v for key, v in data.items()}
        return data


class Limit(Basis):
    """The least or the most a number field of an act may be while `when` holds of the facts, the acts before and itself.

    A bound is a number, or the name of a number field of the act or a fact; a list is as much as it has items.
    """

    field: Id
    minimum: float | Id | None = None
    maximum: float | Id | None = None
    when: Condition

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.minimum is None and self.maximum is None:
            raise wrong("限额必须写 minimum（最少）或 maximum（最多）")
        return self


class Table(Model):
    """Rows of a register that fire for an act by what is known of the case, e.g. the bands of a discretion table.

    A row is asked where the fields `match` names equal facts of the case or fields of the act, and fires where all lines
    of its list field `conditions` hold (yifa.procedures.tables). Then either something else must have been done (`needs`), or
    the number in `field` must lie in the band of a row that fired, or the act's field `reason` must say why not. The
    other names are fields of the register: the band's ends, or multiples of the amount that `rate_of` names.
    """

    register_: Id = Field(alias="register")
    match: dict[Id, Id] = Field(default_factory=dict)
    conditions: Id = "conditions"
    needs: Prerequisite | None = None
    field: Id | None = None
    minimum: Id | None = None
    maximum: Id | None = None
    minimum_rate: Id | None = None
    maximum_rate: Id | None = None
    rate_of: Id | None = None
    reason: Id | None = None

    @model_validator(mode="after")
    def _one_use(self) -> Self:
        if (self.needs is None) == (self.field is None):
            raise wrong(
                "tables 的每一项写 needs（命中后须先完成什么）或 field（哪个数受幅度约束），二者写一个"
            )
        if self.field is not None and self.minimum is None and self.maximum is None:
            raise wrong("受幅度约束的 field 还要写 minimum、maximum：幅度在清单的哪个字段")
        return self


class ActType(Model):
    """One kind of dated step of a procedure."""

    title: str
    basis: Basis | None = None
    earlier: list[EarlierBasis] = Field(default_factory=list)  # basis under the law before this one
    help: str | None = None
    after: list[Prerequisite] = Field(default_factory=list)  # a bare act id in YAML is a prerequisite
    not_after: list[Id] = Field(default_factory=list)  # may not happen once one of these has
    only_if: Condition | None = None  # possible only then
    only_if_reason: str | None = None
    required: bool | Condition = False  # must have happened when the case closes
    repeat: bool = False
    by: list[str] = Field(default_factory=list)  # roles; empty: the officer of the case
    party: str | None = None  # who acts when it is not the body itself, e.g. 申请人
    evidence: list[str] = Field(default_factory=list)  # titles of the papers the law asks for
    compares_with: Id | None = None  # the act whose paper is set beside this act's, to show what was changed
    outcomes: list[str] = Field(default_factory=list)
    fields: dict[Id, FieldSpec] = Field(default_factory=dict)
    limits: list[Limit] = Field(default_factory=list)  # besides those of the fields themselves
    tables: list[Table] = Field(default_factory=list)
    complete: Id | None = (
        None  # not while a paper of an act before is missing, unless this field of the act says why
    )
    state: str | None = None  # the case's status from this act on
    state_by_outcome: dict[str, str] = Field(default_factory=dict)
    closes: bool = False
    closes_on_outcome: list[str] = Field(default_factory=list)
    after_closing: bool = False  # allowed on a closed case
    public: bool = False
    valid_from: date | None = Field(default=None, alias="from")
    valid_to: date | None = Field(default=None, alias="to")

    @property
    def weighed(self) -> dict[Id, FieldSpec]:
        """The fields that conditions, figures and gap lists may look at."""
        return {name: spec for name, spec in self.fields.items() if not spec.aside}


class Extension(Model):
    """An act that lengthens a clock while it runs; the act's field `days` may give less than the law's most."""

    act: Id
    at_most: list[Duration]


class Pause(Model):
    """Time that does not count, from one act until another, or until `at_most` has passed if that comes first."""

    starts: list[Id] = Field(alias="from")
    ends: list[Id] = Field(alias="to")
    at_most: list[Duration] = Field(default_factory=list)
    basis: Basis | None = None
    earlier: list[EarlierBasis] = Field(default_factory=list)  # basis under the law before this one


class Restart(Model):
    """An act from which the clock runs anew, or the day its date field `on_field` names."""

    act: Id
    on_field: Id | None = None
    basis: Basis | None = None


class ClockType(Model):
    """A duration between acts. It starts on the first of `from`, and stops on the first of `to` after that.

    It may start instead on a day among the facts (`starts_by_fact`) or, where that is not given, on the last day of
    another clock, named before it (`starts_by_clock`). Exactly one of `at_most` (a deadline) and `at_least` (a minimum).
    `full`: the last day of the minimum must have passed too, because it is still somebody's to act in.
    `dated_back`: where it starts with the one act it runs from the day of the other, which came before.
    `ends_by_fact`: its last day is a date among the facts, where that is given; the duration holds where it is not.
    `promise`: the body set it for itself below what the law allows; overstepping it breaks no law and is no finding.
    """

    title: str
    starts: list[Id] = Field(alias="from")
    stops: list[Id] = Field(alias="to")
    not_after: list[Id] = Field(default_factory=list)  # does not start once one of these has happened
    starts_by_fact: Id | None = None
    starts_by_clock: Id | None = None
    dated_back: dict[Id, Id] = Field(default_factory=dict)
    ends_by_fact: Id | None = None
    promise: bool = False
    full: bool = False
    party: str | None = (
        None  # whose deadline it is when not the body's; overstepping it is no fault of the body
    )
    at_most: list[Duration] | None = None
    at_least: list[Duration] | None = None
    when: Condition | None = None
    extensions: list[Extension] = Field(default_factory=list)
    pauses: list[Pause] = Field(default_factory=list)
    restarts: list[Restart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            found = "两个都写了" if self.at_most is not None else "一个也没写"
            raise wrong(f"时限必须写 at_most（最长）或 at_least（最短）中的一个，现在{found}")
        if not (self.at_most or self.at_least):
            raise wrong("时限里一个时长也没有；没有核实的数字写 length: null，并写明 law")
        if not self.starts and self.starts_by_fact is None and self.starts_by_clock is None:
            raise wrong("时限没有起点：写 from（从哪个环节起）或 starts_by_fact（从哪个日期起）")
        if self.full and self.at_least is None:
            raise wrong("full 只用于最短时限（at_least）：最后一日也要过完")
        if self.at_most is None and (self.ends_by_fact is not None or self.promise):
            raise wrong("ends_by_fact、promise 只用于最长时限（at_most）")
        return self


class Apart(Model):
    """Acts that may not be done by the same person (or by the same unit)."""

    acts: list[Id] = Field(min_length=2)
    what: Literal["person", "unit"] = "person"
    basis: Basis | None = None
    reason: str | None = None


class NumberRule(Model):
    """A number given once, when `act` is recorded. Parts: {issuer} {year} {serial}."""

    act: Id
    format: str
    unique_per: Literal["organization", "body"] = "organization"


class Receipt(Model):
    """What the party sees with the number and the code on his receipt: the acts named here with their days, nothing else.

    `rates`: the act by which the party rates what was done; `remark`: that act's field for his words.
    """

    shows: list[Id] = Field(min_length=1)
    rates: Id | None = None
    remark: Id | None = None


class HandedBack(Model):
    """An act with which a unit gives back what it was handed; with these outcomes only, where some are named.

    `unit`: the act's field that says which unit; otherwise, and where that one was handed nothing, the last one does.
    """

    act: Id
    outcome: list[str] = Field(default_factory=list)
    unit: Id | None = None


class Handing(Model):
    """An act that hands the case to other units (转办、交办、移交): their accounts see it and record the acts in `may`.

    `to`: fields of the act, or else facts of the case, that name the units. `again`: acts after which it is the units' turn
    anew, e.g. a check that found nothing put right.
    """

    act: Id
    to: list[Id] = Field(min_length=1)
    may: list[Id] = Field(min_length=1)
    back: list[HandedBack] = Field(default_factory=list)
    again: list[HandedBack] = Field(default_factory=list)


class CaseType(Model):
    """A procedure: its facts, acts, clocks, who is kept apart, its number."""

    case_type: Id
    title: str
    summary: str
    domain: Domain | None = Field(default=None, strict=False)
    unit: str = "件"
    basis: list[Basis] = Field(min_length=1)
    opens_with: list[Id]
    governed_by: list[Id] = Field(
        default_factory=list
    )  # the act whose date picks the law; default opens_with
    governed_by_fact: Id | None = None  # a date fact that overrides it where given
    facts: dict[Id, FieldSpec] = Field(default_factory=dict)
    acts: dict[Id, ActType]
    clocks: dict[Id, ClockType] = Field(default_factory=dict)
    apart: list[Apart] = Field(default_factory=list)
    number: NumberRule | None = None
    receipt: Receipt | None = None
    handing: list[Handing] = Field(default_factory=list)
    title_fact: Id | None = None  # the fact shown as the case's name in lists

    @property
    def told(self) -> dict[Id, FieldSpec]:
        """The facts that people say and read."""
        return {name: spec for name, spec in self.facts.items() if not spec.made}
