"""A task of an issued plan is cancelled: struck out everywhere, asked of nobody, taken back as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.utils import timezone

from tests.planning.test_dividing import last
from tests.planning.test_issuing import complete, issued
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning import matrix, word
from yifa.planning.actions import (
    AddTask,
    AmendTask,
    CancelTask,
    GradePlan,
    IssuePlan,
    Part,
    RecordProgress,
    RestoreTask,
    SetBearers,
    SplitTask,
    TakeUpProblem,
)
from yifa.planning.guarding import length
from yifa.planning.history import changes, since_issue
from yifa.planning.models import Plan, Task
from yifa.planning.problems import left_out
from yifa.planning.progresssheet import sheet
from yifa.planning.quarters import Quarter
from yifa.planning.reminders import reminders, tasks_with_notes
from yifa.planning.yearresult import year_results

pytestmark = pytest.mark.django_db
ON, TODAY = date(2026, 6, 3), date(2026, 11, 20)
CANCEL: dict[str, Any] = {
    "actor": None,
    "on": ON,
    "number": "澜法办〔2026〕9号",
    "reason": "机构改革，职能划出",
}


@pytest.fixture
def plan(plan: Plan, county: Any, fixed_day: date) -> Plan:
    return issued(plan, county)


def second(plan: Plan) -> Task:
    return Task.everything.get(plan=plan, number="（二）")


def test_a_cancelled_task_is_asked_of_nobody_and_counted_apart(plan: Plan, county: Any) -> None:
    with pytest.raises(ActionRefused, match="取消的理由"):
        CancelTask(**{**CANCEL, "reason": " "}, task=second(plan)).execute()
    CancelTask(**CANCEL, task=second(plan)).execute()
    assert [task.number for task in plan.tasks.all()] == ["（一）", "（三）", "（四）"]
    assert [task.number for task in plan.shown] == ["（一）", "（二）", "（三）", "（四）"]
    assert not any(one.task == second(plan) for one in reminders(tasks_with_notes(plan), TODAY))
    states = [one.state for one in year_results(county.body, 2026, TODAY)]
    assert states == ["not_started", "cancelled", "not_started", "not_started"]
    before = [one.state for one in year_results(county.body, 2026, date(2026, 6, 2))]
    assert before == ["not_started"] * 4  # on that day it still stood
    for act in (
        AmendTask(actor=None, task=second(plan), title="甲", text="乙", reason="改"),
        RecordProgress(actor=None, task=second(plan), on=ON, state="in_progress", note="评查。"),
        CancelTask(**CANCEL, task=second(plan)),
    ):
        with pytest.raises(ActionRefused, match="已取消"):
            act.execute()


def test_papers_show_it_struck_out_with_the_document(plan: Plan, tmp_path: Path) -> None:
    CancelTask(**CANCEL, task=second(plan)).execute()
    word.write(plan, tmp_path / "plan.docx")
    document = docx.Document(str(tmp_path / "plan.docx"))
    item = next(p for p in document.paragraphs if p.text.startswith("（二）"))
    assert item.text.endswith("（2026年6月3日取消，澜法办〔2026〕9号）")
    assert [bool(run.font.strike) for run in item.runs] == [True, True, False]
    struck = {
        cell.text for row in document.tables[0].rows for cell in row.cells
        for run in cell.paragraphs[0].runs if run.font.strike
    }  # fmt: skip
    assert {"二", "开展案卷评查"} <= struck and not any("取消" in text for text in struck)
    word.write_sheet(plan, tmp_path / "plan.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "plan.xlsx").active.rows)  # type: ignore[union-attr]
    lines = {row[2].value: row for row in rows}
    assert lines["开展案卷评查"][2].font.strike and not lines["加强执法培训"][2].font.strike
    assert "已取消" in [cell.value for cell in lines["开展案卷评查"]]
    row = next(row for row in matrix.build(plan, TODAY).rows if row.task.number == "（二）")
    assert row.state == "cancelled" and not any("!" in cell.sign for cell in row.cells)
    with_it = sheet(tasks_with_notes(plan, cancelled=True), Quarter(2026, 2), TODAY)
    line = next(line for line in with_it if line.task.number == "（二）")
    assert (line.label, line.progress) == (
        "已取消",
        ("2026年6月3日取消，澜法办〔2026〕9号：机构改革，职能划出",),
    )
    first_quarter = sheet(tasks_with_notes(plan, cancelled=True), Quarter(2026, 1), TODAY)
    assert all(line.label != "已取消" for line in first_quarter)


def test_history_says_both_and_taking_back_restores_all(plan: Plan, county: Any) -> None:
    task = second(plan)
    CancelTask(**CANCEL, task=task).execute()
    assert last(plan)["tasks"] == [task.order]
    [compared] = [one for one in since_issue(plan) if one.note]
    assert compared.note == "2026年6月3日取消，澜法办〔2026〕9号：机构改革，职能划出"
    with pytest.raises(ActionRefused, match="改动须写明理由"):
        RestoreTask(actor=None, task=second(plan)).execute()
    RestoreTask(actor=None, task=second(plan), reason="职能未划出").execute()
    assert second(plan).cancelled_on is None and not since_issue(plan)
    assert [one.title for one in changes(plan)[-2:]] == ["取消任务", "恢复任务"]
    with pytest.raises(ActionRefused, match="没有取消"):
        RestoreTask(actor=None, task=second(plan), reason="再来").execute()


def test_sub_tasks_go_and_come_with_their_task_and_one_of_them_alone(plan: Plan) -> None:
    task = second(plan)
    parts = SplitTask(
        actor=None, task=task, parts=[Part(text=words) for words in ("抽案卷", "评查", "反馈")], reason="细化"
    ).execute()
    CancelTask(**CANCEL, task=parts[0]).execute()
    assert [part.title for part in task.parts.all()] == ["评查", "反馈"]
    for part in parts[1:]:
        RecordProgress(actor=None, task=part, on=ON, state="done", note="已办。").execute()
    assert second(plan).state == Task.State.DONE  # the cancelled one keeps nobody waiting
    with pytest.raises(ActionRefused, match="已报完成，不能取消"):
        CancelTask(**CANCEL, task=second(plan)).execute()
    RecordProgress(
        actor=None, task=parts[2], on=date(2026, 6, 9), state="in_progress", note="补办。"
    ).execute()
    CancelTask(**CANCEL, task=second(plan)).execute()
    assert not Task.objects.filter(plan=plan, parent=task).exists()
    with pytest.raises(ActionRefused, match="所属的任务（二）也已取消"):
        RestoreTask(actor=None, task=Task.everything.get(pk=parts[1].pk), reason="恢复").execute()
    RestoreTask(actor=None, task=second(plan), reason="恢复").execute()
    assert [part.title for part in task.parts.all()] == ["评查", "反馈"]  # the first was cancelled by itself
    with pytest.raises(ActionRefused, match="早于计划印发"):
        CancelTask(**{**CANCEL, "on": date(2026, 1, 1)}, task=second(plan)).execute()
    RestoreTask(actor=None, task=Task.everything.get(pk=parts[0].pk), reason="恢复").execute()
    assert task.parts.count() == 3


def test_a_problem_it_took_up_is_open_again_until_it_is_back(county: Any, plan: Plan) -> None:
    data = {
        "code": "2025-1", "year": 2025, "report": "2025年度报告", "content": "基层法制员不足",
        "state": "未解决", "tasks": [],
    }  # fmt: skip
    problem = PublishEntry(
        actor=None, organization=county.body, register="stated_problems", data=data, on=date(2026, 1, 5)
    ).execute()
    task = TakeUpProblem(
        actor=None, plan=plan, problem=problem, leads=[county.justice], due=date(2026, 9, 30), reason="承接"
    ).execute()
    assert not left_out(plan)
    CancelTask(**CANCEL, task=task).execute()
    assert left_out(plan) == [problem] and not Entry.objects.get(pk=problem.pk).data["tasks"]
    RestoreTask(actor=None, task=Task.everything.get(pk=task.pk), reason="恢复").execute()
    assert not left_out(plan) and len(Entry.objects.get(pk=problem.pk).data["tasks"]) == 1


def test_a_draft_leaves_a_task_out_and_prints_nothing_of_it(county: Any) -> None:
    from yifa.planning.actions import ImportPlan
    from yifa.reading import read_text

    text = "澜亭县2026年工作要点\n一、规范执法\n（一）培训。举办培训。\n（二）评查。评查案卷。"
    draft = ImportPlan(
        actor=None, organization=county.body, year=2026, document=read_text(text, "甲.txt")
    ).execute()
    CancelTask(**{**CANCEL, "on": timezone.localdate(), "number": ""}, task=second(draft)).execute()
    IssuePlan(actor=None, plan=complete(draft, county), on=date(2026, 1, 20)).execute()
    assert [task.number for task in draft.shown] == ["（一）"] and draft.dropped.count() == 1
    assert len(year_results(county.body, 2026, TODAY)) == 1


def test_an_amendment_of_a_graded_plan_is_whole_or_stands_as_incomplete(plan: Plan, county: Any) -> None:
    bearers: dict[str, Any] = {"overall": "县长 甲一", "direct": "副县长 乙二", "offices": ["法制科"]}
    SetBearers(actor=None, tasks=list(plan.tasks.all()), reason="落实", **bearers).execute()
    GradePlan(actor=None, plan=plan, graded=True, reason="分级").execute()
    new: dict[str, Any] = {
        "actor": None, "plan": plan, "title": "新任务", "text": "做新事。", "leads": [county.justice],
        "due": date(2026, 9, 30), "reason": "上级部署",
    }  # fmt: skip
    with pytest.raises(ActionRefused, match="缺直接责任、落实科室"):
        AddTask(**new, overall="县长 甲一").execute()
    whole = AddTask(**new, **bearers).execute()
    assert not whole.lacks
    bare = AddTask(**{**new, "title": "另一项"}).execute()
    assert [task.pk for task in plan.lacks()] == [bare.pk]
    assert bare.lacks == ["总责", "直接责任", "落实科室"]


def test_bearers_are_not_set_over_what_somebody_else_did(plan: Plan, county: Any) -> None:
    seen = length(plan)
    bearers: dict[str, Any] = {"overall": "县长", "direct": "副县长", "offices": ["法制科"], "reason": "落实"}
    one, _, three, _ = plan.tasks.all()
    SetBearers(actor=county.coordinator(), tasks=[one], **bearers).execute()
    with pytest.raises(ActionRefused, match=r"甲一已于.*改了责任人") as refused:
        SetBearers(actor=None, tasks=[one, three], seen=seen, **{**bearers, "direct": "县委副书记"}).execute()
    assert refused.value.code == "conflict"
    SetBearers(actor=None, tasks=[three], seen=seen, **bearers).execute()  # another's work is no conflict
    assert one.bearers.get(level="direct").name == "副县长"


def test_only_a_coordinator_cancels(plan: Plan, county: Any) -> None:
    with pytest.raises(ActionRefused) as refused:
        CancelTask(
            **{**CANCEL, "actor": county.user(Role.OFFICER, county.justice)}, task=second(plan)
        ).execute()
    assert refused.value.code == "role"
