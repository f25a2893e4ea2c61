"""A unit's records answer its tasks through the year: entered once, they serve task, figure and report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.county import County, county
from tests.planning.conftest import plan
from tests.planning.following import issued, training
from yifa.ledger.actions import CorrectAct
from yifa.ledger.figures.counting import count
from yifa.ledger.figures.usage import uses_of_case
from yifa.ledger.models import Record, Role
from yifa.planning.actions import LinkEvidence, RecordProgress, ReturnProgress
from yifa.planning.evidence import linked, tasks_of
from yifa.planning.models import Plan, Task
from yifa.planning.progresssheet import sheet
from yifa.planning.quarters import Quarter
from yifa.planning.reminders import Open, by_unit, reminders, tasks_with_notes
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report
from yifa.reporting.usage import uses_in_reports

__all__ = ["county", "plan"]
pytestmark = pytest.mark.django_db
S = Task.State


def open_of(plan: Plan, unit: Any, today: date) -> set[Open]:
    found = by_unit(reminders(tasks_with_notes(plan), today))
    return {one.kind for open_ in found if open_.unit == unit for one in open_.reminders}


@pytest.mark.mechanism("D2-02", "works")
@pytest.mark.mechanism("D5-12", "works")
def test_a_year_of_one_task_from_silence_to_the_report(plan: Plan, county: County) -> None:
    followed = issued(plan, county, due=date(2026, 10, 31))
    task = followed.tasks.all()[0]  # at least two trainings; led by justice, supported by market
    officer, coordinator = county.user(Role.OFFICER, county.justice), county.coordinator()

    april = date(2026, 4, 1)
    assert {Open.SILENT, Open.SHORT} <= open_of(followed, county.justice, april)

    first = training(county.market, date(2026, 4, 20))  # entered by the supporting unit, once
    second = training(county.justice, date(2026, 9, 8))
    link = LinkEvidence(
        actor=officer, task=followed.tasks.all()[1], record=second, note="培训后随堂评查案卷"
    ).execute()
    said = RecordProgress(
        actor=officer, task=task, on=date(2026, 10, 9), quarter=3, state=S.DONE, note="两次办完。"
    ).execute()
    ReturnProgress(actor=coordinator, progress=said, on=date(2026, 10, 12), reason="写明测试结果").execute()
    assert Open.RETURNED in open_of(followed, county.justice, date(2026, 10, 13))
    assert Task.objects.get(pk=task.pk).state == S.NOT_STARTED
    RecordProgress(
        actor=officer, task=task, on=date(2026, 10, 14), state=S.DONE, note="测试全部合格。", corrects=said
    ).execute()
    done = Task.objects.get(pk=task.pk)
    assert done.state == S.DONE
    today = date(2026, 10, 15)
    left = [
        one
        for one in reminders(tasks_with_notes(followed), today)
        if one.task == task and one.unit == county.justice
    ]
    assert left == []  # done, answered and proved by the records of two units

    line = sheet(tasks_with_notes(followed), Quarter(2026, 3), today)[0]
    assert (line.label, line.progress) == ("已完成", ("测试全部合格。",))
    assert "台账已有2次，已达到" in line.basis[0]

    report = BuildReport(actor=None, organization=county.body, year=2026, cutoff=today).execute()
    assert "plan_tasks_done" in set(report.figures.values_list("rule", flat=True))
    before = Record.objects.count()
    for record in (first, second):
        uses = uses_of_case(record, today)
        rules = {rule for use in uses for rule in use.rules}
        assert count("trainings_of_officers", county.body, date(2026, 1, 1), today).value == 2
        assert "trainings_of_officers" in rules
        assert task in [use.task for use in tasks_of(record, uses, Plan.objects.all())]
        (used,) = uses_in_reports(record.pk, rules, record.organization, Report.objects.all())
        assert "trainings_of_officers" in {figure.rule for figure in used.figures}
    assert Record.objects.count() == before  # nobody entered anything again

    CorrectAct(actor=None, case=second, position=1, changes={"by": "乙某"}, reason="笔误").execute()
    assert [one.later for one in linked([link])] == ["记录后来有更正"]
