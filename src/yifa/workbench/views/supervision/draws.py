"""All draws, one draw with all that explains it, and what of it the public sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.draws import Paper, differences
from yifa.ledger.models import Organization, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import MakeDraw, PublishDraw
from yifa.supervision.models import Draw
from yifa.workbench.cases.recusing import INSPECTOR, REVIEWER, declaring
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.lists import Choices, Column, Filter, ListPage
from yifa.workbench.lists.files import word_response
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.supervision.sides import kept_apart, pairs_of, side_shown


def draws_for(user: User) -> QuerySet[Draw]:
    """The draws of the bodies in which the user works, and of all below."""
    return scoped(Draw.objects.select_related("organization", "case"), user, "organization__path")


class DrawList(ListPage[Draw]):
    """The draws, the latest first."""

    title, what = "随机抽取", "次"
    template = "workbench/supervision/draws.html"
    default_sort = ("-made_at",)
    empty_text = "还没有抽取。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.filters = (
            Filter("q", "名称", "search"),
            Filter("purpose", "用途", "choice", lambda: Draw.Purpose.choices),
            Filter("unit", "单位（含下级）", "choice", self.units),
        )

    def units(self) -> Choices:
        """The units the user sees."""
        return list(Organization.objects.for_user(self.user).values_list("code", "name"))

    def rows(self) -> QuerySet[Draw]:
        """What the filters leave."""
        found = draws_for(self.user).select_related("later")
        if words := self.value("q"):
            found = found.filter(title__icontains=words)
        if purpose := self.value("purpose"):
            found = found.filter(purpose=purpose)
        if unit := self.value("unit"):
            found = found.filter(organization__path__contains=f"/{unit}/")
        return found

    def columns(self) -> Sequence[Column[Draw]]:
        """What, by whom, when, how far."""
        return [
            Column(
                "title",
                "名称",
                lambda row: f"{row.title}（重抽）" if row.former_id else row.title,
                ("title",),
                "workbench/supervision/cell_draw.html",
                "y-rest",
            ),
            Column("purpose", "用途", lambda row: row.get_purpose_display(), ("purpose",), css="fit"),
            Column("unit", "单位", lambda row: row.organization.name, ("organization__path",), css="fit"),
            Column("closed", "封存日期", lambda row: row.closed_on, ("closed_on",), css="fit"),
            Column("drawn", "抽取日期", lambda row: row.drawn_on, ("drawn_on",), css="fit"),
            Column("state", "状态", state_of, css="fit"),
        ]

    def extra(self) -> dict[str, Any]:
        """Who may begin one, and for what."""
        return {"purposes": Draw.Purpose.choices, "may_draw": has_role(self.user, MakeDraw.needs.roles)}


def state_of(row: Draw) -> str:
    """How far a draw is."""
    if row.drawn_on is None:
        return "名录已封存，待抽取"
    later = getattr(row, "later", None)
    return "已重抽" if later is not None and later.drawn_on is not None else "已抽取"


@login_required
def draws(request: SignedInRequest) -> HttpResponseBase:
    """The list."""
    return DrawList(request).respond()


class SeedForm(StyledForm):
    """The seed as it was published."""

    text = forms.CharField(
        label="种子", max_length=200, help_text="照公布的原样填写，一个字符也不能差。",
        error_messages={"required": "请填写种子。"},
    )  # fmt: skip
    source = forms.CharField(
        label="公布来源", max_length=300, help_text="写明何处可以查到，如公布机构、栏目、期号。",
        error_messages={"required": "请填写公布来源。"},
    )  # fmt: skip
    published = forms.DateField(
        label="公布日期", widget=DayInput(), error_messages={"required": "请填写种子的公布日期。"}
    )


@login_required
def draw(request: SignedInRequest, draw_id: UUID) -> HttpResponse:
    """One draw; the seed and the publication are sent to it."""
    found = get_object_or_404(draws_for(request.user), pk=draw_id)
    form = SeedForm(
        request.POST if "seed" in request.POST else None, initial={"published": timezone.localdate()}
    )
    refused: ActionRefused | None = None
    if request.method == "POST":
        require_here(request, found.organization)
        try:
            if "publish" in request.POST:
                PublishDraw(actor=request.user, draw=found).execute()
                messages.success(request, "已公布，任何人凭网址可以查看和核验。")
                return redirect("draw", found.pk)
            if form.is_valid():
                MakeDraw(actor=request.user, draw=found, **form.cleaned_data).execute()
                messages.success(request, "已抽取。")
                return redirect("draw", found.pk)
        except ActionRefused as error:
            refused = error
            if error.field in form.fields:
                form.add_error(error.field, error.message)
    context = {**_context(found, request), "form": form, "refused": refused}
    status = 422 if refused or (form.is_bound and form.errors) else 200
    return render(request, "workbench/supervision/draw.html", context, status=status)


POSTS: Mapping[str, str] = {
    Draw.Purpose.INSPECTION: INSPECTOR,
    Draw.Purpose.FILES: REVIEWER,
    Draw.Purpose.UNITS: INSPECTOR,
    Draw.Purpose.EXPERTS: "评审专家",
}


def _context(found: Draw, request: SignedInRequest) -> dict[str, Any]:
    paper = found.record
    later = Draw.objects.filter(former=found).first()
    may = has_role(request.user, MakeDraw.needs.roles, found.organization)
    first = paper.closed_on + timedelta(days=1)  # earlier a seed cannot have been published
    return {
        **shown(found, paper),
        "later": later,
        "may_draw": may and found.drawn_on is None,
        "first": first if timezone.localdate() < first else None,
        "may_again": may and found.drawn_on is not None and later is None,
        "may_publish": found.published_on is None
        and has_role(request.user, PublishDraw.needs.roles, found.organization),
        "may_review": may
        and found.purpose == Draw.Purpose.FILES
        and found.drawn_on is not None
        and not found.reviews.exists(),
        "checked": differences(paper) if "verify" in request.GET else None,
        "crumbs": [("随机抽取", reverse("draws"))],
        "state": "已由后一次重抽取代" if later and later.drawn_on else state_of(found),
        "declare": declaring(
            request.user, POSTS[found.purpose], found.title if found.purpose == Draw.Purpose.EXPERTS else ""
        ),
    }


def shown(found: Draw, paper: Paper) -> dict[str, Any]:
    """What both the own page and the public one show."""
    return {
        "title": found.title,
        "draw": found,
        "paper": paper,
        "sides": [side_shown(side, paper.drawn_on or paper.closed_on) for side in paper.sides],
        "pairs": list(pairs_of(paper)),
        "apart": kept_apart(paper),
    }


def _file(found: Draw) -> HttpResponse:
    response = HttpResponse(found.kept.text, content_type="application/json; charset=utf-8")
    name = quote(f"抽取记录（{found.title}）.json")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@login_required
def draw_file(request: SignedInRequest, draw_id: UUID) -> HttpResponse:
    """The record of a draw, from which it can be made again, or in words for the file."""
    found = get_object_or_404(draws_for(request.user), pk=draw_id)
    if request.GET.get("format") != "docx":
        return _file(found)
    from yifa.supervision.papers import write_record  # writing papers is needed by few pages

    purpose = Draw.Purpose(found.purpose).label
    return word_response(f"抽取记录（{found.title}）", lambda path: write_record(path, found.record, purpose))


def _published(draw_id: UUID) -> Draw:
    found = Draw.objects.select_related("organization").filter(pk=draw_id, published_on__isnull=False).first()
    if found is None:
        raise Http404
    return found


def published_draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """A published draw, for anybody. The whole line of draws and re-draws leads to one another."""
    found = _published(draw_id)
    published = Draw.objects.filter(published_on__isnull=False)
    context = {
        **shown(found, found.record),
        "later": published.filter(former=found).first(),
        "former": published.filter(later=found).first(),
        "checked": differences(found.record) if "verify" in request.GET else None,
        "state": "已由后一次重抽取代" if found.replaced else state_of(found),
    }
    return render(request, "workbench/supervision/published.html", context)


def published_draw_file(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The record of a published draw."""
    return _file(_published(draw_id))
