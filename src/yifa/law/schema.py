"""The shapes of catalogue files: case types, registers, counting rules, outlines, levels, jurisdictions.

A catalogue file is YAML. Every key is listed here; an unknown key is an error. These models hold data
only; loading and cross-checks are in `loader`, meaning is in `yifa.procedures`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Model(BaseModel):
    """Base of all catalogue shapes: immutable, no unknown keys, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


def _wrong(message: str) -> PydanticCustomError:
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
            raise _wrong(f"适用期起止颠倒：from {self.valid_from} 晚于 to {self.valid_to}")
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
            raise _wrong(f"条件必须写 fact、act、level、all、any、not 中的一个，现在是：{found}")
        tests = [
            name for name in ("is_", "in_", "at_least", "at_most", "given", "same_as") if name in written
        ]
        keys = "、".join(name.strip("_") for name in tests)
        if "is_" in tests and "in_" in tests:
            raise _wrong("条件里 is 与 in 只能写一个：is 比一个值，in 比一组值")
        if self.fact is not None and not tests:
            raise _wrong(
                "按 fact 判断的条件还要写 is、in、at_least、at_most 或 given，例如 {fact: hearing, is: true}"
            )
        if self.act is not None and self.field is not None and not tests:
            raise _wrong("按 act 的 field 判断的条件还要写 is、in、at_least、at_most 或 given")
        if tests and self.fact is None and self.field is None:
            raise _wrong(f"{keys} 只能与 fact 或 act 的 field 一起写")
        if self.act is None and written & {"done", "outcome", "field"}:
            raise _wrong("done、outcome、field 只能与 act 一起写，例如 {act: review, outcome: [通过]}")
        return self


class FieldType(StrEnum):
    """The kinds of value a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"  # yuan
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LIST = "list"  # of short texts; with `register` of keys of its entries
    ORGANIZATION = "organization"
    PERSON = "person"
    ENTRY = "entry"  # the key of an entry of `register`, which must be in force on the day of the act
    CASE = "case"  # the number of a case of `case_type`


class FieldSpec(Model):
    """One typed field of a case type's facts, of an act, or of a register entry."""

    title: str
    type: FieldType = Field(default=FieldType.TEXT, strict=False)
    required: bool = False
    choices: list[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_items: int | None = None
    unique: bool = False  # of a list: nothing stands in it twice
    personal: bool = False  # masked wherever the public can see it
    unit: str | None = None
    help: str | None = None
    basis: Basis | None = None
    register_: Id | None = Field(default=None, alias="register")  # of an entry, or of each item of a list
    case_type: Id | None = None  # of a case
    holder: Id | None = None  # of an entry: its field that names the unit that alone may refer to it
    copied_from: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    # of a fact, `item.days`: where it is not given, what the entry named by the fact `item` has in its field `days`

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if self.type is FieldType.CHOICE and not self.choices:
            raise _wrong("类型是 choice 的字段必须写 choices，例如 choices: [是, 否]")
        if self.type is not FieldType.CHOICE and self.choices is not None:
            raise _wrong(f"写了 choices，类型应为 choice，现在是 {self.type.value}")
        if self.type is FieldType.ENTRY and self.register_ is None:
            raise _wrong("类型 entry 与 register 要一起写，例如 type: entry 与 register: powers")
        if self.register_ is not None and self.type not in {FieldType.ENTRY, FieldType.LIST}:
            raise _wrong(f"写了 register，类型应为 entry（一项）或 list（若干项），现在是 {self.type.value}")
        if (self.type is FieldType.CASE) != (self.case_type is not None):
            raise _wrong("类型 case 与 case_type 要一起写，例如 type: case 与 case_type: litigation")
        if self.holder is not None and self.register_ is None:
            raise _wrong("holder 与 register 要一起写：条目的哪个字段写着由谁使用")
        return self


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
            raise _wrong("限额必须写 minimum（最少）或 maximum（最多）")
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
            raise _wrong(
                "tables 的每一项写 needs（命中后须先完成什么）或 field（哪个数受幅度约束），二者写一个"
            )
        if self.field is not None and self.minimum is None and self.maximum is None:
            raise _wrong("受幅度约束的 field 还要写 minimum、maximum：幅度在清单的哪个字段")
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
            raise _wrong(f"时限必须写 at_most（最长）或 at_least（最短）中的一个，现在{found}")
        if not (self.at_most or self.at_least):
            raise _wrong("时限里一个时长也没有；没有核实的数字写 length: null，并写明 law")
        if not self.starts and self.starts_by_fact is None and self.starts_by_clock is None:
            raise _wrong("时限没有起点：写 from（从哪个环节起）或 starts_by_fact（从哪个日期起）")
        if self.full and self.at_least is None:
            raise _wrong("full 只用于最短时限（at_least）：最后一日也要过完")
        if self.at_most is None and (self.ends_by_fact is not None or self.promise):
            raise _wrong("ends_by_fact、promise 只用于最长时限（at_most）")
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
    title_fact: Id | None = None  # the fact shown as the case's name in lists


class RegisterType(Model):
    """A list with versions."""

    register_: Id = Field(alias="register")
    title: str
    summary: str
    domain: Domain | None = Field(default=None, strict=False)
    unit: str = "项"
    basis: list[Basis] = Field(default_factory=list)
    fields: dict[Id, FieldSpec]
    key: Id  # the field that names an entry, unique among entries in force
    title_field: Id
    begins: Id | None = None  # date field from which an entry is in force
    ends: Id | None = None  # date field: its last day in force
    paper: Id | None = None  # the field that names the document by which it was put on, changed or taken off
    remind_days: int | None = None
    ended_label: str = "失效"
    in_force_label: str = "有效"


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
            raise _wrong("用时按 days（自然日）或 workdays（工作日）计，不按月")
        return self


class UnitsCounted(Model):
    """Organizations of some levels, instead of entries: all of them, or those named in a field of an entry in force."""

    levels: list[str] = Field(min_length=1)
    named_in: Id | None = None  # a text or list field of the register


class CountingRule(Model):
    """How a figure is counted. One of case_type, register, rate."""

    counting_rule: Id
    title: str
    unit: str
    explain: str
    basis: Basis | None = None
    version: int = 1
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
    per: Literal["case", "act"] = "case"  # a case once, or each act
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
    # Wordings of plan targets and of reported figures this rule answers, e.g. 「中心组 学法」: words apart by a blank must
    # all stand in the target; in a report some may stand in the figure before (yifa.law.answers).
    answers: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = [x for x in (self.case_type, self.register_, self.rate) if x is not None]
        if len(sources) != 1:
            raise _wrong("口径必须写 case_type、register、rate 中的一个，且只写一个")
        if self.units is not None and self.register_ is None:
            raise _wrong("units（数单位）与 register（哪个清单）要一起写")
        if (self.aggregate == "distinct") != (self.distinct_by is not None):
            raise _wrong("aggregate: distinct 与 distinct_by（按哪个字段去重）要一起写")
        if self.aggregate in {"mean", "median"} and self.sum_field is None and self.takes is None:
            raise _wrong("平均数、中位数要写 sum_field（哪个数）或 takes（用时）")
        if self.takes is not None and (self.case_type is None or self.sum_field is not None):
            raise _wrong("takes 只用于事项，且不与 sum_field 一起写")
        if self.aggregate != "sum" and self.breakdown is not None:
            raise _wrong("分项只能用于合计：平均数、中位数、去重数的分项相加不等于总数")
        return self

    @property
    def clocks(self) -> list[str]:
        """The clocks it looks at: of several one that the case has."""
        return [self.clock] if isinstance(self.clock, str) else list(self.clock or ())


class Span(Model):
    """A length of time counted back from the day of looking; `calendar_year` from its 1 January.

    `length` is a number, or the name of a number field of the thing looked at; where that is empty nothing is asked.
    """

    length: Annotated[int, Field(ge=1)] | Id | None = None
    unit: Literal["days", "months"] = "days"
    calendar_year: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.length is None) != self.calendar_year:
            raise _wrong("写 length 和 unit（往前多久），或者 calendar_year: true（本年以来），二者写一个")
        return self


class Answering(Model):
    """What puts a thing in order: enough entries of a register, records of a counting rule, or holders of a post.

    `match`: field of the entry or record -> field of the thing looked at; both sides also know `key`, `number`, `title`,
    `unit` (whose it is), where no field of their own is called so. A list on either side matches by any of its items.
    `at_least` and `at_most` are numbers, or names of number fields of the thing looked at; `equals` another counting rule
    that, matched alike and in the same time, must give the same figure. With `same` one of what was
    found must say the same in these fields; the ones that differ are named.
    """

    register_: Id | None = Field(default=None, alias="register")
    counting_rule: Id | None = None
    posts: bool = False  # people who hold a post today: `person`, `post`
    match: dict[str, str] = Field(min_length=1)
    where: Condition | None = None  # of the entries of a register
    up_to: dict[str, str] = Field(
        default_factory=dict
    )  # only those whose number is not above the thing's, or is not given
    within: Span | None = None  # of a counting rule; default: ever
    at_least: float | Id | None = None
    at_most: float | Id | None = None
    equals: Id | None = None
    same: dict[str, str] = Field(default_factory=dict)  # as `match`, of fields that must also say the same

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum([self.register_ is not None, self.counting_rule is not None, self.posts]) != 1:
            raise _wrong("应写 register、counting_rule、posts 中的一个，且只写一个")
        if self.where is not None and self.register_ is None:
            raise _wrong("where 只用于 register；事项的条件写在口径里")
        if self.within is not None and self.counting_rule is None:
            raise _wrong("within 只用于 counting_rule")
        if self.equals is not None and self.counting_rule is None:
            raise _wrong("equals 只用于 counting_rule：两个口径的数应当相等")
        return self


class GapType(Model):
    """A list of what is not in order: things for which nothing `unless` holds.

    One of register, case_type, levels, counting_rule (the acts or entries it counts; they also know `by`, who did it, and
    `posts`, the posts that person held that day). `register` with `levels` is a matrix: each entry is looked at for each
    organization of these levels, its `unit`.
    """

    gap: Id
    title: str
    explain: str
    missing: str  # what is said of each, e.g. 没有落实监管措施
    domain: Domain | None = Field(default=None, strict=False)
    basis: Basis | None = None
    register_: Id | None = Field(default=None, alias="register")  # its entries
    case_type: Id | None = None  # its cases
    cases: Literal["open", "closed", "any"] = "any"
    entries: Literal["in_force", "ended"] = "in_force"
    levels: list[str] | None = None  # the organizations of these levels
    counting_rule: Id | None = None  # what it counts, ever; every one is a gap unless …
    where: Condition | None = None
    clock: Id | list[Id] | None = None  # of cases: only those in which this clock (one of these) …
    clock_state: list[str] | None = None  # … is in one of these states on the day of looking
    each: Id | None = None  # a list among its fields: each item is looked at for itself and matched as `item`
    unless: list[Answering] = Field(default_factory=list)  # any of these puts it in order

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        matrix = self.register_ is not None and self.levels is not None
        looked_at = (self.register_, self.case_type, self.levels, self.counting_rule)
        if sum(each is not None for each in looked_at) - matrix != 1:
            raise _wrong(
                "缺口要写看什么：register、case_type、levels、counting_rule 中的一个；register 可与 levels 同写，即条目×单位"
            )
        if matrix and not self.unless:
            raise _wrong("条目×单位的缺口要写 unless：每个单位应当有什么")
        if self.counting_rule is not None and self.where is not None:
            raise _wrong("按 counting_rule 看的缺口不能写 where，条件写在口径里")
        if self.where is None and self.clock is None and not self.unless and self.counting_rule is None:
            raise _wrong("缺口要写 where（什么样的）、clock（时限怎样的）或 unless（有什么就不算），至少一个")
        if self.clock is not None and self.case_type is None:
            raise _wrong("clock 只用于事项（case_type）")
        return self


class Sentence(Model):
    """One sentence of a report. `{rule_id}` is a live figure; it is written only while a record carries it.

    With `each` it is written once for each part of these figures, e.g. each unit: `{part}` is the part's name, and
    `{rule_id:part}` a figure's share in it.
    """

    text: str
    each: list[Id] = Field(default_factory=list)
    when_zero: str | None = None  # written instead when every figure in it is 0


class SectionType(Model):
    """A section of an outline."""

    id: Id
    title: str
    required: (
        Literal["results", "shortcomings", "causes", "first_responsible", "next_year", "other"] | None
    ) = None
    basis: Basis | None = None
    guidance: str | None = None
    sentences: list[Sentence] = Field(default_factory=list)
    sections: list[SectionType] = Field(default_factory=list)


class OutlineType(Model):
    """The outline of a report: title, opening, sections."""

    outline: Id
    title: str
    opening: str
    closing: str | None = None
    basis: list[Basis] = Field(default_factory=list)
    sections: list[SectionType]


class LevelProfile(Model):
    """What a body of this level has. What is off prints 「本级无此职权」."""

    level: Literal["county", "zone", "town", "department"]
    title: str
    case_types: list[Id]
    registers: list[Id]
    off_text: str = "本级无此职权"


class LocalDuration(Model):
    """A number a jurisdiction gives to a clock of a case type."""

    case_type: Id
    clock: Id
    duration: Duration


class Jurisdiction(Model):
    """A province's or city's own durations and names; never structure.

    `basis` lists the local rules that matter; `names` gives a case type or register its local name.
    """

    jurisdiction: Id
    title: str
    basis: list[Basis] = Field(default_factory=list)
    durations: list[LocalDuration] = Field(default_factory=list)
    names: dict[str, str] = Field(default_factory=dict)


class LawVersion(Model):
    """A later text of a law: when it took effect and how many articles it has (None: not known)."""

    promulgated: date | None = None
    effective: date | None = None
    kind: str | None = None  # 修正, 修订, 修正案, 修改
    number: str | None = None
    articles: int | None = None


class Law(Model):
    """One entry of laws.yaml. `promulgated`, `effective`, `number` and `articles` are those of the first text.

    `repealed` is the first day on which it no longer holds; where it is known that a law no longer holds but not
    since when, only `replaced_by` is given.
    """

    id: str
    title: str
    short: str | None = None
    aliases: list[str] = Field(default_factory=list)
    level: str
    issuer: str | None = None
    number: str | None = None
    promulgated: date | None = None
    effective: date | None = None
    articles: int | None = None
    versions: list[LawVersion] = Field(default_factory=list)
    repealed: date | None = None
    replaced_by: str | None = None
    verified: Literal["mirror", "search", "unverified"] = "unverified"
    unverified: list[str] = Field(default_factory=list)  # parts above that no text has confirmed
