from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.planning.following import issued, say, training
from yifa.planning.actions import AddTask, AssignTask, LinkEvidence, Part, ReturnProgress, SplitTask
from yifa.planning.models import Plan, Task
from yifa.planning.reminders import Open, Reminder, by_unit, reminders, tasks_with_notes

pytestmark = pytest.mark.django_db
DUE = date(2026, 9, 30)


@pytest.fixture
def followed(plan: Plan, county: Any) -> Plan:
    return issued(plan, county, due=DUE)


def of(plan: Plan, kind: Open, today: date) -> list[Reminder]:
    return [one for one in reminders(tasks_with_notes(plan), today) if one.kind is kind]


def numbers(found: list[Reminder]) -> list[str]:
    return [one.task.number for one in found]


def test_due_soon_and_overdue_follow_the_day(followed: Plan) -> None:
    first = followed.tasks.all()[0]
    say(first, date(2026, 8, 1), Task.State.DONE)
    rest = ["（二）", "（三）", "（四）"]
    assert of(followed, Open.SOON, DUE - timedelta(days=31)) == []
    assert numbers(of(followed, Open.SOON, DUE - timedelta(days=30))) == rest
    assert numbers(of(followed, Open.SOON, DUE)) == rest
    assert of(followed, Open.OVERDUE, DUE) == []
    late = of(followed, Open.OVERDUE, DUE + timedelta(days=3))
    assert numbers(late) == rest
    assert late[0].text == "应于2026年9月30日完成，已过3天"


def test_not_begun_is_honest_but_not_done(followed: Plan) -> None:
    second = followed.tasks.all()[1]
    say(second, date(2026, 7, 2), Task.State.NOT_DONE, "", reason="经费没有到位")
    assert "（二）" in numbers(of(followed, Open.OVERDUE, DUE + timedelta(days=1)))


def test_a_quarter_without_a_word_is_reminded_of(followed: Plan, county: Any) -> None:
    assert of(followed, Open.SILENT, date(2026, 3, 31)) == []
    april = date(2026, 4, 1)
    assert len(of(followed, Open.SILENT, april)) == 4
    first, second, third, _ = followed.tasks.all()
    say(first, april, unit=county.market, quarter=1)  # the supporting unit: the lead still owes its word
    say(second, april, unit=county.justice, quarter=1)
    say(third, april, Task.State.DONE, unit=county.justice, quarter=1)
    assert numbers(of(followed, Open.SILENT, april)) == ["（一）", "（四）"]
    july = of(followed, Open.SILENT, date(2026, 7, 1))
    assert numbers(july) == ["（一）", "（二）", "（四）"]
    assert july[0].text == "第二季度还没有填报进展"


def test_nothing_is_asked_for_a_quarter_before_the_plan_was_issued(plan: Plan, county: Any) -> None:
    late = issued(plan, county, on=date(2026, 4, 2))
    assert of(late, Open.SILENT, date(2026, 4, 3)) == []
    assert len(of(late, Open.SILENT, date(2026, 7, 1))) == 4


def test_what_a_target_lacks_is_said_in_its_unit(followed: Plan, county: Any) -> None:
    today = date(2026, 6, 1)
    training(county.market, date(2026, 3, 3))
    texts = {one.task.number: one.text for one in of(followed, Open.SHORT, today)}
    assert texts["（一）"].endswith("：还差1次")
    assert texts["（四）"].endswith("：2个单位还没有达到：白河镇人民政府、青石镇人民政府")
    training(county.justice, date(2026, 5, 5))
    training(county.towns[0], date(2026, 5, 5), "领导干部")
    texts = {one.task.number: one.text for one in of(followed, Open.SHORT, today)}
    assert "（一）" not in texts
    assert texts["（四）"].endswith("：1个单位还没有达到：白河镇人民政府")


def test_a_returned_note_is_the_matter_of_the_unit_that_wrote_it(followed: Plan, county: Any) -> None:
    note = say(followed.tasks.all()[0], date(2026, 4, 1), unit=county.market, quarter=1)
    ReturnProgress(actor=None, progress=note, on=date(2026, 4, 2), reason="写清日期").execute()
    (found,) = of(followed, Open.RETURNED, date(2026, 4, 3))
    assert (found.unit, found.text) == (county.market, "2026年4月2日退回：写清日期")
    say(followed.tasks.all()[0], date(2026, 4, 3), corrects=note)
    assert of(followed, Open.RETURNED, date(2026, 4, 4)) == []


def test_done_without_any_evidence_is_marked(followed: Plan, county: Any) -> None:
    today = date(2026, 4, 1)
    first, second, *_ = followed.tasks.all()
    for task in (first, second):
        say(task, today, Task.State.DONE)
    assert numbers(of(followed, Open.UNPROVED, today)) == ["（一）", "（二）"]
    training(county.market, date(2026, 3, 3))  # counted for the first by its rule
    case = training(county.justice, date(2026, 3, 3), "领导干部")
    LinkEvidence(actor=None, task=second, record=case, note="说明").execute()
    assert of(followed, Open.UNPROVED, today) == []


def test_units_stand_in_the_order_of_the_body_and_each_has_its_own(followed: Plan, county: Any) -> None:
    fourth = followed.tasks.all()[3]
    fourth.units.update(organization=county.housing)
    open_ = by_unit(reminders(tasks_with_notes(followed), DUE + timedelta(days=1)))
    assert [one.unit for one in open_] == sorted([county.justice, county.housing], key=lambda unit: unit.path)
    housing = next(one for one in open_ if one.unit == county.housing)
    assert [one.task for one in housing.of(Open.OVERDUE)] == [fourth]
    assert [kind for kind, _ in housing.by_kind] == [kind for kind in Open if housing.of(kind)]


def test_a_draft_reminds_of_nothing_and_a_divided_task_in_its_parts(plan: Plan, county: Any) -> None:
    assert list(reminders(tasks_with_notes(plan), date(2027, 1, 1))) == []
    first = plan.tasks.all()[0]
    AssignTask(actor=None, task=first, lead=county.justice, co_leads=[county.market]).execute()
    followed = issued(Plan.objects.get(), county, due=DUE)
    late = [one for one in of(followed, Open.OVERDUE, date(2026, 10, 2)) if one.task.parent_id == first.pk]
    assert [one.unit for one in late] == [county.justice, county.market]
    assert first.pk not in {one.task.pk for one in of(followed, Open.OVERDUE, date(2026, 10, 2))}


def test_queries_do_not_grow_with_tasks(followed: Plan) -> None:
    with CaptureQueriesContext(connection) as asked:
        tasks = tasks_with_notes(followed)
        list(reminders(tasks, date(2026, 7, 1), answers=lambda _: ()))
    assert len(asked) <= 10
    before = len(asked)
    for task in followed.tasks.all():
        for quarter in (1, 2):
            say(task, date(2026, 3 * quarter, 20))
    with CaptureQueriesContext(connection) as asked:
        tasks = tasks_with_notes(followed)
        list(reminders(tasks, date(2026, 7, 1), answers=lambda _: ()))
    assert len(asked) <= before + 3  # unit, records and papers of notes: there were none to fetch


def test_a_task_that_came_after_a_quarter_owes_it_nothing(plan: Plan, county: Any) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 9, tzinfo=UTC), tick=False):
        followed = issued(plan, county, due=DUE)
    with time_machine.travel(datetime(2026, 5, 6, 9, tzinfo=UTC), tick=False):
        AddTask(
            actor=None, plan=followed, title="专项督察", text="开展督察。", leads=[county.justice], due=DUE, reason="部署"
        ).execute()  # fmt: skip
        third = followed.tasks.get(number="（三）")
        SplitTask(
            actor=None, task=third, parts=[Part(title="学法", text="学法。"), Part(title="讲座", text="讲座。")], reason="细化"
        ).execute()  # fmt: skip
    followed = Plan.objects.get(pk=followed.pk)
    assert numbers(of(followed, Open.SILENT, date(2026, 5, 7))) == ["（一）", "（二）", "（四）"]
    assert len(of(followed, Open.SILENT, date(2026, 7, 1))) == 6
