"""Lists as files for other programs."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import cast

from django.http import StreamingHttpResponse
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World, request_for
from yifa.exchange.mapping import propose
from yifa.exchange.staging import stage
from yifa.exchange.targets import target_of
from yifa.ledger.actions import PublishEntry, StoreAttachment


def test_a_filtered_list_comes_as_text_with_commas(world: World) -> None:
    request_for(world.office, world.case.opened_on, "=1+1")  # type: ignore[arg-type]
    client = world.client("coordinator")
    answer = cast(StreamingHttpResponse, client.get(f"{reverse('cases')}?unit=sfj&format=csv"))
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {row["单位"] for row in rows} == {"县司法局"}
    assert len(rows) == 2
    assert "'=1+1" in {row["名称"] for row in rows}, "no program takes a text for a formula"
    assert world.client("stranger").get(f"{reverse('cases')}?format=csv").status_code == 200


def test_a_list_on_paper_and_as_a_file_says_its_filters(world: World) -> None:
    client, url = world.client("coordinator"), f"{reverse('cases')}?unit=sfj&state=open&sort=-opened"
    page = LexborHTMLParser(client.get(url).content.decode()).css_first("main #conditions")
    assert page is not None
    words = "单位（含下级）：县司法局；状态：在办。按开始日期（从大到小）排序。"
    assert words in " ".join(page.text().split())
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{url}&format=xlsx").streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["事项台账", "导出说明"]
    said = dict(book["导出说明"].iter_rows(values_only=True, max_col=2))
    assert (said["单位（含下级）"], said["状态"], said["排序"]) == (
        "县司法局",
        "在办",
        "开始日期（从大到小）",
    )


def test_a_register_comes_with_days_as_days_and_numbers_as_numbers_and_is_read_back(world: World) -> None:
    data = sample("learning_records", {"hours": 36.5, "score": 91, "starts": "2026-11-02"})
    PublishEntry(
        actor=None, organization=world.office, register="learning_records", data=data, on=TODAY
    ).execute()
    client, url = world.client("coordinator"), reverse("register", args=["learning_records"])
    page = client.get(f"{url}?cols=f_hours").content.decode()
    assert "36.5 学时" in page
    file = b"".join(client.get(f"{url}?format=xlsx").streaming_content)  # type: ignore[attr-defined]
    heads, row = list(load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True))
    said = dict(zip(heads, row, strict=True))
    assert (said["学时"], said["考试成绩（分）"]) == (36.5, 91)
    assert said["期间起"] == datetime(2026, 11, 2)
    given = StoreAttachment(actor=world.users["coordinator"], content=file, name="名录.xlsx").execute()
    assert {"data:hours", "data:score"} <= set(
        propose(target_of("register:learning_records"), stage(given, 0)).given
    )
