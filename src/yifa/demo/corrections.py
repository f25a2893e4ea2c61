"""What comes to light after last year's report was published: an answer corrected, a request that had been forgotten."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from yifa.law.calendar import CHINA
from yifa.ledger.actions import CorrectAct, OpenCase
from yifa.ledger.models import CaseAct, User
from yifa.reporting.models import Report

OFFICER, KIND = "sifa", "information_request"


def after_publication(report: Report, today: date) -> None:
    """Corrects one answer of the report's year and enters a request of December late; the report stays as it was."""
    at = datetime.combine(today - timedelta(days=1), time(17, 0), tzinfo=CHINA)
    officer = User.objects.get(username=OFFICER)
    unit = officer.organization
    if unit is None:
        return
    acts = CaseAct.objects.filter(
        case__case_type=KIND,
        case__organization=unit,
        act="answer",
        outcome="予以公开",
        happened_on__year=report.year,
    )
    answer = acts.select_related("case__organization").order_by("-happened_on", "case_id").first()
    if answer is not None:
        CorrectAct(
            actor=officer,
            case=answer.case,
            position=answer.position,
            changes={"outcome": "部分公开"},
            recorded_at=at,
            reason="核对答复书，附件中的个人信息没有公开，属部分公开，录入时选错。",
        ).execute()
    OpenCase(
        actor=officer,
        organization=unit,
        case_type=KIND,
        act="receive",
        on=date(report.year, 12, 18),
        facts={"content": "申请公开某示例道路绿化工程的验收资料", "applicant_kind": "自然人"},
        entered="back",
        recorded_at=at,
    ).execute()
