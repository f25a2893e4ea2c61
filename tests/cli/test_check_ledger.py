"""`yifa check --ledger`: the report's figures beside those of the ledger."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.ledger.conftest import Town, own_folder, place
from yifa.cli import run

__all__ = ["own_folder", "place"]  # fixtures of the ledger's tests

TEXT = (
    "澜亭县人民政府2024年度法治政府建设情况报告\n\n现将2024年度法治政府建设情况报告如下：\n一、政务公开\n"
    "全年收到政府信息公开申请{}件。\n二、存在的问题\n公开的内容还不够全面。\n澜亭县人民政府\n2025年1月20日\n"
)


@pytest.fixture
def report(place: Town, tmp_path: Path) -> Path:
    place.request(on=date(2024, 3, 4))
    place.request(on=date(2024, 5, 6))
    path = tmp_path / "报告.txt"
    path.write_text(TEXT.format(5), encoding="utf-8")
    return path


def test_a_difference_is_a_finding_and_a_row(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(report), "--ledger", "--json"])
    found = {finding["rule"]: finding for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert found["ledger.differs"]["evidence"]["counted"] == 2
    run(["check", str(report), "--ledger"])
    shown = capsys.readouterr().out
    assert "不一致" in shown
    assert "+3" in shown
    run(["check", str(report)])
    assert "ledger.differs" not in capsys.readouterr().out


def test_what_agrees_is_a_row_and_no_finding(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_text(TEXT.format(2), encoding="utf-8")
    run(["check", str(report), "--ledger"])
    shown = capsys.readouterr().out
    assert "一致" in shown
    assert "不一致" not in shown
    assert "ledger.differs" not in shown


def test_a_unit_that_is_not_there_and_a_report_of_somebody_else(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(report), "--ledger", "天宫"]) == 2
    assert "没有名为“天宫”的单位" in capsys.readouterr().err.replace("\n", "")
    report.write_text(TEXT.format(2).replace("澜亭县", "白沙县"), encoding="utf-8")
    run(["check", str(report), "--ledger"])
    shown = capsys.readouterr()
    assert "没有与台账比对" in shown.err.replace("\n", "")
    assert "白沙县" in shown.out
