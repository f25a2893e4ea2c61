"""Reviews of files: the list, one review with what both said, the sheet of a reviewer, signals that open one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.law.schema import SheetType
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import NameThird, OpenReview
from yifa.supervision.actions.reviews import answers_of
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.scoring import agreement, scored
from yifa.supervision.signals import reviewers
from yifa.workbench.forms import StyledForm
from yifa.workbench.lists import Column, Filter, ListPage
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here, sees
from yifa.workbench.views.supervision.reviewpath import answer_form, path_of, reviews_for
from yifa.workbench.views.supervision.sheets import change_form, changes_of


class ReviewList(ListPage[FileReview]):
    """The reviews, the latest first."""

    title, what = "案卷评查", "卷"
    template = "workbench/supervision/reviews.html"
    default_sort = ("-made_at",)
    empty_text = "还没有评查案卷。先抽取案卷，或者由线索开展评查。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.filters = (Filter("q", "案卷或批次", "search"), Filter("open", "只看没有结果的", "tick"))

    def rows(self) -> QuerySet[FileReview]:
        """What the filters leave."""
        found = reviews_for(self.user)
        if words := self.value("q"):
            found = found.filter(case__title__icontains=words) | found.filter(
                case__facts__round__icontains=words
            )
        return found.filter(settled_on=None) if self.value("open") else found

    def columns(self) -> Sequence[Column[FileReview]]:
        """Which file, whose, why, how far."""
        return [
            Column(
                "title",
                "案卷",
                lambda row: row.case.title,
                ("case__title",),
                "workbench/supervision/cell_review.html",
                "y-rest",
            ),
            Column("unit", "被评查单位", lambda row: row.unit.name, ("unit__path",), css="fit"),
            Column("kind", "种类", lambda row: row.sheet_type.file_kind, ("sheet",), css="fit"),
            Column("round", "批次", lambda row: row.case.facts.get("round", ""), css="fit"),
            Column("signal", "线索", lambda row: row.signal, ("signal",)),
            Column("state", "状态", lambda row: row.case.status, css="fit"),
        ]

    def extra(self) -> dict[str, Any]:
        """What the user himself has to score."""
        own = Scoring.objects.filter(reviewer=self.user, submitted_on=None).select_related(
            "review__case", "review__unit"
        )
        return {"own": list(own[:50]), "may_open": has_role(self.user, OpenReview.needs.roles)}


@login_required
def file_reviews(request: SignedInRequest) -> HttpResponseBase:
    """The list."""
    return ReviewList(request).respond()


class ThirdForm(StyledForm):
    """Who looks where the two differ."""

    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label="第三人",
        empty_label="（请选择）",
        error_messages={"required": "请选择第三人。"},
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])  # type: ignore[attr-defined]  # a choice of models
        field.label_from_instance = named  # type: ignore[attr-defined]


def named(user: User) -> str:
    """A reviewer with the unit."""
    return f"{user.display_name or user.get_username()}（{user.organization or '无单位'}）"


@login_required
def file_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """One review. What the two said is shown when both are in."""
    review = get_object_or_404(reviews_for(request.user).select_related("file", "draw"), pk=review_id)
    sheets = list(review.scorings.select_related("reviewer__organization"))
    both = len(sheets) > 1 and all(one.submitted_on for one in sheets[:2])
    views = [answers_of(one) for one in sheets if one.submitted_on]
    compared = agreement(review.sheet_type, views[0], views[1]) if both else None
    inside = sees(request.user, review.organization)  # a unit learns who reviewed its file with the result
    may = has_role(request.user, OpenReview.needs.roles, review.organization)
    needed = compared is not None and compared.third and len(sheets) == 2
    body = review.organization
    chosen = {sheet.reviewer_id for sheet in sheets}
    able = reviewers(body, review.unit, review.file, review.case.title) if needed else []
    people = [one for one in able if one.pk not in chosen]
    form = ThirdForm(request.POST or None, people=people)
    wrong = ""
    if request.method == "POST":
        require_here(request, review.organization)
        if form.is_valid():
            try:
                NameThird(actor=request.user, review=review, reviewer=form.cleaned_data["reviewer"]).execute()
            except ActionRefused as error:
                wrong = error.message
            else:
                messages.success(request, "已指定第三人。")
                return redirect("file_review", review.pk)
    context = {
        "title": f"评查：{review.case.title}",
        "review": review,
        "sheet": review.sheet_type,
        "sheets": [(one, named(one.reviewer)) for one in sheets] if inside or review.settled_on else [],
        "compared": compared,
        "rows": _rows(review.sheet_type, sheets) if both else [],
        "results": [scored(review.sheet_type, view) for view in views] if both else [],
        "result": scored(review.sheet_type, *views) if review.settled_on else None,
        "agreed": sum(one.agreed for one in compared.items) if compared else 0,
        "share": f"{float(compared.share):.0%}" if compared else "",
        "kappa": f"{float(compared.kappa):.2f}"
        if compared and compared.varied and compared.kappa is not None
        else "",
        "needed": needed,
        "form": form if needed and may else None,
        "wrong": wrong,
        "path": path_of(review, request.user) if review.settled_on else [],
        "change": change_form(review, request.user),
        "changes": changes_of(review) if inside else [],
        "answer": answer_form(review, request.user),
        "own": next(
            (one for one in sheets if one.reviewer_id == request.user.pk and not one.submitted_on), None
        ),
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    status = 422 if wrong or (form.is_bound and form.errors) else 200
    return render(request, "workbench/supervision/review.html", context, status=status)


def _rows(sheet: SheetType, sheets: Sequence[Scoring]) -> list[tuple[Any, list[list[str]], bool]]:
    """Each item with all marks, and whether the first two agree."""
    rows = []
    for item in sheet.items():
        marks = [one.answers[item.id] for one in sheets if one.submitted_on]
        rows.append((item, marks, marks[0][0] == marks[1][0]))
    return rows
