"""Problems that reports stated and findings of inspections: which the plan takes up, which it leaves out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.ledger.models import Case, Entry, Organization, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AddTask, LinkOrigin, Origin, TakeUpProblem
from yifa.planning.models import Chapter, Plan, Task, TaskOrigin
from yifa.planning.problems import FINDINGS, REGISTER, open_findings, problems_of
from yifa.planning.structure import title_of
from yifa.workbench.forms.given import named
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.plans.amending import ReasonForm, TaskChoice
from yifa.workbench.views.plans.showing import seen_plan


class TakeUpForm(ReasonForm):
    """Into which chapter as a new task, or to which task that is there."""

    task = TaskChoice(
        Task.objects.none(), label="由已有任务承接", required=False, empty_label="（新增一项任务）"
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label="新任务放在", required=False, empty_label="计划末尾"
    )
    lead = forms.ModelChoiceField(
        Organization.objects.none(), label="牵头单位", required=False, empty_label="（未定）"
    )
    due = forms.DateField(label="完成时限", required=False, widget=DayInput())

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["task"].queryset = plan.tasks.prefetch_related("units__organization")  # type: ignore[attr-defined]
        self.fields["chapter"].queryset = plan.chapters.all()  # type: ignore[attr-defined]
        units = Organization.objects.below(plan.organization)
        self.fields["lead"].queryset = units  # type: ignore[attr-defined]
        if not plan.chapters.exists():
            del self.fields["chapter"]
        if plan.state != Plan.State.ISSUED:  # a draft gets units and days afterwards
            del self.fields["lead"], self.fields["due"]
        self.order_fields(["task", "chapter", "lead", "due", "reason"])


@login_required
def plan_problems(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Show what earlier reports stated and inspections found; take it up."""
    plan = seen_plan(request.user, plan_id)
    refused: ActionRefused | None = None
    form = TakeUpForm(request.POST or None, plan=plan)
    if request.method == "POST":
        require_here(request, plan.organization)
        try:
            if form.is_valid():
                task = _take_up(request, plan, form)
                messages.success(request, f"已由任务{task.number}{task.title}承接。")
                return redirect("plan_problems", plan_id=plan.pk)
        except ActionRefused as error:
            refused = error
    sees_own = has_role(request.user, list(Role.values), plan.organization)
    editing = plan.state != Plan.State.WITHDRAWN and has_role(
        request.user, [Role.COORDINATOR], plan.organization
    )
    problems = problems_of(plan)
    findings = open_findings(plan) if sees_own else []
    context = {
        "title": "存在问题和督察反馈",
        "plan": plan,
        "problems": problems,
        "left": sum(not problem.tasks for problem in problems),
        "findings": findings,
        "form": form,
        "refused": refused,
        "may_edit": editing,
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(
        request, "workbench/plans/problems.html", context, status=422 if refused or form.errors else 200
    )


def _take_up(request: SignedInRequest, plan: Plan, form: TakeUpForm) -> Task:
    given = form.cleaned_data
    leads = [given["lead"]] if given.get("lead") else []
    new: dict[str, Any] = {"chapter": given.get("chapter"), "leads": leads, "due": given.get("due")}
    new["reason"] = form.given_reason
    if finding := request.POST.get("finding"):
        cases = Case.objects.for_user(request.user).filter(case_type=FINDINGS)
        return _of_finding(request, plan, named(cases, finding), given["task"], new)
    entries = Entry.objects.filter(register=REGISTER, organization=plan.organization)
    problem = named(entries, request.POST.get("problem"))
    return TakeUpProblem(
        actor=request.user, plan=plan, problem=problem, task=given["task"], **new
    ).execute()  # fmt: skip


def _of_finding(
    request: SignedInRequest, plan: Plan, case: Case, task: Task | None, new: dict[str, Any]
) -> Task:
    origin = Origin(
        kind=TaskOrigin.Kind.FINDING,
        title=_paper(case),
        document_number=str(case.facts.get("document") or ""),
        item=str(case.facts.get("order") or ""),
        text=str(case.facts.get("problem") or case.title),
        case=case,
    )
    if task is not None:
        return LinkOrigin(actor=request.user, task=task, origin=origin).execute()
    return AddTask(
        actor=request.user, plan=plan, title=f"整改：{title_of(case.title)}", text=origin.text, origin=origin, **new
    ).execute()  # fmt: skip


def _paper(case: Case) -> str:
    """What a finding stands in: the paper of an inspection, or the list of what is to be put right."""
    facts = case.facts
    if facts.get("document"):
        return f"{facts.get('issuer') or ''}{facts.get('topic') or ''}督察反馈问题"
    return f"整改台账（来源：{facts.get('source') or '未写明'}）"
