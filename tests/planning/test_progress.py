from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.planning.following import issued, say, training
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import LinkEvidence, MergeTasks, Paper, ReturnProgress, SplitTask, UnlinkEvidence
from yifa.planning.actions.dividing import Part
from yifa.planning.models import Plan, Task, TaskProgress

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 8)


@pytest.fixture
def task(plan: Plan, county: Any) -> Task:
    return issued(plan, county).tasks.all()[0]


def last(plan_id: Any) -> tuple[str, dict[str, Any]]:
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=plan_id).last()
    assert record is not None
    return record.kind, json.loads(record.payload)


def test_not_begun_needs_its_reason_and_is_not_done(task: Task) -> None:
    with pytest.raises(ActionRefused, match=r"未开展.*原因") as refused:
        say(task, APRIL, Task.State.NOT_DONE, "没有办。")
    assert refused.value.field == "reason"
    note = say(task, APRIL, Task.State.NOT_DONE, "", reason="经费没有到位，改到下半年。", quarter=1)
    task.refresh_from_db()
    assert task.state == Task.State.NOT_DONE
    assert (note.quarter, note.reason) == (1, "经费没有到位，改到下半年。")
    kind, said = last(task.plan_id)
    assert kind == "task.progress"
    assert (said["state"], said["reason"], said["quarter"]) == ("not_done", note.reason, 1)
    assert say(task, date(2026, 8, 1), reason="旧原因").reason == ""  # it is under way: no reason to keep


def test_a_note_is_of_the_unit_that_writes_it(task: Task, county: Any) -> None:
    market = county.user(Role.OFFICER, county.market)
    assert say(task, APRIL, actor=market).unit == county.market
    assert say(task, APRIL, actor=county.coordinator()).unit == county.body
    with pytest.raises(ActionRefused, match="没有参加任务"):
        say(task, APRIL, actor=market, unit=county.housing)
    with pytest.raises(ActionRefused) as refused:
        say(task, APRIL, actor=market, unit=county.justice)
    assert refused.value.code == "role"


def test_a_supporting_unit_does_not_close_the_task(task: Task, county: Any) -> None:
    say(task, APRIL, Task.State.DONE, unit=county.market)
    task.refresh_from_db()
    assert task.state == Task.State.IN_PROGRESS
    say(task, APRIL, Task.State.DONE, unit=county.justice)
    task.refresh_from_db()
    assert task.state == Task.State.DONE


def test_a_correction_keeps_the_old_note_and_needs_a_reason(task: Task, county: Any) -> None:
    old = say(task, APRIL, Task.State.DONE, "办了两次。", unit=county.justice, quarter=1)
    with pytest.raises(ActionRefused, match="更正已填报的进展须写明理由"):
        say(task, APRIL, corrects=old)
    new = say(task, APRIL, note="只办了一次。", corrects=old, why="误记")
    old.refresh_from_db()
    task.refresh_from_db()
    assert (old.note, new.quarter, new.unit, task.state) == (
        "办了两次。",
        1,
        county.justice,
        Task.State.IN_PROGRESS,
    )
    assert last(task.plan_id)[1]["corrects"] == old.pk
    with pytest.raises(ActionRefused) as refused:
        say(task, APRIL, corrects=old, why="再改")
    assert refused.value.code == "conflict"


def test_two_who_fill_in_the_same_quarter_do_not_overwrite_each_other(task: Task, county: Any) -> None:
    say(task, APRIL, unit=county.justice, quarter=1, first=True)
    with pytest.raises(ActionRefused) as refused:
        say(task, APRIL, unit=county.justice, quarter=1, first=True)
    assert refused.value.code == "conflict"
    say(task, APRIL, unit=county.market, quarter=1, first=True)
    assert TaskProgress.objects.count() == 2


@pytest.mark.mechanism("D2-02", "works")
def test_a_returned_note_does_not_speak_until_it_is_answered(task: Task, county: Any) -> None:
    note = say(task, APRIL, Task.State.DONE, unit=county.justice)
    coordinator, officer = county.coordinator(), county.user(Role.OFFICER, county.justice)
    with pytest.raises(ActionRefused) as refused:
        ReturnProgress(actor=officer, progress=note, on=APRIL, reason="缺材料").execute()
    assert refused.value.code == "role"
    with pytest.raises(ActionRefused, match="要补充什么"):
        ReturnProgress(actor=coordinator, progress=note, on=APRIL, reason=" ").execute()
    ReturnProgress(actor=coordinator, progress=note, on=APRIL, reason="请关联培训记录").execute()
    task.refresh_from_db()
    assert task.state == Task.State.NOT_STARTED  # a claim sent back is no claim
    assert last(task.plan_id)[0] == "task.returned"
    with pytest.raises(ActionRefused, match="已经退回"):
        ReturnProgress(actor=coordinator, progress=note, on=APRIL, reason="再退").execute()
    answer = say(task, date(2026, 4, 20), Task.State.DONE, "补上记录。", actor=officer, corrects=note)
    task.refresh_from_db()
    assert (task.state, answer.why, note.return_reason) == (Task.State.DONE, "", "请关联培训记录")
    with pytest.raises(ActionRefused, match=r"已被更正|已经退回"):
        ReturnProgress(actor=coordinator, progress=note, on=APRIL, reason="再退").execute()


def test_a_file_says_why_no_record_can_be_the_evidence(task: Task, county: Any) -> None:
    file = StoreAttachment(actor=None, content=b"%PDF-1.4 minutes", name="函件.pdf").execute()
    with pytest.raises(ActionRefused, match="为什么台账里没有记录") as refused:
        say(task, APRIL, papers=[Paper(attachment=file, title="函件", why="")])
    assert refused.value.field == "paper_why"
    assert not TaskProgress.objects.exists()
    note = say(
        task, APRIL, papers=[Paper(attachment=file, title="", why="上级机关的来函，不是本级办理的事项")]
    )
    assert [(p.title, p.attachment_id) for p in note.papers.all()] == [("函件.pdf", file.pk)]
    assert last(task.plan_id)[1]["papers"][0]["sha256"] == file.pk


def test_a_note_names_only_records_linked_to_its_task(task: Task, county: Any) -> None:
    case = training(county.justice, date(2026, 3, 3))
    link = LinkEvidence(actor=None, task=task, record=case, note="第一次培训").execute()
    note = say(task, APRIL, records=[link])
    assert list(note.records.all()) == [link]
    other = task.plan.tasks.all()[1]
    with pytest.raises(ActionRefused, match="没有关联到这项任务"):
        say(other, APRIL, records=[link])
    UnlinkEvidence(actor=None, evidence=link, reason="不是这项任务的").execute()
    with pytest.raises(ActionRefused, match="已取消关联"):
        say(task, APRIL, records=[link])


def test_the_whole_closes_with_its_last_part_and_opens_when_one_is_returned(task: Task, county: Any) -> None:
    parts = SplitTask(
        actor=None, task=task, parts=[Part(text="上半年培训一次"), Part(text="下半年培训一次")], reason="分工"
    ).execute()
    task.refresh_from_db()
    with pytest.raises(ActionRefused, match="子任务") as refused:
        say(task, APRIL, Task.State.DONE)
    assert refused.value.code == "parts_open"
    say(parts[0], APRIL, Task.State.DONE)
    task.refresh_from_db()
    assert task.state == Task.State.IN_PROGRESS
    closing = say(parts[1], APRIL, Task.State.DONE)
    task.refresh_from_db()
    assert task.state == Task.State.DONE
    ReturnProgress(actor=None, progress=closing, on=APRIL, reason="没有签到表").execute()
    task.refresh_from_db()
    assert task.state == Task.State.IN_PROGRESS


def test_what_was_merged_into_another_task_is_reported_on_there(task: Task, county: Any) -> None:
    other = task.plan.tasks.all()[1]
    say(other, APRIL)
    MergeTasks(actor=None, task=task, others=[other], reason="内容相同").execute()
    merged = Task.everything.get(pk=other.pk)
    with pytest.raises(ActionRefused, match="已并入任务（一）"):
        say(merged, APRIL)
    with pytest.raises(ActionRefused, match="已并入任务（一）"):
        LinkEvidence(actor=None, task=merged, record=training(county.justice, APRIL), note="说明").execute()
    assert merged.progress.count() == 1
