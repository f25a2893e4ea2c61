"""The findings of an inspection from above: read from its paper, kept as cases, written out as the list of rectification."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db.models import QuerySet

from yifa.ledger.models import Case, CaseAct, Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.papers.sheets import Column, write_sheet
from yifa.planning.importing import Source
from yifa.planning.tables import Line, day_of, lines
from yifa.reading.document import Document
from yifa.reading.numerals import integer
from yifa.reading.units import split_units

CASE_TYPE = "rectification_item"
_BARE = re.compile(r"[（）().．、\s第条项]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as the paper has it, with the unit that keeps it here."""

    order: int
    problem: str
    measure: str
    owner: str
    unit: Organization
    owner_person: str
    due: date | None
    progress: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a paper gives: findings, and what is wrong with which row. Where something is wrong nothing is stored."""

    findings: tuple[Finding, ...]
    faults: tuple[str, ...]


def read_findings(document: Source | Document, organization: Organization, year: int) -> Reading:
    """The findings of a table or of numbered items. `year` is that of days written without one."""
    names = UnitNames(organization, year)
    findings: list[Finding] = []
    faults: list[str] = []
    for line in lines(document, "findings", "problem"):
        wrong = list(_faults(line, names, year))
        faults += wrong
        if not wrong:
            findings.append(_finding(line, names, year))
    seen: dict[int, int] = {}
    for finding in findings:
        seen[finding.order] = seen.get(finding.order, 0) + 1
    faults += [f"序号{order}出现了{times}次，请改为各不相同。" for order, times in seen.items() if times > 1]
    return Reading(tuple(findings), tuple(faults))


def _order(line: Line) -> int:
    return integer(_BARE.sub("", line.cells.get("order", ""))) or line.number


def _where(line: Line) -> str:
    written = line.cells.get("order", "")
    return f"第{line.number}条（序号{written}）" if written else f"第{line.number}条"


def _faults(line: Line, names: UnitNames, year: int) -> Iterable[str]:
    where, cells = _where(line), line.cells
    if not cells.get("problem", "").strip():
        yield f"{where}：没有写问题。"
    owner = cells.get("owner", "")
    if not owner:
        yield f"{where}：没有写责任单位。"
    for name in split_units(owner):
        if names.likely(name) is None:
            may_be = "、".join(unit.name for unit in names.find(name).candidates)
            hint = f"可能是{may_be}，请写全称" if may_be else "请写本级单位的名称"
            yield f"{where}：责任单位“{name}”没有对上本级单位，{hint}。"
    written = cells.get("due", "")
    if written and day_of(written, year) is None:
        yield f"{where}：整改期限“{written}”读不出日期，请写成 2026-06-30 或者 2026年6月底前。"


def _finding(line: Line, names: UnitNames, year: int) -> Finding:
    cells = line.cells
    meant = (names.likely(name) for name in split_units(cells["owner"]))
    units = list(dict.fromkeys(unit for unit in meant if unit is not None))
    return Finding(
        order=_order(line),
        problem=" ".join(cells["problem"].split()),
        measure=cells.get("measure", "").strip(),
        owner="、".join(unit.name for unit in units),
        unit=units[0],
        owner_person=cells.get("owner_person", "").strip(),
        due=day_of(cells["due"], year) if cells.get("due") else None,
        progress=cells.get("progress", "").strip(),
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """The findings of one paper."""

    document: str
    issuer: str
    topic: str
    total: int
    open: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding as it stands today."""

    case: Case
    order: int
    owner: str
    measure: str
    owner_person: str
    due: str
    progress: str
    written_off: date | None


def kept(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of some cases that come from a paper with a number."""
    return cases.filter(case_type=CASE_TYPE, facts__has_key="document")


def batches(cases: QuerySet[Case]) -> list[Batch]:
    """One line for each paper, the latest first."""
    rows = cases.order_by("-opened_on").values_list(
        "facts__document", "facts__issuer", "facts__topic", "closed_on", "status"
    )
    found: dict[str, list[Any]] = {}
    for document, issuer, topic, closed, status in rows:
        row = found.setdefault(document, [issuer or "", topic or "", 0, 0])
        row[2] += 1
        row[3] += closed is None and status != "已销号"
    return [Batch(document, *row) for document, row in found.items()]


def standing(cases: QuerySet[Case], document: str) -> list[Standing]:
    """The findings of one paper in the issuer's order, with their measure and state."""
    own = list(cases.filter(facts__document=document).select_related("organization"))
    acts: dict[Any, dict[str, CaseAct]] = {}
    for act in CaseAct.objects.filter(case__in=own).order_by("happened_on", "position"):
        acts.setdefault(act.case_id, {})[act.act] = act
    rows = [_standing(case, acts.get(case.pk, {})) for case in own]
    return sorted(rows, key=lambda row: (row.order, row.case.opened_on or date.min, str(row.case.pk)))


def _standing(case: Case, acts: dict[str, CaseAct]) -> Standing:
    measure, progress, off = (acts.get(name) for name in ("plan_measure", "progress", "write_off"))
    checked = acts.get("check")
    again = off is not None and checked is not None and checked.position > off.position
    return Standing(
        case=case,
        order=int(case.facts.get("order") or 0),
        owner=str(case.facts.get("owner") or case.organization.name),
        measure=str(measure.fields.get("measure", "")) if measure else "",
        owner_person=str(measure.fields.get("owner_person") or "") if measure else "",
        due=str(case.facts.get("due") or ""),
        progress=str(progress.fields.get("text", "")) if progress else "",
        written_off=off.happened_on if off is not None and not again else None,
    )


COLUMNS = (
    Column("序号", 6), Column("问题", 44, wrap=True), Column("整改措施", 44, wrap=True), Column("责任单位", 24, wrap=True),
    Column("责任人", 12), Column("整改期限", 14), Column("整改进展", 36, wrap=True), Column("状态", 14),
    Column("销号日期", 14), Column("来源文件字号", 22), Column("提出单位", 18),
)  # fmt: skip


def write_list(target: IO[bytes], document: str, rows: Iterable[Standing]) -> None:
    """The 整改台账 of one paper as an Excel file, in the issuer's order."""
    values = (
        (
            row.order, row.case.facts.get("problem", row.case.title), row.measure, row.owner, row.owner_person,
            date.fromisoformat(row.due) if row.due else None, row.progress, row.case.status, row.written_off, document,
            row.case.facts.get("issuer") or "",
        )
        for row in rows
    )  # fmt: skip
    write_sheet(target, "整改台账", COLUMNS, values)
