"""A rule of the check-up, and the registry that keeps rules apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.checking.finding import Finding, Severity
from yifa.checking.view import View
from yifa.law.schema import Basis
from yifa.reading.document import Span


@dataclass(frozen=True, slots=True)
class Rule:
    """One question put to a text. `explanation` is a paragraph of plain Chinese for the reference page.

    `check` is pure: the same view gives the same findings. It yields nothing where it cannot decide.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    check: Callable[[View], Iterable[Finding]]

    def finding(
        self, message: str, spans: Sequence[Span], *, basis: Basis | None = None, **evidence: Any
    ) -> Finding:
        """A finding of this rule; `evidence` in the words of contracts/document.md."""
        return Finding(self.id, self.severity, message, tuple(spans), evidence, basis)


class Registry:
    """The rules in the order in which they run. Two rules with one id are a programming error."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        for rule in rules:
            if rule.id in self._rules:
                raise ValueError(f"two rules share the id {rule.id}")
            self._rules[rule.id] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[rule_id]
