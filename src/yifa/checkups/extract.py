"""What was read in many files as an Excel file: figures, tasks, targets, citations, files not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import IO, Any

from yifa.checking.excerpt import excerpt
from yifa.checkups.result import Result, Unread
from yifa.checkups.words import APPROXIMATIONS
from yifa.papers.sheets import Book, Column

_FILE = (Column("文件", 36), Column("题目", 36, wrap=True), Column("年度", 8))
FIGURES = (
    *_FILE, Column("所在部分", 12), Column("对象", 36, wrap=True), Column("数值", 14), Column("单位", 10), Column("确切程度", 10),
    Column("原文", 16), Column("所在的句子", 80, wrap=True),
)  # fmt: skip
TASKS = (
    *_FILE, Column("序号", 8), Column("任务", 40, wrap=True), Column("牵头单位", 24, wrap=True),
    Column("配合单位", 30, wrap=True), Column("时限", 12), Column("原文", 80, wrap=True),
)  # fmt: skip
TARGETS = (
    *_FILE, Column("对象", 36, wrap=True), Column("要求", 8), Column("数值", 12), Column("单位", 10), Column("每", 8),
    Column("责任单位", 30, wrap=True), Column("原文", 40, wrap=True),
)  # fmt: skip
CITATIONS = (
    *_FILE,
    Column("文件或法律", 50, wrap=True),
    Column("文号", 24),
    Column("效力", 14),
    Column("按此日判断", 12),
)
UNREAD = (Column("文件", 48), Column("代码", 16), Column("原因和办法", 90, wrap=True))
PERIODS = {"year": "年", "quarter": "季度", "month": "月", "week": "周"}
STATES = {
    "in_force": "有效", "not_yet": "尚未施行", "revised_since": "以后修订", "repealed": "已废止", "unknown": "目录未收",
}  # fmt: skip


class Extract:
    """The Excel file; rows go to the disk as they come. Takes results that carry the whole object."""

    def __init__(self) -> None:
        self._book = Book()
        self._figures = self._book.sheet("数字", FIGURES)
        self._tasks = self._book.sheet("任务", TASKS)
        self._targets = self._book.sheet("指标", TARGETS)
        self._citations = self._book.sheet("引用", CITATIONS)
        self._unread = self._book.sheet("没有读出的文件", UNREAD)

    def add(self, result: Result) -> None:
        """One more file."""
        if isinstance(result, Unread):
            self._unread.append([result.path, result.code, result.message])
            return
        value: Mapping[str, Any] = json.loads(result.whole or "{}")
        file = [result.path, result.title, result.year]
        for figure in value["figures"]:
            approx = APPROXIMATIONS[figure["approx"]]
            self._figures.append(
                [*file, figure["section"], figure["subject"], figure["value"], figure["unit"], approx, figure["text"],
                 "".join(excerpt(value["text"], tuple(figure["span"])))]
            )  # fmt: skip
        for task in value["tasks"]:
            self._tasks.append(
                [
                    *file,
                    task["number"],
                    task["title"],
                    task["lead"],
                    task["support"],
                    _day(task["due"]),
                    task["text"],
                ]
            )
        for target in value["targets"]:
            per = PERIODS.get(target["per"] or "")
            self._targets.append(
                [*file, target["subject"], target["compare"], target["value"], target["unit"], per, target["who"], target["text"]]
            )  # fmt: skip
        for citation in value["citations"]:
            state = STATES.get(citation["status"], citation["status"])
            self._citations.append(
                [*file, citation["title"], citation["number"], state, _day(citation["as_of"])]
            )

    def save(self, target: IO[bytes]) -> None:
        """Writes the file."""
        self._book.save(target)

    def discard(self) -> None:
        """Lets go of what was written when the file is not wanted any more."""
        self._book.discard()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
