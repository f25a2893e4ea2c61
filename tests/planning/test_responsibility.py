"""Who bears 总责, 直接责任 and 落实 for a task."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.planning.test_issuing import ON, complete, issued
from yifa.ledger.actions import CreatePost, HoldPost
from yifa.ledger.models import Record, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AssignTask, GradePlan, IssuePlan, Part, SetBearers, SplitTask
from yifa.planning.models import Bearer, Plan, Task
from yifa.planning.responsible import first_bearers, known_offices, known_posts

pytestmark = pytest.mark.django_db
ALL: dict[str, Any] = {
    "overall": "县长 甲一",
    "direct": "副县长 乙二",
    "offices": ["县司法局法规科", "县司法局执法监督科"],
}


def borne(task: Task) -> list[tuple[str, str]]:
    return list(Bearer.objects.filter(task=task).values_list("level", "name"))


@pytest.mark.mechanism("D1-03", "works")
@pytest.mark.parametrize(
    ("given", "level", "name"),
    [
        ({"overall": " "}, "overall", "总责"),
        ({"direct": ""}, "direct", "直接责任"),
        ({"offices": []}, "office", "落实科室"),
        ({"offices": ["", " "]}, "office", "落实科室"),
    ],
)
def test_a_task_with_one_level_missing_is_not_saved_and_the_level_named(
    plan: Plan, given: dict[str, Any], level: str, name: str
) -> None:
    task = plan.tasks.all()[0]
    with pytest.raises(ActionRefused, match=f"缺{name}；") as refused:
        SetBearers(actor=None, tasks=[task], **{**ALL, **given}).execute()
    assert (refused.value.code, refused.value.field) == ("missing_level", level)
    assert borne(task) == []


@pytest.mark.mechanism("D1-03", "works")
def test_every_task_of_a_graded_plan_has_one_and_one_and_at_least_one(plan: Plan, county: Any) -> None:
    GradePlan(actor=None, plan=plan, graded=True).execute()
    complete(plan, county)
    with pytest.raises(ActionRefused, match="缺总责、直接责任、落实科室"):
        IssuePlan(actor=None, plan=plan, on=ON).execute()
    tasks = list(plan.tasks.all())
    assert SetBearers(actor=None, tasks=tasks[:3], **ALL).execute() == 3
    with pytest.raises(
        ActionRefused, match=r"1项任务不完整。（四）培训基层干部（缺总责、直接责任、落实科室）"
    ):
        IssuePlan(actor=None, plan=plan, on=ON).execute()
    SetBearers(actor=None, tasks=tasks[3:], **ALL).execute()
    IssuePlan(actor=None, plan=plan, on=ON).execute()
    for task in tasks:
        assert borne(task) == [
            ("overall", "县长 甲一"), ("direct", "副县长 乙二"),
            ("office", "县司法局法规科"), ("office", "县司法局执法监督科"),
        ]  # fmt: skip
    for level in ("overall", "direct"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bearer.objects.create(task=tasks[0], level=level, name="丙三")


def test_two_names_do_not_bear_what_one_bears(plan: Plan) -> None:
    with pytest.raises(ActionRefused, match="总责只能由一人承担"):
        SetBearers(actor=None, tasks=[plan.tasks.all()[0]], **{**ALL, "overall": "甲一、乙二"}).execute()


def test_a_plan_without_grades_is_issued_without_them(plan: Plan, county: Any) -> None:
    plan = issued(plan, county)
    with pytest.raises(ActionRefused, match="还有4项任务的责任没有落实"):
        GradePlan(actor=None, plan=plan, graded=True, reason="上级要求").execute()
    SetBearers(actor=None, tasks=list(plan.tasks.all()), reason="上级要求", **ALL).execute()
    assert GradePlan(actor=None, plan=plan, graded=True, reason="上级要求").execute().graded


def test_grading_is_said_once_with_its_reason_and_taken_back(plan: Plan, county: Any) -> None:
    """Who may, what is recorded of it, that an issued plan needs a reason, and that the coordinator may say it is not graded."""
    officer = county.user(Role.OFFICER, county.justice)
    with pytest.raises(ActionRefused) as refused:
        GradePlan(actor=officer, plan=plan, graded=True).execute()
    assert refused.value.code == "role" and not Plan.objects.get(pk=plan.pk).graded
    GradePlan(actor=county.user(Role.COORDINATOR, county.body), plan=plan, graded=True).execute()
    assert Plan.objects.get(pk=plan.pk).graded
    SetBearers(actor=None, tasks=list(plan.tasks.all()), **ALL).execute()
    plan = issued(plan, county)
    with pytest.raises(ActionRefused, match="理由"):
        GradePlan(actor=None, plan=plan, graded=False).execute()
    assert Plan.objects.get(pk=plan.pk).graded
    GradePlan(actor=None, plan=plan, graded=False, reason="上级取消分级").execute()
    assert not Plan.objects.get(pk=plan.pk).graded
    told = [json.loads(one.payload) for one in Record.objects.filter(kind="plan.graded").order_by("pk")]
    assert [(one["graded"], one["reason"]) for one in told] == [(True, ""), (False, "上级取消分级")]
    for task in plan.tasks.all():
        assert borne(task)  # the bearers stay as they were


def test_sub_tasks_are_borne_as_their_task_until_another_is_named(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[1]
    SetBearers(actor=None, tasks=[task], **ALL).execute()
    one, two = SplitTask(
        actor=None, task=task, parts=[Part(text="抽取案卷"), Part(text="集中评查")]
    ).execute()
    assert borne(one) == borne(two) == borne(task)
    SetBearers(actor=None, tasks=[two], **{**ALL, "direct": "副县长 丙三"}).execute()
    SetBearers(actor=None, tasks=[task], **{**ALL, "overall": "县长 丁四"}).execute()
    assert ("overall", "县长 丁四") in borne(one)
    assert ("overall", "县长 甲一") in borne(two)
    other = plan.tasks.get(number="（一）")
    SetBearers(actor=None, tasks=[other], **ALL).execute()
    AssignTask(actor=None, task=other, lead=county.justice, co_leads=[county.housing]).execute()
    assert [borne(part) for part in other.parts.all()] == [borne(other)] * 2


def test_posts_are_offered_with_their_holder_and_known_again(plan: Plan, county: Any) -> None:
    post = CreatePost(actor=None, organization=county.body, title="县长", principal=True).execute()
    HoldPost(actor=None, post=post, person="甲一", valid_from=date(2025, 1, 5)).execute()
    CreatePost(actor=None, organization=county.justice, title="局长").execute()
    assert known_posts(county.body, ON) == ["县长 甲一", "局长"]
    task = plan.tasks.all()[0]
    SetBearers(actor=None, tasks=[task], **ALL).execute()
    assert Bearer.objects.get(level="overall").post == post
    assert Bearer.objects.get(level="direct").post is None
    assert known_offices(county.body) == ["县司法局法规科", "县司法局执法监督科"]  # fa before zhi
    assert first_bearers(plan)["overall"] == ["县长 甲一"]


def test_only_the_coordinator_names_them(plan: Plan, county: Any) -> None:
    with pytest.raises(ActionRefused) as refused:
        SetBearers(
            actor=county.user(Role.OFFICER, county.justice), tasks=[plan.tasks.all()[0]], **ALL
        ).execute()
    assert refused.value.code == "role"
