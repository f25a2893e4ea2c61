"""One task with what answers it: records its rules find, records linked by hand, records that might be linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.figures.counting import CountedRecord
from yifa.ledger.models import Case, Entry, Organization, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.evidence import Linked, candidates, counted_records, linked, search
from yifa.planning.models import Plan, Task, TaskEvidence
from yifa.planning.quarters import Quarter, in_time, standing
from yifa.planning.targets import missing
from yifa.workbench.figures.keyfigures import Counting
from yifa.workbench.rights.access import SignedInRequest, has_role, plans_for, sees
from yifa.workbench.views.plans.showing import TargetLine, target_line
from yifa.workbench.waiting.plans import WRITERS

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A record on the page; without `url` it is of a unit the user does not see."""

    kind: str
    id: UUID
    title: str
    number: str
    unit: str
    what: str  # the kind in words, or the act
    url: str


@dataclass(frozen=True, slots=True)
class AnsweredTarget:
    """A target with its records: those of the user's own reach by name, the others as a number."""

    line: TargetLine
    lacking: str
    rows: tuple[Row, ...]
    more: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """A linked record."""

    linked: Linked
    row: Row


def task_of(user: User, task_id: int) -> Task:
    """A task of a plan the user works under, with what its page shows; a merged one stays readable."""
    rows = Task.everything.select_related(
        "plan__organization", "chapter", "parent", "merged_into"
    ).prefetch_related(
        "units__organization",
        "parts__units__organization",
        "targets__task__plan__organization",
        "progress__recorded_by",
        "progress__returned_by",
        "progress__unit",
        "progress__records",
        "progress__papers__attachment",
        "evidence__linked_by",
        "evidence__ended_by",
        "evidence__organization",
    )
    return get_object_or_404(rows, pk=task_id, plan__in=plans_for(user))


def writes_for(user: User, task: Task) -> list[Organization]:
    """The units of a task for which the user may write; all of them for the plan's coordinator."""
    units = [link.organization for link in task.units.all()]
    if has_role(user, [Role.COORDINATOR], task.plan.organization):
        return units or [task.plan.organization]
    return [unit for unit in units if has_role(user, WRITERS, unit)]


@login_required
def task_evidence(request: SignedInRequest, task_id: int) -> HttpResponse:
    """The task's page."""
    return task_page(request, task_of(request.user, task_id))


def task_page(
    request: SignedInRequest,
    task: Task,
    refused: ActionRefused | None = None,
    given: dict[str, str] | None = None,
) -> HttpResponse:
    """The page, maybe with a refusal and the note that was written."""
    user, today, plan = request.user, timezone.localdate(), task.plan
    stands = plan.state == Plan.State.ISSUED and task.merged_into is None and not task.cancelled
    may_link = stands and bool(writes_for(user, task))
    units = [plan.organization] if has_role(user, [Role.COORDINATOR], plan.organization) else _units(task)
    text, source = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    counting = Counting()
    targets = [target_line(user, target, today, counting.get) for target in task.targets.all()]
    counted = {one.id for line in targets for one in counted_records(line.answer)}
    context = {
        "title": str(task),
        "task": task,
        "plan": plan,
        "days": (task.due - today).days if task.due and stands else None,
        "targets": [_answered(user, line) for line in targets],
        "links": [LinkedRow(one, _of_link(user, one.evidence)) for one in linked(task.evidence.all())],
        "ended": [one for one in task.evidence.all() if one.ended_at is not None],
        "notes": [
            (Quarter(plan.year, note.quarter), note)
            for note in sorted(task.progress.all(), key=in_time, reverse=True)
        ],
        "standing": {note.pk for note in standing(task.progress.all())},
        "may_link": may_link,
        "merged": Task.everything.filter(merged_into=task),
        "may_return": stands and has_role(user, [Role.COORDINATOR], plan.organization),
        "offered": [
            (one, [_of_record(row) for row in one.rows])
            for one in candidates(user, task, _units(task), counted)
        ]
        if may_link
        else [],
        "text": text,
        "source": source,
        "found": [_of_record(row) for row in search(user, units, text, source)] if may_link else [],
        "searched": bool(text or source),
        "kinds": _kinds(),
        "refused": refused,
        "given": given or {},
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/evidence.html", context, status=422 if refused else 200)


def _units(task: Task) -> list[Organization]:
    return [link.organization for link in task.units.all()] or task.leads


def _kinds() -> list[tuple[str, str]]:
    known = catalogue()
    kinds = [(name, kind.title) for name, kind in known.case_types.items()]
    return kinds + [(name, f"{kind.title}（清单）") for name, kind in known.registers.items()]


def _answered(user: User, line: TargetLine) -> AnsweredTarget:
    records = counted_records(line.answer)
    seen = _within_reach(user, records)
    rows = tuple(_of_counted(one) for one in seen[:SHOWN])
    return AnsweredTarget(line, missing(line.answer), rows, len(seen) - len(rows), len(records) - len(seen))


def _within_reach(user: User, records: Sequence[CountedRecord]) -> list[CountedRecord]:
    """Those the user may open, the newest first. Two queries."""
    ids = {kind: [one.id for one in records if one.kind == kind] for kind in ("case", "entry")}
    if user.is_superuser:
        may = {id_ for found in ids.values() for id_ in found}
    else:
        may = set()
        for model, kind in ((Case, "case"), (Entry, "entry")):
            for start in range(0, len(ids[kind]), 500):
                part = ids[kind][start : start + 500]
                may |= set(model.objects.for_user(user).filter(pk__in=part).values_list("pk", flat=True))
    return [one for one in sorted(records, key=lambda one: one.on, reverse=True) if one.id in may]


def _of_counted(one: CountedRecord) -> Row:
    what = f"{one.act}　{one.on:%Y-%m-%d}".strip("　")
    return Row(one.kind, one.id, one.title, one.number, one.unit, what, reverse(one.kind, args=[one.id]))


def _of_link(user: User, link: TaskEvidence) -> Row:
    url = reverse(link.kind, args=[link.record_id]) if sees(user, link.organization) else ""
    return Row(
        link.kind,
        link.record_id,
        link.title,
        link.number,
        link.organization.name,
        kind_title(link.source),
        url,
    )


def _of_record(record: Case | Entry) -> Row:
    if isinstance(record, Case):
        kind, number, source = "case", record.number, record.case_type
    else:
        kind, number, source = "entry", record.key, record.register
    url = reverse(kind, args=[record.pk])
    return Row(kind, record.pk, record.title, number, record.organization.name, kind_title(source), url)


def kind_title(source: str) -> str:
    """A case type or register in words."""
    known = catalogue()
    kind = known.case_types.get(source) or known.registers.get(source)
    return kind.title if kind is not None else source
