"""Evidence of tasks on the pages: linking, quarters, returns, reminders, sheets, and where a record is used."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World, request_for
from tests.workbench.test_plans import issued
from yifa.ledger.actions import CorrectAct, OpenCase
from yifa.ledger.models import Attachment, Case, Organization
from yifa.planning.actions import AssignTask, LinkEvidence, RecordProgress, ReturnProgress, SetDue
from yifa.planning.models import PlanTarget, Task, TaskEvidence, TaskProgress
from yifa.reporting.actions import BuildReport
from yifa.workbench.waiting.everything import waiting_for


@pytest.fixture
def task(world: World) -> Task:
    """Of the office, in force."""
    found = issued(world)
    world.plan.refresh_from_db()
    return Task.objects.select_related("plan__organization").get(pk=found.pk)


def page(client: Client, url: str, status: int = 200) -> LexborHTMLParser:
    response = client.get(url)
    assert response.status_code == status
    return LexborHTMLParser(response.content.decode())


def text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node.text(separator=" ")


def training(unit: Organization, on: date) -> Case:
    return OpenCase(
        actor=None,
        organization=unit,
        case_type="training",
        act="hold",
        on=on,
        facts={"subject": "执法程序", "audience": "行政执法人员"},
        fields={"attendees": 20, "hours": 4},
    ).execute()


def say(task: Task, state: str = "in_progress", note: str = "办了一项。", **more: Any) -> TaskProgress:
    given: dict[str, Any] = {"actor": None, "task": task, "state": state, "note": note} | more
    return RecordProgress(**({"on": date(2026, 11, 20)} | given)).execute()


def test_a_record_is_found_linked_and_unlinked(world: World, task: Task) -> None:
    officer, url = world.client("officer"), reverse("task_evidence", args=[task.pk])
    found = page(officer, f"{url}?q=道路 验收")
    assert world.case.title in text(found, "#search")
    assert world.foreign.title not in text(page(officer, f"{url}?q=检查"), "#search")
    link = reverse("link_evidence", args=[task.pk])
    form = {"kind": "case", "record": str(world.case.pk), "note": ""}
    refused = officer.post(link, form)
    assert refused.status_code == 422 and "写一句说明" in refused.content.decode()
    assert officer.post(link, form | {"note": "清理时一并办理"}).status_code == 302
    shown = page(officer, url)
    assert world.case.title in text(shown, "#linked") and "清理时一并办理" in text(shown, "#linked")
    CorrectAct(actor=None, case=world.case, position=1, changes={"by": "乙某"}, reason="笔误").execute()
    assert "记录后来有更正" in text(page(officer, url), "#linked")
    made = TaskEvidence.objects.get()
    away = reverse("unlink_evidence", args=[made.pk])
    assert officer.post(away, {"reason": ""}).status_code == 422
    assert officer.post(away, {"reason": "关联错了"}).status_code == 302
    assert "取消理由：关联错了" in text(page(officer, url), "#linked")
    assert officer.get(away).status_code == 404


def test_who_may_not_link(world: World, task: Task) -> None:
    link = reverse("link_evidence", args=[task.pk])
    form = {"kind": "case", "record": str(world.case.pk), "note": "说明"}
    assert world.client("stranger").post(link, form).status_code == 403
    assert world.client("auditor").post(link, form).status_code == 403
    assert world.client("nobody").post(link, form).status_code == 403
    foreign = {"kind": "case", "record": str(world.foreign.pk), "note": "说明"}
    assert world.client("officer").post(link, foreign).status_code == 404
    assert (
        world.client("officer").post(link, {"kind": "case", "record": "x", "note": "说明"}).status_code == 404
    )
    assert world.client("officer").get(link).status_code == 405
    made = LinkEvidence(actor=None, task=task, record=world.case, note="说明").execute()
    away = reverse("unlink_evidence", args=[made.pk])
    assert world.client("stranger").post(away, {"reason": "不要"}).status_code == 403
    assert TaskEvidence.objects.filter(ended_at=None).count() == 1


def test_records_of_others_are_counted_but_not_named(world: World, task: Task) -> None:
    target = PlanTarget.objects.get(task=world.plan.tasks.order_by("order")[2])
    target.counting_rule = "trainings_of_officers"
    target.save()
    own, other = training(world.office, date(2026, 3, 3)), training(world.other, date(2026, 4, 4))
    url = reverse("task_evidence", args=[target.task_id])
    shown = page(world.client("officer"), url)
    assert f"/cases/{own.pk}/" in (shown.html or "") and f"/cases/{other.pk}/" not in (shown.html or "")
    assert "1 条是其他单位的记录" in text(shown, "#counted")
    everything = page(world.client("coordinator"), url).html or ""
    assert f"/cases/{own.pk}/" in everything and f"/cases/{other.pk}/" in everything
    assert "其他单位的记录" not in everything


def quarter_form(client: Client, url: str) -> dict[str, Any]:
    """What the browser would send back unchanged."""
    tree = page(client, url)
    form: dict[str, Any] = {}
    for node in tree.css("form[method=post][enctype] input, form[method=post][enctype] textarea"):
        held = node.attributes
        name, kind = held.get("name"), held.get("type")
        if not name or kind == "file" or (kind == "checkbox" and "checked" not in held):
            continue
        form[name] = held.get("value") or node.text().strip() if node.tag == "input" else node.text().strip()
    for node in tree.css("form[method=post][enctype] select"):
        chosen = node.css_first("option[selected]") or node.css_first("option")
        form[str(node.attributes["name"])] = chosen.attributes["value"] if chosen else ""
    return form


def test_the_form_says_while_writing_what_saving_would_say(world: World, task: Task) -> None:
    officer, url = world.client("officer"), reverse("quarter_hint", args=[task.pk, 3])
    unit = task.leads[0].code

    def said(**given: str) -> str:
        sent = {f"t{task.pk}-{name}": value for name, value in given.items()}
        return officer.post(f"{url}?unit={unit}", sent).content.decode()

    assert said(state="not_started", note="").strip() == ""
    assert "须写明原因" in said(state="not_done", note="")
    assert "还没有依据" in said(state="done", note="已全部办完。")
    assert "可以保存" in said(state="in_progress", note="办了一项。")
    assert not TaskProgress.objects.exists()
    assert world.client("officer").post(f"{url}?unit=nowhere").status_code == 404
    assert world.client("reviewer").post(f"{url}?unit={unit}").status_code == 404
    assert officer.get(url).status_code == 405


def test_a_quarter_is_filled_in_on_one_form(world: World, task: Task) -> None:
    second = world.plan.tasks.order_by("order")[1]
    say(task, note="上季度做了准备。", unit=world.office, quarter=2)
    made = LinkEvidence(actor=None, task=task, record=world.case, note="说明").execute()
    officer, url = world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 3])
    assert "上季度做了准备。" in (page(officer, url).html or "")
    form = quarter_form(officer, url)
    assert officer.post(url, form).status_code == 302  # nothing typed, nothing stored
    assert TaskProgress.objects.filter(quarter=3).count() == 0
    form |= {
        f"t{task.pk}-state": "done",
        f"t{task.pk}-note": "清理完毕。",
        f"t{task.pk}-records": [str(made.pk)],
        f"t{second.pk}-state": "not_done",
        f"t{second.pk}-reason": "讲师没有请到",
    }
    assert officer.post(url, form).status_code == 302
    stored = {note.task_id: note for note in TaskProgress.objects.filter(quarter=3)}
    assert (stored[task.pk].note, stored[task.pk].unit) == ("清理完毕。", world.office)
    assert list(stored[task.pk].records.all()) == [made]
    assert (stored[second.pk].state, stored[second.pk].reason) == ("not_done", "讲师没有请到")


def test_nothing_typed_is_lost_on_an_error(world: World, task: Task) -> None:
    second = world.plan.tasks.order_by("order")[1]
    officer, url = world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 3])
    form = quarter_form(officer, url) | {
        f"t{task.pk}-note": "第一项写得很长很认真。",
        f"t{task.pk}-file": SimpleUploadedFile("来函.txt", "上级来函".encode()),
        f"t{second.pk}-state": "not_done",
    }
    refused = officer.post(url, form)
    assert refused.status_code == 422
    tree = LexborHTMLParser(refused.content.decode())
    assert "第一项写得很长很认真。" in (tree.html or "")
    assert "“未开展”须写明原因" in text(tree, f"#task-{second.pk}")
    assert "为什么台账里没有记录" in text(tree, f"#task-{task.pk}")
    kept = tree.css_first(f"input[name=t{task.pk}-kept]")
    assert kept is not None and kept.attributes["value"] == Attachment.objects.get().pk
    assert not TaskProgress.objects.exists()
    again = form | {
        f"t{task.pk}-kept": kept.attributes["value"],
        f"t{task.pk}-paper_why": "外单位来函",
        f"t{second.pk}-reason": "讲师没有请到",
    }
    del again[f"t{task.pk}-file"]
    assert officer.post(url, again).status_code == 302
    note = TaskProgress.objects.get(task=task)
    paper = note.papers.get()
    assert (paper.title, paper.why) == ("来函.txt", "外单位来函")
    file = reverse("note_file", args=[note.pk, paper.attachment_id])
    assert b"".join(officer.get(file).streaming_content) == "上级来函".encode()  # type: ignore[arg-type]
    assert world.client("nobody").get(file).status_code == 404
    assert officer.get(reverse("note_file", args=[note.pk, "0" * 64])).status_code == 404


def test_what_is_wrong_is_named_and_what_was_not_touched_stays_folded(world: World, task: Task) -> None:
    done = world.plan.tasks.exclude(pk=task.pk).filter(units__organization=world.office)[0]
    Task.objects.filter(pk=done.pk).update(state=Task.State.DONE)
    client, url = world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 4])
    form = quarter_form(client, url) | {f"t{task.pk}-state": "not_done"}
    wrong = client.post(url, form)
    tree = LexborHTMLParser(wrong.content.decode())
    links = [one.attributes["href"] for one in tree.css(".alert-danger a")]
    assert wrong.status_code == 422 and links == [f"#task-{task.pk}"]
    assert tree.css_first(f"#task-{done.pk} > details") is not None


def test_a_filled_quarter_is_corrected_with_a_reason(world: World, task: Task) -> None:
    say(task, note="办了两次。", unit=world.office, quarter=3)
    officer, url = world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 3])
    form = quarter_form(officer, url)
    assert form[f"t{task.pk}-note"] == "办了两次。"
    form[f"t{task.pk}-note"] = "只办了一次。"
    refused = officer.post(url, form)
    assert refused.status_code == 422 and "更正已填报的进展须写明理由" in refused.content.decode()
    assert officer.post(url, form | {f"t{task.pk}-why": "记错"}).status_code == 302
    shown = page(officer, reverse("task_evidence", args=[task.pk]))
    assert "办了两次。" in text(shown, "#notes .struck-text")
    assert "更正理由：记错" in text(shown, "#notes") and "第三季度" in text(shown, "#notes")


def test_the_slower_of_two_keeps_the_text_and_sees_the_other(world: World, task: Task) -> None:
    officer, url = world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 3])
    form = quarter_form(officer, url) | {f"t{task.pk}-note": "我写的。"}
    say(task, note="同事写的。", unit=world.office, quarter=3)
    refused = officer.post(url, form)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "我写的。" in shown and "刚有他人填报" in shown
    assert TaskProgress.objects.count() == 1
    tree = LexborHTMLParser(shown)
    seen = tree.css_first(f"input[name=t{task.pk}-seen]")
    assert seen is not None and seen.attributes["value"] == str(TaskProgress.objects.get().pk)
    assert "同事写的。" in shown


def test_a_unit_fills_in_only_its_own(world: World, task: Task) -> None:
    url = reverse("quarter_notes", args=[world.plan.pk, 3])
    assert world.client("stranger").get(f"{url}?unit=sfj").status_code == 404
    assert f"t{task.pk}-note" not in quarter_form(world.client("stranger"), url)
    assert world.client("auditor").get(url).status_code == 403
    assert f"t{task.pk}-note" in quarter_form(world.client("coordinator"), f"{url}?unit=sfj")
    assert world.client("officer").get(reverse("quarter_notes", args=[world.plan.pk, 5])).status_code == 404


@pytest.mark.mechanism("D2-02", "works")
def test_a_note_is_returned_and_answered(world: World, task: Task) -> None:
    note = say(task, "done", "做完了。", unit=world.office, quarter=3)
    back = reverse("return_note", args=[note.pk])
    assert world.client("officer").post(back, {"reason": "缺"}).status_code == 403
    assert world.client("nobody").get(back).status_code == 403
    coordinator, officer = world.client("coordinator"), world.client("officer")
    assert coordinator.post(back, {"reason": ""}).status_code == 422
    assert coordinator.post(back, {"reason": "请关联清理目录"}).status_code == 302
    task.refresh_from_db()
    assert task.state == Task.State.NOT_STARTED
    assert "请关联清理目录" in text(page(officer, reverse("home")), f"#reminders-{world.plan.pk}")
    url = reverse("quarter_notes", args=[world.plan.pk, 3])
    form = quarter_form(officer, url)
    assert f"t{task.pk}-why" not in form  # the return is the reason
    form |= {f"t{task.pk}-note": "已关联目录。", f"t{task.pk}-state": "done"}
    assert officer.post(url, form).status_code == 302
    task.refresh_from_db()
    assert task.state == Task.State.DONE
    refused = coordinator.post(back, {"reason": "再退"})
    assert refused.status_code == 422


def test_a_returned_note_is_answered_where_what_waits_leads_to(world: World, task: Task) -> None:
    note = say(task, "in_progress", "办了12件。", unit=world.office, quarter=3)
    ReturnProgress(actor=None, progress=note, reason="请写明未通过的件数", on=TODAY).execute()
    officer = world.client("officer")
    (row,) = [one for one in waiting_for(world.users["officer"], TODAY).rows if one.back]
    tree = page(officer, row.url)
    assert "请写明未通过的件数" in text(tree, ".alert-warning") and "办了12件。" in text(tree, "textarea")
    other = page(world.client("coordinator"), row.url)
    assert "办了12件。" not in text(other, "main")  # another desk says its own
    form = {"on": "2026-11-20", "state": "in_progress", "note": "办了12件，未通过1件。"}
    assert officer.post(row.url, form).status_code == 302
    answer = TaskProgress.objects.get(corrects=note)
    assert (answer.quarter, answer.unit) == (3, world.office)
    assert not [one for one in waiting_for(world.users["officer"], TODAY).rows if one.back]
    assert "未通过的件数" not in text(page(officer, row.url), "main")


def test_reminders_are_those_of_the_user(world: World, task: Task) -> None:
    plan = reverse("plan_open", args=[world.plan.pk])
    SetDue(actor=None, task=task, due=date(2026, 11, 1), reason="提前").execute()
    own = text(page(world.client("officer"), reverse("home")), f"#reminders-{world.plan.pk}")
    assert world.plan.title in own  # a unit may have tasks in several plans of the year
    assert "已过时限" in own and "应于2026年11月1日完成，已过19天" in own and "上季度未填报" not in own
    assert "执法培训" not in own  # led by the other office
    theirs = text(page(world.client("stranger"), reverse("home")), f"#reminders-{world.plan.pk}")
    assert "已过时限" not in theirs and "还差2" in theirs
    tree = page(world.client("coordinator"), plan)
    assert [node.text().strip() for node in tree.css("main .card-title")] == ["县市场监督管理局", "县司法局"]
    assert "不作排名" in text(tree, ".y-sub")
    assert [node.text().strip() for node in page(world.client("officer"), plan).css("main .card-title")] == [
        "县司法局"
    ]
    assert world.client("auditor").get(plan).status_code == 403
    assert page(world.client("auditor"), reverse("home")).css_first(f"#reminders-{world.plan.pk}") is None


def test_not_begun_prints_with_its_reason_on_screen_and_in_excel(world: World, task: Task) -> None:
    say(task, "not_done", "", reason="机构改革，职责未定", unit=world.office, quarter=3)
    url = reverse("progress_sheet", args=[world.plan.pk])
    shown = page(world.client("auditor"), f"{url}?quarter=3")
    row = next(node.text(separator=" ") for node in shown.css("tbody tr") if "清理规范性文件" in node.text())
    assert "未开展" in row and "机构改革，职责未定" in row
    assert "已完成 0" in text(shown, ".y-sub") and "未开展 1" in text(shown, ".y-sub")
    earlier = page(world.client("auditor"), f"{url}?quarter=2").html or ""
    assert "机构改革，职责未定" not in earlier
    assert world.client("auditor").get(f"{url}?quarter=7").status_code == 404
    excel = reverse("progress_excel", args=[world.plan.pk])
    response = world.client("officer").get(f"{excel}?quarter=3")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[arg-type]
    assert book.active is not None
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "机构改革，职责未定" in cells
    assert world.client("nobody").get(excel).status_code == 404


@pytest.mark.mechanism("D5-12", "works")
def test_a_record_says_where_it_is_used(world: World, task: Task) -> None:
    BuildReport(actor=None, organization=world.body, year=2026).execute()
    LinkEvidence(actor=None, task=task, record=world.case, note="一并办理").execute()
    url = reverse("case_used", args=[world.case.pk])
    shown = page(world.client("coordinator"), url)
    said = text(shown, "main")
    assert "一并办理" in said and "清理规范性文件" in said
    assert "/figures/information_requests_received/" in (shown.html or "")
    assert world.report.title in said and f"/reports/{world.report.pk}/figures/" in (shown.html or "")
    own = page(world.client("officer"), url).html or ""
    assert world.report.title not in own  # the report is the body's
    assert "unit=sfj" in own and "unit=body" not in own
    part = world.client("officer").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "一次录入" in part
    assert f'hx-get="{url}"' in (
        page(world.client("officer"), reverse("case", args=[world.case.pk])).html or ""
    )
    entry = page(world.client("coordinator"), reverse("entry_used", args=[world.entry.pk]))
    assert "2026年" in text(entry, "main")


def test_where_it_is_used_takes_few_queries_however_much_there_is(world: World, task: Task) -> None:
    LinkEvidence(actor=None, task=task, record=world.case, note="说明").execute()
    client, url = world.client("coordinator"), reverse("case_used", args=[world.case.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for other in world.plan.tasks.exclude(pk=task.pk):
        LinkEvidence(actor=None, task=other, record=world.case, note="说明").execute()
    for day in range(1, 9):
        request_for(world.office, date(2026, 10, day), f"示例资料第{day}份")
    with CaptureQueriesContext(connection) as after:
        client.get(url)
    assert len(after) <= len(before) <= 25


def test_open_tasks_and_evidence_take_no_more_queries_with_more_notes(world: World, task: Task) -> None:
    client = world.client("coordinator")
    urls = [
        reverse("plan_open", args=[world.plan.pk]),
        reverse("task_evidence", args=[task.pk]),
        f"{reverse('quarter_notes', args=[world.plan.pk, 3])}?unit=sfj",
        reverse("progress_sheet", args=[world.plan.pk]),
    ]
    LinkEvidence(actor=None, task=task, record=world.case, note="说明").execute()
    first = say(task, unit=world.office, quarter=1)
    ReturnProgress(actor=None, progress=first, on=date(2026, 4, 1), reason="补").execute()

    def asked() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            found.append(len(captured))
        return found

    before = asked()
    for number in range(1, 6):
        case = request_for(world.office, date(2026, 10, number), f"示例资料第{number}份")
        LinkEvidence(actor=None, task=task, record=case, note="说明").execute()
        say(task, unit=world.office, quarter=2, note=f"第{number}条。")
    assert asked() == before


def test_a_divided_task_shows_its_parts(world: World, task: Task) -> None:
    AssignTask(actor=None, task=task, lead=world.office, co_leads=[world.other], reason="两家牵头").execute()
    shown = page(world.client("officer"), reverse("task_evidence", args=[task.pk]))
    assert "子任务" in [node.text().strip() for node in shown.css(".card-title")]
    part = task.parts.get(units__organization=world.office)
    form = quarter_form(world.client("officer"), reverse("quarter_notes", args=[world.plan.pk, 3]))
    assert f"t{part.pk}-note" in form and f"t{task.pk}-note" not in form


def test_the_first_page_tells_not_begun_from_not_yet_begun(world: World, task: Task) -> None:
    say(task, "not_done", "", reason="职责未定", unit=world.office)
    node = page(world.client("coordinator"), reverse("home")).css_first("script#plan-chart")
    assert node is not None
    drawn = {series["name"]: sum(series["values"]) for series in json.loads(node.text())["series"]}
    assert drawn == {"已完成": 0, "进行中": 0, "未开展": 1, "未开始": 2}
