"""Any text put to the check: who may, how much, what the pages say; nothing of it is kept."""

from __future__ import annotations

import json
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles import finders
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.ledger.installation import options
from yifa.ledger.models import Attachment, Entry
from yifa.ledger.proof.verification import verify
from yifa.workbench.checkups import kept as keeping
from yifa.workbench.checkups import limits
from yifa.workbench.checkups.kept import Kept, kept
from yifa.workbench.serving import uploads

WRONG = """澜亭县人民政府2025年法治政府建设工作报告

一、主要成效
（一）全年共收到来信10件，其中办结12件。
（三）立案42件，分别为甲类12件、乙类20件、丙类5件。

澜亭县人民政府
2026年1月10日
"""
PLAN = "青蘅镇2026年法治政府建设工作要点\n\n一、重点任务\n1.清理文件，6月底前完成。牵头单位：司法所。\n2.组织学法不少于4次。\n"


@pytest.fixture
def anyone(db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without account, where the check is open."""
    monkeypatch.delenv("YIFA_OPEN_CHECK", raising=False)
    options.choose(options.Open.CHECK, True, by="测试", at=date(2026, 1, 1))
    return Client()


def upload(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def send(client: Client, **fields: Any) -> LexborHTMLParser:
    response = client.post(reverse("check"), fields, follow=True)
    assert response.status_code == 200, response.content.decode()[:2000]
    return LexborHTMLParser(response.content.decode())


def address(client: Client, **fields: Any) -> str:
    response = client.post(reverse("check"), fields)
    assert response.status_code == 302
    return str(response.headers["Location"])


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


class TestOneText:
    def test_marks_findings_evidence_and_places(self, anyone: Client) -> None:
        page = send(anyone, text=WRONG)
        text = page.css_first(".c-text")
        assert text is not None
        assert page.css_first("mark.error") is not None
        lines = texts(page, ".c-evidence li")
        assert "部分12件＞总数10件，多2件" in lines
        assert "12＋20＋5＝37，与42相差5" in lines
        for link in page.css(".c-finding a[href^='#'], .c-text mark a, .c-outline a"):
            target = (link.attributes["href"] or "")[1:]
            assert page.css_first(f"[id='{target}']") is not None, target
        numbers = [node.attributes["data-number"] for node in page.css(".c-finding")]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]

    def test_worst_first(self, anyone: Client) -> None:
        page = send(anyone, text=WRONG)
        ranks = [
            ["error", "warning", "notice"].index(node.attributes["data-severity"] or "")
            for node in page.css(".c-finding")
        ]
        assert ranks == sorted(ranks)
        assert len(set(ranks)) > 1

    def test_nothing_found_says_what_was_checked(self, anyone: Client) -> None:
        page = send(anyone, text="关于召开会议的通知\n\n定于下周召开会议，请准时参加。\n")
        assert "未发现问题" in page.css_first("#findings").text()  # type: ignore[union-attr]
        assert page.css_first("#filter") is None

    def test_figures_filter_by_words_and_unit(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG + "培训3期。")
        anyone.get(where)
        all_rows = texts(
            LexborHTMLParser(anyone.get(f"{where}1/figures/").content.decode()), "#figures-table tbody tr"
        )
        some = LexborHTMLParser(anyone.get(f"{where}1/figures/", {"unit": "期"}).content.decode())
        assert len(all_rows) >= 7
        assert texts(some, "#figures-table tbody tr td:nth-child(4)") == ["3期"]
        none = anyone.get(f"{where}1/figures/", {"q": "没有这个"}).content.decode()
        assert "没有符合条件的数字" in none

    def test_a_figure_is_shown_at_its_place(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        figures = LexborHTMLParser(anyone.get(f"{where}1/figures/").content.decode())
        link = figures.css_first("#figures-table tbody td:nth-child(4) a")
        assert link is not None
        target, _, anchor = (link.attributes["href"] or "").partition("#")
        page = LexborHTMLParser(anyone.get(target).content.decode())
        assert page.css_first(f"#{anchor}") is not None
        assert texts(page, ".y-look") == [link.text()]

    def test_tasks_of_a_plan(self, anyone: Client) -> None:
        where = address(anyone, files=[upload("要点.txt", PLAN)])
        page = LexborHTMLParser(anyone.get(f"{where}1/tasks/").content.decode())
        cells = texts(page, "section:first-of-type tbody tr td:nth-child(3)")
        assert cells == ["司法所", "没有写"]

    def test_hostile_text_and_name_stay_text(self, anyone: Client) -> None:
        bad = "<script>alert(1)</script>"
        where = address(anyone, files=[upload(f"{bad}.txt", bad + WRONG), upload("乙.txt", WRONG)])
        for url in (where, f"{where}1/", f"{where}1/figures/", f"{where}1/repairs/"):
            assert bad not in anyone.get(url).content.decode()

    def test_nonsense_in_the_address_is_borne(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        for at in ("9-1", "a-b", "99999999999999-1", "0-99999999", "-"):
            assert anyone.get(f"{where}1/", {"at": at}).status_code == 200
        for wrong in ("2/", "0/", "1/nonsense/", "1/get/exe/"):
            assert anyone.get(where + wrong).status_code == 404


class TestManyTexts:
    def files(self) -> list[SimpleUploadedFile]:
        return [
            upload("甲.txt", WRONG),
            upload("乙.txt", PLAN.encode("gb18030")),
            upload("空.txt", b""),
            upload("图.docx", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ]

    def test_each_by_itself_and_nothing_kept(self, anyone: Client) -> None:
        page = send(anyone, files=self.files())
        assert len(page.css(".c-table tbody tr")) == 2
        unread = texts(page, "section.card:first-of-type tbody tr")
        assert len(unread) == 2
        assert unread[0].startswith("空.txt")
        assert not Attachment.objects.exists()
        assert not Path(settings.ATTACHMENTS).exists()

    def test_cells_are_the_counts_of_the_rules(self, anyone: Client) -> None:
        where = address(anyone, files=self.files())
        page = LexborHTMLParser(anyone.get(where).content.decode())
        heads = texts(page, ".c-table th.c-tall")
        row = texts(page, ".c-table tbody tr:first-child td.c-cell")
        found = json.loads(anyone.get(f"{where}1/get/json/").content)["findings"]
        assert sum(int(cell) for cell in row if cell.isdigit()) == len(found)
        assert row[heads.index("各部分相加不等于总数")] == "1"

    def test_sorted_and_filtered(self, anyone: Client) -> None:
        where = address(anyone, files=self.files())

        def names(**query: str) -> list[str]:
            page = LexborHTMLParser(anyone.get(where, query).content.decode())
            return texts(page, ".c-table tbody td.c-name .y-note")

        assert names() == ["甲.txt", "乙.txt"]
        assert names(sort="error", order="asc") == ["乙.txt", "甲.txt"]
        assert names(sort="sum", order="desc") == ["甲.txt", "乙.txt"]
        assert names(sort="sum", order="asc") == ["乙.txt", "甲.txt"]
        assert names(q="青蘅镇") == ["乙.txt"]
        assert names(kind="work_plan") == ["乙.txt"]
        assert names(only="subset") == ["甲.txt"]
        assert names(only="error") == ["甲.txt"]
        assert names(q="没有这样的") == []

    def test_copied_texts_are_listed_as_alike(self, anyone: Client) -> None:
        body = "".join(
            f"第{n}项工作由第{n}个科室负责，全年开展专项检查{n + 3}次，整改问题{n * 2 + 1}个，群众比较满意。\n"
            for n in range(1, 30)
        )
        first = f"东岭县2025年法治政府建设工作报告\n{body}\n东岭县人民政府\n2026年1月5日\n"
        page = send(anyone, files=[upload("东.txt", first), upload("西.txt", first.replace("东岭", "西岭"))])
        assert any("东岭县" in row and "西岭县" in row for row in texts(page, "table tbody tr"))

    def test_compared_files_have_no_page(self, anyone: Client) -> None:
        where = address(anyone, files=[upload("甲.txt", WRONG)], others=[upload("去年.txt", PLAN)])
        response = anyone.get(where)
        assert response.status_code == 302
        assert anyone.get(f"{where}2/").status_code == 404

    def test_downloads_need_no_second_upload(self, anyone: Client) -> None:
        where = address(anyone, files=self.files())
        lines = anyone.get(f"{where}all/json/").content.decode().splitlines()
        assert [("error" in json.loads(line)) for line in lines] == [False, False, True, True]
        book = load_workbook(BytesIO(anyone.get(f"{where}all/xlsx/").content))
        shown = [
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        ]
        assert any("甲.txt" in cell for cell in shown)
        assert any("12＋20＋5＝37" in cell for cell in shown)
        word = anyone.get(f"{where}1/get/docx/")
        assert "filename*=utf-8''" in word.headers["Content-Disposition"].lower()
        assert "12＋20＋5＝37" in zipfile.ZipFile(BytesIO(word.content)).read("word/document.xml").decode()


class TestGivingOneByOne:
    def read(self, client: Client, **fields: Any) -> Any:
        return client.post(reverse("check_read"), fields)

    def test_files_come_one_after_the_other(self, anyone: Client) -> None:
        first = self.read(anyone, file=upload("甲.txt", WRONG)).json()
        assert first["characters"] > 50
        assert first["kind"] == "年度报告"
        second = self.read(anyone, checkup=first["checkup"], file=upload("空.txt", b"")).json()
        assert second["checkup"] == first["checkup"]
        assert second["error"]
        url = anyone.post(reverse("check_finish", args=[first["checkup"]])).json()["url"]
        assert "部分大于总数" in anyone.get(f"{url}1/").content.decode()
        late = self.read(anyone, checkup=first["checkup"], file=upload("丙.txt", WRONG))
        assert late.status_code == 409

    def test_limits_hold_one_by_one_too(self, anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "OPEN", limits.Limits(files=2, megabytes=1, characters=1000, seconds=9))
        token = self.read(anyone, file=upload("甲.txt", WRONG)).json()["checkup"]
        assert self.read(anyone, checkup=token, file=upload("乙.txt", WRONG)).status_code == 200
        third = self.read(anyone, checkup=token, file=upload("丙.txt", WRONG))
        assert third.status_code == 422
        assert "2 个文件" in third.json()["error"]
        big = self.read(anyone, file=upload("大.txt", b"x" * 1_100_000))
        assert big.status_code == 422
        long = self.read(anyone, file=upload("长.txt", "字" * 2000)).json()
        assert "超过" in long["error"]

    def test_nothing_sent(self, anyone: Client) -> None:
        assert self.read(anyone).status_code == 422
        assert anyone.post(reverse("check_finish", args=["unknown"])).status_code == 409


class TestWho:
    def test_closed_unless_the_administrator_opens_it(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("YIFA_OPEN_CHECK", raising=False)
        assert not options.choice_of(options.Open.CHECK).open
        for method in (Client().get, Client().post):
            response = method(reverse("check"))
            assert response.status_code == 302
            assert response.headers["Location"] == "/login/?next=/check/"
        assert Client().post(reverse("check_read"), {"text": WRONG}).status_code == 302

    def test_the_environment_goes_first(self, anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("YIFA_OPEN_CHECK", "0")
        assert anyone.get(reverse("check")).status_code == 302
        monkeypatch.setenv("YIFA_OPEN_CHECK", "1")
        assert Client().get(reverse("check")).status_code == 200

    def test_a_damaged_choice_means_closed(self, anyone: Client, tmp_path: Path) -> None:
        (tmp_path / "open-check.json").write_text("{", encoding="utf-8")
        assert anyone.get(reverse("check")).status_code == 302

    def test_the_coordinator_opens_and_closes(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("YIFA_OPEN_CHECK", raising=False)
        client = world.client("coordinator")
        assert "改为不登录也可以体检" in client.get(reverse("check")).content.decode()
        client.post(reverse("check_open"), {"open": "1"})
        assert Client().get(reverse("check")).status_code == 200
        assert options.choice_of(options.Open.CHECK).by == "coordinator"
        client.post(reverse("check_open"), {"open": "0"})
        assert Client().get(reverse("check")).status_code == 302

    def test_nobody_else_does(self, world: World, anyone: Client) -> None:
        assert world.client("officer").post(reverse("check_open"), {"open": "0"}).status_code == 403
        assert anyone.post(reverse("check_open"), {"open": "0"}).status_code == 302
        assert options.choice_of(options.Open.CHECK).open

    def test_the_open_page_shows_nothing_of_the_ledger(self, world: World, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        for url in (reverse("check"), f"{where}1/", f"{where}1/figures/"):
            page = LexborHTMLParser(anyone.get(url).content.decode())
            assert page.css_first(".y-rail") is None
            assert "与台账比对" not in page.text()
        assert anyone.get(f"{where}1/ledger/").status_code == 302

    def test_only_the_browser_that_made_it(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        stranger = Client()
        stranger.get(reverse("check"))
        for path in ("", "1/", "1/figures/", "1/get/json/", "all/json/"):
            assert stranger.get(where + path).status_code == 404
        assert stranger.post(f"{where}forget/").status_code == 404
        assert anyone.get(f"{where}1/").status_code == 200

    def test_signing_in_keeps_it_and_signing_out_hides_it(self, world: World, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        anyone.force_login(world.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
        assert anyone.get(f"{where}1/").status_code == 200
        anyone.logout()
        anyone.cookies["yifa-check"] = next(
            one.browser for one in kept._by_token.values() if one.token in where
        )
        assert anyone.get(f"{where}1/").status_code == 404

    def test_forms_are_guarded(self, anyone: Client) -> None:
        guarded = Client(enforce_csrf_checks=True)
        assert guarded.post(reverse("check"), {"text": WRONG}).status_code == 403
        assert guarded.post(reverse("check_read"), {"text": WRONG}).status_code == 403

    def test_answers_are_kept_in_no_cache(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        for url in (reverse("check"), f"{where}1/"):
            assert "no-store" in anyone.get(url).headers["Cache-Control"]


class TestLimits:
    def test_nothing_given_is_said(self, anyone: Client) -> None:
        response = anyone.post(reverse("check"), {"text": "  "})
        assert response.status_code == 422
        assert "请选择文件" in response.content.decode()

    def test_too_many_files(self, anyone: Client) -> None:
        files = [upload(f"{n}.txt", WRONG) for n in range(limits.OPEN.files + 1)]
        response = anyone.post(reverse("check"), {"files": files})
        assert response.status_code == 422
        assert "请分批" in response.content.decode()

    def test_an_address_may_ask_only_so_often(
        self, anyone: Client, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few = limits.Limits(
            files=9, megabytes=9, characters=10_000, seconds=9, recent_files=3, recent_megabytes=9
        )
        monkeypatch.setattr(limits, "OPEN", few)
        got = [anyone.post(reverse("check"), {"text": WRONG}).status_code for _ in range(5)]
        assert got == [302, 302, 302, 429, 429]
        assert world.client("nobody").post(reverse("check"), {"text": WRONG}).status_code == 302

    def test_a_full_house_says_so(self, anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "PATIENCE", 0.05)
        for _ in range(limits.AT_ONCE):
            assert limits._running.acquire(blocking=False)
        try:
            response = anyone.post(reverse("check"), {"text": WRONG})
        finally:
            for _ in range(limits.AT_ONCE):
                limits._running.release()
        assert response.status_code == 503
        assert "没有排上" in response.content.decode()
        assert "来信10件" in response.content.decode(), "what was pasted is still there"
        assert anyone.post(reverse("check"), {"text": WRONG}).status_code == 302

    def test_no_long_queue(self) -> None:
        refused: list[str] = []
        inside, leave = threading.Barrier(limits.AT_ONCE + 1), threading.Event()

        def work() -> None:
            with limits.turn():
                inside.wait()
                leave.wait()

        threads = [threading.Thread(target=work) for _ in range(limits.AT_ONCE)]
        for thread in threads:
            thread.start()
        inside.wait()
        waiting = [
            threading.Thread(target=lambda: _enter(refused)) for _ in range(limits.WAITING - limits.AT_ONCE)
        ]
        for thread in waiting:
            thread.start()
        time.sleep(0.1)
        with pytest.raises(limits.TooMuchError), limits.turn():
            pass
        leave.set()
        for thread in (*threads, *waiting):
            thread.join()
        assert refused == []

    def test_time_that_runs_out_is_said_for_each_file(
        self, anyone: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = limits.Limits(files=9, megabytes=9, characters=10_000, seconds=-1.0)
        monkeypatch.setattr(limits, "OPEN", out)
        page = send(anyone, files=[upload("甲.txt", WRONG), upload("乙.txt", PLAN)])
        assert all("没有轮到" in row for row in texts(page, "section.card:first-of-type tbody tr"))


def _enter(refused: list[str]) -> None:
    try:
        with limits.turn():
            pass
    except limits.TooMuchError as error:
        refused.append(error.message)


class TestKeeping:
    def test_gone_after_half_an_hour_unused_and_two_hours_at_most(self) -> None:
        now = [0.0]
        store = Kept(clock=lambda: now[0])
        first = store.open("browser-secret", None)
        now[0] = keeping.UNUSED - 1
        assert store.find(first.token, "browser-secret", None) is first
        now[0] += keeping.UNUSED - 1
        assert store.find(first.token, "browser-secret", None) is first
        now[0] += keeping.UNUSED + 1
        assert store.find(first.token, "browser-secret", None) is None
        second = store.open("browser-secret", None)
        end = now[0] + keeping.OLDEST
        while now[0] <= end:
            now[0] += keeping.UNUSED / 2
            store.find(second.token, "browser-secret", None)
        assert len(store) == 0

    def test_the_longest_unused_goes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from yifa.reading import read_text
        from yifa.workbench.checkups.kept import Checked

        monkeypatch.setattr(keeping, "MOST_CHARACTERS", 250)
        now = [0.0]
        store = Kept(clock=lambda: now[0])
        made = []
        for _ in range(3):
            now[0] += 1
            one = store.open("browser-secret", None)
            one.items.append(Checked("甲", read_text("字" * 99 + "。")))
            made.append(one)
        store.find(made[0].token, "browser-secret", None)
        store.make_room(made[2])
        found = [store.find(one.token, "browser-secret", None) is not None for one in made]
        assert found == [True, False, True]

    def test_thrown_away_at_once(self, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        assert anyone.post(f"{where}forget/").status_code == 302
        response = anyone.get(f"{where}1/")
        assert response.status_code == 404
        assert "体检结果已清除" in response.content.decode()


class TestLedger:
    def test_a_report_beside_the_ledger(self, world: World) -> None:
        client = world.client("coordinator")
        text = (
            "澜亭县人民政府2026年法治政府建设工作报告\n\n一、主要成效\n"
            "全年收到政府信息公开申请9件。\n\n澜亭县人民政府\n2027年1月10日\n"
        )
        where = address(client, text=text)
        assert "选定单位后" in client.get(f"{where}1/ledger/").content.decode()
        page = client.post(f"{where}1/ledger/", {"unit": world.body.code}, follow=True)
        tree = LexborHTMLParser(page.content.decode())
        assert texts(tree, "tbody td:nth-child(5)") == ["不一致"]
        assert texts(tree, "tbody td:nth-child(3)") == ["2件"]
        assert "/figures/information_requests_received/" in page.content.decode()
        result = LexborHTMLParser(client.get(f"{where}1/").content.decode())
        assert texts(result, "[data-rule='ledger.differs'] .c-evidence li")[0] == "报告9－台账2＝7"
        assert "规则没有运行成功" not in result.text()

    def test_only_units_one_may_see(self, world: World) -> None:
        client = world.client("officer")
        where = address(client, text=WRONG)
        page = client.post(f"{where}1/ledger/", {"unit": world.other.code}, follow=True)
        assert "选定单位后" in page.content.decode()
        assert world.other.code not in texts(LexborHTMLParser(page.content.decode()), "select option")


class TestFiling:
    def test_original_certificate_and_result_are_kept(self, world: World) -> None:
        client = world.client("officer")
        where = address(client, files=[upload("报告.txt", WRONG)])
        assert "归档" in client.get(f"{where}1/").content.decode()
        response = client.post(f"{where}1/file/", follow=True)
        page = LexborHTMLParser(response.content.decode())
        assert "已归档" in response.content.decode()
        entry = Entry.objects.get(register="text_checks")
        assert entry.organization == world.office
        assert entry.data["errors"] == 2
        assert any("少5" in line or "相差" in line for line in entry.data["findings"])
        links = [node.attributes["href"] or "" for node in page.css("a[href*='/files/']")]
        contents = [b"".join(client.get(link).streaming_content) for link in links]  # type: ignore[attr-defined]
        assert WRONG.encode() in contents
        assert any(content.startswith(b"PK") for content in contents)
        assert world.client("stranger").get(links[0]).status_code == 404
        assert verify().faults == ()

    def test_the_same_text_is_filed_once_a_day(self, world: World) -> None:
        client = world.client("officer")
        where = address(client, files=[upload("报告.txt", WRONG)])
        client.post(f"{where}1/file/")
        client.post(f"{where}1/file/", follow=True)
        assert Entry.objects.filter(register="text_checks").count() == 1

    def test_not_without_a_role_nor_an_account(self, world: World, anyone: Client) -> None:
        client = world.client("nobody")
        where = address(client, text=WRONG)
        assert "归档" not in client.get(f"{where}1/").content.decode()
        client.post(f"{where}1/file/")
        assert anyone.post(f"{address(anyone, text=WRONG)}1/file/").status_code == 302
        assert not Entry.objects.filter(register="text_checks").exists()
        assert not Attachment.objects.exists()

    def test_checked_before_signing_in(self, world: World, anyone: Client) -> None:
        where = address(anyone, text=WRONG)
        anyone.force_login(world.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
        assert "重新检查一次" in anyone.post(f"{where}1/file/", follow=True).content.decode()


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_long_report_is_drawn_at_once(anyone: Client) -> None:
    """20,000 characters with forty faults: 0.15 s here; the bound leaves room for a busy machine."""
    fine = "（二）各单位按计划推进，全年巡查36次，整改到位，群众比较满意，工作有条不紊地开展。\n" * 10
    part = WRONG.split("\n\n")[1] + "\n" + fine
    long = WRONG.replace(WRONG.split("\n\n")[1], "\n".join(part for _ in range(42)))
    assert len(long) > 20_000
    where = address(anyone, text=long)
    anyone.get(f"{where}1/")
    assert min(timed(lambda: anyone.get(f"{where}1/")) for _ in range(4)) < 0.5


class TestFarTooLarge:
    def test_refused_before_it_is_read(self, anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("yifa.workbench.serving.uploads.MOST_OPEN", 2 * 1024**2)
        response = anyone.post(reverse("check"), {"files": [upload("大.txt", b"x" * 3_000_000)]})
        assert response.status_code == 400
        shown = response.content.decode()
        assert "一共约 3 MB，超过一次 2 MB 的上限" in shown
        assert "单个文件不超过 100 MB" in shown
        assert anyone.post(reverse("check"), {"files": [upload("小.txt", WRONG)]}).status_code == 302

    def test_read_to_its_end_so_that_the_browser_shows_the_answer(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "MOST_OPEN", 500_000)
        for size, left in ((1_900_000, 0), (2_300_000, 300_000)):
            body = BytesIO(b"x" * size)
            gate = uploads.SizeGate(RequestFactory().post("/"))
            with pytest.raises(RequestDataTooBig):
                gate.handle_raw_input(body, {}, size, "x")
            assert len(body.read()) == left

    def test_each_limit_names_itself(self, anyone: Client, settings: LazySettings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024**2
        shown = anyone.post(reverse("check"), {"text": "字" * 1_100_000}).content.decode()
        assert "文字一共超过 3 MB 的上限" in shown
        settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
        files = [upload(f"{number}.txt", WRONG) for number in range(3)]
        shown = anyone.post(reverse("check"), {"files": files}).content.decode()
        assert "文件超过 2 个的上限" in shown
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
        shown = anyone.post(reverse("check"), {f"text{number}": "" for number in range(9)}).content.decode()
        assert "超过 5 个的上限" in shown

    def test_the_page_and_the_server_mean_the_same_size(self) -> None:
        script = Path(finders.find("workbench/yifa.js") or "").read_text(encoding="utf-8")
        assert f"const most = {uploads.MOST // 1024**2} * 1024 * 1024;" in script

    def test_who_signed_in_may_send_more(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("yifa.workbench.serving.uploads.MOST_OPEN", 500_000)
        text = WRONG + "各单位按计划推进。\n" * 25_000
        response = world.client("nobody").post(reverse("check"), {"files": [upload("大.txt", text)]})
        assert response.status_code == 302
