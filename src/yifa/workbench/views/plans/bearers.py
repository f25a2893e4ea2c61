"""总责, 直接责任, 落实科室: who bears them, for one task, a chapter or the whole plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import GradePlan, SetBearers
from yifa.planning.guarding import length
from yifa.planning.models import Bearer, Chapter, Plan, Task
from yifa.planning.responsible import first_bearers, known_offices, known_posts
from yifa.workbench.forms.given import whole
from yifa.workbench.forms.look import SuggestingInput
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.amending import ReasonForm, TaskChoice
from yifa.workbench.views.plans.showing import seen_plan


class BearerFields(ReasonForm):
    """Who bears each level; posts and sections named before are offered."""

    overall = forms.CharField(label="总责（一人）", required=False, max_length=120)
    direct = forms.CharField(label="直接责任（一人）", required=False, max_length=120)
    offices = forms.CharField(
        label="落实科室", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="每行一个科室。"
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        today = timezone.localdate()
        for name in ("overall", "direct"):
            widget = SuggestingInput(lambda: [(post, "") for post in known_posts(plan.organization, today)])
            widget.attrs |= {"class": "form-control", "maxlength": 120}
            self.fields[name].widget = widget
            self.fields[name].marked = True  # type: ignore[attr-defined]
        self.fields["offices"].marked = True  # type: ignore[attr-defined]
        offices = known_offices(plan.organization)[:20]
        if offices:
            self.fields["offices"].help_text += f"用过的：{'、'.join(offices)}。"

    def bearers(self) -> dict[str, Any]:
        """As the actions take them."""
        given = self.cleaned_data
        return {
            "overall": given.get("overall", ""),
            "direct": given.get("direct", ""),
            "offices": given.get("offices", "").splitlines(),
        }


class BearersForm(BearerFields):
    """Who, for which tasks."""

    task = TaskChoice(
        Task.objects.none(),
        label="任务",
        required=False,
        empty_label="（不限一项，按下面的范围）",
        error_messages={"invalid_choice": "这项任务刚被取消或者合并，没有保存；请重新选择任务。"},
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label="范围", required=False, empty_label="整个计划"
    )
    only_missing = forms.BooleanField(label="只填责任还没有落实的任务", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["task"].queryset = plan.tasks.prefetch_related("units__organization")  # type: ignore[attr-defined]
        self.fields["chapter"].queryset = plan.chapters.all()  # type: ignore[attr-defined]
        names = ["task", "chapter", "only_missing", "overall", "direct", "offices", "reason"]
        self.order_fields(names)

    def tasks(self) -> list[Task]:
        """The tasks that are meant."""
        given = self.cleaned_data
        if given["task"]:
            return [given["task"]]
        owner = given["chapter"] or self.plan
        rows = owner.tasks.prefetch_related("bearers")
        return [task for task in rows if not given["only_missing"] or task.lacking_levels()]


@login_required
def plan_bearers(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Name who bears the responsibility, or switch the grading on and off."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    refused: ActionRefused | None = None
    form = BearersForm(
        request.POST if "grade" not in request.POST and request.method == "POST" else None,
        plan=plan,
        initial=_initial(plan, plan.tasks.filter(pk=whole(request.GET.get("task")) or 0).first()),
    )
    if request.method == "POST":
        try:
            if "grade" in request.POST:
                return _grade(request, plan)
            if form.is_valid():
                return _set(request, form)
        except ActionRefused as error:
            refused = error
            if form.is_bound:
                form.overtaken()
    rows = list(plan.tasks.prefetch_related("bearers"))
    context = {
        "title": "落实任务责任",
        "plan": plan,
        "form": form,
        "refused": refused,
        "now": _now(form, rows) if refused is not None and refused.code == "conflict" else [],
        "rows": [(task, _names(task)) for task in rows],
        "levels": [level.label for level in Bearer.Level],
        "missing": sum(bool(task.lacking_levels()) for task in rows),
        "issued": plan.state == Plan.State.ISSUED,
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(
        request, "workbench/plans/bearers.html", context, status=422 if refused or form.errors else 200
    )


def _set(request: SignedInRequest, form: BearersForm) -> HttpResponse:
    many = SetBearers(
        actor=request.user,
        tasks=form.tasks(),
        reason=form.given_reason,
        seen=form.cleaned_data["seen"],
        **form.bearers(),
    ).execute()
    messages.success(request, f"已落实 {many} 项任务的责任。")
    return redirect("plan_bearers", plan_id=form.plan.pk)


def _grade(request: SignedInRequest, plan: Plan) -> HttpResponse:
    graded = request.POST["grade"] == "yes"
    GradePlan(actor=request.user, plan=plan, graded=graded, reason=request.POST.get("reason", "")).execute()
    text = "已实行责任分级：每项任务落实三级责任后才能印发。" if graded else "已改为不实行责任分级。"
    messages.success(request, text)
    return redirect("plan_bearers", plan_id=plan.pk)


def _initial(plan: Plan, task: Task | None) -> dict[str, Any]:
    known = first_bearers(plan)
    if task is not None and (own := list(task.bearers.all())):
        known = {level.value: [one.name for one in own if one.level == level] for level in Bearer.Level}
    return {
        "seen": length(plan),
        "task": task,
        "only_missing": True,
        "overall": next(iter(known.get("overall", [])), ""),
        "direct": next(iter(known.get("direct", [])), ""),
        "offices": "\n".join(known.get("office", [])) if task is not None else "",
    }


def _now(form: BearersForm, rows: list[Task]) -> list[tuple[Task, str]]:
    """Who bears what now, for the tasks the form means; a few of them."""
    meant = {task.pk for task in form.tasks()}
    levels = [level.label for level in Bearer.Level]
    return [
        (
            task,
            "，".join(
                f"{level}：{names or '未定'}" for level, names in zip(levels, _names(task), strict=True)
            ),
        )
        for task in rows
        if task.pk in meant
    ][:5]


def _names(task: Task) -> list[str]:
    """One cell for each level."""
    bearers = list(task.bearers.all())
    return ["、".join(one.name for one in bearers if one.level == level) for level in Bearer.Level]
