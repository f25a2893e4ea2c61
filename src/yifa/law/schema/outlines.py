"""Outlines of reports."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yifa.law.schema.base import Basis, Id, Model


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
