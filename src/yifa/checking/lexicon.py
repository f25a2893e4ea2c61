"""The word lists on scope, kind, state and wording, from lexicon.yaml."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from yifa.law.datafiles import beside


class Slip(BaseModel):
    """A wrong writing, what was meant, and the characters behind it with which it is right after all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrong: str
    right: str
    not_before: str = ""


class Lexicon(BaseModel):
    """All lists; the meaning of each stands beside it in lexicon.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: dict[str, tuple[str, ...]]
    matters: tuple[str, ...]
    same_acts: tuple[tuple[str, ...], ...]
    kinds_apart: tuple[tuple[str, ...], ...]
    slips: tuple[Slip, ...]
    slips_never_after: str
    doubled_marks: tuple[str, ...]


@cache
def lexicon() -> Lexicon:
    """The lists, read once."""
    return Lexicon.model_validate(beside(__file__, "lexicon.yaml"))
