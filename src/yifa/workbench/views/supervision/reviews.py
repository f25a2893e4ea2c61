"""Reviews of files: the list, one review with what both said, the sheet of a reviewer, signals that open one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.schema import SheetType
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.scoping import scoped
from yifa.supervision.actions import NameThird, OpenReview, OpenReviews, SubmitSheet
from yifa.supervision.actions.reviews import answers_of
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.scoring import Mark, agreement, scored
from yifa.supervision.signals import reviewers, signals
from yifa.workbench.access import SignedInRequest, has_role, home_organization, require_here
from yifa.workbench.forms import StyledForm
from yifa.workbench.lists import Column, Filter, ListPage
from yifa.workbench.views.supervision.draws import draws_for


def reviews_for(user: User) -> QuerySet[FileReview]:
    """The reviews the user's bodies make, and those of files of the user's units."""
    rows = FileReview.objects.select_related("case", "unit", "organization")
    return scoped(rows, user, "organization__path")


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
            Column("round", "批次", lambda row: row.case.facts.get("round", "")),
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
    may = has_role(request.user, OpenReview.needs.roles, review.organization)
    needed = compared is not None and compared.third and len(sheets) == 2
    body = review.organization
    people = (
        [one for one in reviewers(body, review.unit) if one.pk not in {sheet.reviewer_id for sheet in sheets}]
        if needed
        else []
    )
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
        "sheets": [(one, named(one.reviewer)) for one in sheets],
        "compared": compared,
        "rows": _rows(review.sheet_type, sheets) if both else [],
        "results": [scored(review.sheet_type, view) for view in views] if both else [],
        "result": scored(review.sheet_type, *views) if review.settled_on else None,
        "agreed": sum(one.agreed for one in compared.items) if compared else 0,
        "kappa": f"{float(compared.kappa):.2f}" if compared and compared.kappa is not None else "",
        "needed": needed,
        "form": form if needed and may else None,
        "wrong": wrong,
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


class SheetForm(StyledForm):
    """The sheet: for each item a mark, and a note where it is not wholly so."""

    def __init__(self, *args: Any, sheet: SheetType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for item in sheet.items():
            self.fields[item.id] = forms.ChoiceField(
                label=item.title,
                choices=[("", "（请评）"), *((mark.value, mark.value) for mark in Mark)],
                required=False,
            )
            self.fields[f"note_{item.id}"] = forms.CharField(
                label=f"{item.title}的说明", required=False, max_length=300
            )
            for name in (item.id, f"note_{item.id}"):
                widget = self.fields[name].widget
                widget.attrs["class"] = "form-select" if name == item.id else "form-control"
                widget.attrs["aria-label"] = self.fields[name].label

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The items with their fields, group by group."""
        return [
            (group.title, [(item, self[item.id], self[f"note_{item.id}"]) for item in group.items])
            for group in self.sheet.groups
        ]

    def answers(self) -> dict[str, tuple[str, str]]:
        """What was filled in."""
        given = self.cleaned_data
        return {item.id: (given[item.id], given[f"note_{item.id}"]) for item in self.sheet.items()}


@login_required
def score_file(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The sheet of whoever was named; nobody else's is shown here."""
    own = Scoring.objects.select_related("review__case", "review__file", "review__unit").filter(
        review_id=review_id, reviewer=request.user
    ).first()  # fmt: skip
    if own is None:
        raise Http404
    review = own.review
    form = SheetForm(request.POST or None, sheet=review.sheet_type)
    wrong = ""
    if form.is_bound and form.is_valid():
        try:
            SubmitSheet(actor=request.user, review=review, answers=form.answers()).execute()
        except ActionRefused as error:
            wrong = error.message
            if error.field in form.fields:
                form.add_error(error.field, error.message)
        else:
            messages.success(request, "评查表已提交。")
            return redirect("file_reviews")
    sent = [(item, own.answers[item.id]) for item in review.sheet_type.items()] if own.submitted_on else []
    context = {
        "title": review.sheet_type.title,
        "review": review,
        "form": form,
        "wrong": wrong,
        "sent": sent,
        "acts": _acts(review),
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    return render(request, "workbench/supervision/score.html", context, status=422 if wrong else 200)


def _acts(review: FileReview) -> list[Any]:
    """What the file holds, for a reviewer who may not see the unit's ledger otherwise."""
    from yifa.ledger.legal import case_type_of

    if review.file is None:
        return []
    known = case_type_of(review.file.case_type).acts
    return [
        (
            known[act.act].title if act.act in known else act.act,
            act,
            [paper["title"] for paper in act.evidence],
        )
        for act in review.file.acts.all()
    ]


@login_required
@require_POST
def open_reviews(request: SignedInRequest, draw_id: UUID) -> HttpResponse:
    """All files of a draw with the reviewers it matched."""
    draw = get_object_or_404(draws_for(request.user), pk=draw_id)
    require_here(request, draw.organization)
    try:
        opened = OpenReviews(actor=request.user, draw=draw, round=draw.title[:100]).execute()
    except ActionRefused as error:
        messages.error(request, error.message)
        return redirect("draw", draw.pk)
    messages.success(request, f"已按抽取结果开展评查，共 {len(opened)} 卷。")
    return redirect("file_reviews")


@login_required
def review_signals(request: SignedInRequest) -> HttpResponse:
    """What should be looked at, each with one click to open its review."""
    user, today = request.user, timezone.localdate()
    organization = _organizer(user)
    found = signals(user, Organization.objects.body() or organization, today) if organization else []
    if request.method == "POST" and organization is not None:
        one = next((one for one in found if one.key == request.POST.get("key")), None)
        if one is None:
            messages.error(request, "这条线索已经开展评查，或者已不存在。")
            return redirect("review_signals")
        try:
            review = OpenReview(
                actor=user, organization=organization, unit=one.unit, round=f"{today.year}年线索评查", file=one.file,
                name=one.about.title, sheet=one.sheet.sheet, signal=one.words, signal_key=one.key,
                reviewers=reviewers(Organization.objects.body() or organization, one.unit)[:2],
            ).execute()  # fmt: skip
        except ActionRefused as error:
            messages.error(request, error.message)
            return redirect("review_signals")
        messages.success(request, "已开展评查，并指定了手头评查最少的两名评查人员。")
        return redirect("file_review", review.pk)
    context = {
        "title": "评查线索",
        "signals": found,
        "may_open": organization is not None,
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    return render(request, "workbench/supervision/signals.html", context)


def _organizer(user: User) -> Organization | None:
    """The body in which the user may organize reviews: the own unit, else the highest."""
    home = home_organization(user)
    if home is not None and has_role(user, [Role.OFFICER], home):
        return home
    rows = list(Organization.objects.for_user(user)[:1])
    return rows[0] if rows and has_role(user, [Role.OFFICER], rows[0]) else None
