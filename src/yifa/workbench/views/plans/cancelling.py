"""A task that is not done any more: cancelled with its document, and taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import CancelTask, RestoreTask
from yifa.planning.guarding import length
from yifa.planning.models import Plan, Task
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, plans_for, require_here
from yifa.workbench.views.plans.amending import ReasonForm, SeenForm


class CancelForm(SeenForm):
    """From when, by which document, why."""

    on = forms.DateField(label="取消日期", widget=DayInput(), error_messages={"required": "请填写取消日期。"})
    number = forms.CharField(
        label="文号", required=False, max_length=80, help_text="有文件的填写，例如调整工作要点的通知。"
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明取消的理由。"},
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        if plan.state != Plan.State.ISSUED:
            del self.fields["number"]
            self.fields["on"].label, self.fields["on"].widget = "日期", forms.HiddenInput()
            self.fields["reason"].help_text = "计划还没有印发：不列入的事项不再印出，仍可恢复。"
        else:
            self.fields["reason"].help_text = "计划已印发：任务留在计划里，划去并注明取消；可以恢复。"


@login_required
def cancel_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Cancel a task, or restore one that is cancelled."""
    rows = Task.everything.filter(merged_into=None).select_related("plan__organization", "parent")
    task = get_object_or_404(rows, pk=task_id, plan__in=plans_for(request.user))
    require_here(request, task.plan.organization)
    now = {"on": timezone.localdate(), "seen": length(task.plan)}
    kind = ReasonForm if task.cancelled else CancelForm
    form = kind(request.POST or None, plan=task.plan, initial=now)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(
                request, _restore(request, task, form) if task.cancelled else _cancel(request, task, form)
            )
            return redirect(f"{reverse('plan', args=[task.plan_id])}#task-{task.pk}")
        except ActionRefused as error:
            refused = error
            form.show_again(seen=str(length(task.plan)))
    issued = task.plan.state == Plan.State.ISSUED
    what = (
        ("恢复任务" if task.cancelled else "取消任务")
        if issued
        else ("恢复" if task.cancelled else "不列入计划")
    )
    context = {
        "title": f"{what}：{task.number}{task.title}",
        "plan": task.plan,
        "form": form,
        "refused": refused,
        "said": _said(task),
        "button": what,
        "crumbs": [("工作要点", reverse("plans")), (task.plan.title, reverse("plan", args=[task.plan_id]))],
    }
    return render(request, "workbench/plans/plan_form.html", context, status=422 if form.is_bound else 200)


def _cancel(request: SignedInRequest, task: Task, form: Any) -> str:
    gone = CancelTask(actor=request.user, task=task, **form.cleaned_data).execute()
    parts = f"，连同 {len(gone) - 1} 项子任务" if len(gone) > 1 else ""
    return f"{'已取消' if task.plan.state == Plan.State.ISSUED else '已不列入'}：{task}{parts}。"


def _restore(request: SignedInRequest, task: Task, form: Any) -> str:
    back = RestoreTask(
        actor=request.user, task=task, reason=form.given_reason, seen=form.cleaned_data["seen"]
    ).execute()
    parts = f"，连同 {len(back) - 1} 项子任务" if len(back) > 1 else ""
    return f"已恢复：{task}{parts}。"


def _said(task: Task) -> str:
    """What the reader must know before."""
    if task.cancelled:
        return f"{task.cancellation}。理由：{task.cancelled_reason}"
    if task.division:
        return f"{task.parts.count()} 项子任务一并取消；已填报的进展和依据仍可查看。"
    return "已填报的进展和依据仍可查看；承接的存在问题、关联的规划条目不再算有任务。"
