"""Daily entries: points taken away or given back on a day, with reason and evidence; withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yifa.assessment.actions.base import REASON_LENGTH, AssessmentAction, Paper, own, refuse_beyond
from yifa.assessment.models import Assessment, DailyEntry
from yifa.assessment.replaying import ENTERED, TAKEN_BACK
from yifa.ledger.actions.base import said, today
from yifa.ledger.actions.cases import checked_evidence
from yifa.ledger.models import Case, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(frozen=True, kw_only=True)
class EnterPoints(AssessmentAction[DailyEntry]):
    """Enters points for an indicator of daily entries. After the cut-off it is kept, marked, and does not count.

    `points`: below zero takes away. `case`: the record in the ledger behind it, if there is one.
    """

    needs = Needs("日常记分", (Role.ASSESSOR,), "不能给本单位记分")

    unit: Organization
    indicator: str
    points: Decimal
    on: date
    reason: str
    evidence: str
    case: Case | None = None
    papers: Sequence[Paper] = ()

    def check(self) -> None:
        """Refuses an indicator of another kind, points beyond it, a day outside the year, one's own unit."""
        self._admit(self.assessment.organization)
        indicator = self._measured(self.unit, self.indicator)
        if not indicator.daily:
            raise ActionRefused(f"“{indicator.title}”不是日常记分的指标。", code="invalid", field="indicator")
        if own(self.actor, self.unit):
            raise ActionRefused("不能给本单位记分，请由其他单位的考核员记。", code="apart")
        full = self._full(self.unit, indicator)
        refuse_beyond(self.points, -full, full)
        if not self.points:
            raise ActionRefused("请填写分值，扣分写负数。", code="invalid", field="points")
        if not self.assessment.starts <= self.on <= min(self.assessment.ends, today()):
            raise ActionRefused("日期应在考核年度之内，不晚于今天。", code="invalid", field="on")
        said(self.reason, "事由", "reason", REASON_LENGTH)
        said(self.evidence, "依据", "evidence", 200)
        checked_evidence(self.papers)

    def _change(self) -> DailyEntry:
        now = self._fresh()
        number = now.entries.count() + 1
        self._record(ENTERED, {
            "number": number, "unit": self.unit.code, "indicator": self.indicator, "points": str(self.points),
            "reason": self.reason.strip(), "evidence": self.evidence.strip(), "case": self.case and str(self.case.pk),
            "papers": checked_evidence(self.papers),
            "late": now.state != Assessment.State.RUNNING,
        }, self.on)  # fmt: skip
        return now.entries.get(number=number)


@dataclass(frozen=True, kw_only=True)
class WithdrawPoints(AssessmentAction[DailyEntry]):
    """Takes an entry back; it stays in sight with the reason."""

    needs = EnterPoints.needs

    number: int
    reason: str

    def check(self) -> None:
        """Refuses an unknown entry, one that was taken back, and one that is in a result."""
        self._admit(self.assessment.organization)
        said(self.reason, "撤回的理由", "reason", REASON_LENGTH)
        entry = self.assessment.entries.filter(number=self.number, withdrawn="").first()
        if entry is None:
            raise ActionRefused("没有这条记分，或者已经撤回。", code="missing")
        if not entry.late and self._fresh().state != Assessment.State.RUNNING:
            raise ActionRefused(
                "这条记分已经计入公布的结果，不能撤回；请由被考核单位提出异议，或者重新出具结果。",
                code="state",
            )

    def _change(self) -> DailyEntry:
        self._record(TAKEN_BACK, {"number": self.number, "reason": self.reason.strip()})
        return self.assessment.entries.get(number=self.number)
