"""What follows the result of a review: told to the unit, objected to, put right, looked at again, each with its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.schema import Basis
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.actions.cases import recorders
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import CaseAct, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import ClockState
from yifa.supervision.actions import AnswerReview
from yifa.supervision.actions.reviews import ANSWERS
from yifa.supervision.models import FileReview
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here

STEPS = {
    "feed_back": "", "object": "objection", "review_objection": "objection_answer", "rectify": "rectification",
    "recheck": "", "circulate": "", "close": "",
}  # fmt: skip  # acts in their order, with the clock each stops


def reviews_for(user: User) -> QuerySet[FileReview]:
    """The reviews the user's bodies make, and what the user's own units were told or have to send."""
    rows = FileReview.objects.select_related("case", "unit", "organization")
    told = CaseAct.objects.filter(case=OuterRef("case"), act="feed_back")
    own = scoped(FileReview.objects.filter(Exists(told) | Q(file=None)), user, "unit__path")
    made = scoped(FileReview.objects.all(), user, "organization__path")
    return rows.filter(Q(pk__in=made.values("pk")) | Q(pk__in=own.values("pk")))


@dataclass(frozen=True, slots=True)
class Step:
    """A step after the result: done how often and when, until when, and whether it can be done now by the user."""

    act: str
    title: str
    done: Sequence[CaseAct]
    due: date | None
    late: bool
    note: str
    basis: Basis | None
    open: bool


def path_of(review: FileReview, user: User) -> list[Step]:
    """All steps after the result."""
    case, kind = review.case, case_type_of("case_review")
    state = state_of(case, timezone.localdate())
    acts = list(case.acts.order_by("position"))
    return [
        _step(act, kind.acts[act].title, [one for one in acts if one.act == act], state.clocks.get(clock),
              act in state.next and has_role(user, recorders(kind, act), case.organization))
        for act, clock in STEPS.items()
    ]  # fmt: skip


def _step(act: str, title: str, done: Sequence[CaseAct], clock: ClockState | None, may: bool) -> Step:
    due = clock.due if clock else None
    stopped = done[0].happened_on if done else timezone.localdate()
    started = clock is not None and clock.started is not None
    note = (clock.note or "") if clock and started and due is None and not done else ""
    return Step(act, title, done, due, bool(due and stopped > due), note, clock.basis if clock else None, may)


class AnswerForm(StyledForm):
    """What the reviewed unit says."""

    act = forms.ChoiceField(
        label="办理", choices=[("submit_file", "送交案卷"), ("rectify", "报送整改"), ("object", "提出异议")]
    )
    text = forms.CharField(
        label="整改情况或者异议的理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), required=False,
    )  # fmt: skip
    paper = forms.FileField(
        label="文件",
        required=False,
        help_text="送交案卷附案卷目录或者扫描件，报送整改附整改报告，异议可附异议书。",
    )


def answer_form(review: FileReview, user: User) -> AnswerForm | None:
    """The form for the reviewed unit, while there is something it may say."""
    if review.case.closed_on or not has_role(user, AnswerReview.needs.roles, review.unit):
        return None
    allowed = set(state_of(review.case, timezone.localdate()).next) & set(ANSWERS)
    if not allowed:
        return None
    form = AnswerForm()
    field: Any = form.fields["act"]
    field.choices = [(act, title) for act, title in field.choices if act in allowed]
    return form


@login_required
@require_POST
def answer_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """What the reviewed unit sends."""
    review = get_object_or_404(reviews_for(request.user), pk=review_id)
    require_here(request, review.unit)
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "；".join(str(one) for errors in form.errors.values() for one in errors))
        return redirect("file_review", review.pk)
    given, file = form.cleaned_data, form.cleaned_data["paper"]
    try:
        paper = (
            StoreAttachment(actor=request.user, content=file, name=file.name).execute().pk if file else None
        )
        AnswerReview(
            actor=request.user, review=review, act=given["act"], text=given["text"], paper=paper
        ).execute()
    except ActionRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已报送，评查单位可以看到。")
    return redirect("file_review", review.pk)
