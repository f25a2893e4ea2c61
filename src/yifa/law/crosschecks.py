"""What one catalogue file says of another, or of itself: every reference must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yifa.law.laws import LawList
from yifa.law.messages import Problem
from yifa.law.schema import (
    CaseType,
    CountingRule,
    Model,
    RegisterType,
)


@dataclass(frozen=True)
class Known:
    """Everything the catalogue has that a file may refer to."""

    case_types: Mapping[str, CaseType]
    registers: Mapping[str, RegisterType]
    counting_rules: Mapping[str, CountingRule]
    laws: LawList


def problems_of(thing: Model, known: Known) -> Iterator[Problem]:
    """All that is wrong with one file's references."""
    return iter(())
