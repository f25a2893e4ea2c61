"""The report goes through the check and is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from yifa.checking import Severity
from yifa.ledger.canonical import sm3
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction, refuse_submitted
from yifa.reporting.content import paper
from yifa.reporting.models import Explanation, Report
from yifa.reporting.review import PlacedFinding, place_findings


@dataclass(frozen=True, kw_only=True)
class SubmitReport(ReportingAction[Report]):
    """Submits the report. Errors of the check block it; each warning needs an explanation, which is kept.

    `explanations` maps `PlacedFinding.key` to the coordinator's words.
    """

    report: Report
    explanations: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses while the check finds an error, or a warning nobody has explained."""
        self._coordinator(self.report.organization, "提交年度报告")
        refuse_submitted(self.report)
        findings = place_findings(self.report)
        errors = [finding for finding in findings if finding.severity == Severity.ERROR]
        if errors:
            raise ActionRefused(
                f"报告有{len(errors)}处错误，改正后才能提交：{_listed(errors)}", code="errors"
            )
        open_ones = [finding for finding in self._warnings(findings) if not self._explained(finding)]
        if open_ones:
            raise ActionRefused(
                f"报告有{len(open_ones)}处提醒还没有说明，请改正，或者逐处写明理由后再提交：{_listed(open_ones)}",
                code="unexplained",
            )

    @staticmethod
    def _warnings(findings: tuple[PlacedFinding, ...]) -> list[PlacedFinding]:
        return [finding for finding in findings if finding.severity == Severity.WARNING]

    def _explained(self, finding: PlacedFinding) -> bool:
        return bool(self.explanations.get(finding.key, "").strip())

    def _change(self) -> Report:
        warnings = self._warnings(place_findings(self.report))
        Explanation.objects.bulk_create(
            Explanation(
                report=self.report,
                key=finding.key,
                rule=finding.rule,
                message=finding.message,
                text=self.explanations[finding.key].strip(),
                given_by=self.actor,
            )
            for finding in warnings
        )
        self.report.state, self.report.submitted_at = Report.State.SUBMITTED, timezone.now()
        self.report.save(update_fields=["state", "submitted_at"])
        explained = [
            {"rule": w.rule, "about": w.excerpt, "why": self.explanations[w.key].strip()} for w in warnings
        ]
        text = paper(self.report).text
        self._record(
            self.report,
            "report.submitted",
            {"text_digest": sm3(text.encode()), "explained": explained},
            timezone.localdate(),
        )
        return self.report


def _listed(findings: list[PlacedFinding]) -> str:
    return "；".join(f"{i}. {finding.message}" for i, finding in enumerate(findings, 1))
