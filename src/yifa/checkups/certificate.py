"""The certificate of a check-up (报告体检单) as a Word file: what was checked, by which rules, what was found, how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path, PurePath

from yifa.checking.finding import Severity
from yifa.checkups.order import edition
from yifa.checkups.result import Checked, Place, Reported, Result, Unread
from yifa.checkups.words import FORMATS, KINDS, REPAIRS, advice, rule_title
from yifa.law.phrases import day
from yifa.papers.word import Marked, OfficialPaper

TITLE = "报告体检单"
NUMERALS = "一二三四五六七八九十"
MOST = 100  # certificates in one Word file


def write_certificate(results: Iterable[Result], path: Path, rules: Sequence[str], today: date) -> None:
    """One Word file with the certificate of each file, each on a new page. Raises WritingError."""
    paper = OfficialPaper(TITLE, "依法（Yifa）")
    for index, result in enumerate(results):
        paper.title(TITLE, new_page=index > 0)
        if isinstance(result, Unread):
            _unread(paper, result)
        else:
            _certificate(paper, result, rules)
        paper.blanks("体检人", "复核人")
        paper.day(day(today))
    paper.save(path)


def file_name(result: Result, taken: set[str]) -> str:
    """The name of a file's own certificate; one that is taken gets a number."""
    stem = PurePath(result.path).stem[:60] or "文件"
    name, number = f"{stem}-体检单.docx", 1
    while name in taken:
        number += 1
        name = f"{stem}-体检单（{number}）.docx"
    taken.add(name)
    return name


def _unread(paper: OfficialPaper, result: Unread) -> None:
    paper.table([["文件", PurePath(result.path).name], ["结果", "没有读出"]], (1, 5), heads=False)
    paper.paragraph(result.message)


def _certificate(paper: OfficialPaper, result: Checked, rules: Sequence[str]) -> None:
    paper.table(_facts(result, rules), (1, 2.4, 1, 2.4), heads=False)
    sections: list[tuple[str, Callable[[], None]]] = [
        ("体检结论", lambda: paper.paragraph(_conclusion(result)))
    ]
    if result.findings:
        sections.append(("发现的问题", lambda: _findings(paper, result)))
    if result.repairs:
        sections.append(("读取时作过的修复", lambda: _mended(paper, result)))
    sections.append(("运行的规则", lambda: paper.paragraph("；".join(map(rule_title, rules)) + "。")))
    for numeral, (title, write) in zip(NUMERALS, sections, strict=False):
        paper.heading(1, f"{numeral}、{title}")
        write()


def _facts(result: Checked, rules: Sequence[str]) -> list[list[str]]:
    year = f"{result.year}年" if result.year else "不明"
    kind = KINDS[result.kind] if result.kind != "other" else f"其他：{result.kind_reason}"
    return [
        ["文件", PurePath(result.path).name],
        ["摘要", f"SHA-256　{result.sha256}"],
        ["题目", result.title or "未见"],
        ["单位", result.issuer or "不明", "年度", year],
        ["类型", kind, "落款", result.dated or "未见"],
        [
            "格式",
            FORMATS.get(result.format, result.format),
            "篇幅",
            f"{result.characters}字，{result.figures}个数字",
        ],
        ["规则", f"{len(rules)}条，名目见后", "版本", edition()],
    ]


def _conclusion(result: Checked) -> str:
    tally = result.tally()
    limit = "体检由程序按规则完成，只说明查到了什么，不代替人工审核。"
    if not result.findings:
        return f"运行的规则没有发现问题。{limit}"
    counts = "、".join(f"{severity.label}{tally[severity]}处" for severity in Severity if tally[severity])
    return f"发现{counts}。{limit}"


def _findings(paper: OfficialPaper, result: Checked) -> None:
    present = [severity for severity in Severity if result.tally()[severity]]
    for numeral, severity in zip(NUMERALS, present, strict=False):
        paper.heading(2, f"（{numeral}）{severity.label}")
        found = (finding for finding in result.findings if finding.severity == severity)
        for number, finding in enumerate(found, 1):
            _finding(paper, number, finding)


def _finding(paper: OfficialPaper, number: int, finding: Reported) -> None:
    paper.heading(3, f"{number}.{finding.message}")
    for place in finding.places:
        paper.paragraph("原文：", *_quoted(place))
    if finding.more:
        paper.paragraph(f"另有{finding.more}处，不一一列出。")
    for label, text in (
        ("所在部分", finding.section),
        ("核算", "；".join(finding.reasons)),
        ("依据", finding.basis),
        ("改法", advice(finding.rule)),
    ):
        if text:
            paper.paragraph(f"{label}：{text}")


def _quoted(place: Place) -> tuple[str | Marked, ...]:
    return f"“{place.before}", Marked(place.marked), f"{place.after}”"


def _mended(paper: OfficialPaper, result: Checked) -> None:
    rows = [["类别", "原来", "改为"]]
    rows += [
        [REPAIRS.get(item.kind, item.kind), item.before, item.after or "（删去）"] for item in result.mended
    ]
    paper.table(rows, (1, 2, 2))
    if result.repairs > len(result.mended):
        paper.paragraph(f"共{result.repairs}处，以上列出前{len(result.mended)}处。")
