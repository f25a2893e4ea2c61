"""The figures on the year's plan that an annual report prints: planning counts, reporting prints, neither knows the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.models import Organization
from yifa.planning.models import Task
from yifa.planning.yearresult import CANCELLED, TaskResult, year_results
from yifa.reporting.computed import Computed
from yifa.reporting.facts import PLAN_TASKS, computed, offer

TITLES = {
    None: "年度工作要点部署的任务",
    Task.State.DONE: "年度工作要点已完成的任务",
    Task.State.IN_PROGRESS: "年度工作要点进行中的任务",
    Task.State.NOT_STARTED: "年度工作要点未开始的任务",
    Task.State.NOT_DONE: "年度工作要点未开展的任务",
    CANCELLED: "年度工作要点取消的任务",
}
EXPLAIN = (
    "本单位当年印发的工作要点中的任务，一项计一次，子任务并入所属任务；状态以统计截止日以前牵头单位最后一次填报为准，"
    "被退回、尚未补充的填报不作数，有子任务的全部完成才算完成；"
    "印发后按程序取消的任务单独计数，不计入部署的任务。"
)


def offer_figures() -> None:
    """Makes the figures known to reports."""
    for state, title in TITLES.items():
        offer(PLAN_TASKS if state is None else f"{PLAN_TASKS}_{state}", title, partial(_figure, state))


def _figure(state: str | None, rule: str, organization: Organization, _start: date, end: date) -> Computed:
    found = year_results(organization, end.year, end)
    wanted = [one for one in found if (one.state != CANCELLED if state is None else one.state == state)]
    return computed(rule, EXPLAIN, "项", "进展", [_line(one) for one in wanted])


def _line(one: TaskResult) -> CountedRecord:
    units = "、".join(unit.name for unit in one.task.leads)
    return CountedRecord(
        kind="plan",
        id=one.plan.pk,
        position=one.task.order,
        on=one.on,
        title=one.task.title,
        number=one.task.number,
        unit=units,
        act=one.reason,
        value=Decimal(1),
        part="已取消" if one.state == CANCELLED else Task.State(one.state).label,
        digest=one.digest,
    )
