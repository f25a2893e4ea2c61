"""From a text that was read to a draft, with what a person decided about single lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from yifa.law.phrases import day as in_chinese
from yifa.planning.closing import closing_of
from yifa.planning.importing.days import bare_day, day_of
from yifa.planning.importing.demands import with_demands
from yifa.planning.importing.draft import Doubt, Draft, DraftChapter, DraftItem, Line, Role, lines_of
from yifa.planning.importing.numbering import OWN_WORDS, items_with_children
from yifa.planning.importing.textdoubts import doubts_on_items, doubts_on_left, doubts_on_numbers
from yifa.reading.document import Document, Heading, Kind, Span, Task
from yifa.reading.dues import DUE_FIELD, due, due_note
from yifa.reading.plans import plan as find_tasks
from yifa.reading.units import named_units, responsible_units

SEPARATE, JOIN, DROP = "task", "join", "drop"  # what a person may decide about a line
LONGEST_TITLE = 40
LOOSE_NUMBER = re.compile(  # its sign was lost: 「3 公开结果」, 「3公开结果」
    r"(?P<number>\d{1,2})[ \t\u3000:：]*(?=[\u4e00-\u9fff])(?![年月日号个次项期件场份名人家期天周类种条])"
    r"|(?P<chinese>[一二三四五六七八九十]{1,3})[ \t\u3000:：]+(?=[\u4e00-\u9fff])"
)
SENTENCE = re.compile(r"[。；;！!？?]")


def draft_of(document: Document, year: int, changes: Mapping[int, str] | None = None) -> Draft:
    """The draft of a text.

    `changes` says by the place of a line what a person takes it for: an item of its own, part of the item above, no item.
    """
    document = as_plan(document, year)
    items = [_item(document, task, year) for task in document.tasks]
    doubts: list[Doubt] = []
    equals: dict[int, int] = {}
    if items:
        items = _with_equals(document, items, year, doubts, equals)
    items = _without_closing(document, items)
    items = _changed(document, items, changes or {}, year)
    chapters = _chapters(document, items)
    items = [replace(item, chapter=_chapter_of(chapters, item)) for item in items]
    lines = tuple(_lines(document, items))
    return Draft(
        name=document.source.path.rsplit("/", 1)[-1],
        title=document.title or "",
        text=document.text,
        sha256=document.source.sha256,
        items=tuple(items),
        chapters=tuple(chapter for chapter, _ in chapters),
        lines=lines,
        doubts=(
            *doubts,
            *doubts_on_numbers(items, chapters, equals),
            *doubts_on_items(items),
            *doubts_on_left(document, lines, items, year),
        ),
        kind="" if items else "一份年度报告" if document.kind is Kind.ANNUAL_REPORT else "",
    )


def as_plan(document: Document, year: int) -> Document:
    """The text read as a plan; reading itself takes a text that does not call itself one for something else."""
    if document.tasks or document.kind is not Kind.OTHER:
        return document
    tasks, targets = find_tasks(document.text, Kind.WORK_PLAN, document.outline, document.figures, year=year)
    return replace(document, tasks=tasks, targets=targets)


def _item(document: Document, task: Task, year: int) -> DraftItem:
    day, words = _when(document, task, year)
    return DraftItem(
        number=task.number,
        title=task.title or task.text[:LONGEST_TITLE],
        text=task.text,
        span=task.span,
        lead=task.lead,
        support=task.support,
        units=task.units,
        due=day,
        due_words=words,
        targets=tuple(document.targets[index] for index in task.targets),
    )


def _when(document: Document, task: Task, year: int) -> tuple[date | None, str]:
    """The day of an item, or the words that set none. A text that names no year is of the year that was chosen."""
    day = task.due
    if day is None and document.year is None:
        day = due(task.text, year)
    fields = [field[1].strip() for field in DUE_FIELD.finditer(task.text)] if day is None else []
    for field in fields:
        day = day or day_of(field, year)[0]
    if day is None and not fields and not task.due_note:
        day = bare_day(document.text[task.span[0] : min(task.span[1], closing_of(document.text))], year)
    if day is not None and day.year >= year:
        return day, ""
    return None, in_chinese(day) if day else task.due_note or next(iter(fields), "")


def _without_closing(document: Document, items: list[DraftItem]) -> list[DraftItem]:
    """The last item without the signature below it."""
    closing = closing_of(document.text)
    if not items or not items[-1].span[0] < closing < items[-1].span[1]:
        return items
    last = items[-1]
    text = document.text[last.span[0] : closing].rstrip()
    return [*items[:-1], replace(last, text=text, span=(last.span[0], last.span[0] + len(text)))]


def _with_equals(
    document: Document, items: list[DraftItem], year: int, doubts: list[Doubt], equals: dict[int, int]
) -> list[DraftItem]:
    """Items whose number was followed by one of another style on the same level: 「（一）」, 「1.」, 「（三）」.

    `equals` takes the number that each of those stands for, by its place.
    """
    starts = {item.span[0] for item in items}
    found = list(items)
    for heading, equal in items_with_children(document.outline, document.text):
        if not equal or heading.span[0] in starts:
            continue
        end = heading.children[0].span[0]
        found += with_demands(
            [_read(document.text, (heading.span[0], end), heading.number, heading.title, year)], year
        )
        equals |= {child.span[0]: heading.ordinal + n for n, child in enumerate(heading.children, 1)}
        names = "、".join(f"“{child.number}{child.title[:10]}”" for child in heading.children)
        doubts.append(
            Doubt(
                "numbering",
                f"{heading.number}{heading.title[:16]}",
                f"编号写法不一：{names}补上了“{heading.number}”之后缺的编号，按同一级的任务读。",
                heading.span[0],
            )
        )
    return sorted(found, key=lambda item: item.span)


def _read(text: str, span: Span, number: str, title: str, year: int) -> DraftItem:
    """An item of a stretch of the text that reading did not take for one."""
    start = span[0]
    body = text[slice(*span)].rstrip()
    lead, support = responsible_units(body)
    day = due(body, year)
    units = tuple(unit for unit in named_units(body[len(number) :]) if unit not in (*lead, *support))
    return DraftItem(
        number=number,
        title=title,
        text=body,
        span=(start, start + len(body)),
        lead=lead,
        support=support,
        units=units,
        due=day,
        due_words="" if day else due_note(body) or "",
    )


def _changed(
    document: Document, items: list[DraftItem], changes: Mapping[int, str], year: int
) -> list[DraftItem]:
    """What the person decided, in the order of the text."""
    for place, what in sorted(changes.items()):
        inside = any(item.span[0] < place < item.span[1] for item in items)
        if 0 <= place < len(document.text) and (what == SEPARATE or (what == DROP and inside)):
            items = _separate(document, items, place, year)
    for place, what in sorted(changes.items(), reverse=True):
        index = next((index for index, item in enumerate(items) if item.span[0] == place), None)
        if index is None or what not in (JOIN, DROP) or (what == JOIN and index == 0):
            continue
        if what == JOIN:
            above, own = items[index - 1], items[index]
            whole = _read(document.text, (above.span[0], own.span[1]), above.number, above.title, year)
            items[index - 1 : index + 1] = with_demands([whole], year)
        else:
            del items[index]
    return items


def _separate(document: Document, items: list[DraftItem], place: int, year: int) -> list[DraftItem]:
    if any(item.span[0] == place for item in items):
        return items
    holder = next((index for index, item in enumerate(items) if item.span[0] < place < item.span[1]), None)
    starts = [heading.span[0] for heading in document.headings()] + [item.span[0] for item in items]
    line_end = document.text.find("\n", place)
    line_end = len(document.text) if line_end < 0 else line_end
    if holder is not None:
        end = items[holder].span[1]
    else:
        end = min((start for start in starts if start > place), default=line_end)
        end = min(end, line_end)
    number, title = _named(document.text[place:end])
    new = [_read(document.text, (place, end), number, title, year)]
    if holder is not None:
        above = items[holder]
        new.insert(0, _read(document.text, (above.span[0], place), above.number, above.title, year))
        items = items[:holder] + items[holder + 1 :]
    return sorted([*items, *with_demands(new, year)], key=lambda item: item.span)


def _named(body: str) -> tuple[str, str]:
    """The number that a line has though it was not known as one, and its first sentence."""
    match = LOOSE_NUMBER.match(body)
    rest = body[match.end() :] if match else body
    number = (match["number"] or match["chinese"]) if match else ""
    return number, SENTENCE.split(rest.strip())[0][:LONGEST_TITLE]


def _chapters(document: Document, items: Sequence[DraftItem]) -> list[tuple[DraftChapter, Heading]]:
    """Headings of the first rank that hold items and are none."""
    starts = [item.span[0] for item in items]
    return [
        (DraftChapter(heading.number, heading.title, heading.span[0]), heading)
        for heading in document.outline
        if heading.span[0] not in starts
        and bisect_right(starts, heading.body[1] - 1) > bisect_right(starts, heading.body[0])
    ]


def _chapter_of(chapters: Sequence[tuple[DraftChapter, Heading]], item: DraftItem) -> int | None:
    inside = [
        index
        for index, (_, heading) in enumerate(chapters)
        if heading.span[0] <= item.span[0] < heading.body[1]
    ]
    return inside[-1] if inside else None


def _lines(document: Document, items: Sequence[DraftItem]) -> list[Line]:
    """What every line became."""
    starts = [item.span[0] for item in items]
    headings = [heading.span[0] for heading in document.outline[:1]]
    first = min([*headings, *starts], default=len(document.text))
    closing = closing_of(document.text)
    found = []
    for span in lines_of(document.text):
        own = [index for index, item in enumerate(items) if item.span[0] < span[1] and span[0] < item.span[1]]
        begun = [index for index in own if items[index].span[0] >= span[0]]
        if begun:
            found.append(Line(span, Role.ITEM, begun[0]))
        elif own:
            found.append(Line(span, Role.GOES_ON, own[0]))
        elif span[1] <= first or span[0] >= closing:
            found.append(Line(span, Role.TITLE))
        else:
            found.append(Line(span, Role.CHAPTER if _is_heading(document, span, starts) else Role.LEFT))
    return found


def _is_heading(document: Document, span: tuple[int, int], starts: Sequence[int]) -> bool:
    """Whether a line is a heading over items and says nothing beyond it."""
    here = [heading for heading in document.headings() if span[0] <= heading.span[0] < span[1]]
    over = [h for h in here if any(h.span[1] <= start < h.body[1] for start in starts)]
    if not over:
        return False
    return len(document.text[max(h.span[1] for h in over) : span[1]].strip("。：:；; \u3000")) < OWN_WORDS
