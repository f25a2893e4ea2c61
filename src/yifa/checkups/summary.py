"""The results of a batch as an Excel file: files × rules, all findings, files not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from yifa.checking.finding import Severity
from yifa.checkups.result import Checked, Reported, Result, Unread
from yifa.checkups.words import KINDS, advice, rule_title
from yifa.papers.sheets import Book, Column

FINDINGS = (
    Column("文件", 36), Column("题目", 36, wrap=True), Column("级别", 8), Column("规则", 20), Column("规则说明", 22, wrap=True),
    Column("问题", 60, wrap=True), Column("所在部分", 30, wrap=True), Column("核算", 40, wrap=True),
    Column("原文（【】内为所指之处）", 70, wrap=True), Column("依据", 30, wrap=True), Column("改法", 40, wrap=True),
)  # fmt: skip
UNREAD = (Column("文件", 48), Column("代码", 16), Column("原因和办法", 90, wrap=True))
FILES = (
    Column("文件", 36), Column("题目", 40), Column("单位", 24), Column("年度", 8), Column("类型", 12), Column("落款", 12),
    Column("字数", 10), Column("数字", 8), Column("修复", 8),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a file until the end."""

    path: str
    facts: tuple[str | int | date | None, ...]
    tally: dict[str, int]
    rules: dict[str, int]

    @property
    def rank(self) -> tuple[int, ...]:
        """Worst first."""
        return tuple(-self.tally[severity] for severity in Severity)


class Summary:
    """The Excel file of a batch; findings go to the disk as they come, of each file only its counts are kept."""

    def __init__(self, rules: Sequence[str]) -> None:
        self._rules = tuple(rules)
        self._book = Book()
        counts = [Column(severity.label, 8) for severity in Severity]
        heads = [Column(f"{rule_title(rule)}\n{rule}", 13) for rule in self._rules]
        self._files = self._book.sheet("文件与规则", [*FILES, *counts, *heads])
        self._findings = self._book.sheet("全部问题", FINDINGS)
        self._unread = self._book.sheet("没有读出的文件", UNREAD)
        self._standings: list[Standing] = []

    def add(self, result: Result) -> None:
        """One more file."""
        if isinstance(result, Unread):
            self._unread.append([result.path, result.code, result.message])
            return
        self._standings.append(_standing(result))
        for finding in result.findings:
            self._findings.append(_row(result, finding))

    def save(self, target: IO[bytes]) -> None:
        """Writes the file, the worst files first."""
        for standing in sorted(self._standings, key=lambda standing: standing.rank):
            counts = [standing.tally[severity] for severity in Severity]
            by_rule = [standing.rules.get(rule) for rule in self._rules]
            self._files.append([standing.path, *standing.facts, *counts, *by_rule])
        self._book.save(target)

    def discard(self) -> None:
        """Lets go of what was written when the file is not wanted any more."""
        self._book.discard()


def _standing(result: Checked) -> Standing:
    dated = date.fromisoformat(result.dated) if result.dated else None
    facts = (
        result.title, result.issuer, result.year, KINDS[result.kind], dated, result.characters, result.figures, result.repairs,
    )  # fmt: skip
    return Standing(
        result.path, facts, result.tally(), dict(Counter(finding.rule for finding in result.findings))
    )


def _row(result: Checked, finding: Reported) -> list[str | None]:
    places = [place.text for place in finding.places]
    if finding.more:
        places.append(f"另有 {finding.more} 处")
    return [
        result.path,
        result.title,
        Severity(finding.severity).label,
        finding.rule,
        rule_title(finding.rule),
        finding.message,
        finding.section,
        "\n".join(finding.reasons),
        "\n".join(places),
        finding.basis,
        advice(finding.rule),
    ]
