"""Plans of several years: clauses read, linked with tasks, and the gaps over the years."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.ledger.registers import sample
from tests.scenarios.entering import gaps
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import (
    ImportClauses,
    LinkClauses,
    MergeTasks,
    RestorePlan,
    UnlinkClause,
    WithdrawPlan,
)
from yifa.planning.clauses import clauses_for, clauses_of, grid, read_clauses
from yifa.planning.models import Plan, TaskClause
from yifa.reading import read_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]
TITLE = "澜亭县法治建设五年实施方案"
TEXT = f"""{TITLE}

一、规范执法
（一）完善执法程序。健全三项制度。责任单位：县司法局。
（二）加强执法队伍建设。五年内轮训全部执法人员。
二、提升能力
（三）落实学法制度。领导干部带头学法。
"""
TODAY = date(2026, 11, 20)


def imported(county: Any, text: str = TEXT) -> list[Entry]:
    return ImportClauses(
        actor=None, organization=county.body, title=TITLE, starts=date(2024, 1, 1), ends=date(2028, 12, 31),
        prefix="FA", clauses=read_clauses(read_text(text, "方案.txt")),
    ).execute()  # fmt: skip


def test_clauses_are_read_from_numbered_items() -> None:
    found = read_clauses(read_text(TEXT, "方案.txt"))
    assert [(one.number, one.place, one.owner) for one in found] == [
        ("（一）", "规范执法 （一）", "县司法局"), ("（二）", "规范执法 （二）", ""), ("（三）", "提升能力 （三）", ""),
    ]  # fmt: skip
    assert [one.content for one in found] == [
        "完善执法程序。健全三项制度。", "加强执法队伍建设。五年内轮训全部执法人员。", "落实学法制度。领导干部带头学法。",
    ]  # fmt: skip


def test_clauses_are_read_from_a_table_with_other_heads() -> None:
    rows = (
        "任务分解表\n序号\t领域\t重点任务\t牵头单位（部门）\n1\t执法\t完善执法程序\t县司法局\n"
        "\t\t健全公示制度\t\n2\t学法\t落实学法制度\t"
    )
    found = read_clauses(read_text(rows, "表.txt"))
    assert [(one.number, one.place, one.content, one.owner) for one in found] == [
        ("1", "执法", "完善执法程序", "县司法局"), ("2", "执法", "健全公示制度", ""), ("2", "学法", "落实学法制度", ""),
    ]  # fmt: skip


def test_a_row_of_one_cell_names_the_part_and_notes_below_a_table_are_no_clauses() -> None:
    rows = "编号\t任务\t责任单位\n一、规范执法\t\t\n1\t完善程序\t县司法局\n二、学法\t\t\n2\t带头学法\t\n填表人：甲一\t\t"
    found = read_clauses(read_text(rows, "表.txt"))
    assert [(one.number, one.place, one.content) for one in found] == [
        ("1", "一、规范执法", "完善程序"), ("2", "二、学法", "带头学法"),
    ]  # fmt: skip


@pytest.mark.mechanism("D2-13", "works")
def test_tasks_are_linked_to_clauses_and_clauses_without_a_task_in_any_year_are_shown(
    plan: Plan, county: Any
) -> None:
    procedure, team, study = imported(county)
    tasks = {task.number: task for task in plan.tasks.all()}
    LinkClauses(
        actor=None, plan=plan, pairs=[(tasks["（一）"], team), (tasks["（二）"], procedure)]
    ).execute()
    earlier = sample("clause_tasks", {"code": "旧-1", "clause": team.key, "year": 2025, "task": "轮训一批"})
    PublishEntry(
        actor=None, organization=county.body, register="clause_tasks", on=date(2025, 12, 1), data=earlier
    ).execute()
    table = grid(county.body, TITLE, TODAY)
    assert table.years == (2024, 2025, 2026, 2027, 2028)
    cells = {
        row.clause.key: [[task.title for task in cell.tasks] for cell in row.cells] for row in table.rows
    }
    assert cells[team.key] == [[], ["轮训一批"], ["（一）加强执法培训"], [], []]
    assert cells[procedure.key] == [[], [], ["（二）开展案卷评查"], [], []]
    assert [row.clause for row in table.never] == [study]
    assert {row.clause.key: [cell.gap for cell in row.cells] for row in table.rows} == {
        procedure.key: [True, True, False, False, False],
        team.key: [True, False, False, False, False],
        study.key: [True, True, True, False, False],
    }  # fmt: skip
    assert table.gaps_in(2026) == 1
    assert gaps("plan_clauses_without_tasks", county.body, TODAY) == ["落实学法制度。领导干部带头学法。"]


def test_a_link_stands_on_the_register_and_goes_with_a_reason(plan: Plan, county: Any) -> None:
    clause, *_ = imported(county)
    task = plan.tasks.all()[0]
    made = LinkClauses(actor=None, plan=plan, pairs=[(task, clause), (task, clause)]).execute()
    assert LinkClauses(actor=None, plan=plan, pairs=[(task, clause)]).execute() == []
    entry = made[0].link
    assert (entry.data["clause"], entry.data["year"], entry.data["result"]) == (clause.key, 2026, "未完成")
    with pytest.raises(ActionRefused, match="理由"):
        UnlinkClause(actor=None, link=made[0], reason=" ").execute()
    UnlinkClause(actor=None, link=made[0], reason="对应有误").execute()
    assert Entry.objects.get(pk=entry.pk).withdrawn and not TaskClause.objects.exists()
    again = LinkClauses(actor=None, plan=plan, pairs=[(task, clause)]).execute()  # the key is free again
    MergeTasks(actor=None, task=plan.tasks.all()[1], others=[task]).execute()
    cell = next(cell for cell in grid(county.body, TITLE, TODAY).rows[0].cells if cell.year == 2026)
    assert [one.title for one in cell.tasks] == ["（二）开展案卷评查"]
    WithdrawPlan(actor=None, plan=plan, on=date(2026, 6, 1), reason="重新制定").execute()
    assert Entry.objects.get(pk=again[0].link_id).withdrawn
    assert [row.never for row in grid(county.body, TITLE, TODAY).rows] == [True, True, True]
    RestorePlan(actor=None, plan=plan, reason="撤错了").execute()
    assert [row.never for row in grid(county.body, TITLE, TODAY).rows] == [False, True, True]


def test_a_town_links_its_tasks_to_the_countys_plan(plan: Plan, county: Any) -> None:
    clause, *_ = imported(county)
    Plan.objects.filter(pk=plan.pk).update(organization=county.towns[0])
    plan.refresh_from_db()
    assert clauses_for(plan) == clauses_of(county.body)
    LinkClauses(actor=None, plan=plan, pairs=[(plan.tasks.all()[0], clause)]).execute()
    assert not grid(county.body, TITLE, TODAY).rows[0].never
    Plan.objects.filter(pk=plan.pk).update(year=2023)
    plan.refresh_from_db()
    with pytest.raises(ActionRefused, match="不在2023年的规划期内"):
        LinkClauses(actor=None, plan=plan, pairs=[(plan.tasks.all()[1], clause)]).execute()


def test_what_is_no_plan_of_several_years_is_refused(county: Any) -> None:
    with pytest.raises(ActionRefused, match="没有读到条目"):
        imported(county, "这里没有编号。")
    imported(county)
    with pytest.raises(ActionRefused, match="没有重复导入"):
        imported(county)
    given: dict[str, Any] = {
        "organization": county.body, "title": "别的", "starts": date(2026, 1, 1), "ends": date(2025, 1, 1), "prefix": "X",
        "clauses": read_clauses(read_text(TEXT, "方案.txt")),
    }  # fmt: skip
    with pytest.raises(ActionRefused, match="早于"):
        ImportClauses(actor=None, **given).execute()
    with pytest.raises(ActionRefused) as refused:
        ImportClauses(actor=county.user(Role.OFFICER, county.body), **given).execute()
    assert refused.value.code == "role"
