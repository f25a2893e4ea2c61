"""The check-up in a real browser, without an account: drop three files, read a finding, jump to its place, print."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from yifa.ledger.installation import options
from yifa.reading import read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORT = """澜亭县人民政府2025年法治政府建设工作报告

一、主要成效
（一）规范执法
全年立案42件，分别为甲类12件、乙类20件、丙类5件。
（三）化解纠纷
截至11月底，收到来信10件，其中办结12件。

澜亭县人民政府
2026年1月10日
"""
PLAN = "青蘅镇2026年法治政府建设工作要点\n\n一、重点任务\n1.清理文件。\n2.组织学法不少于4次。\n"

DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name, { type: "text/plain" }));
  const zone = document.getElementById("drop");
  zone.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  const over = zone.classList.contains("over");
  zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  return over;
}"""


@pytest.fixture
def open_page(page: Page, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.delenv("YIFA_OPEN_CHECK", raising=False)
    options.choose(options.Open.CHECK, True, by="测试", at=date(2026, 1, 1))
    page.goto("/check/")
    return page


def drop(page: Page, *files: tuple[str, str]) -> None:
    assert page.evaluate(DROP, [list(one) for one in files]), "the drop zone shows that it takes files"


def in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    return bool(box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def test_drop_three_files_read_a_finding_jump_and_print(open_page: Page, tmp_path: Path) -> None:
    page = open_page
    long = REPORT.replace("一、主要成效\n", "一、主要成效\n" + "各单位按计划推进工作，群众比较满意。\n" * 60)
    drop(page, ("报告.txt", long), ("要点.txt", PLAN), ("空.txt", ""))
    expect(page.locator("#chosen li")).to_have_count(3)
    page.get_by_role("button", name="开始体检").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("体检结果：3 份文稿")
    expect(page.get_by_text("没有检查的 1 份")).to_be_visible()

    page.locator(".c-table tbody tr").first.locator("td").nth(4).click()  # anywhere in the row
    finding = page.locator(".c-finding[data-rule=sum]")
    expect(finding.locator(".c-evidence")).to_have_text("12＋20＋5＝37，与42相差5")
    assert not in_view(page, ".c-text mark[data-p~='1-0']") or page.locator(".c-text mark.now").count() == 0
    number = finding.get_attribute("data-number")
    finding.locator(".c-message").click()
    expect(page.locator(".c-text mark.now")).to_have_text(re.compile("42件"))
    expect(page.locator(".c-text mark.now").first).to_be_in_viewport(ratio=1)
    finding.get_by_role("button", name="下一处").click()
    expect(page.locator(".c-text mark.now")).to_have_text(re.compile("12件"))
    expect(finding.locator(".c-at")).to_have_text(re.compile("第 2 / [0-9]+ 处"))
    page.locator(".c-text mark.warning a").first.click()
    current = page.locator(".c-finding.current")
    expect(current).to_have_attribute("data-severity", "warning")
    assert current.get_attribute("data-number") != number

    page.emulate_media(media="print")
    expect(page.locator(".c-print-head")).to_contain_text("SHA-256")
    expect(page.locator(".c-filter")).to_be_hidden()
    expect(page.locator(".c-outline")).to_be_hidden()
    paper = tmp_path / "print.pdf"
    page.pdf(path=paper)
    words = "".join(read(paper).text.split())
    assert "12＋20＋5＝37" in words
    assert "报告.txt" in words
    assert "再查一份" not in words


def test_severities_and_rules_hide_findings_and_marks(open_page: Page) -> None:
    page = open_page
    drop(page, ("报告.txt", REPORT))
    page.get_by_role("button", name="开始体检").click()
    errors = page.locator(".c-finding.error")
    expect(errors).to_have_count(2)
    page.get_by_label("错误").uncheck()
    expect(errors.first).to_be_hidden()
    expect(page.locator(".c-text mark.error")).to_have_count(0)
    assert page.locator(".c-text mark.warning").count() > 0
    page.get_by_label("错误").check()
    expect(page.locator(".c-text mark.error")).not_to_have_count(0)
    page.locator(".c-rules summary").click()
    page.get_by_role("checkbox", name=re.compile("各部分相加不等于总数")).uncheck()
    expect(errors.filter(visible=True)).to_have_count(1)
    for box in page.locator("[name=severity]").all():
        box.uncheck()
    expect(page.locator("#none-left")).to_be_visible()


def test_keyboard_alone(open_page: Page) -> None:
    """Tab, Enter, Escape and arrows: paste a text, read a finding, go to its place and back, open the next tab."""
    page = open_page
    tab_to(page, "summary", "粘贴文字")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(REPORT)
    tab_to(page, "button", "开始体检")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("澜亭县")
    tab_to(page, "article", "")
    expect(page.locator("#q1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".c-text mark.now a").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".c-text mark.now a").first).to_be_focused()
    expect(page.locator(".c-text mark.now")).to_have_attribute("data-p", re.compile(r"\b2-1\b"))
    page.keyboard.press("Escape")
    expect(page.locator("#q2")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # a mark is a link to its finding
    expect(page.locator(".c-finding:focus")).to_have_count(1)


def tab_to(page: Page, tag: str, words: str, most: int = 40) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.tagName.toLowerCase(), document.activeElement.innerText || '']"
        )
        if here[0] == tag and words in here[1]:
            return
    raise AssertionError(f"no {tag} “{words}” within {most} tabs")


def test_the_example_on_a_telephone(open_page: Page) -> None:
    page = open_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="用这份示例体检").click()
    expect(page.locator(".c-finding").first).to_be_visible()
    assert page.locator(".c-finding").count() >= 10
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    page.locator(".c-finding .c-excerpt a").first.click()
    expect(page.locator(".c-text mark.now").first).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="回到问题").click()
    expect(page.locator(".c-finding.current")).to_be_in_viewport()


def test_works_without_script(browser_without_script: Page, tmp_path: Path) -> None:
    page = browser_without_script
    page.goto("/check/")
    files = [tmp_path / "报告.txt", tmp_path / "要点.txt"]
    for file, text in zip(files, (REPORT, PLAN), strict=True):
        file.write_text(text, encoding="utf-8")
    page.set_input_files("#files", files)
    page.get_by_role("button", name="开始体检").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("体检结果：2 份文稿")
    page.get_by_role("link", name=re.compile("^按|错误"), exact=False).first.click()
    assert "sort=" in page.url
    page.get_by_role("link", name=re.compile("澜亭县")).first.click()
    page.locator(".c-excerpt a").first.click()
    assert re.search(r"#p\d+-\d+$", page.url)


@pytest.fixture
def browser_without_script(browser, live_server, settings, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
    monkeypatch.delenv("YIFA_OPEN_CHECK", raising=False)
    options.choose(options.Open.CHECK, True, by="测试", at=date(2026, 1, 1))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_megabyte_does_not_stop_the_browser(open_page: Page) -> None:
    page = open_page
    line = "各单位按计划推进，全年巡查36次，整改到位，群众比较满意，工作有条不紊地开展，收到来信10件，其中办结12件。\n"
    text = REPORT.replace("一、主要成效\n", "一、主要成效\n" + line * 6_000)
    assert len(text.encode()) > 900_000
    drop(page, ("长.txt", text))
    page.get_by_role("button", name="开始体检").click()
    expect(page.locator(".c-finding").first).to_be_visible(timeout=120_000)
    began = time.perf_counter()
    page.locator(".c-finding .c-message").nth(3).click()
    expect(page.locator(".c-text mark.now").first).to_be_attached()
    assert time.perf_counter() - began < 5
