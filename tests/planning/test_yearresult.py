from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.planning.following import issued, say
from yifa.ledger.models import Record
from yifa.planning.actions import ReturnProgress, SplitTask, WithdrawPlan
from yifa.planning.actions.dividing import Part
from yifa.planning.models import Plan, Task
from yifa.planning.yearresult import TaskResult, year_results
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report
from yifa.reporting.review import place_findings

pytestmark = pytest.mark.django_db
S = Task.State
END = date(2026, 6, 30)


@pytest.fixture
def followed(plan: Plan, county: Any) -> Plan:
    found = issued(plan, county)
    first, second, third, _ = found.tasks.all()
    say(first, date(2026, 5, 1), S.DONE, unit=county.justice)
    say(second, date(2026, 5, 1), unit=county.justice)
    say(third, date(2026, 5, 1), S.NOT_DONE, "", reason="讲师没有请到，{经费}未落实。", unit=county.justice)
    return found


def results(county: Any, until: date = END) -> dict[str, TaskResult]:
    return {one.task.number: one for one in year_results(county.body, 2026, until)}


def test_each_task_stands_as_it_was_said_until_the_day(followed: Plan, county: Any) -> None:
    found = results(county)
    assert {number: one.state for number, one in found.items()} == {
        "（一）": S.DONE,
        "（二）": S.IN_PROGRESS,
        "（三）": S.NOT_DONE,
        "（四）": S.NOT_STARTED,
    }
    assert found["（三）"].reason == "讲师没有请到，{经费}未落实。"
    before = results(county, date(2026, 4, 30))
    assert {one.state for one in before.values()} == {S.NOT_STARTED}
    assert results(county, date(2026, 1, 19)) == {}  # not issued yet


def test_what_was_returned_later_still_stood_on_the_day(followed: Plan, county: Any) -> None:
    note = followed.tasks.all()[0].progress.get()
    ReturnProgress(actor=None, progress=note, on=date(2026, 7, 3), reason="缺记录").execute()
    assert results(county)["（一）"].state == S.DONE
    assert results(county, date(2026, 7, 3))["（一）"].state == S.NOT_STARTED


def test_a_divided_task_counts_once_with_the_state_of_its_parts(followed: Plan, county: Any) -> None:
    fourth = followed.tasks.all()[3]
    parts = SplitTask(
        actor=None, task=fourth, parts=[Part(text="上半年培训"), Part(text="下半年培训")], reason="分工"
    ).execute()
    say(parts[0], date(2026, 5, 2), S.DONE)
    assert results(county)["（四）"].state == S.IN_PROGRESS
    say(parts[1], date(2026, 6, 2), S.DONE)
    found = results(county)
    assert len(found) == 4 and found["（四）"].state == S.DONE and found["（四）"].on == date(2026, 6, 2)


def test_each_result_names_the_line_of_the_ledger_that_says_so(followed: Plan, county: Any) -> None:
    found = results(county)
    lines = {record.digest: record.kind for record in Record.objects.filter(subject="plan")}
    assert lines[found["（三）"].digest] == "task.progress"
    assert lines[found["（四）"].digest] == "plan.issued"


def test_a_withdrawn_plan_has_no_results(followed: Plan, county: Any) -> None:
    WithdrawPlan(actor=None, plan=followed, on=END, reason="重做").execute()
    assert results(county) == {}


def built(county: Any) -> Report:
    return BuildReport(actor=None, organization=county.body, year=2026, cutoff=END).execute()


def test_the_report_says_what_became_of_the_plan_and_why_some_was_not_begun(
    followed: Plan, county: Any
) -> None:
    report = built(county)
    text = report.sections.get(key="plan").text
    assert "部署任务{plan_tasks}，其中已完成{plan_tasks_done}、进行中{plan_tasks_in_progress}" in text
    assert "“坚持领导干部学法”（澜亭县司法局；原因：讲师没有请到，「经费」未落实）" in text
    figures = {one.rule: one for one in report.figures.filter(rule__startswith="plan_tasks")}
    assert {rule: int(one.value or 0) for rule, one in figures.items()} == {
        "plan_tasks": 4,
        "plan_tasks_done": 1,
        "plan_tasks_in_progress": 1,
        "plan_tasks_not_started": 1,
        "plan_tasks_not_done": 1,
    }
    (idle,) = figures["plan_tasks_not_done"].records
    assert (idle.kind, idle.id, idle.title) == ("plan", followed.pk, "坚持领导干部学法")
    assert [one for one in place_findings(report) if one.severity == "error"] == []


def test_without_a_plan_the_report_says_so(county: Any) -> None:
    text = built(county).sections.get(key="plan").text
    assert text == "本年度没有印发法治政府建设工作要点。"
