"""The word lists of the rules, from words.yaml."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from yifa.law.datafiles import beside


class RateWords(BaseModel):
    """A rate a unit works out from its own counts: its names, what is on top, what is below."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    top: tuple[str, ...]
    below: tuple[str, ...]


class Words(BaseModel):
    """All word lists; the meaning of each stands beside it in words.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    closed_sets: tuple[tuple[str, ...], ...]
    exclusive_sets: tuple[tuple[str, ...], ...]
    item_sets: tuple[tuple[str, ...], ...]
    rates: tuple[RateWords, ...]
    hotlines: dict[str, str]
    hotline_words: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """The word lists, read once."""
    return Words.model_validate(beside(__file__, "words.yaml"))
