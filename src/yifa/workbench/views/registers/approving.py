"""Changes of registers that wait for approval: looked at, approved and published together, or returned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yifa.approvals.actions import DecideDraft, DropDraft
from yifa.approvals.models import EntryDraft
from yifa.approvals.sets import DecideSet, DropSet
from yifa.ledger.legal import register_of
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.registers.draftsets import sets_of
from yifa.workbench.views.registers.showing import differences
from yifa.workbench.waiting.registers import mending_url

SHOWN = 100


class DecisionForm(StyledForm):
    """From when it is published, and what is said."""

    on = forms.DateField(
        label="公布日期",
        widget=DayInput(),
        required=False,
        help_text="不填的，各按起草人所写的公布日期公布。",
    )
    opinion = forms.CharField(label="审核意见", max_length=300, required=False, help_text="退回的必须写明。")


@login_required
def entry_drafts(request: SignedInRequest) -> HttpResponse:
    """The changes on their way that the user sees; ticked ones are approved and published, or returned."""
    form = DecisionForm(request.POST or None)
    seen = Organization.objects.for_user(request.user)
    every = EntryDraft.objects.filter(organization__in=seen).select_related(
        "organization", "entry", "drafted_by", "decided_by"
    )
    batch = _batch(request)
    drafts = every.filter(batch=batch)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request, drafts, form.cleaned_data, batch))
            return redirect("entry_drafts")
        except ActionRefused as error:
            refused = error
    waits = drafts.filter(state=EntryDraft.State.WAITING).order_by("drafted_at" if batch else "-drafted_at")
    page = Paginator(waits, SHOWN).get_page(request.GET.get("page"))
    waiting = [
        (one, register_of(one.register), _differences(one), _may(request, one)) for one in page.object_list
    ]
    context = {
        "title": "清单变更审核",
        "page": page,
        "page_range": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "batch": batch,
        "sets": sets_of(every, request.user) if batch is None else [],
        "form": form,
        "refused": refused,
        "waiting": waiting,
        "decides": any(may for *_, may in waiting),
        "decided": [
            (one, register_of(one.register), _again(request, one))
            for one in drafts.exclude(state=EntryDraft.State.WAITING).order_by("-drafted_at")[:20]
        ],
        "crumbs": [
            ("清单名录", reverse("registers")),
            *([("清单变更审核", reverse("entry_drafts"))] if batch else []),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbench/registers/drafts.html", context, status=status)


def _batch(request: SignedInRequest) -> UUID | None:
    """The list that is looked at by itself."""
    text = request.GET.get("set", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def _may(request: SignedInRequest, draft: EntryDraft) -> bool:
    roles = DecideDraft.needs.roles
    return draft.drafted_by_id != request.user.pk and has_role(request.user, roles, draft.organization)


def _again(request: SignedInRequest, draft: EntryDraft) -> str:
    """Where the drafter mends what was returned; empty where there is nothing to mend."""
    if draft.state != EntryDraft.State.RETURNED or draft.drafted_by_id != request.user.pk:
        return ""
    return mending_url(draft)


@login_required
@require_POST
def drop_draft(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Take one's own draft back, or all that is left of a list."""
    seen = EntryDraft.objects.filter(organization__in=Organization.objects.for_user(request.user))
    try:
        if seen.filter(batch=draft_id).exists():
            many = DropSet(actor=request.user, batch=draft_id).execute()
            messages.success(request, f"已撤回整套 {many} 条。")
        else:
            draft = get_object_or_404(seen, pk=draft_id)
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


def _decide(request: SignedInRequest, drafts: Any, data: dict[str, Any], batch: UUID | None) -> str:
    """All ticked ones or none; of a list all there are, where that was asked for."""
    asked = {"actor": request.user, "on": data["on"], "opinion": data["opinion"]}
    whole, approve = "whole" in request.POST, request.POST.get("do") == "approve"
    if batch is not None and whole:
        return _done(DecideSet(batch=batch, approve=approve, **asked).execute(), approve)
    ids = []
    for text in request.POST.getlist("draft")[:SHOWN]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    chosen = list(drafts.filter(pk__in=ids))
    if not chosen:
        raise ActionRefused("没有选中变更，请先勾选。", code="invalid")
    with transaction.atomic():
        for draft in chosen:
            DecideDraft(draft=draft, approve=approve, **asked).execute()
    return _done(len(chosen), approve)


def _done(many: int, approve: bool) -> str:
    return f"已审核并公布 {many} 条。" if approve else f"已退回 {many} 条，意见已告知起草人。"
