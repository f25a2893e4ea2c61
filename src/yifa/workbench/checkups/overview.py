"""Many checked texts at a glance: files by rules, sorted and filtered; how often each rule speaks; texts much alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from yifa.checking import RULES
from yifa.checkups.words import rule_title
from yifa.workbench.checkups.kept import Checked, CheckUp
from yifa.workbench.checkups.shown import KINDS, SEVERITIES
from yifa.workbench.figures.charts import Chart, Series

MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the table; `number` from 1 is its address."""

    number: int
    one: Checked
    cells: tuple[int, ...]

    @property
    def kind(self) -> str:
        """What sort of text it is."""
        return KINDS.get(self.one.document.kind, "") if self.one.document else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A rule that speaks somewhere in the batch."""

    rule: str
    title: str
    severity: str
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of many files shows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unread: tuple[Row, ...]
    total: int
    sort: str
    descending: bool


_KEYS: dict[str, Callable[[Row], Any]] = {
    "number": lambda row: row.number,
    "title": lambda row: row.one.title,
    "kind": lambda row: (row.kind, row.number),
    "length": lambda row: row.one.weight,
    "figures": lambda row: len(row.one.document.figures) if row.one.document else 0,
    "error": lambda row: row.one.errors,
    "warning": lambda row: row.one.warnings,
    "notice": lambda row: row.one.notices,
}


def columns(checked: Sequence[Checked]) -> tuple[Column, ...]:
    """The rules that speak, in the order of the registry."""
    counts = Counter(finding.rule for one in checked for finding in one.findings)
    severity = {finding.rule: str(finding.severity) for one in checked for finding in one.findings}
    known = [rule.id for rule in RULES if rule.id in counts]
    rest = sorted(set(counts) - set(known))
    return tuple(Column(rule, rule_title(rule), severity[rule], counts[rule]) for rule in (*known, *rest))


def overview(checkup: CheckUp, query: QueryDict) -> Overview:
    """The table as the address asks for it: `sort`, `order`, `q`, `kind`, `only` (a severity or a rule)."""
    found = columns(checkup.items)
    every = [Row(number, one, _cells(one, found)) for number, one in enumerate(checkup.items, 1)]
    rows = [row for row in every if row.one.document and _wanted(row, query)]
    sort, descending = query.get("sort", "number"), query.get("order") == "desc"
    rules = {column.rule: place for place, column in enumerate(found)}
    if sort in rules:
        rows.sort(key=lambda row: row.cells[rules[sort]], reverse=descending)
    else:
        rows.sort(key=_KEYS.get(sort, _KEYS["number"]), reverse=descending)
    unread = tuple(row for row in every if row.one.document is None)
    return Overview(found, tuple(rows), unread, len(every), sort, descending)


def _cells(one: Checked, found: Sequence[Column]) -> tuple[int, ...]:
    counts = Counter(finding.rule for finding in one.findings)
    return tuple(counts[column.rule] for column in found)


def _wanted(row: Row, query: QueryDict) -> bool:
    document = row.one.document
    words = f"{row.one.name} {row.one.title} {document.issuer if document else ''}"
    only = query.get("only", "")
    return (
        all(word in words for word in query.get("q", "").split())
        and query.get("kind", "") in ("", document.kind if document else "")
        and (not only or any(only in (finding.rule, finding.severity) for finding in row.one.findings))
    )


def rule_chart(found: Sequence[Column], base: str) -> Chart | None:
    """How often each rule speaks; a bar opens the table filtered by it."""
    most = sorted(found, key=lambda column: -column.total)[:MOST_BARS]
    if len(most) < 2:
        return None
    return Chart(
        id="chart-rules",
        kind="bar",
        labels=[column.title for column in most],
        series=[
            Series(word, [column.total if column.severity == name else 0 for column in most], colour)
            for (name, word), colour in zip(SEVERITIES, ("danger", "warning", "primary"), strict=True)
            if any(column.severity == name for column in most)
        ],
        stacked=True,
        flat=True,
        urls=[f"{base}?only={column.rule}" for column in most],
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts much alike; `first` and `second` are numbers of the table, 0 for one only compared with."""

    first: int
    first_title: str
    second: int
    second_title: str
    share: float
    message: str


def alike(checkup: CheckUp) -> list[Alike]:
    """The pairs that share passages, most alike first; each pair once, with the larger share."""
    numbers = {one.document.source.sha256: n for n, one in enumerate(checkup.items, 1) if one.document}
    pairs: dict[frozenset[object], Alike] = {}
    for number, one in enumerate(checkup.items, 1):
        for finding in one.findings:
            if finding.rule != "likeness.copied":
                continue
            evidence = finding.evidence
            other = numbers.get(str(evidence.get("other_sha256", "")), 0)
            title = checkup.items[other - 1].title if other else str(evidence.get("other", ""))
            share = float(evidence.get("share") or 0)
            row = Alike(number, one.title, other, title, share, finding.message)
            key: frozenset[object] = frozenset((number, other or title))
            if key not in pairs or pairs[key].share < share:
                pairs[key] = row
    return sorted(pairs.values(), key=lambda row: -row.share)
