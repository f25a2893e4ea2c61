"""A published report keeps its figures; its pages show what the ledger gives today, and which record made it so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import NOW, World, request_for
from yifa.ledger.actions import CorrectAct, OpenCase
from yifa.ledger.models import Record
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report

ANSWERED, RECEIVED = "information_requests_answered", "information_requests_received"
WHY = "签收单载明次月送出"


@pytest.fixture
def later(world: World) -> Iterator[World]:
    """The report is out; a month later an answer turns out to be of the year after, and a receipt is entered late."""
    Report.objects.filter(pk=world.report.pk).update(state="submitted", submitted_at=NOW)
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        CorrectAct(
            actor=world.users["coordinator"],
            case=world.foreign,
            position=2,
            changes={"on": date(2027, 1, 5)},
            reason=WHY,
        ).execute()
        request_for(world.office, date(2026, 11, 10), "漏登的一件", entered="back")
        yield world


def tree(
    world: World, name: str, *args: object, who: str = "coordinator", query: str = ""
) -> LexborHTMLParser:
    response = world.client(who).get(f"{reverse(name, args=args)}?{query}")
    assert response.status_code == 200
    return LexborHTMLParser(response.content.decode())


def said(found: LexborHTMLParser, css: str) -> str:
    return " ".join(" ".join(node.text() for node in found.css(css)).split())


def test_the_figure_stays_and_its_page_says_why_today_differs(later: World) -> None:
    found = tree(later, "report_figure", later.report.pk, ANSWERED)
    assert said(found, "dl.y-facts strong") == "1件"
    note = said(found, "#since")
    assert "报告写的是 1件，台账今天按同一口径是 0件" in note
    assert "报告保持原样" in note
    for word in (
        "不再计入",
        later.foreign.title,
        "测试coordinator更正“答复”",
        "日期改为2027-01-05",
        f"理由：{WHY}",
        "2027年1月19日",
    ):
        assert word in note, word
    links = [node.attributes["href"] for node in found.css("#since a")]
    assert f"{reverse('case', args=[later.foreign.pk])}#act-2" in links


def test_a_receipt_entered_late_is_told(later: World) -> None:
    note = said(tree(later, "report_figure", later.report.pk, RECEIVED), "#since")
    assert "报告写的是 2件，台账今天按同一口径是 3件" in note
    assert "新计入" in note
    assert "补录“收到申请”" in note


def test_what_did_not_change_says_nothing(world: World) -> None:
    assert not tree(world, "report_figure", world.report.pk, RECEIVED).css("#since")
    rebuilt = BuildReport(
        actor=None, organization=world.body, year=2026
    ).execute()  # the world went on after the first
    assert "全部数字与台账今天相同" in said(tree(world, "report_since", rebuilt.pk), "main")


def test_the_whole_report_beside_today(later: World) -> None:
    found = tree(later, "report_since", later.report.pk)
    changed = {node.attributes["id"] for node in found.css("tbody tr[id]")}
    assert {ANSWERED, RECEIVED} <= changed
    row = found.css_first(f"#{ANSWERED}")
    assert row is not None
    assert [" ".join(cell.text().split()) for cell in row.css("td.num")] == ["1件", "0件"]
    assert WHY in row.text()
    links = [node.attributes["href"] for node in tree(later, "report", later.report.pk).css("a")]
    assert reverse("report_since", args=[later.report.pk]) in links


def test_differences_as_spreadsheet_name_record_reason_and_who(later: World) -> None:
    response = later.client("coordinator").get(
        f"{reverse('report_since', args=[later.report.pk])}?format=xlsx"
    )
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[union-attr,attr-defined]
    heads = list(rows[0])
    (told,) = [
        row for row in rows if row[heads.index("理由")] == WHY and row[heads.index("差异")] == "不再计入"
    ][:1]
    assert told[heads.index("登记人")] == "测试coordinator"
    assert told[heads.index("登记时间")] == "2027-01-19 09:30"
    assert told[heads.index("记录摘要（SM3）")] == Record.objects.get(kind="act.corrected").digest
    values = {row[heads.index("口径编号")]: (row[2], row[3]) for row in rows[1:] if row[1]}
    assert values[ANSWERED] == ("1件", "0件")


def test_the_procedure_for_changed_figures_is_offered_filled_in_and_found_again(later: World) -> None:
    found = tree(later, "report_figure", later.report.pk, ANSWERED)
    (address,) = [
        node.attributes["href"] or ""
        for node in found.css("#since a")
        if "figure_change" in str(node.attributes["href"])
    ]
    given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (given["facts-f_old_value"], given["facts-f_new_value"]) == ("1", "0")
    assert WHY in given["facts-f_reason"]
    form = LexborHTMLParser(later.client("coordinator").get(address).content.decode())
    field = form.css_first("[name=facts-f_figure]")
    assert field is not None
    assert field.attributes["value"] == given["facts-f_figure"]
    chosen = form.css_first("[name=facts-f_published] option[selected]")
    assert chosen is not None
    assert chosen.text() == "是"
    assert not said(tree(later, "report_figure", later.report.pk, ANSWERED, who="auditor"), "#since").count(
        "办理统计数据变更"
    )
    facts = {
        "figure": given["facts-f_figure"],
        "period": "2026年",
        "old_value": 1,
        "new_value": 0,
        "reason": WHY,
    }
    OpenCase(
        actor=None,
        organization=later.body,
        case_type="figure_change",
        act="propose",
        on=timezone.localdate(),
        facts=facts,
    ).execute()
    assert "已办的数据变更" in said(tree(later, "report_figure", later.report.pk, ANSWERED), "#since")


def test_a_stranger_sees_neither(later: World) -> None:
    for who in ("stranger", "officer", "nobody"):
        assert later.client(who).get(reverse("report_since", args=[later.report.pk])).status_code == 404
        url = reverse("report_figure", args=[later.report.pk, ANSWERED])
        assert later.client(who).get(url).status_code == 404


def test_queries_do_not_grow_with_differences(later: World, django_assert_max_num_queries: object) -> None:
    url = reverse("report_since", args=[later.report.pk])
    client = later.client("coordinator")
    client.get(url)
    with django_assert_max_num_queries(400) as few:  # type: ignore[operator]
        client.get(url)
    for day in range(1, 9):
        request_for(later.office, date(2026, 10, day), f"又一件{day}", entered="back")
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        client.get(url)
