"""An empty installation becomes a body on its pages: the word, the steps, what is wrong in which cell, the sheet."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.ledger.installation.founding import unit_lines
from yifa.ledger.installation.options import new_opening_word, opens
from yifa.ledger.models import Membership, Organization, Record, User
from yifa.workbench.forms import divisions as places
from yifa.workbench.forms.divisions import Division, find_division

BODY = {"name": "试行县人民政府", "short_name": "试行县", "level": "county", "region": "试行县（511124）"}
ADMINISTRATORS = ("系统管理员", "安全管理员", "审计管理员", "法治办统筹、承办人")


@pytest.fixture
def guest(db: None) -> Client:
    client = Client()
    assert client.post("/init/", {"word": new_opening_word()}).headers["Location"] == "/init/body/"
    return client


def people(*names: str) -> dict[str, str]:
    sent = {"rows": str(len(names)), "do": "next"}
    for place, (name, roles) in enumerate(zip(names, ADMINISTRATORS, strict=False)):
        sent |= {
            f"r{place}_display_name": name,
            f"r{place}_roles": roles,
            f"r{place}_username": f"user{place}",
        }
    return sent


def test_the_page_needs_the_word(db: None) -> None:
    word, client = new_opening_word(), Client()
    assert "建立单位" in client.get("/login/").content.decode()
    assert client.get("/init/body/").status_code == 200
    assert "一次性口令" in client.get("/init/body/").content.decode()
    assert client.post("/init/", {"word": "wrong"}).status_code == 422
    assert client.get("/init/units/").content.decode().count("一次性口令")
    assert client.post("/init/", {"word": f" {word.upper().replace('-', '　')} "}).status_code == 302
    assert not opens("")


def test_guessing_uses_the_word_up(db: None) -> None:
    word, client = new_opening_word(), Client()
    for _ in range(21):
        text = client.post("/init/", {"word": "guess"}).content.decode()
    assert "口令已作废" in text
    assert not opens(word)


def test_a_body_is_there_already(world: World) -> None:
    word = new_opening_word()
    for client in (Client(), world.client("admin")):
        assert client.get("/init/").status_code == 404
        assert client.post("/init/", {"word": word}).status_code == 404
        assert client.post("/init/confirm/").status_code == 404


def test_from_the_word_to_the_passwords(guest: Client) -> None:
    assert guest.post("/init/body/", {**BODY, "name": ""}).status_code == 422
    assert guest.post("/init/body/", BODY).headers["Location"] == "/init/units/"
    pasted = "部门\t简称\t上级\n县司法局\t司法局\t\n北桥镇人民政府\t北桥镇\t\n司法所\t\t北桥镇\n"
    read = guest.post("/init/units/", {"rows": "0", "paste": pasted, "do": "read"})
    assert read.status_code == 200
    assert "北桥镇人民政府" in read.content.decode()
    sent = {
        "rows": "4",
        "do": "next",
        "r0_name": "县司法局",
        "r1_name": "北桥镇人民政府",
        "r1_short_name": "北桥镇",
        "r1_document_code": "北政",
    }
    sent |= {"r2_name": "司法所", "r2_parent": "北乔镇"}
    wrong = guest.post("/init/units/", sent)
    assert wrong.status_code == 422
    assert 'id="r2_parent-wrong"' in wrong.content.decode()
    sent["r2_parent"] = "北桥镇"
    assert guest.post("/init/units/", sent).headers["Location"] == "/init/people/"
    joined = guest.post("/init/people/", people("甲某", "乙某", "甲某", "丁某"))
    assert joined.status_code == 422
    assert "甲某既是系统管理员又是审计管理员" in joined.content.decode()
    right = guest.post("/init/people/", people("甲某", "乙某", "丙某", "丁某"))
    assert right.headers["Location"] == "/init/calendar/"
    assert "工作日" in guest.get("/init/calendar/").content.decode()
    assert not Organization.objects.exists()  # nothing before the last step
    checked = guest.get("/init/confirm/").content.decode()
    assert "<td>乡镇（街道）</td>" in checked  # judged by the name: to be seen before it stands
    assert "北政" in checked
    sheet = guest.post("/init/confirm/")
    assert "no-store" in sheet.headers["Cache-Control"]
    _check_founded(sheet.content.decode())


def test_the_first_page_of_a_new_body_says_where_to_begin(guest: Client) -> None:
    guest.post("/init/body/", BODY)
    guest.post("/init/units/", {"rows": "0", "do": "next"})
    guest.post("/init/people/", people("甲某", "乙某", "丙某", "丁某"))
    guest.post("/init/confirm/")
    User.objects.update(must_change=False)
    guest.force_login(User.objects.get(display_name="丁某"))
    page = guest.get("/").content.decode()
    main = page.split("<main", 1)[1]
    assert "从这里开始" in main
    assert main.index('href="/cases/new/"') < main.index("今天到期")
    assert 'href="/plans/import/"' in main
    assert 'class="value"' not in main  # eight noughts tell nobody anything


def _check_founded(sheet: str) -> None:
    body = Organization.objects.get(parent=None)
    created = Record.objects.filter(kind="organization.created").order_by("pk")[0]
    assert (body.name, json.loads(created.payload)["region"]) == ("试行县人民政府", "511124")
    assert Organization.objects.get(name="司法所").parent == Organization.objects.get(short_name="北桥镇")
    assert Organization.objects.get(short_name="北桥镇").level == "town"
    held = Membership.objects.values_list("user__display_name", "role")
    assert {("甲某", "system_admin"), ("乙某", "security_admin"), ("丙某", "audit_admin")} < set(held)
    passwords = re.findall(r"<dd class=\"y-mono\">([a-z]{4}-[a-z]{4}-[a-z]{4}\d)</dd>", sheet)
    assert len(passwords) == len(set(passwords)) == 4
    tree = LexborHTMLParser(sheet)
    for slip in tree.css(".y-slip"):
        name, said = slip.css_first("strong").text(), [one.text() for one in slip.css("dd")]  # type: ignore[union-attr]
        opener = User.objects.get(username=said[1])
        assert (opener.display_name, opener.check_password(said[2])) == (name, True)
    user = User.objects.get(username="user0")
    assert user.must_change
    assert user.check_password(passwords[0])
    assert not opens("")
    assert Client().get("/init/").status_code == 404


@pytest.mark.parametrize(
    ("rows", "place", "column", "says"),
    [
        ([{"name": "甲局"}, {"name": "甲局"}], 1, "name", "前面已经有了"),
        ([{"name": "甲局"}, {"name": "试行县人民政府"}], 1, "name", "本级已在上一步填过"),
        ([{"name": ""}], 0, "name", "请填写单位名称"),
        ([{"name": "甲局", "code": "司法"}], 0, "code", "只能用字母"),
        ([{"name": "甲局", "code": "a"}, {"name": "乙局", "code": "A"}], 1, "code", "用了两次"),
        ([{"name": "甲局", "level": "省级"}], 0, "level", "没有这个层级"),
        ([{"name": "甲局", "parent": "乙局"}, {"name": "乙局", "parent": "甲局"}], 0, "parent", "绕成了一圈"),
        ([{"name": "甲" * 121}], 0, "name", "太长"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(
    rows: list[dict[str, str]], place: int, column: str, says: str
) -> None:
    _, faults = unit_lines(rows, "试行县人民政府")
    assert any((one.row, one.column) == (place, column) and says in one.message for one in faults), faults


def test_a_division_is_found_by_code_or_by_a_name_only_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [Division("370102", "历下区", "山东省济南市历下区")]
    known += [
        Division(code, "城关区", f"{where}城关区")
        for code, where in (("620102", "兰州市"), ("540102", "拉萨市"))
    ]
    monkeypatch.setattr(places, "divisions", lambda: {one.code: one for one in known})
    assert find_division("历下区") == known[0]
    assert find_division("山东省济南市历下区（370102）") == known[0]
    assert find_division("城关区") is None
    assert find_division("新设区 999001") == Division("999001", "新设区", "新设区")
