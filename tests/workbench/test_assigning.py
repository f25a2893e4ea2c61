"""All tasks of a plan on one table: units and days typed as plans write them, saved together or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.ledger.actions import CreateOrganization
from yifa.ledger.models import Record, Subject
from yifa.planning.actions import AssignTask, IssuePlan, SetDue
from yifa.planning.models import Plan, Task

pytestmark = pytest.mark.django_db


def draft(world: World) -> Plan:
    """The plan as it is before it is issued."""
    Plan.objects.filter(pk=world.plan.pk).update(state=Plan.State.DRAFT, issued_on=None)
    return Plan.objects.get(pk=world.plan.pk)


def shown(world: World, plan: Plan) -> dict[str, Any]:
    """What the table sends when nothing is changed."""
    page = LexborHTMLParser(
        world.client("coordinator").get(reverse("assign_tasks", args=[plan.pk])).content.decode()
    )
    fields = page.css(".y-assign input[name]")
    return {one.attributes["name"]: one.attributes.get("value") or "" for one in fields}  # type: ignore[misc]


def send(world: World, plan: Plan, form: dict[str, Any]) -> HttpResponse:
    return world.client("coordinator").post(reverse("assign_tasks", args=[plan.pk]), form)  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return LexborHTMLParser(response.content.decode()).css_first(".y-assign").text()  # type: ignore[union-attr]


def records(plan: Plan) -> int:
    return Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).count()


def test_an_untouched_table_changes_nothing(world: World) -> None:
    plan = draft(world)
    before = records(plan)
    assert send(world, plan, shown(world, plan)).status_code == 302
    assert records(plan) == before


def test_units_and_days_of_all_tasks_are_saved_together(world: World) -> None:
    plan = draft(world)
    one, two = plan.tasks.all()[:2]
    form = shown(world, plan) | {
        f"t{one.pk}-leads": "县司法局，县市场监督管理局",
        f"t{one.pk}-support": "",
        f"t{one.pk}-due": "第二季度",
        f"t{two.pk}-leads": world.other.name,
        f"t{two.pk}-support": "司法局",
        f"t{two.pk}-due": "9月底",
    }
    saved = send(world, plan, form)
    assert saved.status_code == 302, text(saved)
    told = [str(one) for one in get_messages(saved.wsgi_request)]  # type: ignore[attr-defined]
    assert told == ["已保存 2 项任务的分工和时限。简称这样理解：“司法局”即县司法局，不对的请改。"]
    one, two = (Task.objects.get(pk=task.pk) for task in (one, two))
    assert one.own_leads == [world.office, world.other] and one.due == date(plan.year, 6, 30)
    assert [part.lead for part in one.parts.all()] == [world.office, world.other]
    assert {part.due for part in one.parts.all()} == {date(plan.year, 6, 30)}
    assert (two.own_leads, two.support, two.due) == ([world.other], [world.office], date(plan.year, 9, 30))


def test_all_towns_are_named_as_a_group_and_the_page_says_what_was_read(world: World) -> None:
    plan = draft(world)
    east, west = (
        CreateOrganization(actor=None, code=code, name=name, level="town", parent=world.body).execute()
        for code, name in (("dp", "东坪镇"), ("xl", "西岭乡"))
    )
    one, two = plan.tasks.all()[:2]
    form = shown(world, plan) | {
        f"t{one.pk}-leads": "县司法局",
        f"t{one.pk}-support": "县市场监督管理局、各乡镇（街道）",
        f"t{two.pk}-leads": "各乡镇",
    }
    saved = send(world, plan, form)
    assert saved.status_code == 302, text(saved)
    told = "".join(str(one) for one in get_messages(saved.wsgi_request))  # type: ignore[attr-defined]
    assert "“各乡镇”即全部乡镇（街道）2个：东坪镇、西岭乡" in told
    one, two = (Task.objects.get(pk=task.pk) for task in (one, two))
    assert set(one.support) == {world.other, east, west}
    assert [part.lead for part in two.parts.all()] == [east, west]
    page = world.client("coordinator").get(reverse("plan_bearers", args=[plan.pk])).content.decode()
    assert f"{two.title}（东坪镇）" in page and f"{two.title}（西岭乡）" in page  # sub-tasks in the menu


def test_a_group_that_has_no_units_is_refused(world: World) -> None:
    plan = draft(world)
    one = plan.tasks.all()[0]
    refused = send(world, plan, shown(world, plan) | {f"t{one.pk}-support": "各乡镇"})
    assert refused.status_code == 422 and "没有叫“各乡镇”的单位" in text(refused)


def test_wrong_rows_are_told_by_row_and_nothing_is_saved_or_lost(world: World) -> None:
    plan = draft(world)
    one, two, three = plan.tasks.all()[:3]
    form = shown(world, plan) | {
        f"t{one.pk}-leads": "天外局",
        f"t{two.pk}-due": "尽快",
        f"t{three.pk}-leads": "县司法局",
        f"t{three.pk}-support": "县司法局",
    }
    before = records(plan)
    refused = send(world, plan, form)
    assert refused.status_code == 422 and records(plan) == before
    said = text(refused)
    assert "有 3 项任务没有填好" in said
    for message in ("没有叫“天外局”的单位", "看不出“尽快”是哪一天", "出现两次"):
        assert message in said
    page = LexborHTMLParser(refused.content.decode())
    assert page.css_first(f"[name=t{one.pk}-leads]").attributes["value"] == "天外局"  # type: ignore[union-attr]


def test_days_of_other_years_and_days_taken_away_are_refused(world: World) -> None:
    plan = draft(world)
    one, two = plan.tasks.all()[:2]
    SetDue(actor=None, task=two, due=date(plan.year, 11, 30)).execute()
    form = shown(world, plan) | {f"t{one.pk}-due": f"{plan.year - 1}年6月底", f"t{two.pk}-due": ""}
    said = text(send(world, plan, form))
    assert f"早于计划年度{plan.year}年" in said and "不能清空" in said


def test_what_another_person_changed_meanwhile_is_not_overwritten(world: World) -> None:
    plan = draft(world)
    one, two = plan.tasks.all()[:2]
    form = shown(world, plan) | {f"t{one.pk}-leads": "县司法局", f"t{two.pk}-due": "6月底"}
    AssignTask(actor=None, task=one, lead=world.other).execute()
    due = Task.objects.get(pk=two.pk).due
    refused = send(world, plan, form)
    assert refused.status_code == 422
    assert "改了责任单位" in text(refused) and f"现在是：牵头 {world.other}" in text(refused)
    assert Task.objects.get(pk=one.pk).lead == world.other and Task.objects.get(pk=two.pk).due == due
    page = LexborHTMLParser(refused.content.decode())
    again = {
        str(field.attributes["name"]): field.attributes.get("value") or ""
        for field in page.css(".y-assign input[name]")
    }
    assert send(world, plan, again).status_code == 302  # told, and sent again
    assert Task.objects.get(pk=one.pk).lead == world.office


def test_an_issued_plan_asks_for_the_reason(world: World) -> None:
    plan = draft(world)
    for task in plan.tasks.all():
        AssignTask(actor=None, task=task, lead=world.office).execute()
    SetDue(actor=None, plan=plan, due=date(plan.year, 12, 31)).execute()
    IssuePlan(actor=None, plan=plan, on=date(plan.year, 1, 20)).execute()
    task = plan.tasks.all()[0]
    form = shown(world, plan) | {f"t{task.pk}-leads": world.other.name}
    assert "须写明理由" in text(send(world, plan, form))
    assert send(world, plan, form | {"reason": "职能调整"}).status_code == 302
    assert Task.objects.get(pk=task.pk).lead == world.other


def test_a_lead_of_several_is_decided_on_the_task_above(world: World) -> None:
    plan = draft(world)
    task = plan.tasks.all()[0]
    AssignTask(actor=None, task=task, lead=world.office, co_leads=[world.other]).execute()
    part = Task.objects.filter(parent=task)[0]
    form = shown(world, plan)
    assert f"t{part.pk}-leads" not in form
    assert send(world, plan, form | {f"t{part.pk}-due": "5月底"}).status_code == 302
    part = Task.objects.get(pk=part.pk)
    assert part.due == date(plan.year, 5, 31) and part.lead == world.office


def test_a_row_that_came_after_the_page_was_opened_is_left_alone(world: World) -> None:
    plan = draft(world)
    one, two = plan.tasks.all()[:2]
    AssignTask(actor=None, task=two, lead=world.other).execute()
    form = {name: value for name, value in shown(world, plan).items() if not name.startswith(f"t{two.pk}-")}
    assert send(world, plan, form | {f"t{one.pk}-due": "6月底"}).status_code == 302
    assert Task.objects.get(pk=two.pk).lead == world.other
