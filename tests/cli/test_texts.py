"""`yifa read` and `yifa check` as a person calls them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from yifa.cli import cli, run

BAD = """某县2023年法治政府建设情况报告

一、主要举措和成效
（一）规范行政执法。全县共办理行政处罚案件100件，其中环保领域行政处罚案件30件；住建领域行政处罚案件30件；城管领域行政处罚案件20件。
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(BAD, encoding="utf-8")
    return path


def test_read_prints_one_object_a_line(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(bad), str(bad), "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    value = json.loads(lines[0])
    assert value["year"] == 2023
    assert value["source"]["path"] == str(bad)
    assert [figure["value"] for figure in value["figures"]] == [100, 30, 30, 20]
    for figure in value["figures"]:
        start, end = figure["span"]
        assert value["text"][start:end] == figure["text"]


def test_check_exits_1_on_an_error_and_explains_the_sum(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(bad), "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    found = next(finding for finding in value["findings"] if finding["rule"] == "sum")
    assert found["evidence"]["whole"] == 100
    assert found["evidence"]["parts_sum"] == 80
    assert found["severity"] == "error"


def test_check_marks_the_place_for_people(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(bad)])
    shown = capsys.readouterr().out
    assert "错误" in shown
    assert "100件" in shown
    assert "（sum）" in shown


def test_a_bad_file_is_named_and_the_others_are_still_printed(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "空.txt"
    empty.touch()
    assert run(["read", str(empty), str(bad), "--json"]) == 2
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["source"] == str(empty)
    assert first["error"]["code"] == "empty"
    assert "空" in first["error"]["message"]
    assert second["year"] == 2023


def test_a_folder_stands_for_its_readable_files(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bad.parent / "图.png").write_bytes(b"\x89PNG")
    assert run(["read", str(bad.parent), "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_missing_file_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path / "没有.txt")]) == 2
    assert "没有.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "没有“chek”这个命令"),
        (["check"], "缺少"),
        (["check", "--jsn", "x"], "--json"),
        (["init", "--name", "某县", "--level", "city"], "county"),
        (["plan", "import", "x.txt", "--year", "二〇二〇"], "整数"),
        (["report", "build", "--year", "2020"], "--out"),
        (["gap", "list", "--on", "2025-02-30"], "--on 的值不对：须为日期"),
        (["import", "continue", "x"], "编号 的值不对"),
        (["serve", "--port", "99999"], "须为 1 至 65535 的整数"),
    ],
)
def test_a_wrong_call_is_one_chinese_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert "Traceback" not in shown
    assert "Error" not in shown


def every_command(command: click.Command, name: str = "yifa") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in command.list_commands(context):
            if (below := command.get_command(context, child)) is not None:
                yield from every_command(below, f"{name} {child}")


ENGLISH = re.compile(r"Usage|Options|Commands|Show this message|required|TEXT|INTEGER|PATH|RANGE|DATE|x[<>]=")


@pytest.mark.parametrize(("name", "command"), list(every_command(cli)))
def test_help_is_chinese(name: str, command: click.Command) -> None:
    text = command.get_help(command.context_class(command, info_name=name))
    assert text.startswith("用法：")
    assert not ENGLISH.findall(text)
