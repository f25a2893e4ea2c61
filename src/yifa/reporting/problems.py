"""Problems: what this report states, and what it must say of those that the reports before it stated (D3-05).

The ledger's register `stated_problems` is where plans meet them. A report states its own in `ProblemItem` until it is
submitted; of the earlier ones it must answer each that was not solved when it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.ledger.models import Entry
from yifa.reporting.models import ProblemAnswer, ProblemItem, Report, Section

REGISTER, OUTLINE = "stated_problems", "annual_report"
SOLVED, UNSOLVED = "已解决", "未解决"
STATED, ANSWERED = "shortcomings", "problems_answered"  # where in the outline they stand: by content, by id


@dataclass(frozen=True, slots=True)
class EarlierProblem:
    """A problem that an earlier report stated, and what this one says of it (None: nothing yet)."""

    entry: UUID
    code: str
    year: int
    report: str
    content: str
    measure: str
    tasks: tuple[str, ...]
    state: str  # in the register, today
    answer: ProblemAnswer | None

    @property
    def solved(self) -> bool:
        """Whether it needs no task any more: by what this report says of it, else by the register."""
        return (self.answer.state if self.answer is not None else self.state) == SOLVED


def concerns(report: Report) -> bool:
    """Whether reports of this outline and level state and answer problems."""
    profile = catalogue().levels.get(report.organization.level)
    return report.outline == OUTLINE and profile is not None and REGISTER in profile.registers


def states() -> list[str]:
    """What may be said of a problem."""
    return list(catalogue().registers[REGISTER].fields["state"].choices or ())


def earlier(report: Report) -> tuple[EarlierProblem, ...]:
    """The problems of the years before that this report has to answer, the oldest first."""
    if not concerns(report):
        return ()
    answers = {answer.entry: answer for answer in report.problem_answers.all()}
    entries = Entry.objects.filter(register=REGISTER, organization=report.organization, withdrawn=False)
    found = [
        _earlier(entry, answers.get(entry.pk))
        for entry in entries
        if int(entry.data.get("year") or 0) < report.year
        and (entry.pk in answers or entry.data.get("state") != SOLVED)
    ]
    return tuple(sorted(found, key=lambda problem: (problem.year, problem.code)))


def _earlier(entry: Entry, answer: ProblemAnswer | None) -> EarlierProblem:
    data: dict[str, Any] = entry.data
    return EarlierProblem(
        entry=entry.pk,
        code=entry.key,
        year=int(data.get("year") or 0),
        report=str(data.get("report") or ""),
        content=str(data.get("content") or ""),
        measure=str(data.get("measure") or ""),
        tasks=tuple(data.get("tasks") or ()),
        state=str(data.get("state") or UNSOLVED),
        answer=answer,
    )


def unanswered(report: Report) -> tuple[EarlierProblem, ...]:
    """The problems of the years before of which this report says nothing yet."""
    return tuple(problem for problem in earlier(report) if problem.answer is None)


def place_of_problems(report: Report) -> Section | None:
    """The section in which the report lists its problems: the innermost on shortcomings."""
    found = report.sections.filter(required=STATED).order_by("-level", "order")
    return found.first() if concerns(report) else None


def place_of_answers(report: Report) -> Section | None:
    """The section in which it says what became of the earlier ones."""
    own = report.sections.filter(key=ANSWERED).first()
    return own or place_of_problems(report)


def lines_of(report: Report) -> dict[int, tuple[str, ...]]:
    """What the report prints of problems, by section: its own, one a line, and the answers on earlier ones."""
    items, answers = list(report.problems.all()), list(_answered(report))
    lines: dict[int, tuple[str, ...]] = {}
    place = place_of_answers(report) if answers else None
    if place is not None:
        lines[place.pk] = tuple(answers)
    place = place_of_problems(report) if items else None
    if place is not None:
        lines[place.pk] = lines.get(place.pk, ()) + tuple(
            item_line(number, item) for number, item in enumerate(items, 1)
        )
    return lines


def item_line(number: int, item: ProblemItem) -> str:
    """One problem as printed."""
    return f"{number}.{_ended(item.content)}" + "".join(
        f"{label}：{_ended(text)}"
        for label, text in (("原因", item.cause), ("改进措施", item.measure))
        if text.strip()
    )


def _answered(report: Report) -> Iterator[str]:
    answers = sorted(report.problem_answers.all(), key=lambda said: (said.year, said.pk))
    for number, said in enumerate(answers, 1):
        content = _ended(said.content)[:-1]
        yield f"{number}.{said.year}年度报告指出的“{content}”问题，{said.state}。{_ended(said.text)}"


def _ended(text: str) -> str:
    """One line that ends as a sentence."""
    line = " ".join(text.split())
    return line if line.endswith(("。", "！", "？", "；")) else f"{line}。"
