"""Level profiles and jurisdictions: what holds where."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yifa.law.schema.base import Basis, Duration, Id, Model


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
