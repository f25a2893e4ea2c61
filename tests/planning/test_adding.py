"""Tasks from stated problems, plans from above and findings; each names where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.planning.test_issuing import issued
from tests.scenarios.entering import gaps
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import (
    AddTask,
    AmendTask,
    ImportPlan,
    LetGoProblem,
    MergeTasks,
    TakeOver,
    TakeUpProblem,
    UpperItem,
    WithdrawPlan,
)
from yifa.planning.models import Plan, Task, TaskOrigin
from yifa.planning.problems import left_out, problems_of
from yifa.planning.structure import number_after
from yifa.reading import read_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]


def problem(county: Any, number: int, content: str, year: int = 2025, **more: Any) -> Entry:
    stated = min(date(year + 1, 2, 20), date(2026, 11, 20))
    data = {
        "code": f"{year}-{number:02}", "year": year, "report": f"澜亭县{year}年法治政府建设年度报告",
        "content": content, "stated_on": stated.isoformat(), "state": "未解决", **more,
    }  # fmt: skip
    return PublishEntry(
        actor=None, organization=county.body, register="stated_problems", on=stated, data=data
    ).execute()


def stored(entry: Entry) -> Any:
    return Entry.objects.get(pk=entry.pk).data.get("tasks")


@pytest.mark.mechanism(
    "D3-05", "partly"
)  # that the next report says of each 解决、部分、未 is shown in tests/reporting
def test_unsolved_problems_are_offered_become_tasks_and_those_left_are_listed(
    plan: Plan, county: Any
) -> None:
    old = problem(county, 1, "基层执法人员不足", year=2024, state="部分解决")
    first = problem(county, 1, "执法培训质量不高", measure="建立培训评估制度，每期测试")
    second = problem(county, 2, "案卷评查覆盖面不够")
    problem(county, 3, "信息公开不及时", state="已解决")
    problem(county, 1, "本年的问题", year=2026)
    assert [one.entry for one in problems_of(plan)] == [old, first, second]
    assert left_out(plan) == [old, first, second]
    chapter = plan.chapters.all()[0]
    made = TakeUpProblem(actor=None, plan=plan, problem=first, chapter=chapter).execute()
    assert (made.title, made.number, made.chapter) == ("建立培训评估制度", "（二）之一", chapter)
    assert "执法培训质量不高" in made.text
    assert [task.number for task in plan.tasks.all()] == [
        "（一）",
        "（二）",
        "（二）之一",
        "（三）",
        "（四）",
    ]
    assert stored(first) == [f"2026年〔{plan.title}〕（二）之一建立培训评估制度"]
    review = plan.tasks.get(number="（二）")
    TakeUpProblem(actor=None, plan=plan, problem=second, task=review).execute()
    assert stored(second) == [f"2026年〔{plan.title}〕（二）开展案卷评查"]
    assert left_out(plan) == [old]
    assert gaps("problems_without_task", county.body, date(2026, 11, 20)) == [
        "基层执法人员不足",
        "本年的问题",
    ]
    with pytest.raises(ActionRefused, match="已由任务（二）承接"):
        TakeUpProblem(actor=None, plan=plan, problem=second, task=review).execute()


def test_a_link_is_taken_back_in_both_places(plan: Plan, county: Any) -> None:
    entry = problem(county, 1, "评查不够")
    review, training = plan.tasks.get(number="（二）"), plan.tasks.get(number="（一）")
    for task in (review, training):
        TakeUpProblem(actor=None, plan=plan, problem=Entry.objects.get(pk=entry.pk), task=task).execute()
    AmendTask(actor=None, task=review, title="评查案卷四十份", text="抽取评查。").execute()
    LetGoProblem(actor=None, origin=TaskOrigin.objects.get(task=review), reason="改由培训承接").execute()
    assert stored(entry) == [f"2026年〔{plan.title}〕（一）加强执法培训"]
    WithdrawPlan(actor=None, plan=plan, on=date(2026, 6, 1), reason="重新制定").execute()
    assert not stored(entry)
    assert TaskOrigin.objects.filter(task=training, entry=entry).exists()  # the withdrawn plan stays readable


def test_replacing_a_draft_gives_its_problems_back(plan: Plan, county: Any) -> None:
    entry = problem(county, 1, "评查不够")
    TakeUpProblem(actor=None, plan=plan, problem=entry, task=plan.tasks.all()[0]).execute()
    text = plan.source_text + "\n（五）新增事项。做好新增事项。"
    again = ImportPlan(
        actor=None, organization=county.body, year=2026, document=read_text(text, "要点.txt"), replaces=plan
    ).execute()
    assert not stored(entry) and left_out(again) == [Entry.objects.get(pk=entry.pk)]


def test_a_problem_of_another_body_or_a_later_year_is_refused(plan: Plan, county: Any) -> None:
    with pytest.raises(ActionRefused, match="由以后年度的计划承接"):
        TakeUpProblem(actor=None, plan=plan, problem=problem(county, 1, "问题", year=2026)).execute()
    county.body = county.towns[0]
    with pytest.raises(ActionRefused, match="不是澜亭县人民政府报告列出的问题"):
        TakeUpProblem(actor=None, plan=plan, problem=problem(county, 1, "问题")).execute()


def test_a_problem_of_a_merged_task_stays_taken_up(plan: Plan, county: Any) -> None:
    entry = problem(county, 1, "评查不够")
    one, two, *_ = plan.tasks.all()
    TakeUpProblem(actor=None, plan=plan, problem=entry, task=two).execute()
    MergeTasks(actor=None, task=one, others=[two]).execute()
    assert [found.tasks for found in problems_of(plan)] == [(one,)]


@pytest.mark.mechanism("D2-04", "partly")
def test_items_from_above_keep_the_number_of_their_document(plan: Plan, county: Any) -> None:
    items = [
        UpperItem(
            number="（三）",
            title="规范裁量",
            text="（三）规范裁量。各县区六月底前修订基准。",
            due=date(2026, 6, 30),
        ),
        UpperItem(
            number="（五）", title="", text="（五）开展执法监督专项行动，年底前完成。", due=date(2025, 12, 31)
        ),
    ]
    given: dict[str, Any] = {
        "plan": plan,
        "title": "示例市2026年工作要点",
        "items": items,
        "chapter": plan.chapters.all()[1],
    }
    with pytest.raises(ActionRefused, match="请填写上级文件的文号"):
        TakeOver(actor=None, document_number=" ", **given).execute()
    made = TakeOver(
        actor=None, document_number="示法办〔2026〕3号", leads=[county.justice], **given
    ).execute()
    assert [(task.number, task.title, task.lead, task.due) for task in made] == [
        ("（五）", "规范裁量", county.justice, date(2026, 6, 30)),
        ("（六）", "开展执法监督专项行动", county.justice, None),
    ]  # fmt: skip
    origin = made[0].origins.get()
    assert (origin.kind, origin.document_number, origin.item, origin.text) == (
        "upper", "示法办〔2026〕3号", "（三）", items[0].text,
    )  # fmt: skip
    with pytest.raises(ActionRefused, match=r"（三）、（五）已经承接过"):
        TakeOver(actor=None, document_number="示法办〔2026〕3号", **given).execute()


def test_an_issued_plan_grows_only_by_complete_tasks_with_a_reason(plan: Plan, county: Any) -> None:
    plan = issued(plan, county)
    given: dict[str, Any] = {"actor": None, "plan": plan, "title": "新增督查", "text": "按上级要求督查。"}
    with pytest.raises(ActionRefused, match="理由"):
        AddTask(**given).execute()
    with pytest.raises(ActionRefused, match="同时写明牵头单位和完成时限"):
        AddTask(**given, reason="上级部署").execute()
    leads = [county.justice, county.market]
    task = AddTask(**given, reason="上级部署", leads=leads, due=date(2026, 12, 1)).execute()
    assert task.parts.count() == 2 and plan.lacks() == []
    with pytest.raises(ActionRefused) as refused:
        AddTask(**{**given, "actor": county.user(Role.OFFICER, county.justice)}, reason="部署").execute()
    assert refused.value.code == "role"


@pytest.mark.parametrize(
    ("numbers", "chapter", "wanted"),
    [
        (["（一）", "（二）", "（三）"], 1, "（四）"),
        (["（一）", "（二）", "（三）"], 0, "（二）之一"),
        (["（一）", "（二）", "（一）"], 0, "（三）"),
        (["1.", "2.", "1."], 0, "3."),
        (["（九）", "（十）", "（一）"], 0, "（十一）"),
        (["第一项", "第二项", "第三项"], 0, "第二项之一"),
    ],
)
def test_a_new_task_goes_on_in_the_numbering_of_its_chapter(
    plan: Plan, numbers: list[str], chapter: int, wanted: str
) -> None:
    plan.tasks.get(number="（四）").delete()
    chapters = list(plan.chapters.all())
    for place, (task, number) in enumerate(zip(plan.tasks.all(), numbers, strict=True)):
        Task.objects.filter(pk=task.pk).update(
            number=number, chapter=chapters[0] if place < 2 else chapters[1]
        )
    assert number_after(plan, chapters[chapter]) == wanted
