"""How far a task is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Role
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.roles import may
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction
from yifa.planning.models import Plan, Task, TaskProgress


@dataclass(frozen=True, kw_only=True)
class RecordProgress(PlanningAction[TaskProgress]):
    """A dated note on a task of an issued plan, by an officer of a unit that takes part, or by the coordinator."""

    task: Task
    on: date
    state: str
    note: str

    def check(self) -> None:
        """Raises ActionRefused for another unit's officer, an empty note, or a plan not in force."""
        plan = self.task.plan
        self._require_part(plan)
        if plan.state != Plan.State.ISSUED:
            raise ActionRefused(f"“{plan.title}”还没有印发或已撤回，不能填报进展。", code="state")
        if self.state not in Task.State.values:
            choices = "、".join(Task.State.labels)
            raise ActionRefused(
                f"进展状态“{self.state}”不对，请在{choices}中选择。", code="invalid", field="state"
            )
        if not self.note.strip():
            raise ActionRefused(
                "请写一句进展情况：做了什么、在哪天、有什么材料。", code="invalid", field="note"
            )
        self._refuse_before_parts()
        if self.on.year < plan.year:
            raise ActionRefused(
                f"进展日期{self.on:%Y年%-m月%-d日}早于计划年度，请核对。", code="invalid", field="on"
            )

    def _refuse_before_parts(self) -> None:
        """A divided task is done when its sub-tasks are."""
        unfinished = structure.open_parts(self.task) if self.state == Task.State.DONE else []
        if unfinished:
            names = "、".join(f"{part.number}（{part.lead or '未定单位'}）" for part in unfinished)
            raise ActionRefused(
                f"任务{self.task.number}还不能算完成：子任务{names}没有完成。请先在子任务填报。",
                code="parts_open",
                field="state",
            )

    def _require_part(self, plan: Plan) -> None:
        units = [link.organization for link in self.task.units.select_related("organization")]
        if not any(may(self.actor, unit, [Role.OFFICER, Role.COORDINATOR]) for unit in units):
            self._coordinator(plan.organization, "填报这项任务进展")

    def _change(self) -> TaskProgress:
        """Stores the note and the task's state."""
        note = TaskProgress.objects.create(
            task=self.task,
            on=self.on,
            quarter=(self.on.month - 1) // 3 + 1,
            state=self.state,
            note=self.note.strip(),
            recorded_by=self.actor,
        )
        latest = self.task.progress.order_by("on", "id").last()
        if latest is not None:
            self.task.state = latest.state
            self.task.save(update_fields=["state"])
        for whole in (self.task, self.task.parent):
            if whole is not None:
                structure.settle(whole)
        self._record(
            self.task.plan,
            "task.progress",
            {"task": self.task.order, "state": self.state, "note": note.note},
            self.on,
        )
        return note
