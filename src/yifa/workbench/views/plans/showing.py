"""All plans, and one with its chapters and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.figures.counting import count
from yifa.ledger.models import Role, User
from yifa.planning.history import withdrawal
from yifa.planning.models import SHOWN, Chapter, Plan, PlanTarget, Task, TaskProgress
from yifa.planning.problems import left_out
from yifa.planning.quarters import quarter_now, standing
from yifa.planning.targets import Answer, Counter, answer
from yifa.workbench.figures.keyfigures import Counting, figure_url
from yifa.workbench.rights.access import SignedInRequest, has_role, plans_for, sees
from yifa.workbench.waiting.plans import open_in, writing_units


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target with its answer, the rule that gives it, and where its records are."""

    answer: Answer
    rule: str
    url: str

    @property
    def colour(self) -> str:
        """success, danger, warning or secondary."""
        if self.answer.met is None:
            return "secondary"
        return "success" if self.answer.met else "danger" if self.answer.final else "warning"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as the plan shows it. `days` are left to its date; None where none is set or the plan is not in force."""

    task: Task
    targets: tuple[TargetLine, ...]
    notes: Sequence[TaskProgress]
    days: int | None
    may_report: bool

    @property
    def source(self) -> str:
        """The source sentence without the heading that stands above it."""
        task = self.task
        return task.text.strip().removeprefix(task.number).strip().removeprefix(task.title).lstrip("。 　")

    @property
    def repeats(self) -> bool:
        """A lead's sub-task says the same as its task."""
        return self.task.is_part and self.task.parent is not None and self.task.text == self.task.parent.text

    @property
    def late(self) -> bool:
        """Past its date and not done."""
        return self.days is not None and self.days < 0 and self.task.state != Task.State.DONE


def seen_plan(user: User, plan_id: UUID) -> Plan:
    """A plan the user works under; anything else does not exist for them."""
    return get_object_or_404(plans_for(user), pk=plan_id)


def task_line(user: User, task: Task, today: date, counter: Counter = count) -> TaskLine:
    """One task with its answers. Expects units, targets and progress prefetched."""
    units = [link.organization for link in task.units.all()]
    stands = task.plan.state == Plan.State.ISSUED and not task.cancelled
    may_report = stands and (
        has_role(user, [Role.COORDINATOR], task.plan.organization)
        or any(has_role(user, [Role.OFFICER, Role.COORDINATOR], unit) for unit in units)
    )
    return TaskLine(
        task=task,
        targets=()
        if task.cancelled
        else tuple(target_line(user, target, today, counter) for target in task.targets.all()),
        notes=standing(task.progress.all())[::-1],
        days=(task.due - today).days if task.due and stands else None,
        may_report=may_report,
    )


def target_line(user: User, target: PlanTarget, today: date, counter: Counter = count) -> TargetLine:
    """A target with its answer."""
    found = answer(target, today, counter)
    known = catalogue().counting_rules.get(target.counting_rule)
    if known is None:
        return TargetLine(found, "", "")
    plan = target.task.plan
    if not sees(user, plan.organization):  # the figure counts units the user does not see
        return TargetLine(found, known.title, "")
    url = figure_url(target.counting_rule, plan.organization, date(plan.year, 1, 1), date(plan.year, 12, 31))
    return TargetLine(found, known.title, url)


def tasks_of(plan: Plan) -> list[Task]:
    """The plan's tasks with everything their lines show; those cancelled in force too."""
    rows = plan.shown.select_related("chapter", "parent").prefetch_related(
        *SHOWN, "origins", "targets", "progress__recorded_by"
    )
    tasks = list(rows)
    for task in tasks:
        task.plan = plan
        for target in task.targets.all():
            target.task = task
    return tasks


@login_required
def plans(request: SignedInRequest) -> HttpResponse:
    """All plans."""
    items = Q(tasks__parent=None, tasks__merged_into=None, tasks__cancelled_on=None)
    rows = (
        plans_for(request.user)
        .annotate(
            all_tasks=Count("tasks", filter=items),
            done_tasks=Count("tasks", filter=items & Q(tasks__state=Task.State.DONE)),
        )
        .order_by("-year", "organization__path", "-imported_at")
    )
    context = {"title": "工作要点", "plans": rows, "may_import": has_role(request.user, [Role.COORDINATOR])}
    return render(request, "workbench/plans/plans.html", context)


@login_required
def plan(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """One plan."""
    found = seen_plan(request.user, plan_id)
    today = timezone.localdate()
    counter = Counting().get
    lines = [task_line(request.user, task, today, counter) for task in tasks_of(found)]
    items = [line for line in lines if not line.task.is_part and not line.task.cancelled]
    late = bool(request.GET.get("late"))
    mine = request.GET.get("mine")
    shown = [line for line in lines if not late or line.late]
    if mine and request.user.organization_id:
        own = request.user.organization_id
        shown = [line for line in shown if any(link.organization_id == own for link in line.task.units.all())]
    chapters: list[tuple[Chapter | None, list[TaskLine]]] = []
    for line in shown:
        if not chapters or chapters[-1][0] != line.task.chapter:
            chapters.append((line.task.chapter, []))
        chapters[-1][1].append(line)
    context = {
        "title": found.title,
        "plan": found,
        "chapters": [
            (chapter, inside, sum(not line.task.is_part and not line.task.cancelled for line in inside))
            for chapter, inside in chapters
        ],
        "total": len(items),
        "done": sum(line.task.state == Task.State.DONE for line in items),
        "late": sum(line.late for line in items),
        "withdrawal": withdrawal(found),
        "cancelled": sum(line.task.cancelled and not line.task.is_part for line in lines),
        "dropped": list(found.dropped.filter(parent=None)),
        "lacking": [line.task for line in lines if not line.task.cancelled and line.task.lacks],
        "targets": sum(len(line.targets) for line in lines),
        "left_out": left_out(found) if found.state == Plan.State.DRAFT else [],
        "only_late": late,
        "mine": mine,
        "may_edit": may_edit(request.user, found),
        "coordinates": has_role(request.user, [Role.COORDINATOR], found.organization),
        "may_fill": bool(writing_units(request.user, found)),
        "quarter": quarter_now(found.year, today),
        "reminders": open_in(request.user, found, today),
        "today": today,
        "crumbs": [("工作要点", reverse("plans"))],
    }
    return render(request, "workbench/plans/plan.html", context)


def may_edit(user: User, plan: Plan) -> bool:
    """Whether the user may assign, date and issue."""
    return plan.state != Plan.State.WITHDRAWN and has_role(user, [Role.COORDINATOR], plan.organization)
