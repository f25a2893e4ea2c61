"""What waits for whom: acts by role, what was sent back, deadlines at the own desk; for deputies too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import GrantRole, OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Case, Delegation, Organization, Role, User
from yifa.planning.models import Plan, TaskProgress
from yifa.reporting.models import Comment
from yifa.workbench.figures import keyfigures
from yifa.workbench.waiting.everything import waiting_for


def penalty(unit: Organization, until: str = "end_investigation") -> Case:
    case = OpenCase(
        actor=None,
        organization=unit,
        case_type="administrative_penalty",
        act="file",
        on=date(2026, 11, 2),
        facts={"subject": "占道经营案", "body": unit.name},
        entered="back",
    ).execute()
    for act in ("investigate", "end_investigation"):
        RecordAct(actor=None, case=case, act=act, on=date(2026, 11, 6), entered="back").execute()
        if act == until:
            break
    case.refresh_from_db()
    return case


def review(case: Case, outcome: str) -> None:
    case.refresh_from_db()
    RecordAct(
        actor=None, case=case, act="legal_review", on=TODAY, outcome=outcome, by="乙某", entered="back"
    ).execute()


def titles(user: User) -> list[tuple[str, bool]]:
    return [(one.title, one.back) for one in waiting_for(user, TODAY).rows if "占道经营案" in one.about]


def test_an_act_waits_for_its_role_only_once_it_may_be_done(world: World) -> None:
    penalty(world.office, until="investigate")
    assert titles(world.users["reviewer"]) == []
    case = penalty(world.office)
    assert titles(world.users["reviewer"]) == [("法制审核", False)]
    assert titles(world.users["auditor"]) == titles(world.users["stranger"]) == []
    (one,) = [one for one in waiting_for(world.users["reviewer"], TODAY).rows if one.due]
    assert one.url == reverse("record_act", args=[case.pk, "legal_review"])
    assert world.client("reviewer").get(one.url).status_code == 200
    review(case, "通过")
    assert titles(world.users["reviewer"]) == []
    assert all(not back for _, back in titles(world.users["officer"]))


def test_what_is_not_approved_comes_back_to_its_own_desk(world: World) -> None:
    case = penalty(world.office)
    review(case, "不通过")
    assert titles(world.users["officer"]) == [("重新办理（法制审核：不通过）", True)]
    assert titles(world.users["stranger"]) == titles(world.users["reviewer"]) == []
    page = world.client("officer").get(reverse("waiting")).content.decode()
    assert "退回我的" in page
    assert reverse("case", args=[case.pk]) in page
    case.refresh_from_db()
    RecordAct(actor=None, case=case, act="investigate", on=TODAY, entered="back").execute()
    assert all(not back for _, back in titles(world.users["officer"]))


def test_a_role_waits_within_its_units_only(world: World) -> None:
    GrantRole(actor=None, user=world.users["nobody"], organization=world.other, role=Role.REVIEWER).execute()
    penalty(world.office)
    assert titles(world.users["nobody"]) == []
    penalty(world.other)
    assert titles(world.users["nobody"]) == [("法制审核", False)]


@pytest.mark.parametrize("limited", [False, True])
def test_a_deputy_has_what_waits_for_the_absent_one(world: World, limited: bool) -> None:
    first, second = penalty(world.office), penalty(world.other)
    absent, deputy = world.users["reviewer"], world.users["nobody"]
    lent = Delegation.objects.create(
        absent=absent,
        deputy=deputy,
        begins=TODAY,
        ends=TODAY + timedelta(days=3),
        reason="培训",
        cases=[str(first.pk)] if limited else [],
    )
    lent.memberships.set(absent.memberships.all())
    urls = {one.url for one in waiting_for(deputy, TODAY).rows}
    wanted = {reverse("record_act", args=[case.pk, "legal_review"]) for case in (first, second)}
    assert wanted & urls == (
        wanted if not limited else {reverse("record_act", args=[first.pk, "legal_review"])}
    )


def test_who_is_lent_another_role_is_not_told_to_do_the_officers_work(world: World) -> None:
    absent, deputy = world.users["reviewer"], world.users["stranger"]  # an officer of another unit
    lent = Delegation.objects.create(
        absent=absent, deputy=deputy, begins=TODAY, ends=TODAY + timedelta(days=3), reason="培训"
    )
    lent.memberships.set(absent.memberships.all())
    case = OpenCase(
        actor=None,
        organization=absent.organization or world.body,
        case_type="information_request",
        act="receive",
        on=TODAY,
        facts={"content": "示例申请"},
        entered="back",
    ).execute()
    assert not [one for one in waiting_for(deputy, TODAY).rows if str(case.pk) in one.url]
    penalty(world.office)
    assert [title for title, _ in titles(deputy)] == ["法制审核"]


def test_of_two_roles_the_one_that_reaches_all_counts(world: World) -> None:
    both = world.users["nobody"]
    GrantRole(actor=None, user=both, organization=world.body, role=Role.REVIEWER).execute()
    GrantRole(actor=None, user=both, organization=world.other, role=Role.COORDINATOR).execute()
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="administrative_decision",
        act="file",
        on=TODAY,
        facts={"subject": "示例土地权属争议"},
        entered="back",
    ).execute()
    RecordAct(actor=None, case=case, act="investigate", on=TODAY, entered="back").execute()
    (one,) = [one for one in waiting_for(both, TODAY).rows if str(case.pk) in one.url]
    assert one.title == "法制审核"


def test_deadlines_of_the_own_desk_wait_for_its_officer(world: World) -> None:
    found = waiting_for(world.users["officer"], TODAY).rows
    (one,) = [one for one in found if world.case.title in one.about]
    assert (one.title, one.due) == ("答复", world.case.next_due)
    assert not [
        one for one in waiting_for(world.users["coordinator"], TODAY).rows if world.case.title in one.about
    ]


def test_the_most_urgent_stands_first(world: World) -> None:
    officer = world.users["officer"]
    for ago in (1, 60, 26):
        OpenCase(
            actor=None,
            organization=world.office,
            case_type="information_request",
            act="receive",
            on=TODAY - timedelta(days=ago),
            facts={"content": f"{ago}天前的申请"},
            entered="back",
        ).execute()
    answered = Comment.State.ANSWERED
    Comment.objects.create(report=world.report, made_by=officer, text="请核对", state=answered)
    found = [one for one in waiting_for(officer, TODAY).rows if world.case.title not in one.about]
    order = ["60天前", "26天前", "请核对", "1天前"]
    assert [next(words for words in order if words in one.about) for one in found] == order


def test_many_that_have_waited_longer_do_not_hide_the_one_that_is_due(world: World) -> None:
    duty = PublishEntry(
        actor=None,
        organization=world.office,
        register="principal_duties",
        data=sample("principal_duties", {}) | {"starts": "2026-01-01", "ends": "2026-12-31"},
        on=date(2026, 1, 2),
    ).execute()
    for number in range(4):
        OpenCase(
            actor=None,
            organization=world.office,
            case_type="duty_record",
            act="record",
            on=date(2026, 1, 5),
            facts={"subject": f"听取法治工作汇报{number}", "person": "甲某", "duty": duty.key},
            fields={"did": "听取汇报"},
            entered="back",
        ).execute()
    due = penalty(world.office)
    Case.objects.filter(pk=due.pk).update(next_due=TODAY + timedelta(days=3))
    found = waiting_for(world.users["reviewer"], TODAY, 2)
    assert found.rows[0].about.startswith("占道经营案")
    assert "听取法治工作汇报" in found.rows[1].about and found.more


def test_a_returned_note_waits_for_its_unit(world: World) -> None:
    Plan.objects.filter(pk=world.plan.pk).update(state=Plan.State.ISSUED)
    task = world.plan.tasks.first()
    assert task is not None
    note = TaskProgress.objects.create(
        task=task,
        unit=world.office,
        on=TODAY,
        quarter=4,
        state="in_progress",
        returned_on=TODAY,
        return_reason="请写明次数",
    )
    rows = waiting_for(world.users["officer"], TODAY).rows
    assert [one.title for one in rows if one.back] == ["任务进展被退回：请写明次数"]
    Plan.objects.filter(pk=world.plan.pk).update(state=Plan.State.WITHDRAWN)
    assert not [one for one in waiting_for(world.users["officer"], TODAY).rows if one.back]
    Plan.objects.filter(pk=world.plan.pk).update(state=Plan.State.ISSUED)
    TaskProgress.objects.create(
        task=task, unit=world.office, on=TODAY, quarter=4, state="in_progress", corrects=note
    )
    assert not [one for one in waiting_for(world.users["officer"], TODAY).rows if one.back]


def test_queries_do_not_grow_and_the_rest_is_said(world: World) -> None:
    client = world.client("reviewer")
    penalty(world.office)
    client.get(reverse("waiting"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("waiting"))
    for _ in range(4):
        penalty(world.office)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("waiting"))
    assert len(many) == len(few)
    found = waiting_for(world.users["reviewer"], TODAY, 2)
    assert (len(found.rows), found.more) == (2, True)


def test_a_large_ledger_shows_it_when_it_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    penalty(world.office)
    request_for(world.office, TODAY, "示例资料")
    monkeypatch.setattr(keyfigures, "FEW", 0)
    client = world.client("reviewer")
    assert f'hx-get="{reverse("waiting")}"' in client.get(reverse("home")).content.decode()
    part = client.get(reverse("waiting"), headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<section class="card" id="waiting">')
    assert "法制审核" in part


def test_what_waits_shows_the_deadline_that_its_act_ends(world: World) -> None:
    case = OpenCase(
        actor=None, organization=world.office, case_type="case_review", act="draw", on=TODAY - timedelta(days=9),
        facts={"file_name": "示例公司无照经营案", "file_kind": "行政处罚", "reviewed_unit": world.other.name,
               "round": "2026年评查", "object_by": str(TODAY + timedelta(days=4)), "rectify_by": str(TODAY + timedelta(days=24))},
        outcome="专项调阅", entered="back",
    ).execute()  # fmt: skip
    for act, outcome, fields in (
        ("submit_file", None, {}),
        ("review", "合格", {"score": 82}),
        ("feed_back", None, {}),
    ):
        RecordAct(
            actor=None,
            case=case,
            act=act,
            on=TODAY - timedelta(days=1),
            outcome=outcome,
            fields=fields,
            entered="back",
        ).execute()
    case.refresh_from_db()
    assert case.next_due == TODAY + timedelta(
        days=24
    )  # an objection may be left: it is not the case's next deadline
    (one,) = [one for one in waiting_for(world.users["stranger"], TODAY).rows if "无照经营" in one.about]
    assert (one.title, one.due) == ("被评查单位提出异议", TODAY + timedelta(days=4))
