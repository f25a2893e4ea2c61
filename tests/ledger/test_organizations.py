from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.conftest import PASSWORD, Town
from yifa.ledger.actions import (
    ActionRefused,
    CreateOrganization,
    CreatePost,
    CreateUser,
    DeactivateUser,
    GrantRole,
    HoldPost,
    ReactivateUser,
    RenameOrganization,
    RevokeRole,
    SetPassword,
)
from yifa.ledger.models import Case, Entry, Organization, Record, Role, User
from yifa.ledger.people.roles import may, roles_in, users_with


def test_a_name_is_valid_over_time(place: Town) -> None:
    RenameOrganization(
        actor=None, organization=place.office, name="澜亭县法治局", on=date(2024, 7, 1), short_name="法治局"
    ).execute()
    place.office.refresh_from_db()
    assert place.office.name == "澜亭县法治局"
    days = {
        date(1990, 1, 1): "司法局",
        date(2024, 6, 30): "司法局",
        date(2024, 7, 1): "法治局",
        date(2030, 1, 1): "法治局",
    }
    for day, name in days.items():
        assert place.office.name_on(day) == f"澜亭县{name}"
    with pytest.raises(ActionRefused, match="应晚于现用名称"):
        RenameOrganization(actor=None, organization=place.office, name="再改", on=date(2024, 7, 1)).execute()


def test_who_held_a_post_on_a_day(place: Town) -> None:
    post = CreatePost(actor=None, organization=place.office, title="局长", principal=True).execute()
    HoldPost(actor=None, post=post, person="甲一", valid_from=date(2020, 1, 1)).execute()
    HoldPost(actor=None, post=post, person="乙二", valid_from=date(2023, 3, 15)).execute()
    held = {
        date(2019, 12, 31): [],
        date(2020, 1, 1): ["甲一"],
        date(2023, 3, 14): ["甲一"],
        date(2023, 3, 15): ["乙二"],
    }
    for day, names in held.items():
        assert [person.name for person in post.holders_on(day)] == names
    with pytest.raises(ActionRefused, match="乙二自2023年3月15日起任“局长”"):
        HoldPost(actor=None, post=post, person="丙三", valid_from=date(2022, 1, 1)).execute()
    with pytest.raises(ActionRefused, match="离任日期早于任职日期"):
        HoldPost(
            actor=None, post=post, person="丙三", valid_from=date(2022, 1, 1), valid_to=date(2021, 1, 1)
        ).execute()
    with pytest.raises(ActionRefused, match="已有“局长”"):
        CreatePost(actor=None, organization=place.office, title="局长").execute()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "sfj"}, "已被使用"),
        ({"code": "SFJ"}, "已被使用"),  # paths are compared without regard to case by SQLite
        ({"code": "司法局"}, "不能用"),
        ({"level": "moon"}, "没有「moon」这个层级.*county"),
        ({"name": " "}, "请填写单位名称"),
        ({"parent": None}, "已经有一个机关"),
    ],
)
def test_organizations_that_cannot_be(place: Town, more: dict[str, object], words: str) -> None:
    given = {
        "actor": None,
        "code": "new",
        "name": "新单位",
        "level": "department",
        "parent": place.body,
    } | more
    with pytest.raises(ActionRefused, match=words):
        CreateOrganization(**given).execute()  # type: ignore[arg-type]
    assert Organization.objects.count() == 3


def test_everything_leaves_a_record(place: Town) -> None:
    user = place.user(Role.OFFICER)
    RevokeRole(actor=None, user=user, organization=place.office, role=Role.OFFICER).execute()
    kinds = list(Record.objects.filter(subject_id=place.office.subject_id).values_list("kind", flat=True))
    assert kinds == ["organization.created", "user.created", "role.granted", "role.revoked"]
    assert PASSWORD not in "".join(Record.objects.values_list("payload", flat=True))


def test_accounts_that_cannot_be(place: Town) -> None:
    user = place.user()
    for more, words in (
        ({"username": user.username}, "已有人使用"),
        ({"username": "张 三"}, "不能用"),
        ({"password": "short"}, "密码"),
        ({"display_name": ""}, "请填写姓名"),
    ):
        given = {
            "actor": None,
            "username": "n",
            "display_name": "甲",
            "organization": place.office,
            "password": PASSWORD,
        }
        with pytest.raises(ActionRefused, match=words):
            CreateUser(**(given | more)).execute()  # type: ignore[arg-type]
    coordinator = place.user(Role.SYSTEM)
    with pytest.raises(ActionRefused, match="只能在服务器上"):
        CreateUser(
            actor=coordinator, username="n", display_name="甲", organization=place.office, superuser=True
        ).execute()


def test_a_role_reaches_down_and_not_up_nor_aside(place: Town) -> None:
    above, here = place.user(Role.REVIEWER, at=place.body), place.user(Role.REVIEWER)
    assert roles_in(above, place.office) == roles_in(here, place.office) == {"reviewer"}
    assert not roles_in(here, place.body) and not roles_in(here, place.town)
    assert may(None, place.office, ["leader"]) and not may(above, place.office, ["leader"])
    assert users_with(place.office, "reviewer") == [here, above]
    here.is_active = False
    here.save()
    assert not may(here, place.office, ["reviewer"]) and users_with(place.office, "reviewer") == [above]


def test_only_the_security_administrator_grants_and_only_within_reach(place: Town) -> None:
    security, other = place.user(Role.SECURITY), place.user()
    GrantRole(actor=security, user=other, organization=place.office, role="leader").execute()
    for attempt, words in (
        (GrantRole(actor=security, user=other, organization=place.body, role="leader"), "没有.*权限"),
        (GrantRole(actor=other, user=other, organization=place.office, role="officer"), "没有.*权限"),
        (
            GrantRole(actor=security, user=other, organization=place.office, role="leader"),
            "已有“领导”角色",
        ),
        (
            GrantRole(actor=security, user=other, organization=place.office, role="king"),
            "没有「king」这个角色",
        ),
        (
            RevokeRole(actor=security, user=other, organization=place.office, role="officer"),
            "没有这个角色",
        ),
    ):
        with pytest.raises(ActionRefused, match=words):
            attempt.execute()


def test_what_a_user_sees(place: Town) -> None:
    ours, theirs = place.request(), place.request(organization=place.town)
    county, office = place.user(Role.AUDITOR, at=place.body), place.user(Role.OFFICER)
    assert set(Case.objects.for_user(county)) == {ours, theirs}
    assert set(Case.objects.for_user(office)) == {ours}
    assert not Case.objects.for_user(place.user()) and not Case.objects.for_user(None)
    assert set(Organization.objects.for_user(office)) == {place.office}
    assert Organization.objects.for_user(county).count() == 3 and not Entry.objects.for_user(office)
    assert Organization.objects.body() == place.body


def test_scope_is_not_fooled_by_codes_that_begin_alike(place: Town) -> None:
    twin = CreateOrganization(
        actor=None, code="sfj2", name="另一局", level="department", parent=place.body
    ).execute()
    case = place.request(organization=twin)
    assert case not in Case.objects.for_user(place.user(Role.OFFICER))


def test_password_and_closing_leave_records_without_the_password(place: Town) -> None:
    user = place.user(Role.OFFICER)
    SetPassword(actor=None, user=user, password="another-way-31").execute()
    DeactivateUser(actor=None, user=user).execute()
    assert not User.objects.get(pk=user.pk).is_active
    ReactivateUser(actor=None, user=user).execute()
    found = User.objects.get(pk=user.pk)
    assert found.is_active
    assert found.check_password("another-way-31")
    rows = list(Record.objects.order_by("-id").values_list("kind", "payload")[:3])
    assert [kind for kind, _ in rows] == ["user.reactivated", "user.deactivated", "user.password_set"]
    assert all(user.username in payload and "another-way" not in payload for _, payload in rows)


def test_accounts_are_not_changed_out_of_turn(place: Town) -> None:
    officer, keeper = place.user(Role.OFFICER), place.user(Role.SYSTEM)
    with pytest.raises(ActionRefused, match="不能停用自己"):
        DeactivateUser(actor=keeper, user=keeper).execute()
    with pytest.raises(ActionRefused, match="无须启用"):
        ReactivateUser(actor=keeper, user=officer).execute()
    with pytest.raises(ActionRefused):
        SetPassword(actor=officer, user=keeper, password="another-way-31").execute()
    with pytest.raises(ActionRefused, match="密码"):
        SetPassword(actor=keeper, user=officer, password="short").execute()
    DeactivateUser(actor=keeper, user=officer).execute()
    with pytest.raises(ActionRefused, match="已经停用"):
        DeactivateUser(actor=keeper, user=officer).execute()


def test_keeper_of_an_office_does_not_reach_above_it(place: Town) -> None:
    keeper, above = place.user(Role.SYSTEM), place.user(Role.OFFICER)
    above.memberships.update(organization=place.body)
    with pytest.raises(ActionRefused):
        SetPassword(actor=keeper, user=above, password="another-way-31").execute()
