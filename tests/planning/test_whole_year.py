"""The plan of the zone, from its text to figures that answer what it demands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AssignTask, ImportPlan, IssuePlan, SetDue
from yifa.planning.importing import proposed_draft, read_source
from yifa.planning.matrix import build
from yifa.planning.models import Plan, PlanTarget
from yifa.planning.sentences import beside
from yifa.planning.targets import Answer, answer
from yifa.planning.word import write

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
END = date(2020, 12, 31)


@pytest.fixture
def plan(county: Any, shared: Path) -> Plan:
    path = next((shared / "sources").glob("001_*.txt"))
    draft = proposed_draft(read_source(path.read_bytes(), path.name), 2020)
    return ImportPlan(actor=None, organization=county.body, year=2020, draft=draft).execute()


def held(unit: Organization, case_type: str, on: date, **facts: str) -> None:
    given = {"subject": "依法行政", **facts}
    more: dict[str, Any] = {"attendees": 20, "hours": 4}
    OpenCase(
        actor=None, organization=unit, case_type=case_type, act="hold", on=on, facts=given, fields=more
    ).execute()


def answers(plan: Plan, number: str, on: date = END) -> list[Answer]:
    targets = PlanTarget.objects.filter(task__plan=plan, task__number__in=(number, f"（{number[1:-1]}）"))
    return [answer(target, on) for target in targets.order_by("order")]


@pytest.mark.mechanism("D2-01", "works")
def test_it_is_issued_only_when_all_thirty_six_items_have_unit_and_day(
    plan: Plan, county: Any, tmp_path: Path
) -> None:
    assert (plan.items.count(), plan.chapters.count()) == (36, 10)
    tasks = list(plan.items)
    for task in tasks[:-1]:
        AssignTask(actor=None, task=task, lead=county.justice).execute()
    SetDue(actor=None, plan=plan, due=END).execute()
    with pytest.raises(ActionRefused, match=r"1项任务不完整.*三十六.*缺牵头单位"):
        IssuePlan(actor=None, plan=plan, on=date(2020, 3, 2)).execute()
    last = plan.items.get(pk=tasks[-1].pk)
    AssignTask(actor=None, task=last, lead=county.justice, co_leads=[county.market]).execute()
    issued = IssuePlan(
        actor=None, plan=Plan.objects.get(), on=date(2020, 3, 2), document_number="示例〔2020〕1号"
    ).execute()
    assert issued.state == Plan.State.ISSUED
    assert len(build(issued, END).rows) == 36
    assert beside(issued).left == ()  # no sentence is lost
    write(issued, tmp_path / "plan.docx")
    assert len(docx.Document(str(tmp_path / "plan.docx")).tables[0].rows) == 1 + 10 + 36


@pytest.mark.mechanism("D14-01", "works")
def test_the_demands_of_item_twenty_nine_are_answered_by_what_was_held(plan: Plan, county: Any) -> None:
    assert [found.text for found in answers(plan, "(二十九)")] == ["未达到"] * 3
    for month in (2, 5, 8, 11):
        held(county.body, "study_session", date(2020, month, 10), kind="中心组学法")
    held(county.justice, "study_session", date(2020, 6, 1), kind="法治讲座")
    held(county.towns[0], "training", date(2020, 6, 2), audience="领导干部")
    group, lecture, towns = answers(plan, "(二十九)")
    assert (group.value, group.met, group.target.compare, int(group.target.value)) == (4, True, ">=", 4)
    assert (lecture.value, lecture.met) == (1, True)
    assert (towns.met, [unit.met for unit in towns.units].count(True)) == (False, 1)
    held(county.towns[1], "training", date(2020, 9, 2), audience="领导干部")
    assert answers(plan, "(二十九)")[2].met is True
    assert (
        answers(plan, "(二十九)", date(2020, 6, 30))[0].text == "尚未达到"
    )  # two of four, the year still runs


@pytest.mark.mechanism("D14-04", "works")
def test_the_demands_of_item_thirty_one_are_answered_by_trainings(plan: Plan, county: Any) -> None:
    assert [found.met for found in answers(plan, "(三十一)")] == [False, False]
    held(county.justice, "training", date(2020, 4, 1), audience="法治工作人员")
    held(county.market, "training", date(2020, 7, 1), audience="行政执法人员")
    held(county.market, "training", date(2021, 1, 5), audience="行政执法人员")  # another year
    staff, officers = answers(plan, "(三十一)")
    assert (staff.value, staff.met, officers.value, officers.met) == (1, True, 1, True)
    assert officers.counted is not None and [record.on for record in officers.counted.records] == [
        date(2020, 7, 1)
    ]


def test_plan_like_texts_of_the_corpus_lose_no_line(shared: Path) -> None:
    """Work reports are no plans of ours; whatever is read of them, every line is accounted for."""
    for path in sorted((shared / "corpus" / "work_reports").glob("*.txt"))[::6]:
        if path.name == "szgw036.txt":
            continue
        draft = proposed_draft(read_source(path.read_bytes(), path.name), 2020)
        assert len(draft.lines) == sum(bool(line.strip()) for line in draft.text.split("\n")), path.name
        assert all(draft.text[slice(*item.span)].strip() for item in draft.items), path.name
