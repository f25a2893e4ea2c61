"""Cases linked with a reason: seen from both ends, printed with the whole file, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World, request_for
from yifa.documents.actions import LinkCases, UnlinkCases
from yifa.documents.models import CaseLink
from yifa.documents.related import related
from yifa.documents.wholefile import whole
from yifa.documents.wholeword import write
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Case, Record
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.similar import similar

LINK = {"kind": "follows", "reason": "申请人不服答复，另行申请"}


def test_linked_once_seen_from_both_ends_and_taken_back(world: World, tmp_path: Path) -> None:
    client = world.client("officer")
    other = request_for(world.office, date(2026, 11, 6), "示例道路改造的合同")
    url = reverse("case_related", args=[world.case.pk])
    assert client.post(url, {"other": other.title, **LINK, "reason": ""}).status_code == 422
    assert client.post(url, {"other": other.title, **LINK}).status_code == 302
    again = client.post(url, {"other": other.title, **LINK})
    assert "已经关联过了" in again.content.decode()
    assert [(one.case, one.how) for one in related(world.case)] == [(other, "后续程序")]
    assert [(one.case, one.how) for one in related(other)] == [(world.case, "前置程序")]
    shown = LexborHTMLParser(client.get(reverse("whole_file", args=[other.pk])).content.decode())
    assert world.case.title in shown.css_first("#ledger").text()  # type: ignore[union-attr]
    write(whole(other, TODAY), tmp_path / "whole.docx")
    printed = Word(str(tmp_path / "whole.docx"))
    assert any(world.case.title in cell.text for table in printed.tables for cell in table._cells)
    link = CaseLink.objects.get()
    client.post(reverse("unlink_case", args=[other.pk, link.pk]), {"reason": "关联错了"})
    assert related(world.case) == []
    assert verify().faults == ()


def test_a_link_is_taken_back_once_whatever_was_read_before(world: World) -> None:
    other = request_for(world.office, date(2026, 11, 6), "示例道路改造的合同")
    link = LinkCases(actor=None, case=world.case, other=other, **LINK).execute()
    stale = CaseLink.objects.get(pk=link.pk)
    UnlinkCases(actor=None, link=link, reason="关联错了").execute()
    with pytest.raises(ActionRefused, match="已经撤销"):
        UnlinkCases(actor=None, link=stale, reason="另一人也撤销").execute()
    assert Record.objects.filter(kind="link.withdrawn").count() == 1


def test_only_cases_one_sees_are_linked(world: World) -> None:
    client = world.client("officer")
    url = reverse("case_related", args=[world.case.pk])
    refused = client.post(url, {"other": world.foreign.title, **LINK})
    assert "没有找到" in refused.content.decode()
    assert client.post(url, {"other": world.case.title, **LINK}).status_code == 422
    assert world.client("reviewer").post(url, {"other": world.foreign.title, **LINK}).status_code == 403
    assert not CaseLink.objects.exists()


def test_several_that_answer_are_offered(world: World) -> None:
    for n in range(3):
        request_for(world.office, date(2026, 11, 6), f"示例水库除险加固之{n}")
    page = world.client("officer").post(
        reverse("case_related", args=[world.case.pk]), {"other": "水库除险", **LINK}
    )
    assert len(LexborHTMLParser(page.content.decode()).css("form.card li a")) == 3


TICKET = {
    "facts-f_subject": "路灯不亮",
    "facts-f_ticket_no": "SL20261101",
    "on": "2026-11-19",
    "first": "register",
}


def ticket(world: World, **more: str) -> HttpResponse:
    form = {**TICKET, "facts-organization": str(world.office.pk), "facts-f_channel": "12345热线", **more}
    return world.client("officer").post(reverse("open_case", args=["hotline_ticket"]), form)


def test_the_same_number_takes_a_reason_and_links_both(world: World) -> None:
    assert ticket(world).status_code == 302
    first = Case.objects.get(case_type="hotline_ticket")
    again = ticket(world, **{"facts-f_subject": "另一件"})
    assert again.status_code == 422
    assert "可能已经立过" in again.content.decode()
    assert ticket(world, **{"facts-f_subject": "另一件", "anyway": "平台编号重复使用"}).status_code == 302
    second = Case.objects.exclude(pk=first.pk).get(case_type="hotline_ticket")
    (link,) = related(second)
    assert (link.case, link.how) == (first, "疑似重复")
    assert "平台编号重复使用" in link.reason


def test_hints_come_while_one_types_and_on_the_page(world: World) -> None:
    ticket(world)
    client = world.client("officer")
    url = reverse("similar_cases", args=["hotline_ticket"])
    told = client.post(url, {"facts-f_ticket_no": " sl20261101"}, headers={"HX-Request": "true"})
    assert "工单号相同" in told.content.decode() and "anyway" in told.content.decode()
    told = client.post(url, {"facts-f_ticket_no": "别的"}, headers={"HX-Request": "true"})
    assert told.content.decode().strip() == ""
    other = request_for(world.office, date(2026, 11, 6), "示例道路改造的验收资料和图纸")
    shown = client.get(reverse("case_similar", args=[other.pk])).content.decode()
    assert world.case.title in shown
    assert "相近" in shown
    far = world.client("stranger").get(reverse("case_similar", args=[world.foreign.pk])).content.decode()
    assert world.case.title not in far


def test_another_party_of_the_same_trade_is_no_duplicate(world: World) -> None:
    kind = catalogue().case_types["administrative_penalty"]
    trade = "装饰工程有限公司"

    def facts(name: str, deed: str = "工地出入口污染路面案") -> dict[str, str]:
        return {"subject": f"{name}{trade}{deed}", "party": f"{name}{trade}", "body": world.office.name}

    for name in ("丰坪", "百木", "南渚", "石泉", "青柳"):
        OpenCase(
            actor=None, organization=world.office, case_type="administrative_penalty", act="file", on=TODAY,
            facts=facts(name), entered="back",
        ).execute()  # fmt: skip

    def like(told: dict[str, str]) -> list[tuple[str, str]]:
        found = similar(world.users["officer"], kind, told, TODAY)
        return [(one.case.facts["party"], one.why) for one in found]

    assert like(facts("芸香")) == []
    assert like(facts("丰坪", "擅自设置户外广告案")) == [(f"丰坪{trade}", "当事人相同")]
    assert like(facts("丰坪")) == [(f"丰坪{trade}", "案由相近；当事人相同")]
    written_otherwise = facts("丰坪") | {"party": "丰坪装饰工程公司"}
    assert like(written_otherwise) == [(f"丰坪{trade}", "案由相近；当事人相近")]


def test_looking_for_likeness_costs_the_same_however_many(world: World) -> None:
    kind = catalogue().case_types["information_request"]

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            similar(world.users["officer"], kind, {"content": "示例道路改造的验收资料"}, TODAY)
        return len(queries)

    before = asked()
    for n in range(6):
        request_for(world.office, date(2026, 11, 6), f"示例道路改造的验收资料{n}")
    assert asked() == before
