"""From a sheet whose columns are known to a draft: every row becomes a task, a chapter, or is named."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from yifa.planning.importing.columns import Matching, lexicon, meaning_of, meanings
from yifa.planning.importing.days import day_of, is_earlier
from yifa.planning.importing.demands import with_demands
from yifa.planning.importing.draft import Doubt, Draft, DraftChapter, DraftItem, Line, Role
from yifa.planning.importing.numbering import Numbered, doubts_of_numbers
from yifa.planning.importing.rowkinds import (
    CHAPTER_NUMBER,
    LONGEST_TITLE,
    SENTENCE,
    WHY_LEFT,
    RowKind,
    cell_of,
    kind_of,
    texts_of,
)
from yifa.reading.document import Span
from yifa.reading.heads import head_text
from yifa.reading.sheets import Sheet
from yifa.reading.units import split_units

NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.I)  # as programs call a new sheet
ITEM_NUMBER = re.compile(
    r"\s*(?P<number>[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,3}[、．.](?!\d))\s*(?P<rest>.+)",
    re.S,
)
PLAIN_CHINESE = re.compile(r"[一二三四五六七八九十百]{1,4}")
PLAIN_DAY = re.compile(
    r"20\d\d年\d{1,2}月\d{1,2}日"
)  # a day as a day: its cell is the due date and no wording of its own
AMBIGUOUS = re.compile(r"20\d\d\.1")  # a spreadsheet writes 2026.10 so


@dataclass
class _Reading:
    """What is known while the rows are read one after the other."""

    sheet: Sheet
    matching: Matching
    year: int
    lines: list[str] = field(default_factory=list)
    spans: list[tuple[Span, Role, int | None]] = field(default_factory=list)
    length: int = 0
    chapters: list[DraftChapter] = field(default_factory=list)
    items: list[DraftItem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    numbers: list[Numbered] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    title: str = ""

    def where(self, row: int, column: int | None = None) -> str:
        """A place as people find it."""
        place = f"第{self.sheet.numbers[row]}行"
        return place if column is None else f"{place} {self.sheet.letter(column)}列"

    def add_line(self, row: int, role: Role, item: int | None = None) -> Span:
        """Takes a row over into the source text."""
        cells = [
            "" if self.sheet.from_left(row, column) else self.sheet.value(row, column)
            for column in range(self.sheet.width)
        ]
        line = "\t".join(cells).rstrip("\t")
        span = (self.length, self.length + len(line))
        self.lines.append(line)
        self.spans.append((span, role, item))
        self.length += len(line) + 1
        return span


def draft_of_sheet(sheet: Sheet, matching: Matching, name: str, year: int, body: bytes = b"") -> Draft:
    """The draft of a sheet under a matching of its columns. `body` gives the digest; without it the text does."""
    reading = _Reading(sheet, matching, year)
    for row in range(len(sheet.rows)):
        if any(sheet.value(row, column) for column in range(sheet.width)):
            _read_row(reading, row)
    text = "\n".join(reading.lines)
    items = tuple(with_demands(reading.items, year))
    return Draft(
        name=name,
        title=reading.title or _named(sheet) or name.rsplit(".", 1)[0],
        text=text,
        sha256=hashlib.sha256(body or text.encode("utf-8", "surrogatepass")).hexdigest(),
        items=items,
        chapters=tuple(reading.chapters),
        lines=tuple(Line(span, role, item) for span, role, item in reading.spans),
        doubts=(*_of_matching(reading), *reading.doubts, *doubts_of_numbers(reading.numbers)),
    )


def _named(sheet: Sheet) -> str:
    """The name somebody gave the sheet."""
    return "" if NO_NAME.fullmatch(sheet.title) else sheet.title


def _read_row(reading: _Reading, row: int) -> None:
    kind = kind_of(reading.sheet, reading.matching, row)
    texts = texts_of(reading.sheet, row)
    cells = _cells(reading, row) if kind is RowKind.TASK else {}
    if any(sign.isalnum() for sign in cells.get("task", "") + cells.get("content", "")):
        _read_task(reading, row, cells)
    elif kind is RowKind.CHAPTER:
        span = reading.add_line(row, Role.CHAPTER)
        _open_chapter(reading, texts[0], span[0])
        reading.above.pop("chapter", None)
    elif kind is RowKind.TITLE:
        reading.add_line(row, Role.TITLE)
        if not reading.title and row < max(reading.matching.head, 1):
            reading.title = texts[0]
    elif kind is RowKind.HEAD and row < reading.matching.head + reading.matching.lines:
        reading.add_line(row, Role.TITLE)
    else:
        span = reading.add_line(row, Role.LEFT)
        shown = "　".join(texts)[:60]
        why = WHY_LEFT.get(kind, WHY_LEFT[RowKind.LEFT])
        reading.doubts.append(Doubt("row", reading.where(row), f"“{shown}”{why}。", span[0]))


def _read_task(reading: _Reading, row: int, cells: dict[str, str]) -> None:
    chapter_start = reading.length
    if cells.get("chapter") and cells["chapter"] != reading.above.get("chapter"):
        _open_chapter(reading, cells["chapter"], chapter_start)
    index = len(reading.items)
    span = reading.add_line(row, Role.ITEM, index)
    shared = reading.above.get("task") == cells["task"] and bool(cells.get("content"))
    number, task = _numbered(cells.get("number", ""), cells["task"])
    words = cells.get("content", "") if shared or not task else task
    title = SENTENCE.split(words)[0].strip()[:LONGEST_TITLE] or words[:LONGEST_TITLE]
    due, due_words = _due(reading, row, cells)
    lead, support = _units(cells)
    item = DraftItem(
        number=number[:20],
        title=title,
        text=_text(reading, row, task, cells),
        span=span,
        chapter=len(reading.chapters) - 1 if reading.chapters else None,
        lead=lead,
        support=support,
        due=due,
        due_words=due_words,
        responsible={
            key: tuple(_names(cells[key])) for key in ("chief", "direct", "section") if cells.get(key)
        },
    )
    reading.items.append(item)
    if not _goes_on_number(reading, row):
        reading.numbers.append(Numbered(item.number, item.title, span[0], item.chapter))
    _doubt_item(reading, row, item, cells)
    reading.above = cells


def _cells(reading: _Reading, row: int) -> dict[str, str]:
    """The row by meaning; ditto marks and chapters are taken from above, an empty task where its measures go on."""
    sheet, matching, above = reading.sheet, reading.matching, reading.above
    cells = {
        meaning: cell_of(sheet, matching, row, meaning) for meaning in meanings() if matching.of(meaning)
    }
    for meaning, text in cells.items():
        if text in lexicon()["ditto"]:
            cells[meaning] = above.get(meaning, "")
            if not cells[meaning]:
                place = matching.of(meaning)[0]
                reading.doubts.append(
                    Doubt("cell", reading.where(row, place), f"“{text}”上面没有可以沿用的内容，按空白读。")
                )
    if not cells.get("chapter") and "chapter" in cells:
        cells["chapter"] = above.get("chapter", "")
    if not cells.get("task"):
        cells["task"] = above.get("task", "") if cells.get("content") else ""
    return cells


def _goes_on_number(reading: _Reading, row: int) -> bool:
    """Whether the row shares its number with the one above: a merged cell, or a ditto mark."""
    return any(
        reading.sheet.from_above(row, column) or reading.sheet.rows[row][column] in lexicon()["ditto"]
        for column in reading.matching.of("number")
    )


def _numbered(number: str, task: str) -> tuple[str, str]:
    """The item's number with the sign that sets it off, from its own column or from the front of the task."""
    if number:
        sign = "." if number.isdigit() else "、" if PLAIN_CHINESE.fullmatch(number) else ""
        return number + sign, task
    match = ITEM_NUMBER.match(task)
    return (match["number"], match["rest"]) if match else ("", task)


def _open_chapter(reading: _Reading, text: str, start: int) -> None:
    match = CHAPTER_NUMBER.match(text)
    number, title = (match[1], match["title"] or text) if match else ("", text)
    reading.chapters.append(DraftChapter(number[:20], title, start))


def _units(cells: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leading and supporting units: every unit in a column of leads leads only where another column supports."""
    lead, support = _names(cells.get("lead", "")), _names(cells.get("support", ""))
    return tuple(lead), tuple(name for name in support if name not in lead)


def _names(cell: str) -> list[str]:
    names = split_units(cell) if cell else []
    if not names and cell:
        names = [name for name in re.split(r"[、，,；;\s]+", cell) if name]
    return list(dict.fromkeys(names))


def _due(reading: _Reading, row: int, cells: dict[str, str]) -> tuple[date | None, str]:
    day, words = day_of(cells.get("due", ""), reading.year)
    if words:
        column = reading.matching.of("due")[0]
        why = f"早于计划年度{reading.year}年" if is_earlier(words, reading.year) else "不是确定的日期"
        what = f"“{words}”{why}，时限留空，原话保留在任务内容里。"
        reading.doubts.append(Doubt("due", reading.where(row, column), what))
    elif day and AMBIGUOUS.fullmatch(cells["due"]):
        column = reading.matching.of("due")[0]
        reading.doubts.append(
            Doubt(
                "due",
                reading.where(row, column),
                f"“{cells['due']}”按{day.year}年{day.month}月读；表格会把 {day.year}.10 存成 {day.year}.1，请核对。",
            )
        )
    return day, words


def _text(reading: _Reading, row: int, task: str, cells: dict[str, str]) -> str:
    """What the task says: the task, its measures, and under their heads all that has no place of its own."""
    content = cells.get("content", "")
    whole = content.removeprefix(cells.get("number", "")).startswith(task)  # as Yifa's own table writes it
    parts = [part for part in ("" if whole else task, content) if part]
    matching = reading.matching
    for column, meaning in matching.columns.items():
        if meaning not in ("goal", "note", "other"):
            continue
        value = reading.sheet.value(row, column)
        if value and not (meaning == "goal" and all(goal in content for goal in value.split("；"))):
            head = (
                head_text(reading.sheet, matching.head, matching.lines, column, meaning_of)
                or meanings()[meaning]
            )
            parts.append(f"{head}：{value}")
    day, words = day_of(cells.get("due", ""), reading.year)
    if words or (day and not PLAIN_DAY.fullmatch(cells["due"])):
        parts.append(f"完成时限：{cells['due']}")
    return "\n".join(parts)


def _doubt_item(reading: _Reading, row: int, item: DraftItem, cells: dict[str, str]) -> None:
    where = reading.where(row)
    if not item.lead:
        reading.doubts.append(Doubt("unit", where, "没有写牵头单位，导入后须指定。", item.span[0]))
    if item.due is None and not item.due_words:
        reading.doubts.append(Doubt("due", where, "没有写完成时限，导入后须设定。", item.span[0]))
    if not cells["task"] and cells.get("content"):
        reading.doubts.append(Doubt("cell", where, "“任务”一格是空的，按“具体内容”作为任务。", item.span[0]))


def _of_matching(reading: _Reading) -> list[Doubt]:
    found = []
    for meaning, what in (("lead", "牵头单位"), ("due", "完成时限")):
        if not reading.matching.of(meaning) and reading.items:
            found.append(
                Doubt("cell", "整张表", f"没有一列是“{what}”；若有，请在“各列的含义”中选定后重新预览。")
            )
    return found
