"""Plans of several years: their clauses, and which task of which year carries each out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yifa.ledger.models import Entry, Organization
from yifa.ledger.models.scoping import within
from yifa.planning.importing import Source
from yifa.planning.models import Plan, Task, TaskClause
from yifa.planning.tables import lines
from yifa.reading.document import Document

CLAUSES, LINKS = "plan_clauses", "clause_tasks"
HEAD, LONGEST = 600, 60  # characters above which a paper names itself, and that its name has
_SPAN = re.compile(r"(20\d\d)\s*年?\s*(?:[-—－–~～至]|——)\s*(20\d\d)\s*年")


@dataclass(frozen=True, slots=True)
class LinkedTask:
    """A task in a cell of the grid: a task of a plan kept here, or what the register says of another."""

    title: str
    plan: str
    result: str
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause in a year. `gap`: the year has begun, the clause holds in it, and there is no task."""

    year: int
    tasks: tuple[LinkedTask, ...]
    holds: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with its years."""

    clause: Entry
    cells: tuple[Cell, ...]

    @property
    def never(self) -> bool:
        """Without a task in any year."""
        return not any(cell.tasks for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A plan of several years: clause by year."""

    title: str
    organization: Organization
    years: tuple[int, ...]
    rows: tuple[ClauseRow, ...]

    @property
    def never(self) -> list[ClauseRow]:
        """The clauses without a task in any year."""
        return [row for row in self.rows if row.never]

    def gaps_in(self, year: int) -> int:
        """How many clauses have no task in a year."""
        return sum(cell.gap for row in self.rows for cell in row.cells if cell.year == year)


def clauses_of(organization: Organization, title: str | None = None) -> list[Entry]:
    """The clauses a body keeps; of one plan of several years, or of all."""
    found = Entry.objects.filter(register=CLAUSES, organization=organization, withdrawn=False)
    rows = [entry for entry in found if title is None or entry.data["plan"] == title]
    return sorted(rows, key=lambda entry: (str(entry.data["plan"]), entry.key))


def clauses_for(plan: Plan) -> list[Entry]:
    """The clauses a yearly plan may carry out: those of its body and of the bodies above that hold in its year."""
    codes = plan.organization.ancestor_codes()
    found = Entry.objects.filter(register=CLAUSES, organization__code__in=codes, withdrawn=False)
    rows = [entry for entry in found if _holds(entry, plan.year)]
    return sorted(rows, key=lambda entry: (str(entry.data["plan"]), entry.key))


def grid(organization: Organization, title: str, today: date) -> Grid:
    """Clause by year, with the tasks of the body's own plans and of the plans of units below it."""
    found = [one for one in grids([organization], today) if one.title == title]
    return found[0] if found else Grid(title, organization, (), ())


def grids(organizations: Iterable[Organization], today: date) -> list[Grid]:
    """All plans of several years that bodies keep."""
    bodies = list(organizations)
    entries = Entry.objects.filter(register=CLAUSES, organization__in=bodies, withdrawn=False)
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries.select_related("organization").order_by("organization__path", "key"):
        grouped.setdefault((entry.organization.path, str(entry.data["plan"])), []).append(entry)
    linked = _linked([path for path, _ in grouped]) if grouped else []
    return [_grid(title, clauses, linked, today) for (_, title), clauses in sorted(grouped.items())]


def _grid(title: str, clauses: list[Entry], linked: list[tuple[Entry, LinkedTask]], today: date) -> Grid:
    body, years = clauses[0].organization, _years(clauses)
    found: dict[tuple[str, int], list[LinkedTask]] = {}
    for entry, task in linked:
        if entry.organization.path.startswith(body.path):
            found.setdefault((str(entry.data["clause"]), int(entry.data["year"])), []).append(task)
    rows = (
        ClauseRow(
            clause,
            tuple(_cell(clause, year, tuple(found.get((clause.key, year), ())), today) for year in years),
        )
        for clause in clauses
    )
    return Grid(title, body, years, tuple(rows))


def _cell(clause: Entry, year: int, tasks: tuple[LinkedTask, ...], today: date) -> Cell:
    holds = _holds(clause, year)
    return Cell(year, tasks, holds, holds and not tasks and year <= today.year)


def _linked(paths: list[str]) -> list[tuple[Entry, LinkedTask]]:
    """What the register links, of bodies below some paths; a task of a plan kept here with its state of today."""
    rows = Entry.objects.filter(within(paths, "organization__path"), register=LINKS, withdrawn=False)
    entries = list(rows.select_related("organization").order_by("key"))
    kept = {
        link.link_id: link.task.standing
        for link in TaskClause.objects.filter(link__in=rows).select_related("task__plan", "task__merged_into")
    }
    return [(entry, _task_of(entry, kept.get(entry.pk))) for entry in entries]


def _task_of(entry: Entry, task: Task | None) -> LinkedTask:
    plan = str(entry.data["plan"])
    if task is not None:
        return LinkedTask(f"{task.number}{task.title}", plan, task.get_state_display(), task)
    return LinkedTask(str(entry.data["task"]), plan, str(entry.data.get("result") or ""))


def _years(clauses: list[Entry]) -> tuple[int, ...]:
    spans = [span for span in map(_span, clauses) if span is not None]
    if not spans:
        return ()
    return tuple(range(min(first for first, _ in spans), max(last for _, last in spans) + 1))


def _span(clause: Entry) -> tuple[int, int] | None:
    if clause.begins is None or clause.ends is None:
        return None
    return clause.begins.year, clause.ends.year


def _holds(clause: Entry, year: int) -> bool:
    span = _span(clause)
    return span is None or span[0] <= year <= span[1]


@dataclass(frozen=True, slots=True)
class FoundClause:
    """A clause as a text or table gives it."""

    number: str
    place: str
    content: str
    owner: str


def read_clauses(document: Source | Document) -> tuple[FoundClause, ...]:
    """The clauses of a plan of several years, from its table or its numbered items."""
    found = []
    for line in lines(document, "clauses", "content"):
        cells = line.cells
        content = " ".join(cells["content"].split())
        found.append(
            FoundClause(
                cells.get("number", str(line.number)), cells.get("place", ""), content, cells.get("owner", "")
            )
        )
    return tuple(found)


def named_in(source: Source) -> tuple[str, tuple[int, int] | None]:
    """The title of a plan of several years and its first and last year, as its paper has them."""
    if source.document is not None:
        title, head = source.document.title or "", source.document.text[:HEAD]
    else:
        rows = [cell for sheet in source.sheets[:1] for row in sheet.rows[:3] for cell in row if cell]
        title, head = "", "\n".join(rows)
    found = _SPAN.search(head)
    if not title:  # its name is none that reading knows: the line that bears the span
        title = next(
            (line.strip() for line in head.split("\n") if _SPAN.search(line) and len(line) < LONGEST), ""
        )
    span = (int(found[1]), int(found[2])) if found else None
    return title, span if span and span[0] < span[1] else None
