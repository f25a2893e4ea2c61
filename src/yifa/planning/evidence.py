"""The records that answer a task: those its counting rules find, those linked by hand, those that might be linked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yifa.ledger.figures.counting import Counted, CountedRecord
from yifa.ledger.figures.usage import Use
from yifa.ledger.models import Case, CaseAct, Entry, Organization, Record, Subject, User
from yifa.planning.models import Plan, PlanTarget, Task, TaskEvidence
from yifa.planning.proposals import Proposal, proposals
from yifa.planning.targets import Answer, whose

CORRECTING = {
    "act.corrected",
    "act.withdrawn",
    "facts.changed",
    "entry.revised",
    "entry.withdrawn",
}
FOUND_AT_MOST = 20
SHOWN_OF_EACH = 3
LOOKED_AT = 60  # of each kind, before those known are left out


@dataclass(frozen=True, slots=True)
class Linked:
    """A link with what has become of its record since: "" nothing, else in words."""

    evidence: TaskEvidence
    later: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the units of a task have of a proposed kind in the plan's year and have not linked; `more` than is shown."""

    proposal: Proposal
    rows: tuple[Case | Entry, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TaskUse:
    """A task that a record answers: by a link, or because a counting rule of one of its targets counts it."""

    task: Task
    link: TaskEvidence | None
    target: PlanTarget | None


def counted_records(answer: Answer) -> Sequence[CountedRecord]:
    """The records behind an answer; those of a rate are the ones it counts above the line."""
    counted: Counted | None = answer.counted
    if counted is None:
        return ()
    return counted.records if counted.numerator is None else counted.numerator.records


def linked(evidence: Iterable[TaskEvidence]) -> list[Linked]:
    """The links that stand, and whether their records were corrected or went on since. One query for all."""
    links = [one for one in evidence if one.ended_at is None]
    newest = {one.record_id: one.length for one in sorted(links, key=lambda one: -one.length)}
    later: dict[UUID, list[tuple[int, str]]] = {}
    if newest:
        rows = Record.objects.filter(
            subject__in=[Subject.CASE, Subject.ENTRY],
            subject_id__in=newest,
            position__gt=min(newest.values()),
        )
        for id_, position, kind in rows.values_list("subject_id", "position", "kind"):
            later.setdefault(id_, []).append((position, kind))
    return [Linked(one, _later(one, later.get(one.record_id, ()))) for one in links]


def _later(link: TaskEvidence, records: Iterable[tuple[int, str]]) -> str:
    since = {kind for position, kind in records if position > link.length}
    if since & CORRECTING:
        return "记录后来有更正"
    return "此后又有办理" if since else ""


def of_units(units: Sequence[Organization]) -> Q:
    """A filter for the records of some units and all below them."""
    condition = Q(pk__in=[])
    for unit in units:
        condition |= Q(organization__path__startswith=unit.path)
    return condition


def candidates(
    user: User | None, task: Task, units: Sequence[Organization], counted: Collection[UUID] = ()
) -> list[Candidates]:
    """For each kind the task speaks of, the newest records to link: neither linked nor `counted` for it already.

    Of those the user may see; None is the system, which sees all.
    """
    known = {*counted, *task.evidence.filter(ended_at=None).values_list("record_id", flat=True)}
    return [_candidates(user, task.plan, units, proposal, known) for proposal in proposals(task)]


def _candidates(
    user: User | None, plan: Plan, units: Sequence[Organization], proposal: Proposal, known: Collection[UUID]
) -> Candidates:
    begins, ends = date(plan.year, 1, 1), date(plan.year, 12, 31)
    rows: QuerySet[Case] | QuerySet[Entry]
    if proposal.kind == TaskEvidence.Kind.CASE:
        in_year = CaseAct.objects.filter(case=OuterRef("pk"), happened_on__range=(begins, ends))
        cases = Case.objects.all() if user is None else Case.objects.for_user(user)
        rows = cases.filter(Exists(in_year), case_type=proposal.source)
        rows = rows.order_by("-opened_on", "-id")
    else:
        entries = Entry.objects.all() if user is None else Entry.objects.for_user(user)
        rows = entries.filter(register=proposal.source, withdrawn=False)
        rows = rows.filter(begins__range=(begins, ends)).order_by("-begins", "key")
    newest = rows.filter(of_units(units)).select_related("organization")[:LOOKED_AT]
    shown: list[Case | Entry] = [one for one in newest if one.pk not in known]
    return Candidates(proposal, tuple(shown[:SHOWN_OF_EACH]), len(shown) > SHOWN_OF_EACH)


def search(user: User, units: Sequence[Organization], text: str, source: str = "") -> list[Case | Entry]:
    """Cases and entries of some units whose title or number has every word; `source`: only of this kind."""
    cases, entries = Case.objects.for_user(user), Entry.objects.for_user(user).filter(withdrawn=False)
    for word in text.split():
        cases = cases.filter(Q(title__icontains=word) | Q(number__icontains=word))
        entries = entries.filter(Q(title__icontains=word) | Q(key__icontains=word))
    if source:
        cases, entries = cases.filter(case_type=source), entries.filter(register=source)
    if not text.split() and not source:
        return []
    found: list[Case | Entry] = list(
        cases.filter(of_units(units))
        .select_related("organization")
        .order_by("-opened_on", "-id")[:FOUND_AT_MOST]
    )
    rest = FOUND_AT_MOST - len(found)
    found += entries.filter(of_units(units)).select_related("organization").order_by("register", "key")[:rest]
    return found


def tasks_of(record: Case | Entry, uses: Iterable[Use], plans: QuerySet[Plan]) -> list[TaskUse]:
    """The tasks of some plans that a record answers, those by link first."""
    links = TaskEvidence.objects.filter(
        record_id=record.pk, ended_at=None, task__plan__in=plans, task__cancelled_on=None
    )
    found = [TaskUse(link.task, link, None) for link in links.select_related("task__plan", "linked_by")]
    years: dict[str, set[int]] = {}
    for use in uses:
        for rule in use.rules:
            years.setdefault(rule, set()).add(use.year)
    above = record.organization.ancestor_codes()
    targets = (
        PlanTarget.objects.filter(
            counting_rule__in=years,
            task__plan__in=plans,
            task__plan__organization__code__in=above,
            task__cancelled_on=None,
        )
        .exclude(task__plan__state=Plan.State.WITHDRAWN)
        .select_related("task__plan")
        .order_by("-task__plan__year", "task__place", "order")
    )
    wanted = [
        target
        for target in targets
        if target.task.plan.year in years[target.counting_rule]
        and any(record.organization.path.startswith(unit.path) for unit in whose(target))
    ]
    return found + [TaskUse(target.task, None, target) for target in wanted]
