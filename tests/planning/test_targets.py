from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from yifa.ledger.actions import OpenCase
from yifa.ledger.models import CollectionGap, Organization
from yifa.planning.actions import (
    AddTask,
    AmendTask,
    ImportPlan,
    LinkTarget,
    Part,
    SplitTask,
    TakeOver,
    UpperItem,
)
from yifa.planning.history import changes
from yifa.planning.models import Plan, PlanTarget, Task
from yifa.planning.targets import answer, compare
from yifa.reading import read_text

pytestmark = pytest.mark.django_db
END = date(2026, 12, 31)


def training(unit: Organization, on: date, audience: str = "行政执法人员") -> None:
    OpenCase(
        actor=None,
        organization=unit,
        case_type="training",
        act="hold",
        on=on,
        facts={"subject": "执法程序", "audience": audience},
        fields={"attendees": 20, "hours": 4},
    ).execute()


def target(county: Any, demand: str) -> PlanTarget:
    text = f"澜亭县2026年法治政府建设工作要点\n一、提升能力\n（一）加强培训。{demand}。\n（二）化解纠纷。调处纠纷。"
    document = read_text(text, "要点.txt")
    plan = ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()
    return PlanTarget.objects.get(task__plan=plan)


@pytest.mark.mechanism("D14-04", "partly")
def test_a_target_is_answered_by_the_records_of_its_year(county: Any) -> None:
    wanted = target(county, "全年至少举办2次行政执法人员培训")
    assert answer(wanted, date(2026, 6, 30)).text == "尚未达到"
    for on in (date(2025, 12, 31), date(2026, 3, 2), date(2026, 8, 3)):
        training(county.justice, on)
    half = answer(wanted, date(2026, 6, 30))
    assert (half.value, half.met, half.final, half.text) == (1, False, False, "尚未达到")
    whole = answer(wanted, END)
    assert (whole.value, whole.met, whole.final, whole.text) == (2, True, True, "已达到")
    assert whole.counted is not None and [r.on for r in whole.counted.records] == [
        date(2026, 3, 2),
        date(2026, 8, 3),
    ]


def test_what_is_missed_at_the_end_is_missed(county: Any) -> None:
    missed = answer(target(county, "全年至少举办2次行政执法人员培训"), END)
    assert (missed.met, missed.final, missed.text) == (False, True, "未达到")


@pytest.mark.mechanism("D14-01", "partly")
def test_a_demand_on_every_town_is_answered_town_by_town(county: Any) -> None:
    wanted = target(county, "各乡镇全年至少举办1期领导干部法治培训")
    training(county.towns[0], date(2026, 4, 1), "领导干部")
    training(county.justice, date(2026, 4, 2), "领导干部")  # no town
    found = answer(wanted, END)
    assert [(unit.organization, unit.value, unit.met) for unit in found.units] == [
        (county.towns[1], 0, False),
        (county.towns[0], 1, True),
    ]
    assert (found.value, found.met) == (1, False)
    training(county.towns[1], date(2026, 5, 1), "领导干部")
    assert answer(wanted, END).met is True


def test_a_demand_on_every_quarter_is_answered_quarter_by_quarter(county: Any) -> None:
    wanted = target(county, "每季度至少举办1次行政执法人员培训")
    training(county.justice, date(2026, 2, 1))
    training(county.justice, date(2026, 5, 1))
    autumn = answer(wanted, date(2026, 8, 15))
    assert [(s.start, s.value, s.met, s.over) for s in autumn.stretches] == [
        (date(2026, 1, 1), 1, True, True),
        (date(2026, 4, 1), 1, True, True),
        (date(2026, 7, 1), 0, False, False),
    ]
    assert autumn.met is True  # the third quarter still runs
    assert answer(wanted, date(2026, 10, 1)).met is False
    assert answer(wanted, END).text == "未达到"


def test_nothing_is_said_without_a_rule_or_without_data(county: Any) -> None:
    wanted = target(county, "全年至少举办2次行政执法人员培训")
    gap = {"counting_rule": wanted.counting_rule, "valid_from": date(2026, 1, 1), "reason": "未建台账"}
    CollectionGap.objects.create(organization=county.body, **gap)
    silent = answer(wanted, END)
    assert (silent.value, silent.met, silent.text) == (None, None, "数据未采集")
    wanted.counting_rule = ""
    assert (answer(wanted, END).met, answer(wanted, END).counted) == (None, None)


@pytest.mark.parametrize(
    ("value", "sign", "wanted", "met"),
    [
        (2, ">=", 2, True),
        (1, ">=", 2, False),
        (2, "<=", 2, True),
        (3, "<=", 2, False),
        (2, "=", 2, True),
        (3, "=", 2, False),
    ],
)
def test_comparison(value: int, sign: str, wanted: int, met: bool) -> None:
    assert compare(Decimal(value), sign, Decimal(wanted)) is met


def demanded(task: Task) -> list[tuple[int, str, str]]:
    return [(int(one.value), one.unit, one.counting_rule) for one in task.targets.all()]


def test_a_task_added_or_taken_over_is_answered_by_its_numbers(plan: Plan, county: Any) -> None:
    words = "全年至少举办1次领导干部法治讲座，4次中心组学法。"
    added = AddTask(actor=None, plan=plan, title="领导干部学法", text=words).execute()
    assert demanded(added) == [(1, "次", "law_lectures"), (4, "次", "study_sessions_of_group")]
    (taken,) = TakeOver(
        actor=None, plan=plan, title="市要点", document_number="示法办〔2026〕3号",
        items=[UpperItem(number="（九）", title="培训", text="（九）培训。全年至少举办3次行政执法人员培训。")],
    ).execute()  # fmt: skip
    assert demanded(taken) == [(3, "次", "trainings_of_officers")]
    training(county.justice, date(2026, 3, 2))
    assert answer(taken.targets.get(), END).value == 1


def test_what_the_words_demand_follows_the_words(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[0]
    LinkTarget(actor=None, target=task.targets.get(), counting_rule="trainings").execute()
    more = task.text.replace("2次行政执法人员培训", "3次行政执法人员培训")
    AmendTask(actor=None, task=task, title=task.title, text=more).execute()
    assert demanded(task) == [(3, "次", "trainings")]  # the rule that was chosen stays
    (told,) = [one for one in changes(plan)[-1].differences if one.what == "指标"]
    assert "2次" in told.before and "3次" in told.after
    AmendTask(actor=None, task=task, title="加强培训", text=more).execute()
    assert demanded(task) == [(3, "次", "trainings")]
    AmendTask(actor=None, task=task, title="加强培训", text="分期分批开展培训。").execute()
    assert demanded(task) == []


def test_numbers_that_sub_tasks_hold_stay_theirs(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[2]
    words = task.text.split("，")[0]
    SplitTask(
        actor=None, task=task, parts=[Part(title="学法", text=words), Part(title="其他", text="讲座")]
    ).execute()
    before = [demanded(one) for one in (task, *task.parts.all())]
    AmendTask(actor=None, task=task, title="领导干部学法", text=task.text).execute()
    assert [demanded(one) for one in (task, *task.parts.all())] == before
