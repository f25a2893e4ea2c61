"""The shapes of the demonstration's data files."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from yifa.law.datafiles import beside

Weights = dict[str, int]
Shape = TypeVar("Shape", bound=BaseModel)


class Model(BaseModel):
    """Immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(Model):
    """A unit of the county."""

    code: str
    name: str
    short_name: str
    document_code: str
    level: str = ""


class Renamed(Model):
    """A unit's older name, in force until a day (month-day) of last year."""

    unit: str
    before: str
    until: str


class Holder(Model):
    """Who held a post until a day (month-day) of last year; None: still."""

    person: str
    until: str | None = None


class PostData(Model):
    """A post and who held it."""

    unit: str
    title: str
    principal: bool = False
    held: list[Holder]


class Account(Model):
    """An account of the demonstration."""

    username: str
    name: str
    title: str
    unit: str
    roles: list[str]


class County(Model):
    """county.yaml."""

    body: Unit
    units: list[Unit]
    towns: list[Unit]
    renamed: list[Renamed]
    surnames: list[str]
    given: list[str]
    posts: list[PostData]
    office: dict[str, str]  # what papers say of the body
    papers: list[str]  # the kinds of case of which a paper is made
    password: str
    accounts: list[Account]


class Step(Model):
    """One act that is tried, so many working days after the one before."""

    act: str
    wait: tuple[int, int] = (0, 0)
    outcome: str | Weights | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    unit: str | dict[str, Any] | None = None  # another unit that does it, or {of: FACT, is: …}
    by: Literal["other", "principal"] | None = None  # somebody else than the case's officer; the unit's head


class Course(Model):
    """One way a case may run."""

    weight: int
    facts: dict[str, Any] = Field(default_factory=dict)
    acts: list[Step]


class Due(Model):
    """Cases left standing after some steps, so that a deadline falls on days counted from the day of loading."""

    course: int
    steps: int
    clock: str
    in_days: list[int]


class Line(Model):
    """The cases of one type: how many, whose, about what, how they run."""

    cases: int = 0
    yearly: bool = False  # one a year of each unit
    units: Weights
    facts: dict[str, Any]
    of_unit: dict[str, dict[str, Any]] = Field(default_factory=dict)
    dated: dict[str, int] = Field(default_factory=dict)
    months: tuple[int, int] = (1, 12)  # in which of the year its cases begin
    courses: list[Course]
    due: list[Due] = Field(default_factory=list)


class Chances(Model):
    """How often something is not as it should be, as shares of all cases."""

    slow: float
    back: float
    disordered: float
    omitted: float
    wrong_day: float
    paper_missing: float


class Powers(Model):
    """Parameters of the register of powers."""

    per_unit: int
    units: list[str]
    kinds: Weights
    law: str
    removed: float
    added: float
    decided_by: str


class Officers(Model):
    """Parameters of the register of enforcement officers."""

    per_unit: int
    units: dict[str, str]
    valid_years: int
    left: float
    renewed: float


class Documents(Model):
    """Parameters of the register of normative documents."""

    count: int
    issuers: dict[str, str]
    valid_years: int
    oldest_years: int


class FromCases(Model):
    """An entry for each case of a type in which an act happened."""

    case_type: str
    act: str
    share: float = 1


class Filling(Model):
    """What fills a register that needs no code of its own.

    `data` is made as the facts of cases are, with {unit_name}, {unit_code}, {serial}, {listed} (of `names`, in the
    order of the entries) and, within the unit, {place}; a day is {days: [from, to]}, counted from the last day of the
    county's life. Of an entry made from a case also {number},
    {title}, {on} and, as {value: NAME}, the fields of its acts.
    """

    units: list[str] = Field(default_factory=list)
    per_unit: int = 1
    from_cases: FromCases | None = None
    names: list[str] = Field(default_factory=list)
    data: dict[str, Any]
    of_unit: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Registers(Model):
    """registers.yaml."""

    powers: Powers
    enforcement_officers: Officers
    normative_documents: Documents
    lists: dict[str, Filling] = Field(default_factory=dict)


class Words(RootModel[dict[str, list[str]]]):
    """words.yaml."""


def _read(name: str) -> Any:
    return beside(__file__, name)


@cache
def county() -> County:
    """The county, its units, posts and accounts."""
    return County.model_validate(_read("county.yaml"))


@cache
def lines() -> dict[str, Line]:
    """How cases run, by case type."""
    return {
        name: Line.model_validate(data) for name, data in _read("courses.yaml").items() if name != "chances"
    }


@cache
def chances() -> Chances:
    """How often something goes wrong."""
    return Chances.model_validate(_read("courses.yaml")["chances"])


@cache
def registers() -> Registers:
    """What the registers are filled with."""
    return Registers.model_validate(_read("registers.yaml"))


@cache
def words() -> dict[str, list[str]]:
    """The words of which titles are made."""
    return Words.model_validate(_read("words.yaml")).root


def principal_on(unit: str, day: date, year: int) -> str | None:
    """Who held the unit's principal post that day; changes of holder happened in `year`."""
    for post in county().posts:
        if post.unit == unit and post.principal:
            return next(
                holder.person
                for holder in post.held
                if holder.until is None or day <= date.fromisoformat(f"{year}-{holder.until}")
            )
    return None


def plan_text(year: int) -> str:
    """The text of a year's plan."""
    return files("yifa.demo").joinpath("plan.txt").read_text(encoding="utf-8").replace("{year}", str(year))


def plan_table(year: int) -> str:
    """The sheet of a campaign's tasks as an office hands it in, copied out of its spreadsheet."""
    table = files("yifa.demo").joinpath("plan_table.txt").read_text(encoding="utf-8")
    return table.replace("{year}", str(year))


def unit_report(name: str, year: int, received: int) -> str:
    """The annual report a unit below hands in, invented."""
    text = files("yifa.demo").joinpath("unit_report.txt").read_text(encoding="utf-8")
    values = {"unit": name, "year": year, "next_year": year + 1, "received": received, "found": 6 + received}
    return text.format(**values)
