"""One delivered text: read, checked, set against the ledger of the unit and against the texts of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.checking import Finding, Severity, check, excerpt
from yifa.checkups.words import rule_title
from yifa.law.phrases import cited
from yifa.ledger.figures.comparing import RULE as DIFFERS
from yifa.ledger.figures.comparing import Compared, compare, ledger_findings
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.reading import Document, read_bytes, read_text

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
ANNUAL = "annual_report"
DIFFERS_TITLE = "与台账不一致"
MOST_OTHERS = 30  # texts of other units it is compared with; each takes its time
MOST_WORDS = 200  # characters quoted of one finding


@dataclass(frozen=True, slots=True)
class Examined:
    """What a delivery is stored with."""

    title: str
    text: str
    findings: list[dict[str, Any]]
    compared: list[dict[str, Any]]
    remarks: list[str]


def examine(
    content: bytes,
    name: str,
    owed: tuple[Organization, int, str],
    others: Iterable[tuple[str, str]] = (),
) -> Examined:
    """Reads and examines a text; `others` are (name, text) of what other units handed in. Raises ReadingError.

    `owed` is what it should be: the report of this unit, on this year, by this outline.
    """
    unit, year, outline = owed
    document = read_bytes(content, name)
    beside = [read_text(text, other) for other, text in list(others)[:MOST_OTHERS]]
    found = list(check(document, beside))
    remarks = list(_remarks(document, unit, year, outline))
    compared: list[dict[str, Any]] = []
    try:
        comparison = compare(document, unit)
        compared = [_line(line) for line in comparison.lines]
        found += ledger_findings(comparison)
    except ActionRefused as error:
        remarks.append(error.message)
    rows = sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.spans[:1]))
    title = (document.title or name)[:300]
    return Examined(title, document.text, [_finding(one, document.text) for one in rows], compared, remarks)


def _remarks(document: Document, unit: Organization, year: int, outline: str) -> Iterator[str]:
    """What a reader sees at once and no rule of the check-up knows: another year, another body, no report at all."""
    if outline == ANNUAL and document.kind != "annual_report":
        yield "读不出这是一份年度报告：标题或者结构与年度报告不符，请核对是否拿错了文件。"
    if document.year is not None and document.year != year:
        yield f"文稿写的是{document.year}年度，应报的是{year}年度。"
    names = {unit.name, unit.short_name, *(held.name for held in unit.names.all())} - {""}
    issuer = document.issuer
    if issuer and not any(name in issuer or issuer in name for name in names):
        yield f"文稿的发文单位是“{issuer}”，不是“{unit.name}”。"


def _finding(finding: Finding, text: str) -> dict[str, Any]:
    quotes = ["".join(excerpt(text, span)) for span in finding.spans[:1]]
    basis = finding.basis
    return {
        "rule": finding.rule,
        "title": DIFFERS_TITLE if finding.rule == DIFFERS else rule_title(finding.rule),
        "severity": str(finding.severity),
        "message": finding.message,
        "words": "".join(quotes)[:MOST_WORDS],
        "basis": cited(basis),
    }


def _line(line: Compared) -> dict[str, Any]:
    rule = line.rule
    return {
        "subject": line.figure.subject,
        "reported": line.figure.text,
        "rule": rule.counting_rule,
        "title": rule.title,
        "counted": None if line.counted.value is None else format(line.counted.value.normalize(), "f"),
        "unit": rule.unit,
        "difference": None if line.difference is None else format(line.difference.normalize(), "f"),
        "verdict": str(line.verdict),
        "organization": line.organization.name,
        "records": len(line.counted.records),
        "digest": line.counted.digest,
    }


def worst(findings: Sequence[dict[str, Any]]) -> str:
    """The gravest severity there is, or nothing."""
    there = {finding["severity"] for finding in findings}
    return next((str(severity) for severity in SEVERITIES if str(severity) in there), "")
