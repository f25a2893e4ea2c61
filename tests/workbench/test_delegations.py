"""Acting for somebody absent: within dates, never wider, never handed on, recorded as done for the other."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine

from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import Delegate, EndDelegation, GrantRole, RecordAct, RevokeRole
from yifa.ledger.models import Case, Delegation, Membership, Organization, Record
from yifa.ledger.models.scoping import held
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import ReviewLegality
from yifa.reporting.models import Report, Section, UnitPart

ANSWER = {
    "act": "answer",
    "on": TODAY,
    "outcome": "予以公开",
    "evidence": [{"title": "答复书", "attachment": None}],
}


def _lend(world: World, absent: str, deputy: str, **more: object) -> Delegation:
    user = world.users[absent]
    given: dict[str, object] = {
        "actor": user,
        "absent": user,
        "deputy": world.users[deputy],
        "memberships": list(user.memberships.all()),
        "begins": TODAY,
        "ends": TODAY + timedelta(days=5),
        "reason": "出差",
    }
    return Delegate(**(given | more)).execute()  # type: ignore[arg-type]


def test_deputy_acts_is_named_and_stops_by_itself(world: World) -> None:
    stranger = world.client("stranger")
    assert stranger.get(f"/cases/{world.case.pk}/").status_code == 404
    form = {
        "deputy": world.users["stranger"].pk,
        "memberships": [row.pk for row in world.users["officer"].memberships.all()],
        "begins": TODAY.isoformat(),
        "ends": (TODAY + timedelta(days=2)).isoformat(),
        "reason": "参加培训",
    }
    assert world.client("officer").post("/delegations/", form).status_code == 302
    assert stranger.get(f"/cases/{world.case.pk}/").status_code == 200
    for who in ("officer", "stranger"):
        assert "代理中" in world.client(who).get("/delegations/").content.decode()
        assert "参加培训" in world.client(who).get("/").content.decode()
    deputy = world.users["stranger"]
    RecordAct(actor=deputy, case=world.case, **ANSWER).execute()  # type: ignore[arg-type]
    record = Record.objects.filter(kind="act.recorded").latest("id")
    said = json.loads(record.payload)
    assert (said["by"], said["behalf"]["name"], record.recorded_by) == ("测试stranger", "测试officer", deputy)
    assert "代测试officer" in stranger.get(f"/cases/{world.case.pk}/").content.decode()
    own = request_for(world.other, TODAY, "示例本单位的材料")
    RecordAct(actor=deputy, case=own, **ANSWER).execute()  # type: ignore[arg-type]
    assert "behalf" not in json.loads(Record.objects.latest("id").payload)  # in one's own right
    with time_machine.travel(TODAY + timedelta(days=3)):
        assert [one.of for one in held(deputy)] == [None]


def test_it_neither_widens_nor_is_handed_on(world: World) -> None:
    officer, stranger = world.users["officer"], world.users["stranger"]
    lent = _lend(world, "coordinator", "officer")
    assert {one.role for one in held(officer)} == {"officer", "coordinator"}
    with pytest.raises(ActionRefused, match="不能再转交"):
        _lend(world, "officer", "stranger", memberships=list(lent.memberships.all()))
    row = Membership.objects.get(user=world.users["coordinator"], role="coordinator")
    RevokeRole(actor=None, user=row.user, organization=row.organization, role=row.role).execute()
    assert "coordinator" not in {one.role for one in held(officer)}
    with pytest.raises(ActionRefused, match="已经代理这些角色"):
        _lend(world, "coordinator", "officer")
    with pytest.raises(ActionRefused, match="没有登记代理的权限"):
        _lend(world, "officer", "reviewer", actor=stranger)
    with pytest.raises(ActionRefused, match="不能从过去"):
        _lend(world, "officer", "stranger", begins=TODAY - timedelta(days=1))
    with pytest.raises(ActionRefused, match="不得由一人兼任"):
        _lend(world, "audit", "system")


def test_only_the_cases_named_and_ended_early(world: World) -> None:
    stranger = world.users["stranger"]
    second = request_for(world.office, TODAY, "示例另一份材料")
    lent = _lend(world, "officer", "stranger", cases=[world.case])
    assert set(Case.objects.for_user(stranger)) == {world.case, world.foreign}
    assert not Organization.objects.for_user(stranger).filter(pk=world.office.pk).exists()
    with pytest.raises(ActionRefused, match="没有录入"):
        RecordAct(actor=stranger, case=second, **ANSWER).execute()  # type: ignore[arg-type]
    RecordAct(actor=stranger, case=world.case, **ANSWER).execute()  # type: ignore[arg-type]
    with pytest.raises(ActionRefused, match="权限"):
        EndDelegation(actor=world.users["reviewer"], delegation=lent, reason="提前返岗").execute()
    client = world.client("officer")
    client.post(f"/delegations/{lent.pk}/end/", {"reason": "提前返岗"})
    assert set(Case.objects.for_user(stranger)) == {world.foreign}
    assert Record.objects.filter(kind="delegation.ended").count() == 1
    assert world.client("reviewer").post(f"/delegations/{lent.pk}/end/", {"reason": "x"}).status_code == 404


def test_reviewer_for_another_still_does_not_review_the_own_draft(world: World) -> None:
    _lend(world, "reviewer", "officer")
    section = Section.objects.filter(report=world.report).order_by("order")[1]
    UnitPart.objects.create(section=section, unit=world.office, handed_in_by=world.users["officer"])
    Report.objects.filter(pk=world.report.pk).update(state=Report.State.LEGAL_REVIEW)
    world.report.refresh_from_db()
    with pytest.raises(ActionRefused, match="不能是同一人"):
        ReviewLegality(actor=world.users["officer"], report=world.report).execute()


def test_an_administrator_acts_for_nobody_who_works_on_cases(world: World) -> None:
    administrator = world.users["system"]
    with pytest.raises(ActionRefused, match="管理员不办业务"):
        _lend(world, "reviewer", "system")
    page = world.client("reviewer").get("/delegations/").content.decode()
    assert f"{administrator.display_name}（" not in page
    GrantRole(actor=None, user=administrator, organization=world.body, role="officer").execute()
    page = world.client("reviewer").get("/delegations/").content.decode()
    assert f"{administrator.display_name}（" in page
    assert _lend(world, "reviewer", "system").pk


def test_the_form_begins_with_the_only_role_and_the_own_unit(world: World) -> None:
    page = world.client("officer").get("/delegations/")
    form = page.context["form"]
    (role,) = world.users["officer"].memberships.all()
    assert list(form["memberships"].value()) == [role.pk]
    assert "checked" in str(form["memberships"])
    units = [label.rsplit("（", 1)[1] for _, label in form.fields["deputy"].choices[1:]]
    own = f"{world.users['officer'].organization}）"
    assert units.index(own) == 0
    assert units == sorted(units, key=lambda unit: unit != own)
