"""Plans: tasks with their units and due dates, and the numbers they demand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from yifa.reading.dates import make_date, month_end
from yifa.reading.document import Approx, Figure, Heading, Kind, Span, Target, Task
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import integer
from yifa.reading.tables import Row, rows
from yifa.reading.units import named_units, responsible_units, split_units, unit_before


def plan(
    text: str, kind: Kind, outline: Sequence[Heading], figures: Sequence[Figure], year: int | None
) -> tuple[tuple[Task, ...], tuple[Target, ...]]:
    """Tasks and targets. A report has no tasks; its section on the year to come may have targets."""
    if kind is Kind.OTHER:
        return (), ()
    if kind is Kind.ANNUAL_REPORT:
        return (), tuple(_targets_in(text, _future_sections(outline), figures, demands_only=True))
    table = rows(text)
    inside = [(heading, chapter) for heading, chapter in _items(outline) if not _holds(heading, table)]
    bodies = sorted([*(heading.body for heading, _ in inside), *(row.span for row in table)])
    targets = tuple(_targets_of_plan(text, bodies, figures))
    tasks = [_task(text, heading, chapter, targets, year) for heading, chapter in inside]
    tasks += [_task_of_row(text, row, targets, year) for row in table]
    return tuple(sorted(tasks, key=lambda task: task.span)), targets


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
    due = _due(f"完成时限：{cells['due']}", year) if cells["due"] else _due(cells["task"], year)
    return Task(
        cells["number"], title, text[slice(*row.span)], row.span, row.chapter, lead, support, (), due,
        _own(targets, row.span),
    )  # fmt: skip


def _own(targets: Sequence[Target], span: Span) -> tuple[int, ...]:
    first = bisect_left(targets, span[0], key=_begins)
    return tuple(range(first, bisect_left(targets, span[1], key=_begins)))


def _targets_of_plan(text: str, bodies: Sequence[Span], figures: Sequence[Figure]) -> list[Target]:
    """In a task every number demanded; outside of tasks (总体要求) only floors and ceilings."""
    targets = _targets_in(text, [(0, len(text))], figures)
    starts = [start for start, _ in bodies]

    def in_task(target: Target) -> bool:
        place = bisect_left(starts, target.span[1]) - 1
        return not bodies or (place >= 0 and target.span[0] < bodies[place][1])

    return [target for target in targets if target.compare != "=" or in_task(target)]


def _items(outline: Sequence[Heading]) -> list[tuple[Heading, str]]:
    """The lowest numbered items with their chapter; general chapters (总体要求) hold no tasks."""
    general, closing = (tuple(words("plans")[key]) for key in ("general_chapters", "closing_chapters"))
    deep = any(heading.children for heading in outline)
    found: list[tuple[Heading, str]] = []
    for chapter in outline:
        if chapter.title.startswith(general) and (len(chapter.title) <= 12 or not chapter.children):
            continue
        short = len(chapter.title) <= 6 or chapter.title.startswith(closing)
        if deep and not chapter.children and chapter.level == 1 and short:
            continue
        for heading in chapter.walk():
            if not heading.children:
                found.append((heading, chapter.title))
    return found


def _task(text: str, heading: Heading, chapter: str, targets: Sequence[Target], year: int | None) -> Task:
    start, end = heading.body
    body = text[start:end].rstrip()
    end = start + len(body)
    lead, support = responsible_units(body)
    units = tuple(
        unit for unit in named_units(body[len(heading.number) :]) if unit not in lead and unit not in support
    )
    return Task(
        heading.number,
        heading.title,
        body,
        (start, end),
        chapter,
        lead,
        support,
        units,
        _due(body, year),
        _own(targets, (start, end)),
    )


def _begins(target: Target) -> int:
    return target.span[0]


DUE = re.compile(
    r"(?<!截至)(?<!截止)(?:(?P<year>20\d{2})年|今年|本年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬|份)?)?(?:之|以)?(?:前|底前|内)"
    r"|(?:(?P<qyear>20\d{2})年)?第?(?P<quarter>[一二三四1234])季度(?:末|底|前|内|结束前|完成)?"
    r"|(?:(?P<eyear>20\d{2})年)?(?P<end>年底|年末|年内|上半年|下半年)(?:之|以)?前?"
    r"|(?P<by>20\d{2})年(?:12月)?底?前"
)
DUE_FIELD = re.compile(
    r"(?:完成|办结|办理|整改)(?:时限|时间|期限|日期)(?:要求|节点)?[ \t]*[:：]([^；;，,（）()。\n]{2,30})"
)
PARTS = {"上旬": 10, "中旬": 20}


def _due(body: str, year: int | None) -> date | None:
    """The last day by which the task is to be done; 全年 and 每季度 set none."""
    plain = re.sub(r"《[^《》\n]{1,120}》", lambda m: "＿" * len(m[0]), body)
    plain += "".join(
        f"\n{field[1].strip()}前" for field in DUE_FIELD.finditer(plain)
    )  # 「完成时限：6月底」 has no 前
    found = [day for match in DUE.finditer(plain) if (day := _due_of(match, plain, year))]
    return max(found, default=None)


def _due_of(match: re.Match[str], text: str, year: int | None) -> date | None:
    if match["month"]:
        in_year = int(match["year"]) if match["year"] else year
        month = int(match["month"])
        if in_year is None:
            return None
        if match["day"]:
            return make_date(in_year, month, int(match["day"]))
        if match["part"] in PARTS:
            return make_date(in_year, month, PARTS[match["part"]])
        return month_end(in_year, month)
    if match["quarter"]:
        before = text[max(match.start() - 2, 0) : match.start()]
        in_year = int(match["qyear"]) if match["qyear"] else year
        quarter = integer(match["quarter"])
        if in_year is None or quarter is None or before.endswith(("每", "上", "各", "前")):
            return None
        return month_end(in_year, quarter * 3)
    if match["end"]:
        in_year = int(match["eyear"]) if match["eyear"] else year
        return month_end(in_year, 6 if match["end"] == "上半年" else 12) if in_year else None
    return date(int(match["by"]), 12, 31)


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
    behind = CLAUSE.search(text, figure.span[1])
    end = behind.start() if behind else len(text)
    sentence = max(text.rfind(sign, earliest, figure.span[0]) for sign in "。；;\n") + 1
    who = unit_before(text[max(sentence, earliest) : figure.span[0]])
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
