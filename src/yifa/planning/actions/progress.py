"""How far a task is: notes for a quarter, their correction, their return for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Attachment, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions.base import PlanningAction
from yifa.planning.models import Plan, ProgressPaper, Task, TaskEvidence, TaskProgress
from yifa.planning.quarters import quarter_of, state_said

WRITERS = (Role.OFFICER, Role.COORDINATOR)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file that is evidence where the ledger can have no record; `why` says why not."""

    attachment: Attachment
    title: str
    why: str


@dataclass(frozen=True, kw_only=True)
class RecordProgress(PlanningAction[TaskProgress]):
    """A note on a task of an issued plan, by an officer of a unit that takes part, or by the coordinator.

    `quarter` left out is that of the day, `unit` the one of the task in which the actor works. 「未开展」 needs its
    reason. `corrects` names the note it takes the place of; that needs `why` unless the note was returned. `first`
    refuses where the unit has said something for the quarter already, e.g. while somebody filled in the form.
    """

    needs = Needs("填报这项任务进展", WRITERS, "参加任务的单位的承办人，或者计划所在单位的统筹人员")

    task: Task
    on: date
    state: str
    note: str
    reason: str = ""
    unit: Organization | None = None
    quarter: int | None = None
    records: Sequence[TaskEvidence] = ()
    papers: Sequence[Paper] = ()
    corrects: TaskProgress | None = None
    why: str = ""
    first: bool = False

    def check(self) -> None:
        """Raises ActionRefused for another unit's officer, an empty note, or a plan not in force."""
        plan = self.task.plan
        self._require_part(plan)
        refuse_not_in_force(self.task)
        self._check_words()
        if self.on.year < plan.year:
            raise ActionRefused(
                f"进展日期{self.on:%Y年%-m月%-d日}早于计划年度，请核对。", code="invalid", field="on"
            )
        if self.quarter is not None and self.quarter not in {1, 2, 3, 4}:
            raise ActionRefused("季度应为一至四季度。", code="invalid", field="quarter")
        self._refuse_before_parts()
        self._check_evidence()
        self._check_standing()

    def _require_part(self, plan: Plan) -> None:
        units = [self.unit] if self.unit is not None else units_of(self.task)
        if self.unit is not None and self.unit not in [*units_of(self.task), plan.organization]:
            raise ActionRefused(
                f"“{self.unit.name}”没有参加任务{self.task.number}，不能填报它的进展。", code="invalid"
            )
        if not any(self._admits(unit) for unit in units):
            self._admit(plan.organization, [Role.COORDINATOR])

    def _check_words(self) -> None:
        if self.state not in Task.State.values:
            choices = "、".join(Task.State.labels)
            raise ActionRefused(
                f"进展状态“{self.state}”不对，请在{choices}中选择。", code="invalid", field="state"
            )
        if self.state == Task.State.NOT_DONE:
            if not self.reason.strip():
                raise ActionRefused(
                    "“未开展”须写明原因：为什么没有开展、准备怎样安排。", code="invalid", field="reason"
                )
        elif not self.note.strip():
            raise ActionRefused(
                "请写一句进展情况：做了什么、在哪天、有什么材料。", code="invalid", field="note"
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

    def _check_evidence(self) -> None:
        foreign = next(
            (one for one in self.records if one.task_id != self.task.pk or one.ended_at is not None), None
        )
        if foreign is not None:
            raise ActionRefused(
                f"“{foreign.title}”没有关联到这项任务，或者已取消关联，请先关联再引用。", code="invalid"
            )
        for paper in self.papers:
            if not paper.why.strip():
                raise ActionRefused(
                    f"附件“{paper.title or paper.attachment.name}”须说明为什么台账里没有记录可以作依据；"
                    "能在台账登记的，请登记后关联记录，不要另传附件。",
                    code="invalid",
                    field="paper_why",
                )

    def _check_standing(self) -> None:
        if self.corrects is not None:
            if self.corrects.task_id != self.task.pk:
                raise ActionRefused("要更正的进展不是这项任务的。", code="invalid")
            if TaskProgress.objects.filter(corrects=self.corrects).exists():
                raise conflict(self.task)
            if not self.corrects.returned_on and not self.why.strip():
                raise ActionRefused(
                    "更正已填报的进展须写明理由；原来的内容会保留。", code="reason", field="why"
                )
        elif self.first and self._said_before():
            raise conflict(self.task)

    def _said_before(self) -> bool:
        quarter = self.quarter or quarter_of(self.task.plan.year, self.on).number
        return TaskProgress.objects.filter(task=self.task, unit=self._unit(), quarter=quarter).exists()

    def _unit(self) -> Organization:
        """Whose note it is: of the units that take part, the one where the actor writes; else the body's."""
        if self.unit is not None:
            return self.unit
        if self.corrects is not None and self.corrects.unit is not None:
            return self.corrects.unit
        body, units = self.task.plan.organization, units_of(self.task)
        if self.actor is None or self._admits(body, [Role.COORDINATOR]):
            at_home = [unit for unit in units if self.actor and unit.pk == self.actor.organization_id]
            return next(iter(at_home), body)
        own = [unit for unit in units if self._admits(unit)]
        return next((unit for unit in own if unit.pk == self.actor.organization_id), own[0])

    def _change(self) -> TaskProgress:
        """Stores the note and the task's state."""
        quarter = self.quarter or quarter_of(self.task.plan.year, self.on).number
        note = TaskProgress.objects.create(
            task=self.task,
            unit=self._unit(),
            on=self.on,
            quarter=self.corrects.quarter if self.corrects is not None else quarter,
            state=self.state,
            note=self.note.strip(),
            reason=self.reason.strip() if self.state == Task.State.NOT_DONE else "",
            corrects=self.corrects,
            why=self.why.strip(),
            recorded_by=self.actor,
        )
        note.records.set(self.records)
        ProgressPaper.objects.bulk_create(
            ProgressPaper(
                progress=note,
                attachment=paper.attachment,
                title=(paper.title.strip() or paper.attachment.name)[:200],
                why=paper.why.strip(),
            )
            for paper in self.papers
        )
        settle_state(self.task)
        self._record(self.task.plan, "task.progress", self._said(note), self.on)
        return note

    def _said(self, note: TaskProgress) -> dict[str, object]:
        return {
            "task": self.task.order,
            "note_id": note.pk,
            "unit": note.unit.code if note.unit else None,
            "quarter": note.quarter,
            "state": self.state,
            "note": note.note,
            "reason": note.reason,
            "records": [
                {"kind": one.kind, "id": str(one.record_id), "digest": one.digest} for one in self.records
            ],
            "papers": [
                {"title": paper.title, "sha256": paper.attachment_id, "why": paper.why}
                for paper in note.papers.all()
            ],
            "corrects": self.corrects.pk if self.corrects is not None else None,
            "why": note.why,
        }


@dataclass(frozen=True, kw_only=True)
class ReturnProgress(PlanningAction[TaskProgress]):
    """The coordinator asks a unit for more: the note stays, but does not speak for the task until it is answered."""

    needs = Needs("退回进展", (Role.COORDINATOR,))

    progress: TaskProgress
    on: date
    reason: str

    def check(self) -> None:
        """Raises ActionRefused without a reason, or for a note that was corrected or returned already."""
        task = self.progress.task
        self._admit(task.plan.organization)
        refuse_not_in_force(task)
        if not self.reason.strip():
            raise ActionRefused("退回须写明要补充什么，填报单位才知道怎样补。", code="reason", field="reason")
        if self.progress.returned_on is not None:
            raise ActionRefused("这条进展已经退回，正等填报单位补充。", code="state")
        if TaskProgress.objects.filter(corrects=self.progress).exists():
            raise ActionRefused("这条进展已被更正，请看更正后的内容。", code="conflict")

    def _change(self) -> TaskProgress:
        """Stores the return; the task's state falls back to what was said before."""
        note = self.progress
        note.returned_on, note.returned_by, note.return_reason = self.on, self.actor, self.reason.strip()
        note.save(update_fields=["returned_on", "returned_by", "return_reason"])
        settle_state(note.task)
        self._record(
            note.task.plan,
            "task.returned",
            {
                "task": note.task.order,
                "note_id": note.pk,
                "unit": note.unit.code if note.unit else None,
                "quarter": note.quarter,
                "reason": note.return_reason,
            },
            self.on,
        )
        return note


def units_of(task: Task) -> list[Organization]:
    """The units that take part in a task."""
    return [link.organization for link in task.units.select_related("organization")]


def refuse_not_in_force(task: Task) -> None:
    """Progress and evidence belong to a task that stands, of a plan in force."""
    plan = task.plan
    if task.merged_into is not None:
        raise ActionRefused(
            f"任务{task.number}已并入任务{task.merged_into.number}，请在那里填报和关联。", code="merged"
        )
    if task.cancelled:
        raise ActionRefused(f"任务{task.number}已取消，不再填报和关联。", code="cancelled")
    if plan.state != Plan.State.ISSUED:
        raise ActionRefused(f"“{plan.title}”还没有印发或已撤回，不能填报进展。", code="state")


def conflict(task: Task) -> ActionRefused:
    """The refusal for the slower of two people."""
    return ActionRefused(
        f"任务{task.number}的这一季度刚有他人填报或更正，您写的还在表上；请对照最新内容再保存。",
        code="conflict",
    )


def settle_state(task: Task) -> None:
    """Gives a task the state its notes say, a divided one that of its sub-tasks, and so the task above it."""
    if not task.division:
        leads = {unit.pk for unit in task.leads}
        state = state_said(list(TaskProgress.objects.filter(task=task)), leads, task.plan.organization_id)
        if state != task.state:
            task.state = state
            task.save(update_fields=["state"])
    if task.parent is not None:
        structure.settle(task.parent)
