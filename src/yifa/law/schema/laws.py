"""Entries of the list of laws."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from yifa.law.schema.base import Model


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
