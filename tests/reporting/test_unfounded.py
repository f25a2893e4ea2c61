"""Sentences that claim what the ledger does not show."""

from __future__ import annotations

import pytest

from yifa.reporting.actions import EditSection
from yifa.reporting.models import Report
from yifa.reporting.unfounded import claims

pytestmark = pytest.mark.django_db


def claimed(report: Report, key: str, text: str) -> list[tuple[str, str]]:
    EditSection(actor=None, section=report.sections.get(key=key), text=text).execute()
    return [(claim.text, claim.rule) for claim in claims(report)]


def test_the_draft_claims_nothing_without_record(report: Report) -> None:
    assert claims(report) == ()


def test_what_was_not_done_is_marked_where_it_is_claimed(report: Report) -> None:
    text = "全年认真组织，制定公布了行政规范性文件，群众反映良好。"
    found = claimed(report, "systems", text)
    assert [rule for _, rule in found] == ["normative_documents_published"]
    assert found[0][0] == "制定公布了行政规范性文件"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("及时移送司法机关一批案件。", "penalties_transferred"),
        ("依法申请人民法院强制执行一批案件。", "court_enforcements_applied"),
        ("举行了行政处罚听证。", "penalty_hearings"),
    ],
)
def test_deeds_are_told_by_their_own_words(report: Report, text: str, rule: str) -> None:
    assert [found for _, found in claimed(report, "enforcement", text)] == [rule]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("enforcement", "印发行政处罚听证制度。"),  # the rules on a deed are not the deed
        ("systems", "没有制定公布行政规范性文件。"),
        ("systems", "拟制定公布行政规范性文件。"),
        ("systems", "制定公布行政规范性文件{normative_documents_published}。"),
        ("systems", "开展了丰富多彩的活动，营造良好氛围。"),  # no rule says so: nothing is guessed
        ("openness", "收到政府信息公开申请后均依法办理。"),  # recorded
        ("next_year", "制定公布行政规范性文件。"),
    ],
)
def test_nothing_else_is_marked(report: Report, key: str, text: str) -> None:
    assert claimed(report, key, text) == []
