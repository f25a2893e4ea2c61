"""Registers: lists with versions."""

from __future__ import annotations

from pydantic import Field

from yifa.law.schema.base import Basis, Domain, Id, Model
from yifa.law.schema.fields import FieldSpec


class ListedFrom(Model):
    """Cases that belong on a register from an act on, and what the entry takes from them.

    `fields`: field of the entry → `case.number`, `case.unit`, `fact.ID` or `act.ID.on`.
    """

    case_type: Id
    act: Id
    fields: dict[Id, str]


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
    continues: bool = (
        False  # terms follow one another: a later one that begins within or after the last goes on with it
    )
    listed_from: list[ListedFrom] = Field(default_factory=list)
    renewed: bool = (
        False  # its last day is that of a term which is prolonged; so are the terms that are reminded of
    )
    paper: Id | None = None  # the field that names the document by which it was put on, changed or taken off
    remind_days: int | None = None
    approval: bool = False  # changes wait until another person approves and publishes them
    ended_label: str = "失效"
    in_force_label: str = "有效"

    @property
    def renews(self) -> bool:
        """Whether entries run for a term that is prolonged, not until somebody takes them off."""
        return self.renewed or self.continues or self.remind_days is not None
