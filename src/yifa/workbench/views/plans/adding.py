"""A task that does not come from the plan's text, written by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AddTask
from yifa.planning.models import Chapter, Plan
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.bearers import BearerFields
from yifa.workbench.views.plans.showing import seen_plan


class NewTaskForm(BearerFields):
    """What is to be done, where it stands, by whom and until when, and in a graded plan who bears it."""

    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "请填写标题。"})
    text = forms.CharField(
        label="内容", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "请填写内容。"}
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label="放在", required=False, empty_label="计划末尾"
    )
    number = forms.CharField(
        label="序号", required=False, max_length=20, help_text="留空则接着本章的序号往下编。"
    )
    leads = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label="牵头单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了几个的，每个单位有一项子任务。",
    )
    due = forms.DateField(label="完成时限", required=False, widget=DayInput())

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["chapter"].queryset = plan.chapters.all()  # type: ignore[attr-defined]
        self.fields["leads"].queryset = Organization.objects.below(plan.organization)  # type: ignore[attr-defined]
        bearers = ("overall", "direct", "offices")
        if not plan.graded:
            for name in bearers:
                del self.fields[name]
        elif plan.state == Plan.State.ISSUED:
            self.fields["offices"].help_text += "三级责任暂时定不下来的，一并留空，任务列入“不完整”清单。"
        self.order_fields(["title", "text", "chapter", "number", "leads", "due", *bearers, "reason"])


@login_required
def add_task(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Add one task."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    form = NewTaskForm(request.POST or None, plan=plan)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "text", "chapter", "number", "due")}
        try:
            task = AddTask(
                actor=request.user,
                plan=plan,
                leads=list(form.cleaned_data["leads"]),
                reason=form.given_reason,
                **form.bearers(),
                **given,
            ).execute()
            messages.success(request, f"已新增任务{task.number}{task.title}。")
            return redirect(f"{reverse('plan', args=[plan.pk])}#task-{task.pk}")
        except ActionRefused as error:
            refused = error
    context = {
        "title": "新增任务",
        "plan": plan,
        "form": form,
        "refused": refused,
        "button": "新增",
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/plan_form.html", context, status=422 if form.is_bound else 200)
