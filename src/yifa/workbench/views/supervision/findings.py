"""The register of what must be put right, what could be listed in it, and its list as Excel and Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.papers.sheets import MEDIA_TYPE
from yifa.supervision.actions import ListFindings, SetItemDays
from yifa.supervision.findings import (
    ITEM,
    Standing,
    kinds,
    matching,
    open_ones,
    register,
    standing,
    write_list,
    write_paper,
)
from yifa.supervision.found import unlisted
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.lists import Choices, Column, Filter, ListPage
from yifa.workbench.lists.files import word_response
from yifa.workbench.rights.access import SignedInRequest, has_role, may_open, require_here
from yifa.workbench.views.plans.taking_in import units_with
from yifa.workbench.waiting.undated import undated_for

MOST = 5000  # rows of one list as a paper
UNDATED = 200  # items of which the days are set on one page


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the register and what can be done with it."""

    row: Standing
    late: bool
    letter: str


class FindingList(ListPage[Case]):
    """All that must be put right; what came last first."""

    title, what = "整改台账", "项"
    template = "workbench/supervision/findings.html"
    default_sort = ("-opened_on",)
    empty_text = "没有需要整改的问题。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.filters = (
            Filter("q", "问题、专题或文号", "search"),
            Filter("kind", "种类", "choice", lambda: [(key, kind["title"]) for key, kind in kinds().items()]),
            Filter("unit", "单位（含下级）", "choice", self.units),
            Filter(
                "state",
                "进度",
                "choice",
                lambda: [("open", "未销号"), ("late", "逾期"), ("closed", "已销号")],
            ),
        )

    def units(self) -> Choices:
        """The units the user sees."""
        return list(Organization.objects.for_user(self.user).values_list("code", "name"))

    def rows(self) -> QuerySet[Case]:
        """What the filters leave, with the acts of the rows shown."""
        found = register(self.user).prefetch_related("acts")
        if words := self.value("q"):
            found = matching(found, words)
        if kind := self.value("kind"):
            found = found.filter(case_type=kind)
        if unit := self.value("unit"):
            found = found.filter(organization__path__contains=f"/{unit}/")
        state = self.value("state")
        if state == "late":
            return open_ones(found).filter(next_due__lt=timezone.localdate())
        if state == "open":
            return open_ones(found)
        return (
            found.exclude(pk__in=open_ones(register(self.user)).values("pk")) if state == "closed" else found
        )

    def columns(self) -> Sequence[Column[Case]]:
        """Problem, where from, who, how, until when, what proves it, how it stands."""
        one = standing
        return [
            Column(
                "problem", "问题", _shown, ("title",), "workbench/supervision/cell_finding.html", "y-rest"
            ),
            Column("source", "来源", lambda row: one(row).source, css="fit"),
            Column("document", "文号", lambda row: one(row).document, sheet_only=True),
            Column("owner", "责任单位", lambda row: one(row).owner, ("organization__path",), css="fit"),
            Column("measure", "整改措施", lambda row: one(row).measure or "（未定）"),
            Column("due", "整改期限", lambda row: one(row).day_said, ("next_due",), css="fit"),
            Column("evidence", "证明材料", lambda row: "、".join(one(row).evidence), sheet_only=True),
            Column("state", "状态", lambda row: row.status, ("status",), css="fit"),
            Column("closed", "销号", lambda row: one(row).closed_on, css="fit"),
            Column("closed_by", "销号人", lambda row: one(row).closed_by, css="fit"),
        ]

    def extra(self) -> dict[str, Any]:
        """What may be begun from here."""
        letter = catalogue().case_types["supervision_letter"]
        return {
            "may_list": has_role(self.user, ListFindings.needs.roles),
            "may_write": may_open(self.user, letter),
        }


def _shown(row: Case) -> Any:
    found = standing(row)
    told = {"facts-f_subject": found.problem[:100], "facts-f_to": found.owner, "facts-f_source": "其他"}
    letter = f"{reverse('open_case', args=['supervision_letter'])}?{urlencode(told)}"
    late = found.late(timezone.localdate())
    return _Text(
        found.problem, Shown(found, late, letter if late and row.case_type != "supervision_letter" else "")
    )


class _Text(str):
    """The problem as text for sheets; the page shows more of it."""

    shown: Shown

    def __new__(cls, text: str, shown: Shown) -> _Text:
        """The text with what goes with it."""
        made = super().__new__(cls, text)
        made.shown = shown
        return made


@login_required
def findings(request: SignedInRequest) -> HttpResponseBase:
    """The register."""
    return FindingList(request).respond()


@login_required
def findings_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """What the filters of the register leave, in the issuer's order, as Excel or Word."""
    if kind not in {"xlsx", "docx"}:
        raise Http404
    rows = [standing(case) for case in FindingList(request).rows()[:MOST]]
    today = timezone.localdate()
    body = Organization.objects.body()
    if kind == "xlsx" or body is None:
        data = io.BytesIO()
        write_list(data, rows)
        return _file(data.getvalue(), MEDIA_TYPE, f"整改台账_{today:%Y%m%d}.xlsx")
    return word_response(
        f"整改台账_{today:%Y%m%d}", lambda path: write_paper(path, "整改台账", body, today, rows)
    )


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


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
        "found": [(one, one.key in chosen) for one in found],
        "form": form,
        "wrong": wrong,
        "days": days,
        "undated": list(undated_for(request.user)[:UNDATED]),
        "picked": set(request.POST.getlist("item")),
        "crumbs": [("整改台账", reverse("findings"))],
    }
    failed = wrong or form.errors or days.errors
    return render(request, "workbench/supervision/listing.html", context, status=422 if failed else 200)


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
