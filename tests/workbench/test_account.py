"""Signing in, being locked out, signing out, a new password, an empty installation."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from tests.workbench.conftest import NOW, PASSWORD, World
from yifa.ledger.models import SignIn
from yifa.workbench.rights.signing import SEEN, TOUCHED_EVERY, open_sessions


def sign_in(client: Client, username: str, password: str, **more: str) -> object:
    return client.post("/login/", {"username": username, "password": password, **more})


def signed_in(username: str) -> Client:
    client = Client()
    assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


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


def test_a_session_left_alone_ends_and_says_so(world: World, settings: LazySettings) -> None:
    client = signed_in("officer")
    used = NOW + timedelta(seconds=settings.IDLE_SECONDS - 1)
    with time_machine.travel(used, tick=False):
        assert client.get("/cases/?state=open").status_code == 200
    with time_machine.travel(used + timedelta(seconds=settings.IDLE_SECONDS), tick=False):
        assert client.get("/cases/").status_code == 200  # counted from the last use, not from signing in
    with time_machine.travel(used + timedelta(seconds=2 * settings.IDLE_SECONDS + 1), tick=False):
        left = client.get("/cases/?state=open")
        assert left.headers["Location"] == "/login/?next=/cases/%3Fstate%3Dopen"
        door = client.get(left.headers["Location"]).content.decode()
        assert f"超过 {settings.IDLE_SECONDS // 60} 分钟没有操作" in door
        assert client.get("/cases/").status_code == 302
    assert SignIn.objects.get(user=world.users["officer"]).ended_at is not None


def test_what_was_sent_after_too_long_is_not_done(world: World, settings: LazySettings) -> None:
    client = signed_in("officer")
    with time_machine.travel(NOW + timedelta(seconds=settings.IDLE_SECONDS + 1), tick=False):
        sent = client.post(
            "/views/", {"what": "save", "page": "/cases/", "name": "甲", "query": "state=open"}
        )
    assert sent.headers["Location"].startswith("/login/")
    assert not world.users["officer"].saved_views.exists()


def test_reading_writes_the_session_at_most_once_a_minute(world: World) -> None:
    client = signed_in("officer")
    first = client.session[SEEN]
    with time_machine.travel(NOW + timedelta(seconds=TOUCHED_EVERY), tick=False):
        client.get("/account/")
        assert client.session[SEEN] == first
    with time_machine.travel(NOW + timedelta(seconds=TOUCHED_EVERY + 1), tick=False):
        client.get("/account/")
        assert client.session[SEEN] == first + TOUCHED_EVERY + 1


def test_one_session_or_all_others_can_be_ended(world: World) -> None:
    here, there, far = (signed_in("officer") for _ in range(3))
    somebody = signed_in("reviewer")
    rows = {row.session_key: row for row in open_sessions(world.users["officer"])}
    assert len(rows) == 3
    one = rows[str(there.session.session_key)]
    text = here.post("/account/sessions/", {"session": one.pk}, follow=True).content.decode()
    assert "已退出 1 处登录" in text
    assert there.get("/").status_code == 302
    assert far.get("/").status_code == here.get("/").status_code == 200
    assert (
        "已退出 1 处登录" in here.post("/account/sessions/", {"session": "all"}, follow=True).content.decode()
    )
    assert far.get("/").status_code == 302
    assert here.get("/").status_code == somebody.get("/").status_code == 200
    assert [row.session_key for row in open_sessions(world.users["officer"])] == [here.session.session_key]


def test_nobody_ends_a_session_of_others_nor_the_own_by_mistake(world: World) -> None:
    mine, theirs = signed_in("officer"), signed_in("reviewer")
    foreign = open_sessions(world.users["reviewer"])[0]
    own = open_sessions(world.users["officer"])[0]
    for wanted in (foreign.pk, own.pk, "", "x"):
        assert (
            "已退出 0 处登录"
            in mine.post("/account/sessions/", {"session": wanted}, follow=True).content.decode()
        )
    assert theirs.get("/").status_code == mine.get("/").status_code == 200
    assert mine.get("/account/sessions/").status_code == 405


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
