"""A case as it is looked at on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.law.schema import CaseType
from yifa.procedures.compiling import Edition, Procedure, procedure
from yifa.procedures.entries import effective
from yifa.procedures.history import History
from yifa.procedures.model import Act, Context, Entry


@dataclass(slots=True)
class View:
    """All acts as they stand, what of them has happened by the day of looking, and the law the case follows."""

    procedure: Procedure
    edition: Edition
    acts: tuple[Act, ...]
    history: History
    governed_on: date
    context: Context


def look(case_type: CaseType, facts: Mapping[str, Any], entries: Sequence[Entry], context: Context) -> View:
    """Take the entries of a case for what they say on the day of looking."""
    proc = procedure(case_type, context.jurisdiction)
    acts = effective(entries)
    happened = acts
    if acts and acts[-1].on > context.on:
        happened = tuple(act for act in acts if act.on <= context.on)
    governed_on = proc.governed_on(happened, facts, context.on)
    edition = proc.edition(governed_on)
    return View(proc, edition, acts, edition.history(happened, facts, context.level), governed_on, context)
