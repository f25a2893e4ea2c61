"""Lists kept under a name: saved with what the address says, opened by default, renamed, deleted and brought back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.workbench.conftest import World
from yifa.workbench.lists.savedviews import kept_query
from yifa.workbench.models import SavedView

VIEWS = "/views/"


def save(client: Client, name: str, query: str, page: str = "/cases/", **more: str) -> str:
    sent = {"what": "save", "page": page, "name": name, "query": query, **more}
    return client.post(VIEWS, sent, follow=True).content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("?state=open&page=3&q=&sort=due", "sort=due&state=open"),
        ("format=xlsx&view=all", ""),
        ("unit=sfj&state=open", "state=open&unit=sfj"),
        ("q=%E5%8D%A0%E9%81%93", "q=%E5%8D%A0%E9%81%93"),
    ],
)
def test_what_of_an_address_is_kept(given: str, kept: str) -> None:
    assert kept_query(given) == kept
    assert kept_query(kept) == kept


def test_a_view_is_offered_on_its_list_and_on_the_first_page(world: World) -> None:
    client = world.client("officer")
    assert "已保存视图“在办的信息公开”" in save(
        client, "在办的信息公开", "?type=information_request&state=open&page=2"
    )
    (view,) = SavedView.objects.all()
    assert (view.user, view.url) == (world.users["officer"], "/cases/?state=open&type=information_request")
    opened = client.get(view.url).content.decode()
    assert 'aria-current="true">在办的信息公开</a>' in opened
    assert view.url.replace("&", "&amp;") in client.get("/").content.decode()
    assert "在办的信息公开" not in client.get(reverse("register", args=["powers"])).content.decode()
    assert "在办的信息公开" not in world.client("stranger").get("/cases/").content.decode()


def test_the_default_opens_the_list_and_can_be_left(world: World) -> None:
    client = world.client("officer")
    save(client, "在办", "state=open", chosen="1")
    save(client, "逾期", "state=overdue", chosen="1")  # takes its place
    assert client.get("/cases/").headers["Location"] == "/cases/?state=overdue"
    assert client.get("/cases/?view=all").status_code == 200
    assert world.client("coordinator").get("/cases/").status_code == 200
    late = SavedView.objects.get(name="逾期")
    client.post(VIEWS, {"what": "leave", "view": late.pk})
    assert client.get("/cases/").status_code == 200
    client.post(VIEWS, {"what": "choose", "view": SavedView.objects.get(name="在办").pk})
    assert client.get("/cases/").headers["Location"] == "/cases/?state=open"


def test_the_same_name_takes_the_new_filters(world: World) -> None:
    client = world.client("officer")
    save(client, "我的", "state=open")
    save(client, "我的", "state=closed")
    assert SavedView.objects.get().query == "state=closed"


@pytest.mark.parametrize(
    ("name", "query", "page", "says"),
    [
        ("", "state=open", "/cases/", "视图的名称应为一至40个字"),
        ("字" * 41, "state=open", "/cases/", "视图的名称应为一至40个字"),
        ("全部", "page=2", "/cases/", "还没有筛选条件"),
        ("别处", "state=open", "https://elsewhere.example/", "这个页面不能存为视图"),
        ("别处", "state=open", "//elsewhere.example/cases/", "这个页面不能存为视图"),
        ("账号", "a=b", "/account/", "这个页面不能存为视图"),
        ("太长", "q=" + "a" * 1001, "/cases/", "筛选条件太长"),
    ],
)
def test_what_cannot_be_kept_is_said(world: World, name: str, query: str, page: str, says: str) -> None:
    assert says in save(world.client("officer"), name, query, page)
    assert not SavedView.objects.exists()


def test_rename_delete_and_bring_back(world: World) -> None:
    client = world.client("officer")
    save(client, "甲", "state=open", chosen="1")
    save(client, "乙", "state=closed")
    first = SavedView.objects.get(name="甲")
    text = client.post(
        VIEWS, {"what": "rename", "view": first.pk, "name": "乙"}, follow=True
    ).content.decode()
    assert "已有名为“乙”的视图" in text
    client.post(VIEWS, {"what": "rename", "view": first.pk, "name": "丙"})
    assert SavedView.objects.filter(name="丙").exists()
    text = client.post(VIEWS, {"what": "delete", "view": first.pk}).content.decode()
    assert "已删除视图“丙”" in text
    assert not SavedView.objects.filter(name="丙").exists()
    save(client, "丙", "state=open", again="1", chosen="1")
    assert SavedView.objects.get(name="丙").chosen


def test_nobody_changes_the_views_of_others(world: World) -> None:
    save(world.client("officer"), "甲", "state=open")
    view = SavedView.objects.get()
    for what in ("rename", "delete", "choose"):
        sent = {"what": what, "view": view.pk, "name": "乙"}
        assert world.client("coordinator").post(VIEWS, sent).status_code == 404
    assert world.client("officer").post(VIEWS, {"what": "delete", "view": "x"}).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.chosen) == ("甲", False)
