"""Plans of several years: clause by year with its gaps, import, and links of many tasks at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from yifa.law.errors import YifaError
from yifa.ledger.models import Organization, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import ImportClauses, LinkClauses
from yifa.planning.clauses import FoundClause, clauses_for, grid, grids, named_in, read_clauses
from yifa.planning.guarding import length
from yifa.planning.importing import Source
from yifa.planning.models import Plan, TaskClause
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.given import whole
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, bodies_for, has_role, plans_for, require_here
from yifa.workbench.views.plans.showing import may_edit, seen_plan
from yifa.workbench.views.plans.taking_in import PaperForm, units_with


def outline_url(organization: Organization, title: str) -> str:
    """The page of one plan of several years."""
    return f"{reverse('outline')}?{urlencode({'body': organization.code, 'plan': title})}"


@login_required
def outlines(request: SignedInRequest) -> HttpResponse:
    """The plans of several years of the bodies the user works in or under."""
    today = timezone.localdate()
    found = grids(bodies_for(request.user), today)
    context = {
        "title": "多年规划",
        "rows": [(one, outline_url(one.organization, one.title), one.gaps_in(today.year)) for one in found],
        "year": today.year,
        "may_import": has_role(request.user, [Role.COORDINATOR]),
        "crumbs": [("工作要点", reverse("plans"))],
    }
    return render(request, "workbench/plans/outlines.html", context)


@login_required
def outline(request: SignedInRequest) -> HttpResponse:
    """Clause by year."""
    organization = bodies_for(request.user).filter(code=request.GET.get("body", "")).first()
    if organization is None:
        raise Http404
    found = grid(organization, request.GET.get("plan", ""), timezone.localdate())
    if not found.rows:
        raise Http404
    only = bool(request.GET.get("never"))
    context = {
        "title": found.title,
        "grid": found,
        "rows": found.never if only else found.rows,
        "only": only,
        "year_gaps": [(year, found.gaps_in(year)) for year in found.years],
        "plans": [
            plan for plan in plans_for(request.user) if _may_link(request, plan, organization, found.years)
        ],
        "crumbs": [("工作要点", reverse("plans")), ("多年规划", reverse("outlines"))],
    }
    return render(request, "workbench/plans/outline.html", context)


def _may_link(request: SignedInRequest, plan: Plan, organization: Organization, years: Iterable[int]) -> bool:
    inside = plan.organization.path.startswith(organization.path) and plan.year in years
    return inside and may_edit(request.user, plan)


FROM_PAPER = "不填的，从文件里读。"


class ClausesForm(PaperForm):
    """Whose plan of several years, from when until when, and its text or table."""

    title = forms.CharField(label="规划名称", max_length=120, required=False, help_text=FROM_PAPER)
    starts = forms.DateField(label="规划期起", widget=DayInput(), required=False, help_text=FROM_PAPER)
    ends = forms.DateField(label="规划期止", widget=DayInput(), required=False, help_text=FROM_PAPER)
    code_prefix = forms.CharField(
        label="条目编号前缀",
        max_length=20,
        help_text="例如 GH2026，条目编为 GH2026-001、GH2026-002。",
        error_messages={"required": "请填写条目编号前缀。"},
    )

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="谁的规划", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", ValidationError("规划期止早于规划期起，请核对。"))
        return cleaned

    def take_from(self, source: Source) -> None:
        """Name and span go into the fields left empty. Raises ActionRefused where the paper does not say them either."""
        title, span = named_in(source)
        said: dict[str, Any] = {"title": title}
        if span is not None:
            said |= {"starts": date(span[0], 1, 1), "ends": date(span[1], 12, 31)}
        new = {name: value for name, value in said.items() if value and not self.cleaned_data[name]}
        self.cleaned_data |= new
        self.show_again(**{name: str(value) for name, value in new.items()})
        lacking = [
            str(self.fields[name].label)
            for name in ("title", "starts", "ends")
            if not self.cleaned_data[name]
        ]
        if lacking:
            raise ActionRefused(f"文件里没有读到{'、'.join(lacking)}，请填写。", code="invalid")


@login_required
def import_clauses(request: SignedInRequest) -> HttpResponse:
    """First the clauses that were read, then onto the register."""
    units = units_with(request.user, Role.COORDINATOR)
    year = timezone.localdate().year
    initial: dict[str, Any] = {"organization": units[0].pk if units else None, "code_prefix": f"GH{year}"}
    form = ClausesForm(request.POST or None, request.FILES or None, units=units, initial=initial)
    found: tuple[FoundClause, ...] = ()
    wrong = ""
    if request.method == "POST" and form.ready(request.user):
        try:
            source = form.read(request.user)
            found = read_clauses(source)
            form.take_from(source)
            given = form.cleaned_data
            named = {name: given[name] for name in ("organization", "title", "starts", "ends")}
            action = ImportClauses(actor=request.user, clauses=found, prefix=given["code_prefix"], **named)
            action.check()
            if "confirm" in request.POST:
                action.execute()
                messages.success(request, f"已导入 {len(found)} 个规划条目。")
                return redirect(outline_url(given["organization"], given["title"].strip()))
        except YifaError as error:
            wrong = error.message
            form.keep_text()
    context = {
        "title": "导入多年规划",
        "form": form,
        "wrong": wrong,
        "clauses": found,
        "crumbs": [("工作要点", reverse("plans")), ("多年规划", reverse("outlines"))],
    }
    status = 422 if form.is_bound and (wrong or form.errors) else 200
    return render(request, "workbench/plans/import_clauses.html", context, status=status)


@login_required
def plan_clauses(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Link many tasks of a plan with the clauses that hold in its year."""
    plan = seen_plan(request.user, plan_id)
    require_here(request, plan.organization)
    clauses = clauses_for(plan)
    tasks = list(plan.tasks.prefetch_related("units__organization"))
    refused: ActionRefused | None = None
    if request.method == "POST":
        by_id = {str(task.pk): task for task in tasks}
        seen = request.POST.get("seen", "")
        chosen = [(by_id.get(request.POST.get(f"clause_{clause.pk}", "")), clause) for clause in clauses]
        try:
            made = LinkClauses(
                actor=request.user,
                plan=plan,
                pairs=[(task, clause) for task, clause in chosen if task is not None],
                seen=whole(seen),
            ).execute()
            messages.success(request, f"新关联 {len(made)} 处。" if made else "没有新的关联。")
            return redirect("plan_clauses", plan_id=plan.pk)
        except ActionRefused as error:
            refused = error
    linked: dict[Any, list[TaskClause]] = {}
    for link in TaskClause.objects.filter(task__plan=plan, link__withdrawn=False).select_related(
        "task__merged_into"
    ):
        linked.setdefault(link.clause_id, []).append(link)
    rows = [
        (clause, linked.get(clause.pk, []), request.POST.get(f"clause_{clause.pk}", "")) for clause in clauses
    ]
    context = {
        "title": "关联多年规划",
        "plan": plan,
        "rows": rows,
        "tasks": tasks,
        "seen": length(plan),
        "unlinked": sum(not links for _, links, _ in rows),
        "refused": refused,
        "may_link": may_edit(request.user, plan),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/plan_clauses.html", context, status=422 if refused else 200)
