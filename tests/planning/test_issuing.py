from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import (
    AmendTask,
    AssignTask,
    ImportPlan,
    IssuePlan,
    LinkTarget,
    RecordProgress,
    RestorePlan,
    SetDue,
    WithdrawPlan,
)
from yifa.planning.history import changes
from yifa.planning.models import Plan, PlanTarget, Task, TaskUnit
from yifa.reading import read_text

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 20)


def complete(plan: Plan, county: Any) -> Plan:
    for task in plan.tasks.all():
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=county.justice).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
    return plan


def issued(plan: Plan, county: Any) -> Plan:
    return IssuePlan(
        actor=None, plan=complete(plan, county), on=ON, document_number="澜政发〔2026〕2号"
    ).execute()


@pytest.mark.mechanism("D2-01", "works")
def test_a_plan_with_gaps_is_refused_and_the_message_lists_them(plan: Plan, county: Any) -> None:
    SetDue(actor=None, task=plan.tasks.get(number="（二）"), due=date(2026, 7, 31)).execute()
    with pytest.raises(ActionRefused) as refused:
        IssuePlan(actor=None, plan=plan, on=ON).execute()
    message = refused.value.message
    assert "3项任务不完整" in message
    assert "（一）加强执法培训（缺完成时限）" in message
    assert "（三）坚持领导干部学法（缺牵头单位、完成时限）" in message
    assert "开展案卷评查" not in message
    assert Plan.objects.get().state == Plan.State.DRAFT


def test_a_complete_plan_is_issued_and_its_demands_stand_in_the_ledger(plan: Plan, county: Any) -> None:
    plan = issued(plan, county)
    assert (plan.state, plan.issued_on, plan.document_number) == ("issued", ON, "澜政发〔2026〕2号")
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).last()
    assert record is not None and record.kind == "plan.issued" and record.happened_on == ON
    tasks = json.loads(record.payload)["tasks"]
    assert [(task["lead"], task["due"]) for task in tasks] == [("sfj", "2026-12-31")] * 4
    with pytest.raises(ActionRefused, match="不能再次印发"):
        IssuePlan(actor=None, plan=plan, on=ON).execute()


def test_due_dates_for_a_chapter_and_for_what_is_missing(plan: Plan) -> None:
    first, second = plan.chapters.all()
    assert SetDue(actor=None, chapter=first, due=date(2026, 6, 30)).execute() == 2
    assert SetDue(actor=None, plan=plan, due=date(2026, 12, 31), only_missing=True).execute() == 2
    assert [task.due for task in first.tasks.all()] == [date(2026, 6, 30)] * 2
    assert [task.due for task in second.tasks.all()] == [date(2026, 12, 31)] * 2
    with pytest.raises(ActionRefused, match="早于计划年度"):
        SetDue(actor=None, plan=plan, due=date(2025, 12, 31)).execute()
    with pytest.raises(ActionRefused, match="请选择"):
        SetDue(actor=None, plan=plan, chapter=first, due=date(2026, 6, 30)).execute()


def test_a_unit_has_one_part_in_a_task_and_a_task_one_lead(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[2]
    with pytest.raises(ActionRefused, match="出现两次"):
        AssignTask(actor=None, task=task, lead=county.market, support=[county.market]).execute()
    AssignTask(actor=None, task=task, lead=county.market, support=[county.justice, county.housing]).execute()
    changed = AssignTask(actor=None, task=task, lead=county.housing, support=[county.market]).execute()
    assert (changed.lead, changed.support) == (county.housing, [county.market])
    assert TaskUnit.objects.filter(task=task).count() == 2


def test_what_changes_an_issued_plan_needs_a_reason(plan: Plan, county: Any) -> None:
    task = issued(plan, county).tasks.all()[0]
    changes: list[Any] = [
        lambda reason: AssignTask(actor=None, task=task, lead=county.market, reason=reason),
        lambda reason: SetDue(actor=None, task=task, due=date(2026, 9, 30), reason=reason),
        lambda reason: AmendTask(actor=None, task=task, title="改", text="改写", reason=reason),
    ]
    for change in changes:
        with pytest.raises(ActionRefused, match="理由"):
            change(" ").execute()
        change("机构职责调整").execute()
    with pytest.raises(ActionRefused, match="必须有牵头单位"):
        AssignTask(actor=None, task=task, lead=None, reason="职责调整").execute()


def test_amending_keeps_what_stood_before_in_the_ledger(plan: Plan) -> None:
    task = plan.tasks.all()[0]
    AmendTask(actor=None, task=task, title="加强培训", text="每季度培训一次。").execute()
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).last()
    assert record is not None
    assert json.loads(record.payload)["before"]["title"] == "加强执法培训"
    with pytest.raises(ActionRefused, match="不能为空"):
        AmendTask(actor=None, task=task, title=" ", text="内容").execute()


def test_a_target_is_linked_to_a_rule_the_catalogue_has(plan: Plan) -> None:
    target = PlanTarget.objects.first()
    assert target is not None
    with pytest.raises(ActionRefused, match="没有口径"):
        LinkTarget(actor=None, target=target, counting_rule="no_such_rule").execute()
    assert (
        LinkTarget(actor=None, target=target, counting_rule="trainings").execute().counting_rule
        == "trainings"
    )
    assert LinkTarget(actor=None, target=target, counting_rule="").execute().counting_rule == ""


def test_progress_comes_from_those_who_take_part(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[0]
    note: dict[str, Any] = {"on": date(2026, 5, 6), "state": Task.State.IN_PROGRESS, "note": "已举办一次。"}
    with pytest.raises(ActionRefused, match="还没有印发"):
        RecordProgress(actor=None, task=task, **note).execute()
    issued(plan, county)
    task.refresh_from_db()
    supporter, outsider = county.user(Role.OFFICER, county.market), county.user(Role.OFFICER, county.housing)
    with pytest.raises(ActionRefused) as refused:
        RecordProgress(actor=outsider, task=task, **note).execute()
    assert refused.value.code == "role"
    recorded = RecordProgress(actor=supporter, task=task, **note).execute()
    assert (recorded.quarter, Task.objects.get(pk=task.pk).state) == (2, Task.State.IN_PROGRESS)


def test_a_late_note_on_an_earlier_day_does_not_take_the_state_back(plan: Plan, county: Any) -> None:
    task = issued(plan, county).tasks.all()[0]
    RecordProgress(actor=None, task=task, on=date(2026, 9, 1), state="done", note="两次办完。").execute()
    RecordProgress(
        actor=None, task=task, on=date(2026, 5, 1), state="in_progress", note="补记第一次。"
    ).execute()
    assert Task.objects.get(pk=task.pk).state == Task.State.DONE


def test_a_withdrawn_plan_stays_readable_and_unchanged(plan: Plan, county: Any) -> None:
    with pytest.raises(ActionRefused, match="理由"):
        WithdrawPlan(actor=None, plan=plan, on=ON, reason="").execute()
    withdrawn = WithdrawPlan(actor=None, plan=plan, on=ON, reason="年度目标调整").execute()
    assert withdrawn.state == Plan.State.WITHDRAWN and withdrawn.tasks.count() == 4
    with pytest.raises(ActionRefused, match="已撤回"):
        AssignTask(actor=None, task=plan.tasks.all()[0], lead=county.justice).execute()


def test_issuing_and_withdrawing_decide_on_what_stands(plan: Plan, county: Any) -> None:
    complete(plan, county)
    stale = Plan.objects.get(pk=plan.pk)
    WithdrawPlan(actor=None, plan=plan, on=ON, reason="年度目标调整").execute()
    with pytest.raises(ActionRefused, match="已经撤回"):
        WithdrawPlan(actor=None, plan=stale, on=ON, reason="另一人也撤回").execute()
    stale = Plan(**{field.attname: getattr(plan, field.attname) for field in Plan._meta.concrete_fields})
    stale.state = Plan.State.DRAFT  # as it was read before
    with pytest.raises(ActionRefused, match="不能再次印发"):
        IssuePlan(actor=None, plan=stale, on=ON).execute()
    kinds = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).values_list("kind", flat=True)
    assert list(kinds).count("plan.withdrawn") == 1 and "plan.issued" not in kinds


def test_a_plan_is_not_withdrawn_before_it_was_issued_nor_tomorrow(plan: Plan, county: Any) -> None:
    plan = issued(plan, county)
    for on, said in ((ON - timedelta(days=1), "早于计划印发的2026年1月20日"), (date(2999, 1, 1), "还没有到")):
        with pytest.raises(ActionRefused, match=said) as refused:
            WithdrawPlan(actor=None, plan=plan, on=on, reason="重复制定").execute()
        assert refused.value.field == "on"
    assert Plan.objects.get().state == Plan.State.ISSUED


@pytest.mark.parametrize("in_force", [True, False])
def test_a_withdrawal_is_taken_back_with_a_reason(plan: Plan, county: Any, in_force: bool) -> None:
    if in_force:
        issued(plan, county)
    with pytest.raises(ActionRefused, match="没有撤回"):
        RestorePlan(actor=None, plan=plan, reason="撤错了").execute()
    WithdrawPlan(actor=None, plan=plan, on=ON, reason="重复制定").execute()
    with pytest.raises(ActionRefused, match="理由"):
        RestorePlan(actor=None, plan=plan, reason=" ").execute()
    restored = RestorePlan(actor=None, plan=plan, reason="撤错了").execute()
    assert restored.state == (Plan.State.ISSUED if in_force else Plan.State.DRAFT)
    last = changes(plan)[-1]
    assert (last.title, last.reason) == ("恢复计划", "撤错了")
    assert [(one.before, one.after) for one in last.differences] == [
        ("已撤回", "已印发" if in_force else "草稿")
    ]


def test_a_plan_whose_text_was_imported_anew_is_not_restored(plan: Plan, county: Any) -> None:
    WithdrawPlan(actor=None, plan=plan, on=ON, reason="重复制定").execute()
    document = read_text(plan.source_text, "要点.txt")
    ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()
    with pytest.raises(ActionRefused, match="已重新导入"):
        RestorePlan(actor=None, plan=plan, reason="撤错了").execute()
