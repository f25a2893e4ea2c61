"""What goes back to a unit with its report: the findings and the differing figures, as a Word paper or as Excel sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yifa.law.phrases import day
from yifa.papers.sheets import Book, Column
from yifa.papers.word import OfficialPaper
from yifa.papers.writing import written_whole
from yifa.reporting.models import Delivery

SEVERITIES = {"error": "错误", "warning": "提醒", "notice": "提示"}
VERDICTS = {"agrees": "一致", "differs": "不一致", "neighbour": "口径相近，供参考", "uncounted": "台账没有"}
MOST_ROWS = 300  # in the Word paper; the sheets have all
FINDING_COLUMNS = (
    Column("序号", 6), Column("程度", 8), Column("问题", 24, wrap=True), Column("说明", 60, wrap=True),
    Column("原文", 50, wrap=True), Column("依据", 30, wrap=True),
)  # fmt: skip
COMPARED_COLUMNS = (
    Column("报告中的数", 30, wrap=True), Column("报告", 12), Column("台账", 12), Column("计量单位", 10),
    Column("相差", 12), Column("结果", 18), Column("台账口径", 30, wrap=True), Column("单位", 26), Column("记录", 8),
)  # fmt: skip


def write_word(delivery: Delivery, path: Path) -> None:
    """The paper that goes back (.docx). Raises WritingError."""
    incoming = delivery.incoming
    body = incoming.unit.parent
    assert body is not None  # noqa: S101  # only units below a body hand in
    word = OfficialPaper(f"{delivery.title}审核意见", body.name)
    word.title(f"关于{incoming.unit.name}{incoming.year}年度报告的审核意见")
    word.addressee(incoming.unit.name)
    word.paragraph(
        f"{day(delivery.received_on)}收到你单位报送的“{delivery.title}”（第{delivery.number}稿，"
        f"文件“{delivery.name}”），经逐条核对，有错误{delivery.errors}处、提醒{delivery.warnings}处，"
        f"与台账不一致的数字{delivery.differing}个。"
    )
    if delivery.words:
        word.paragraph(f"{delivery.get_decision_display()}：{delivery.words}")
    for remark in delivery.remarks:
        word.paragraph(remark)
    rows = list(_findings(delivery))
    if rows:
        word.heading(1, "一、逐条意见")
        shown = [(str(row[0]), row[1], row[3], row[4] or "—") for row in rows[:MOST_ROWS]]
        word.table([("序号", "程度", "说明", "原文"), *shown], (1, 1.1, 6, 4), centred=(0, 1))
    differing = [row for row in _compared(delivery) if row[5] == VERDICTS["differs"]]
    if differing:
        word.heading(1, f"{'二' if rows else '一'}、与台账不一致的数字")
        shown_figures = [
            (row[0], f"{row[1]}", f"{row[2]}{row[3]}", f"{row[4]}", row[6]) for row in differing[:MOST_ROWS]
        ]
        head = ("报告中的数", "报告", "台账", "相差", "台账口径")
        word.table([head, *shown_figures], (4, 1.6, 1.6, 1.4, 4), centred=(1, 2, 3))
    word.signature(body.name, day(delivery.decided_on or delivery.received_on))
    word.save(path)


def write_excel(delivery: Delivery, path: Path) -> None:
    """The same as sheets (.xlsx). Raises WritingError."""
    book = Book()
    try:
        findings = book.sheet("意见", FINDING_COLUMNS)
        for remark in delivery.remarks:
            findings.append(("", "核对", "", remark, "", ""))
        for row in _findings(delivery):
            findings.append(row)
        compared = book.sheet("与台账比对", COMPARED_COLUMNS)
        for line in _compared(delivery):
            compared.append(line)
    except BaseException:
        book.discard()
        raise
    with written_whole(path) as draft, draft.open("wb") as target:
        book.save(target)


def _findings(delivery: Delivery) -> Iterator[Sequence[Any]]:
    for number, one in enumerate(delivery.findings, 1):
        severity = SEVERITIES.get(one["severity"], "")
        yield number, severity, one["title"], one["message"], one["words"], one["basis"]


def _compared(delivery: Delivery) -> Iterator[Sequence[Any]]:
    for one in delivery.compared:
        yield (
            one["subject"],
            one["reported"],
            "—" if one["counted"] is None else one["counted"],
            one["unit"],
            one["difference"] or "",
            VERDICTS.get(one["verdict"], ""),
            one["title"],
            one["organization"],
            one["records"],
        )
