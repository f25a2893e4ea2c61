"""A plan is issued, or withdrawn, and a withdrawal taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.law.phrases import day
from yifa.ledger.actions.base import today
from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction, as_held
from yifa.planning.actions.cancelling import with_merged
from yifa.planning.actions.clauses import release, take_back
from yifa.planning.models import SHOWN, Plan, Task
from yifa.planning.problems import left_out


@dataclass(frozen=True, kw_only=True)
class IssuePlan(PlanningAction[Plan]):
    """Puts the plan in force. Every task must have its lead unit and its due date."""

    needs = Needs("印发计划", (Role.COORDINATOR,))

    plan: Plan
    on: date
    document_number: str = ""

    def check(self) -> None:
        """Raises ActionRefused that lists the tasks and what each lacks."""
        as_held(self.plan)
        self._admit(self.plan.organization)
        if self.plan.state != Plan.State.DRAFT:
            raise ActionRefused(
                f"“{self.plan.title}”{self.plan.get_state_display()}，不能再次印发。", code="state"
            )
        if not self.plan.tasks.exists():
            raise ActionRefused(f"“{self.plan.title}”没有任务，不能印发。", code="no_tasks")
        lacking = self.plan.lacks()
        if lacking:
            items = "；".join(f"{task.number}{task.title}（缺{'、'.join(task.lacks)}）" for task in lacking)
            raise ActionRefused(
                f"“{self.plan.title}”还不能印发：{len(lacking)}项任务不完整。{items}。请补齐后再印发。",
                code="incomplete",
            )

    def _change(self) -> Plan:
        """Stores the day and the number."""
        plan = self.plan
        plan.state, plan.issued_on, plan.document_number = (
            Plan.State.ISSUED,
            self.on,
            self.document_number.strip(),
        )
        plan.save(update_fields=["state", "issued_on", "document_number"])
        said = {
            "number": plan.document_number,
            "tasks": _as_issued(plan),
            "problems_left_out": [problem.key for problem in left_out(plan)],
        }
        self._record(plan, "plan.issued", said, self.on)
        return plan


@dataclass(frozen=True, kw_only=True)
class WithdrawPlan(PlanningAction[Plan]):
    """Takes a plan out of force, with a reason; it stays readable."""

    needs = Needs("印发计划", (Role.COORDINATOR,))

    plan: Plan
    on: date
    reason: str

    def check(self) -> None:
        """Raises ActionRefused without a reason, for a plan withdrawn already, or an impossible day."""
        as_held(self.plan)
        self._admit(self.plan.organization)
        if self.plan.state == Plan.State.WITHDRAWN:
            raise ActionRefused(f"“{self.plan.title}”已经撤回。", code="state")
        if not self.reason.strip():
            raise ActionRefused("撤回计划须写明理由。", code="reason", field="reason")
        issued = self.plan.issued_on
        if issued is not None and self.on < issued:
            raise ActionRefused(
                f"撤回日期{day(self.on)}早于计划印发的{day(issued)}，请核对。", code="invalid", field="on"
            )
        if self.on > today():
            raise ActionRefused(f"撤回日期{day(self.on)}还没有到，请核对。", code="invalid", field="on")

    def _change(self) -> Plan:
        """Stores the state."""
        release(self.actor, Task.everything.filter(plan=self.plan), f"计划撤回：{self.reason.strip()}")
        self.plan.state = Plan.State.WITHDRAWN
        self.plan.save(update_fields=["state"])
        self._record(self.plan, "plan.withdrawn", {"reason": self.reason.strip()}, self.on)
        return self.plan


@dataclass(frozen=True, kw_only=True)
class RestorePlan(PlanningAction[Plan]):
    """Takes a withdrawal back, with a reason: the plan is again what it was, and registers say so again."""

    needs = WithdrawPlan.needs

    plan: Plan
    reason: str

    def check(self) -> None:
        """Raises ActionRefused without a reason, for a plan that stands or one whose text was imported anew."""
        plan = self.plan
        as_held(plan)
        self._admit(plan.organization)
        if plan.state != Plan.State.WITHDRAWN:
            raise ActionRefused(f"“{plan.title}”没有撤回，不用恢复。", code="state")
        if not self.reason.strip():
            raise ActionRefused("恢复计划须写明理由。", code="reason", field="reason")
        again = Plan.objects.filter(
            organization=plan.organization, year=plan.year, source_sha256=plan.source_sha256
        ).exclude(state=Plan.State.WITHDRAWN)
        if again.exists():
            raise ActionRefused(
                f"“{plan.title}”撤回后，同一份文本已重新导入。要恢复原来的，请先撤回重新导入的那份。",
                code="duplicate",
            )

    def _change(self) -> Plan:
        """Stores the state it had."""
        plan = self.plan
        plan.state = Plan.State.ISSUED if plan.issued_on else Plan.State.DRAFT
        plan.save(update_fields=["state"])
        take_back(
            self.actor, with_merged(plan.tasks.select_related("plan")), f"计划恢复：{self.reason.strip()}"
        )
        self._record(plan, "plan.restored", {"reason": self.reason.strip()})
        return plan


def _as_issued(plan: Plan) -> list[dict[str, object]]:
    """The tasks as the ledger keeps them: what was demanded of whom by when."""
    tasks = plan.tasks.select_related("parent").prefetch_related(*SHOWN)
    return [
        {
            "task": task.order,
            "number": task.number,
            "title": task.title,
            "lead": task.lead.code if task.lead else None,
            "leads": [unit.code for unit in task.leads],
            "support": [unit.code for unit in task.support],
            "due": task.due,
            "parent": task.parent.order if task.parent else None,
            "bearers": [[bearer.level, bearer.name] for bearer in task.bearers.all()],
        }
        for task in tasks
    ]
