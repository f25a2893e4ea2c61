"""A report taken through the steps of signing off, by the system or by people: for tests of several rooms."""

from __future__ import annotations

from collections.abc import Mapping

from yifa.checking import Severity
from yifa.ledger.models import User
from yifa.reporting.actions import ReviewLegality, ReviewSecrecy, SendToReview, SignReport, SubmitReport
from yifa.reporting.models import Report
from yifa.reporting.review import place_findings


def explained(report: Report, why: str = "已核对。") -> dict[str, str]:
    """A word on every warning of the check."""
    return {f.key: why for f in place_findings(report) if f.severity == Severity.WARNING}


def sign_off(
    report: Report,
    explanations: Mapping[str, str] | None = None,
    *,
    coordinator: User | None = None,
    reviewer: User | None = None,
    secrecy: User | None = None,
    leader: User | None = None,
) -> Report:
    """From the draft to the signature; no unit wrote for it."""
    said = explained(report) if explanations is None else explanations
    SendToReview(actor=coordinator, report=report, explanations=said).execute()
    ReviewLegality(actor=reviewer, report=report, opinion="合法。").execute()
    ReviewSecrecy(actor=secrecy, report=report, opinion="不涉密。").execute()
    return SignReport(actor=leader, report=report, opinion="同意报送。").execute()


def submitted(report: Report) -> Report:
    """Signed and handed in by the system."""
    sign_off(report)
    return SubmitReport(actor=None, report=report).execute()
