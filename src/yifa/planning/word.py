"""The plan as an official Word document with its table of responsibility, and that table as a sheet."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from yifa.ledger.actions.base import today
from yifa.papers.pdf import require_office, to_pdf
from yifa.papers.sheets import Book
from yifa.papers.sheets import Column as SheetColumn
from yifa.papers.struck import Struck
from yifa.papers.word import OfficialPaper, RunIn
from yifa.papers.writing import written_whole
from yifa.planning.duties import Duties, Duty, duties, said, short
from yifa.planning.history import changed_since_issue
from yifa.planning.models import SHOWN, Plan, Task
from yifa.planning.sentences import front_of
from yifa.reading.lexicon import alternatives, words

ANNEX = "任务责任分解表"
DUE = "完成时限"
CENTRED = {"序号", DUE}
UNCLOSED = re.compile(r"[\w）)”’》〉]\Z")
TABLE_NAME = re.compile(r"(?:任务|工作|责任|任务责任)?(?:分解|分工|责任|任务|清单)表\Z")
DUE_LINE = re.compile(
    r"\n完成时限：[^\n]*\Z"
)  # what a sheet said of the day stands in the brackets behind the item


def write(plan: Plan, path: Path) -> None:
    """Writes the plan to `path` (.docx). Raises WritingError."""
    paper = OfficialPaper(plan.title, plan.organization.name)
    if plan.document_number:
        paper.number(plan.document_number)
    paper.title(plan.title, note=_standing(plan))
    for line in front_of(plan):
        paper.paragraph(line)
    _body(paper, plan)
    paper.annexes([ANNEX])
    paper.signature(plan.organization.name, said(plan.issued_on) if plan.issued_on else "　　年　月　日")
    _annex(paper, plan, duties(plan))
    paper.save(path)


def _standing(plan: Plan) -> str:
    """What stands below the title: that it is not in force, or no longer as it was issued under its number and day."""
    if plan.state != Plan.State.ISSUED:
        return f"（{plan.get_state_display()}）"
    return f"（含印发以后的调整，截至{said(today())}）" if changed_since_issue(plan) else ""


def _body(paper: OfficialPaper, plan: Plan) -> None:
    chapter: int | None = None
    for task in plan.shown.filter(parent=None).select_related("chapter").prefetch_related(*SHOWN):
        if task.chapter is not None and task.chapter_id != chapter:
            paper.heading(1, str(task.chapter))
        chapter = task.chapter_id
        head, *further = item_lines(task)
        if task.cancelled:
            paper.paragraph(Struck(head[0], 2), Struck(head[1]), f"（{task.cancellation}）")
            continue
        paper.paragraph(RunIn(head[0], 2), head[1])
        for _, line in further:
            paper.paragraph(line)


def item_lines(task: Task) -> list[tuple[str, str]]:
    """An item as paragraphs: (number and title, words) for the first, ("", words) for the others; units at its end."""
    number = f"{task.number}." if task.number.isdigit() else task.number
    text = without_units(DUE_LINE.sub("", task.text.strip()))
    rest = text.removeprefix(task.number).lstrip()
    title = task.title.rstrip("。")
    if title.endswith("…") or not rest.startswith(title):
        head, body = (number, rest) if title.endswith("…") else (f"{number}{title}。", rest)
    else:
        head, body = f"{number}{title}。", rest[len(title) :].lstrip("。：:；; 　")
    lines = [_closed(line.strip()) for line in body.split("\n") if line.strip()] or [""]
    lines[-1] += f"（{units_of(task)}）" if units_of(task) else ""
    return [(head, lines[0]), *(("", line) for line in lines[1:])]


def _closed(line: str) -> str:
    """The line with a sign at its end, which cells of sheets lack."""
    return line if UNCLOSED.search(line) is None else f"{line}。"


def units_of(task: Task) -> str:
    """Who does the task until when, as it stands behind an item."""
    parts = (
        ("牵头单位", "、".join(map(short, task.leads))),
        ("配合单位", "、".join(map(short, task.support))),
        ("完成时限", said(task.due) if task.due else ""),
    )
    return "；".join(f"{name}：{value}" for name, value in parts if value)


@cache
def _labels() -> re.Pattern[str]:
    named = alternatives(
        [*words("plans")["lead"], *words("plans")["responsible"], *words("plans")["support"]]
    )
    field = rf"(?:{named}|完成时[限间]|完成期限)(?:[（(][^（()）\n]{{1,10}}[)）])?[ \t]*[:：][^。\n]*"
    return re.compile(rf"[\n ]*[（(〔【]?(?:{field})[。）)〕】]*\s*\Z")


def without_units(text: str) -> str:
    """The words without the units and days at their end: the document says there who is responsible now."""
    found = _labels().search(text)
    return text[: found.start()].rstrip() if found else text


def _annex(paper: OfficialPaper, plan: Plan, table: Duties) -> None:
    paper.annex(f"{TABLE_NAME.sub('', plan.title)}{ANNEX}", landscape=True)
    heads = [column.title for column in table.columns]
    rows: list[Sequence[str | Struck]] = [heads, *_texts(table)]
    centred = {place for place, head in enumerate(heads) if head in CENTRED}
    paper.table(rows, [column.width for column in table.columns], centred=centred)


def _texts(table: Duties) -> Iterator[list[str | Struck]]:
    for row in table.rows:
        yield [row.chapter] if row.chapter else _struck(table, row)


def _struck(table: Duties, row: Duty) -> list[str | Struck]:
    """The cells; those of a cancelled task struck out but for the one that says so."""
    if row.task is None or not row.task.cancelled:
        return list(row.cells)
    due = [column.title for column in table.columns].index(DUE)
    return [cell if place == due else Struck(cell) for place, cell in enumerate(row.cells)]


def write_pdf(plan: Plan, path: Path) -> None:
    """Writes the same document to `path` (.pdf). Raises NoOfficeError, ConversionError, WritingError."""
    require_office()
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / "plan.docx"
        write(plan, word)
        to_pdf(word, path)


def write_sheet(plan: Plan, path: Path) -> None:
    """Writes the table of responsibility to `path` (.xlsx), one row a task, the day as a day. Raises WritingError."""
    table = duties(plan)
    heads = [column.title for column in table.columns]
    due = heads.index(DUE)
    columns = [SheetColumn("章", 18, wrap=True)]
    columns += [SheetColumn(column.title, column.width * 2, wrap=True) for column in table.columns]
    followed = (
        plan.state != Plan.State.DRAFT
    )  # nothing is under way in a draft, whose table comes back filled in
    columns += [SheetColumn("进展", 10)] if followed else []
    columns.append(SheetColumn("内容", 60, wrap=True))
    book = Book()
    sheet = book.sheet(ANNEX, columns)
    for row in table.rows:
        if row.task is not None:
            cells: list[object] = [*_struck(table, row)]
            if not row.task.cancelled:
                cells[due] = row.task.due
                if row.task.number.startswith(("(", "（")):  # (一) read in again without its brackets is 一、
                    cells[0] = row.task.number
            chapter = str(row.task.chapter) if row.task.chapter else ""
            state = [row.task.state_label] if followed else []
            sheet.append([chapter, *cells, *state, row.task.text])
    with written_whole(path) as draft, draft.open("wb") as target:
        book.save(target)
