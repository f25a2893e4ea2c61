"""The invented county's reports: last year's, signed, handed in and published; this year's, with units at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from yifa.checking import Severity
from yifa.demo import structure
from yifa.law.datafiles import beside
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Organization, User
from yifa.reporting.actions import (
    AnswerProblem,
    AssignByOutline,
    BuildReport,
    MakeComment,
    Problem,
    PublishReport,
    ReviewLegality,
    ReviewSecrecy,
    Sending,
    SendToReview,
    SignReport,
    StateProblems,
    SubmitReport,
    WritePart,
)
from yifa.reporting.models import Report
from yifa.reporting.problems import earlier
from yifa.reporting.review import place_findings
from yifa.reporting.versions import texts

CLERK, REVIEWER, LEADER, PUBLISHER = "fazhi", "shenhe", "lingdao", "gongkai"


@lru_cache(maxsize=1)
def _given() -> Mapping[str, Any]:
    given: Mapping[str, Any] = beside(__file__, "reports.yaml")
    return given


def last_year(body: Organization, today: date) -> Report:
    """Last year's report, from its problems to the page it was published on, each step by its person."""
    who = {user.username: user for user in User.objects.filter(is_active=True)}
    report = BuildReport(actor=who[CLERK], organization=body, year=today.year - 1).execute()
    problems = [
        Problem(one["content"], one.get("cause", ""), one.get("measure", ""))
        for one in structure.problems(today.year)
    ]
    StateProblems(actor=who[CLERK], report=report, problems=problems).execute()
    said = {f.key: "已与台账核对。" for f in place_findings(report) if f.severity == Severity.WARNING}

    def on(month: int, day: int) -> date:
        return min(date(today.year, month, day), today)

    _secrecy_reviewer(body, who[PUBLISHER], on(1, 6))
    SendToReview(actor=who[CLERK], report=report, explanations=said, on=on(1, 20)).execute()
    ReviewLegality(actor=who[REVIEWER], report=report, opinion="内容属实，依据有效。", on=on(1, 23)).execute()
    ReviewSecrecy(
        actor=who[PUBLISHER], report=report, opinion="不涉及国家秘密，可以公开。", on=on(1, 24)
    ).execute()
    SignReport(actor=who[LEADER], report=report, opinion="同意报送。", on=on(2, 10)).execute()
    sending = Sending(congress=True, **_given()["sending"])
    SubmitReport(actor=who[CLERK], report=report, sending=sending, on=on(2, 18)).execute()
    signed = report.versions.order_by("number").last()
    page = "\n".join(texts(signed)).encode() if signed else b""
    PublishReport(
        actor=who[PUBLISHER], report=report, on=on(3, 16), content=page, **_given()["published"]
    ).execute()
    return report


def this_year(body: Organization, today: date) -> Report:
    """This year's report in the making: units write, the reviewer remarks, one of the old problems is unanswered."""
    clerk, reviewer = (User.objects.get(username=name) for name in (CLERK, REVIEWER))
    report = BuildReport(actor=clerk, organization=body, year=today.year).execute()
    for problem, given in zip(earlier(report), _given()["answers"], strict=False):
        AnswerProblem(actor=clerk, report=report, entry=problem.entry, **given).execute()
    for part in AssignByOutline(actor=clerk, report=report, due=date(today.year, 12, 20)).execute():
        text = _given()["parts"].get(part.section.key)
        if text:
            WritePart(actor=None, part=part, text=text, hand_in=True).execute()
    comment = _given()["comment"]
    section = report.sections.get(key=comment["section"])
    MakeComment(actor=reviewer, report=report, section=section, text=comment["text"]).execute()
    return report


def _secrecy_reviewer(body: Organization, user: User, on: date) -> None:
    data = {
        "code": f"BM-{body.code}",
        "name": user.display_name,
        "unit": body.name,
        "since": on.isoformat(),
    }
    PublishEntry(actor=user, organization=body, register="secrecy_reviewers", data=data, on=on).execute()
