"""Which facts of a case a form asks for: those its act needs and nobody has said yet, the rest later or folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yifa.law.schema import CaseType, FieldSpec


@dataclass(frozen=True, slots=True)
class Folded:
    """A fact that the form which opens a case keeps folded, and who asks for it or gives it later.

    Attributes:
        spec: The fact.
        later: Titles of the acts whose forms ask for it; empty for an exception.
        source: Title of the fact whose entry gives it where nobody says otherwise.
    """

    spec: FieldSpec
    later: tuple[str, ...] = ()
    source: str = ""


def asked_with(case_type: CaseType, facts: Mapping[str, Any], act: str) -> dict[str, FieldSpec]:
    """The facts that the form of an act of a running case asks for: never one that was said before."""
    return {
        name: spec
        for name, spec in case_type.told.items()
        if act in (spec.asked_with or ()) and facts.get(name) in (None, "", [])
    }


def folded_at_opening(case_type: CaseType, act: str) -> dict[str, Folded]:
    """The facts that may be given at the opening but need not: asked with a later act, copied, or exceptions."""
    found = {}
    for name, spec in case_type.told.items():
        if spec.required or name == case_type.title_fact or act in (spec.asked_with or ()):
            continue
        if spec.copied_from is not None:
            source = case_type.facts[spec.copied_from.partition(".")[0]]
            found[name] = Folded(spec, source=source.title)
        elif spec.asked_with is not None:
            later = tuple(case_type.acts[one].title for one in spec.asked_with)
            found[name] = Folded(spec, later=later)
    return found
