"""The guided first hour: a few first tasks for a role, ticked from what the user did.

What was hidden, when the guide began and which pages were opened from it is kept with the account, so that it is the
same at every desk; it is no record of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from yifa.law.datafiles import beside
from yifa.ledger.installation.options import guide_is_on
from yifa.ledger.models import Record, Role, User
from yifa.ledger.models.scoping import Held
from yifa.workbench.models import GuideState
from yifa.workbench.rights.access import memberships

BODY_DEPTH = 2  # slashes in the path of the body itself
# who holds several roles is guided by the first of these
ORDER = (
    Role.COORDINATOR, Role.LEADER, Role.REVIEWER, Role.SUPERVISOR, Role.ASSESSOR, Role.PUBLISHER, Role.AUDITOR,
    Role.OFFICER, Role.SYSTEM, Role.SECURITY, Role.AUDIT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One task with its page; `kinds`: the records that show it was done."""

    id: str
    title: str
    says: str
    url: str
    kinds: tuple[str, ...] = ()


@cache
def _steps() -> dict[str, tuple[Step, ...]]:
    said = beside(__file__, "guide.yaml")
    return {
        role: tuple(
            Step(row["id"], row["title"], row["says"], _url(row), tuple(row.get("kinds", ()))) for row in rows
        )
        for role, rows in said.items()
    }


def _url(row: dict[str, Any]) -> str:
    return reverse(row["page"]) + (f"?{row['query']}" if "query" in row else "")


def role_of(user: User) -> Role | None:
    """By which of the roles a user is guided."""
    held = [one for one in memberships(user) if one.of is None]
    first = {one.role for one in held if not _coordinates_a_unit(one)} or {one.role for one in held}
    return next((role for role in ORDER if role.value in first), None)


def _coordinates_a_unit(held: Held) -> bool:
    """Whether somebody coordinates a part of the body only: such a one mostly handles cases."""
    return held.role == Role.COORDINATOR and held.path.count("/") > BODY_DEPTH


def begin(user: User) -> GuideState:
    """The guide from its beginning."""
    last = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    state, _ = GuideState.objects.update_or_create(
        user=user, defaults={"after": last, "hidden": False, "opened": []}
    )
    return state


def steps_for(user: User) -> tuple[Step, ...]:
    """The first tasks of a user."""
    role = role_of(user)
    return _steps().get(role.value, ()) if role is not None else ()


def progress_of(user: User) -> GuideState:
    """How far the guide is; it begins now where nothing is known."""
    return GuideState.objects.filter(user=user).first() or begin(user)


def is_offered(user: User) -> bool:
    """Whether the first page shows the guide."""
    return guide_is_on() and not GuideState.objects.filter(user=user, hidden=True).exists()


def ticked(user: User, progress: GuideState) -> list[tuple[Step, bool]]:
    """The tasks, each with whether it is done."""
    steps = steps_for(user)
    wanted = {kind for step in steps for kind in step.kinds}
    made = Record.objects.filter(recorded_by=user, pk__gt=progress.after, kind__in=wanted)
    seen = set(made.values_list("kind", flat=True).distinct()) if wanted else set()
    return [
        (step, not seen.isdisjoint(step.kinds) if step.kinds else step.id in progress.opened)
        for step in steps
    ]
