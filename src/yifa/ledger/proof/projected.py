"""Do the rows in use agree with the records, and the files with their names?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

from yifa.law.errors import YifaError
from yifa.law.schema import CaseType
from yifa.ledger.chain.attachments import digest_of, path_of
from yifa.ledger.chain.faults import Chain, Fault
from yifa.ledger.chain.stored import column_names, plain, rows, unrecorded
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, CaseAct, CaseClock, CaseFinding, Entry, EntryVersion, Handover, Subject
from yifa.ledger.proof.spanfaults import StoredSpans, Tallies, stored_tallies
from yifa.ledger.rows.astray import astray
from yifa.ledger.rows.kinds import outdated
from yifa.ledger.rows.projections import organization_ids
from yifa.ledger.rows.values import CaseRows, Values, case_rows, entry_rows

Children = dict[str, list[Values]]
DIFFERS = "投影与台账不符：{what}。记录为准，核实原因后运行 yifa ledger rebuild 恢复。"
ASTRAY = 100  # as many are named in each table
COLUMN_NAMES = {
    "happened_on": "日期", "outcome": "结果", "act": "环节", "actor": "办理人", "unit": "单位", "role": "角色",
    "fields": "内容", "evidence": "材料", "entered": "录入方式", "corrected": "更正标记",
    "listed": "所引条目", "record": "所依记录",
    "title": "名称", "number": "编号", "facts": "情况", "opened_on": "开立日期", "closed_on": "办结日期",
    "status": "状态", "next_due": "下一期限", "next_clock": "下一时限", "broken": "超期数", "findings_count": "问题数",
    "organization": "单位", "case_type": "事项类型", "level": "层级", "jurisdiction": "法域", "length": "记录条数",
    "head": "末条摘要", "opened_by": "开立人", "register": "清单", "key": "标识", "data": "内容", "begins": "起始日期",
    "ends": "截止日期", "version": "版本", "withdrawn": "撤下标记", "reason": "理由", "due": "期限",
    "started_on": "起算日期", "stopped_on": "截停日期", "paused": "中止标记", "minimum": "类别",
    "last": "末条记录", "counted": "计入数字的内容",
}  # fmt: skip


DERIVED = frozenset(
    {"opened_on", "closed_on", "status", "next_due", "next_clock", "broken", "findings_count"}
)


class Projections:
    """Looks at rows in use and files, stretch of chains by stretch, so that memory holds one stretch.

    Of kinds of which catalogue or calendar changed since the rows were made, what follows from the rules (status, clocks,
    findings, what counts) is left alone: it is old, not wrong, until it is made anew.
    """

    def __init__(self) -> None:
        self._given = _Given(frozenset(outdated()), stored_tallies(), organization_ids())
        self._files = _Files()
        self._cases: list[Fault] = []
        self._entries: list[Fault] = []

    def look_at(self, chains: Sequence[Chain]) -> None:
        """Notes what differs from what some chains give. Not to be asked of chains that do not hold themselves."""
        cases = [chain for chain in chains if chain.subject == Subject.CASE]
        self._cases += _Cases(self._given, _ids(cases)).faults(cases) if cases else []
        entries = [chain for chain in chains if chain.subject == Subject.ENTRY]
        self._entries += _Entries(self._given, _ids(entries)).faults(entries) if entries else []
        for chain in chains:
            self._files.look_at(chain)

    def faults(self) -> list[Fault]:
        """All that was noted, with the rows of which there is no record."""
        return [
            *self._cases,
            *_unrecorded(Case, Subject.CASE),
            *_astray(Subject.CASE),
            *self._entries,
            *_unrecorded(Entry, Subject.ENTRY),
            *_astray(Subject.ENTRY),
            *self._files.faults,
        ]


@dataclass(frozen=True, slots=True)
class _Given:
    """What all stretches are looked at with."""

    old: Container[str]
    tallies: Tallies
    organizations: dict[str, int]


def _ids(chains: Sequence[Chain]) -> list[UUID]:
    found = []
    for chain in chains:
        with suppress(ValueError):  # a forged id is no case's
            found.append(UUID(chain.id))
    return found


def _unrecorded(model: type[models.Model], subject: Subject) -> Iterator[Fault]:
    what = DIFFERS.format(what="台账里没有它的任何记录")
    for row in unrecorded(model, ["id", "title"], subject):
        message = f"{subject.label}“{row['title']}”：{what}"
        yield Fault("projection", f"{subject}/{row['id']}", message, str(row["id"]), title=str(row["title"]))


def _astray(subject: Subject) -> Iterator[Fault]:
    for lost, named in astray(subject):
        what = f"{lost.model._meta.db_table} 表里有行属于台账里没有的{subject.label}"
        for found in lost.values_list(named, flat=True).distinct()[:ASTRAY]:
            yield Fault("projection", f"{subject}/{found}", DIFFERS.format(what=what), str(found))


def projected(model: type[models.Model], values: Values) -> Values:
    """Projected values under the names `stored.rows` gives."""
    fields = model._meta.concrete_fields
    return {field.name: plain(values[field.attname]) for field in fields if field.attname in values}


def differing(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Columns whose values differ."""
    return [name for name, value in expected.items() if found.get(name) != value]


def _said(names: Iterable[str]) -> str:
    return "、".join(COLUMN_NAMES.get(name, name) for name in names) + "不同"


def _in_any_order(found: Iterable[Values]) -> list[str]:
    return sorted(repr(sorted(values.items())) for values in found)


def _children(model: type[models.Model], parent: str, ids: Sequence[UUID], order: str) -> Children:
    grouped: Children = defaultdict(list)
    for row in rows(model, column_names(model), [parent, order], {parent: ids}) if ids else ():
        grouped[str(row[parent])].append(row)
    return grouped


def _stored(model: type[models.Model], ids: Sequence[UUID]) -> dict[str, Values]:
    found = rows(model, column_names(model), among={"id": ids}) if ids else ()
    return {str(row["id"]): row for row in found}


class _Cases:
    """Some cases with their acts, clocks and findings."""

    def __init__(self, given: _Given, ids: Sequence[UUID]) -> None:
        self.old, self.organizations = given.old, given.organizations
        self.spans = StoredSpans(given.tallies, "case_id", ids)
        self.stored = _stored(Case, ids)
        self.acts = _children(CaseAct, "case", ids, "position")
        self.clocks = _children(CaseClock, "case", ids, "id")
        self.findings = _children(CaseFinding, "case", ids, "id")
        self.handovers = _children(Handover, "case", ids, "id")

    def faults(self, chains: Sequence[Chain]) -> list[Fault]:
        return [fault for chain in chains for fault in self._case(chain)]

    def _case(self, chain: Chain) -> list[Fault]:
        history = chain.case
        if history is None:
            return [chain.fault_on("damaged", "记录已损坏，读不成一件事项。")]
        try:
            expected = case_rows(history, self.organizations)
            case_type = case_type_of(history.case_type)
        except YifaError as error:
            return [chain.fault_on("damaged", error.message)]
        stored = self.stored.get(chain.id)
        if stored is None:
            return [chain.fault_on("projection", DIFFERS.format(what="列表里没有这个事项"))]
        found = self._acts(chain, case_type, [projected(CaseAct, values) for values in expected.acts])
        names = differing(projected(Case, expected.case), stored)
        if case_type.case_type in self.old:
            names = [name for name in names if name not in DERIVED]
        if names:
            found.append(
                chain.fault_on(
                    "projection", DIFFERS.format(what=_said(names)), day=plain(expected.case["opened_on"])
                )
            )
        if case_type.case_type not in self.old:
            found += self._derived(chain, expected)
        return found

    def _derived(self, chain: Chain, expected: CaseRows) -> list[Fault]:
        found = []
        for model, wanted, here, what in (
            (CaseClock, expected.clocks, self.clocks, "时限"),
            (CaseFinding, expected.findings, self.findings, "问题"),
            (Handover, expected.handovers, self.handovers, "移交的单位"),
        ):
            if _in_any_order(projected(model, values) for values in wanted) != _in_any_order(
                here.get(chain.id, [])
            ):
                found.append(chain.fault_on("projection", DIFFERS.format(what=f"{what}不同")))
        if self.spans.differ(expected.spanned()):
            found.append(chain.fault_on("projection", DIFFERS.format(what="计入数字的内容不同")))
        return found

    def _acts(self, chain: Chain, case_type: CaseType, expected: list[Values]) -> list[Fault]:
        stored = {row["position"]: row for row in self.acts.get(chain.id, [])}
        found = []
        for act in expected:
            row = stored.pop(act["position"], None)
            names = differing(act, row) if row else []
            if row is None or names:
                what = DIFFERS.format(what=_said(names) if row else "没有这个环节")
                found.append(self._act_fault(chain, case_type, act, what))
        for row in stored.values():
            found.append(self._act_fault(chain, case_type, row, DIFFERS.format(what="台账里没有这个环节")))
        return found

    def _act_fault(self, chain: Chain, case_type: CaseType, act: Values, what: str) -> Fault:
        known = case_type.acts.get(str(act["act"]))
        return chain.fault_on(
            "projection", what, act=known.title if known else str(act["act"]), day=act["happened_on"]
        )


class _Entries:
    """Some register entries with their versions."""

    def __init__(self, given: _Given, ids: Sequence[UUID]) -> None:
        self.old = given.old
        self.spans = StoredSpans(given.tallies, "entry_id", ids)
        self.stored = _stored(Entry, ids)
        self.versions = _children(EntryVersion, "entry", ids, "version")

    def faults(self, chains: Sequence[Chain]) -> list[Fault]:
        return [fault for chain in chains for fault in self._entry(chain)]

    def _entry(self, chain: Chain) -> list[Fault]:
        history = chain.entry
        if history is None:
            return [chain.fault_on("damaged", "记录已损坏，读不成一个条目。")]
        try:
            expected = entry_rows(history)
        except YifaError as error:
            return [chain.fault_on("damaged", error.message)]
        stored = self.stored.get(chain.id)
        if stored is None:
            return [chain.fault_on("projection", DIFFERS.format(what="清单里没有这个条目"))]
        names = differing(projected(Entry, expected.entry), stored)
        wanted = [projected(EntryVersion, values) for values in expected.versions]
        if wanted != self.versions.get(chain.id, []):
            names.append("version")
        if history.register not in self.old and self.spans.differ(expected.spanned()):
            names.append("counted")
        day = plain(history.versions[-1].happened_on)
        return (
            [chain.fault_on("projection", DIFFERS.format(what=_said(dict.fromkeys(names))), day=day)]
            if names
            else []
        )


class _Files:
    """Files that acts name as evidence and that are gone or not the same any more."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._whole = lru_cache(10_000)(_is_whole)

    def look_at(self, chain: Chain) -> None:
        for place, line in enumerate(chain.lines):
            for paper in _papers(line.payload) if line else ():
                sha256 = str(paper["attachment"])
                if not self._whole(sha256):
                    what = f"附件“{paper.get('title')}”的文件缺失或被改动（{sha256[:12]}…）。"
                    self.faults.append(chain.fault("attachment", place, what))


def _is_whole(sha256: str) -> bool:
    path = path_of(sha256)
    return path.is_file() and digest_of(path) == sha256


def _papers(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    changes = payload.get("changes")
    source = changes if isinstance(changes, dict) else payload
    papers = source.get("evidence")
    if not isinstance(papers, list):
        return []
    return [paper for paper in papers if isinstance(paper, dict) and paper.get("attachment")]
