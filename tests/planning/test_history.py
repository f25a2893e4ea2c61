"""What changed on a plan, from its chain in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.planning.test_issuing import issued
from yifa.planning.actions import (
    AddTask,
    AmendTask,
    AssignTask,
    GatherParts,
    MergeTasks,
    Part,
    RecordProgress,
    SetBearers,
    SetDue,
    SplitTask,
    UndoMerge,
    WithdrawPlan,
)
from yifa.planning.history import Difference, changes, since_issue
from yifa.planning.models import Plan, Task

pytestmark = pytest.mark.django_db


def told(plan: Plan) -> list[tuple[str, list[Difference], str]]:
    return [
        (change.title, list(change.differences), change.reason)
        for change in changes(plan)
        if change.after_issue
    ]


def test_every_change_of_an_issued_plan_is_told_with_both_sides_and_its_reason(
    plan: Plan, county: Any
) -> None:
    plan = issued(plan, county)
    one, two, three, _ = plan.tasks.all()
    user = county.coordinator()
    AssignTask(
        actor=user, task=one, lead=county.market, support=[county.justice], reason="职责划转"
    ).execute()
    SetDue(actor=user, task=one, due=date(2026, 9, 30), reason="提前完成").execute()
    AmendTask(actor=user, task=two, title="评查案卷", text=two.text, reason="改错").execute()
    assert told(plan) == [
        (
            "调整责任单位",
            [
                Difference("牵头单位", "澜亭县司法局", "澜亭县市场监督管理局"),
                Difference("配合单位", "澜亭县市场监督管理局", "澜亭县司法局"),
            ],
            "职责划转",
        ),
        (
            "调整完成时限",
            [Difference("完成时限", "2026年12月31日", "2026年9月30日")],
            "提前完成",
        ),
        ("改文字", [Difference("标题", "开展案卷评查", "评查案卷")], "改错"),
    ]
    assert {change.who for change in changes(plan) if change.after_issue} == {"甲一"}
    SplitTask(actor=None, task=three, parts=[Part(text="学法"), Part(text="讲座")], reason="细化").execute()
    GatherParts(actor=None, task=Task.objects.get(pk=three.pk), reason="不再细化").execute()
    MergeTasks(actor=None, task=Task.objects.get(pk=one.pk), others=[two], reason="内容相近").execute()
    UndoMerge(actor=None, task=Task.objects.get(pk=one.pk), reason="分开考核").execute()
    SetBearers(
        actor=None, tasks=[one], overall="县长", direct="副县长", offices=["法规科"], reason="分级"
    ).execute()
    split, gathered, merged, undone, borne = told(plan)[3:]
    assert split[:2] == ("拆分", [Difference("拆分", "（三）坚持领导干部学法", "（三）-1学法\n（三）-2讲座")])
    assert gathered[1][0] == Difference("合并", "（三）-1学法\n（三）-2讲座", "（三）坚持领导干部学法")
    assert merged[1][0] == Difference("合并", "（二）评查案卷", "（一）加强执法培训")
    assert [difference.what for difference in merged[1]] == ["合并", "内容"]
    assert undone[0] == "撤销合并" and undone[2] == "分开考核"
    assert borne[1] == [Difference("责任", "（未定）", "总责：县长，直接责任：副县长，落实科室：法规科")]


def test_the_plan_as_issued_stands_beside_the_plan_of_today(plan: Plan, county: Any) -> None:
    plan = issued(plan, county)
    one, two, three, _ = plan.tasks.all()
    assert since_issue(plan) == []
    AssignTask(
        actor=None, task=three, lead=county.justice, co_leads=[county.market], reason="共同负责"
    ).execute()
    MergeTasks(actor=None, task=one, others=[two], reason="内容相近").execute()
    AddTask(
        actor=None,
        plan=plan,
        title="新事项",
        text="新部署。",
        leads=[county.justice],
        due=date(2026, 12, 1),
        reason="部署",
    ).execute()
    found = {row.task: row for row in since_issue(plan)}
    assert found["（三）坚持领导干部学法"].differences == (
        Difference("牵头单位", "澜亭县司法局", "澜亭县司法局、澜亭县市场监督管理局"),
    )
    assert found["（二）开展案卷评查"].note == "已并入（一）加强执法培训"
    assert found["（三）-1坚持领导干部学法"].note == "印发后拆分出的子任务"
    assert found["（五）新事项"].note == "印发后新增"
    assert "（一）加强执法培训" not in found  # the words of an item are told by the change that mends them


def test_many_days_at_once_are_summed_up_and_progress_is_no_change(plan: Plan, county: Any) -> None:
    many = [Part(text=f"第{number}步") for number in range(1, 9)]
    SplitTask(actor=None, task=plan.tasks.all()[0], parts=many).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 12, 31)).execute()
    last = changes(plan)[-1]
    assert last.differences == (Difference("12项任务的完成时限", "（未定）12项", "2026年12月31日"),)
    assert not last.after_issue
    plan = issued(plan, county)
    before = len(changes(plan))
    RecordProgress(
        actor=None, task=plan.tasks.all()[1], on=date(2026, 5, 1), state="in_progress", note="已部署。"
    ).execute()
    assert len(changes(plan)) == before


def test_a_withdrawn_plan_tells_its_history(plan: Plan) -> None:
    WithdrawPlan(actor=None, plan=plan, on=date(2026, 3, 1), reason="重复制定").execute()
    last = changes(plan)[-1]
    assert (last.title, last.reason, last.on) == ("撤回", "重复制定", date(2026, 3, 1))
