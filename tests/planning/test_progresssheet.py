from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.planning.following import issued, say, training
from yifa.ledger.actions import StoreAttachment
from yifa.planning.actions import AssignTask, LinkEvidence, Paper, ReturnProgress
from yifa.planning.models import Plan, Task
from yifa.planning.progresssheet import NOTHING_SAID, SAID_BY_PARTS, Line, sheet, write_excel
from yifa.planning.quarters import Quarter
from yifa.planning.reminders import tasks_with_notes

pytestmark = pytest.mark.django_db
END = date(2026, 12, 31)
S = Task.State


@pytest.fixture
def followed(plan: Plan, county: Any) -> Plan:
    plan = issued(plan, county)
    first, second, third, _ = plan.tasks.all()
    case = training(county.market, date(2026, 2, 10))
    link = LinkEvidence(
        actor=None, task=second, record=training(county.justice, date(2026, 5, 5)), note="评查"
    ).execute()
    say(first, date(2026, 3, 30), note="办了一期。", unit=county.justice)
    say(first, date(2026, 3, 30), note="派人参加。", unit=county.market)
    say(first, date(2026, 6, 30), S.DONE, "两期办完。", unit=county.justice)
    say(second, date(2026, 6, 30), note="抽查三十卷。", unit=county.justice, records=[link])
    say(third, date(2026, 6, 30), S.NOT_DONE, "", reason="领导班子调整", unit=county.justice)
    assert case
    return plan


def lines(plan: Plan, quarter: int | None, today: date = END) -> dict[str, Line]:
    of = Quarter(plan.year, quarter) if quarter else None
    return {line.task.number: line for line in sheet(tasks_with_notes(plan), of, today)}


def test_a_quarter_shows_what_stood_at_its_end(followed: Plan) -> None:
    first, second = lines(followed, 1), lines(followed, 2)
    assert (first["（一）"].label, second["（一）"].label) == ("进行中", "已完成")
    assert first["（一）"].progress == ("办了一期。", "（澜亭县市场监督管理局）：派人参加。")
    assert second["（一）"].progress == ("两期办完。",)
    assert (first["（三）"].label, second["（三）"].label) == ("未开始", "未开展")
    assert first["（三）"].reasons == () and second["（三）"].reasons == ("领导班子调整",)


def test_numbers_are_those_of_the_end_of_the_quarter(followed: Plan, county: Any) -> None:
    assert "台账已有1次，尚未达到" in lines(followed, 1)["（一）"].basis[0]
    training(county.market, date(2026, 5, 9))
    assert "台账已有1次" in lines(followed, 1)["（一）"].basis[0]
    assert "台账已有3次，已达到" in lines(followed, 2)["（一）"].basis[0]


def test_of_a_divided_task_its_parts_speak(followed: Plan, county: Any) -> None:
    task = Task.objects.get(plan=followed, number="（二）")
    AssignTask(
        actor=None, task=task, lead=county.justice, co_leads=[county.market], reason="共同牵头"
    ).execute()
    found = lines(followed, 3)
    assert found["（二）"].values[6] == SAID_BY_PARTS
    assert found["（二）-1"].values[6] == found["（二）-2"].values[6] == NOTHING_SAID


def test_linked_records_print(followed: Plan) -> None:
    case = followed.tasks.all()[1].evidence.get()
    assert [text for text in lines(followed, 2)["（二）"].basis if case.title in text]


def test_the_year_says_each_quarter_and_what_was_sent_back(followed: Plan, county: Any) -> None:
    note = say(followed.tasks.all()[1], date(2026, 9, 30), S.DONE, "办完。", unit=county.justice)
    ReturnProgress(actor=None, progress=note, on=date(2026, 10, 8), reason="缺结果").execute()
    year = lines(followed, None)
    assert year["（一）"].progress[0] == "第一季度：办了一期。"
    assert year["（二）"].progress[-1] == "第三季度：办完。（已退回补充）"
    assert year["（二）"].label == "进行中"
    assert year["（三）"].reasons == ("第二季度：领导班子调整",)


def test_a_file_prints_with_the_reason_for_it(followed: Plan) -> None:
    file = StoreAttachment(actor=None, content=b"text", name="来函.txt").execute()
    paper = Paper(attachment=file, title="来函", why="上级来文")
    say(followed.tasks.all()[3], date(2026, 6, 1), papers=[paper])
    assert lines(followed, 2)["（四）"].papers == ("来函（上级来文）",)


def test_the_excel_file_holds_the_same(followed: Plan) -> None:
    quarter = Quarter(2026, 2)
    found = sheet(tasks_with_notes(followed), quarter, END)
    target = io.BytesIO()
    write_excel(followed, quarter, found, target)
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert book.active is not None and book.active.title == "2026年第二季度任务进展"
    assert [row[0] for row in rows[1:]] == ["（一）", "（二）", "（三）", "（四）"]
    third = rows[3]
    assert (third[5], third[6], third[7]) == ("未开展", None, "领导班子调整")
    assert third[4].date() == END
