"""One register of all that must be put right, whatever found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import yaml
from django.db.models import Q, QuerySet

from yifa.law.phrases import day
from yifa.ledger.models import Case, CaseAct, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.papers.sheets import Column, write_sheet
from yifa.papers.word import OfficialPaper

ITEM = "rectification_item"
UNSET = "待定整改期限"


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """How each case type says what the register shows."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(
        files("yifa.supervision").joinpath("findings.yaml").read_text(encoding="utf-8")
    )
    return read


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing to be put right, as it stands. `closed_by`: who closed it and when; `again`: how often it was taken up anew."""

    case: Case
    kind: str
    problem: str
    source: str
    document: str
    issuer: str
    order: int | None
    owner: str
    measure: str
    person: str
    due: date | None
    evidence: tuple[str, ...]
    closed_on: date | None
    closed_by: str
    again: int

    @property
    def origin(self) -> tuple[str, str] | None:
        """The page and the key of where it was found, where the system listed it."""
        parts = str(self.case.facts.get("origin_key") or "").split(":")
        if len(parts) < 3:
            return None
        return ("file_review" if parts[0] == "review" else "case"), parts[1]

    @property
    def unset(self) -> bool:
        """Whether it is open and nobody set its day yet."""
        return self.due is None and self.closed_on is None

    @property
    def day_said(self) -> date | str:
        """Until when, or that it is still to be set."""
        return UNSET if self.unset else self.due or ""

    def late(self, today: date) -> bool:
        """Whether its day has passed and it is still open."""
        return self.due is not None and self.closed_on is None and self.due < today


def open_ones(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of some rows that are not closed: a written-off item still has its archiving before it."""
    return rows.filter(closed_on=None).exclude(status__in=["已销号", "待结案"])


def undated(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The items of some rows that are open and for which nobody set a day yet, the oldest first."""
    open_items = open_ones(rows.filter(case_type=ITEM, next_due=None))
    return open_items.filter(facts__due__isnull=True).order_by("opened_on", "pk")


def items_of(case: Case) -> list[Case]:
    """The items that were listed for what was found in a case."""
    found = Case.objects.filter(case_type=ITEM, facts__origin_key__icontains=f":{case.pk}:")
    return list(found.select_related("organization").order_by("opened_on", "pk"))


def origin_of(item: Case) -> Case | None:
    """The case in which the problem of an item was found, where the system listed it from one."""
    parts = str(item.facts.get("origin_key") or "").split(":")
    try:
        pk = UUID(parts[1])
    except (IndexError, ValueError):
        return None
    return Case.objects.filter(pk=pk).select_related("organization").first()


def register(user: User) -> QuerySet[Case]:
    """All that must be or was put right, as far as the user sees it."""
    rows = Case.objects.filter(case_type__in=list(kinds())).select_related("organization")
    return among_units(rows, user)


def standing(case: Case) -> Standing:
    """A case as the register shows it; its acts should have been fetched before."""
    kind, facts = kinds()[case.case_type], case.facts
    acts = sorted(case.acts.all(), key=lambda act: act.position)
    closing = _last(acts, kind["closed"])
    anew = _last(acts, kind["again"])
    if closing and anew and anew.position > closing.position:
        closing = None
    written = facts.get(kind["due"])
    return Standing(
        case=case,
        kind=kind["title"],
        problem=str(facts.get(kind["problem"]) or case.title),
        source=str(facts.get(kind.get("source", "")) or kind.get("said", "")),
        document=str(facts.get(kind.get("document", "")) or case.number),
        issuer=str(facts.get(kind.get("issuer", "")) or ""),
        order=int(facts[kind["order"]]) if facts.get(kind.get("order", "")) else None,
        owner=str(facts.get(kind["owner"]) or case.organization.name),
        measure=_field(acts, kind["measure"]),
        person=_field(acts, kind.get("person")),
        due=date.fromisoformat(written) if written else None,
        evidence=tuple(paper["title"] for act in acts if act.act in kind["done"] for paper in act.evidence),
        closed_on=closing.happened_on if closing else None,
        closed_by=closing.actor if closing else "",
        again=sum(_is(act, kind["again"]) for act in acts),
    )


def _is(act: CaseAct, meant: Mapping[str, Sequence[str]]) -> bool:
    return act.act in meant and (not meant[act.act] or act.outcome in meant[act.act])


def _last(acts: Iterable[CaseAct], meant: Mapping[str, Sequence[str]]) -> CaseAct | None:
    return next((act for act in reversed(list(acts)) if _is(act, meant)), None)


def _field(acts: Sequence[CaseAct], place: Sequence[str] | None) -> str:
    if not place:
        return ""
    return next((str(act.fields.get(place[1]) or "") for act in reversed(acts) if act.act == place[0]), "")


HEADS = (
    "序号",
    "问题",
    "来源",
    "责任单位",
    "责任人",
    "整改措施",
    "整改期限",
    "整改证明材料",
    "状态",
    "销号日期",
    "销号人",
    "反弹次数",
)
WIDTHS = (6, 36, 28, 20, 10, 36, 14, 24, 12, 12, 10, 9)
ON_PAPER = (13, 40, 44, 28, 18, 36, 33, 25, 18, 33)  # shares of the line, of the first columns


def in_order(rows: Iterable[Standing]) -> list[Standing]:
    """Paper by paper in the order of their issuers, the oldest first; those without a number behind, by day."""
    listed = list(rows)
    first: dict[str, tuple[date, int]] = {}
    for row in listed:
        if row.order is not None:
            begun = (row.case.opened_on or date.min, row.order)
            first[row.document] = min(begun, first.get(row.document, begun))

    def place(row: Standing) -> tuple[Any, ...]:
        by_day = (row.case.opened_on or date.min, str(row.case.pk))
        return (
            (1, *by_day) if row.order is None else (0, *first[row.document], row.document, row.order, *by_day)
        )

    return sorted(listed, key=place)


def cells(number: int, row: Standing) -> list[Any]:
    """A row as sheets and papers have it: numbered through, with its place in the paper it comes from."""
    return [
        number, row.problem, _origin(row), row.owner, row.person, row.measure, row.day_said, "、".join(row.evidence),
        row.case.status, row.closed_on, row.closed_by, row.again,
    ]  # fmt: skip


def _origin(row: Standing) -> str:
    """Who found it, in which paper, and where it stands there."""
    place = f"第{row.order}项" if row.order else ""
    paper = row.document if row.document != row.case.number else ""
    return f"{row.source}（{paper}{place}）" if paper or place else row.source


def write_list(target: IO[bytes], rows: Sequence[Standing]) -> None:
    """The list as an Excel file."""
    columns = [Column(head, width, wrap=width >= 20) for head, width in zip(HEADS, WIDTHS, strict=True)]
    write_sheet(
        target, "整改台账", columns, (cells(number, row) for number, row in enumerate(in_order(rows), 1))
    )


def write_paper(path: Path, title: str, body: Organization, today: date, rows: Sequence[Standing]) -> None:
    """The list as a Word file, on its side, in the issuer's order."""
    paper = OfficialPaper(title, body.name)
    paper.landscape()
    paper.title(title, note=f"（截至{day(today)}，共{len(rows)}项）")
    table: list[list[str]] = [list(HEADS[:10])]
    table += [
        [_said(cell) for cell in cells(number, row)[:10]] for number, row in enumerate(in_order(rows), 1)
    ]
    paper.table(table, ON_PAPER, centred={0, 6, 9})
    paper.signature(body.name, day(today))
    paper.save(path)


def _said(cell: Any) -> str:
    if isinstance(cell, date):  # the year above month and day: columns are narrow
        return f"{cell.year}年\n{cell.month}月{cell.day}日"
    return str(cell if cell is not None else "")


def matching(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Rows with these words in title, topic, number or the number of the paper they come from."""
    return rows.filter(
        Q(title__icontains=words)
        | Q(number__icontains=words)
        | Q(facts__document__icontains=words)
        | Q(facts__topic__icontains=words)
        | Q(facts__report_no__icontains=words)
    )
