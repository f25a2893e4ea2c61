"""The sheet of a reviewer: filled in once, nobody else's shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.law.schema import SheetType
from yifa.ledger.legal import case_type_of
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import SubmitSheet
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.scoring import Mark
from yifa.workbench.cases.recusing import REVIEWER, declaring
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest


class SheetForm(StyledForm):
    """The sheet: for each item a mark, and a note where it is not wholly so."""

    def __init__(self, *args: Any, sheet: SheetType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for item in sheet.items():
            self.fields[item.id] = forms.ChoiceField(
                label=item.title,
                choices=[(mark.value, mark.value) for mark in Mark],
                required=False,
                widget=forms.RadioSelect({"class": "btn-check"}),
            )
            self.fields[f"note_{item.id}"] = forms.CharField(
                label=f"{item.title}的说明", required=False, max_length=300
            )
            note = self.fields[f"note_{item.id}"]
            note.widget.attrs |= {"class": "form-control", "aria-label": note.label}

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
        "early": not sent and not review.has_file,
        "acts": _acts(review),
        "declare": declaring(request.user, REVIEWER, review.unit.name),
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    return render(request, "workbench/supervision/score.html", context, status=422 if wrong else 200)


def _acts(review: FileReview) -> list[Any]:
    """What the file holds, or what its unit sent of it, for a reviewer who may not see the unit's ledger otherwise."""
    acts = review.file.acts.all() if review.file else review.case.acts.filter(act="submit_file")
    known = case_type_of((review.file or review.case).case_type).acts
    return [(known[act.act].title if act.act in known else act.act, act, act.evidence) for act in acts]
