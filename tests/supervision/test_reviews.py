"""Reviews of files: two who do not see each other, a third where they differ, what opens one by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from tests.county import County
from tests.scenarios.acting import play
from tests.supervision.drawing import closed, noon, seeded
from yifa.law.loader import catalogue
from yifa.ledger.actions import ActionRefused, RecordAct, StoreAttachment
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, Entry, Organization, Record, Role, User
from yifa.ledger.proof.verification import verify
from yifa.ledger.search.similar import similar
from yifa.supervision.actions import (
    AnswerReview,
    ChangeSheet,
    NameThird,
    OpenReview,
    OpenReviews,
    SubmitSheet,
)
from yifa.supervision.models import Draw, FileReview
from yifa.supervision.pools import Scope
from yifa.supervision.scoring import Mark
from yifa.supervision.signals import reviewers, signals

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def penalty(county: County) -> Case:
    return play("administrative_penalty/normal", county.market).standing


def opened(county: County, file: Case | None, *people: User, **given: Any) -> FileReview:
    return OpenReview(
        actor=None,
        organization=county.body,
        unit=county.market,
        round="2026年评查",
        file=file,
        reviewers=people,
        **given,
    ).execute()


def sheet(review: FileReview, **marks: Mark) -> dict[str, tuple[str, str]]:
    return {
        item.id: (marks.get(item.id, Mark.FULL), "缺少材料" if item.id in marks else "")
        for item in review.sheet_type.items()
    }


def people(county: County, *units: Organization) -> list[User]:
    return [county.user(Role.REVIEWER, unit) for unit in units]


@pytest.mark.mechanism("D10-01", "works")
def test_two_score_blind_a_third_decides_and_the_file_goes_its_way(county: County) -> None:
    file = penalty(county)
    own, one, other, third = people(county, county.market, county.justice, county.housing, county.towns[0])
    with time_machine.travel(noon(DAY), tick=False):
        with pytest.raises(ActionRefused, match="被评查单位的人"):
            opened(county, file, own, one)
        with pytest.raises(ActionRefused, match="两名不同"):
            opened(county, file, one, one)
        review = opened(
            county, file, one, other, facts={"object_by": "2026-03-12", "rectify_by": "2026-04-30"}
        )
        with pytest.raises(ActionRefused, match="正在评查"):
            opened(county, file, one, other)
        with pytest.raises(ActionRefused, match="不是这个案卷的评查人员"):
            SubmitSheet(actor=third, review=review, answers=sheet(review)).execute()
        with pytest.raises(ActionRefused, match="请写明问题"):
            SubmitSheet(
                actor=one, review=review, answers={**sheet(review), "papers": (Mark.NONE, " ")}
            ).execute()
        with pytest.raises(ActionRefused, match="没有评，连同它共12项没有评"):
            SubmitSheet(actor=one, review=review, answers={}).execute()
        SubmitSheet(actor=one, review=review, answers=sheet(review, told=Mark.NONE)).execute()
        with pytest.raises(ActionRefused, match="不能再改"):
            SubmitSheet(actor=one, review=review, answers=sheet(review)).execute()
        with pytest.raises(ActionRefused, match="都交表之后"):
            NameThird(actor=None, review=review, reviewer=third).execute()
        SubmitSheet(actor=other, review=review, answers=sheet(review, papers=Mark.HALF)).execute()
        assert not review.case.acts.filter(act="review").exists()
        with pytest.raises(ActionRefused, match="另外的人"):
            NameThird(actor=None, review=review, reviewer=one).execute()
        with pytest.raises(ActionRefused, match="被评查单位的人"):
            NameThird(actor=None, review=review, reviewer=own).execute()
        NameThird(actor=None, review=review, reviewer=third).execute()
        SubmitSheet(actor=third, review=review, answers=sheet(review, papers=Mark.HALF)).execute()
        act = review.case.acts.get(act="review")
        assert (act.outcome, act.fields["score"], act.fields["problems"]) == (
            "优秀",
            97.5,
            ["文书要素齐全，送达有凭证：缺少材料"],
        )
        assert act.evidence[0]["attachment"] and act.fields["sheet"] == "行政处罚案卷评查表"
        assert Entry.objects.filter(register="review_sheets", key="行政处罚案卷评查表").count() == 1
        kinds = Record.objects.filter(subject_id=review.pk).values_list("kind", flat=True)
        assert list(kinds) == [
            "review.opened",
            *["review.scored"] * 2,
            "review.third",
            "review.scored",
            "review.settled",
        ]
        recorded(review, "feed_back", papers=["反馈意见书"])
        assert state_of(review.case, DAY).clocks["objection"].due == date(2026, 3, 12)
        recorded(review, "object", unit=county.market)
        with pytest.raises(ActionRefused, match="以外的人复核"):
            recorded(review, "review_objection", "维持评分", unit=county.market)
        recorded(review, "review_objection", "维持评分", unit=county.body)
        recorded(review, "rectify", papers=["整改报告"], unit=county.market)
        with pytest.raises(ActionRefused, match="不同单位"):
            recorded(review, "recheck", "整改到位", unit=county.market)
        recorded(review, "recheck", "整改到位", unit=county.body)
        recorded(review, "close")
        assert verify().faults == ()


def recorded(
    review: FileReview,
    act: str,
    outcome: str | None = None,
    papers: list[str] | None = None,
    unit: Organization | None = None,
) -> None:
    evidence = [{"title": title, "attachment": None} for title in papers or ()]
    case = Case.objects.get(pk=review.case_id)
    RecordAct(actor=None, case=case, act=act, on=DAY, outcome=outcome, evidence=evidence, unit=unit).execute()


def test_files_are_drawn_and_matched_with_people_of_other_units(county: County) -> None:
    files = {str(penalty(county).pk) for _ in range(2)}
    own, *others = people(county, county.market, county.justice, county.housing)
    ended = DAY - timedelta(days=30)
    Case.objects.filter(pk__in=files).update(closed_on=ended, organization=county.market)
    with time_machine.travel(noon(DAY), tick=False):
        scope = Scope("administrative_penalty", since=date(2026, 1, 1))
        draw = closed(county.body, Draw.Purpose.FILES, people=3, scope=scope)
        with pytest.raises(ActionRefused, match="只有抽完"):
            OpenReviews(actor=None, draw=draw, round="春季").execute()
    with time_machine.travel(noon(DAY + timedelta(days=2)), tick=False):
        made = seeded(draw)
        reviews = OpenReviews(actor=None, draw=made, round="春季").execute()
        assert {str(review.file_id) for review in reviews} == files
        for review in reviews:
            assert {one.reviewer for one in review.scorings.all()} == set(others)
            assert review.case.acts.get(act="draw").fields["seed"] == "3876.34"
        with pytest.raises(ActionRefused, match="已经按这次抽取"):
            OpenReviews(actor=None, draw=made, round="春季").execute()
    assert own not in reviewers(county.body, county.market)


def test_what_went_wrong_opens_a_review_once(county: County) -> None:
    file, viewer = penalty(county), county.user(Role.OFFICER, county.body)
    when = file.acts.order_by("-happened_on")[0].happened_on + timedelta(days=1)
    RecordAct(actor=None, case=file, act="revoke", on=when, outcome="撤销", entered="back").execute()
    Case.objects.filter(pk=file.pk).update(organization=county.market)
    found = signals(viewer, county.body, when + timedelta(days=5))
    assert [(one.title, one.file, one.unit) for one in found] == [("处罚决定被纠正", file, county.market)]
    assert signals(viewer, county.body, when + timedelta(days=400)) == []
    assert signals(county.user(Role.OFFICER, county.housing), county.body, when + timedelta(days=5)) == []
    Case.objects.filter(pk=file.pk).update(broken=1, closed_on=when)
    late = signals(viewer, county.body, when + timedelta(days=5))
    assert {one.title for one in late} == {"处罚决定被纠正", "办理超期"}
    with time_machine.travel(noon(DAY), tick=False):
        chosen = people(county, county.justice, county.housing)
        review = opened(county, file, *chosen, signal=found[0].words, signal_key=found[0].key)
    assert review.case.facts["signal"].startswith("处罚决定被纠正：")
    assert signals(viewer, county.body, when + timedelta(days=5)) == []  # the file is being reviewed
    Case.objects.filter(pk=review.case_id).update(closed_on=DAY)
    assert [one.title for one in signals(viewer, county.body, when + timedelta(days=5))] == ["办理超期"]


def test_a_supervisor_opens_a_review_and_tells_the_unit(county: County) -> None:
    one, other = people(county, county.justice, county.body)
    supervisor = county.user(Role.SUPERVISOR, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        for actor, may in ((county.user(Role.PUBLISHER, county.body), False), (supervisor, True)):
            opening = OpenReview(
                actor=actor, organization=county.body, unit=county.market, round="2026年春季案卷集中评查",
                name="示例公司无照经营案", sheet="penalty_file", reviewers=(one, other),
            )  # fmt: skip
            if not may:
                with pytest.raises(ActionRefused, match="角色"):
                    opening.execute()
        review = opening.execute()
        paper = StoreAttachment(actor=None, content=b"list", name="目录.txt").execute()
        AnswerReview(actor=None, review=review, act="submit_file", text="", paper=paper.pk).execute()
        for person in (one, other):
            SubmitSheet(actor=person, review=review, answers=sheet(review)).execute()
        told = [{"title": "反馈意见书", "attachment": None}]
        RecordAct(actor=supervisor, case=review.case, act="feed_back", on=DAY, evidence=told).execute()


def test_files_of_one_round_are_no_duplicates(county: County) -> None:
    one, other = people(county, county.justice, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        for name in ("甲公司无照经营案", "乙商店销售过期食品案"):
            review = opened(county, None, one, other, name=name, sheet="penalty_file")
    kind, viewer = catalogue().case_types["case_review"], county.user(Role.SUPERVISOR, county.body)
    assert similar(viewer, kind, review.case.facts, DAY, but=review.case_id) == []
    again = {**review.case.facts, "file_name": "甲公司无照经营案卷"}
    assert [found.why for found in similar(viewer, kind, again, DAY)] == ["案卷名称相近"]


def test_a_wrong_sheet_is_changed_until_somebody_has_scored_by_it(county: County) -> None:
    one, other = people(county, county.justice, county.housing)
    with time_machine.travel(noon(DAY), tick=False):
        paper = opened(county, None, one, other, name="某采矿许可案卷", sheet="penalty_file")
        own = opened(county, penalty(county), one, other)

        def change(
            review: FileReview, to: str, reason: str = "是许可案卷", actor: User | None = None
        ) -> None:
            ChangeSheet(actor=actor, review=review, sheet=to, reason=reason).execute()

        with pytest.raises(ActionRefused, match="组织案卷评查"):
            change(paper, "licence_file", actor=people(county, county.market)[0])
        with pytest.raises(ActionRefused, match="换表的理由"):
            change(paper, "licence_file", " ")
        for review, to in ((paper, "penalty_file"), (own, "licence_file"), (paper, "none")):
            with pytest.raises(ActionRefused, match="另一份评查表"):
                change(review, to)
        stale = FileReview.objects.get(pk=paper.pk)
        change(paper, "licence_file")
        paper = FileReview.objects.get(pk=paper.pk)
        assert paper.sheet_type.file_kind == paper.case.facts["file_kind"] == "行政许可"
        told = Record.objects.get(subject_id=paper.pk, kind="review.sheet_changed").payload
        assert '"from":"penalty_file"' in told and "是许可案卷" in told
        stale.case = paper.case
        recorded(paper, "submit_file", papers=["案卷目录"], unit=county.market)
        with pytest.raises(ActionRefused, match="刚刚换过"):
            SubmitSheet(actor=one, review=stale, answers=sheet(stale)).execute()
        SubmitSheet(actor=one, review=paper, answers=sheet(paper)).execute()
        with pytest.raises(ActionRefused, match="已有评查人员交表"):
            change(paper, "penalty_file")
        change(own, "general_file")
        assert verify().faults == ()
