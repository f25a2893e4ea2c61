"""Changes of registers that wait for approval: looked at, approved and published together, or returned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.approvals.actions import DecideDraft, DropDraft
from yifa.approvals.models import EntryDraft
from yifa.ledger.legal import register_of
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.access import SignedInRequest, has_role
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.views.registers.showing import differences

SHOWN = 100


class DecisionForm(StyledForm):
    """From when it is published, and what is said."""

    on = forms.DateField(label="公布日期", widget=DayInput(), error_messages={"required": "请填写公布日期。"})
    opinion = forms.CharField(label="审核意见", max_length=300, required=False, help_text="退回的必须写明。")


@login_required
def entry_drafts(request: SignedInRequest) -> HttpResponse:
    """The changes on their way that the user sees; ticked ones are approved and published, or returned."""
    form = DecisionForm(request.POST or None, initial={"on": timezone.localdate()})
    seen = Organization.objects.for_user(request.user)
    drafts = EntryDraft.objects.filter(organization__in=seen).select_related(
        "organization", "entry", "drafted_by", "decided_by"
    )
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request, drafts, form.cleaned_data))
            return redirect("entry_drafts")
        except ActionRefused as error:
            refused = error
    waiting = [
        (one, register_of(one.register), _differences(one), _may(request, one))
        for one in drafts.filter(state=EntryDraft.State.WAITING)[:SHOWN]
    ]
    context = {
        "title": "清单变更审核",
        "form": form,
        "refused": refused,
        "waiting": waiting,
        "decides": any(may for *_, may in waiting),
        "decided": [
            (one, register_of(one.register), _again(request, one))
            for one in drafts.exclude(state=EntryDraft.State.WAITING)[:20]
        ],
        "crumbs": [("清单名录", reverse("registers"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbench/registers/drafts.html", context, status=status)


def _may(request: SignedInRequest, draft: EntryDraft) -> bool:
    roles = DecideDraft.needs.roles
    return draft.drafted_by_id != request.user.pk and has_role(request.user, roles, draft.organization)


def _again(request: SignedInRequest, draft: EntryDraft) -> str:
    """Where the drafter mends what was returned; empty where there is nothing to mend."""
    if draft.state != EntryDraft.State.RETURNED or draft.drafted_by_id != request.user.pk:
        return ""
    return mending_url(draft)


def mending_url(draft: EntryDraft) -> str:
    """The form of the change that was returned, with what was written."""
    names = {EntryDraft.Kind.REVISE: "revise_entry", EntryDraft.Kind.WITHDRAW: "withdraw_entry"}
    name = names.get(EntryDraft.Kind(draft.kind), "new_entry")
    where = draft.register if name == "new_entry" else draft.entry_id
    return f"{reverse(name, args=[where])}?draft={draft.pk}"


@login_required
@require_POST
def drop_draft(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Take one's own draft back."""
    seen = Organization.objects.for_user(request.user)
    draft = get_object_or_404(EntryDraft, pk=draft_id, organization__in=seen)
    try:
        DropDraft(actor=request.user, draft=draft).execute()
        messages.success(request, f"已撤回：{draft.title}。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("entry_drafts")


def _differences(draft: EntryDraft) -> Any:
    if draft.kind == EntryDraft.Kind.WITHDRAW:
        return ()
    before = draft.entry.data if draft.entry is not None else {}
    return differences(register_of(draft.register), before, draft.data)


def _decide(request: SignedInRequest, drafts: Any, data: dict[str, Any]) -> str:
    """All ticked ones or none."""
    ids = []
    for text in request.POST.getlist("draft")[:SHOWN]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    chosen = list(drafts.filter(pk__in=ids))
    if not chosen:
        raise ActionRefused("没有选中变更，请先勾选。", code="invalid")
    approve = request.POST.get("do") == "approve"
    with transaction.atomic():
        for draft in chosen:
            DecideDraft(
                actor=request.user, draft=draft, approve=approve, on=data["on"], opinion=data["opinion"]
            ).execute()
    return f"已审核并公布 {len(chosen)} 条。" if approve else f"已退回 {len(chosen)} 条，意见已告知起草人。"
