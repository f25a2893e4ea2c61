"""What the demonstration county does with its plan, on the units and the plan alone."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from yifa.demo import county, structure
from yifa.demo.shapes import plan_text
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Case
from yifa.planning.actions import ImportPlan, IssuePlan, SetDue
from yifa.planning.clauses import grids
from yifa.planning.models import Task, TaskOrigin
from yifa.planning.problems import left_out
from yifa.reading import read_text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@time_machine.travel("2026-11-20T09:00:00+08:00", tick=False)
def test_the_countys_plan_shows_every_part_of_its_structure() -> None:
    body = county.create_units()["lanting"]
    for number in range(1, 6):
        data = {
            "code": f"GH-{number}", "plan": "五年实施方案", "content": f"条目{number}", "starts": "2022-01-01",
            "ends": "2026-12-31",
        }  # fmt: skip
        PublishEntry(
            actor=None, organization=body, register="plan_clauses", data=data, on=date(2025, 1, 6)
        ).execute()
    document = read_text(plan_text(2026), "要点.txt")
    plan = ImportPlan(actor=None, organization=body, year=2026, document=document).execute()
    read = plan.items.count()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31), only_missing=True).execute()
    structure.before_issue(plan, TODAY)
    IssuePlan(actor=None, plan=plan, on=date(2026, 1, 16)).execute()
    plan.refresh_from_db()
    structure.after_issue(plan, TODAY)
    assert plan.graded and plan.lacks() == []
    assert plan.items.count() == read + 2  # one from a problem, one from above
    assert {task.division for task in plan.items} == {"", "work", "leads"}
    assert {origin.kind for origin in TaskOrigin.objects.all()} == {"problem", "upper"}
    assert [problem.title for problem in left_out(plan)] == ["基层合法性审核力量不足"]
    assert len(grids([body], TODAY)[0].never) == 2
    assert Case.objects.filter(case_type="rectification_item").count() == 3
    assert Task.objects.get(plan=plan, number="（十一）").due == date(2026, 8, 31)
