"""The pages on reports of the units below."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.reporting.test_incoming import text
from tests.workbench.conftest import World
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import IncomingReport

WHERE = ["sfj", 2025, "annual_report"]


def of_office(received: int = 0) -> bytes:
    own = text(received=received).decode().replace("澜亭县住房和城乡建设局", "县司法局")
    return own.replace("2024", "2025").replace("2025年1月20日", "2026年1月20日").encode()


def hand_in(world: World, who: str, received: int = 0) -> IncomingReport:
    file = SimpleUploadedFile("报告 <b>.txt", of_office(received))
    response = world.client(who).post(reverse("incoming_unit", args=WHERE), {"file": file})
    assert response.status_code == 302, response.content.decode()
    return IncomingReport.objects.get()


def test_the_unit_hands_in_and_the_body_sees_it_in_the_list(world: World) -> None:
    before = world.client("coordinator").get(reverse("incoming"), {"year": 2025}).content.decode()
    assert "逾期未报" in before and "应报 2 个单位，未报 2 个" in before
    hand_in(world, "officer")
    page = LexborHTMLParser(
        world.client("coordinator").get(reverse("incoming"), {"year": 2025}).content.decode()
    )
    row = next(row for row in page.css("tbody tr") if "县司法局" in row.text())
    assert "已收到，待审核" in row.text() and "迟报" in row.text()


def test_the_coordinator_returns_with_the_list_and_accepts_the_next(world: World) -> None:
    incoming = hand_in(world, "officer", received=7)
    client, officer = world.client("coordinator"), world.client("officer")
    page = client.get(reverse("incoming_unit", args=WHERE)).content.decode()
    assert "不一致" in page and "7件" in page and "报告 &lt;b&gt;.txt" not in page.split("<form")[0]
    decide = reverse("decide_incoming", args=[incoming.pk])
    client.post(decide, {"decision": "return", "words": "件数与台账不一致。"})
    seen = officer.get(reverse("incoming_unit", args=WHERE)).content.decode()
    assert "件数与台账不一致。" in seen and "退回修改" in seen
    word = officer.get(reverse("incoming_file", args=[incoming.pk, 1, "docx"]))
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.content)).namelist()
    sheet = officer.get(reverse("incoming_file", args=[incoming.pk, 1, "xlsx"]))
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(sheet.content)).namelist()
    assert officer.get(reverse("incoming_file", args=[incoming.pk, 1, "original"])).content == of_office(7)
    assert officer.get(reverse("incoming_file", args=[incoming.pk, 1, "exe"])).status_code == 404
    own = BuildReport(actor=None, organization=incoming.unit, year=2025).execute()
    at_home = client.get(
        reverse("report", args=[own.pk])
    ).content.decode()  # the unit's own report says so too
    assert "退回了第1稿：件数与台账不一致。" in at_home
    hand_in(world, "officer", received=1)
    assert "退回了第1稿" not in client.get(reverse("report", args=[own.pk])).content.decode()
    client.post(decide, {"decision": "accept", "words": "核对无误。"})
    incoming.refresh_from_db()
    assert incoming.state == IncomingReport.State.ACCEPTED
    assert "以前各稿" in client.get(reverse("incoming_unit", args=WHERE)).content.decode()
    assert officer.post(decide, {"decision": "return", "words": "想改"}).status_code == 403


def test_strangers_neither_see_nor_decide_nor_fetch(world: World) -> None:
    incoming = hand_in(world, "officer")
    for who in ("stranger", "nobody"):
        client = world.client(who)
        assert "县司法局" not in client.get(reverse("incoming"), {"year": 2025}).content.decode()
        for url in (
            reverse("incoming_unit", args=WHERE),
            reverse("incoming_file", args=[incoming.pk, 1, "original"]),
        ):
            assert client.get(url).status_code == 404
        assert client.post(reverse("decide_incoming", args=[incoming.pk])).status_code == 403


@pytest.mark.parametrize("given", [{}, {"text": "   "}, {"on": "2025-13-40", "text": "甲"}])
def test_nothing_is_handed_in_without_a_text(world: World, given: dict[str, str]) -> None:
    response = world.client("officer").post(reverse("incoming_unit", args=WHERE), given)
    assert response.status_code == 422 and not IncomingReport.objects.exists()


def test_a_file_nobody_can_read_says_why(world: World) -> None:
    file = SimpleUploadedFile("r.docx", b"\x7fELF\x02\x01\x01" + bytes(200))
    response = world.client("officer").post(reverse("incoming_unit", args=WHERE), {"file": file})
    page = LexborHTMLParser(response.content.decode())
    assert response.status_code == 422 and page.css_first(".alert-danger").text().strip()


@pytest.mark.parametrize("query", ["?year=3000", "?outline=none", "?year=2025&outline=../x"])
def test_what_there_is_not_is_not_there(world: World, query: str) -> None:
    assert world.client("coordinator").get(reverse("incoming") + query).status_code == 404
