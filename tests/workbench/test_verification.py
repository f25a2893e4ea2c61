"""The verification page says what does not hold."""

from __future__ import annotations

from django.db import connection
from django.urls import reverse

from tests.workbench.conftest import World


def test_sound_ledger(world: World) -> None:
    response = world.client("auditor").post(reverse("verification"))
    assert "台账完好" in response.content.decode()
    page = world.client("officer").get(reverse("case", args=[world.case.pk])).content.decode()
    assert "完好：2 条记录逐条重算" in page


def test_one_changed_byte_names_the_case(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_record SET payload = REPLACE(payload, '甲某', '乙某') WHERE subject_id = %s",
            [world.case.pk.hex if connection.vendor == "sqlite" else world.case.pk],
        )
    page = world.client("officer").get(reverse("case", args=[world.case.pk])).content.decode()
    assert "与所存摘要不符" in page
    response = world.client("auditor").post(reverse("verification"))
    text = response.content.decode()
    assert "对不上" in text
    assert world.case.title in text
