"""What all changes of a plan share: who may make them, and the line in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from yifa.ledger.actions.base import Action, held
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.guarding import refuse_overtaken
from yifa.planning.models import Plan, Task, TaskUnit

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class PlanningAction(Action[Result]):
    """One change of a plan. `actor` None is the system or the command line.

    `seen` is the length of the plan's chain when the person looked at it (`guarding.length`): a task that somebody else
    changed since is not overwritten. None changes it as it stands.
    """

    actor: User | None
    seen: int | None = None

    def execute(self) -> Result:
        """Checks and makes the change, all or nothing. Raises ActionRefused (conflict) for the slower of two people."""
        with transaction.atomic():
            self._refuse_overtaken()
            return super().execute()

    def _refuse_overtaken(self) -> None:
        """Looks whether somebody else changed what is to be changed since the actor saw it."""
        tasks = self._changing()
        if tasks:
            refuse_overtaken(tasks[0].plan, self.seen, [task.order for task in tasks])

    def _changing(self) -> Sequence[Task]:
        """The tasks that are to be changed, all of one plan."""
        task = getattr(self, "task", None)
        return [task] if isinstance(task, Task) else []

    def _record(
        self, plan: Plan, kind: str, payload: Mapping[str, Any], happened_on: date | None = None
    ) -> None:
        """The line in the plan's chain."""
        append_record(Subject.PLAN, plan.pk, kind, plan.organization, happened_on, self.actor, payload)


def as_held(plan: Plan) -> None:
    """Reads the plan as it stands now, held against others until the transaction ends."""
    plan.refresh_from_db(from_queryset=held(Plan.objects.select_related("organization")))


def refuse_unchangeable(plan: Plan, reason: str) -> None:
    """A withdrawn plan stays as it is; an issued one changes only with a reason."""
    if plan.state == Plan.State.WITHDRAWN:
        raise ActionRefused(f"“{plan.title}”已撤回，不能再改。", code="withdrawn")
    if plan.state == Plan.State.ISSUED and not reason.strip():
        raise ActionRefused(
            f"“{plan.title}”已经印发，改动须写明理由，以便留痕；请在“理由”一栏填写后再保存。",
            code="reason",
            field="reason",
        )


def refuse_fixed(task: Task, reason: str) -> None:
    """As `refuse_unchangeable`; what was merged into another task is changed there."""
    refuse_unchangeable(task.plan, reason)
    if task.merged_into is not None:
        raise ActionRefused(
            f"任务{task.number}已并入任务{task.merged_into.number}，请在那里改；需要时先撤销合并。",
            code="merged",
        )
    if task.cancelled:
        raise ActionRefused(f"任务{task.number}已取消，不能再改；确需继续的，请先恢复。", code="cancelled")


def as_stands(task: Task) -> dict[str, Any]:
    """A task's words, units and day, as the ledger keeps them beside a change."""
    links = list(TaskUnit.objects.filter(task=task).select_related("organization"))
    return {
        "title": task.title,
        "text": task.text,
        "leads": [link.organization.code for link in links if link.role == TaskUnit.Role.LEAD],
        "support": [link.organization.code for link in links if link.role == TaskUnit.Role.SUPPORT],
        "due": task.due,
    }


def named(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks as the ledger names them, with their words and their place in the source text."""
    return [
        {
            "task": task.order,
            "number": task.number,
            "title": task.title,
            "text": task.text,
            "source": [task.source_start, task.source_end],
        }
        for task in tasks
    ]
