"""The rules of an edition: acts and clocks with their conditions as functions and their durations chosen."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.law.schema import ActType, Basis, ClockType, Duration, Limit
from yifa.procedures.conditions import Test
from yifa.procedures.history import History
from yifa.procedures.model import Act, ClockState, Refusal


@dataclass(frozen=True, slots=True)
class Needed:
    """A prerequisite: one of `acts`, its latest occurrence with one of `outcomes`, while `when` holds."""

    acts: tuple[str, ...]
    outcomes: frozenset[str] | None
    when: Test | None
    refusal: Refusal

    def missing(self, history: History) -> bool:
        """Whether it is wanted and not there."""
        for act in self.acts:
            occurrences = history.happened.get(act)
            if occurrences and (self.outcomes is None or occurrences[-1].outcome in self.outcomes):
                return False
        return self.when is None or self.when(history)


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of a field that holds under a condition."""

    limit: Limit
    when: Test


@dataclass(frozen=True, slots=True)
class ActRule:
    """One kind of act, ready to be judged."""

    id: str
    type: ActType
    valid: bool  # the law of the edition knows it
    opens: bool
    basis: Basis | None
    needed: tuple[Needed, ...]
    only_if: Test | None
    only_if_varies: bool  # acts can still make it true
    not_applicable: Refusal
    repeated: Refusal
    required: Test | bool
    closing_outcomes: frozenset[str]
    limits: tuple[Bound, ...]

    def closes(self, act: Act) -> bool:
        """Whether this occurrence closes the case."""
        return self.type.closes or act.outcome in self.closing_outcomes


@dataclass(frozen=True, slots=True)
class Lengthening:
    """An extension with the most the law of the edition gives."""

    act: str
    most: Duration


@dataclass(frozen=True, slots=True)
class Holding:
    """A pause with the most the law of the edition lets it last."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    most: Duration | None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock with the duration of the edition."""

    id: str
    type: ClockType
    minimum: bool
    duration: Duration
    length_text: str
    basis: Basis
    when: Test | None
    extensions: tuple[Lengthening, ...]
    pauses: tuple[Holding, ...]
    survives_closing: bool  # one of the acts that stop it may come after the case has closed
    waiting: ClockState  # what it looks like before it starts
