"""Outlines of reports."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yifa.law.schema.base import Basis, Id, Model


class Sentence(Model):
    """One sentence of a report. `{rule_id}` is a live figure; it is written only while a record carries it.

    A stretch in square brackets is written only while one of the figures within it shows something.

    With `each` it is written once for each part of these figures, e.g. each unit: `{part}` is the part's name, and
    `{rule_id:part}` a figure's share in it.
    """

    text: str
    each: list[Id] = Field(default_factory=list)
    when_zero: str | None = None  # written instead when every figure in it is 0


class Exhibit(Model):
    """A table or a chart in a section, made of live figures; it stands there only while one of them is above 0.

    `by` figures: one row (or bar) for each figure; parts: one for each part of their breakdowns; months: one for each
    month of the period; records: one for each record behind them (tables only).
    """

    show: Literal["table", "chart"]
    by: Literal["figures", "parts", "months", "records"] = "figures"
    title: str
    figures: list[Id] = Field(min_length=1)
    zeros: bool = True  # whether a figure that is 0 keeps its place


class Needed(Model):
    """A figure that a section is about: while it is 0, `without` is all the section says."""

    figure: Id
    without: str


class SectionType(Model):
    """A section of an outline."""

    id: Id
    title: str
    required: (
        Literal["results", "shortcomings", "causes", "first_responsible", "next_year", "other"] | None
    ) = None
    basis: Basis | None = None
    guidance: str | None = None
    written_by: list[str] = Field(
        default_factory=list
    )  # words in the names of the units that write it, e.g. 审批
    sentences: list[Sentence] = Field(default_factory=list)
    gaps: list[Id] = Field(
        default_factory=list
    )  # gap lists whose things are named, as they stand at the cut-off
    exhibits: list[Exhibit] = Field(default_factory=list)
    plan: bool = False  # what became of the tasks of the year's plan, with why some were not begun
    otherwise: str | None = None  # drafted where neither sentences nor gaps say anything
    needs: Needed | None = None  # without which the section has nothing to say
    sections: list[SectionType] = Field(default_factory=list)


class DueDay(Basis):
    """The day of the following year by which the law wants something done with the report; `levels` empty: all."""

    what: str  # e.g. 向社会公布
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    levels: list[str] = Field(default_factory=list)


class AboutPerson(Model):
    """Whom a report on one person is about: `{subject}` in texts.

    `facts` and `registers` name the field with the person in each case type and register: figures and gap lists of
    these count only what is the person's own.
    """

    title: str  # what the person is called, e.g. 述法人
    facts: dict[Id, Id] = Field(default_factory=dict)
    registers: dict[Id, Id] = Field(default_factory=dict)


class OutlineType(Model):
    """The outline of a report: title, opening, sections."""

    outline: Id
    title: str
    opening: str
    closing: str | None = None
    basis: list[Basis] = Field(default_factory=list)
    due: list[DueDay] = Field(default_factory=list)
    person: AboutPerson | None = None  # one report for each person
    sections: list[SectionType]

    @property
    def kind(self) -> str:
        """What such reports are called, without whose and of when."""
        kind = self.title
        for part in ("{organization}", "{subject}", "{year}", "年度", "年"):
            kind = kind.removeprefix(part)
        return kind
