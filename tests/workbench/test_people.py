"""Units and accounts by the system administrator, roles by the security administrator."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.workbench.conftest import PASSWORD, World
from yifa.ledger.actions import ExemptSeparation, GrantRole
from yifa.ledger.models import Organization, Record, User
from yifa.ledger.refusal import ActionRefused


def test_account_is_opened_and_its_first_password_is_changed_before_all_else(world: World) -> None:
    form = {"display_name": "新人", "username": "xinren", "organization": world.office.pk}
    assert world.client("coordinator").post(reverse("new_user"), form).status_code == 403
    response = world.client("system").post(reverse("new_user"), form, follow=True)
    password = re.search(r"初始密码 (\S+?)（", response.content.decode())
    assert password is not None
    client = Client()
    assert client.post("/login/", {"username": "xinren", "password": password[1]}).status_code == 302
    assert client.get("/cases/").headers["Location"] == "/account/"
    new = {"old_password": password[1], "new_password1": "quite-new-17", "new_password2": "quite-new-17"}
    client.post("/account/", {**new, "new_password1": password[1], "new_password2": password[1]})
    assert client.get("/cases/").status_code == 302
    assert client.post("/account/", new).status_code == 302
    assert client.get("/cases/").status_code == 200
    assert not User.objects.get(username="xinren").memberships.exists()


def test_name_taken_is_said(world: World) -> None:
    form = {"display_name": "新人", "username": "officer", "organization": world.office.pk}
    response = world.client("system").post(reverse("new_user"), form)
    assert response.status_code == 422
    assert "已有人使用" in response.content.decode()


def test_roles_and_accounts_are_kept_by_different_people(world: World) -> None:
    officer = world.users["officer"]
    url = reverse("person", args=[officer.pk])
    grant = {"what": "grant", "role": "publisher", "organization": world.office.pk}
    security, system = world.client("security"), world.client("system")
    assert "请选择角色和单位" in system.post(url, grant).content.decode()  # it has no unit in which to grant
    assert {row.role for row in officer.memberships.all()} == {"officer"}
    security.post(url, grant)
    assert {row.role for row in officer.memberships.all()} == {"officer", "publisher"}
    security.post(url, {"what": "revoke", "membership": officer.memberships.get(role="officer").pk})
    assert {row.role for row in officer.memberships.all()} == {"publisher"}
    assert security.post(url, {"what": "deactivate"}).status_code == 403
    system.post(url, {"what": "deactivate"})
    assert Client().post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 200
    system.post(url, {"what": "reactivate"})
    assert Client().post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 302
    kinds = Record.objects.filter(kind__startswith="user.").order_by("id").values_list("kind", "recorded_by")
    keeper = world.users["system"].pk
    assert list(kinds)[-2:] == [("user.deactivated", keeper), ("user.reactivated", keeper)]
    page = world.client("audit").get("/journal/").content.decode()
    assert "停用账号" in page and "授予角色" in page and "测试security" in page


def test_nobody_grants_to_oneself_nor_joins_what_is_apart(world: World) -> None:
    security, system = world.users["security"], world.users["system"]
    client = world.client("security")
    form = {"what": "grant", "role": "coordinator", "organization": world.body.pk}
    assert client.post(reverse("person", args=[security.pk]), form).status_code == 403
    response = client.post(reverse("person", args=[system.pk]), {**form, "role": "audit_admin"}, follow=True)
    assert "不得由一人兼任" in response.content.decode()
    assert [row.role for row in system.memberships.all()] == ["system_admin"]


def test_small_body_lets_one_hold_two_until_a_day_and_never_the_audit(world: World) -> None:
    security = world.users["security"]
    exempt = ExemptSeparation(
        actor=world.users["audit"],
        user=security,
        organization=world.body,
        reason="编制三人",
        until=date(2027, 6, 30),
    )
    exempt.execute()
    GrantRole(actor=None, user=security, organization=world.body, role="system_admin").execute()
    assert "编制三人" in world.client("officer").get("/powers/").content.decode()
    with pytest.raises(ActionRefused, match="不得由一人兼任"):
        GrantRole(actor=None, user=security, organization=world.body, role="audit_admin").execute()
    with pytest.raises(ActionRefused, match="最长一年"):
        replace(exempt, until=date(2029, 1, 1)).execute()


def test_audit_administrator_lets_one_hold_two_in_the_browser_and_ends_it(world: World) -> None:
    security, audit = world.users["security"], world.client("audit")
    given = {"user": security.pk, "until": date.today() + timedelta(days=90), "reason": "编制三人"}
    assert world.client("system").post("/journal/", given).status_code == 403
    assert audit.post("/journal/", {**given, "reason": " "}).status_code == 422
    assert audit.post("/journal/", {**given, "user": world.users["audit"].pk}).status_code == 422
    assert audit.post("/journal/", given).status_code == 302
    GrantRole(actor=None, user=security, organization=world.body, role="system_admin").execute()
    assert audit.post("/journal/", given).status_code == 422  # twice
    made = security.separation_exceptions.get()
    assert audit.post("/journal/", {"end": made.pk, "why": ""}).status_code == 422
    assert audit.post("/journal/", {"end": made.pk, "why": "已另设一人"}).status_code == 302
    page = audit.get("/journal/").content.decode()
    assert "提前结束兼任" in page
    assert "没有登记兼任" in page
    assert not re.search(r">\s*[a-z]+\.[a-z_]+\s*<", page)  # every kind of record has a word
    assert "未分开" in audit.get("/powers/").content.decode()


def test_new_password_for_somebody(world: World) -> None:
    officer = world.users["officer"]
    client = world.client("system")
    response = client.post(reverse("person", args=[officer.pk]), {"what": "password"}, follow=True)
    password = re.search(r"新密码 (\S+?)（", response.content.decode())
    assert password is not None
    assert Client().post("/login/", {"username": "officer", "password": password[1]}).status_code == 302
    record = Record.objects.latest("id")
    assert (record.kind, record.recorded_by) == ("user.password_set", world.users["system"])
    assert password[1] not in record.payload
    assert (
        client.post(reverse("person", args=[world.users["audit"].pk]), {"what": "password"}).status_code
        == 403
    )


def test_own_password_leaves_a_record_without_it(world: World) -> None:
    client = world.client("officer")
    form = {"old_password": PASSWORD, "new_password1": "next-steps-19", "new_password2": "next-steps-19"}
    assert client.post("/account/", form).status_code == 302
    assert client.get("/").status_code == 200
    record = Record.objects.latest("id")
    assert (record.kind, record.recorded_by) == ("user.password_set", world.users["officer"])
    assert "next-steps" not in record.payload


def test_nobody_locks_themselves_out(world: World) -> None:
    system = world.users["system"]
    world.client("system").post(reverse("person", args=[system.pk]), {"what": "deactivate"})
    system.refresh_from_db()
    assert system.is_active


def test_new_unit(world: World) -> None:
    form = {"name": "县审计局", "code": "sjj", "level": "department", "parent": world.body.pk}
    assert world.client("system").post(reverse("new_unit"), form).status_code == 302
    assert Organization.objects.get(code="sjj").parent == world.body
    again = world.client("system").post(reverse("new_unit"), form)
    assert again.status_code == 422
    assert "sjj" in again.content.decode()
