"""Typed fields of facts, acts and entries."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Id, Model, wrong


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


class Companions(Model):
    """Entries of another register that name the same entry, e.g. the members of a body; shown with it."""

    register_: Id = Field(alias="register")
    on: Id | None = None  # as they stood on the day of this act; left out: of the act that opened the case


class Barred(Model):
    """What may not be named: the keys of entries of a register in force whose `field` says `is`, e.g. an abolished proof."""

    register_: Id = Field(alias="register")
    field: Id
    is_: str = Field(alias="is")


class CountedActs(Model):
    """How many times an act has happened, or happened with one of these outcomes."""

    act: Id
    outcomes: list[str] = Field(default_factory=list)


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
    identifies: bool = (
        False  # of a fact: no two cases of the kind bear the same value, e.g. the number of another system
    )
    of_many: bool = (
        False  # of a fact: names a group of cases, e.g. a round: two that say it alike are not alike by that
    )
    made: bool = False  # of a fact: a key the program makes and reads; nobody is asked for it or shown it
    personal: bool = False  # masked wherever the public can see it
    unit: str | None = None
    help: str | None = None
    basis: Basis | None = None
    # of an optional fact: the acts whose forms ask for it while nobody has said it; left out: the form that opens the
    # case does. An empty list: an exception, which stands folded there for whom it concerns.
    asked_with: list[Id] | None = None
    aside: bool = (
        False  # of an act's optional field: only tells; no condition, figure or gap list may look at it
    )
    as_before: bool = (
        False  # of a fact that tells of the unit, not of the case: begins with what its last cases all say
    )
    register_: Id | None = Field(default=None, alias="register")  # of an entry, or of each item of a list
    barred: Barred | None = None  # of a register's text or list: no item of it stands there
    companions: Companions | None = None  # of an entry among the facts
    case_type: Id | None = None  # of a case
    holder: Id | None = None  # of an entry: its field that names the unit that alone may refer to it
    copied_from: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    # of a fact, `item.days`: where it is not given, what the entry named by the fact `item` has in its field `days`
    known_from: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]] = Field(
        default_factory=list
    )  # of an act's field: facts (`party`) and fields of acts (`decide.fine`) that give it; the last act that has it counts

    counted_from: CountedActs | None = None  # of an act's number: what the acts recorded one by one come to

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if self.type is FieldType.CHOICE and not self.choices:
            raise wrong("类型是 choice 的字段必须写 choices，例如 choices: [是, 否]")
        if self.type is not FieldType.CHOICE and self.choices is not None:
            raise wrong(f"写了 choices，类型应为 choice，现在是 {self.type.value}")
        if self.type is FieldType.ENTRY and self.register_ is None:
            raise wrong("类型 entry 与 register 要一起写，例如 type: entry 与 register: powers")
        if self.as_before and self.type is not FieldType.CHOICE:
            raise wrong(f"as_before 只用于类型 choice 的字段，现在是 {self.type.value}")
        if self.register_ is not None and self.type not in {FieldType.ENTRY, FieldType.LIST}:
            raise wrong(f"写了 register，类型应为 entry（一项）或 list（若干项），现在是 {self.type.value}")
        if (self.type is FieldType.CASE) != (self.case_type is not None):
            raise wrong("类型 case 与 case_type 要一起写，例如 type: case 与 case_type: litigation")
        if self.holder is not None and self.register_ is None:
            raise wrong("holder 与 register 要一起写：条目的哪个字段写着由谁使用")
        return self
