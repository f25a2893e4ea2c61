"""The check-up before a report goes on: errors block, each warning needs a word, which is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yifa.checking import Severity
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.models import Explanation, Report
from yifa.reporting.review import PlacedFinding, place_findings


def refuse_unchecked(report: Report, given: Mapping[str, str]) -> None:
    """Refuses while the check finds an error, or a warning nobody has explained, now or at a step before."""
    findings = place_findings(report)
    errors = [finding for finding in findings if finding.severity == Severity.ERROR]
    if errors:
        raise ActionRefused(f"报告有{len(errors)}处错误，改正后才能提交：{_listed(errors)}", code="errors")
    known = set(report.explanations.values_list("key", flat=True))
    left = [
        finding
        for finding in warnings(findings)
        if finding.key not in known and not given.get(finding.key, "").strip()
    ]
    if left:
        raise ActionRefused(
            f"报告有{len(left)}处提醒还没有说明，请改正，或者逐处写明理由后再提交：{_listed(left)}",
            code="unexplained",
        )


def explain(report: Report, given: Mapping[str, str], by: User | None) -> list[dict[str, str]]:
    """Keeps the words on each warning, the last ones given; returns all of them for the report's chain."""
    known = {one.key: one for one in report.explanations.all()}
    said = []
    for finding in warnings(place_findings(report)):
        text = given.get(finding.key, "").strip()
        if text:
            Explanation.objects.update_or_create(
                report=report,
                key=finding.key,
                defaults={"rule": finding.rule, "message": finding.message, "text": text, "given_by": by},
            )
        why = text or known[finding.key].text
        said.append({"rule": finding.rule, "about": finding.excerpt, "why": why})
    return said


def warnings(findings: tuple[PlacedFinding, ...]) -> Iterator[PlacedFinding]:
    """Those that need a word."""
    return (finding for finding in findings if finding.severity == Severity.WARNING)


def _listed(findings: list[PlacedFinding]) -> str:
    return "；".join(f"{i}. {finding.message}" for i, finding in enumerate(findings, 1))
