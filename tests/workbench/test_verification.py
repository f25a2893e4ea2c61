"""The verification page says what does not hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from tests.workbench.conftest import World
from yifa.ledger.models import Record
from yifa.ledger.proof import verifying


def test_sound_ledger(world: World) -> None:
    response = world.client("auditor").post(reverse("verification"), follow=True)
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
    response = world.client("auditor").post(reverse("verification"), follow=True)
    text = response.content.decode()
    assert "对不上" in text
    assert world.case.title in text


def test_a_long_ledger_is_verified_apart_while_the_page_shows_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(verifying, "AT_ONCE", 1)
    monkeypatch.setattr(verifying, "run_apart", lambda *command: begun.append(command))
    client, url = world.client("auditor"), reverse("verification")
    text = client.post(url, follow=True).content.decode()
    total = Record.objects.count()
    assert f"正在核验</strong>：0 / {total:,} 条记录" in text
    assert 'hx-trigger="every 2s"' in text
    client.post(url)
    assert begun == [("ledger", "verify", "--keep")]  # one at a time
    seen: list[tuple[int, int]] = []

    def watch(done: int, of: int) -> None:
        going = verifying.under_way()
        assert going is not None
        seen.append((going.done, going.total))

    assert verifying.run(watch).faults == ()  # what the command does
    assert seen[-1] == (total, total)
    text = client.get(url).content.decode()
    assert "台账完好" in text
    assert "every 2s" not in text


def test_a_verification_that_was_ended_can_be_begun_anew(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE", 1)
    monkeypatch.setattr(verifying, "run_apart", lambda *_: None)
    verifying.begin()
    assert verifying.under_way() is not None
    os.utime(tmp_path / "verification" / "going", (0, 0))  # nothing moved since long ago
    assert verifying.under_way() is None
    assert "进程中途停了" in world.client("auditor").get(reverse("verification")).content.decode()


def test_a_run_that_ends_in_an_error_is_told_beside_the_earlier_result(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client, url = world.client("auditor"), reverse("verification")
    client.post(url)
    with monkeypatch.context() as patched:
        patched.setattr(verifying, "verify", _breaks)
        text = client.post(url, follow=True).content.decode()
    assert "的核验没有做完" in text
    assert "磁盘已满，没有写成" in text
    assert "台账完好" in text  # the earlier one, said to be that
    assert "此前一次做完的结果" in text
    assert "没有做完" not in client.post(url, follow=True).content.decode()


def _breaks(_: object) -> None:
    raise OSError(28, "No space left on device")
