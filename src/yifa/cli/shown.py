"""How `yifa read` and `yifa check` look on a terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from yifa.checking.finding import Severity
from yifa.checkups.result import Checked, Place, Reported, Result, Unread
from yifa.checkups.words import APPROXIMATIONS, FORMATS, KINDS, PROMISED
from yifa.cli.chinese import complain, out, printable, say

STYLES = {"error": "bold red", "warning": "yellow", "notice": "cyan"}
PLACES = 3  # shown of one finding
ROOM = 40  # characters on each side of a place
MARKED = 80  # characters of the place itself
ROWS = 50  # of the table at the end


def say_misnamed(result: Checked) -> None:
    """A file is read by its content; say so where its name promises another."""
    suffix = Path(result.path).suffix.lower()
    if PROMISED.get(suffix, result.format) != result.format:
        name = FORMATS.get(result.format, result.format)
        say(f"提示：{result.path} 的扩展名是 {suffix}，内容却是{name}，已按内容读取。")


class Findings:
    """Each file's findings with their places, and the table at the end; `brief` is the table alone."""

    def __init__(self, *, brief: bool) -> None:
        self._brief = brief
        self._rows: list[tuple[tuple[int, ...], str, str]] = []
        self._unread = 0

    def add(self, result: Result) -> None:
        """One file."""
        if isinstance(result, Unread):
            self._unread += 1
            complain(f"{result.path}：{result.message}")
            return
        say_misnamed(result)
        counts = tuple(result.tally().values())
        self._rows.append((counts, result.path, result.title or ""))
        if not self._brief:
            _heading(result)
            _findings(result)

    def finish(self) -> None:
        """The table of a batch, worst first."""
        files = len(self._rows) + self._unread
        if files < 2:
            return
        table = Table(title="汇总", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
        table.add_column("文件", overflow="fold")
        for severity in Severity:
            table.add_column(severity.label, justify="right", style=STYLES[severity])
        table.add_column("题目", overflow="fold", style="dim")
        worst = sorted(self._rows, key=lambda row: tuple(-count for count in row[0]))
        folder = _common_folder([path for _, path, _ in self._rows])
        for counts, path, title in worst[:ROWS]:
            table.add_row(
                Text(printable(path.removeprefix(folder))),
                *(str(count or "") for count in counts),
                Text(printable(title)),
            )
        out.print()
        out.print(table)
        if len(worst) > ROWS:
            out.print(f"另有 {len(worst) - ROWS} 份，全部结果可用 --xlsx 写成表格。", style="dim")
        sums = [sum(counts[index] for counts, _, _ in self._rows) for index in range(len(Severity))]
        said = "，".join(f"{severity.label} {count}" for severity, count in zip(Severity, sums, strict=True))
        clean = sum(not any(counts) for counts, _, _ in self._rows)
        out.print(f"共 {files} 份：{said}；没有问题的 {clean} 份，没有读出的 {self._unread} 份。")

    def abandon(self) -> None:
        """Nothing to undo."""


def _common_folder(paths: list[str]) -> str:
    """The folder that all paths share, with its slash; "" where they share none."""
    try:
        shared = os.path.commonpath([os.path.dirname(path) for path in paths])  # noqa: PTH120 - as they were given
    except ValueError:  # some absolute, some not
        return ""
    return f"{shared}{os.sep}" if shared else ""


def _heading(result: Checked) -> None:
    out.print()
    out.print(
        Text(printable(result.title or "（未见标题）"), style="bold"),
        Text(printable(result.path), style="dim"),
    )
    facts = [KINDS[result.kind], printable(result.issuer or "发文单位不明")]
    facts.append(f"{result.year} 年" if result.year else "年度不明")
    if result.dated:
        facts.append(f"落款 {result.dated}")
    out.print(Text("　".join(facts)))
    if result.kind == "other":
        out.print(Text(result.kind_reason, style="dim"))


def _findings(result: Checked) -> None:
    if not result.findings:
        out.print(Text("未发现问题。", style="green"))
        return
    for finding in result.findings:
        _finding(finding)
    out.print("合计：" + "，".join(f"{Severity(key).label} {count}" for key, count in result.tally().items()))


def _finding(finding: Reported) -> None:
    style = STYLES[finding.severity]
    label = Text(f"{Severity(finding.severity).label} ", style=style)
    out.print(label, Text(printable(finding.message)), Text(f"（{finding.rule}）", style="dim"))
    for reason in finding.reasons:
        out.print(Text(f"      {printable(reason)}"))
    if finding.basis:
        out.print(Text(f"      依据：{finding.basis}", style="dim"))
    for place in finding.places[:PLACES]:
        out.print(_place(place, style))
    hidden = finding.more + len(finding.places[PLACES:])
    if hidden:
        out.print(Text(f"      另有 {hidden} 处", style="dim"))


def _place(place: Place, style: str) -> Text:
    marked, after = place.marked, place.after[:ROOM]
    if len(marked) > MARKED:
        marked, after = f"{marked[:MARKED]}…", ""
    line = Text("      ").append(printable(place.before[-ROOM:]), "dim")
    return line.append(printable(marked), f"{style} underline").append(printable(after), "dim")


class Readings:
    """What was read in each file."""

    def add(self, result: Result) -> None:
        """One file."""
        if isinstance(result, Unread):
            complain(f"{result.path}：{result.message}")
            return
        say_misnamed(result)
        _heading(result)
        value = json.loads(result.whole or "{}")
        _outline(value["outline"])
        counted = {
            "figures": "数字", "tasks": "任务", "targets": "指标要求", "citations": "引用", "repairs": "修复",
        }  # fmt: skip
        out.print("　".join(f"{name} {len(value[key])}" for key, name in counted.items()))
        for figure in value["figures"]:
            exact = "" if figure["approx"] == "exact" else f"（{APPROXIMATIONS[figure['approx']]}）"
            beside = Text(f"{figure['subject']}{exact}　{figure['section']}", style="dim")
            out.print(Text(f"  {figure['text']}", style="bold"), beside)
        for target in value["targets"]:
            line = f"  指标 {target['compare']}{target['value']:g}{target['unit']} {target['subject']}"
            out.print(Text(line), Text("、".join(target["who"])))

    def finish(self) -> None:
        """Nothing more."""

    def abandon(self) -> None:
        """Nothing to undo."""


def _outline(headings: Sequence[dict[str, Any]]) -> None:
    if not headings:
        return
    tree = Tree("层次")

    def grow(branch: Tree, heading: dict[str, Any]) -> None:
        node = branch.add(Text(f"{heading['number']}{heading['title']}"))
        for child in heading["children"]:
            grow(node, child)

    for heading in headings:
        grow(tree, heading)
    out.print(tree)
