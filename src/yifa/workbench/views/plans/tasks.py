"""One task: its units, due date and rules; its progress. Inline where htmx is there, else a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, User
from yifa.ledger.people.unitnames import UnitNames, suggestions
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AmendTask, AssignTask, LinkTarget, RecordProgress, SetDue
from yifa.planning.guarding import length, refuse_overtaken
from yifa.planning.models import SHOWN, Plan, Task, TaskProgress
from yifa.planning.quarters import Quarter, standing
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, plans_for, require_here
from yifa.workbench.views.plans.showing import may_edit, task_line
from yifa.workbench.waiting.everything import desks_of


class TaskForm(StyledForm):
    """Lead, support, due date, a rule for each target, and the reason once the plan is issued."""

    lead = forms.ModelChoiceField(
        Organization.objects.none(), label="牵头单位", required=False, empty_label="（未定）"
    )
    co_leads = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label="共同牵头单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="每个牵头单位有一项子任务，全部完成后任务才算完成。",
    )
    support = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label="配合单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due = forms.DateField(label="完成时限", required=False, widget=DayInput())
    reason = forms.CharField(label="理由", required=False, help_text="计划已印发，改动的理由会留痕。")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Organization.objects.below(task.plan.organization)
        self.fields["lead"].queryset = units  # type: ignore[attr-defined]
        self.fields["support"].queryset = units  # type: ignore[attr-defined]
        self.fields["co_leads"].queryset = units  # type: ignore[attr-defined]
        if task.is_part or task.division == Task.Division.WORK:  # of these each has one lead
            del self.fields["co_leads"]
        if task.plan.state != Plan.State.ISSUED:
            del self.fields["reason"]
        rules = [("", "（没有合适的口径，人工核实）")]
        rules += [(name, f"{rule.title}（{rule.unit}）") for name, rule in catalogue().counting_rules.items()]
        self.rule_names = []
        for target in task.targets.all():
            name = f"rule_{target.pk}"
            self.rule_names.append(name)
            self.fields[name] = forms.ChoiceField(
                label=f"“{target.text}”由哪个数字回答",
                choices=rules,
                required=False,
                initial=target.counting_rule,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rule_fields(self) -> list[forms.BoundField]:
        """One for each target."""
        return [self[name] for name in self.rule_names]


def _task(request: SignedInRequest, task_id: int) -> Task:
    rows = Task.objects.select_related("plan__organization", "chapter", "parent").prefetch_related(
        *SHOWN, "origins", "targets__task__plan__organization", "progress__recorded_by"
    )
    return get_object_or_404(rows, pk=task_id, plan__in=plans_for(request.user))


def _save(request: SignedInRequest, task: Task, form: TaskForm) -> None:
    """All or nothing."""
    given = form.cleaned_data
    reason = given.get("reason", "")
    with transaction.atomic():
        refuse_overtaken(task.plan, given["seen"], [task.order])
        leads = list(dict.fromkeys(unit for unit in [given["lead"], *given.get("co_leads", [])] if unit))
        support = [unit for unit in given["support"] if unit not in leads]
        if set(leads) != set(task.own_leads) or set(support) != set(task.support):
            AssignTask(
                actor=request.user,
                task=task,
                lead=next(iter(leads), None),
                co_leads=leads[1:],
                support=support,
                reason=reason,
            ).execute()
        if given["due"] and given["due"] != task.due:
            SetDue(actor=request.user, task=task, due=given["due"], reason=reason).execute()
        for target in task.targets.all():
            rule = given[f"rule_{target.pk}"]
            if rule != target.counting_rule:
                LinkTarget(actor=request.user, target=target, counting_rule=rule).execute()


@login_required
def edit_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Assign a task."""
    task = _task(request, task_id)
    if not may_edit(request.user, task.plan):
        require_here(request, task.plan.organization)
        raise Http404
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = TaskForm(request.POST, task=task)
        if form.is_valid():
            try:
                parts = list(Task.objects.filter(parent=task))
                _save(request, task, form)
                if list(Task.objects.filter(parent=task)) != parts and getattr(request, "htmx", False):
                    messages.success(request, "已保存，子任务已更新。")
                    return HttpResponse(headers={"HX-Refresh": "true"})
                return _done(request, task_id, "已保存。")
            except ActionRefused as error:
                refused = error
                task = _task(request, task_id)
                form.show_again(seen=str(length(task.plan)))
    else:
        form = TaskForm(task=task, initial=_initial(task))
    names = [*task.named_lead, *task.named_support, *task.named_units]
    context = {
        "title": f"分解：{task.number}{task.title}",
        "task": task,
        "form": form,
        "refused": refused,
        "hints": suggestions(names, UnitNames(task.plan.organization, task.plan.year)) if names else (),
        "crumbs": _crumbs(task),
    }
    return _form(request, "workbench/plans/task_form.html", context, 422 if form.is_bound else 200)


def _initial(task: Task) -> dict[str, Any]:
    leads = task.own_leads
    units = {"lead": next(iter(leads), None), "co_leads": leads[1:], "support": task.support}
    return {**units, "due": task.due, "seen": length(task.plan)}


class WordingForm(StyledForm):
    """The wording of a task, where the import read it wrong or it is to be said better."""

    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "请填写标题。"})
    text = forms.CharField(
        label="内容", widget=forms.Textarea(attrs={"rows": 6}), error_messages={"required": "请填写内容。"}
    )
    reason = forms.CharField(label="理由", required=False, help_text="计划已印发，改动的理由会留痕。")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if task.plan.state != Plan.State.ISSUED:
            del self.fields["reason"]


@login_required
def amend_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Mend the wording of a task."""
    rows = Task.objects.select_related("plan__organization")
    task = get_object_or_404(rows, pk=task_id, plan__in=plans_for(request.user))
    if not may_edit(request.user, task.plan):
        require_here(request, task.plan.organization)
        raise Http404
    now = {"title": task.title, "text": task.text, "seen": length(task.plan)}
    form = WordingForm(request.POST or None, task=task, initial=now)
    refused: ActionRefused | None = None
    said = ""
    if request.method == "POST" and form.is_valid():
        try:
            AmendTask(actor=request.user, task=task, **form.cleaned_data).execute()
            return _done(request, task_id, "已保存。")
        except ActionRefused as error:
            refused = error
            form.show_again(seen=str(length(task.plan)))
            said = f"现在是：{now['title']}　{now['text']}" if error.code == "conflict" else ""
    context = {
        "said": said,
        "title": f"改文字：{task.number}{task.title}",
        "plan": task.plan,
        "form": form,
        "refused": refused,
        "button": "保存",
        "crumbs": _crumbs(task),
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbench/plans/plan_form.html", context, status=status)


class ProgressForm(StyledForm):
    """How far a task is."""

    on = forms.DateField(label="日期", widget=DayInput(), error_messages={"required": "请填写日期。"})
    state = forms.ChoiceField(label="进展", choices=Task.State.choices)
    note = forms.CharField(
        label="情况",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="做了什么、在哪天、有什么材料。",
    )
    reason = forms.CharField(label="未开展原因", required=False, help_text="进展为“未开展”时必填。")


@login_required
def record_progress(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Say how far a task is."""
    task = _task(request, task_id)
    if not task_line(request.user, task, timezone.localdate()).may_report:
        units = [link.organization for link in task.units.all()]
        require_here(request, units[0] if units else task.plan.organization)
    if request.method == "GET" and task.plan.state == Plan.State.WITHDRAWN:
        return redirect("task_evidence", task_id=task.pk)  # the page says so
    refused: ActionRefused | None = None
    returned = _returned(request.user, task)
    if request.method == "POST":
        form = ProgressForm(request.POST)
        if form.is_valid():
            try:
                RecordProgress(
                    actor=request.user, task=task, corrects=returned, **form.cleaned_data
                ).execute()
                return _done(request, task_id, "进展已记入台账。")
            except ActionRefused as error:
                refused = error
    else:
        said = {"state": returned.state, "note": returned.note, "reason": returned.reason} if returned else {}
        form = ProgressForm(initial={"on": timezone.localdate(), "state": task.state, **said})
    context = {
        "title": f"填报进展：{task.number}{task.title}",
        "task": task,
        "form": form,
        "returned": returned,
        "returned_quarter": Quarter(task.plan.year, returned.quarter) if returned else None,
        "refused": refused,
        "crumbs": _crumbs(task),
    }
    return _form(request, "workbench/plans/progress_form.html", context, 422 if form.is_bound else 200)


def _returned(user: User, task: Task) -> TaskProgress | None:
    """The note of the user's own unit that was sent back and waits for its answer; the earliest."""
    notes, own = standing(task.progress.select_related("unit")), desks_of(user)
    return next((one for one in notes if one.returned_on is not None and one.unit_id in own), None)


def _crumbs(task: Task) -> list[tuple[str, str]]:
    return [("工作要点", reverse("plans")), (task.plan.title, reverse("plan", args=[task.plan_id]))]


def _form(request: SignedInRequest, part: str, context: dict[str, Any], status: int) -> HttpResponse:
    live = bool(getattr(request, "htmx", False))
    context |= {"part": part, "live": live}
    return render(request, part if live else "workbench/plans/task_page.html", context, status=status)


def _done(request: SignedInRequest, task_id: int, message: str) -> HttpResponse:
    task = _task(request, task_id)
    if getattr(request, "htmx", False):
        context = {
            "line": task_line(request.user, task, timezone.localdate()),
            "plan": task.plan,
            "may_edit": may_edit(request.user, task.plan),
            "saved": message,
        }
        return render(request, "workbench/plans/task.html", context)
    messages.success(request, message)
    return redirect(f"{reverse('plan', args=[task.plan_id])}#task-{task.pk}")
