"""`yifa figure` as a person at the server calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import yifa
from tests.ledger.conftest import Town, own_folder, place
from yifa.cli import run
from yifa.ledger.actions import CorrectAct, DeclareNotCollected, OpenCase, RecordAct
from yifa.ledger.chain.exporting import export
from yifa.reporting.actions import BuildReport

__all__ = ["own_folder", "place"]

RECEIVED, RATE = "information_requests_received", "information_requests_on_time_rate"
PERIOD = ["--from", "2024-01-01", "--to", "2024-12-31"]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def busy(place: Town) -> Town:
    for day in (3, 4):
        place.answer(place.request(on=date(2024, day, 1)), on=date(2024, day, 9))
    return place


def written(folder: Path, capsys: Captured, rule: str = RECEIVED) -> tuple[Path, Path]:
    """A figure and the ledger as files."""
    capsys.readouterr()
    assert run(["figure", "show", rule, *PERIOD, "--json"]) == 0
    figure, ledger = folder / "figure.json", folder / "ledger.jsonl"
    figure.write_text(capsys.readouterr().out, encoding="utf-8")
    export(ledger)
    return figure, ledger


def test_list_finds_rules_by_a_word(place: Town, capsys: Captured) -> None:
    assert run(["figure", "list", "出庭应诉率", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found[0]["rule"] == "litigation_appearance_rate"
    assert run(["figure", "list", "绝无此词"]) == 0
    assert "没有符合的口径" in capsys.readouterr().err
    assert run(["figure", "list", "--kind", "litigation"]) == 0
    assert "litigations_heard" in capsys.readouterr().out


def test_show_tells_value_rule_records_and_digest(busy: Town, capsys: Captured) -> None:
    assert run(["figure", "show", RECEIVED, *PERIOD]) == 0
    told = capsys.readouterr().out
    for words in (
        "收到政府信息公开申请　2件",
        "2024-01-01 至 2024-12-31",
        "归入期间：",
        "2024-03-01",
        "SM3 ",
    ):
        assert words in told
    assert run(["figure", "show", RATE, *PERIOD]) == 0
    assert "分母　information_requests_answered　2件" in capsys.readouterr().out
    assert run(["figure", "show", RECEIVED, *PERIOD, "--organization", "示例镇人民政府"]) == 0
    assert "0件" in capsys.readouterr().out


def test_what_is_not_collected_says_so(busy: Town, capsys: Captured) -> None:
    DeclareNotCollected(
        actor=None,
        organization=busy.body,
        counting_rule=RECEIVED,
        valid_from=date(2024, 1, 1),
        reason="未建账",
    ).execute()
    assert run(["figure", "show", RECEIVED, *PERIOD]) == 0
    assert "数据未采集" in capsys.readouterr().out
    assert run(["figure", "show", RECEIVED, *PERIOD, "--json"]) == 0
    (figure,) = json.loads(capsys.readouterr().out)["figures"]
    assert (figure["status"], figure["value"]) == ("not_collected", None)


def test_wrong_calls_are_one_line_each(busy: Town, capsys: Captured) -> None:
    for arguments, words in (
        (["figure", "show", "nothing", *PERIOD], "nothing"),
        (["figure", "show", RECEIVED, "--from", "2024-12-31", "--to", "2024-01-01"], "截止日期早于起始日期"),
        (["figure", "show", RECEIVED, "--organization", "没有的局"], "没有的局"),
        (["figure", "restate", "nothing"], "nothing"),
    ):
        assert run(arguments) == 2, arguments
        told = capsys.readouterr().err
        assert words in told
        assert "Traceback" not in told


def test_restate_sets_versions_side_by_side(place: Town, capsys: Captured) -> None:
    for action, name in (("新制定", "甲办法"), ("废止", "关于废止乙办法的决定")):
        case = OpenCase(
            actor=None, organization=place.office, case_type="normative_document", act="initiate", on=date(2024, 5, 6),
            facts={"class": "部门规范性文件", "action": action}, entered="back", title=name,
        ).execute()  # fmt: skip
        RecordAct(actor=None, case=case, act="publish", on=date(2024, 9, 2), entered="back").execute()
    assert run(["figure", "restate", "normative_documents_published", *PERIOD]) == 0
    told = capsys.readouterr().out
    assert "第2版　今天的口径　1件" in told
    assert "第1版（截止日适用）　至2026-11-21　2件" in told
    assert "只按当时的口径计入：关于废止乙办法的决定" in told
    assert run(["figure", "restate", "normative_documents_published", *PERIOD, "--json"]) == 0
    now, then = json.loads(capsys.readouterr().out)["editions"]
    assert (now["value"], then["value"], then["only_then"]) == ("1", "2", ["关于废止乙办法的决定"])


def test_a_figure_is_proved_from_an_export(busy: Town, tmp_path: Path, capsys: Captured) -> None:
    for rule in (RECEIVED, RATE):
        figure, ledger = written(tmp_path, capsys, rule)
        assert run(["figure", "recompute", str(figure), "--ledger", str(ledger)]) == 0
        assert "与台账导出一致" in capsys.readouterr().out


def test_a_changed_digit_and_a_removed_record_are_told(busy: Town, tmp_path: Path, capsys: Captured) -> None:
    figure, ledger = written(tmp_path, capsys)
    said = json.loads(figure.read_text(encoding="utf-8"))
    said["figures"][0]["value"] = "3"
    figure.write_text(json.dumps(said), encoding="utf-8")
    assert run(["figure", "recompute", str(figure), "--ledger", str(ledger)]) == 1
    assert "文件写 3件，重算得 2件：数值不同，而记录集摘要相同" in capsys.readouterr().out

    figure, ledger = written(tmp_path, capsys)
    title = said["figures"][0]["records"][0]["title"]
    gone = said["figures"][0]["records"][0]["id"]
    lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    ledger.write_text("".join(line for line in lines if gone not in line), encoding="utf-8")
    assert run(["figure", "recompute", str(figure), "--ledger", str(ledger), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["figures"][0]["outcome"] == "different"
    assert found["figures"][0]["not_in_export"] == [said["figures"][0]["records"][0]["digest"]]
    assert found["faults"]
    assert run(["figure", "recompute", str(figure), "--ledger", str(ledger)]) == 1
    captured = capsys.readouterr()
    assert f"文件里有、重算没有：{title}" in captured.out
    assert "导出里没有这条记录" in captured.out
    assert "不完整" in captured.err


def test_only_some_figures_are_proved_when_asked(busy: Town, tmp_path: Path, capsys: Captured) -> None:
    figure, ledger = written(tmp_path, capsys, RATE)
    assert run(["figure", "recompute", str(figure), "--ledger", str(ledger), "--rule", "elsewhere"]) == 2
    assert "elsewhere" in capsys.readouterr().err
    part = "information_requests_answered"
    assert run(["figure", "recompute", str(figure), "--ledger", str(ledger), "--rule", part, "--json"]) == 0
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)["figures"]] == [part]


def test_recompute_needs_no_database(busy: Town, tmp_path: Path, capsys: Captured) -> None:
    """In a process of its own, with an empty data folder and a database that is not there."""
    figure, ledger = written(tmp_path, capsys)
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = os.environ | {"YIFA_DATA": str(empty), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    environment["PYTHONPATH"] = str(Path(yifa.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", "from yifa.cli import main; main()", "figure", "recompute", figure, "--ledger", ledger],
        env=environment, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "与台账导出一致" in done.stdout
    assert not [path for path in empty.iterdir() if path.suffix == ".sqlite3"]


def test_since_names_the_correction_behind_a_difference(busy: Town, capsys: Captured) -> None:
    call = ["figure", "since", "--year", "2024"]
    assert run(call) == 2
    assert "还没有2024年的这种报告" in capsys.readouterr().err
    BuildReport(actor=None, organization=busy.body, year=2024).execute()
    assert run(call) == 0
    assert "0 个与台账今天不同" in capsys.readouterr().err
    case = busy.office.cases.order_by("opened_on")[0]
    CorrectAct(
        actor=None, case=case, position=2, changes={"on": date(2025, 1, 8)}, reason="送达回证载明次年"
    ).execute()
    assert run(call) == 1
    told = capsys.readouterr().out
    assert "报告写 2件，台账今天是 1件" in told
    assert "日期改为2025-01-08；理由：送达回证载明次年" in told
    assert run([*call, "--json"]) == 1
    found = {one["rule"]: one for one in json.loads(capsys.readouterr().out)["figures"]}
    assert found["information_requests_answered"]["changes"][0]["later"][0]["reason"] == "送达回证载明次年"
