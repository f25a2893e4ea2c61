"""Records of the ledger are linked to a task by hand, and unlinked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from yifa.law.phrases import day
from yifa.ledger.actions.base import held
from yifa.ledger.models import Case, Entry, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction
from yifa.planning.actions.progress import WRITERS, refuse_not_in_force, units_of
from yifa.planning.models import Task, TaskEvidence


@dataclass(frozen=True, kw_only=True)
class LinkEvidence(PlanningAction[TaskEvidence]):
    """Says that a case or a register entry is evidence for a task, with a note of what it shows.

    What a counting rule finds for the task need not be linked. The end of the record's chain is kept, so that a
    correction that comes later shows.
    """

    needs = Needs("关联和取消关联依据", WRITERS, "参加任务的单位的承办人，或者计划所在单位的统筹人员")

    task: Task
    record: Case | Entry
    note: str

    def check(self) -> None:
        """Raises ActionRefused for a foreign or ended record, one linked already, or without a note."""
        require_part(self, self.task, "关联依据")
        refuse_not_in_force(self.task)
        if not self.note.strip():
            raise ActionRefused("请写一句说明：这条记录说明了任务的什么进展。", code="invalid", field="note")
        self._check_whose()
        self._check_when()
        same = TaskEvidence.objects.filter(task=self.task, record_id=self.record.pk, ended_at=None)
        if same.exists():
            raise ActionRefused(f"“{self.record.title}”已经关联到这项任务，不用再关联。", code="duplicate")

    def _check_whose(self) -> None:
        home = self.record.organization
        inside = self.task.plan.organization
        if not home.path.startswith(inside.path):
            raise ActionRefused(
                f"“{self.record.title}”是{home.name}的记录，不属于{inside.name}及其下级，不能作为依据。",
                code="invalid",
            )
        taking_part = units_of(self.task)
        if not _belongs(home, taking_part) and not self._admits(inside, [Role.COORDINATOR]):
            raise ActionRefused(
                f"“{self.record.title}”是{home.name}的记录，该单位没有参加这项任务；确需引用的，请法治办统筹人员关联。",
                code="invalid",
            )

    def _check_when(self) -> None:
        """What was over before the plan's year began shows nothing of it."""
        record, begins = self.record, date(self.task.plan.year, 1, 1)
        if isinstance(record, Entry) and record.withdrawn:
            raise ActionRefused(f"“{record.title}”已经撤下，不能作为依据。", code="withdrawn")
        if isinstance(record, Case) and not record.acts.filter(happened_on__gte=begins).exists():
            raise ActionRefused(
                f"“{record.title}”在{begins.year}年以来没有办理过任何环节，不能作为这一年任务的依据。",
                code="invalid",
            )
        if isinstance(record, Entry) and record.ends is not None and record.ends < begins:
            raise ActionRefused(
                f"“{record.title}”到{day(record.ends)}为止，早于{begins.year}年，不能作为这一年任务的依据。",
                code="invalid",
            )

    def _change(self) -> TaskEvidence:
        """Stores the link."""
        record = self.record
        is_case = isinstance(record, Case)
        link = TaskEvidence.objects.create(
            task=self.task,
            kind=TaskEvidence.Kind.CASE if is_case else TaskEvidence.Kind.ENTRY,
            record_id=record.pk,
            organization=record.organization,
            source=record.case_type if isinstance(record, Case) else record.register,
            title=record.title,
            number=record.number if isinstance(record, Case) else record.key,
            length=record.length,
            digest=record.head,
            note=self.note.strip(),
            linked_by=self.actor,
        )
        self._record(
            self.task.plan,
            "evidence.linked",
            {
                "task": self.task.order,
                "kind": link.kind,
                "id": str(link.record_id),
                "title": link.title,
                "number": link.number,
                "digest": link.digest,
                "note": link.note,
            },
        )
        return link


@dataclass(frozen=True, kw_only=True)
class UnlinkEvidence(PlanningAction[TaskEvidence]):
    """Takes a link away, with a reason; it stays readable as ended."""

    needs = Needs("关联和取消关联依据", WRITERS, "参加任务的单位的承办人，或者计划所在单位的统筹人员")

    evidence: TaskEvidence
    reason: str

    def check(self) -> None:
        """Raises ActionRefused without a reason, or where it has been taken away already."""
        links = TaskEvidence.objects.select_related("task__plan__organization")
        self.evidence.refresh_from_db(from_queryset=held(links))
        task = self.evidence.task
        require_part(self, task, "取消关联")
        refuse_not_in_force(task)
        if self.evidence.ended_at is not None:
            raise ActionRefused(f"“{self.evidence.title}”已经取消关联。", code="state")
        if not self.reason.strip():
            raise ActionRefused("取消关联须写明理由，以便留痕。", code="reason", field="reason")

    def _change(self) -> TaskEvidence:
        """Ends the link."""
        link = self.evidence
        link.ended_at, link.ended_by, link.ended_reason = timezone.now(), self.actor, self.reason.strip()
        link.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        self._record(
            link.task.plan,
            "evidence.unlinked",
            {
                "task": link.task.order,
                "kind": link.kind,
                "id": str(link.record_id),
                "title": link.title,
                "reason": link.ended_reason,
            },
        )
        return link


def require_part(action: PlanningAction[TaskEvidence], task: Task, what: str) -> None:
    """The actor must write for a unit that takes part in the task, or coordinate."""
    if not any(action._admits(unit) for unit in units_of(task)):
        action._admit(task.plan.organization, [Role.COORDINATOR], what)


def _belongs(home: Organization, units: list[Organization]) -> bool:
    return any(home.path.startswith(unit.path) for unit in units)
