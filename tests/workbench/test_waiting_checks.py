"""What waits of supervision and assessment: sheets, points, objections, results, each for who can do it now and nobody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse

from tests.workbench.conftest import TODAY, World
from tests.workbench.test_assessment import issued, somebody
from yifa.assessment.actions import (
    Accept,
    AnswerObjection,
    EnterPoints,
    FreezeResult,
    Judge,
    Meet,
    NameScorers,
    Object,
    PublishResult,
)
from yifa.ledger.actions import RecordAct
from yifa.ledger.models import Role, User
from yifa.supervision.actions import NameThird, OpenReview, SubmitSheet
from yifa.workbench.waiting.everything import waiting_for

WORDS = ("评", "考核")


def titles(user: User) -> list[str]:
    return [one.title for one in waiting_for(user, TODAY).rows if any(word in one.title for word in WORDS)]


def test_sheets_of_a_review_wait_when_the_file_is_there_and_a_third_where_two_differ(world: World) -> None:
    one, other, third = (somebody(name, world.body, Role.REVIEWER)[0] for name in ("jia", "yi", "bing"))
    review = OpenReview(
        actor=None, organization=world.office, unit=world.other, round="2026年评查", name="某案卷",
        sheet="penalty_file", reviewers=[one, other],
    ).execute()  # fmt: skip
    assert titles(one) == []
    RecordAct(
        actor=None, case=review.case, act="submit_file", on=TODAY, unit=world.other,
        evidence=[{"title": "案卷目录", "attachment": None}],
    ).execute()  # fmt: skip
    assert titles(one) == titles(other) == ["填写评查表"]
    good = {item.id: ("符合", "") for item in review.sheet_type.items()}
    bad = dict.fromkeys(good, ("不符合", "没有"))
    organizer = world.users["officer"]
    SubmitSheet(actor=one, review=review, answers=good).execute()
    assert titles(one) == [] and "指定第三名评查人员" not in titles(organizer)
    SubmitSheet(actor=other, review=review, answers=bad).execute()
    assert "指定第三名评查人员" in titles(organizer)
    assert "指定第三名评查人员" not in titles(world.users["stranger"])
    NameThird(actor=None, review=review, reviewer=third).execute()
    assert "指定第三名评查人员" not in titles(organizer) and titles(third) == ["填写评查表"]
    SubmitSheet(actor=third, review=review, answers=good).execute()
    assert titles(third) == []


def test_an_assessment_waits_for_one_after_the_other(world: World) -> None:
    made = issued(world)
    one, other = (somebody(name, world.body, Role.OFFICER)[0] for name in ("pingyi", "pinger"))
    assessor, leader = (
        somebody(name, world.body, role)[0]
        for name, role in (("kaohe", Role.ASSESSOR), ("ling", Role.LEADER))
    )
    coordinator, officer = world.users["coordinator"], world.users["officer"]
    NameScorers(
        actor=None, assessment=made, indicator="pilot", units=[world.office], scorers=[one, other]
    ).execute()
    assert titles(one) == titles(other) == ["给考核指标评分"]
    (line,) = [row for row in waiting_for(one, TODAY).rows if "评分" in row.title]
    assert line.about.endswith("：1项") and line.url == reverse("judge_units", args=[made.pk])

    def judged(who: User, points: int) -> None:
        given = {(world.office, "pilot"): (Decimal(points), "有实效")}
        Judge(actor=who, assessment=made, points=given).execute()

    judged(one, 15)
    assert "两人评分相差较大，待定" not in titles(assessor)
    judged(other, 5)
    assert titles(one) == [] and "两人评分相差较大，待定" in titles(assessor)
    assert "两人评分相差较大，待定" not in titles(officer)
    Meet(
        actor=None, assessment=made, unit=world.office, indicator="pilot", points=Decimal(10), reason="合议"
    ).execute()
    assert "两人评分相差较大，待定" not in titles(assessor)
    EnterPoints(
        actor=assessor, assessment=made, unit=world.office, indicator="daily", points=Decimal(-2), on=date(2026, 6, 1),
        reason="未亮证", evidence="抽查记录",
    ).execute()  # fmt: skip
    PublishResult(actor=None, assessment=made).execute()
    state = "对考核初步结果表态"
    assert state in titles(officer) and state not in titles(world.users["stranger"])
    assert "签发、确定考核结果" not in titles(leader)
    objection = Object(
        actor=officer, assessment=made, unit=world.office, indicator="daily", reason="当天已补办"
    ).execute()
    assert state not in titles(officer)
    answer = "答复考核异议"
    assert answer in titles(coordinator) and answer not in titles(assessor)  # whoever made the entry
    assert answer not in titles(officer) and "签发、确定考核结果" not in titles(leader)
    AnswerObjection(
        actor=coordinator,
        assessment=made,
        objection=objection,
        upheld=True,
        answer="属实",
        points=Fraction(20),
    ).execute()
    assert answer not in titles(coordinator) and "签发、确定考核结果" in titles(leader)
    assert world.client("coordinator").get(reverse("home")).status_code == 200
    FreezeResult(actor=leader, assessment=made, opinion="同意").execute()
    assert "签发、确定考核结果" not in titles(leader)


def test_a_unit_that_agrees_is_not_asked_again(world: World) -> None:
    made = issued(world)
    one, other = (somebody(name, world.body, Role.OFFICER)[0] for name in ("pingyi", "pinger"))
    NameScorers(
        actor=None, assessment=made, indicator="pilot", units=[world.office], scorers=[one, other]
    ).execute()
    for who in (one, other):
        Judge(actor=who, assessment=made, points={(world.office, "pilot"): (Decimal(10), "有实效")}).execute()
    PublishResult(actor=None, assessment=made).execute()
    leader = somebody("ling", world.body, Role.LEADER)[0]
    assert "签发、确定考核结果" not in titles(leader)
    Accept(actor=world.users["officer"], assessment=made, unit=world.office).execute()
    assert "对考核初步结果表态" not in titles(world.users["officer"])
    assert "签发、确定考核结果" in titles(leader)
