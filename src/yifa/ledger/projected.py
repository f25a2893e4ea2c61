"""Do the rows in use agree with the records, and the files with their names?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from yifa.law.errors import YifaError
from yifa.law.schema import CaseType
from yifa.ledger.attachments import digest_of, path_of
from yifa.ledger.faults import Chain, Fault
from yifa.ledger.kinds import outdated
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, CaseAct, CaseClock, CaseFinding, Entry, EntryVersion, Subject
from yifa.ledger.projections import organization_ids
from yifa.ledger.rows import CaseRows, Values, case_rows, entry_rows
from yifa.ledger.spanfaults import StoredSpans
from yifa.ledger.stored import column_names, plain, rows

Children = dict[str, list[Values]]
DIFFERS = "投影与台账不符：{what}。记录为准，核实原因后运行 yifa ledger rebuild 恢复。"
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


def projection_faults(chains: Sequence[Chain], unsound: Container[str] = ()) -> list[Fault]:
    """Rows in use that differ from what the records give; not asked of chains that do not hold themselves.

    Of kinds of which catalogue or calendar changed since the rows were made, what follows from the rules (status, clocks,
    findings, what counts) is left alone: it is old, not wrong, until it is made anew.
    """
    old = frozenset(outdated())
    spans = StoredSpans()
    return [*_Cases(old, spans).faults(chains, unsound), *_Entries(old, spans).faults(chains, unsound)]


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


def _children(model: type[models.Model], parent: str, order: Sequence[str]) -> Children:
    grouped: Children = defaultdict(list)
    for row in rows(model, column_names(model), order):
        grouped[str(row[parent])].append(row)
    return grouped


class _Cases:
    """Cases with their acts, clocks and findings."""

    def __init__(self, old: Container[str], spans: StoredSpans) -> None:
        self.old, self.spans = old, spans
        self.organizations = organization_ids()
        self.stored = {str(row["id"]): row for row in rows(Case, column_names(Case))}
        self.acts = _children(CaseAct, "case", ["case", "position"])
        self.clocks = _children(CaseClock, "case", ["case", "id"])
        self.findings = _children(CaseFinding, "case", ["case", "id"])

    def faults(self, chains: Sequence[Chain], unsound: Container[str]) -> list[Fault]:
        found: list[Fault] = []
        known = set()
        for chain in chains:
            if chain.subject == Subject.CASE:
                known.add(chain.id)
                found += [] if chain.id in unsound else self._case(chain)
        for case_id, row in self.stored.items():
            if case_id not in known:
                what = DIFFERS.format(what="台账里没有它的任何记录")
                found.append(
                    Fault(
                        "projection",
                        f"case/{case_id}",
                        f"事项“{row['title']}”：{what}",
                        case_id,
                        title=str(row["title"]),
                    )
                )
        return found

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
    """Register entries with their versions."""

    def __init__(self, old: Container[str], spans: StoredSpans) -> None:
        self.old, self.spans = old, spans
        self.stored = {str(row["id"]): row for row in rows(Entry, column_names(Entry))}
        self.versions = _children(EntryVersion, "entry", ["entry", "version"])

    def faults(self, chains: Sequence[Chain], unsound: Container[str]) -> list[Fault]:
        found: list[Fault] = []
        known = set()
        for chain in chains:
            if chain.subject == Subject.ENTRY:
                known.add(chain.id)
                found += [] if chain.id in unsound else self._entry(chain)
        for entry_id, row in self.stored.items():
            if entry_id not in known:
                what = DIFFERS.format(what="台账里没有它的任何记录")
                found.append(
                    Fault(
                        "projection",
                        f"entry/{entry_id}",
                        f"条目“{row['title']}”：{what}",
                        entry_id,
                        title=str(row["title"]),
                    )
                )
        return found

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


def attachment_faults(chains: Sequence[Chain]) -> list[Fault]:
    """Files that acts name as evidence and that are gone or not the same any more."""
    found: list[Fault] = []
    sound: dict[str, bool] = {}
    for chain in chains:
        for place, line in enumerate(chain.lines):
            for paper in _papers(line.payload) if line else ():
                sha256 = str(paper["attachment"])
                if sha256 not in sound:
                    path = path_of(sha256)
                    sound[sha256] = path.is_file() and digest_of(path) == sha256
                if not sound[sha256]:
                    what = f"附件“{paper.get('title')}”的文件缺失或被改动（{sha256[:12]}…）。"
                    found.append(chain.fault("attachment", place, what))
    return found


def _papers(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    changes = payload.get("changes")
    source = changes if isinstance(changes, dict) else payload
    papers = source.get("evidence")
    if not isinstance(papers, list):
        return []
    return [paper for paper in papers if isinstance(paper, dict) and paper.get("attachment")]
