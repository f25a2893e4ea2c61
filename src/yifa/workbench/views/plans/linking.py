"""Linking a record to a task, taking a link away, sending a note back; the files of notes."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.ledger.models import Case, Entry, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import LinkEvidence, ReturnProgress, UnlinkEvidence
from yifa.planning.models import ProgressPaper, Task, TaskEvidence, TaskProgress
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, plans_for, require_here, require_role
from yifa.workbench.serving.files import stored_file
from yifa.workbench.views.plans.evidence import task_of, task_page, writes_for


@login_required
@require_POST
def link_evidence(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Link a record to the task."""
    task = task_of(request.user, task_id)
    _require_writer(request.user, task)
    record = _record(request)
    note = request.POST.get("note", "")
    try:
        LinkEvidence(actor=request.user, task=task, record=record, note=note).execute()
    except ActionRefused as error:
        return task_page(request, task, error, {"id": str(record.pk), "note": note})
    messages.success(request, f"已关联：{record.title}。")
    return redirect(f"{reverse('task_evidence', args=[task.pk])}#linked")


def _require_writer(user: User, task: Task) -> None:
    if not writes_for(user, task):
        units = [link.organization for link in task.units.all()]
        require_role(user, [Role.OFFICER], units[0] if units else task.plan.organization)


def _record(request: SignedInRequest) -> Case | Entry:
    """What is to be linked; what the user does not see is not there."""
    try:
        id_ = UUID(request.POST.get("record", ""))
    except ValueError as error:
        raise Http404 from error
    if request.POST.get("kind") == "case":
        return get_object_or_404(Case.objects.for_user(request.user).select_related("organization"), pk=id_)
    return get_object_or_404(Entry.objects.for_user(request.user).select_related("organization"), pk=id_)


class ReasonForm(StyledForm):
    """A reason that stands in the ledger."""

    reason = forms.CharField(
        label="理由", widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "请写明理由。"}
    )


@login_required
def unlink_evidence(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """Take a link away, with a reason."""
    links = TaskEvidence.objects.filter(task__plan__in=plans_for(request.user), ended_at=None)
    link = get_object_or_404(links.select_related("task"), pk=evidence_id)
    task = task_of(request.user, link.task_id)
    _require_writer(request.user, task)
    form = ReasonForm(request.POST or None)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            UnlinkEvidence(actor=request.user, evidence=link, reason=form.cleaned_data["reason"]).execute()
            messages.success(request, f"已取消关联：{link.title}。")
            return redirect(f"{reverse('task_evidence', args=[task.pk])}#linked")
        except ActionRefused as error:
            refused = error
    said = f"“{link.title}”不再作为{task.number}{task.title}的依据；取消的关联和理由仍可查看。"
    return _form(request, task, form, refused=refused, button="取消关联", said=said)


@login_required
def return_note(request: SignedInRequest, note_id: int) -> HttpResponse:
    """Send a note back for more."""
    notes = TaskProgress.objects.filter(task__plan__in=plans_for(request.user))
    note = get_object_or_404(notes.select_related("task", "unit"), pk=note_id)
    task = task_of(request.user, note.task_id)
    require_here(request, task.plan.organization)
    form = ReasonForm(request.POST or None)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        try:
            ReturnProgress(
                actor=request.user, progress=note, on=today, reason=form.cleaned_data["reason"]
            ).execute()
            messages.success(request, "已退回；填报单位的首页会出现这一项，补充后才作数。")
            return redirect(f"{reverse('task_evidence', args=[task.pk])}#notes")
        except ActionRefused as error:
            refused = error
    said = f"{note.unit or task.plan.organization}填报：{note.note or note.reason}"
    return _form(request, task, form, refused=refused, button="退回补充", said=said)


def _form(
    request: SignedInRequest,
    task: Task,
    form: ReasonForm,
    *,
    refused: ActionRefused | None,
    button: str,
    said: str,
) -> HttpResponse:
    context = {
        "title": button,
        "form": form,
        "refused": refused,
        "button": button,
        "said": said,
        "back": reverse("task_evidence", args=[task.pk]),
        "crumbs": [
            ("工作要点", reverse("plans")),
            (task.plan.title, reverse("plan", args=[task.plan_id])),
            (f"{task.number}{task.title}", reverse("task_evidence", args=[task.pk])),
        ],
    }
    return render(request, "workbench/plans/reason.html", context, status=422 if form.is_bound else 200)


@login_required
def note_file(request: SignedInRequest, note_id: int, sha256: str) -> HttpResponseBase:
    """A file of a note, for those who see the plan."""
    papers = ProgressPaper.objects.filter(
        progress=note_id, attachment=sha256, progress__task__plan__in=plans_for(request.user)
    )
    if not papers.exists():
        raise Http404
    return stored_file(sha256)
