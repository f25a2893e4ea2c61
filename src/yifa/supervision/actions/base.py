"""What all changes of this room share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from yifa.ledger.actions.base import Action
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Role, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.supervision.models import Draw

Result = TypeVar("Result")
DRAWERS = (Role.OFFICER, Role.SUPERVISOR, Role.COORDINATOR)


@dataclass(frozen=True, kw_only=True)
class DrawAction(Action[Result]):
    """One change of a draw. `actor` None is the system."""

    needs = Needs("随机抽取", DRAWERS)

    actor: User | None

    def _record(self, draw: Draw, kind: str, on: date, payload: Mapping[str, Any]) -> None:
        """The line in the draw's chain."""
        said = {"title": draw.title, "digest": draw.digest, **payload}
        append_record(Subject.DRAW, draw.pk, kind, draw.organization, on, self.actor, said)
