"""A plan text becomes a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.people.unitnames import UnitNames
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction
from yifa.planning.actions.clauses import release
from yifa.planning.actions.demanding import clip, store_targets
from yifa.planning.actions.dividing import divide_by_leads, store_units
from yifa.planning.importing import ChosenNames, Draft, DraftItem, draft_of
from yifa.planning.models import Bearer, Chapter, Plan, PlanTarget, Task
from yifa.reading.document import Document


@dataclass(frozen=True, kw_only=True)
class ImportPlan(PlanningAction[Plan]):
    """Makes every item that was read a task, with its chapter, units, due date and targets. All or nothing.

    Give the `document`, or the `draft` that a person has looked at. `units` says which units are meant by a name that is
    not clear by itself. `replaces` names the draft plan that the text takes the place of; its tasks go.
    """

    needs = Needs("导入工作要点", (Role.COORDINATOR,))

    organization: Organization
    year: int
    document: Document | None = None
    draft: Draft | None = None
    units: Mapping[str, Sequence[Organization]] = field(default_factory=dict)
    replaces: Plan | None = None

    @cached_property
    def _read(self) -> Draft:
        if self.draft is not None:
            return self.draft
        if self.document is None:
            raise ActionRefused("没有要导入的计划，请选择文件或粘贴文本。", code="invalid")
        return draft_of(self.document, self.year)

    def check(self) -> None:
        """Raises ActionRefused where the text is no plan, or stands here already."""
        self._admit(self.organization)
        if not 1990 <= self.year <= 2100:
            raise ActionRefused(f"年度“{self.year}”不对，请写四位数的年份，如 2020。", code="invalid")
        if not self._read.items:
            raise ActionRefused(self._nothing_numbered(), code="no_tasks")
        chosen = [unit for units in self.units.values() for unit in units]
        foreign = [unit for unit in chosen if not unit.path.startswith(self.organization.path)]
        if foreign:
            raise ActionRefused(
                f"“{foreign[0].name}”不属于{self.organization.name}，不能承担任务；请在本级单位中选择。",
                code="invalid",
            )
        if self.replaces is not None:
            self._check_replaced(self.replaces)
        else:
            self._check_new()

    def _nothing_numbered(self) -> str:
        kind = f"，看起来是{self._read.kind}" if self._read.kind else ""
        return (
            f"“{self._read.name}”里没有找到带编号的工作事项{kind}，没有导入。"
            "工作要点的每项任务应以“一、”“（一）”“1.”等编号开头；请核对文件是否选对，或给事项加上编号再导入。"
        )

    def _check_replaced(self, plan: Plan) -> None:
        if plan.organization_id != self.organization.pk or plan.year != self.year:
            raise ActionRefused(
                f"“{plan.title}”不是{self.organization.name}{self.year}年的计划，不能替换。", code="invalid"
            )
        if plan.state != Plan.State.DRAFT:
            raise ActionRefused(
                f"“{plan.title}”{plan.get_state_display()}，不能替换；请先撤回，再导入新的。", code="issued"
            )

    def _check_new(self) -> None:
        same = Plan.objects.filter(
            organization=self.organization, year=self.year, source_sha256=self._read.sha256
        ).exclude(state=Plan.State.WITHDRAWN)
        plan = same.first()
        if plan is None:
            return
        way = (
            "要重新读一遍，请选择“替换草稿”"
            if plan.state == Plan.State.DRAFT
            else "要重做，请先撤回已印发的计划"
        )
        raise ActionRefused(
            f"这份文本已作为{self.organization.name}{self.year}年的计划“{plan.title}”导入过，没有重复导入；{way}。",
            code="duplicate",
        )

    def _change(self) -> Plan:
        """Stores the plan and says so in the ledger."""
        if self.replaces is not None:
            self._record(self.replaces, "plan.replaced", {"by_sha256": self._read.sha256})
            release(self.actor, Task.everything.filter(plan=self.replaces), "计划草稿已由新的文本替换")
            self.replaces.delete()
        plan = self._store_plan()
        chapters = self._store_chapters(plan)
        names = ChosenNames(UnitNames(self.organization, self.year), self.units)
        found = self._read.items
        tasks = [self._store_task(plan, order, one, chapters) for order, one in enumerate(found, 1)]
        for task, one in zip(tasks, found, strict=True):
            self._store_bearers(task, one)
            self._store_units(task, names)
            store_targets(task, one.targets)
        self._record(plan, "plan.imported", self._summary(plan))
        return plan

    def _store_plan(self) -> Plan:
        title = self._read.title or f"{self.organization.name}{self.year}年法治政府建设工作要点"
        return Plan.objects.create(
            organization=self.organization,
            year=self.year,
            title=clip(title, 200),
            source_name=clip(self._read.name, 255),
            source_text=self._read.text,
            source_sha256=self._read.sha256,
        )

    def _store_chapters(self, plan: Plan) -> list[Chapter]:
        return [
            Chapter.objects.create(
                plan=plan, order=order, number=clip(chapter.number, 20), title=clip(chapter.title, 200)
            )
            for order, chapter in enumerate(self._read.chapters, 1)
        ]

    def _store_task(self, plan: Plan, order: int, found: DraftItem, chapters: list[Chapter]) -> Task:
        start, end = found.span
        return Task.objects.create(
            plan=plan,
            chapter=None if found.chapter is None else chapters[found.chapter],
            order=order,
            place=order * Task.STEP,
            number=clip(found.number, 20),
            title=clip(found.title or found.text, 200),
            text=found.text,
            source_start=start,
            source_end=end,
            named_lead=list(found.lead),
            named_support=list(found.support),
            named_units=list(found.units),
            due=found.due,
        )

    @staticmethod
    def _store_units(task: Task, names: ChosenNames) -> None:
        """Only units that the text makes responsible and that are meant without doubt; the rest is offered.

        Several leads each get a sub-task, unless one of their names is open: then a person decides.
        """
        leads = names.clear(task.named_lead)
        if len(leads) < len(task.named_lead):
            first = names.find(task.named_lead[0]).organization if task.named_lead else None
            leads, helpers = ([first] if first else []), [unit for unit in leads if unit != first]
        else:
            helpers = []
        helpers += [unit for unit in names.clear(task.named_support) if unit not in leads + helpers]
        store_units(task, leads, helpers)
        divide_by_leads(task)

    @staticmethod
    def _store_bearers(task: Task, found: DraftItem) -> None:
        """Who bears the responsibility, as a sheet names them: any number of 科室; of two for 总责 a person decides."""
        chiefs, directs = (list(found.responsible.get(level, ())) for level in ("chief", "direct"))
        names = {
            Bearer.Level.OVERALL: chiefs if len(chiefs) == 1 else [],
            Bearer.Level.DIRECT: directs if len(directs) == 1 else [],
            Bearer.Level.OFFICE: list(found.responsible.get("section", ())),
        }
        Bearer.objects.bulk_create(
            Bearer(task=task, level=level, name=clip(name, 120))
            for level, several in names.items()
            for name in several
            if name
        )

    @staticmethod
    def _summary(plan: Plan) -> dict[str, object]:
        return {
            "year": plan.year,
            "title": plan.title,
            "source": plan.source_name,
            "sha256": plan.source_sha256,
            "chapters": plan.chapters.count(),
            "tasks": [
                {"number": task.number, "title": task.title, "order": task.order} for task in plan.tasks.all()
            ],
            "targets": PlanTarget.objects.filter(task__plan=plan).count(),
        }
