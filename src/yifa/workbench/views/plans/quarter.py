"""A unit's page for a quarter: all its tasks on one form, what was said last quarter beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Attachment, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import Paper, RecordProgress
from yifa.planning.models import Plan, Task, TaskEvidence, TaskProgress
from yifa.planning.quarters import Quarter, in_time, standing
from yifa.planning.reminders import NEEDED
from yifa.workbench.figures.keyfigures import Counting
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.showing import TargetLine, seen_plan, target_line
from yifa.workbench.waiting.plans import writing_units


class NoteForm(StyledForm):
    """One task's note. What stands already is shown to be corrected, with a reason."""

    state = forms.ChoiceField(label="状态", choices=Task.State.choices)
    note = forms.CharField(label="进展情况", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(
        label="未开展原因",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="状态为“未开展”时必填。",
    )
    records = forms.MultipleChoiceField(
        label="依据的台账记录", required=False, widget=forms.CheckboxSelectMultiple
    )
    file = forms.FileField(label="附件", required=False)
    paper_why = forms.CharField(
        label="为什么没有台账记录",
        required=False,
        help_text="附件只用于台账里不可能有记录的情况；能登记的请登记后关联。",
    )
    why = forms.CharField(label="更正理由", required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput())
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, *args: Any, links: Sequence[TaskEvidence], held: TaskProgress | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if links:
            choices = [(str(link.pk), link.title) for link in links]
            self.fields["records"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["records"]
        if held is None or held.returned_on is not None:
            del self.fields["why"]
        self.fields["file"].error_messages["empty"] = "这个文件是空的，请检查后重新选择。"

    @property
    def says_something(self) -> bool:
        """Whether anything was filled in or changed; an untouched task is left alone."""
        wanted = {"state", "note", "reason", "records", "file", "paper_why", "why"}
        return bool(wanted & set(self.changed_data)) or bool(self["kept"].value())


@dataclass
class TaskNote:
    """One task of the page."""

    task: Task
    form: NoteForm
    held: TaskProgress | None  # what stands for this quarter
    before: list[TaskProgress]  # what was said last quarter
    earlier: list[TaskProgress]  # what the held one corrected
    targets: list[TargetLine]
    supports: bool = False
    kept: Attachment | None = None
    refused: ActionRefused | None = None

    @property
    def folded(self) -> bool:
        """Finished before and nothing to say: shown as one line."""
        finished = self.task.state == Task.State.DONE and self.held is None
        return finished and not (self.form.is_bound and self.form.says_something)


@login_required
def quarter_notes(request: SignedInRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Fill in a quarter."""
    plan = seen_plan(request.user, plan_id)
    if number not in {1, 2, 3, 4}:
        raise Http404
    units = writing_units(request.user, plan)
    if not units:
        require_here(request, plan.organization)
    unit = _unit(request, units)
    quarter = Quarter(plan.year, number)
    stands, sent = plan.state == Plan.State.ISSUED, request.method == "POST"
    rows = (
        _rows(request, plan, unit, quarter)
        if unit is not None and (plan.state != Plan.State.WITHDRAWN or sent)
        else []
    )
    wrong = False
    if sent and stands and unit is not None:
        saved = _save(request, rows, unit, quarter)
        if saved is not None:
            messages.success(
                request, f"已记入台账：{saved}项任务的{quarter.title}进展。" if saved else "没有改动。"
            )
            return redirect(f"{reverse('quarter_notes', args=[plan.pk, number])}?unit={unit.code}")
        wrong = True
    context = {
        "title": f"{quarter.title}进展填报",
        "plan": plan,
        "quarter": quarter,
        "quarters": [Quarter(plan.year, one) for one in (1, 2, 3, 4)],
        "unit": unit,
        "units": units,
        "rows": rows,
        "wrong": wrong,
        "open": stands,
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/quarter.html", context, status=422 if wrong else 200)


def _unit(request: SignedInRequest, units: Sequence[Organization]) -> Organization | None:
    wanted = request.GET.get("unit")
    if wanted and wanted not in {unit.code for unit in units}:
        raise Http404
    for unit in units:
        if unit.code == wanted or (not wanted and unit.pk == request.user.organization_id):
            return unit
    return units[0] if units else None


def _rows(request: SignedInRequest, plan: Plan, unit: Organization, quarter: Quarter) -> list[TaskNote]:
    rows = plan.tasks.filter(units__organization=unit).exclude(division__gt="")
    tasks = list(rows.select_related("chapter").prefetch_related(*NEEDED))
    for task in tasks:
        task.plan = plan
    counting = Counting()
    return [row_of(request, task, unit, quarter, counting) for task in tasks]


def row_of(
    request: SignedInRequest, task: Task, unit: Organization, quarter: Quarter, counting: Counting
) -> TaskNote:
    """One task of the form, bound to what was sent. The task has `NEEDED` prefetched and its plan at hand."""
    today = timezone.localdate()
    for target in task.targets.all():
        target.task = task
    targets = [target_line(request.user, target, today, counting.get) for target in task.targets.all()]
    own = [note for note in task.progress.all() if note.unit_id == unit.pk]
    stand = standing(own)
    held = next((note for note in reversed(stand) if note.quarter == quarter.number), None)
    links = [one for one in task.evidence.all() if one.ended_at is None]
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        links=links,
        held=held,
        prefix=f"t{task.pk}",
        initial=_initial(task, held),
    )
    before = [note for note in stand if quarter.before and note.quarter == quarter.before.number]
    earlier = [n for n in own if n.quarter == quarter.number and n.pk not in {one.pk for one in stand}]
    return TaskNote(
        task, form, held, before, sorted(earlier, key=in_time), targets, supports=unit not in task.leads
    )


def _initial(task: Task, held: TaskProgress | None) -> dict[str, Any]:
    if held is None:
        return {"state": task.state, "seen": ""}
    return {
        "state": held.state,
        "note": held.note,
        "reason": held.reason,
        "records": [str(one.pk) for one in held.records.all()],
        "seen": held.pk,
    }


def _save(
    request: SignedInRequest, rows: Sequence[TaskNote], unit: Organization, quarter: Quarter
) -> int | None:
    """All that was filled in, or nothing: then every wrong task says why and keeps what was typed."""
    meant = [row for row in rows if row.form.says_something]
    for row in meant:
        _check(request, row, unit, quarter)
    if any(row.form.errors or row.refused for row in meant):
        return None
    try:
        with transaction.atomic():
            for row in meant:
                act_of(request.user, row, unit, quarter).execute()
    except ActionRefused as error:
        row.refused = error
        return None
    return len(meant)


def _check(request: SignedInRequest, row: TaskNote, unit: Organization, quarter: Quarter) -> None:
    if not row.form.is_valid():
        return
    try:
        _keep(request.user, row)
        act_of(request.user, row, unit, quarter).check()
    except ActionRefused as error:
        row.refused = error
        row.form.show_again(**{f"{row.form.prefix}-seen": str(row.held.pk) if row.held else ""})


def _keep(user: User, row: TaskNote) -> None:
    """A file is stored at once, so that a refusal does not lose it."""
    file = row.form.cleaned_data["file"]
    if isinstance(file, UploadedFile):
        content = cast(Any, file.file)
        row.kept = StoreAttachment(actor=user, content=content, name=file.name or "附件").execute()
        row.form.show_again(**{f"{row.form.prefix}-kept": row.kept.pk})
    elif row.form.cleaned_data["kept"]:
        row.kept = Attachment.objects.filter(pk=row.form.cleaned_data["kept"]).first()


def act_of(user: User, row: TaskNote, unit: Organization, quarter: Quarter) -> RecordProgress:
    """The change that the form means. What the user saw is corrected; where nothing was seen, nothing may stand."""
    given = row.form.cleaned_data
    links = {str(one.pk): one for one in row.task.evidence.all()}
    seen = next((note for note in row.task.progress.all() if note.pk == given["seen"]), None)
    papers = [Paper(attachment=row.kept, title="", why=given["paper_why"])] if row.kept else []
    if seen is not None:  # a correction takes the files along
        papers += [Paper(attachment=p.attachment, title=p.title, why=p.why) for p in seen.papers.all()]
    return RecordProgress(
        actor=user,
        task=row.task,
        unit=unit,
        quarter=quarter.number,
        on=max(timezone.localdate(), date(quarter.year, 1, 1)),
        state=given["state"],
        note=given["note"],
        reason=given["reason"],
        records=[links[key] for key in given.get("records", []) if key in links],
        papers=papers,
        corrects=seen,
        why=given.get("why", ""),
        first=seen is None,
    )
