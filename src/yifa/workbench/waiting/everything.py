"""What waits for somebody: acts and steps only the own roles may take now, what was sent back, what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from yifa.ledger.models import Role, User
from yifa.ledger.models.scoping import reach, within
from yifa.planning.models import Plan, TaskProgress
from yifa.reporting.models import Comment, IncomingReport, Report, UnitPart
from yifa.workbench.reports.access import involved
from yifa.workbench.reports.steplist import STEPS
from yifa.workbench.rights.access import memberships
from yifa.workbench.waiting.cases import CaseTurns, Turn
from yifa.workbench.waiting.checking import checking_turns
from yifa.workbench.waiting.registers import register_turns
from yifa.workbench.waiting.row import LOOKED_AT, Waiting
from yifa.workbench.waiting.undated import undated_for

AT_A_GLANCE = 8  # cases of each kind on the first page
WRITERS = (Role.OFFICER, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """What waits for the user; `more`: there are more cases than were asked for."""

    rows: tuple[Waiting, ...]
    more: bool = False

    @property
    def back(self) -> int:
        """How many were sent back."""
        return sum(one.back for one in self.rows)


def waiting_for(user: User, today: date, cases: int = AT_A_GLANCE) -> WaitingList:
    """Everything that waits for the user, the most urgent first; of cases so many of each kind."""
    desks = desks_of(user)
    turns = CaseTurns(user, desks, today, cases).turns()
    found = [
        *_parts(user),
        *_handed_in(user),
        *_notes(user),
        *_steps(user),
        *_incoming(user),
        *_comments(user),
    ]
    found += [*_undated(user), *map(_case, turns.found)]
    found += [*register_turns(user, desks, today), *checking_turns(user, desks, today)]
    return WaitingList(tuple(sorted(found, key=lambda one: one.urgency(today))), turns.more)


def _undated(user: User) -> Iterator[Waiting]:
    """One line for all items of rectification of which the user may set the day and nobody did."""
    many = undated_for(user)[: LOOKED_AT + 1].count()
    if many:
        said = f"{LOOKED_AT}项以上" if many > LOOKED_AT else f"{many}项"
        yield Waiting("定整改期限", f"整改台账里{said}待定整改期限", f"{reverse('list_findings')}#undated")


def desks_of(user: User) -> set[int]:
    """The units whose own work the user does: where the user sits, and where those sit for whom the user acts."""
    absent = [one.of for one in memberships(user) if one.of is not None]
    return {one.organization_id for one in (user, *absent) if one.organization_id is not None}


def _case(turn: Turn) -> Waiting:
    case = turn.case
    url = reverse("record_act", args=[case.pk, turn.act]) if turn.act else reverse("case", args=[case.pk])
    title = f"{turn.title}（{turn.back}）" if turn.back else turn.title
    return Waiting(title, f"{case.title} · {case.organization}", url, bool(turn.back), turn.due)


def _notes(user: User) -> Iterator[Waiting]:
    """Notes on the plan's tasks that were sent back to the user's units."""
    rows = TaskProgress.objects.filter(
        within(reach(user, WRITERS), "unit__path"),
        unit_id__in=desks_of(user),
        returned_on__isnull=False,
        corrected_by=None,
        task__plan__state=Plan.State.ISSUED,
        task__cancelled_on=None,
        task__merged_into=None,
    )
    for note in rows.select_related("task", "unit").order_by("returned_on", "pk")[:LOOKED_AT]:
        title = f"任务进展被退回：{note.return_reason}"
        url = reverse("record_progress", args=[note.task_id])
        yield Waiting(title, f"{note.task.title}（{note.unit}）", url, back=True)


def _steps(user: User) -> Iterator[Waiting]:
    """The steps of signing off that the user may take now."""
    going = involved(user).exclude(state=Report.State.PUBLISHED).order_by("-year", "pk")[:LOOKED_AT]
    for report in going:
        for name, step in STEPS.items():
            mine = not step.danger and report.state in step.states and step.who(user, report)
            if mine and step.applies(report) and not step.gate(report) and not step.given(user, report):
                yield Waiting(step.title, str(report), reverse("report_step", args=[report.pk, name]))


def _parts(user: User) -> Iterator[Waiting]:
    """Parts of reports that the user's units still have to write or mend."""
    states = (UnitPart.State.WRITING, UnitPart.State.RETURNED)
    mine = UnitPart.objects.filter(
        within(reach(user, WRITERS), "unit__path"),
        unit_id__in=desks_of(user),
        state__in=states,
        section__report__state=Report.State.DRAFT,
    )
    for part in mine.select_related("section__report", "unit").order_by("due", "pk")[:LOOKED_AT]:
        back = part.state == UnitPart.State.RETURNED
        title = f"单位稿被退回：{part.reason}" if back else "编写单位稿"
        yield Waiting(
            title, f"{part.section}（{part.unit}）", reverse("write_part", args=[part.pk]), back, part.due
        )


def _handed_in(user: User) -> Iterator[Waiting]:
    """Parts handed in that who coordinates the report has still to take over, give back or put aside."""
    rows = UnitPart.objects.filter(
        within(reach(user, [Role.COORDINATOR]), "section__report__organization__path"),
        state=UnitPart.State.HANDED_IN,
        section__report__state=Report.State.DRAFT,
    )
    for part in rows.select_related("section__report", "unit").order_by("handed_in_at", "pk")[:LOOKED_AT]:
        url = reverse("edit_section", args=[part.section.report_id, part.section_id])
        yield Waiting("采用单位稿", f"{part.section}（{part.unit}）", url)


def _incoming(user: User) -> Iterator[Waiting]:
    """Reports from below to be judged by who coordinates above, and those judged wanting, by the unit."""
    states = IncomingReport.State
    judged = Q(within(reach(user, [Role.COORDINATOR]), "unit__parent__path"), state=states.RECEIVED)
    mended = Q(within(reach(user, WRITERS), "unit__path"), unit_id__in=desks_of(user), state=states.RETURNED)
    rows = IncomingReport.objects.filter(judged | mended).select_related("unit").order_by("-year", "pk")
    for one in rows[:LOOKED_AT]:
        back = one.state == states.RETURNED
        url = reverse("incoming_unit", args=[one.unit.code, one.year, one.outline])
        yield Waiting("报告被退回" if back else "审核下级报告", f"{one.unit}{one.year}年度", url, back)


def _comments(user: User) -> Iterator[Waiting]:
    """Remarks to be answered by who coordinates the report, and the user's own that have been answered."""
    paths = reach(user, [Role.COORDINATOR])
    asked = Q(within(paths, "report__organization__path"), state=Comment.State.OPEN)
    answered = Q(made_by=user, state=Comment.State.ANSWERED)
    rows = Comment.objects.filter(asked | answered, parent=None).exclude(report__state=Report.State.PUBLISHED)
    for one in rows.select_related("report").order_by("-pk")[:LOOKED_AT]:
        title = "意见待答复" if one.state == Comment.State.OPEN else "您的意见已答复，请确认"
        yield Waiting(
            title, f"{one.report}：{one.text[:40]}", reverse("report_comments", args=[one.report_id])
        )
