"""What a person should look at in a draft that was read of running text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yifa.planning.importing.draft import Doubt, DraftChapter, DraftItem, Line, Role
from yifa.planning.importing.numbering import Numbered, doubts_of_numbers
from yifa.reading.document import Document, Heading

LABEL = re.compile(
    r"[（(]?(?:牵头|责任|配合|主办|协办|落实|完成|办结|承办|分管|联系|参与|协同|参加)[\u4e00-\u9fff]{0,6}[:：]|[（(]\d+[)）]|\d+[)）]"
)
FEW = 5  # one item in so many may have further paragraphs for them to be odd


def doubts_on_numbers(
    items: Sequence[DraftItem],
    chapters: Sequence[tuple[DraftChapter, Heading]],
    equals: Mapping[int, int],
) -> list[Doubt]:
    """Numbers that are missing or stand twice."""
    own = [
        Numbered(item.number, item.title, item.span[0], item.chapter, equals.get(item.span[0]))
        for item in items
    ]
    above = [Numbered(chapter.number, chapter.title, chapter.start) for chapter, _ in chapters]
    flat = {item.number for item in items} and any(item.chapter is None for item in items) and bool(above)
    return [*doubts_of_numbers(above, "章"), *([] if flat else doubts_of_numbers(own))]


def doubts_on_items(items: Sequence[DraftItem]) -> list[Doubt]:
    """Items without a unit or a day, and items of more paragraphs than the others."""
    found = []
    for item in items:
        where = f"{item.number}{item.title[:16]}"
        if not item.lead:
            what = (
                f"原文只提到{'、'.join(item.units[:4])}，没有写由谁牵头"
                if item.units
                else "原文没有写责任单位"
            )
            found.append(Doubt("unit", where, f"{what}，导入后须指定。", item.span[0]))
        if item.due is None:
            words = f"“{item.due_words}”不是确定的日期" if item.due_words else "原文没有写完成时限"
            found.append(Doubt("due", where, f"{words}，导入后须设定。", item.span[0]))
    longer = [item for item in items if _further(item)]
    if longer and len(longer) * FEW <= max(len(items), FEW):
        found += [
            Doubt(
                "text",
                f"{item.number}{item.title[:16]}",
                f"下面还有{len(_further(item))}段没有编号的文字，随这一项保存；若是另一项任务，请在下表中改选。",
                item.span[0],
            )
            for item in longer
        ]
    return found


def _further(item: DraftItem) -> list[str]:
    """The paragraphs behind an item's first that are neither units nor sub-items."""
    return [line for line in item.text.split("\n")[1:] if line.strip() and not LABEL.match(line.strip())]


def doubts_on_left(
    document: Document, lines: Sequence[Line], items: Sequence[DraftItem], year: int
) -> list[Doubt]:
    """Text between the items that no task holds, and what was done to the text on its way."""
    found = [
        Doubt("left", f"“{document.text[slice(*line.span)][:24]}”", _left(document, line), line.span[0])
        for line in lines
        if line.role is Role.LEFT and items
    ]
    if document.year is not None and document.year != year and items:
        what = f"原文像是{document.year}年的计划，所选年度是{year}年；早于{year}年的时限留空。"
        found.append(Doubt("text", "年度", what))
    if document.repairs:
        found.append(Doubt("text", "全文", f"读取时修复了 {len(document.repairs)} 处文字损坏。"))
    found += [
        Doubt(
            "text",
            f"“{mark.phrase[:24]}”",
            "像是夹进来的无关文字，请核对。",
            mark.span[0] if mark.span else None,
        )
        for mark in document.marks[:5]
    ]
    return found


def _left(document: Document, line: Line) -> str:
    """Why a line became no task."""
    here = [one for one in document.headings() if line.span[0] <= one.span[0] < line.span[1]]
    if any(one.children for one in here):
        return "下面另有编号的事项，这一句没有单独成为任务；若是一项任务，请在下表中改选。"
    return "没有成为任务。" if here else "没有编号，没有成为任务。"
