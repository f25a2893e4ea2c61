"""Due dates for many tasks at once; putting the plan in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import IssuePlan, RestorePlan, SetDue, WithdrawPlan
from yifa.planning.guarding import length
from yifa.planning.models import Chapter, Plan
from yifa.planning.problems import left_out
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.amending import SeenForm
from yifa.workbench.views.plans.showing import seen_plan


class DueForm(SeenForm):
    """One date for many tasks."""

    due = forms.DateField(label="完成时限", widget=DayInput(), error_messages={"required": "请填写日期。"})
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label="范围", required=False, empty_label="整个计划"
    )
    only_missing = forms.BooleanField(label="只填还没有时限的任务", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["chapter"].queryset = plan.chapters.all()  # type: ignore[attr-defined]


@login_required
def set_due(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Set one due date for a chapter or the whole plan."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    form = DueForm(
        request.POST or None,
        plan=plan,
        initial={"due": f"{plan.year}-12-31", "only_missing": True, "seen": length(plan)},
    )
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        chapter = form.cleaned_data["chapter"]
        where: dict[str, Any] = {"chapter": chapter} if chapter else {"plan": plan}
        try:
            many = SetDue(
                actor=request.user,
                due=form.cleaned_data["due"],
                only_missing=form.cleaned_data["only_missing"],
                seen=form.cleaned_data["seen"],
                **where,
            ).execute()
            messages.success(request, f"已为 {many} 项任务设定完成时限。")
            return redirect("plan", plan_id=plan.pk)
        except ActionRefused as error:
            refused = error
            form.overtaken()
    return _page(request, plan, form, refused=refused, title="统一设定时限", button="设定")


class IssueForm(StyledForm):
    """When and under which number."""

    on = forms.DateField(label="印发日期", widget=DayInput(), error_messages={"required": "请填写印发日期。"})
    document_number = forms.CharField(label="文号", required=False, max_length=80)
    knowing = forms.BooleanField(
        label="已知悉下列问题没有任务承接，仍然印发",
        required=True,
        error_messages={"required": "请先为下列问题安排任务，或者勾选知悉后再印发。"},
    )

    def __init__(self, *args: Any, left_out: Sequence[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not left_out:
            del self.fields["knowing"]


@login_required
def issue(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Put the plan in force, or list what it lacks."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    left = left_out(plan)
    form = IssueForm(request.POST or None, left_out=left, initial={"on": timezone.localdate()})
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            given = {name: form.cleaned_data[name] for name in ("on", "document_number")}
            IssuePlan(actor=request.user, plan=plan, **given).execute()
            messages.success(request, f"已印发：{plan.title}。")
            return redirect("plan", plan_id=plan.pk)
        except ActionRefused as error:
            refused = error
    return _page(
        request,
        plan,
        form,
        refused=refused,
        title="印发计划",
        button="印发",
        lacking=plan.lacks(),
        left_out=left,
    )


class WithdrawForm(StyledForm):
    """When and why a plan is taken back."""

    on = forms.DateField(label="撤回日期", widget=DayInput(), error_messages={"required": "请填写撤回日期。"})
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="撤回后各项任务不再计时限、不再填报，承接的存在问题和多年规划条目改为没有任务；内容仍可查看，理由留痕。撤错了的可以恢复。",
        error_messages={"required": "请写明撤回的理由。"},
    )


@login_required
def withdraw(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Take the plan back; it stays readable."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    form = WithdrawForm(request.POST or None, initial={"on": timezone.localdate()})
    return _turned(request, plan, form, WithdrawPlan, title="撤回计划")


class RestoreForm(StyledForm):
    """Why a withdrawal is taken back."""

    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="恢复后计划和各项任务回到撤回前的状态，重新计时限；撤回和恢复都留痕。",
        error_messages={"required": "请写明恢复的理由。"},
    )


@login_required
def restore(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Take a withdrawal back."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    form = RestoreForm(request.POST or None)
    return _turned(request, plan, form, RestorePlan, title="恢复计划")


def _turned(
    request: SignedInRequest,
    plan: Plan,
    form: forms.Form,
    action: type[WithdrawPlan | RestorePlan],
    *,
    title: str,
) -> HttpResponse:
    """A withdrawal or its taking back, once the form says why."""
    refused: ActionRefused | None = None
    done = title.removesuffix("计划")
    if request.method == "POST" and form.is_valid():
        try:
            action(actor=request.user, plan=plan, **form.cleaned_data).execute()
            messages.success(request, f"已{done}：{plan.title}。")
            return redirect("plan", plan_id=plan.pk)
        except ActionRefused as error:
            refused = error
    return _page(request, plan, form, refused=refused, title=title, button=done)


def _page(
    request: SignedInRequest,
    plan: Any,
    form: Any,
    *,
    refused: ActionRefused | None,
    title: str,
    button: str,
    **extra: Any,
) -> HttpResponse:
    crumbs = [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))]
    context = {
        "title": title,
        "plan": plan,
        "form": form,
        "refused": refused,
        "button": button,
        "crumbs": crumbs,
        **extra,
    }
    return render(request, "workbench/plans/plan_form.html", context, status=422 if form.is_bound else 200)
