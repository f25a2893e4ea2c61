"""What was found and nobody listed yet becomes items of the register, and items without a day are given one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import ListFindings, SetItemDays
from yifa.supervision.findings import ITEM
from yifa.supervision.found import CHECKED, ENGINE, REVIEW, Unlisted, unlisted
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.plans.taking_in import units_with
from yifa.workbench.waiting.undated import undated_for

FIRST = ("人民法院", "人民检察院", "行政复议", "政府督查", "法治督察", "双随机检查", REVIEW, CHECKED, ENGINE)
UNDATED = 200  # items of which the days are set on one page


@dataclass(frozen=True, slots=True)
class Group:
    """What one source found, each with whether it is ticked; `opened`: whether the page shows it unfolded."""

    source: str
    rows: Sequence[tuple[Unlisted, bool]]
    opened: bool


class DueForm(StyledForm):
    """By when."""

    due = forms.DateField(
        label="整改期限", widget=DayInput(), error_messages={"required": "请填写整改期限。"},
        help_text="法律、来源文书已有期限的，以其为准。",
    )  # fmt: skip


class ListForm(DueForm):
    """By when, by whom, how."""

    owner = forms.ModelChoiceField(
        Organization.objects.none(), label="责任单位", required=False, empty_label="（问题所在的单位）"
    )
    measure = forms.CharField(
        label="整改措施", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已经定了的填写；没有定的由责任单位填写。",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, units: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = (
            Organization.objects.below(units[0]) if units else Organization.objects.none()
        )
        if not any(has_role(user, recorders(case_type_of(ITEM), "plan_measure"), unit) for unit in units[:1]):
            del self.fields["measure"]


@login_required
def list_findings(request: SignedInRequest) -> HttpResponse:
    """What was found and nobody listed; those ticked become items, each of its unit."""
    units = units_with(request.user, *ListFindings.needs.roles)
    found = unlisted(request.user, timezone.localdate())
    setting = "set" in request.POST
    form = ListForm(None if setting else request.POST or None, user=request.user, units=units)
    days = DueForm(request.POST if setting else None, prefix="day")
    wrong = ""
    chosen = set(request.POST.getlist("key"))
    if setting and days.is_valid():
        wrong = _set_days(request, days.cleaned_data["due"])
        if not wrong:
            return redirect("list_findings")
    if form.is_bound and form.is_valid() and units:
        require_here(request, units[0])
        picked = [one for one in found if one.key in chosen]
        action = ListFindings(actor=request.user, organization=units[0], findings=picked, **form.cleaned_data)
        try:
            made = action.execute()
        except ActionRefused as error:
            wrong = error.message
        else:
            messages.success(request, f"已列入整改台账 {len(made)} 项。")
            return redirect("findings")
    context = {
        "title": "把发现的问题列入台账",
        "count": len(found),
        "groups": _grouped(found, chosen),
        "form": form,
        "wrong": wrong,
        "days": days,
        "undated": list(undated_for(request.user)[:UNDATED]),
        "picked": set(request.POST.getlist("item")),
        "crumbs": [("整改台账", reverse("findings"))],
    }
    failed = wrong or form.errors or days.errors
    return render(request, "workbench/supervision/listing.html", context, status=422 if failed else 200)


def _grouped(found: Sequence[Unlisted], chosen: Collection[str]) -> list[Group]:
    """By source, what courts and bodies above found first and what the engine sees last; each with whether it is ticked."""
    sources: dict[str, list[tuple[Unlisted, bool]]] = {}
    for one in found:
        sources.setdefault(one.source, []).append((one, one.key in chosen))
    ordered = sorted(sources, key=lambda source: FIRST.index(source) if source in FIRST else len(FIRST))
    return [
        Group(source, sources[source], source != ENGINE or any(ticked for _, ticked in sources[source]))
        for source in ordered
    ]


def _set_days(request: SignedInRequest, due: date) -> str:
    """Sets the day of those ticked, body by body; what was refused."""
    rows = undated_for(request.user).filter(pk__in=_ids(request.POST.getlist("item")))
    items = list(rows)
    bodies = units_with(request.user, *SetItemDays.needs.roles)
    if not bodies:
        require_here(
            request, items[0].organization if items else Organization.objects.body(), SetItemDays.needs.roles
        )
    try:
        SetItemDays(actor=request.user, organization=bodies[0], items=items, due=due).execute()
    except ActionRefused as error:
        return error.message
    messages.success(request, f"已为 {len(items)} 项定整改期限。")
    return ""


def _ids(given: Sequence[str]) -> list[UUID]:
    """Those that are ids at all."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
