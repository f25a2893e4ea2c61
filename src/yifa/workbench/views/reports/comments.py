"""Remarks on a report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yifa.ledger.models import Role
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import AnswerComment, CloseComment, MakeComment
from yifa.reporting.actions.commenting import may_comment
from yifa.reporting.models import Comment, Report, Section
from yifa.workbench.forms import StyledForm
from yifa.workbench.reports.access import coordinates, involved, shared_report
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.reports.parts import crumbs_of


class CommentForm(StyledForm):
    """A remark and what it is about."""

    quote = forms.CharField(
        label="所指文字", required=False, max_length=500, help_text="可以不填；粘贴有疑问的那句话。"
    )
    text = forms.CharField(
        label="意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写意见。"},
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"] = forms.ModelChoiceField(
            report.sections.all(), label="部分", required=False, empty_label="（整份报告）"
        )
        self.fields["section"].widget.attrs["class"] = "form-select"
        self.order_fields(["section", "quote", "text"])


@login_required
def report_comments(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """All remarks, the open ones first; a new one."""
    report = shared_report(request.user, report_id)
    about = request.GET.get("section", "")
    initial = {"section": about if about.isdecimal() else None}
    form = CommentForm(request.POST or None, report=report, initial=initial)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        section: Section | None = form.cleaned_data["section"]
        try:
            MakeComment(
                actor=request.user,
                report=report,
                section=section,
                quote=form.cleaned_data["quote"],
                text=form.cleaned_data["text"],
            ).execute()
            messages.success(request, "意见已提出，答复前报告不能进入下一步。")
            return redirect("report_comments", report_id=report.pk)
        except ActionRefused as error:
            refused = error
    order = {Comment.State.OPEN: 0, Comment.State.ANSWERED: 1, Comment.State.CLOSED: 2}
    rows = report.comments.filter(parent=None).select_related("made_by", "section", "closed_by")
    comments = sorted(
        rows.prefetch_related("answers__made_by"), key=lambda one: (order[Comment.State(one.state)], one.pk)
    )
    context = {
        "title": "意见",
        "report": report,
        "comments": comments,
        "roles": dict(Role.choices),
        "form": form,
        "refused": refused,
        "may_comment": report.state != Report.State.PUBLISHED and may_comment(request.user, report),
        "coordinates": coordinates(request.user, report),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/comments.html", context, status=422 if form.is_bound else 200)


def _seen_comment(request: SignedInRequest, comment_id: int) -> Comment:
    comments = Comment.objects.select_related("report__organization", "section")
    return get_object_or_404(comments, pk=comment_id, report__in=involved(request.user))


@login_required
@require_POST
def answer_comment(request: SignedInRequest, comment_id: int) -> HttpResponse:
    """Answer a remark, or settle it."""
    comment = _seen_comment(request, comment_id)
    try:
        if "close" in request.POST:
            CloseComment(actor=request.user, comment=comment).execute()
            messages.success(request, "这条意见已办结。")
        else:
            AnswerComment(actor=request.user, comment=comment, text=request.POST.get("text", "")).execute()
            messages.success(request, "已答复。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('report_comments', args=[comment.report_id])}#comment-{comment.pk}")
