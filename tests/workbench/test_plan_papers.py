"""The matrix, the source beside the tasks, the downloads."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from tests.workbench.test_plans import issued
from yifa.ledger.models import Record, Subject
from yifa.planning.models import Plan, Task

LIVE = {"HX-Request": "true"}


def matrix_url(world: World) -> str:
    return reverse("plan_matrix", args=[world.plan.pk])


def cell(task: Task, unit: object) -> str:
    return f"{task.pk}-{unit.pk}"  # type: ignore[attr-defined]


def test_a_click_on_a_cell_assigns_and_a_second_takes_it_away(world: World) -> None:
    client, task = world.client("coordinator"), world.plan.tasks.all()[1]
    page = LexborHTMLParser(client.get(matrix_url(world) + "?all=1").content.decode())
    seen = page.css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    button = page.css_first(f"#cell-{cell(task, world.office)}")
    assert button is not None and button.tag == "button"
    form = {"cell": cell(task, world.office), "part": "lead", "seen": seen}
    answer = client.post(matrix_url(world) + "?all=1", form, headers=LIVE)
    assert "<html" not in answer.content.decode()
    again = LexborHTMLParser(answer.content.decode())
    assert "●" in again.css_first(f"#cell-{cell(task, world.office)}").text()  # type: ignore[union-attr]
    assert Task.objects.get(pk=task.pk).lead == world.office
    seen = again.css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    assert client.post(matrix_url(world), {**form, "seen": seen}).status_code == 302  # without scripts
    assert Task.objects.get(pk=task.pk).lead is None


def test_the_matrix_tells_the_slower_of_two(world: World) -> None:
    client, task = world.client("coordinator"), world.plan.tasks.all()[1]
    page = LexborHTMLParser(client.get(matrix_url(world)).content.decode())
    seen = page.css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    form = {"cell": cell(task, world.office), "part": "lead", "seen": seen}
    assert client.post(matrix_url(world), form).status_code == 302
    late = client.post(matrix_url(world), {**form, "cell": cell(task, world.other)})
    assert late.status_code == 422
    assert "没有保存" in late.content.decode()
    assert Task.objects.get(pk=task.pk).leads == [world.office]


def test_after_the_issue_a_cell_changes_only_with_a_reason_and_leaves_a_trace(world: World) -> None:
    task = issued(world)
    client = world.client("coordinator")
    form = {"cell": cell(task, world.other), "part": "support"}
    refused = client.post(matrix_url(world), form)
    assert refused.status_code == 422 and "理由" in refused.content.decode()
    assert client.post(matrix_url(world), {**form, "reason": "职责划转"}).status_code == 302
    assert Task.objects.get(pk=task.pk).support == [world.other]
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=world.plan.pk).last()
    assert record is not None and "职责划转" in record.payload


def test_who_may_only_look_has_no_buttons_and_may_not_post(world: World) -> None:
    client, task = world.client("officer"), world.plan.tasks.all()[1]
    page = LexborHTMLParser(client.get(matrix_url(world)).content.decode())
    assert page.css("table.y-matrix") and not page.css("button.y-mark")
    form = {"cell": cell(task, world.office), "part": "lead"}
    assert client.post(matrix_url(world), form).status_code == 403
    assert Task.objects.get(pk=task.pk).lead is None


@pytest.mark.parametrize("given", ["", "x-y", "1", "-", "99999999-1", "1-99999999"])
def test_a_cell_that_is_none_is_refused(world: World, given: str) -> None:
    answer = world.client("coordinator").post(matrix_url(world), {"cell": given, "part": "lead"})
    assert answer.status_code in (404, 422)


def test_filters_and_the_sheet_of_the_matrix(world: World) -> None:
    client = world.client("coordinator")
    page = LexborHTMLParser(client.get(matrix_url(world) + "?state=no_lead").content.decode())
    assert len(page.css("main tbody tr:not(.y-chapter)")) == 1
    assert "没有符合条件" in client.get(matrix_url(world) + "?state=done").content.decode()
    answer = client.get(matrix_url(world) + "?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][:5] == ("编号", "任务", "章", "完成时限", "进展")
    assert any("●牵头" in row for row in rows[1:])


def test_the_source_stands_beside_the_tasks_and_both_know_each_other(world: World) -> None:
    answer = world.client("officer").get(reverse("plan_source", args=[world.plan.pk]))
    page = LexborHTMLParser(answer.content.decode())
    tasks = {node.attributes["data-tasks"] for node in page.css(".y-beside-task")}
    sentences = {node.attributes["data-tasks"] for node in page.css("a.y-sentence")}
    assert tasks == sentences == {str(task.pk) for task in world.plan.tasks.all()}
    for link in page.css("a.y-sentence"):  # works without scripts
        assert page.css_first(str(link.attributes["href"])) is not None
    assert "没有遗漏" in page.body.text()  # type: ignore[union-attr]
    Plan.objects.update(source_text=world.plan.source_text + "\n此外还要办好一件大事。")
    again = world.client("officer").get(reverse("plan_source", args=[world.plan.pk]))
    assert "有 1 句没有成为任务" in again.content.decode()


def test_the_plan_is_taken_along_as_document_and_sheet(world: World) -> None:
    client = world.client("officer")
    for kind in ("docx", "xlsx"):
        answer = client.get(reverse("plan_file", args=[world.plan.pk, kind]))
        assert answer.content.startswith(b"PK")
        assert answer.headers["Content-Disposition"].endswith(f".{kind}")
    assert client.get(reverse("plan_file", args=[world.plan.pk, "exe"])).status_code == 404


@pytest.mark.parametrize("page", ["plan_matrix", "plan_source"])
def test_the_number_of_queries_does_not_grow_with_the_tasks(world: World, page: str) -> None:
    client, url = world.client("coordinator"), reverse(page, args=[world.plan.pk])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    last = world.plan.tasks.order_by("order").last()
    assert last is not None
    for number in range(20):
        Task.objects.create(
            plan=world.plan, chapter=last.chapter, order=100 + number, place=100_000 + number, number=f"{number}.",
            title="再一项", text="再一项", source_start=0, source_end=0,
        ).units.create(organization=world.office, role="lead")  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)
