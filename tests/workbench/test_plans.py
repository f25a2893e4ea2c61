"""Plans: preview before import, assigning inline, lacks before issue, progress."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import PLAN, TODAY, World
from yifa.planning.actions import AssignTask, ImportPlan, IssuePlan, SetDue, WithdrawPlan
from yifa.planning.guarding import length
from yifa.planning.matrix import build
from yifa.planning.models import Plan, PlanTarget, Task
from yifa.reading import read_text
from yifa.workbench.views.overview.firstpage import plan_progress

TEXT = """澜亭县2025年法治政府建设工作要点

一、第一部分
（一）建立台账。建立重大行政决策台账，年底前完成。牵头单位：县司法局。
（二）举办培训。举办执法培训不少于2期。
"""
LIVE = {"HX-Request": "true"}


def test_nothing_is_imported_before_the_preview_was_seen(world: World) -> None:
    client = world.client("coordinator")
    file = SimpleUploadedFile("要点.txt", TEXT.encode(), content_type="text/plain")
    form = {"organization": world.body.pk, "year": "2025", "file": file, "preview": "1"}
    response = client.post(reverse("import_plan"), form)
    page = LexborHTMLParser(response.content.decode())
    assert "任务 2 项，指标 1 个" in page.css_first("#preview").text()  # type: ignore[union-attr]
    assert Plan.objects.count() == 1
    kept = page.css_first("input[name=kept]").attributes["value"]  # type: ignore[union-attr]
    confirmed = {"organization": world.body.pk, "year": "2025", "kept": kept, "confirm": "1"}
    assert client.post(reverse("import_plan"), confirmed).status_code == 422  # nobody saw it
    assert Plan.objects.count() == 1
    confirmed["seen"] = page.css_first("input[name=seen]").attributes["value"] or ""  # type: ignore[union-attr]
    assert client.post(reverse("import_plan"), confirmed).status_code == 302
    plan = Plan.objects.get(year=2025)
    assert (plan.tasks.count(), plan.source_name) == (2, "要点.txt")


def test_text_without_numbered_items_is_refused(world: World) -> None:
    form = {"organization": world.body.pk, "year": "2025", "text": "这里没有编号。", "preview": "1"}
    response = world.client("coordinator").post(reverse("import_plan"), form)
    assert response.status_code == 422
    assert "没有" in LexborHTMLParser(response.content.decode()).css_first(".alert-danger").text()  # type: ignore[union-attr]
    assert Plan.objects.count() == 1


def test_binary_file_is_refused(world: World) -> None:
    file = SimpleUploadedFile("要点.txt", bytes(range(256)) * 40)
    response = world.client("coordinator").post(
        reverse("import_plan"), {"organization": world.body.pk, "year": "2025", "file": file, "preview": "1"}
    )
    assert response.status_code == 422
    assert LexborHTMLParser(response.content.decode()).css_first(".alert-danger") is not None


def test_task_is_assigned_in_place(world: World) -> None:
    task = world.plan.tasks.order_by("order")[1]
    client = world.client("coordinator")
    url = reverse("edit_task", args=[task.pk])
    opened = client.get(url, headers=LIVE).content.decode()
    assert "<html" not in opened
    form = {"lead": world.office.pk, "support": [world.other.pk], "due": "2026-12-20"}
    form |= {f"rule_{target.pk}": target.counting_rule for target in task.targets.all()}
    saved = client.post(url, form, headers=LIVE)
    assert "县司法局" in saved.content.decode()
    task.refresh_from_db()
    assert (task.lead, task.support, task.due) == (world.office, [world.other], date(2026, 12, 20))


def test_task_is_assigned_without_scripts_too(world: World) -> None:
    task = world.plan.tasks.order_by("order")[1]
    response = world.client("coordinator").post(
        reverse("edit_task", args=[task.pk]), {"lead": world.office.pk}
    )
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"#task-{task.pk}")


def test_plan_lists_what_it_lacks_and_is_then_issued(world: World) -> None:
    client = world.client("coordinator")
    url = reverse("issue_plan", args=[world.plan.pk])
    refused = client.post(url, {"on": "2026-11-20"})
    assert refused.status_code == 422
    lacking = [task.title for task in world.plan.lacks()]
    assert lacking
    assert all(title in refused.content.decode() for title in lacking)
    _give_leads(world)
    client.post(reverse("set_due", args=[world.plan.pk]), {"due": "2026-12-31", "only_missing": "on"})
    assert client.post(url, {"on": "2026-11-20", "document_number": "澜政〔2026〕1号"}).status_code == 302
    world.plan.refresh_from_db()
    assert world.plan.state == Plan.State.ISSUED


def _give_leads(world: World) -> None:
    for task in world.plan.tasks.all():
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=world.office).execute()


def issued(world: World) -> Task:
    _give_leads(world)
    SetDue(actor=None, plan=world.plan, due=date(2026, 12, 31)).execute()
    IssuePlan(actor=None, plan=Plan.objects.get(pk=world.plan.pk), on=date(2026, 11, 20)).execute()
    return world.plan.tasks.order_by("order")[0]


def test_unit_reports_progress_on_its_own_task(world: World) -> None:
    task = issued(world)
    url = reverse("record_progress", args=[task.pk])
    form = {"on": "2026-11-20", "state": "done", "note": "清理完毕，目录已公布"}
    assert world.client("stranger").post(url, form).status_code == 403
    assert world.client("officer").post(url, form).status_code == 302
    task.refresh_from_db()
    assert task.state == Task.State.DONE
    page = world.client("officer").get(reverse("plan", args=[world.plan.pk])).content.decode()
    assert "清理完毕，目录已公布" in page


def test_issued_plan_changes_only_with_a_reason(world: World) -> None:
    task = issued(world)
    url = reverse("edit_task", args=[task.pk])
    form = {"lead": world.other.pk, "due": "2026-12-31"}
    form |= {f"rule_{target.pk}": target.counting_rule for target in task.targets.all()}
    refused = world.client("coordinator").post(url, form)
    assert refused.status_code == 422
    assert "理由" in refused.content.decode()
    assert world.client("coordinator").post(url, {**form, "reason": "职责划转"}).status_code == 302


def test_only_late_and_only_mine(world: World) -> None:
    client = world.client("officer")
    url = reverse("plan", args=[world.plan.pk])
    everything = LexborHTMLParser(client.get(url).content.decode()).css("article.y-task")
    mine = LexborHTMLParser(client.get(f"{url}?mine=1").content.decode()).css("article.y-task")
    late = LexborHTMLParser(client.get(f"{url}?late=1").content.decode()).css("article.y-task")
    assert (len(everything), len(mine), len(late)) == (3, 1, 0)


def test_late_tasks_are_counted_as_the_plan_counts_tasks(world: World) -> None:
    task = issued(world)
    AssignTask(actor=None, task=task, lead=world.office, co_leads=[world.other], reason="共同牵头").execute()
    SetDue(actor=None, task=Task.objects.get(pk=task.pk), due=date(2026, 6, 30), reason="提前").execute()
    page = world.client("officer").get(reverse("plan", args=[world.plan.pk])).content.decode()
    line = LexborHTMLParser(page).css_first(".y-progress-line").text()  # type: ignore[union-attr]
    assert "逾期 1" in line  # one task, though both its leads are late


def test_figure_of_the_body_is_no_link_for_who_does_not_see_it(world: World) -> None:
    """A target is answered for the whole body; an officer of one office is not led to a page they cannot open."""
    plan = world.plan
    target = PlanTarget.objects.filter(task__plan=plan)[0]
    target.counting_rule = "trainings"
    target.save()
    address = 'href="/figures/trainings/'
    assert address in world.client("coordinator").get(reverse("plan", args=[plan.pk])).content.decode()
    assert address not in world.client("officer").get(reverse("plan", args=[plan.pk])).content.decode()


def test_plan_is_withdrawn_with_a_reason(world: World) -> None:
    client, url = world.client("coordinator"), reverse("withdraw_plan", args=[world.plan.pk])
    assert client.post(url, {"on": "2026-03-02", "reason": " "}).status_code == 422
    assert client.post(url, {"on": "2026-03-02", "reason": "重复导入"}).status_code == 302
    world.plan.refresh_from_db()
    assert world.plan.state == Plan.State.WITHDRAWN
    again = client.post(url, {"on": "2026-03-02", "reason": "再撤一次"})
    assert "已经撤回" in again.content.decode()


def test_a_withdrawn_plan_says_why_and_presses_for_nothing(world: World) -> None:
    client, page = world.client("coordinator"), reverse("plan", args=[world.plan.pk])
    task = issued(world)
    Task.objects.filter(pk=task.pk).update(due=date(2026, 2, 1))
    assert "逾期" in client.get(page).content.decode()
    withdraw = reverse("withdraw_plan", args=[world.plan.pk])
    assert client.post(withdraw, {"on": "2026-11-20", "reason": "重复导入"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "理由：重复导入" in shown and "2026年11月20日" in shown
    assert "逾期" not in shown and "还剩" not in shown
    own = client.get(reverse("task_evidence", args=[task.pk])).content.decode()
    assert "计划已撤回" in own and "逾期" not in own
    found = LexborHTMLParser(client.get(reverse("search"), {"q": task.title}).content.decode())
    assert "（已撤回）" in found.css_first("main").text()  # type: ignore[union-attr]


def test_a_withdrawn_plan_asks_units_for_no_progress(world: World) -> None:
    client, task = world.client("officer"), issued(world)
    form = reverse("record_progress", args=[task.pk])
    assert "<textarea" in client.get(form).content.decode()
    WithdrawPlan(actor=None, plan=world.plan, on=TODAY, reason="重做").execute()
    assert client.get(form).headers["Location"] == reverse("task_evidence", args=[task.pk])
    page = client.get(reverse("quarter_notes", args=[world.plan.pk, 1])).content.decode()
    assert "已撤回，不再填报" in page and "<textarea" not in page
    assert "计划已撤回，没有提醒" in client.get(reverse("plan_open", args=[world.plan.pk])).content.decode()


def test_a_withdrawn_plan_is_restored_from_its_page(world: World) -> None:
    issued(world)
    WithdrawPlan(actor=None, plan=world.plan, on=TODAY, reason="重做").execute()
    page, url = reverse("plan", args=[world.plan.pk]), reverse("restore_plan", args=[world.plan.pk])
    assert url not in world.client("officer").get(page).content.decode()
    client = world.client("coordinator")
    assert url in client.get(page).content.decode()
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "撤错了"}).status_code == 302
    assert Plan.objects.get(pk=world.plan.pk).state == Plan.State.ISSUED
    assert url not in client.get(page).content.decode()


def test_who_cannot_complete_a_plan_is_not_told_to(world: World) -> None:
    page = reverse("plan", args=[world.plan.pk])
    issued(world)
    Plan.objects.filter(pk=world.plan.pk).update(graded=True)
    assert "请补齐" in world.client("coordinator").get(page).content.decode()
    assert "请补齐" not in world.client("officer").get(page).content.decode()
    Plan.objects.filter(pk=world.plan.pk).update(state=Plan.State.DRAFT)
    assert "补齐后才能印发" in world.client("coordinator").get(page).content.decode()
    assert "补齐后才能印发" not in world.client("officer").get(page).content.decode()


def test_plans_are_listed_newest_year_first(world: World) -> None:
    document = read_text(TEXT, "要点.txt")
    for year in (2023, 2025, 2021, 2024, 2022):
        ImportPlan(actor=None, organization=world.body, year=year, document=document).execute()
    rows = LexborHTMLParser(world.client("coordinator").get(reverse("plans")).content.decode()).css(
        "main .card-table tbody tr"
    )
    assert [row.css("td")[1].text().strip() for row in rows] == [str(year) for year in range(2026, 2020, -1)]


def test_wording_of_a_task_is_mended_and_kept_when_refused(world: World) -> None:
    client, task = world.client("coordinator"), world.plan.tasks.order_by("order")[0]
    url = reverse("amend_task", args=[task.pk])
    refused = client.post(url, {"title": "", "text": "写好的内容", "reason": ""})
    assert refused.status_code == 422
    assert "写好的内容" in refused.content.decode()
    assert (
        client.post(url, {"title": "改过的标题", "text": "改过的内容", "reason": "笔误"}).status_code == 302
    )
    task.refresh_from_db()
    assert (task.title, task.text) == ("改过的标题", "改过的内容")


def test_the_slower_of_two_who_amend_sees_what_the_other_wrote(world: World) -> None:
    task = world.plan.tasks.order_by("order")[0]
    url, client = reverse("amend_task", args=[task.pk]), world.client("coordinator")
    sent = {"title": task.title, "seen": str(length(world.plan))}
    assert client.post(url, {**sent, "text": "先改的一句。"}).status_code == 302
    slow = client.post(url, {**sent, "text": "后改的一句。"})
    tree = LexborHTMLParser(slow.content.decode())
    assert slow.status_code == 422 and "先改的一句。" in tree.css_first("form .y-note").text()  # type: ignore[union-attr]
    assert "后改的一句。" in tree.css_first("textarea").text()  # type: ignore[union-attr]


def test_the_slower_of_two_windows_is_told_and_overwrites_nothing(world: World) -> None:
    task = world.plan.tasks.order_by("order")[1]
    url, client = reverse("edit_task", args=[task.pk]), world.client("coordinator")
    found = LexborHTMLParser(client.get(url).content.decode()).css_first("input[name=seen]")
    assert found is not None
    seen = found.attributes["value"]
    rules = {f"rule_{target.pk}": target.counting_rule for target in task.targets.all()}
    first = {"lead": world.office.pk, "due": "2026-12-20", "seen": seen, **rules}
    assert client.post(url, first).status_code == 302
    second = world.client("admin").post(
        url, {"lead": world.other.pk, "due": "2026-12-01", "seen": seen, **rules}
    )
    page = LexborHTMLParser(second.content.decode())
    said = page.css_first(".alert-danger").text()  # type: ignore[union-attr]
    assert second.status_code == 422
    assert "没有保存" in said and "牵头 县司法局" in said
    task.refresh_from_db()
    assert (task.lead, task.due) == (world.office, date(2026, 12, 20))
    again = page.css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    form = {"lead": world.other.pk, "due": "2026-12-01", "seen": again, **rules}
    assert world.client("admin").post(url, form).status_code == 302


def test_a_draft_hides_no_plan_in_force_and_is_late_with_nothing(world: World) -> None:
    user = world.users["coordinator"]
    draft = plan_progress(user, TODAY)
    assert draft is not None and draft.plan == world.plan and draft.late == 0
    issued(world)
    SetDue(
        actor=None, plan=Plan.objects.get(pk=world.plan.pk), due=date(2026, 11, 1), reason="提前"
    ).execute()
    later = ImportPlan(
        actor=None,
        organization=world.body,
        year=2026,
        document=read_text(PLAN.replace("2026年法治", "2026年补充法治"), "补充.txt"),
    ).execute()
    SetDue(actor=None, plan=later, due=date(2026, 11, 1)).execute()
    shown = plan_progress(user, TODAY)
    assert shown is not None and shown.plan == world.plan and shown.late == shown.total
    assert "late" not in {row.state for row in build(later, TODAY).rows}
    assert {row.state for row in build(Plan.objects.get(pk=world.plan.pk), TODAY).rows} == {"late"}
    assert plan_progress(user, TODAY.replace(year=TODAY.year + 1)).plan == world.plan  # type: ignore[union-attr]
