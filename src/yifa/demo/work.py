"""The invented county's plans, what became of them, and its report in the making, through the actions of those rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yifa.demo import assessing, corrections, draws, reports, structure, supervising
from yifa.demo.shapes import plan_table, plan_text, unit_report
from yifa.ledger.models import Organization
from yifa.planning.actions import ImportPlan, IssuePlan, LinkEvidence, RecordProgress, ReturnProgress, SetDue
from yifa.planning.evidence import candidates
from yifa.planning.importing import proposed_draft, read_source
from yifa.planning.models import Plan, Task, TaskEvidence, TaskProgress
from yifa.reading import read_text
from yifa.reporting.actions import AcceptReport, ReceiveReport, ReturnReport

QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
SILENT = 7  # every seventh task is never reported on
SLOW = 5  # every fifth is not finished in time
UNPROVED = 4  # every fourth is reported on without a record
RETURNED = 13  # the task of which the coordinator wants to know more


def create(body: Organization, today: date) -> None:
    """Last year: duties, plan, report, what came to light since; a sheet; this year's plan, and its report, begun."""
    supervising.duties(body, today.year - 1)
    supervising.unit_duties(assessing.assessed(body), today.year - 1)
    _plan(body, today.year - 1, today)
    corrections.after_publication(reports.last_year(body, today), today)
    _sheet_comes_in(body, today.year)
    _plan(body, today.year, today)
    reports.this_year(body, today)
    _towns_hand_in(body, today)
    supervising.reasons(today)
    supervising.faults(body)
    draws.make(body, today)
    assessing.both_years(body, today)


def _plan(body: Organization, year: int, today: date) -> None:
    """The plan of a year, issued in January, and what became of its tasks."""
    document = read_text(plan_text(year), f"澜亭县{year}年法治政府建设工作要点.txt")
    plan = ImportPlan(actor=None, organization=body, year=year, document=document).execute()
    SetDue(actor=None, plan=plan, due=date(year, 12, 31), only_missing=True).execute()
    if year == today.year:
        structure.before_issue(plan, today)
    issued = min(date(year, 1, 16), today)
    IssuePlan(actor=None, plan=plan, on=issued, document_number=f"澜政办〔{year}〕3号").execute()
    plan.refresh_from_db()
    if year == today.year:
        structure.after_issue(plan, today)
    undivided = plan.tasks.filter(division="")  # a divided task is as far as its sub-tasks
    for number, task in enumerate(undivided.order_by("order"), start=1):
        _follow(task, number, today)


def _sheet_comes_in(body: Organization, year: int) -> None:
    """A draft from a spreadsheet with what such sheets lack: units to find out, days in words."""
    source = read_source(plan_table(year).encode(), f"涉企检查任务分解表{year}.txt")
    ImportPlan(actor=None, organization=body, year=year, draft=proposed_draft(source, year)).execute()


def _towns_hand_in(body: Organization, today: date) -> None:
    """Three units have handed in last year's report: one waits, one went back, one is accepted."""
    year = today.year - 1
    units = list(body.children.filter(level="town").order_by("path")[:3])
    for place, unit in enumerate(units):
        text = unit_report(unit.name, year, received=place)
        on = min(date(today.year, 2, 10 + 9 * place), today)
        incoming = ReceiveReport(
            actor=None, unit=unit, year=year, content=text.encode(), name=f"{unit.name}.txt", on=on
        ).execute()
        if place == 1:
            ReturnReport(
                actor=None,
                incoming=incoming,
                words="受理件数与台账不一致，不足部分没有写原因，请修改后重报。",
            ).execute()
        elif place == 2:
            AcceptReport(
                actor=None, incoming=incoming, words="与台账的出入已当面核对，按报告接收。"
            ).execute()


def _follow(task: Task, number: int, today: date) -> None:
    """What the unit reported at the end of each quarter: running, then done; some late, some nothing at all."""
    plan: Plan = task.plan
    if number % SILENT == 0:
        if today.year > plan.year:
            end = date(plan.year, 12, 31)
            _report(task, end, Task.State.NOT_DONE, "", "人员调整，本年度没有开展，列入下一年度。")
        return
    found = _evidence(task) if number % UNPROVED else []
    said: TaskProgress | None = None
    for quarter, (month, day) in enumerate(QUARTER_ENDS, start=1):
        end = date(plan.year, month, day)
        if end >= today:
            break
        if task.due is not None and end >= task.due and number % SLOW:
            _report(task, end, Task.State.DONE, "已完成，材料已归档。", records=found)
            return
        text = f"第{'一二三四'[quarter - 1]}季度按计划推进，尚未完成。"
        said = _report(task, end, Task.State.IN_PROGRESS, text, records=found)
    if said is not None and number == RETURNED and today.year == plan.year:
        ReturnProgress(actor=None, progress=said, on=today, reason="请写明办理件数和存在的困难。").execute()


def _evidence(task: Task) -> list[TaskEvidence]:
    """The newest record of the units of the task, of a kind that the task's own words speak of."""
    units = [*task.leads, *task.support]
    for offered in candidates(None, task, units):
        if offered.rows:
            note = f"{offered.proposal.title}，说明任务的办理情况"
            return [LinkEvidence(actor=None, task=task, record=offered.rows[0], note=note).execute()]
    return []


def _report(
    task: Task,
    on: date,
    state: Task.State,
    note: str,
    reason: str = "",
    *,
    records: Sequence[TaskEvidence] = (),
) -> TaskProgress:
    return RecordProgress(
        actor=None,
        task=task,
        unit=task.lead,
        on=on,
        state=state,
        note=note,
        reason=reason,
        records=records,
    ).execute()
