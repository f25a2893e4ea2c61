"""From a problem in one year's report over the task of the next plan to the next year's report, which says what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from tests.county import County
from tests.scenarios.entering import gaps
from tests.signing import sign_off, submitted
from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import ImportPlan, IssuePlan, SetDue, TakeUpProblem
from yifa.planning.problems import left_out
from yifa.reading import read_text
from yifa.reporting.actions import AnswerProblem, BuildReport, StateProblems
from yifa.reporting.actions.problems import Problem
from yifa.reporting.content import paper

pytestmark = pytest.mark.django_db
PLAN = """澜亭县2026年法治政府建设工作要点

一、规范行政执法
（一）加强执法培训。举办执法人员培训。（牵头单位：县司法局）
（二）开展案卷评查。抽取案卷评查。（牵头单位：县司法局）
"""
STATED = ("执法培训质量不高", "案卷评查覆盖面不够", "基层审核力量不足")


@pytest.mark.mechanism("D3-05", "works")
def test_each_problem_gets_a_task_of_the_next_plan_and_an_answer_in_the_next_report(county: County) -> None:
    with time_machine.travel("2026-02-10T09:00:00+08:00", tick=False):
        first = BuildReport(actor=None, organization=county.body, year=2025).execute()
        stated = [Problem(STATED[0], measure="建立培训评估制度"), *(Problem(text) for text in STATED[1:])]
        StateProblems(actor=None, report=first, problems=stated).execute()
        submitted(first)
        assert gaps("problems_without_task", county.body, date(2026, 2, 10)) == sorted(STATED)

    with time_machine.travel("2026-03-02T09:00:00+08:00", tick=False):
        plan = ImportPlan(
            actor=None, organization=county.body, year=2026, document=read_text(PLAN, "要点.txt")
        ).execute()
        offered = left_out(plan)
        assert [problem.data["content"] for problem in offered] == list(STATED)
        review = plan.tasks.get(number="（二）")
        given: list[dict[str, Any]] = [{}, {"task": review}, {"title": "配强审核力量"}]
        for problem, how in zip(offered, given, strict=True):
            TakeUpProblem(actor=None, plan=plan, problem=problem, leads=[county.justice], **how).execute()
        assert left_out(plan) == [] and gaps("problems_without_task", county.body, date(2026, 3, 2)) == []
        SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
        IssuePlan(actor=None, plan=plan, on=date(2026, 3, 2)).execute()
    tasks = [Entry.objects.get(pk=problem.pk).data["tasks"] for problem in offered]
    assert tasks == [
        [f"2026年〔{plan.title}〕（三）建立培训评估制度"],
        [f"2026年〔{plan.title}〕（二）开展案卷评查"],
        [f"2026年〔{plan.title}〕（四）配强审核力量"],
    ]

    with time_machine.travel("2027-02-10T09:00:00+08:00", tick=False):
        second = BuildReport(actor=None, organization=county.body, year=2026).execute()
        with pytest.raises(ActionRefused, match="还有3个没有说明解决情况"):
            sign_off(second)
        answers = ("已解决", "部分解决", "未解决")
        for problem, state in zip(offered, answers, strict=True):
            AnswerProblem(
                actor=None,
                report=second,
                entry=problem.pk,
                state=state,
                text=f"{problem.data['content']}一项说明。",
            ).execute()
        text = paper(second).text
        for content, state in zip(STATED, answers, strict=True):
            line = next(line for line in text.splitlines() if f"{content}一项说明" in line)
            assert state in line
        submitted(second)
        entries = [Entry.objects.get(pk=problem.pk).data for problem in offered]
        assert [data["state"] for data in entries] == list(answers)
        assert [data["tasks"] for data in entries] == tasks  # the answer leaves the tasks alone

        following = ImportPlan(
            actor=None,
            organization=county.body,
            year=2027,
            document=read_text(PLAN.replace("2026", "2027"), "甲.txt"),
        ).execute()
        assert [problem.data["content"] for problem in left_out(following)] == list(STATED[1:])
