"""What a row of a sheet is: a task, a chapter, a title, a head, a sum, a note."""

from __future__ import annotations

import re
from enum import StrEnum

from yifa.planning.importing.columns import Matching, lexicon
from yifa.reading.sheets import Sheet

LONGEST_TITLE = 40
CHAPTER_NUMBER = re.compile(
    r"\s*(第[一二三四五六七八九十\d]{1,3}[部分章节编篇]{1,2}|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）])"
    r"\s*[、．.:：]?\s*(?P<title>.*)"
)
SENTENCE = re.compile(r"[。；;！!？?]")
OWN_TASK = ("task", "content", "goal")


class RowKind(StrEnum):
    """What a row is."""

    TASK = "task"
    CHAPTER = "chapter"
    TITLE = "title"
    HEAD = "head"
    TOTAL = "total"
    NOTE = "note"
    LEFT = "left"  # has cells, and no task among them


WHY_LEFT = {
    RowKind.TOTAL: "是合计行，没有作为任务",
    RowKind.NOTE: "是表外的说明，没有作为任务",
    RowKind.HEAD: "与表头相同（跨页重复的表头），没有作为任务",
    RowKind.LEFT: "没有写任务内容，没有作为任务；若应属于某项任务，请在原表中补全后重新导入",
}


def texts_of(sheet: Sheet, row: int) -> list[str]:
    """The texts of a row: its own; where it has none, those of ranges from above; in a muddle of ranges, any."""
    values = [(column, sheet.value(row, column)) for column in range(sheet.width)]
    first = [text for column, text in values if text and not sheet.from_left(row, column)]
    own = [cell for column, cell in enumerate(sheet.rows[row]) if cell and (row, column) not in sheet.merged]
    return own or first or [text for _, text in values if text]


def kind_of(sheet: Sheet, matching: Matching, row: int) -> RowKind:
    """What a row that is not empty is."""
    head = matching.head
    if head <= row < head + matching.lines and head >= 0:
        return RowKind.HEAD
    if row < head:
        return RowKind.TITLE
    texts = texts_of(sheet, row)
    own = [(column, cell) for column, cell in enumerate(sheet.rows[row]) if cell]
    first = re.sub(r"[\s:：]", "", texts[0])
    held = {meaning for column, cell in own for meaning in [matching.columns.get(column, "")] if cell}
    if first in lexicon()["totals"] or (cell_of(sheet, matching, row, "task")[:2] in lexicon()["totals"]):
        return RowKind.TOTAL
    if head >= 0 and [cell for _, cell in own] == [cell for cell in sheet.rows[head] if cell]:
        return RowKind.HEAD
    if len(texts) == 1 and own:
        alone = _alone(sheet, matching, own[0][0], texts[0], row)
        if alone is not None:
            return alone
    if _has_task(sheet, matching, row, held):
        return RowKind.TASK
    return RowKind.LEFT


def _alone(sheet: Sheet, matching: Matching, column: int, text: str, row: int) -> RowKind | None:
    """What a row with a single cell is: a note, a chapter, or None where the cell may be a task."""
    if any(re.match(rf"{re.escape(word)}\s*[:：]", text) for word in lexicon()["notes"]):
        return RowKind.NOTE
    wide = any(sheet.merged.get((row, other)) == (row, column) for other in range(sheet.width))
    meaning = matching.columns.get(column, "")
    if text.isdigit() or (meaning not in ("", "number", "chapter", *OWN_TASK) and not wide):
        return None
    if meaning in OWN_TASK and not wide:
        return RowKind.CHAPTER if _heads_chapter(text) and matching.of("number") else None
    return RowKind.CHAPTER if wide or _heads_chapter(text) or len(text) <= LONGEST_TITLE else RowKind.NOTE


def _heads_chapter(text: str) -> bool:
    return CHAPTER_NUMBER.match(text) is not None and not SENTENCE.search(text.rstrip("。"))


def _has_task(sheet: Sheet, matching: Matching, row: int, held: set[str]) -> bool:
    """Whether a row says what is to be done: itself, or by a range from above beside something of its own."""
    if any(meaning in OWN_TASK for meaning in held):
        return bool(cell_of(sheet, matching, row, "task") or cell_of(sheet, matching, row, "content"))
    return False


def cell_of(sheet: Sheet, matching: Matching, row: int, meaning: str) -> str:
    """What a row says under a meaning, columns joined."""
    texts = (sheet.value(row, column) for column in matching.of(meaning))
    return "；".join(dict.fromkeys(text for text in texts if text))
