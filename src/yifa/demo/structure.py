"""What the invented county does with this year's plan besides reading it, through the actions of planning."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from yifa.law.datafiles import parsed
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry, Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.planning.actions import (
    AssignTask,
    GradePlan,
    ImportFindings,
    LinkClauses,
    Part,
    SetBearers,
    SetDue,
    SplitTask,
    TakeOver,
    TakeUpProblem,
    UpperItem,
)
from yifa.planning.clauses import clauses_for
from yifa.planning.findings import read_findings
from yifa.planning.models import Chapter, Plan, Task
from yifa.planning.problems import REGISTER
from yifa.reading import read_text


def before_issue(plan: Plan, today: date) -> None:
    """Divided, led by two, taken up, linked, and with somebody responsible for every task."""
    given = _given(plan.year)
    names = UnitNames(plan.organization, plan.year)
    split, led = given["split"], given["co_leads"]
    SplitTask(
        actor=None, task=_task(plan, split), parts=[Part(text=text) for text in split["parts"]]
    ).execute()
    AssignTask(
        actor=None,
        task=_task(plan, led),
        lead=names.find(led["lead"]).organization,
        co_leads=names.clear(led["others"]),
    ).execute()
    for problem, entry in zip(given["problems"], _problems(plan, given["problems"], today), strict=True):
        if "chapter" in problem or "task" in problem:
            TakeUpProblem(
                actor=None,
                plan=plan,
                problem=entry,
                task=_task(plan, {"number": problem["task"]}) if "task" in problem else None,
                chapter=_chapter(plan, problem),
                leads=names.clear(["县司法局"]),
                due=date(plan.year, 12, 31),
            ).execute()
    _take_over(plan, given["upper"], names)
    clauses = clauses_for(plan)[: given["clauses"]]
    LinkClauses(actor=None, plan=plan, pairs=list(zip(plan.items, clauses, strict=False))).execute()
    SetBearers(actor=None, tasks=list(plan.items), **given["bearers"]).execute()
    GradePlan(actor=None, plan=plan, graded=True).execute()


def after_issue(plan: Plan, today: date) -> None:
    """A day is put off with its reason; an inspection's findings come in."""
    given = _given(plan.year)
    amended, paper = given["amended"], given["findings"]
    due = date.fromisoformat(amended["due"])
    SetDue(actor=None, task=_task(plan, amended), due=due, reason=amended["reason"]).execute()
    on = date.fromisoformat(paper["received"])
    if on >= today:
        return
    found = read_findings(read_text(paper["text"], "整改清单.txt"), plan.organization, plan.year)
    ImportFindings(
        actor=None,
        organization=plan.organization,
        document_number=paper["document_number"],
        issuer=paper["issuer"],
        topic=paper["topic"],
        on=on,
        findings=found.findings,
        faults=found.faults,
    ).execute()


def _take_over(plan: Plan, upper: dict[str, Any], names: UnitNames) -> None:
    item = UpperItem(
        number=upper["number"], title=upper["item_title"], text=upper["text"], due=date(plan.year, 12, 31)
    )
    TakeOver(
        actor=None,
        plan=plan,
        title=upper["title"],
        document_number=upper["document_number"],
        items=[item],
        chapter=_chapter(plan, upper),
        leads=names.clear([upper["lead"]]),
    ).execute()


def _problems(plan: Plan, given: list[dict[str, Any]], today: date) -> list[Entry]:
    """The problems last year's report stated, where the register has none of that year yet."""
    body, year = plan.organization, plan.year - 1
    entries = Entry.objects.filter(register=REGISTER, organization=body, key__startswith=f"{year}-")
    known = {entry.data["content"]: entry for entry in entries}
    first = len(known) + 1
    return [
        known.get(problem["content"]) or _problem(body, year, number, problem, today)
        for number, problem in enumerate(given, start=first)
    ]


def problems(year: int) -> list[dict[str, Any]]:
    """The problems that the report of the year before states, and the plan of this year takes up."""
    given: list[dict[str, Any]] = _given(year)["problems"]
    return given


def _problem(body: Organization, year: int, number: int, given: dict[str, Any], today: date) -> Entry:
    stated = min(date(year + 1, 2, 20), today - timedelta(days=1))
    data = {
        "code": f"{year}-{number:02}",
        "year": year,
        "report": f"{body.name}{year}年度法治政府建设情况报告",
        "stated_on": stated.isoformat(),
        "state": "未解决",
        **{name: given.get(name) for name in ("content", "cause", "measure")},
    }
    return PublishEntry(actor=None, organization=body, register=REGISTER, data=data, on=stated).execute()


def _task(plan: Plan, given: dict[str, Any]) -> Task:
    return plan.tasks.get(number=given["number"])


def _chapter(plan: Plan, given: dict[str, Any]) -> Chapter | None:
    return plan.chapters.filter(order=given["chapter"]).first() if "chapter" in given else None


@cache
def _given(year: int) -> dict[str, Any]:
    text = files("yifa.demo").joinpath("structure.yaml").read_text(encoding="utf-8")
    text = text.replace("{year}", str(year)).replace("{last}", str(year - 1))
    known: dict[str, Any] = parsed(text)
    return known
