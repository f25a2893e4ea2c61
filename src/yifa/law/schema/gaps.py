"""Gap lists: what is not in order."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Condition, Domain, Id, Model, wrong


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
            raise wrong("写 length 和 unit（往前多久），或者 calendar_year: true（本年以来），二者写一个")
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
            raise wrong("应写 register、counting_rule、posts 中的一个，且只写一个")
        if self.where is not None and self.register_ is None:
            raise wrong("where 只用于 register；事项的条件写在口径里")
        if self.within is not None and self.counting_rule is None:
            raise wrong("within 只用于 counting_rule")
        if self.equals is not None and self.counting_rule is None:
            raise wrong("equals 只用于 counting_rule：两个口径的数应当相等")
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
    per: Id | None = (
        None  # of entries: looked at once in a unit for each value of this field, and called by it
    )
    each: Id | None = None  # a list among its fields: each item is looked at for itself and matched as `item`
    unless: list[Answering] = Field(default_factory=list)  # any of these puts it in order

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        matrix = self.register_ is not None and self.levels is not None
        looked_at = (self.register_, self.case_type, self.levels, self.counting_rule)
        if sum(each is not None for each in looked_at) - matrix != 1:
            raise wrong(
                "缺口要写看什么：register、case_type、levels、counting_rule 中的一个；register 可与 levels 同写，即条目×单位"
            )
        if matrix and not self.unless:
            raise wrong("条目×单位的缺口要写 unless：每个单位应当有什么")
        if self.counting_rule is not None and self.where is not None:
            raise wrong("按 counting_rule 看的缺口不能写 where，条件写在口径里")
        if self.where is None and self.clock is None and not self.unless and self.counting_rule is None:
            raise wrong("缺口要写 where（什么样的）、clock（时限怎样的）或 unless（有什么就不算），至少一个")
        if self.clock is not None and self.case_type is None:
            raise wrong("clock 只用于事项（case_type）")
        return self
