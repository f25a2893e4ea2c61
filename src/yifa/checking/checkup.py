"""Run all rules over a document."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Registry, Rule
from yifa.checking.rules import RULES
from yifa.checking.view import View
from yifa.reading.document import Document

FAILED = "rule.failed"

_log = logging.getLogger(__name__)


def check(
    document: Document, others: Sequence[Document] = (), rules: Registry = RULES
) -> tuple[Finding, ...]:
    """All findings on a document, in the order of the rules and, within a rule, of the text.

    `others` are documents to compare with. A rule that breaks costs its own findings only: it leaves a
    notice `rule.failed` and an entry in the log (docs/decisions/0021).
    """
    view = View(document, others)
    return tuple(finding for rule in rules for finding in _run(rule, view))


def _run(rule: Rule, view: View) -> Iterable[Finding]:
    try:
        return sorted(rule.check(view), key=lambda finding: finding.spans[:1])
    except Exception:
        _log.exception("rule %s failed on %s", rule.id, view.document.source.path)
        message = (
            f"规则“{rule.title}”（{rule.id}）在这份文件上没有运行成功，其余规则不受影响。请把文件交给管理员。"
        )
        return (Finding(FAILED, Severity.NOTICE, message, (), {"rule": rule.id}),)


def report_json(document: Document, findings: Sequence[Finding]) -> dict[str, Any]:
    """The object of contracts/document.md with the findings."""
    return {**document.as_json(), "findings": [finding_json(finding) for finding in findings]}


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "spans": [list(span) for span in finding.spans],
        "evidence": dict(finding.evidence),
        "basis": finding.basis and {"law": finding.basis.law, "article": finding.basis.article},
    }
