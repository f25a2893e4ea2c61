"""The plan's structure on the pages: dividing, merging, responsibility, problems, items from above, clauses, findings."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from tests.workbench.test_plans import issued
from yifa.ledger.actions import CreateUser, GrantRole, OpenCase, PublishEntry
from yifa.ledger.models import Case, Entry, Membership, Organization, Role
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan, Task, TaskClause, TaskOrigin
from yifa.reading import read_text

OUTLINE = """澜亭县法治建设五年方案

一、制度建设
（一）清理文件。定期清理规范性文件。责任单位：县司法局。
（二）公开征求意见。重大决策公开征求意见。
"""
UPPER = "示例市2026年工作要点\n一、重点\n（一）规范裁量。修订裁量基准，6月底前完成。\n（二）强化监督。开展执法监督。\n"


def page_of(response: object) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())  # type: ignore[attr-defined]


def alert(response: object) -> str:
    return " ".join(node.text() for node in page_of(response).css(".alert-danger"))


def first_task(world: World) -> Task:
    return world.plan.tasks.order_by("order")[0]


def problem(world: World, number: int = 1) -> Entry:
    data = {
        "code": f"2025-{number:02}", "year": 2025, "report": "2025年度报告", "content": f"清理不彻底之{number}",
        "state": "未解决", "stated_on": "2026-02-20",
    }  # fmt: skip
    return PublishEntry(
        actor=None, organization=world.body, register="stated_problems", on=date(2026, 2, 20), data=data
    ).execute()


def clauses(world: World) -> list[Entry]:
    form = {
        "organization": world.body.pk, "title": "五年方案", "starts": "2024-01-01", "ends": "2028-12-31",
        "code_prefix": "FA", "text": OUTLINE,
    }  # fmt: skip
    client, url = world.client("coordinator"), reverse("import_clauses")
    preview = client.post(url, {**form, "preview": "1"})
    assert not Entry.objects.filter(register="plan_clauses").exists()
    kept = page_of(preview).css_first("input[name=kept]").attributes["value"]  # type: ignore[union-attr]
    assert client.post(url, {**form, "text": "", "kept": kept, "confirm": "1"}).status_code == 302
    return list(Entry.objects.filter(register="plan_clauses").order_by("key"))


def findings_file(rows: list[list[object]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "反馈问题", "整改措施", "责任单位", "整改时限"])
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile("清单.xlsx", data.getvalue())


def test_a_task_is_split_on_its_page_by_sentences_and_own_words(world: World) -> None:
    task, client = first_task(world), world.client("coordinator")
    url = reverse("task_structure", args=[task.pk])
    page = page_of(client.get(url))
    assert "对现行规范性文件逐件清理" in page.css_first("#split").text()  # type: ignore[union-attr]
    form = {"do": "split", "into_0": "1", "more": "公布清理目录\n\n报送清理情况", "seen": "99"}
    assert client.post(url, form).status_code == 302
    parts = list(task.parts.all())
    assert [part.title for part in parts] == ["对现行规范性文件逐件清理", "公布清理目录", "报送清理情况"]
    plan_page = page_of(client.get(reverse("plan", args=[world.plan.pk])))
    assert len(plan_page.css("article.y-part")) == 3
    assert "任务 3 项" in plan_page.css_first(".y-progress-line").text().replace("\n", "")  # type: ignore[union-attr]
    assert client.post(url, {"do": "gather"}).status_code == 302
    assert not task.parts.exists()
    shown = page_of(client.get(url)).css_first("#merged").text()  # type: ignore[union-attr]
    assert "公布清理目录" in shown
    assert client.post(url, {"do": "undo"}).status_code == 302
    assert task.parts.count() == 3


def test_tasks_are_merged_on_the_page_and_refusals_keep_what_was_entered(world: World) -> None:
    task, other, third = world.plan.tasks.order_by("order")
    client, url = world.client("coordinator"), reverse("task_structure", args=[task.pk])
    refused = client.post(url, {"do": "merge", "title": "合并后的标题"})
    assert refused.status_code == 422
    assert "请选择要并入的任务" in alert(refused) and "合并后的标题" in refused.content.decode()
    assert client.post(url, {"do": "merge", "title": "文件和学法", "others": [other.pk]}).status_code == 302
    task.refresh_from_db()
    assert task.title == "文件和学法"
    assert client.get(reverse("task_structure", args=[other.pk])).status_code == 404
    assert client.post(url, {"do": "nonsense"}).status_code == 422
    assert third in Task.objects.all()


def test_after_issue_the_page_asks_for_a_reason(world: World) -> None:
    task, client = issued(world), world.client("coordinator")
    url = reverse("task_structure", args=[task.pk])
    refused = client.post(url, {"do": "split", "more": "甲\n乙"})
    assert refused.status_code == 422 and "理由" in alert(refused)
    assert client.post(url, {"do": "split", "more": "甲\n乙", "reason": "细化"}).status_code == 302
    history = client.get(reverse("plan_history", args=[world.plan.pk])).content.decode()
    assert "细化" in history and "（一）-1甲" in history and "印发后拆分出的子任务" in history


def test_a_plan_in_force_takes_over_only_with_lead_day_and_reason(world: World) -> None:
    issued(world)
    client, url = world.client("coordinator"), reverse("take_over", args=[world.plan.pk])
    form = {
        "title": "示例市2026年工作要点", "document_number": "示法办〔2026〕3号", "text": UPPER, "item": ["1"], "confirm": "1",
        "reason": "上级部署",
    }  # fmt: skip
    assert "同时写明牵头单位和完成时限" in alert(client.post(url, form))
    assert client.post(url, {**form, "lead": world.office.pk, "due": "2026-12-25"}).status_code == 302
    assert Task.objects.get(title="强化监督").due == date(2026, 12, 25)


def test_who_only_reads_may_not_divide(world: World) -> None:
    url = reverse("task_structure", args=[first_task(world).pk])
    for who in ("officer", "stranger", "auditor"):
        client = world.client(who)
        assert client.post(url, {"do": "split", "more": "甲\n乙"}).status_code == 403
        assert not page_of(client.get(url)).css("#split, #merge")
    assert Task.objects.count() == 3


def test_a_slower_coordinator_is_told(world: World) -> None:
    task, client = first_task(world), world.client("coordinator")
    url = reverse("task_structure", args=[task.pk])
    seen = page_of(client.get(url)).css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    assert client.post(url, {"do": "split", "more": "甲\n乙", "seen": seen}).status_code == 302
    slow = client.post(url, {"do": "split", "more": "丙\n丁", "seen": seen})
    assert slow.status_code == 422 and "没有保存" in alert(slow)
    assert task.parts.count() == 2


@pytest.mark.mechanism("D2-02", "works")
def test_several_leads_are_chosen_in_the_form_and_each_gets_its_sub_task(world: World) -> None:
    task, client = first_task(world), world.client("coordinator")
    url = reverse("edit_task", args=[task.pk])
    form = {"lead": world.office.pk, "co_leads": [world.other.pk], "due": "2026-12-20"}
    assert client.post(url, form).status_code == 302
    assert {part.lead for part in task.parts.all()} == {world.office, world.other}
    live = client.post(url, {"lead": world.office.pk, "due": "2026-12-20"}, headers={"HX-Request": "true"})
    assert live.headers["HX-Refresh"] == "true"
    assert not task.parts.exists()


@pytest.mark.mechanism("D1-03", "works")
def test_responsibility_is_saved_whole_or_not_at_all(world: World) -> None:
    client, url = world.client("coordinator"), reverse("plan_bearers", args=[world.plan.pk])
    plain = page_of(client.get(url))
    assert "没有要求责任分级" in plain.text() and not plain.css(".y-sub .y-late, td .y-late")
    refused = client.post(url, {"overall": "县长", "direct": "", "offices": "法规科"})
    assert refused.status_code == 422
    assert "缺直接责任；" in alert(refused)
    assert page_of(refused).css_first("input[name=overall]").attributes["value"] == "县长"  # type: ignore[union-attr]
    form = {"overall": "县长", "direct": "副县长", "offices": "法规科\n监督科", "only_missing": "on"}
    assert client.post(url, form).status_code == 302
    assert client.post(url, {"grade": "yes"}).status_code == 302
    assert Plan.objects.get(pk=world.plan.pk).graded
    table = page_of(client.get(url)).css_first("table").text()  # type: ignore[union-attr]
    assert table.count("法规科、监督科") == 3
    for name in ("plan", "plan_matrix"):
        assert "总责：县长" in client.get(reverse(name, args=[world.plan.pk])).content.decode()


@pytest.mark.mechanism("D3-05", "partly")
def test_problems_are_offered_taken_up_with_one_click_and_issue_tells_what_is_left(world: World) -> None:
    one, two = problem(world, 1), problem(world, 2)
    client, url = world.client("coordinator"), reverse("plan_problems", args=[world.plan.pk])
    assert page_of(client.get(url)).css_first("#problems").text().count("没有任务") == 2  # type: ignore[union-attr]
    chapter = world.plan.chapters.all()[0]
    assert client.post(url, {"chapter": chapter.pk, "problem": one.pk}).status_code == 302
    made = Task.objects.get(origins__entry=one)
    assert made.chapter == chapter and Entry.objects.get(pk=one.pk).data["tasks"]
    for task in Task.objects.all():
        client.post(reverse("edit_task", args=[task.pk]), {"lead": world.office.pk, "due": "2026-12-20"})
    issue = reverse("issue_plan", args=[world.plan.pk])
    assert "清理不彻底之2" in client.get(issue).content.decode()
    unconfirmed = client.post(issue, {"on": "2026-11-20"})
    assert unconfirmed.status_code == 422 and "勾选知悉" in unconfirmed.content.decode()
    assert client.post(issue, {"on": "2026-11-20", "knowing": "on"}).status_code == 302
    late = client.post(url, {"problem": two.pk})
    assert late.status_code == 422 and "理由" in alert(late)
    assert (
        client.post(url, {"problem": two.pk, "task": made.pk}).status_code == 302
    )  # a link changes no demand
    assert "没有任务" not in page_of(client.get(url)).css_first("#problems").text()  # type: ignore[union-attr]
    assert world.client("officer").post(url, {"problem": two.pk}).status_code == 403


@pytest.mark.mechanism("D2-04", "works")
def test_items_from_above_are_chosen_from_a_paper_and_keep_its_number(world: World) -> None:
    client, url = world.client("coordinator"), reverse("take_over", args=[world.plan.pk])
    form = {"title": "示例市2026年工作要点", "document_number": "", "text": UPPER}
    first = page_of(client.post(url, {**form, "preview": "1"}))
    assert len(first.css("#preview tbody tr")) == 2
    kept = first.css_first("input[name=kept]").attributes["value"]  # type: ignore[union-attr]
    without = client.post(url, {**form, "text": "", "kept": kept, "item": ["0"], "confirm": "1"})
    assert "请填写上级文件的文号" in alert(without)
    assert page_of(without).css_first("#item-0").attributes.keys() >= {"checked"}  # type: ignore[union-attr]
    form["document_number"] = "示法办〔2026〕3号"
    preview = client.post(url, {**form, "preview": "1"})
    page = page_of(preview)
    assert len(page.css("#preview tbody tr")) == 2
    kept = page.css_first("input[name=kept]").attributes["value"]  # type: ignore[union-attr]
    sent = {**form, "text": "", "kept": kept, "confirm": "1"}
    assert "请选择要承接的事项" in alert(client.post(url, sent))
    assert client.post(url, {**sent, "item": ["0"], "lead": world.office.pk}).status_code == 302
    origin = TaskOrigin.objects.get()
    assert (origin.document_number, origin.item, origin.task.lead) == (
        "示法办〔2026〕3号",
        "（一）",
        world.office,
    )
    assert origin.task.due == date(2026, 6, 30)
    again = client.post(url, {**sent, "item": ["0", "1"]})
    assert "（一）已经承接过" in alert(again) and Task.objects.count() == 4


def value(response: Any, name: str) -> str:
    return page_of(response).css_first(f"input[name={name}]").attributes["value"] or ""  # type: ignore[union-attr]


def test_title_and_number_are_read_from_the_paper_and_a_chosen_file_is_kept(world: World) -> None:
    client, url = world.client("coordinator"), reverse("take_over", args=[world.plan.pk])
    text = f"示法委办〔2026〕 7 号　　签发人：甲一\n{UPPER}"
    preview = client.post(url, {"text": text, "preview": "1"})
    assert value(preview, "document_number") == "示法委办〔2026〕7号"
    assert value(preview, "title") == "示例市2026年工作要点"
    own = client.post(url, {"text": text, "document_number": "示政〔2026〕1号", "preview": "1"})
    assert value(own, "document_number") == "示政〔2026〕1号"
    cited = client.post(url, {"text": f"根据示政〔2026〕1号文件，安排如下。\n{UPPER}", "preview": "1"})
    assert not cited.context["form"]["document_number"].value()
    file = SimpleUploadedFile("要点.txt", text.encode())
    wrong = client.post(url, {"file": file, "due": "某日", "preview": "1"})
    assert wrong.status_code == 422 and "不另选就沿用" in wrong.content.decode()
    again = client.post(url, {"kept": value(wrong, "kept"), "preview": "1"})
    assert len(page_of(again).css("#preview tbody tr")) == 2


def test_findings_take_their_number_from_the_paper(world: World) -> None:
    client, url = world.client("coordinator"), reverse("import_findings")
    text = "示法督〔2026〕6号\n1.公示不全。责任单位：县司法局。整改期限：2026年12月31日。"
    form = {
        "organization": world.body.pk, "issuer": "示例市法治办", "on": "2026-11-02", "source": "法治督察",
    }  # fmt: skip
    preview = client.post(url, {**form, "text": text, "preview": "1"})
    assert value(preview, "document_number") == "示法督〔2026〕6号"
    kept = value(preview, "kept")
    missing = client.post(url, {**form, "text": "1.公示不全。责任单位：县司法局。", "preview": "1"})
    assert "请填写反馈文件的文号" in alert(missing)
    assert client.post(url, {**form, "kept": kept, "confirm": "1"}).status_code == 302
    assert Case.objects.get(case_type="rectification_item").facts["document"] == "示法督〔2026〕6号"


def test_a_finding_without_a_paper_says_where_it_comes_from(world: World) -> None:
    facts = {
        "problem": "处罚决定被撤销",
        "source": "人民法院",
        "origin": "示例处罚案",
        "owner": world.office.name,
    }
    OpenCase(
        actor=None, organization=world.office, case_type="rectification_item", act="list", on=date(2026, 11, 2),
        facts=facts, entered="back",
    ).execute()  # fmt: skip
    client, url = world.client("coordinator"), reverse("plan_problems", args=[world.plan.pk])
    row = page_of(client.get(url)).css_first("#findings tbody tr").text()  # type: ignore[union-attr]
    assert "人民法院" in row and "示例处罚案" in row
    case = Case.objects.get(case_type="rectification_item")
    assert client.post(url, {"finding": case.pk}).status_code == 302
    origin = TaskOrigin.objects.get(case=case)
    assert (origin.label, origin.title) == ("整改台账问题", "整改台账（来源：人民法院）")


def test_a_task_is_added_by_hand(world: World) -> None:
    client, url = world.client("coordinator"), reverse("add_task", args=[world.plan.pk])
    assert "请填写内容" in client.post(url, {"title": "专项督察"}).content.decode()
    form = {"title": "专项督察", "text": "开展专项督察。", "chapter": world.plan.chapters.all()[0].pk}
    assert client.post(url, {**form, "leads": [world.office.pk, world.other.pk]}).status_code == 302
    task = Task.objects.get(title="专项督察", parent=None)
    assert (task.number, task.parts.count()) == ("（三）", 2)
    foreign = client.post(url, {**form, "number": "长" * 21})
    assert foreign.status_code == 422 and Task.objects.filter(title="专项督察", parent=None).count() == 1


def test_a_unit_takes_over_from_the_issued_plan_above_it(world: World) -> None:
    issued(world)
    Plan.objects.filter(pk=world.plan.pk).update(document_number="澜政〔2026〕1号")
    own = ImportPlan(
        actor=None, organization=world.office, year=2026, document=read_text(UPPER, "司法局要点.txt")
    ).execute()
    user = CreateUser(
        actor=None,
        username="head",
        display_name="甲一",
        organization=world.office,
        password="trial-password-9",
    ).execute()
    GrantRole(actor=None, user=user, organization=world.office, role=Role.COORDINATOR).execute()
    world.users["head"] = user
    client, url = world.client("head"), reverse("take_over", args=[own.pk])
    preview = client.post(url, {"above": world.plan.pk, "preview": "1"})
    assert len(page_of(preview).css("#preview tbody tr")) == 3
    assert client.post(url, {"above": world.plan.pk, "item": ["0"], "confirm": "1"}).status_code == 302
    origin = TaskOrigin.objects.get()
    assert (origin.document_number, origin.upper_task) == ("澜政〔2026〕1号", first_task(world))


@pytest.mark.mechanism("D2-13", "works")
def test_clauses_are_imported_linked_and_their_gaps_shown(world: World) -> None:
    first, second = clauses(world)
    client = world.client("coordinator")
    listed = client.get(reverse("outlines")).content.decode()
    assert "五年方案" in listed
    link = f"{reverse('outline')}?body=body&plan=五年方案"
    page = page_of(client.get(link))
    assert [cell.text() for cell in page.css("td.y-gap")] == ["没有任务"] * 6  # 2024 to 2026, two clauses
    task = first_task(world)
    bulk = reverse("plan_clauses", args=[world.plan.pk])
    assert client.post(bulk, {f"clause_{first.pk}": task.pk, f"clause_{second.pk}": ""}).status_code == 302
    page = page_of(client.get(link))
    assert len(page.css("td.y-gap")) == 5 and len(page.css("tr.y-never")) == 1
    assert len(page_of(client.get(f"{link}&never=1")).css("main tbody tr")) == 1
    own = reverse("task_structure", args=[task.pk])
    assert client.post(own, {"do": "link", "clause": second.pk}).status_code == 302
    removed = TaskClause.objects.get(clause=first)
    assert client.post(own, {"do": "unlink", "link": removed.pk, "why": ""}).status_code == 422
    assert client.post(own, {"do": "unlink", "link": removed.pk, "why": "对应有误"}).status_code == 302
    assert [one.clause for one in TaskClause.objects.all()] == [second]
    for who, expected in (("officer", 200), ("nobody", 404)):
        assert world.client(who).get(link).status_code == expected
    assert client.get(f"{reverse('outline')}?body=body&plan=没有的规划").status_code == 404


def test_a_text_without_clauses_is_refused(world: World) -> None:
    form = {
        "organization": world.body.pk, "title": "方案", "starts": "2024-01-01", "ends": "2028-12-31", "code_prefix": "X",
        "text": "没有编号的文字。", "preview": "1",
    }  # fmt: skip
    refused = world.client("coordinator").post(reverse("import_clauses"), form)
    assert refused.status_code == 422 and "没有读到条目" in alert(refused)


def test_name_and_span_of_a_plan_of_years_are_read_from_it(world: World) -> None:
    client, url = world.client("coordinator"), reverse("import_clauses")
    form = {"organization": world.body.pk, "code_prefix": "X", "preview": "1"}
    text = OUTLINE.replace("澜亭县法治建设五年方案", "澜亭县法治政府建设实施方案（2025—2028年）")
    preview = client.post(url, {**form, "text": text})
    assert [value(preview, name) for name in ("title", "starts", "ends")] == [
        "澜亭县法治政府建设实施方案（2025—2028年）", "2025-01-01", "2028-12-31",
    ]  # fmt: skip
    own = client.post(url, {**form, "text": text, "title": "五年方案", "ends": "2030-12-31"})
    assert [value(own, name) for name in ("title", "starts", "ends")] == [
        "五年方案",
        "2025-01-01",
        "2030-12-31",
    ]
    silent = client.post(url, {**form, "text": OUTLINE})
    assert silent.status_code == 422 and "没有读到规划期起、规划期止，请填写" in alert(silent)
    assert OUTLINE.strip() in page_of(silent).css_first("textarea[name=text]").text()  # type: ignore[union-attr]


def test_a_wrong_finding_is_mended_in_the_text_that_was_pasted(world: World) -> None:
    client, url = world.client("coordinator"), reverse("import_findings")
    form = {
        "organization": world.body.pk, "issuer": "示例市法治办", "on": "2026-11-02", "source": "法治督察",
        "document_number": "示法督〔2026〕7号", "preview": "1",
    }  # fmt: skip
    text = "1.公示不全。责任单位：县海关。\n2.归档不齐。责任单位：市监局。"
    faulty = client.post(url, {**form, "text": text})
    assert "县海关" in alert(faulty) and "市监局" not in alert(faulty)  # it can mean one unit only
    assert text in page_of(faulty).css_first("textarea[name=text]").text()  # type: ignore[union-attr]
    mended = client.post(
        url, {**form, "text": text.replace("县海关", "县司法局"), "kept": value(faulty, "kept")}
    )
    assert "县市场监督管理局" in page_of(mended).css_first("#preview").text()  # type: ignore[union-attr]
    assert not page_of(mended).css_first("textarea[name=text]").text().strip()  # type: ignore[union-attr]


@pytest.mark.mechanism("D2-04", "works")
def test_findings_are_loaded_after_a_look_shown_in_order_and_written_out(world: World) -> None:
    Membership.objects.filter(user=world.users["coordinator"], role=Role.OFFICER).delete()
    client, url = world.client("coordinator"), reverse("import_findings")
    form = {
        "organization": world.body.pk, "document_number": "示法督〔2026〕5号", "issuer": "示例市法治办", "on": "2026-11-02",
        "source": "上级专项督察", "topic": "营商环境",
    }  # fmt: skip
    rows: list[list[object]] = [
        [2, "公示不全", "补齐公示", "县市场监督管理局", "2026-12-31"], [1, "清理不彻底", "", "县财政局", "尽快"],
    ]  # fmt: skip
    faulty = client.post(url, {**form, "file": findings_file(rows), "preview": "1"})
    assert faulty.status_code == 422
    assert (
        "县财政局" in alert(faulty)
        and "尽快" in alert(faulty)
        and not Case.objects.filter(case_type="rectification_item")
    )
    rows[1][3:] = ["县司法局", "2026年12月底前"]
    preview = client.post(url, {**form, "file": findings_file(rows), "preview": "1"})
    kept = page_of(preview).css_first("input[name=kept]").attributes["value"]  # type: ignore[union-attr]
    assert client.post(url, {**form, "kept": kept, "confirm": "1"}).status_code == 302
    link = f"{reverse('finding_batch')}?document=示法督〔2026〕5号"
    table = page_of(client.get(link)).css("main tbody tr")
    assert [row.css("td")[0].text() for row in table] == ["1", "2"]
    assert "县司法局" in table[0].text() and "补齐公示" in table[1].text()
    file = client.get(f"{reverse('download_findings')}?document=示法督〔2026〕5号")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [1, 2]
    assert "示法督" in client.get(reverse("finding_batches")).content.decode()
    stranger = world.client("stranger")  # of the market office: its own finding only
    assert len(page_of(stranger.get(link)).css("main tbody tr")) == 1
    for page in ("finding_batch", "download_findings"):
        assert world.client("nobody").get(f"{reverse(page)}?document=示法督〔2026〕5号").status_code == 404
    offered = client.get(reverse("plan_problems", args=[world.plan.pk])).content.decode()
    assert "清理不彻底" in offered
    case = Case.objects.get(title="清理不彻底")
    assert (
        client.post(reverse("plan_problems", args=[world.plan.pk]), {"finding": case.pk}).status_code == 302
    )
    assert TaskOrigin.objects.get(case=case).document_number == "示法督〔2026〕5号"


def test_more_rows_ask_no_more_of_the_database(world: World) -> None:
    clauses(world)
    client, task = world.client("coordinator"), first_task(world)
    urls = [
        reverse("plan", args=[world.plan.pk]), reverse("plan_bearers", args=[world.plan.pk]),
        reverse("plan_history", args=[world.plan.pk]), reverse("outlines"),
        f"{reverse('outline')}?body=body&plan=五年方案", reverse("plan_clauses", args=[world.plan.pk]),
        reverse("plan_problems", args=[world.plan.pk]),
    ]  # fmt: skip

    def asked() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            found.append(len(captured))
        return found

    url = reverse("task_structure", args=[task.pk])
    client.post(url, {"do": "split", "more": "甲\n乙"})
    client.post(url, {"do": "link", "clause": Entry.objects.filter(register="plan_clauses")[0].pk})
    problem(world, 1)
    bearers = {"overall": "县长", "direct": "副县长", "offices": "法规科"}
    client.post(reverse("plan_bearers", args=[world.plan.pk]), {**bearers, "task": task.pk})
    before = asked()
    client.post(url, {"do": "split", "more": "丙\n丁\n戊"})
    for other in world.plan.tasks.filter(parent=None)[1:]:
        own = reverse("task_structure", args=[other.pk])
        client.post(own, {"do": "link", "clause": Entry.objects.filter(register="plan_clauses")[1].pk})
    client.post(reverse("plan_bearers", args=[world.plan.pk]), bearers)
    for number in (2, 3, 4):
        problem(world, number)
    assert Organization.objects.count() == 3
    assert asked() == before
