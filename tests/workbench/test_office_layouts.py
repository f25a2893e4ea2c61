"""The list of cases and of a register as offices hand them in: offered on the page, the rows as they are filtered."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.county import County, county
from yifa.ledger.actions import PublishEntry
from yifa.ledger.actions.cases import GivenAct
from yifa.ledger.bulk.cases import BulkCases, GivenCase

__all__ = ["county"]


def rows_of(response: Any) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def client(county: County) -> Client:
    client = Client()
    client.force_login(county.user("coordinator", county.body))
    return client


def test_cases_are_laid_out_as_they_are_filtered(county: County, client: Client) -> None:
    day = date(2026, 3, 2)
    acts = (
        GivenAct(act="register", on=day, entered="back"),
        GivenAct(act="dispatch", on=day, entered="back", fields={"to": "甲所"}),
        GivenAct(act="reply", on=date(2026, 3, 4), outcome="已解决", entered="back"),
    )
    BulkCases(None).store([
        GivenCase(
            organization=unit, case_type="hotline_ticket", acts=acts,
            facts={"subject": f"=示例{n}", "ticket_no": f"T{n}", "channel": "12345热线"},
        )
        for n, unit in enumerate([county.justice, county.market] * 3)
    ])  # fmt: skip
    page = client.get("/cases/", {"type": "hotline_ticket"}).content.decode()
    assert "12345热线工单办理台账" in page
    assert "行政处罚案件台账" not in page
    assert "行政处罚案件台账" in client.get("/cases/").content.decode()
    wanted = {
        "layout": "hotline_tickets",
        "unit": county.justice.code,
        "from": "2026-01-01",
        "to": "2026-12-31",
    }
    found = rows_of(client.get("/cases/", wanted))
    assert found[0][0] == "12345热线工单办理台账"
    assert "2026年1月1日至2026年12月31日" in found[1]
    body = [row for row in found[4:] if isinstance(row[0], int)]
    assert {row[1] for row in body} == {"T0", "T2", "T4"}
    assert [row[0] for row in body] == [1, 2, 3]
    assert body[0][5].date() == day
    assert (body[0][7], body[0][8].date(), body[0][9]) == ("甲所", date(2026, 3, 4), "已解决")
    assert (
        len(rows_of(client.get("/cases/", {"layout": "petitions"}))) == 5
    )  # title, heads, signatures: none of them


def test_a_register_is_laid_out(county: County, client: Client) -> None:
    for number, status in enumerate(("在岗", "退休")):
        data = {
            "certificate": f"ZF{number}", "name": f"甲{number}", "unit": "甲所", "kind": "综合", "status": status,
            "valid_from": "2024-01-02", "valid_to": "2030-01-01",
        }  # fmt: skip
        PublishEntry(
            actor=None,
            organization=county.justice,
            register="enforcement_officers",
            on=day_of(number),
            data=data,
        ).execute()
    found = rows_of(
        client.get("/registers/enforcement_officers/", {"layout": "enforcement_officers", "q": "甲1"})
    )
    (row,) = [row for row in found if isinstance(row[0], int)]
    assert (row[1], row[5], row[6].date(), row[9]) == ("甲1", "ZF1", date(2024, 1, 2), "退休")
    assert (
        client.get("/registers/enforcement_officers/", {"layout": "petitions"}).status_code == 200
    )  # not of this list


def day_of(number: int) -> date:
    return date(2026, 1, 1 + number)
