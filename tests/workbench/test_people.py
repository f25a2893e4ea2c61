"""Units and accounts, kept by coordinators within their reach."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from tests.workbench.conftest import PASSWORD, World
from yifa.ledger.models import Organization, Record, User


def test_account_is_opened_and_its_first_password_works(world: World) -> None:
    client = world.client("coordinator")
    form = {"display_name": "新人", "username": "xinren", "organization": world.office.pk, "role": "officer"}
    response = client.post(reverse("new_user"), form, follow=True)
    password = re.search(r"初始密码 (\S+?)（", response.content.decode())
    assert password is not None
    assert Client().post("/login/", {"username": "xinren", "password": password[1]}).status_code == 302
    assert [row.role for row in User.objects.get(username="xinren").memberships.all()] == ["officer"]


def test_name_taken_is_said(world: World) -> None:
    form = {"display_name": "新人", "username": "officer", "organization": world.office.pk, "role": "officer"}
    response = world.client("coordinator").post(reverse("new_user"), form)
    assert response.status_code == 422
    assert "已有人使用" in response.content.decode()


def test_roles_and_sign_in_are_taken_away(world: World) -> None:
    client = world.client("coordinator")
    officer = world.users["officer"]
    url = reverse("person", args=[officer.pk])
    client.post(url, {"what": "grant", "role": "publisher", "organization": world.office.pk})
    assert {row.role for row in officer.memberships.all()} == {"officer", "publisher"}
    client.post(url, {"what": "revoke", "membership": officer.memberships.get(role="officer").pk})
    assert {row.role for row in officer.memberships.all()} == {"publisher"}
    client.post(url, {"what": "deactivate"})
    assert Client().post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 200
    client.post(url, {"what": "reactivate"})
    assert Client().post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 302
    kinds = Record.objects.filter(kind__startswith="user.").order_by("id").values_list("kind", "recorded_by")
    keeper = world.users["coordinator"].pk
    assert list(kinds)[-2:] == [("user.deactivated", keeper), ("user.reactivated", keeper)]


def test_new_password_for_somebody(world: World) -> None:
    officer = world.users["officer"]
    client = world.client("coordinator")
    response = client.post(reverse("person", args=[officer.pk]), {"what": "password"}, follow=True)
    password = re.search(r"新密码 (\S+?)（", response.content.decode())
    assert password is not None
    assert Client().post("/login/", {"username": "officer", "password": password[1]}).status_code == 302
    record = Record.objects.latest("id")
    assert (record.kind, record.recorded_by) == ("user.password_set", world.users["coordinator"])
    assert password[1] not in record.payload


def test_own_password_leaves_a_record_without_it(world: World) -> None:
    client = world.client("officer")
    form = {"old_password": PASSWORD, "new_password1": "next-steps-19", "new_password2": "next-steps-19"}
    assert client.post("/account/", form).status_code == 302
    assert client.get("/").status_code == 200
    record = Record.objects.latest("id")
    assert (record.kind, record.recorded_by) == ("user.password_set", world.users["officer"])
    assert "next-steps" not in record.payload


def test_nobody_locks_themselves_out(world: World) -> None:
    coordinator = world.users["coordinator"]
    world.client("coordinator").post(reverse("person", args=[coordinator.pk]), {"what": "deactivate"})
    coordinator.refresh_from_db()
    assert coordinator.is_active


def test_new_unit(world: World) -> None:
    form = {"name": "县审计局", "code": "sjj", "level": "department", "parent": world.body.pk}
    assert world.client("coordinator").post(reverse("new_unit"), form).status_code == 302
    assert Organization.objects.get(code="sjj").parent == world.body
    again = world.client("coordinator").post(reverse("new_unit"), form)
    assert again.status_code == 422
    assert "sjj" in again.content.decode()
