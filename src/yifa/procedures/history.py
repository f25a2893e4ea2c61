"""What has happened in a case up to a moment, in the form rules ask about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yifa.procedures.model import Act

NOTHING: tuple[Act, ...] = ()


class History:
    """The acts of a case up to a moment, by date, then by the order entered.

    `happened` maps an act id to its occurrences. `opened` and `closed` are the acts that opened and closed the
    case, if any: what comes later neither opens nor closes it again.
    """

    __slots__ = ("acts", "closed", "facts", "happened", "level", "opened")

    def __init__(self, facts: Mapping[str, Any], level: str) -> None:
        self.facts = facts
        self.level = level
        self.acts: list[Act] = []
        self.happened: dict[str, list[Act]] = {}
        self.opened: Act | None = None
        self.closed: Act | None = None

    def add(self, act: Act, *, opens: bool, closes: bool) -> None:
        """Let one more act happen."""
        self.acts.append(act)
        before = self.happened.get(act.act)
        if before is None:
            self.happened[act.act] = [act]
        else:
            before.append(act)
        if opens and self.opened is None:
            self.opened = act
        if closes and self.closed is None:
            self.closed = act

    def first_of(self, acts: Iterable[str]) -> Act | None:
        """The earliest occurrence of any of these acts."""
        first: Act | None = None
        for act_id in acts:
            occurrences = self.happened.get(act_id)
            if occurrences:
                act = occurrences[0]
                if first is None or (act.on, act.position) < (first.on, first.position):
                    first = act
        return first

    def all_of(self, acts: Iterable[str]) -> list[Act]:
        """All occurrences of these acts in order."""
        found = [act for act_id in acts for act in self.happened.get(act_id, NOTHING)]
        if len(found) > 1:
            found.sort(key=lambda act: (act.on, act.position))
        return found
