"""Plans: tasks with their units and due dates, and the numbers they demand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from yifa.reading.document import Approx, Figure, Heading, Kind, Part, Span, Target, Task
from yifa.reading.dues import due as _due
from yifa.reading.dues import due_note, field_due
from yifa.reading.lexicon import alternatives, words
from yifa.reading.tables import Row, rows
from yifa.reading.units import named_units, responsible_in_label, responsible_units, split_units, unit_before

LONGEST_CLOSING = 8  # characters of 「工作要求」 and the like


def plan(
    text: str,
    kind: Kind,
    outline: Sequence[Heading],
    figures: Sequence[Figure],
    *,
    year: int | None,
    parts: Sequence[Part] = (),
) -> tuple[tuple[Task, ...], tuple[Target, ...]]:
    """Tasks and targets of a plan, or of the part of a text that is one.

    A report without such a part has no tasks; its section on the year to come may have targets.
    """
    if kind is Kind.WORK_PLAN:
        return _read_plan(text, outline, figures, Part(kind, "", (0, len(text)), year))
    planned = next((part for part in parts if part.kind is Kind.WORK_PLAN), None)
    future = _future_sections(outline) if kind is Kind.ANNUAL_REPORT else []
    if planned is None:
        return (), tuple(_targets_in(text, future, figures, demands_only=True))
    begin, end = planned.span
    tasks, targets = _read_plan(text, _inside(outline, planned.span), figures, planned)
    others = [span for span in future if span[1] <= begin or span[0] >= end]
    early = _targets_in(text, [span for span in others if span[0] < begin], figures, demands_only=True)
    late = _targets_in(text, [span for span in others if span[0] >= end], figures, demands_only=True)
    tasks = tuple(
        replace(task, targets=tuple(index + len(early) for index in task.targets)) for task in tasks
    )
    return tasks, (*early, *targets, *late)


def _read_plan(
    text: str, outline: Sequence[Heading], figures: Sequence[Figure], part: Part
) -> tuple[tuple[Task, ...], tuple[Target, ...]]:
    table = [row for row in rows(text) if part.span[0] <= row.span[0] < part.span[1]]
    inside = [item for item in _items(outline) if not _holds(item[-1], table)]
    bodies = sorted([*(item[-1].body for item in inside), *(row.span for row in table)])
    targets = tuple(_targets_of_plan(text, part.span, bodies, figures))
    tasks = [_task(text, item, targets, part) for item in inside]
    tasks += [_task_of_row(text, row, targets, part.year) for row in table]
    return tuple(sorted(tasks, key=lambda task: task.span)), targets


def _inside(outline: Sequence[Heading], span: Span) -> list[Heading]:
    """The highest headings that lie in a stretch of the text."""
    found: list[Heading] = []
    for heading in outline:
        if span[0] <= heading.span[0] < span[1]:
            found.append(heading)
        elif heading.body[0] < span[1] and span[0] < heading.body[1]:
            found += _inside(heading.children, span)
    return found


def _holds(heading: Heading, table: Sequence[Row]) -> bool:
    """Whether the item is a chapter line of a table, or a row of it."""
    return any(heading.body[0] < row.span[1] and row.span[0] < heading.body[1] for row in table)


def _task_of_row(text: str, row: Row, targets: Sequence[Target], year: int | None) -> Task:
    cells = {
        key: row.cells.get(key, "") for key in ("number", "task", "lead", "responsible", "support", "due")
    }
    named = {key: tuple(dict.fromkeys(split_units(cells[key]))) for key in ("lead", "responsible", "support")}
    lead, support = named["lead"] or named["responsible"], named["support"]
    if named["lead"]:
        support = (*named["responsible"], *support)
    title = re.split(r"[。；;]", cells["task"])[0][:40]
    when = f"完成时限：{cells['due']}" if cells["due"] else f"{cells['task']}\n{row.cells.get('content', '')}"
    due = _due(when, year)
    return Task(
        cells["number"], title, text[slice(*row.span)], row.span, row.chapter, lead, support, (), due,
        _own(targets, row.span), None if due else due_note(when),
    )  # fmt: skip


def _own(targets: Sequence[Target], span: Span) -> tuple[int, ...]:
    first = bisect_left(targets, span[0], key=_begins)
    return tuple(range(first, bisect_left(targets, span[1], key=_begins)))


def _targets_of_plan(
    text: str, span: Span, bodies: Sequence[Span], figures: Sequence[Figure]
) -> list[Target]:
    """In a task every number demanded; outside of tasks (总体要求) only floors and ceilings."""
    targets = _targets_in(text, [span], figures)
    starts = [start for start, _ in bodies]

    def in_task(target: Target) -> bool:
        place = bisect_left(starts, target.span[1]) - 1
        return not bodies or (place >= 0 and target.span[0] < bodies[place][1])

    return [target for target in targets if target.compare != "=" or in_task(target)]


Item = tuple[Heading, ...]  # a numbered item below the headings it belongs to, the chapter first


def _items(outline: Sequence[Heading]) -> list[Item]:
    """The lowest numbered items; general chapters (总体要求) hold no tasks."""
    keys = ("general_chapters", "closing_chapters", "demands_chapters")
    general, closing, demands = (tuple(words("plans")[key]) for key in keys)
    deep = any(heading.children for heading in outline)
    found: list[Item] = []
    for chapter in outline:
        if chapter.title.startswith(general) and (len(chapter.title) <= 12 or not chapter.children):
            continue
        if found and chapter.title.startswith(demands) and len(chapter.title) <= LONGEST_CLOSING:
            continue
        short = len(chapter.title) <= 6 or chapter.title.startswith(closing)
        if deep and not chapter.children and chapter.level == 1 and short:
            continue
        found += _lowest((chapter,))
    return found


def _lowest(path: Item) -> Iterator[Item]:
    """The headings without others below them, each with its path."""
    if not path[-1].children:
        yield path
    for child in path[-1].children:
        yield from _lowest((*path, child))


def _task(text: str, item: Item, targets: Sequence[Target], part: Part) -> Task:
    heading, year = item[-1], part.year
    start, end = heading.body
    body = text[start:end].rstrip()
    end = start + len(body)
    lead, support = responsible_units(body)
    due, note = _due(body, year), due_note(body)
    for chapter in item[-2::-1]:  # 「一、普法（牵头单位：甲局，全年）」 holds for all below
        own = text[chapter.body[0] : chapter.children[0].span[0]]
        lead, support = (lead, support) if lead or support else responsible_in_label(own)
        if due is None and note is None:
            due, note = field_due(own, year), due_note(own)
    named = named_units(body[len(heading.number) :])
    units = tuple(unit for unit in named if unit not in lead and unit not in support)
    return Task(
        heading.number, heading.title, body, (start, end), item[0].title or part.title, lead, support, units, due,
        _own(targets, (start, end)), None if due else note,
    )  # fmt: skip


def _begins(target: Target) -> int:
    return target.span[0]


def _future_sections(outline: Sequence[Heading]) -> list[Span]:
    future = words("plans")["future"]
    return [heading.body for heading in outline if any(word in heading.title for word in future)]


PER = (
    ("quarter", re.compile(r"每个?季度?|每季")),
    ("month", re.compile(r"每个?月")),
    ("week", re.compile(r"每(?:个星期|星期|周)")),
    ("year", re.compile(r"全年|每个?年度?|每一年|年度内|年内|一年|本年度?|年度")),
)
RATE_NAME = re.compile(r"[\u4e00-\u9fff](?:率|覆盖面|比例|满意度)(?:为|均为)?\Z")
PAST = re.compile(r"去年|上年|已|目前|现有|以来")
ITEM_NUMBER = re.compile(
    r"[ \t\u3000]*(?:\d{1,3}[.．、](?!\d{1,3}(?:[^\d月]|\Z))|[（(][一二三四五六七八九十\d]{1,3}[)）])"
)
CLAUSE = re.compile(r"[，。；：！？,;:!?\n]")


def _targets_in(
    text: str, spans: Sequence[Span], figures: Sequence[Figure], *, demands_only: bool = False
) -> list[Target]:
    found: list[Target] = []
    starts = [figure.span[0] for figure in figures]
    for start, end in spans:
        last: Target | None = None
        for figure in figures[bisect_left(starts, start) : bisect_left(starts, end)]:
            compare = _compare(text, figure, demands_only=demands_only)
            if compare is None:
                continue
            target = _target(text, figure, compare, start)
            if last is not None and _continues(text, last, target):
                target = replace(target, who=target.who or last.who, per=target.per or last.per)
            found.append(target)
            last = target
    return found


def _compare(text: str, figure: Figure, *, demands_only: bool) -> str | None:
    if figure.approx in (Approx.AT_LEAST, Approx.OVER):
        if figure.approx is Approx.OVER and not _is_demand(text, figure):
            return None
        return ">="
    if figure.approx is Approx.AT_MOST:
        return "<="
    before = text[max(figure.span[0] - 12, 0) : figure.span[0]]
    if _demand_word("at_most").search(before):
        return "<="
    if _demand_word("at_least").search(before):
        return ">="
    if _sentence_per(text, figure) in ("quarter", "month", "week") or re.search(r"每年|全年", before):
        return "="
    clause = text[_clause_start(text, figure.span[0], 0) : figure.span[0]]
    if not demands_only and figure.unit == "%" and RATE_NAME.search(before):
        return "="
    if not demands_only and _demand_word("equal").search(clause) and not PAST.search(clause):
        return "="
    return None


def _is_demand(text: str, figure: Figure) -> bool:
    """余 and 多 tell of what is; 以上、超过 demand."""
    return (
        text[figure.span[1] : figure.span[1] + 2] in ("以上", "之上")
        or re.search(r"(?:超过|高于|多于|突破)\Z", text[max(figure.span[0] - 3, 0) : figure.span[0]])
        is not None
    )


@cache
def _demand_word(key: str) -> re.Pattern[str]:
    gap = r"[^，。；,;、\n\d]{0,10}" if key == "equal" else ""
    return re.compile(rf"(?:{alternatives(words('plans')[key])})了?{gap}\Z")


def _target(text: str, figure: Figure, compare: str, earliest: int) -> Target:
    start = _clause_start(text, figure.span[0], earliest)
    if number := ITEM_NUMBER.match(text, start, figure.span[0]):
        start = number.end()
    behind = CLAUSE.search(text, figure.span[1])
    end = behind.start() if behind else len(text)
    sentence = max(text.rfind(sign, earliest, figure.span[0]) for sign in "。；;\n") + 1
    sentence = max(sentence, earliest)
    if number := ITEM_NUMBER.match(text, sentence, figure.span[0]):
        sentence = number.end()
    who = unit_before(text[sentence : figure.span[0]])
    return Target(
        text[start:end].strip(), compare, figure.value, figure.unit, figure.subject, who,
        _sentence_per(text, figure), (start, end),
    )  # fmt: skip


def _clause_start(text: str, position: int, earliest: int) -> int:
    start = earliest
    for match in CLAUSE.finditer(text, max(earliest, position - 80), position):
        start = match.end()
    return start


def _sentence_per(text: str, figure: Figure) -> str | None:
    sentence = max(text.rfind(sign, max(figure.span[0] - 60, 0), figure.span[0]) for sign in "。；;\n") + 1
    window = text[max(sentence, figure.span[0] - 60) : figure.span[0]]
    best, place = None, -1
    for name, pattern in PER:
        for match in pattern.finditer(window):
            if match.end() > place:
                best, place = name, match.end()
    return best


def _continues(text: str, last: Target, target: Target) -> bool:
    return not re.search(r"[。；;\n]", text[last.span[1] : target.span[0]])
