"""`yifa import file`: what it leaves behind where a list cannot be read, and by what it knows a thing again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.county import County
from yifa.cli import run
from yifa.exchange.models import Import

LIST = "工单编号,诉求内容,受理时间\nRX001,路灯不亮,2026-11-02\nRX002,井盖破损,2026-11-03\n"
NAMELESS = "备注,经办\n甲,乙\n"


@pytest.fixture
def path(tmp_path: Path, settings: LazySettings, county: County) -> Path:
    settings.IMPORT_APART = 10**9  # put back afterwards: the command sets it
    return tmp_path / f"{county.body.name}工单.csv"


def bring(path: Path, text: str, *more: str) -> int:
    path.write_text(text, encoding="utf-8")
    return run(["import", "file", str(path), "--to", "热线和网上诉求工单", *more])


def test_a_list_that_cannot_be_read_leaves_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring(path, NAMELESS) == 2
    shown = capsys.readouterr()
    assert "还没有指明" in shown.err
    for option in ("--unit", "--set", "--mapping"):
        assert option in shown.err
    assert "待核对" not in shown.out
    assert not Import.objects.exists()


def test_known_again_by_what_is_named(path: Path, county: County, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--unit", county.body.name, "--set", "诉求渠道=12345热线")
    assert bring(path, LIST, *given, "--key", "天气") == 2
    assert "不能凭“天气”认出同一件，这张表可用：" in capsys.readouterr().err
    assert not Import.objects.exists()
    for more in ((), ("--key", "诉求事项", "--key", "受理登记日期")):
        assert bring(path, LIST, *given, *more) == 0
    by_itself, named = sorted((one.mapping["keys"] for one in Import.objects.all()), key=len)
    assert len(by_itself) == 1
    assert len(named) == 2
    assert by_itself[0] not in named


def test_what_is_only_checked_stands_in_no_list(
    path: Path, county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--unit", county.body.name, "--set", "诉求渠道=12345热线", "--check")
    assert bring(path, LIST, *given) == 0
    assert "新增 2 行" in capsys.readouterr().err
    assert bring(path, LIST, *given, "--json") == 0
    assert '"import": null' in capsys.readouterr().out
    assert not Import.objects.exists()
