"""Two coordinators at one plan: the slower one is told, and nothing is overwritten unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AmendTask, AssignTask, IssuePlan, RecordProgress, SetDue
from yifa.planning.guarding import length
from yifa.planning.models import Plan

pytestmark = pytest.mark.django_db


def test_the_slower_of_two_is_told_who_was_faster_and_changes_nothing(plan: Plan, county: Any) -> None:
    first, second = county.user(Role.COORDINATOR, county.body), None
    task, seen = plan.tasks.all()[2], length(plan)
    AssignTask(actor=first, task=task, lead=county.market, seen=seen).execute()
    before = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).count()
    with pytest.raises(ActionRefused, match=r"甲一已于.*改了责任单位.*没有保存") as refused:
        AssignTask(actor=second, task=task, lead=county.housing, seen=seen).execute()
    assert refused.value.code == "conflict"
    assert plan.tasks.all()[2].lead == county.market
    assert Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).count() == before
    AssignTask(actor=second, task=task, lead=county.housing, seen=length(plan)).execute()
    assert plan.tasks.all()[2].lead == county.housing


def test_work_on_other_tasks_does_not_stand_in_the_way(plan: Plan, county: Any) -> None:
    one, other = plan.tasks.all()[2:4]
    seen = length(plan)
    AssignTask(actor=None, task=one, lead=county.market, seen=seen).execute()
    AssignTask(actor=None, task=other, lead=county.housing, seen=seen).execute()
    AmendTask(actor=None, task=plan.tasks.all()[0], title="改", text="改写", seen=seen).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()  # touches all of them
    for task in plan.tasks.all():
        with pytest.raises(ActionRefused) as refused:
            AmendTask(actor=None, task=task, title="再改", text="再改写", seen=seen).execute()
        assert refused.value.code == "conflict"


def test_an_issue_in_between_is_a_conflict_and_a_progress_note_is_none(plan: Plan, county: Any) -> None:
    for task in plan.tasks.all():
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=county.justice).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
    seen = length(plan)
    task = plan.tasks.all()[0]
    IssuePlan(actor=None, plan=plan, on=date(2026, 1, 20)).execute()
    task.plan.refresh_from_db()
    with pytest.raises(ActionRefused, match="印发了计划"):
        AssignTask(actor=None, task=task, lead=county.market, reason="调整", seen=seen).execute()
    seen = length(plan)
    RecordProgress(
        actor=None, task=task, on=date(2026, 3, 2), state="in_progress", note="已办一次。"
    ).execute()
    AssignTask(actor=None, task=task, lead=county.market, reason="调整", seen=seen).execute()
