"""Help: the manual's pages and links, the glossary, the guided first hour, backups."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import RecordAct
from yifa.ledger.installation.options import offer_accounts
from yifa.ledger.models import Record, Role
from yifa.workbench.helping.guide import _steps
from yifa.workbench.helping.manual import FOLDER, chapter, picture
from yifa.workbench.helping.terms import terms

PRESSED = re.compile("(?:点开?|打开|勾选?|按)((?:“[^”]+”[、或]?)+)")
LINK = re.compile(r'(?:href|src)="([^"]+)"')


def test_every_link_of_the_manual_leads_somewhere(world: World) -> None:
    """Other chapters, pages of the workbench and pictures are there."""
    for path in sorted(FOLDER.glob("*.md")):
        found = chapter("" if path.stem == "README" else path.stem)
        assert found is not None
        assert "<script" not in found.body
        for address in LINK.findall(found.body):
            try:
                match = resolve(address.partition("#")[0].partition("?")[0])
            except Resolver404:
                pytest.fail(f"{path.name}: {address}")
            if match.url_name == "help_chapter":
                assert chapter(match.kwargs["name"]), f"{path.name}: {address}"
            if match.url_name == "help_picture":
                assert picture(match.kwargs["name"]), f"{path.name}: {address}"


def test_what_the_manual_says_to_press_is_called_so() -> None:
    """Each name after 点, 打开, 勾 or 按 stands on a page or is an account of the demonstration, as written."""
    package = FOLDER.parents[1] / "src" / "yifa"
    pages = "\n".join(
        path.read_text(encoding="utf-8")
        for path in package.rglob("*")
        if path.suffix in {".html", ".py", ".yaml", ".js"}
    )
    pressed = [
        (path.name, name)
        for path in sorted(FOLDER.glob("*.md"))
        if path.stem != "newcomers"  # tells what pages were like
        for said in PRESSED.findall(path.read_text(encoding="utf-8"))
        for name in re.findall("“([^”]+)”", said)
    ]
    assert len(pressed) > 20
    called = [
        one for one in pressed if not re.search(rf"[>\"'}}\s]{re.escape(one[1])}(?=[<\"'{{（,\s])", pages)
    ]
    assert called == []


def test_pictures_are_small_and_shown(world: World) -> None:
    """A picture nobody sees is not kept, and each is small enough for a repository."""
    shown = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md"))
    kept = list((FOLDER / "images").glob("*.png"))
    assert all(path.stat().st_size <= 60_000 and path.name in shown for path in kept), [
        path.name for path in kept if path.name not in shown
    ]


def test_nothing_outside_the_manual_is_read(world: World) -> None:
    client = world.client("officer")
    for name in ("..", "README", "images", "no-such-chapter"):
        assert client.get(f"/help/{name}/").status_code == 404
    assert client.get(reverse("help_picture", args=["secret-key"])).status_code == 404


def test_the_glossary_finds_words_of_the_law(world: World) -> None:
    client = world.client("officer")
    text = client.get("/help/terms/", {"q": "听证"}).content.decode()
    assert "听证" in text
    assert "行政处罚法" in text
    assert "没有找到" in client.get("/help/terms/", {"q": "查无此词"}).content.decode()
    groups, cut = terms()
    assert not cut
    assert {"记录", "时限", "事项类型", "清单名录"} <= {title for title, _ in groups}
    assert all(one.means.strip() for _, entries in groups for one in entries)


@pytest.fixture
def guided(world: World) -> Client:
    offer_accounts([("officer", "承办人")], "known")
    return world.client("officer")


def test_only_the_demonstration_guides_unless_switched_on(world: World) -> None:
    asked = f'hx-get="{reverse("guide")}"'
    officer, system = world.client("officer"), world.client("system")
    assert asked not in officer.get("/").content.decode()
    officer.post("/help/guide/change/", {"do": "on"})
    assert asked not in officer.get("/").content.decode()  # not for everybody to decide
    system.post("/help/guide/change/", {"do": "on"})
    assert asked in officer.get("/").content.decode()
    assert asked not in officer.get("/cases/").content.decode()


def ticks(client: Client) -> list[bool]:
    page = client.get("/help/guide/", headers={"HX-Request": "true"}).content.decode()
    return ["已做" in line for line in page.split('<li class="list-group-item">')[1:]]


def test_tasks_are_ticked_from_what_was_done(guided: Client, world: World) -> None:
    assert not any(ticks(guided))
    case = request_for(world.office, TODAY, "示例用地的批复")
    assert not any(ticks(guided))  # somebody else's
    RecordAct(
        actor=world.users["officer"], case=case, act="answer", on=TODAY, outcome="予以公开",
        evidence=[{"title": "答复书", "attachment": None}],
    ).execute()  # fmt: skip
    assert ticks(guided) == [False, False, True, False, False]
    assert guided.get("/help/guide/due/").headers["Location"].startswith("/cases/?")
    elsewhere = world.client("officer")  # the same account at another desk
    assert ticks(elsewhere) == ticks(guided) == [True, False, True, False, False]
    guided.post("/help/guide/change/", {"do": "hide"})
    assert 'hx-get="/help/guide/"' not in elsewhere.get("/").content.decode()
    guided.post("/help/guide/change/", {"do": "again"})
    assert 'hx-get="/help/guide/"' in guided.get("/").content.decode()
    assert guided.get("/help/guide/journal/").status_code == 404


def test_every_role_has_first_tasks(world: World) -> None:
    assert set(_steps()) == {role.value for role in Role}
    assert all(step.kinds or step.url for steps in _steps().values() for step in steps)


def test_backups_leave_a_trace(world: World, tmp_path: Path) -> None:
    (tmp_path / "attachments").mkdir(exist_ok=True)
    client = world.client("system")
    assert "还没有备份" in client.get("/backups/").content.decode()
    (tmp_path / "backups").mkdir()
    torn = tmp_path / "backups" / "yifa-20261101-080000.tar"
    torn.write_bytes(b"torn")
    assert "文件残缺" in client.get("/backups/").content.decode()
    client.post(reverse("verify_backup", args=[torn.name]))
    assert "不能用" in client.get("/backups/").content.decode()
    assert b"".join(client.post(reverse("take_backup", args=[torn.name]))) == b"torn"
    assert Record.objects.filter(kind="backup.taken", recorded_by=world.users["system"]).count() == 1
    assert "下载备份" in world.client("audit").get("/journal/").content.decode()
    assert client.get(reverse("take_backup", args=[torn.name])).status_code == 405
    assert world.client("audit").post(reverse("take_backup", args=[torn.name])).status_code == 403
