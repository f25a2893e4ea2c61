"""What was typed before a session ended: put back for whoever typed it, for nobody else, and never sent by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import NOW, PASSWORD, World
from tests.workbench.test_account import signed_in
from tests.workbench.test_acting import act_url, answer_form
from yifa.ledger.models import SignIn
from yifa.workbench.forms.refilled import refill
from yifa.workbench.rights.signing import end_session

TYPED = "乙承办<>&\"'"
ORIGIN = "http://testserver"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    caches["forms"].clear()


def send(client: Client, world: World) -> HttpResponse:
    """The officer's answer, after the session has ended."""
    url = act_url(world.case, "answer")
    form = answer_form(world.case, by=TYPED, stray="没有地方的话", old_password="geheim-1")
    form["papers"] = SimpleUploadedFile("答复书.pdf", b"%PDF-1.4")
    return client.post(url, form, headers={"Referer": f"{ORIGIN}{url}?again=1"})  # type: ignore[return-value]


def sign_in(client: Client, who: str, door: str) -> HttpResponse:
    return client.post(door, {"username": who, "password": PASSWORD})  # type: ignore[return-value]


def shown(client: Client, world: World) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(f"{act_url(world.case, 'answer')}?again=1").content.decode())


@pytest.mark.parametrize("how", ["left alone", "ended by another", "noticed by another tab"])
def test_a_form_sent_too_late_is_filled_again_and_waits_for_a_press(
    world: World, settings: LazySettings, how: str
) -> None:
    client, url = signed_in("officer"), act_url(world.case, "answer")
    late = 1 if how == "ended by another" else settings.IDLE_SECONDS + 1
    with time_machine.travel(NOW + timedelta(seconds=late), tick=False):
        if how == "ended by another":
            end_session(SignIn.objects.get(user=world.users["officer"], ended_at=None))
        if how == "noticed by another tab":
            assert client.get("/cases/").status_code == 302
        sent = send(client, world)
        assert sent.headers["Location"].startswith("/login/?next=")
        assert "已替您留着" in client.get(sent.headers["Location"]).content.decode()
        assert sign_in(client, "officer", sent.headers["Location"]).headers["Location"] == f"{url}?again=1"
        for _ in range(2):  # it stays until it is sent
            page = shown(client, world)
            assert page.css_first("#id_by").attributes["value"] == TYPED  # type: ignore[union-attr]
            assert page.css_first("#id_outcome option[selected]").text() == "予以公开"  # type: ignore[union-attr]
        notice = page.css_first("#kept-form")
        assert notice is not None
        assert "没有提交" in notice.text()
        assert "答复书.pdf" in notice.text()
        assert [one.text(strip=True) for one in notice.css("textarea")] == ["没有地方的话"]
        assert "geheim-1" not in (page.html or "")
        assert not world.case.acts.filter(act="answer").exists()  # nothing was sent by itself
        assert client.post(url, answer_form(world.case, by=TYPED)).status_code == 302
        assert world.case.acts.get(act="answer").actor == TYPED
        assert shown(client, world).css_first("#kept-form") is None


def test_nobody_else_sees_it_and_it_is_thrown_away(world: World, settings: LazySettings) -> None:
    client = signed_in("officer")
    with time_machine.travel(NOW + timedelta(seconds=settings.IDLE_SECONDS + 1), tick=False):
        door = send(client, world).headers["Location"]
        sign_in(client, "coordinator", door)
        assert TYPED not in (shown(client, world).html or "")
        assert shown(client, world).css_first("#kept-form") is None
        client.post("/logout/")
        sign_in(client, "officer", door)
        assert shown(client, world).css_first("#kept-form") is None
        assert shown(signed_in("officer"), world).css_first("#kept-form") is None  # nor in another browser


def test_it_can_be_dropped_and_is_gone_after_an_hour(world: World, settings: LazySettings) -> None:
    client = signed_in("officer")
    late = NOW + timedelta(seconds=settings.IDLE_SECONDS + 1)
    with time_machine.travel(late, tick=False):
        sign_in(client, "officer", send(client, world).headers["Location"])
        dropped = client.post(reverse("drop_kept_form"))
        assert dropped.headers["Location"] == f"{act_url(world.case, 'answer')}?again=1"
        assert shown(client, world).css_first("#kept-form") is None
    with time_machine.travel(late + timedelta(seconds=settings.IDLE_SECONDS + 1), tick=False):
        door = send(client, world).headers["Location"]
    with time_machine.travel(late + timedelta(seconds=settings.IDLE_SECONDS + 3603), tick=False):
        sign_in(client, "officer", door)
        assert shown(client, world).css_first("#kept-form") is None


def test_what_another_site_sends_is_neither_done_nor_kept(world: World, settings: LazySettings) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(NOW + timedelta(seconds=settings.IDLE_SECONDS + 1), tick=False):
        assert send(client, world).status_code == 403
        client.get("/cases/")
        assert send(client, world).status_code == 403  # after the session was ended, too
        client.force_login(world.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
        url, form = act_url(world.case, "answer"), answer_form(world.case, by=TYPED)
        refused = client.post(url, form, headers={"Origin": "https://elsewhere.example"})
        assert (refused.status_code, "已替您留着" in refused.content.decode()) == (403, False)
        assert shown(client, world).css_first("#kept-form") is None
        own = client.post(url, form, headers={"Origin": ORIGIN, "Referer": f"{ORIGIN}{url}?again=1"})
        assert (own.status_code, "回到表单" in own.content.decode()) == (403, True)  # strict, but not lost
        assert shown(client, world).css_first("#id_by").attributes["value"] == TYPED  # type: ignore[union-attr]


def test_a_live_part_leads_to_the_door_and_back(world: World, settings: LazySettings) -> None:
    client, page = signed_in("officer"), reverse("open_case", args=["information_request"])
    with time_machine.travel(NOW + timedelta(seconds=settings.IDLE_SECONDS + 1), tick=False):
        asked = client.post(
            reverse("similar_cases", args=["information_request"]),
            {"title": "申请公开某文件"},
            headers={"HX-Request": "true", "HX-Current-URL": f"{ORIGIN}{page}"},
        )
        assert asked.headers["HX-Redirect"] == f"/login/?next={page}"
        sign_in(client, "officer", asked.headers["HX-Redirect"])
        assert "申请公开某文件" in client.get(page).content.decode()


@settings(max_examples=25, deadline=None)
@given(
    line=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))),
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n")),
    chosen=st.sets(st.sampled_from("abc")),
)
def test_any_text_comes_back_as_it_was(line: str, text: str, chosen: set[str]) -> None:
    boxes = "".join(f'<input type="checkbox" name="box" value="{one}" checked>' for one in "abc")
    html = (
        '<main><form method="post" action="/other/"><textarea name="text">x</textarea></form>'
        '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="own"><input name="line" value="old">'
        f"{boxes}<textarea name='text'>{escape('<old>')}</textarea></form></main>"
    )
    values = {"line": [line], "text": [text], "csrfmiddlewaretoken": ["foreign"]} | {"box": sorted(chosen)}
    filled = refill(html, "/here/", values)
    again = LexborHTMLParser(filled.with_notice("<p>!</p>"))
    form = again.css("form")[1]
    value = {
        one.attributes["name"]: one.attributes.get("value") for one in form.css("input:not([type=checkbox])")
    }
    assert value == {"csrfmiddlewaretoken": "own", "line": line}
    assert form.css_first("textarea").text() == text  # type: ignore[union-attr]
    assert {one.attributes["value"] for one in form.css("[checked]")} == chosen
    assert again.css("form")[0].css_first("textarea").text() == "x"  # type: ignore[union-attr]
