"""One register of all that must be put right, whatever found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import yaml
from django.db.models import Q, QuerySet

from yifa.ledger.models import Case, CaseAct, Organization, User
from yifa.ledger.scoping import among_units
from yifa.papers.sheets import Column, write_sheet
from yifa.papers.word import OfficialPaper
from yifa.procedures.wording import day

ITEM = "rectification_item"


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

    def late(self, today: date) -> bool:
        """Whether its day has passed and it is still open."""
        return self.due is not None and self.closed_on is None and self.due < today


def open_ones(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of some rows that are not closed: a written-off item still has its archiving before it."""
    return rows.filter(closed_on=None).exclude(status__in=["已销号", "待结案"])


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
WIDTHS = (6, 44, 14, 24, 12, 44, 14, 30, 14, 14, 12, 8)


def in_order(rows: Iterable[Standing]) -> list[Standing]:
    """In the order of the paper they come from; those without a number behind, by day."""
    return sorted(
        rows,
        key=lambda row: (row.order is None, row.order or 0, row.case.opened_on or date.min, str(row.case.pk)),
    )


def cells(number: int, row: Standing) -> list[Any]:
    """A row as sheets and papers have it."""
    return [
        row.order or number, row.problem, row.source, row.owner, row.person, row.measure, row.due, "、".join(row.evidence),
        row.case.status, row.closed_on, row.closed_by, row.again,
    ]  # fmt: skip


def write_list(target: IO[bytes], rows: Sequence[Standing]) -> None:
    """The list as an Excel file."""
    columns = [Column(head, width, wrap=width > 20) for head, width in zip(HEADS, WIDTHS, strict=True)]
    write_sheet(
        target, "整改台账", columns, (cells(number, row) for number, row in enumerate(in_order(rows), 1))
    )


def write_paper(path: Path, title: str, body: Organization, today: date, rows: Sequence[Standing]) -> None:
    """The list as a Word file, on its side, in the issuer's order."""
    paper = OfficialPaper(title, body.name)
    paper.annex(title, landscape=True)
    table: list[list[str]] = [list(HEADS[:10])]
    table += [
        [_said(cell) for cell in cells(number, row)[:10]] for number, row in enumerate(in_order(rows), 1)
    ]
    paper.table(table, [width / 10 for width in WIDTHS[:10]], centred={0})
    paper.signature(body.name, day(today))
    paper.save(path)


def _said(cell: Any) -> str:
    return day(cell) if isinstance(cell, date) else str(cell if cell is not None else "")


def matching(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Rows with these words in title, topic, number or the number of the paper they come from."""
    return rows.filter(
        Q(title__icontains=words)
        | Q(number__icontains=words)
        | Q(facts__document__icontains=words)
        | Q(facts__topic__icontains=words)
        | Q(facts__report_no__icontains=words)
    )
