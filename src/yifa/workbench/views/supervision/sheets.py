"""Another sheet for a review that was opened with the wrong one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.models import Record, User
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import ChangeSheet
from yifa.supervision.actions.sheets import other_sheets
from yifa.supervision.models import FileReview
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.supervision.reviewpath import reviews_for


class ChangeForm(StyledForm):
    """Which sheet instead, and why."""

    sheet = forms.ChoiceField(label="换用评查表", error_messages={"required": "请选择评查表。"})
    reason = forms.CharField(
        label="换表的理由", max_length=300, error_messages={"required": "请填写换表的理由。"}
    )

    def __init__(self, *args: Any, sheets: Sequence[SheetType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["sheet"]
        choices.choices = [("", "（请选择）"), *((one.sheet, one.title) for one in sheets)]


def change_form(review: FileReview, user: User) -> ChangeForm | None:
    """The form for those who organize reviews, while the sheet may be changed."""
    if not has_role(user, ChangeSheet.needs.roles, review.organization):
        return None
    sheets = other_sheets(review)
    return ChangeForm(sheets=sheets) if sheets else None


def changes_of(review: FileReview) -> list[dict[str, Any]]:
    """Each change of the sheet: when, by whom, from which to which, why."""
    titles = {one.sheet: one.title for one in catalogue().sheets.values()}
    found = Record.objects.filter(subject_id=review.pk, kind="review.sheet_changed").select_related(
        "recorded_by"
    )
    told = [(one, json.loads(one.payload)) for one in found.order_by("position")]
    return [
        {
            "on": one.happened_on, "by": one.recorded_by, "reason": said["reason"],
            "old": titles.get(said["from"], said["from"]), "new": titles.get(said["sheet"], said["sheet"]),
        }
        for one, said in told
    ]  # fmt: skip


@login_required
@require_POST
def change_sheet(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Changes the sheet."""
    review = get_object_or_404(reviews_for(request.user).select_related("file"), pk=review_id)
    require_here(request, review.organization)
    given = request.POST
    try:
        ChangeSheet(
            actor=request.user, review=review, sheet=given.get("sheet", ""), reason=given.get("reason", "")
        ).execute()
    except ActionRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已换用“{review.sheet_type.title}”，评查人员照新表填写。")
    return redirect("file_review", review.pk)
