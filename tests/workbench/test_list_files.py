"""Lists as files for other programs."""

from __future__ import annotations

import csv
import io
from typing import cast

from django.http import StreamingHttpResponse
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World, request_for


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
    words = "单位（含下级）：县司法局；状态：在办。按立案日期（从大到小）排序。"
    assert words in " ".join(page.text().split())
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{url}&format=xlsx").streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["事项台账", "导出说明"]
    said = dict(book["导出说明"].iter_rows(values_only=True, max_col=2))
    assert (said["单位（含下级）"], said["状态"], said["排序"]) == (
        "县司法局",
        "在办",
        "立案日期（从大到小）",
    )
