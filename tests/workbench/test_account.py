"""Signing in, being locked out, signing out, a new password, an empty installation."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.workbench.conftest import PASSWORD, World


def sign_in(client: Client, username: str, password: str, **more: str) -> object:
    return client.post("/login/", {"username": username, "password": password, **more})


def test_sign_in_goes_where_one_wanted_to_go(world: World) -> None:
    client = Client()
    response = client.post("/login/", {"username": "officer", "password": PASSWORD, "next": "/cases/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/cases/")
    assert client.get("/").status_code == 200


def test_sign_in_never_leads_to_another_site(world: World) -> None:
    form = {"username": "officer", "password": PASSWORD, "next": "//elsewhere.example/"}
    assert Client().post("/login/", form).headers["Location"] == "/"


def test_wrong_password_is_said_in_chinese(world: World) -> None:
    response = Client().post("/login/", {"username": "officer", "password": "wrong"})
    assert "用户名或密码不对" in response.content.decode()


def test_five_wrong_passwords_lock_the_account_here(world: World) -> None:
    client = Client()
    for _ in range(5):
        response = client.post("/login/", {"username": "officer", "password": "wrong"})
    assert response.status_code == 429
    assert "过 15 分钟再试" in response.content.decode()
    assert client.post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 429
    assert client.post("/login/", {"username": "reviewer", "password": PASSWORD}).status_code == 302


def test_sign_out_is_a_post(world: World) -> None:
    client = world.client("officer")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_new_password(world: World) -> None:
    client = world.client("officer")
    wrong = {"old_password": "x", "new_password1": "short", "new_password2": "short"}
    text = client.post("/account/", wrong).content.decode()
    assert "当前密码不对" in text
    assert "密码" in text
    right = {
        "old_password": PASSWORD,
        "new_password1": "another-password-7",
        "new_password2": "another-password-7",
    }
    assert client.post("/account/", right).status_code == 302
    assert client.get("/account/").status_code == 200  # still signed in
    response = Client().post("/login/", {"username": "officer", "password": "another-password-7"})
    assert response.status_code == 302


@pytest.mark.django_db
def test_empty_installation_says_how_to_begin() -> None:
    text = Client().get("/login/").content.decode()
    assert "yifa init" in text
    assert "yifa demo load" in text


def test_stale_form_says_so(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": "officer", "password": PASSWORD})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_the_door_offers_the_check_up_only_where_it_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIFA_OPEN_CHECK", "1")
    assert "先体检一份报告" in Client().get("/login/").content.decode()
    monkeypatch.setenv("YIFA_OPEN_CHECK", "0")
    assert "先体检一份报告" not in Client().get("/login/").content.decode()
