"""Lists as files for other programs."""

from __future__ import annotations

import csv
import io
from typing import cast

from django.http import StreamingHttpResponse
from django.urls import reverse

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
