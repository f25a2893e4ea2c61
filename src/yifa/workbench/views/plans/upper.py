"""Tasks of a plan from above, taken over into the own plan with the number of the upper document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.law.errors import YifaError
from yifa.ledger.models import Organization
from yifa.planning.actions import TakeOver, UpperItem
from yifa.planning.importing import number_of, proposed_draft
from yifa.planning.models import Chapter, Plan
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.amending import ReasonForm
from yifa.workbench.views.plans.showing import seen_plan
from yifa.workbench.views.plans.taking_in import PaperForm


class UpperForm(PaperForm, ReasonForm):
    """The upper plan: one that is kept here, or a paper with its title and number."""

    above = forms.ModelChoiceField(
        Plan.objects.none(), label="上级计划", required=False, empty_label="（不在本系统，选择文件或粘贴）"
    )
    title = forms.CharField(
        label="文件名称", required=False, max_length=200, help_text="不填的，从文件里读；请核对读得对不对。"
    )
    document_number = forms.CharField(
        label="文号",
        required=False,
        max_length=80,
        help_text="不填的，从文件里读；文件里没有的，承接前须填写。",
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label="任务放在", required=False, empty_label="计划末尾"
    )
    lead = forms.ModelChoiceField(
        Organization.objects.none(), label="牵头单位", required=False, empty_label="（以后分解）"
    )
    due = forms.DateField(
        label="完成时限", required=False, widget=DayInput(), help_text="原文写明时限的，按原文。"
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        codes = [code for code in plan.organization.ancestor_codes() if code != plan.organization.code]
        above = Plan.objects.filter(organization__code__in=codes, state=Plan.State.ISSUED, year=plan.year)
        self.fields["above"].queryset = above  # type: ignore[attr-defined]
        if not above.exists():
            del self.fields["above"]
        self.fields["chapter"].queryset = plan.chapters.all()  # type: ignore[attr-defined]
        self.fields["lead"].queryset = Organization.objects.below(plan.organization)  # type: ignore[attr-defined]
        self.order_fields(
            ["above", "title", "document_number", "file", "text", "kept", "chapter", "lead", "reason"]
        )

    def needs_paper(self) -> bool:
        """Not where the upper plan is kept here."""
        return not self.cleaned_data.get("above")

    def clean(self) -> dict[str, Any]:
        """Title and number come from the plan above, where it is kept here."""
        cleaned = super().clean()
        above = cleaned.get("above")
        if above:
            cleaned["title"] = cleaned.get("title") or above.title
            cleaned["document_number"] = cleaned.get("document_number") or above.document_number
        return cleaned


@dataclass(frozen=True, slots=True)
class Offered:
    """The items of an upper plan, with the title and the number that it bears."""

    title: str
    number: str
    items: tuple[UpperItem, ...]


def _offered(request: SignedInRequest, form: UpperForm, plan: Plan) -> Offered:
    above = form.cleaned_data.get("above")
    if above:
        tasks = above.tasks.filter(parent=None)
        items = tuple(
            UpperItem(number=t.number, title=t.title, text=t.text, due=t.due, task=t) for t in tasks
        )
        return Offered(above.title, above.document_number, items)
    source = form.read(request.user)
    draft = proposed_draft(source, plan.year)
    items = tuple(
        UpperItem(number=item.number, title=item.title, text=item.text, due=item.due) for item in draft.items
    )
    return Offered(draft.title or "", number_of(source), items)


@login_required
def take_over(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """First choose the paper and look at its items, then take over those ticked."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    form = UpperForm(request.POST or None, request.FILES or None, plan=plan)
    offered: Offered | None = None
    wrong = ""
    if request.method == "POST" and form.ready(request.user):
        try:
            offered = _offered(request, form, plan)
            form.propose(title=offered.title, document_number=offered.number)
            if not offered.items:
                form.keep_text()
                wrong = "这份文件里没有找到带编号的事项，请核对文件是否选对。"
            elif "confirm" in request.POST:
                return _take(request, plan, form, offered)
        except YifaError as error:
            wrong = error.message
    context = {
        "title": "承接上级任务",
        "plan": plan,
        "form": form,
        "wrong": wrong,
        "offered": offered if offered and offered.items else None,
        "ticked": request.POST.getlist("item"),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    status = 422 if form.is_bound and (wrong or form.errors) else 200
    return render(request, "workbench/plans/upper.html", context, status=status)


def _take(request: SignedInRequest, plan: Plan, form: UpperForm, offered: Offered) -> HttpResponse:
    given = form.cleaned_data
    number = given["document_number"] or offered.number
    ticked = set(request.POST.getlist("item"))
    tasks = TakeOver(
        actor=request.user,
        plan=plan,
        title=given["title"] or offered.title,
        document_number=number,
        items=[item for number, item in enumerate(offered.items) if str(number) in ticked],
        chapter=given.get("chapter"),
        leads=[given["lead"]] if given.get("lead") else [],
        due=given.get("due"),
        reason=form.given_reason,
    ).execute()
    messages.success(request, f"已承接 {len(tasks)} 项上级任务，来源注明“{number}”。")
    return redirect("plan", plan_id=plan.pk)
