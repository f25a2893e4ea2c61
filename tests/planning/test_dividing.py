"""Tasks are divided, merged and put back as they were."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.planning.test_issuing import issued
from yifa.ledger.models import Organization, Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions import (
    AmendTask,
    AssignTask,
    GatherParts,
    ImportPlan,
    IssuePlan,
    MergeTasks,
    Part,
    RecordProgress,
    SetDue,
    SplitTask,
    UndoMerge,
)
from yifa.planning.models import Plan, PlanTarget, Task
from yifa.reading import read_text

pytestmark = pytest.mark.django_db

TWO_LEADS = """澜亭县2026年法治政府建设工作要点

一、规范行政执法
（一）加强执法培训。全年至少举办2次行政执法人员培训。完善培训档案，做到一人一档。（牵头单位：县司法局、县市场监督管理局）
（二）开展案卷评查。抽取案卷评查。（牵头单位：县司法局）
"""


def last(plan: Plan) -> dict[str, Any]:
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).last()
    assert record is not None
    return {"kind": record.kind, **json.loads(record.payload)}


def parts_of(task: Task) -> list[Part]:
    return [Part(text=one.text, start=one.start, end=one.end) for one in structure.sentences(task)]


def fresh(task: Task) -> Task:
    return Task.everything.get(pk=task.pk)


def shape(plan: Plan) -> list[tuple[object, ...]]:
    """What a reader of the plan sees."""
    return [
        (task.order, task.number, task.title, task.text, task.due, task.parent_id, task.division, task.state,
         [unit.code for unit in task.leads], sorted(unit.code for unit in task.support),
         sorted(target.text for target in task.targets.all()))
        for task in Task.objects.filter(plan=plan)
    ]  # fmt: skip


@pytest.mark.mechanism("D2-02", "works")
def test_two_leads_of_one_item_each_have_a_sub_task_and_both_must_finish(county: Any) -> None:
    document = read_text(TWO_LEADS, "要点.txt")
    plan = ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()
    whole, other = plan.items
    one, two = whole.parts.all()
    assert [part.leads for part in (one, two)] == [[county.justice], [county.market]]
    assert whole.leads == [county.justice, county.market]
    assert not other.parts.exists()
    assert [(task.number, task.parent_id) for task in plan.tasks.all()] == [
        ("（一）", None), ("（一）-1", whole.pk), ("（一）-2", whole.pk), ("（二）", None),
    ]  # fmt: skip
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
    IssuePlan(actor=None, plan=plan, on=date(2026, 1, 20)).execute()
    finished: dict[str, Any] = {"on": date(2026, 6, 1), "state": "done", "note": "已完成。"}
    RecordProgress(actor=county.user(Role.OFFICER, county.justice), task=fresh(one), **finished).execute()
    assert fresh(whole).state == Task.State.IN_PROGRESS
    with pytest.raises(ActionRefused, match=r"子任务（一）-2（澜亭县市场监督管理局）没有完成"):
        RecordProgress(actor=None, task=fresh(whole), **finished).execute()
    RecordProgress(actor=county.user(Role.OFFICER, county.market), task=fresh(two), **finished).execute()
    assert fresh(whole).state == Task.State.DONE
    back = {**finished, "on": date(2026, 7, 1), "state": "in_progress", "note": "复查发现缺项，继续办理。"}
    RecordProgress(actor=None, task=fresh(two), **back).execute()
    assert fresh(whole).state == Task.State.IN_PROGRESS


def test_a_task_with_an_unclear_second_lead_waits_for_a_person(plan: Plan, county: Any) -> None:
    text = (
        "澜亭县2026年工作要点\n一、规范执法\n（一）培训。举办培训。（牵头单位：县司法局、住建局、县市场监督管理局）\n"
        "（二）评查。评查案卷。"
    )
    found = ImportPlan(
        actor=None, organization=county.body, year=2026, document=read_text(text, "甲.txt")
    ).execute()
    task = found.tasks.all()[0]
    assert (task.leads, task.support, task.division) == ([county.justice], [county.market], "")


def test_leads_that_go_and_come_keep_what_was_reported(plan: Plan, county: Any) -> None:
    task = issued(plan, county).tasks.all()[1]
    both: dict[str, Any] = {"task": task, "lead": county.justice, "reason": "职责调整"}
    AssignTask(actor=None, co_leads=[county.market], **both).execute()
    part = next(part for part in task.parts.all() if part.lead == county.market)
    RecordProgress(
        actor=None, task=part, on=date(2026, 4, 1), state="done", note="市场领域已评查。"
    ).execute()
    AssignTask(actor=None, **both).execute()
    assert (fresh(task).division, task.parts.count()) == ("", 0)
    assert part.progress.count() == 1
    AssignTask(actor=None, co_leads=[county.market, county.housing], **both).execute()
    assert {one.lead for one in task.parts.all()} == {county.justice, county.market, county.housing}
    assert fresh(part).state == Task.State.DONE and fresh(part).merged_into is None


def test_a_task_is_split_by_its_sentences_which_keep_their_place(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[0]
    first = structure.sentences(task)
    assert [one.text for one in first] == ["全年至少举办2次行政执法人员培训，每次结束后测试。"]
    text = (
        "澜亭县2026年工作要点\n一、规范执法\n（一）加强培训。全年至少举办2次行政执法人员培训。建立培训档案；"
        "完成考试。（牵头单位：县司法局；配合单位：县市场监督管理局）\n（二）评查。评查案卷。"
    )
    other = ImportPlan(
        actor=None, organization=county.body, year=2026, document=read_text(text, "甲.txt")
    ).execute()
    task = other.tasks.all()[0]
    SetDue(actor=None, task=task, due=date(2026, 9, 30)).execute()
    made = SplitTask(actor=None, task=fresh(task), parts=parts_of(task)).execute()
    assert [part.title for part in made] == ["全年至少举办2次行政执法人员培训", "建立培训档案", "完成考试"]
    for part in made:
        assert other.source_text[part.source_start : part.source_end] == part.text
        assert (part.lead, part.support, part.due) == (county.justice, [county.market], date(2026, 9, 30))
    assert PlanTarget.objects.get(task__plan=other).task == made[0]
    assert [one.number for one in other.tasks.all()] == [
        "（一）",
        "（一）-1",
        "（一）-2",
        "（一）-3",
        "（二）",
    ]
    said = last(other)
    assert said["kind"] == "task.split" and [one["number"] for one in said["parts"]] == [
        m.number for m in made
    ]


def test_gathering_undoes_a_split(plan: Plan) -> None:
    task = plan.tasks.all()[0]
    before = shape(plan)
    parts = [Part(text="全年至少举办2次行政执法人员培训"), Part(text="每次结束后测试")]
    SplitTask(actor=None, task=task, parts=parts).execute()
    assert len(shape(plan)) == len(before) + 2
    GatherParts(actor=None, task=fresh(task)).execute()
    assert shape(plan) == before
    assert Task.everything.filter(merged_into=task).count() == 2  # readable still


def test_undoing_a_gathering_brings_the_parts_back(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[0]
    SplitTask(
        actor=None, task=task, parts=[Part(text="举办2次培训"), Part(text="测试", lead=county.market)]
    ).execute()
    before = shape(plan)
    GatherParts(actor=None, task=fresh(task)).execute()
    UndoMerge(actor=None, task=fresh(task)).execute()
    assert shape(plan) == before
    with pytest.raises(ActionRefused, match="没有可以撤销的合并"):
        UndoMerge(actor=None, task=plan.tasks.get(number="（二）")).execute()


def test_tasks_are_merged_and_come_apart_as_they_were(plan: Plan, county: Any) -> None:
    one, _, three, _ = plan.tasks.all()
    SetDue(actor=None, task=one, due=date(2026, 12, 31)).execute()
    SetDue(actor=None, task=three, due=date(2026, 6, 30)).execute()
    AssignTask(actor=None, task=three, lead=county.housing).execute()
    before = shape(plan)
    merged = MergeTasks(actor=None, task=fresh(one), others=[fresh(three)], title="培训和学法").execute()
    assert merged.text == f"{one.text}\n{three.text}" and merged.due == date(2026, 6, 30)
    assert {unit.code for unit in fresh(one).support} == {"scj", "zjj"}
    assert PlanTarget.objects.filter(task=one).count() == 3
    assert [task.number for task in plan.tasks.all()] == ["（一）", "（二）", "（四）"]
    UndoMerge(actor=None, task=fresh(one)).execute()
    assert shape(plan) == before
    assert last(plan)["kind"] == "tasks.unmerged"


def test_undoing_a_merging_leaves_alone_what_was_changed_since(plan: Plan) -> None:
    one, two, *_ = plan.tasks.all()
    MergeTasks(actor=None, task=one, others=[two]).execute()
    AmendTask(actor=None, task=fresh(one), title="执法能力", text="培训和评查一并开展。").execute()
    UndoMerge(actor=None, task=fresh(one)).execute()
    assert (fresh(one).title, fresh(two).merged_into) == ("执法能力", None)


def test_what_cannot_be_divided_or_merged_says_why(plan: Plan, county: Any) -> None:
    one, two, *_ = plan.tasks.all()
    halves = [Part(text="上半年培训"), Part(text="下半年培训")]
    with pytest.raises(ActionRefused, match="至少要拆成2项"):
        SplitTask(actor=None, task=one, parts=halves[:1]).execute()
    with pytest.raises(ActionRefused, match="第2项子任务没有内容"):
        SplitTask(actor=None, task=one, parts=[halves[0], Part(text="  ")]).execute()
    part, _ = SplitTask(actor=None, task=one, parts=halves).execute()
    with pytest.raises(ActionRefused, match="已经是子任务"):
        SplitTask(actor=None, task=part, parts=halves).execute()
    with pytest.raises(ActionRefused, match="这里只能有一个牵头单位"):
        AssignTask(actor=None, task=part, lead=county.justice, co_leads=[county.market]).execute()
    with pytest.raises(ActionRefused, match="请先把它的子任务合并"):
        MergeTasks(actor=None, task=two, others=[fresh(one)]).execute()
    with pytest.raises(ActionRefused, match="不在同一计划的同一层"):
        MergeTasks(actor=None, task=two, others=[part]).execute()
    with pytest.raises(ActionRefused, match="并入它自己"):
        MergeTasks(actor=None, task=two, others=[two]).execute()
    with pytest.raises(ActionRefused, match="没有子任务"):
        GatherParts(actor=None, task=two).execute()
    MergeTasks(actor=None, task=two, others=[plan.tasks.get(number="（三）")]).execute()
    gone = Task.everything.get(plan=plan, number="（三）")
    with pytest.raises(ActionRefused, match="已并入任务（二）"):
        SetDue(actor=None, task=gone, due=date(2026, 6, 30)).execute()
    AssignTask(
        actor=None, task=plan.tasks.get(number="（四）"), lead=county.justice, co_leads=[county.market]
    ).execute()
    with pytest.raises(ActionRefused, match="只留一个牵头单位"):
        GatherParts(actor=None, task=plan.tasks.get(number="（四）")).execute()


def test_only_the_coordinator_divides_and_after_issue_with_a_reason(plan: Plan, county: Any) -> None:
    task = issued(plan, county).tasks.all()[0]
    halves = [Part(text="上半年培训"), Part(text="下半年培训")]
    with pytest.raises(ActionRefused) as refused:
        SplitTask(
            actor=county.user(Role.OFFICER, county.justice), task=task, parts=halves, reason="细化"
        ).execute()
    assert refused.value.code == "role"
    with pytest.raises(ActionRefused, match="理由"):
        SplitTask(actor=None, task=task, parts=halves).execute()
    SplitTask(actor=None, task=task, parts=halves, reason="按半年细化").execute()
    assert last(plan)["reason"] == "按半年细化"


def test_a_divided_task_asks_units_and_days_of_its_parts(plan: Plan, county: Any) -> None:
    task = plan.tasks.get(number="（三）")  # no lead, no day
    one, two = SplitTask(actor=None, task=task, parts=[Part(text="学法"), Part(text="讲座")]).execute()
    assert task not in plan.lacks() and {one, two} <= set(plan.lacks())
    for part in (one, two):
        AssignTask(actor=None, task=part, lead=county.justice).execute()
        SetDue(actor=None, task=part, due=date(2026, 12, 31)).execute()
    assert not {one, two, task} & set(plan.lacks())
    assert fresh(task).leads == [county.justice]
    GatherParts(actor=None, task=fresh(task)).execute()
    assert (fresh(task).lead, fresh(task).due) == (county.justice, date(2026, 12, 31))


def test_a_day_and_a_wording_reach_the_sub_tasks_that_had_the_same(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[1]
    AssignTask(actor=None, task=task, lead=county.justice, co_leads=[county.market]).execute()
    one, two = task.parts.all()
    SetDue(actor=None, task=two, due=date(2026, 5, 31)).execute()
    SetDue(actor=None, task=fresh(task), due=date(2026, 9, 30)).execute()
    assert [fresh(part).due for part in (one, two)] == [date(2026, 9, 30), date(2026, 5, 31)]
    AmendTask(actor=None, task=fresh(task), title="评查案卷", text="抽取四十份。").execute()
    assert {(part.title, part.text) for part in task.parts.all()} == {("评查案卷", "抽取四十份。")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(alphabet="甲乙丙丁，戊己", min_size=2, max_size=12), min_size=1, max_size=6), st.data()
)
def test_sentences_are_the_source_at_their_place(words: list[str], data: st.DataObject) -> None:
    body = "".join(word + data.draw(st.sampled_from("。；\n")) for word in words)
    plan = Plan(source_text=f"前言\n（一）标题。{body}结束")
    task = Task(plan=plan, number="（一）", title="标题", text=f"（一）标题。{body}", source_start=3)
    task.source_end = 3 + len(task.text)
    found = structure.sentences(task)
    assert all(plan.source_text[one.start : one.end] == one.text for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})
    kept = "".join(one.text for one in found)
    assert all(word.strip("，") in kept for word in words if word.strip("，") and len(word) > 1)


def test_the_state_of_a_whole_follows_from_its_parts() -> None:
    states = Task.State
    assert structure.state_from([states.DONE, states.DONE]) == states.DONE
    assert structure.state_from([states.DONE, states.NOT_DONE]) == states.IN_PROGRESS
    assert structure.state_from([states.NOT_STARTED] * 2) == states.NOT_STARTED


def test_a_sub_task_of_a_foreign_unit_is_refused(plan: Plan, county: Any) -> None:
    foreign = Organization.objects.create(code="x", name="别处", level="county", path="/x/")
    with pytest.raises(ActionRefused, match="不属于"):
        AssignTask(actor=None, task=plan.tasks.all()[0], lead=county.justice, co_leads=[foreign]).execute()
