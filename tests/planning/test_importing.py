from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yifa.ledger.actions import CreateOrganization
from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import ImportPlan, IssuePlan
from yifa.planning.models import Plan, PlanTarget
from yifa.reading import read, read_text
from yifa.reading.document import Kind

pytestmark = pytest.mark.django_db


def imported(county: Any, text: str, year: int = 2026, **more: Any) -> Plan:
    document = read_text(text, "要点.txt")
    return ImportPlan(actor=None, organization=county.body, year=year, document=document, **more).execute()


@pytest.mark.mechanism("D2-01", "works")
def test_every_numbered_item_becomes_a_task_with_its_place_in_the_source(plan: Plan) -> None:
    tasks = list(plan.tasks.select_related("chapter"))
    assert [(task.number, task.title) for task in tasks] == [
        ("（一）", "加强执法培训"),
        ("（二）", "开展案卷评查"),
        ("（三）", "坚持领导干部学法"),
        ("（四）", "培训基层干部"),
    ]
    assert [task.chapter.title for task in tasks] == ["规范行政执法"] * 2 + ["提升法治能力"] * 2
    for task in tasks:
        assert plan.source_text[task.source_start : task.source_end] == task.text
        assert task.title in task.text


def test_units_without_doubt_are_assigned_and_the_rest_left_open(plan: Plan, county: Any) -> None:
    first, second, third, _ = plan.tasks.all()
    assert first.lead == county.justice
    assert first.support == [county.market]  # 住建局 is an abbreviation: offered, not assigned
    assert first.named_support == ["县市场监督管理局", "住建局"]
    assert second.lead == county.justice
    assert third.lead is None


def test_targets_are_answered_by_the_one_rule_that_fits(plan: Plan) -> None:
    rules = {target.subject: target.counting_rule for target in PlanTarget.objects.all()}
    assert rules == {
        "行政执法人员培训": "trainings_of_officers",
        "中心组学法": "study_sessions_of_group",
        "领导干部法治讲座": "law_lectures",
        "领导干部法治培训": "trainings_of_leaders",
    }


def test_the_import_stands_in_the_ledger(plan: Plan) -> None:
    record = Record.objects.get(subject=Subject.PLAN, subject_id=plan.pk)
    payload = json.loads(record.payload)
    assert record.kind == "plan.imported"
    assert (len(payload["tasks"]), payload["targets"], payload["sha256"]) == (4, 4, plan.source_sha256)


@pytest.mark.parametrize(
    "text", ["今年要把法治政府建设工作抓好，各单位认真落实。", "澜亭县2026年工作要点\n要求见附件。"]
)
def test_a_text_without_numbered_items_is_refused(county: Any, text: str) -> None:
    with pytest.raises(ActionRefused, match="没有找到带编号的工作事项") as refused:
        imported(county, text)
    assert refused.value.code == "no_tasks"
    assert not Plan.objects.exists()


def test_a_text_that_does_not_call_itself_a_plan_is_imported_all_the_same(county: Any) -> None:
    text = (
        "县司法局近期重点事项\n一、加强培训。全年至少举办2次行政执法人员培训。\n二、评查案卷。抽查处罚案卷。"
    )
    assert read_text(text, "事项.txt").kind is Kind.OTHER
    plan = imported(county, text)
    assert [task.title for task in plan.tasks.all()] == ["加强培训", "评查案卷"]
    assert PlanTarget.objects.get().counting_rule == "trainings_of_officers"


def test_a_report_is_not_taken_for_a_plan(county: Any) -> None:
    text = (Path(__file__).parents[2] / "examples" / "report-good.txt").read_text(encoding="utf-8")
    with pytest.raises(ActionRefused, match="年度报告"):
        imported(county, text)


def test_the_same_text_is_not_imported_twice_but_may_replace_the_draft(county: Any, plan: Plan) -> None:
    first, text = plan.pk, plan.source_text
    with pytest.raises(ActionRefused, match="导入过") as refused:
        imported(county, text)
    assert refused.value.code == "duplicate"
    again = imported(county, text, replaces=plan)
    assert list(Plan.objects.values_list("pk", flat=True)) == [again.pk]
    kinds = Record.objects.filter(subject=Subject.PLAN, subject_id=first).values_list("kind", flat=True)
    assert list(kinds) == ["plan.imported", "plan.replaced"]
    assert imported(county, text, year=2025).year == 2025  # another year is another plan


def test_an_issued_plan_is_not_replaced(county: Any, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.ISSUED)
    plan.refresh_from_db()
    with pytest.raises(ActionRefused, match="已印发"):
        imported(county, plan.source_text + "\n（五）新增一项工作。", replaces=plan)


def test_only_a_coordinator_imports(county: Any) -> None:
    officer = county.user(Role.OFFICER, county.body)
    document = read_text("一、规范执法\n（一）开展培训。做好培训。", "要点.txt")
    with pytest.raises(ActionRefused) as refused:
        ImportPlan(actor=officer, organization=county.body, year=2026, document=document).execute()
    assert refused.value.code == "role"


def test_long_titles_are_shortened_and_the_text_kept_whole(county: Any) -> None:
    long = "进一步完善" + "各项工作制度和" * 60
    plan = imported(
        county,
        f"澜亭县2026年法治政府建设工作要点\n一、规范执法\n（一）{long}\n（二）开展案卷评查。抽查案卷。",
    )
    task = plan.tasks.all()[0]
    assert len(task.title) <= 200
    assert long in task.text


def test_a_flat_plan_has_tasks_and_no_chapters(county: Any) -> None:
    plan = imported(
        county,
        "澜亭县2026年法治政府建设工作要点\n一、开展培训。做好培训。\n二、评查案卷。抽查案卷。\n三、化解纠纷。调处纠纷。",
    )
    assert plan.tasks.count() == 3
    assert plan.chapters.count() == 0


def test_the_example_plan_lacks_only_units_that_are_not_here(county: Any) -> None:
    path = Path(__file__).parents[2] / "examples" / "plan.txt"
    town = county.towns[0]
    CreateOrganization(
        actor=None, code="qs-sfs", name="青石镇司法所", level="department", parent=town
    ).execute()
    plan = ImportPlan(actor=None, organization=town, year=2026, document=read(path)).execute()
    assert (plan.chapters.count(), plan.tasks.count()) == (8, 21)
    assert all(task.due is not None and task.due.year == 2026 for task in plan.tasks.all())
    led = {task.number for task in plan.tasks.all() if task.lead and task.lead.code == "qs-sfs"}
    assert led == {"（三）", "（五）", "（十四）", "（十六）", "（十七）", "（二十一）"}
    with pytest.raises(ActionRefused, match=r"15项任务不完整.*缺牵头单位"):
        IssuePlan(actor=None, plan=plan, on=date(2026, 1, 12)).execute()


@pytest.mark.shared
def test_the_paper_gives_ten_chapters_thirty_six_tasks_five_targets(county: Any, shared: Path) -> None:
    path = next((shared / "sources").glob("001_*.txt"))
    plan = ImportPlan(actor=None, organization=county.body, year=2020, document=read(path)).execute()
    targets = PlanTarget.objects.filter(task__plan=plan)
    assert (plan.chapters.count(), plan.tasks.count(), targets.count()) == (10, 36, 5)
    assert [int(target.value) for target in targets.order_by("task__order", "order")] == [4, 1, 1, 1, 1]
    rules = [target.counting_rule for target in targets.order_by("task__order", "order")]
    assert len(set(rules)) == 5 and "" not in rules
    assert len(plan.lacks()) == 36
