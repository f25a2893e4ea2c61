"""What `yifa check` and `yifa read` write, as a person at a terminal sees it."""

from __future__ import annotations

import io
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
import time_machine
from openpyxl import load_workbook

from tests.checkups.conftest import report
from yifa.checking import RULES
from yifa.cli import run
from yifa.reading import read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three reports, the second with a wrong sum, and a file without content."""
    found = tmp_path / "报告"
    found.mkdir()
    for number in range(3):
        (found / f"{number}.txt").write_text(report(number), encoding="utf-8")
    (found / "空.docx").touch()
    return found


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.replace("\n", "")


def test_the_table_at_the_end_has_the_worst_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(folder)]) == 2
    shown = capsys.readouterr()
    table = shown.out[shown.out.index("汇总") :]
    assert table.index("1.txt") < table.index("0.txt") < table.index("2.txt")
    assert "共 4 份：错误 1" in table
    assert "没有读出的 1 份" in table
    assert "31＋40＋20＝91" in shown.out[: shown.out.index("汇总")]
    assert "空.docx" in shown.err


def test_brief_is_the_table_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(folder), "--brief"])
    shown = capsys.readouterr().out
    assert "（sum）" not in shown
    assert "共 4 份" in shown


def test_the_workbook_has_files_findings_and_what_was_not_read(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "新" / "汇总.xlsx"
    assert run(["check", str(folder), "--brief", "--xlsx", str(path)]) == 2
    assert "表格写到" in said(capsys)
    book = load_workbook(path)
    assert book.sheetnames == ["文件与规则", "全部问题", "没有读出的文件"]
    files, findings, unread = (list(sheet.values) for sheet in book)
    heads = files[0]
    assert files[1][0] == str(folder / "1.txt")
    at = {str(head).splitlines()[-1]: column for column, head in enumerate(heads)}
    assert files[1][at["错误"]] == 1
    assert files[1][at["sum"]] == 1
    assert files[2][at["sum"]] is None
    assert set(at) >= {rule.id for rule in RULES}
    assert {type(row[at["年度"]]) for row in files[1:]} == {int}
    (wrong,) = [row for row in findings if row[3] == "sum"]
    assert wrong[2] == "错误"
    assert "【98件】" in wrong[8]
    assert "31＋40＋20＝91" in wrong[7]
    assert wrong[6] == "一、主要举措和成效 / （一）规范行政执法"
    assert [row[:2] for row in unread[1:]] == [(str(folder / "空.docx"), "empty")]
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)


def test_one_certificate_for_several_files(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "体检单.docx"
    run(["check", str(folder), "--brief", "--docx", str(path)])
    document = docx.Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert text.count("报告体检单") == 4
    assert "错误1处" in text
    assert "31＋40＋20＝91" in text
    assert "改法：查原始台账" in text
    assert "是空文件" in text
    assert "体检人：" in text
    assert any(read(folder / "1.txt").source.sha256 in cell for cell in cells)
    assert "石桥镇2023年法治政府建设情况报告" in cells
    breaks = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert len(breaks) == 3


def test_a_certificate_bears_the_day_in_china_whatever_the_machine_is_set_to(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
            run(["check", str(folder / "0.txt"), "--brief", "--docx", str(tmp_path / "一.docx")])
    finally:
        monkeypatch.undo()
        time.tzset()
    document = docx.Document(str(tmp_path / "一.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert "2026年3月2日" in text and "2026年3月1日" not in text


def test_a_folder_gets_one_certificate_each(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = folder / "下级"
    other.mkdir()
    (other / "0.txt").write_text(report(8), encoding="utf-8")
    assert run(["check", str(folder), "--brief", "--docx", str(tmp_path / "体检单")]) == 2
    names = {path.name for path in (tmp_path / "体检单").iterdir()}
    expected = {"0-体检单.docx", "0-体检单（2）.docx", "1-体检单.docx", "2-体检单.docx", "空-体检单.docx"}
    assert names == expected
    assert "5 份体检单" in said(capsys)


def test_only_what_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rules(*arguments: str) -> set[str]:
        run(["check", str(folder / "1.txt"), "--json", *arguments])
        return {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}

    assert rules() >= {"sum", "section.missing"}
    assert rules("--severity", "error") == {"sum"}
    assert rules("--rule", "section") == {"section.missing"}
    assert rules("--without", "sum") == rules() - {"sum"}
    assert rules("--rule", "sum", "--rule", "section.missing") == {"sum", "section.missing"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rule", "suum"], "没有“suum”这条规则"),
        (["--rule", "sum", "--without", "sum"], "一条规则也不剩"),
        (["--against", "没有.txt"], "没有这个文件"),
        (["--xlsx", "."], "这是一个文件夹"),
        (["--docx", "1.txt/体检单.docx"], "路径中有一段是文件"),
        (["--resume", "1.txt"], "不是体检的进度文件"),
        (["--jobs", "0"], "值不对"),
    ],
)
def test_a_wrong_call_is_said_before_any_work(
    arguments: list[str],
    words: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    before = (folder / "1.txt").read_bytes()
    assert run(["check", "1.txt", *arguments]) == 2
    shown = capsys.readouterr()
    assert words in shown.err.replace("\n", "")
    assert shown.out == ""
    assert (folder / "1.txt").read_bytes() == before


def test_too_many_certificates_for_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(tmp_path / f"{number}.txt") for number in range(101)]
    assert run(["check", *paths, "--docx", str(tmp_path / "一份.docx")]) == 2
    assert "指向一个文件夹" in said(capsys)


def test_a_second_text_to_compare_with(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "我县坚持把解决群众身边的烦心事作为推进依法行政的落脚点，在七个乡镇设立流动受理点，逢集必到，当场登记，限时回复。"
    last, this = tmp_path / "上年.txt", tmp_path / "今年.txt"
    last.write_text(report(0).replace("2023", "2022") + line, encoding="utf-8")
    this.write_text(report(0) + line, encoding="utf-8")
    run(["check", str(this), "--json"])
    alone = json.loads(capsys.readouterr().out)["findings"]
    run(["check", str(this), "--json", "--against", str(last)])
    beside = json.loads(capsys.readouterr().out)["findings"]
    assert "likeness.copied" in {finding["rule"] for finding in beside} - {
        finding["rule"] for finding in alone
    }


def test_files_of_a_batch_are_set_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        f"围绕第{n}项工作，我们走村入户{n + 3}次，收集意见建议{n + 20}条，逐条答复并在村务公开栏公布办理结果，"
        "群众看得见、问得着、说得上。\n"
        for n in range(12)
    ]
    for name, place in (("甲", "柳坝县"), ("乙", "白沙县")):
        head = f"{place}2023年法治政府建设情况报告\n一、主要举措和成效\n"
        (tmp_path / f"{name}.txt").write_text(head + "".join(lines), encoding="utf-8")
    (tmp_path / "丙.txt").write_text(report(3), encoding="utf-8")
    run(["check", str(tmp_path), "--json", "--likeness", "--rule", "likeness"])
    values = {
        Path(v["source"]["path"]).stem: v for v in map(json.loads, capsys.readouterr().out.splitlines())
    }
    assert {name: bool(value["findings"]) for name, value in values.items()} == {
        "甲": True,
        "乙": True,
        "丙": False,
    }


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(1).encode())))
    assert run(["check", "-", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["source"]["path"] == "标准输入"
    assert value["source"]["format"] == "txt"


def test_a_resumed_run_prints_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = tmp_path / "进度.jsonl"
    outputs = []
    for _ in range(2):
        assert run(["check", str(folder), "--json", "--resume", str(journal)]) == 2
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert journal.read_bytes().count(b"\n") == 4


def test_workers_print_what_one_process_prints(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for jobs in ([], ["--jobs", "2"]):
        assert run(["check", str(folder), "--json", *jobs]) == 2
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_read_writes_the_figures_as_numbers(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "数字.xlsx"
    assert run(["read", str(folder), "--xlsx", str(path)]) == 2
    book = load_workbook(path)
    assert book.sheetnames == ["数字", "任务", "指标", "引用", "没有读出的文件"]
    rows = [dict(zip(next(book["数字"].values), row, strict=True)) for row in list(book["数字"].values)[1:]]
    first = next(row for row in rows if row["原文"] == "98件")
    assert (first["数值"], first["单位"], first["确切程度"], first["年度"]) == (98, "件", "确数", 2023)
    assert "行政处罚案件98件" in first["所在的句子"]
    assert len(list(book["没有读出的文件"].values)) == 2


def test_without_ray_the_way_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(["check", str(folder), "--ray", "auto"]) == 2
    assert "tools/setup.py --cluster" in said(capsys)
