"""A clerk brings a list in on the pages, takes it back, and holds another against the ledger."""

from __future__ import annotations

import io
import os
from pathlib import Path
from threading import Event
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.exchange import bringing, running, signs
from yifa.exchange.models import Import, ImportedRow, ReconciledRow, Reconciliation, SavedMapping
from yifa.exchange.samples import HEADS
from yifa.exchange.storing import journal
from yifa.ledger.actions import GrantRole
from yifa.ledger.models import Case, Role

TICKETS = "热线和网上诉求工单"


@pytest.fixture
def client(world: World) -> Client:
    return world.client("coordinator")


def sent(client: Client, text: str | bytes, way: str = "import", what: str = TICKETS, **more: object) -> str:
    """Sends a list on the first page; the address it leads to."""
    data = text.encode() if isinstance(text, str) else text
    form = {"what": what, "way": way, "file": SimpleUploadedFile("工单.csv", data), **more}
    answer = client.post(reverse("exchange"), form)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def page(client: Client, url: str) -> LexborHTMLParser:
    """A page that is whole: nothing inline, every control named, nothing left blank by a template."""
    answer = client.get(url)
    assert answer.status_code == 200
    tree = LexborHTMLParser(answer.content.decode())
    assert not tree.css("[style], style")
    labelled = {label.attributes.get("for") for label in tree.css("label")}
    for control in tree.css("input:not([type=hidden]), select, textarea"):
        held = control.attributes
        assert held.get("id") in labelled or held.get("aria-label"), control.html
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    return tree


def fields(tree: LexborHTMLParser) -> dict[str, str | list[str]]:
    """The matching form as it would be sent back."""
    found: dict[str, str | list[str]] = {}
    for control in tree.css("form.card input, form.card select"):
        held, name = control.attributes, control.attributes.get("name") or ""
        if control.tag == "select":
            chosen = control.css_first("option[selected]") or control.css_first("option")
            found[name] = (chosen.attributes.get("value") or "") if chosen else ""
        elif held.get("type") == "checkbox":
            if "checked" in held:
                found.setdefault(name, []).append(held.get("value") or "")  # type: ignore[union-attr]
        else:
            found[name] = held.get("value") or ""
    return found


def text_of(tree: LexborHTMLParser) -> str:
    main = tree.css_first("main")
    assert main is not None
    return " ".join(main.text(separator=" ").split())


def test_the_sample_is_tried_mended_imported_and_taken_back(client: Client) -> None:
    sample = client.get(reverse("exchange_sample")).content
    assert sample.decode("gb18030").startswith("工单编号")
    url = sent(client, sample)
    tree = page(client, url)
    shown = text_of(tree)
    for words in (
        "试算结果",
        "194 行",
        "要改的格",
        "看不出是哪年哪月哪日",
        "没有“热线电话”这一选项",
        "G 列 受理时间",
    ):
        assert words in shown
    run = Import.objects.get()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("import_marked", args=[run.pk])))))
    noted = [cell for row in book.active.iter_rows() for cell in row if cell.comment]
    assert len(noted) == 6
    assert any("看不出是哪年哪月哪日" in cell.comment.text for cell in noted)

    form = fields(tree)
    values = {form[name]: name.removeprefix("written-") for name in form if name.startswith("written-")}
    form[f"means-{values['热线电话']}"] = "12345热线"
    answer = client.post(url, {**form, "name": "月度导出"})
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    assert run.counts["wrong"] == 5
    form = fields(page(client, url))
    assert "不存在的单位" in form.values(), "the message says that it can be told which unit is meant"
    assert SavedMapping.objects.get().name == "月度导出"
    refused = client.post(url, {"deed": "import", "mode": "whole"})
    assert refused.status_code == 422
    assert "有 5 行有错" in refused.content.decode()
    before = Case.objects.count()
    client.post(url, {"deed": "import", "mode": "skip"})
    assert Case.objects.count() == before + 195
    assert "195 行" in text_of(page(client, url))
    assert "整行" not in text_of(page(client, f"{url}?what=wrong"))
    rows = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("import_rows", args=[run.pk])))))
    assert rows.active.max_row == 201

    again = sent(client, sample)  # the mapping kept is found by the heads
    shown = text_of(page(client, again))
    assert "已有，相同" in shown
    assert "已套用存下的对照“月度导出”" in shown
    form = fields(page(client, again))
    assert form["name"] == "月度导出", "what is changed is kept with it"
    client.post(again, {**form, "key": ["fact:ticket_no", "fact:subject"]})
    assert SavedMapping.objects.get().data["keys"] == ["fact:ticket_no", "fact:subject"]
    assert Import.objects.exclude(pk=run.pk).get().counts["wrong"] == 5

    undo = reverse("undo_import", args=[run.pk])
    assert "195" in text_of(page(client, undo))
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "示例，不要了"}).status_code == 302
    assert Case.objects.exclude(opened_on=None).count() == before
    assert "已撤销" in text_of(page(client, url))


def test_a_sheet_as_offices_make_it(client: Client, world: World) -> None:
    """Titles merged above, a head of two rows, a hidden column, a total and a signature below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某县2026年三月热线工单汇总表"])
    sheet.merge_cells("A1:H1")
    sheet.append(["填报单位：示例单位", None, None, None, "2026年4月"])
    sheet.append(["序号", "工单号", "诉求事项", "诉求渠道", "办理时间", None, "承办单位", "内部码"])
    sheet.append([None, None, None, None, "受理日期", "答复日期", None, None])
    for cells in ("E3:F3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:G4", "H3:H4"):
        sheet.merge_cells(cells)
    for number in range(1, 6):
        sheet.append(
            [number, f"XS{number}", f"事项{number}", "12345", 46082 + number, "2026.3.20", "县司法局", "x"]
        )
    sheet.append(["合计", 5])
    sheet.append(["制表人：甲某"])
    sheet.column_dimensions["H"].hidden = True
    stored = io.BytesIO()
    book.save(stored)
    data = SimpleUploadedFile("汇总.xlsx", stored.getvalue())
    answer = client.post(reverse("exchange"), {"what": TICKETS, "way": "import", "file": data})
    url = str(answer["Location"])
    run = Import.objects.get()
    columns = set(run.mapping["columns"].values())
    assert {
        "fact:ticket_no",
        "fact:subject",
        "act:register:on",
        "act:reply:on",
        "field:dispatch:to",
    } <= columns
    form = fields(page(client, url))
    form["fixed-act:dispatch:on"] = "=act:register:on"
    client.post(url, form)
    run.refresh_from_db()
    assert run.counts["wrong"] == 5, "12345 is none of the choices yet"
    assert run.counts["skipped"] == 2
    form = fields(page(client, url))
    form["means-1"] = "12345热线"
    client.post(url, form)
    client.post(url, {"deed": "import", "mode": "whole"})
    case = Case.objects.get(facts__ticket_no="XS3")
    assert case.organization == world.office
    assert str(case.opened_on) == "2026-03-04"


def test_a_reconciliation_is_followed_noted_and_handed_over(client: Client) -> None:
    row = ["R1", "12345热线", "投诉", "教育", "甲事", "某", "2026-03-02", "", "县司法局", *[""] * 5]
    lines = [[f"R{n}", *row[1:]] for n in range(1, 6)]
    text = "\n".join(",".join(cells) for cells in [list(HEADS), *lines[:4]])
    url = sent(client, text)
    form = fields(page(client, url))
    client.post(url, {**form, "fixed-act:dispatch:on": "=act:register:on"})
    client.post(url, {"deed": "import", "mode": "whole"})
    assert Case.objects.filter(case_type="hotline_ticket").count() == 4
    theirs = [[f"R{n}", *row[1:]] for n in range(2, 6)]
    theirs[0][5] = "改名"
    other = "\n".join(",".join(cells) for cells in [list(HEADS), *theirs])
    url = sent(client, other, "compare")
    form = fields(page(client, url))
    answer = client.post(url, {**form, "starts": "2026-01-01", "ends": "2026-12-31"})
    assert answer.status_code == 302, answer.content.decode()
    rec = Reconciliation.objects.get()
    assert rec.counts == {"matched": 2, "different": 1, "there": 1, "here": 1}
    shown = text_of(page(client, url))
    for words in ("诉求人：", "改名", "按外来表补录和更正"):
        assert words in shown
    settle = reverse("settle_rows", args=[rec.pk])
    different = rec.rows.get(how="different")
    client.post(settle, {"how": "different", "row": [different.pk], "deed": "follow", "reason": "以平台为准"})
    assert Case.objects.get(facts__ticket_no="R2").facts["caller"] == "改名"
    assert "1 行待处理" in text_of(page(client, f"{url}?how=here"))
    client.post(settle, {"how": "here", "all": "1", "deed": "note", "reason": "平台次月归档"})
    shown = text_of(page(client, f"{url}?how=here"))
    assert "都已处理" in shown
    assert "不只勾选的" not in shown
    assert "平台次月归档" in text_of(page(client, f"{url}?how=here"))
    here = rec.rows.get(how="here")
    client.post(settle, {"how": "here", "row": [here.pk], "deed": "note", "reason": "写错了，平台已归档"})
    assert rec.rows.get(how="here").note == "写错了，平台已归档"
    answer = client.post(settle, {"how": "there", "all": "1", "deed": "import"})
    handed = Import.objects.get(mapping__has_key="only")
    assert answer["Location"] == handed.get_absolute_url()
    assert handed.mapping["only"] == [5]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(reverse("reconciliation_file", args=[rec.pk]))))
    )
    assert [cell.value for cell in book.active[1]][:3] == ["结果", "凭以认出", "名称"]
    assert not ReconciledRow.objects.filter(settled="").exclude(how="matched").exists()

    two = client.post(reverse("exchange"), {
        "what": TICKETS, "way": "compare", "file": SimpleUploadedFile("甲.csv", text.encode()),
        "other": SimpleUploadedFile("乙.csv", other.encode()),
    })  # fmt: skip
    url = str(two["Location"])
    client.post(url, fields(page(client, url)))
    of_two = Reconciliation.objects.exclude(pk=rec.pk).get()
    assert of_two.counts["different"] == 1
    shown = text_of(page(client, url))
    assert "外来表" not in shown
    assert "第二份表 → 第一份表" in shown
    stored = b"".join(client.get(reverse("reconciliation_file", args=[of_two.pk])))
    told = {row[0] for row in openpyxl.load_workbook(io.BytesIO(stored)).active.iter_rows(values_only=True)}
    assert "只在第一份表" in told or "只在第二份表" in told


def test_what_cannot_be_begun_says_why(client: Client) -> None:
    start = reverse("exchange")
    for form, words in (
        ({"what": "没有的"}, "选一个事项类型"),
        ({"what": TICKETS}, "请选择一个表格文件"),
        ({"what": TICKETS, "file": SimpleUploadedFile("坏.xlsx", b"PK\x03\x04bad")}, "坏.xlsx"),
    ):
        answer = client.post(start, {"way": "import", **form})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    url = sent(client, "编码,单位\n1,县司法局", what="权责清单")
    assert "还不能试算" in text_of(page(client, url))


def test_others_do_not_see_it_and_a_standing_still_run_can_go_on(world: World, client: Client) -> None:
    url = sent(client, "工单编号,诉求事项,来源,受理时间,承办单位\nA1,事,12345热线,2026-03-01,县司法局")
    run = Import.objects.get()
    for name in ("import_list", "import_progress", "import_marked", "import_rows", "undo_import"):
        assert world.client("officer").get(reverse(name, args=[run.pk])).status_code == 404, name
    Import.objects.filter(pk=run.pk).update(state=Import.State.CHECKING, worker="other")
    assert "接着做" in text_of(page(client, url)) or not signs.is_stale(run)
    bar = client.get(reverse("import_progress", args=[run.pk]))
    assert "HX-Refresh" not in bar
    Import.objects.filter(pk=run.pk).update(worker="", ended_at=None, beat_at=timezone.now())
    begins = client.get(reverse("import_progress", args=[run.pk])).content.decode()
    assert "接着做" not in begins, "its process has yet to begin"
    assert "every 1s" in begins
    Import.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert "接着做" in client.get(reverse("import_progress", args=[run.pk])).content.decode()
    client.post(url, {"deed": "continue"})
    run.refresh_from_db()
    assert run.state in {Import.State.CHECKED, Import.State.OPEN}
    assert client.get(reverse("import_progress", args=[run.pk]))["HX-Refresh"] == "true"


def test_a_mended_list_keeps_what_its_columns_mean_and_takes_the_place_of_the_first(client: Client) -> None:
    heads, row = "工单编号,事由,来源,受理时间,责任单位", "甲事,12345热线,2026-03-01,县司法局"
    url = sent(client, f"{heads}\nA1,{row}\nA2,{row.replace('03-01', '02-30')}")
    assert "还不能试算：不知道“诉求事项”在哪一列" in text_of(page(client, url))
    client.post(url, {**fields(page(client, url)), "column-1": "fact:subject"})
    run = Import.objects.get()
    shown = text_of(page(client, url))
    assert "跳过有错的行，导入其余的" in shown
    assert "还不能试算" not in shown
    marked = b"".join(client.get(reverse("import_marked", args=[run.pk])))
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert book.active is not None
    book.active["D3"] = "2026-03-02"
    stored = io.BytesIO()
    book.save(stored)
    mended = {
        "what": run.target,
        "mends": str(run.pk),
        "file": SimpleUploadedFile("改好.xlsx", stored.getvalue()),
    }
    answer = client.post(reverse("exchange"), {"way": "import", **mended})
    assert answer.status_code == 302, answer.content.decode()
    again = Import.objects.get()
    assert (again.attachment.name, again.counts["new"]) == ("改好.xlsx", 2)
    assert not again.counts.get("wrong")


def test_a_list_is_given_up_while_nothing_came_in(client: Client) -> None:
    url = sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA1,事,12345热线,2026-03-01,县司法局")
    client.post(url, {"deed": "import", "mode": "whole"})
    assert client.post(url, {"deed": "drop"}).status_code == 422
    other = sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA2,事,12345热线,2026-03-01,县司法局")
    assert "放弃这次导入" in text_of(page(client, other))
    assert client.post(other, {"deed": "drop"})["Location"] == reverse("exchange")
    assert [run.get_absolute_url() for run in Import.objects.all()] == [url]
    assert "已放弃导入“工单.csv”" in client.get(reverse("exchange")).content.decode()


def test_who_may_not_bring_a_list_in_is_told_before_it_is_laid_out(world: World) -> None:
    GrantRole(actor=None, user=world.users["nobody"], organization=world.body, role=Role.PUBLISHER).execute()
    publisher = world.client("nobody")
    start = reverse("exchange")
    assert "示例表" not in text_of(page(publisher, start))
    file = SimpleUploadedFile("工单.csv", "工单编号,诉求事项\nA1,事".encode())
    answer = publisher.post(start, {"what": TICKETS, "way": "import", "file": file})
    assert answer.status_code == 422
    assert "需要“承办人”角色" in answer.content.decode()
    assert not Import.objects.exists()
    url = sent(publisher, "工单编号,诉求事项\nA1,事", "compare")
    publisher.post(url, fields(page(publisher, url)))
    assert "转去导入" not in text_of(page(publisher, f"{url}?how=there"))


def test_a_name_that_is_no_unit_is_told_to_mean_one(client: Client, world: World) -> None:
    url = sent(
        client,
        "工单编号,诉求事项,来源,受理时间,派单时间,承办单位\nA1,事,12345热线,2026-03-01,2026-03-01,司法所",
    )
    form = fields(page(client, url))
    assert form["written-1"] == "司法所"
    client.post(url, {**form, "means-1": "县司法局"})
    client.post(url, {"deed": "import", "mode": "whole"})
    case = Case.objects.get(facts__ticket_no="A1")
    assert case.organization == world.office
    assert case.acts.get(act="dispatch").fields["to"] == "县司法局"


def test_long_results_and_many_imports_are_turned_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.workbench.views.exchange.importing.ROWS_SHOWN", 2)
    monkeypatch.setattr("yifa.workbench.views.exchange.start.SHOWN", 1)
    lines = "\n".join(f"A{n},事{n},12345热线,2026-03-01,县司法局" for n in range(1, 6))
    url = sent(client, f"工单编号,诉求事项,来源,受理时间,责任单位\n{lines}")
    client.post(url, {"deed": "import", "mode": "whole"})
    assert "第 5–5 条，共 5 条" in text_of(page(client, f"{url}?page=3"))
    sent(client, f"工单编号,诉求事项,来源,受理时间,责任单位\n{lines}")
    assert "第 2–2 条，共 2 条" in text_of(page(client, f"{reverse('exchange')}?page=2"))


def test_what_broke_off_says_what_is_in_and_what_is_left(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yifa.exchange.checking.CHUNK", 2)
    lines = "\n".join(f"A{n},事{n},12345热线,2026-03-01,县司法局" for n in range(1, 6))
    url = sent(client, f"工单编号,诉求事项,来源,受理时间,责任单位\n{lines}")

    def stops(some: Import, kept: Any) -> None:
        signs.stop(some)
        journal(some, kept)

    with monkeypatch.context() as asked:
        asked.setattr(bringing, "journal", stops)
        client.post(url, {"deed": "import", "mode": "skip"})
    shown = text_of(page(client, url))
    for words in (
        "停在中途",
        "前面的行已经在台账里",
        "已新增 2 行",
        "还没有导入 3 行",
        "接着导入",
        "撤销这次导入",
    ):
        assert words in shown, words
    assert "还没有写入台账" not in shown
    assert "停在中途" in text_of(page(client, reverse("exchange")))
    run = Import.objects.get()
    run.state = Import.State.UNDOING
    assert signs.progress(run)[1] == 2, "what came in is taken back, not the whole list"
    client.post(reverse("undo_import", args=[run.pk]), {"reason": "不要了"})
    shown = text_of(page(client, url))
    assert "已撤销 2 行" in shown
    assert "新增" not in shown


def test_where_nothing_matches_the_page_says_by_what_and_a_month_is_proposed(client: Client) -> None:
    heads = "工单编号,诉求事项,来源,受理时间,责任单位"
    url = sent(client, f"{heads}\nA1,事,12345热线,2026-03-05,县司法局")
    client.post(url, {"deed": "import", "mode": "whole"})
    url = sent(client, f"{heads}\nPT1,事,12345热线,2026-03-09,县司法局", "compare")
    form = fields(page(client, url))
    assert (form["starts"], form["ends"]) == ("2026-03-01", "2026-03-31")
    client.post(url, form)
    assert "凭“工单号”一件也没有对上" in text_of(page(client, url))
    client.post(url, {**form, "key": ["fact:subject"]})
    shown = text_of(page(client, url))
    assert "一件也没有对上" not in shown
    rec = Reconciliation.objects.get()
    assert rec.counts == {"different": 1}
    del form["key"]
    for name in [name for name in form if name.startswith("column-")]:
        form[name] = ""
    answer = client.post(url, {**form, "name": "用不上的"})
    assert "还不知道凭什么认出同一件" in answer.content.decode()
    assert not SavedMapping.objects.exists()


def test_what_is_gone_on_with_is_not_offered_again_while_its_process_begins(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    url = sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA1,事,12345热线,2026-03-01,县司法局")
    run = Import.objects.get()
    sign = Path(settings.DATA) / "exchange" / f"{run.pk}.progress"
    sign.write_text("0")
    os.utime(sign, (1, 1))
    Import.objects.update(state=Import.State.RUNNING, worker="killed")
    shown = text_of(page(client, url))
    assert "接着做" in shown
    assert "停下" not in shown
    monkeypatch.setattr(running, "run_apart", lambda *command: None)
    settings.IMPORT_APART = 0
    client.post(url, {"deed": "continue"})
    shown = text_of(page(client, url))
    assert "接着做" not in shown
    assert "停下" in shown
    settings.IMPORT_APART = 10**9  # no processes of its own within a transaction
    running.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.message, run.counts["new"]) == (Import.State.DONE, "", 1)


def test_kept_mappings_are_renamed_and_deleted_by_who_kept_them(client: Client, world: World) -> None:
    url = sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA1,路灯,12345热线,2026-03-01,县司法局")
    client.post(url, fields(page(client, url)) | {"deed": "check", "name": "热线月报"})
    client.post(url, fields(page(client, url)) | {"deed": "check", "name": "热线周报"})
    first, second = SavedMapping.objects.order_by("name")
    kept = reverse("kept_mappings")
    assert "热线和网上诉求工单" in text_of(page(client, kept))
    taken = client.post(kept, {"mapping": first.pk, "name": second.name})
    assert taken.status_code == 422 and "已有名为“热线月报”的对照" in taken.content.decode()
    client.post(kept, {"mapping": first.pk, "name": "城管热线"})
    first.refresh_from_db()
    assert first.name == "城管热线"
    officer = world.client("officer")
    assert "改名" not in text_of(page(officer, kept)).replace("可以改名", "")
    refused = officer.post(kept, {"mapping": first.pk, "deed": "delete"})
    assert refused.status_code == 422 and "由本人或者统筹人员" in refused.content.decode()
    assert (
        "已删除对照"
        in client.post(kept, {"mapping": first.pk, "deed": "delete"}, follow=True).content.decode()
    )
    assert list(SavedMapping.objects.all()) == [second]
    assert client.post(kept, {"mapping": first.pk, "name": "又一个"}).status_code == 404


def test_reconciliations_beyond_the_latest_are_found(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.workbench.views.exchange.start.LATEST", 1)
    every = reverse("reconciliations")
    text = "工单编号,诉求事项,来源,受理时间,责任单位\nA1,路灯,12345热线,2026-03-01,县司法局"
    rows = f"main td a[href^='{every}']"
    sent(client, text, "compare")
    assert not page(client, reverse("exchange")).css(f"main a[href='{every}']")
    sent(client, text, "compare")
    start = page(client, reverse("exchange"))
    assert len(start.css(rows)) == 1 and start.css(f"main a[href='{every}']")
    assert len(page(client, every).css(rows)) == 2


def test_a_long_list_is_read_apart_and_tried_when_it_is_read(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(running, "run_apart", lambda *command: begun.append(command))
    settings.READ_APART = 10
    url = sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA1,路灯,12345热线,2026-03-01,县司法局")
    run = Import.objects.get()
    assert begun == [("import", "continue", str(run.pk))]
    waiting = page(client, url)
    assert "读表中：表比较大" in text_of(waiting) and "停下" not in text_of(waiting)
    assert waiting.css_first("progress").attributes.get("value") is None
    running.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total, run.counts[ImportedRow.What.NEW]) == (Import.State.CHECKED, 1, 1)
    assert "试算结果" in text_of(page(client, url))


def test_a_long_list_that_cannot_be_read_says_why_and_is_given_up(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run_apart", lambda *command: running.work(Import.objects.get().pk))
    settings.READ_APART = 10
    url = sent(client, b"PK\x03\x04" + bytes(range(256)) * 9)
    told = page(client, url)
    assert "没有读出来，台账没有改动" in text_of(told) and "损坏" in text_of(told)
    assert client.post(url, {"deed": "drop"})["Location"] == reverse("exchange")
    assert not Import.objects.exists()


def test_reading_gives_signs_of_life(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run_apart", lambda *command: None)
    settings.READ_APART = 10
    sent(client, "工单编号,诉求事项,来源,受理时间,责任单位\nA1,路灯,12345热线,2026-03-01,县司法局")
    run = Import.objects.get()
    monkeypatch.setattr(signs, "BREATH", 0.01)
    with signs.alive(run):
        sign = next((Path(settings.DATA) / "exchange").glob("*.progress"))
        os.utime(sign, (0, 0))
        for _ in range(500):
            if sign.stat().st_mtime > 0:
                break
            Event().wait(0.01)
        assert not signs.is_stale(run)
