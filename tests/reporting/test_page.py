from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from yifa.ledger.chain.canonical import canonical, sm3
from yifa.reporting import page
from yifa.reporting.actions import EditSection
from yifa.reporting.models import Report

pytestmark = pytest.mark.django_db


def parsed(report: Report) -> tuple[Any, dict[str, Any]]:
    tree = LexborHTMLParser(page.html(report))
    return tree, json.loads(tree.css("#data")[0].text())


@pytest.mark.mechanism("D3-01", "partly")
def test_every_number_opens_to_a_figure_with_its_records(report: Report) -> None:
    tree, data = parsed(report)
    links = [link.attributes for link in tree.css("article a.figure")]
    assert len(links) > 20
    for link in links:
        assert link.get("data-rule") in data["figures"]
        assert tree.css(f"#figure-{link.get('data-rule')}")
    assert len({link.get("id") for link in links}) == len(links)
    for rule, figure in data["figures"].items():
        if figure["status"] != "counted" or figure["numerator"]:
            continue
        if not figure["value"]:  # the mean of nothing
            assert not figure["rows"]
            continue
        assert sum(Decimal(value) for _, value, _ in figure["rows"]) == Decimal(figure["value"]), rule
        digests = sorted(data["records"][index][5] for index, _, _ in figure["rows"])
        assert figure["digest"] == sm3(canonical(digests).encode()), rule
        assert figure["explain"] and figure["period"] == "2024年"
    rate = data["figures"]["information_requests_on_time_rate"]
    assert {rate["numerator"], rate["denominator"]} <= set(data["figures"])


def test_records_stand_once_in_the_file(report: Report) -> None:
    _, data = parsed(report)
    assert len({tuple(record) for record in data["records"]}) == len(data["records"])
    used = {index for figure in data["figures"].values() for index, _, _ in figure["rows"]}
    assert used == set(range(len(data["records"])))


def test_the_file_asks_for_nothing_from_outside(report: Report) -> None:
    text = page.html(report)
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#)", text)
    assert "url(" not in text and "@import" not in text
    assert "default-src 'none'" in text


def test_typed_numbers_are_marked_and_live_ones_are_not(report: Report) -> None:
    causes = report.sections.get(required="causes")
    EditSection(
        actor=None, section=causes, text="收到申请{information_requests_received}，窗口缺员7人。"
    ).execute()
    tree, _ = parsed(report)
    assert [span.text() for span in tree.css("span.typed")] == ["7人"]


def test_what_people_write_cannot_break_out_of_the_page(busy: Any) -> None:
    busy.request(busy.justice, date(2024, 4, 2), None, "</script><script>alert(1)</script>")
    report = busy.build()
    causes = report.sections.get(required="causes")
    EditSection(actor=None, section=causes, text="<img src=x onerror=alert(1)>人手不足。").execute()
    text = page.html(report)
    assert "<script>alert(1)" not in text and "<img" not in text
    assert any("</script>" in record[1] for record in parsed(report)[1]["records"])


@pytest.fixture
def opened(browser: Browser, report: Report, tmp_path: Path) -> Iterator[Any]:
    """The written page in a browser without a network."""
    page.write(report, tmp_path / "report.html")
    context = browser.new_context(offline=True, viewport={"width": 1500, "height": 950})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.goto((tmp_path / "report.html").as_uri())
    yield tab
    context.close()
    assert problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_number_opens_recounts_and_closes(opened: Any) -> None:
    number = opened.locator("article a[data-rule=information_requests_received]").first
    number.focus()
    opened.keyboard.press("Enter")
    panel = opened.locator("#panel")
    assert panel.is_visible()
    assert opened.locator("#panel .value").inner_text() == "4件"
    assert opened.locator("#rows tr").count() == 4
    opened.locator("#recount").click()
    assert "重算：4件，与报告一致；记录摘要核对一致" in panel.inner_text()
    opened.locator("#search").fill("住房")
    assert opened.locator("#rows tr").count() == 2
    assert "共 2 条" in panel.inner_text()
    opened.keyboard.press("Escape")
    assert panel.is_hidden()
    assert opened.evaluate("document.activeElement.dataset.rule") == "information_requests_received"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_rate_leads_to_its_numerator_and_a_part_to_its_records(opened: Any) -> None:
    panel = opened.locator("#panel")
    opened.locator("article a[data-rule=information_requests_on_time_rate]").first.click()
    opened.locator("#recount").click()
    assert "1 ÷ 3" in panel.inner_text() and "与报告一致；记录摘要核对一致" in panel.inner_text()
    panel.get_by_role("button", name="按期答复").first.click()
    assert opened.locator("#rows tr").count() == 1
    opened.locator("article a[data-part=澜亭县司法局]").first.click()
    assert opened.locator("#panel .value").inner_text() == "1件"
    assert opened.locator("#rows tr").count() == 1
    opened.locator("#recount").click()
    assert "重算：1件，与报告一致" in panel.inner_text()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_mark_of_a_chart_opens_its_month_and_its_part(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    other = report.sections.get(required="other")
    lines = (
        "〔月图：各月〕{information_requests_received}\n〔分项图：各单位〕{late_information_request_answer}"
    )
    EditSection(actor=None, section=other, text=lines).execute()
    page.write(report, tmp_path / "charts.html")
    tab = browser.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto((tmp_path / "charts.html").as_uri())
    panel = tab.locator("#panel")
    tab.locator("svg.chart a[data-month='2024-05']").focus()
    tab.keyboard.press("Enter")
    assert panel.locator(".value").inner_text() == "2件" and "2024年5月" in panel.inner_text()
    assert tab.locator("#rows tr").count() == 2
    tab.locator("#recount").click()
    assert "重算：2件，与报告一致；记录摘要核对一致" in panel.inner_text()
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.dataset.month") == "2024-05"
    tab.locator("svg.chart a[data-part=澜亭县司法局]").click()
    assert panel.locator(".value").inner_text() == "1件"
    tab.close()
    assert problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_all_records_are_searched_and_say_where_they_count(opened: Any) -> None:
    opened.locator("#everywhere").fill("丙项目")
    panel = opened.locator("#panel")
    assert "共 2 条" in panel.inner_text(), "received and answered"
    opened.locator("#rows summary").first.click()
    opened.locator("#rows").get_by_role("button", name="收到政府信息公开申请").first.click()
    assert opened.locator("#panel .value").inner_text() == "4件"
    opened.locator("#everywhere").fill("没有这样的记录")
    assert "共 0 条" in panel.inner_text()
    opened.locator("#everywhere").fill("")
    assert panel.is_hidden()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_file_tampered_with_gives_itself_away(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    text = page.html(report)
    data = LexborHTMLParser(text).css("#data")[0].text()
    changed = json.loads(data)
    changed["figures"]["information_requests_received"]["rows"].pop()
    path = tmp_path / "tampered.html"
    path.write_text(text.replace(data, json.dumps(changed)), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.locator("article a[data-rule=information_requests_received]").first.click()
    tab.locator("#recount").click()
    told = tab.locator("#panel-body").inner_text()
    tab.close()
    assert "重算：3件，与报告不一致；记录摘要核对不一致" in told


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_narrow_browser_the_title_breaks_between_words(opened: Any) -> None:
    opened.set_viewport_size({"width": 400, "height": 800})
    lines = opened.evaluate(
        """() => {
            const title = document.getElementById("title"), lines = [];
            const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); )
                for (let i = 0; i < node.length; i++) {
                    const range = document.createRange();
                    range.setStart(node, i); range.setEnd(node, i + 1);
                    const top = Math.round(range.getBoundingClientRect().top);
                    if (lines.length && lines.at(-1).top === top) lines.at(-1).text += node.data[i];
                    else lines.push({ top, text: node.data[i] });
                }
            return lines.map((line) => line.text);
        }"""
    )
    assert lines == ["澜亭县人民政府", "2024年度", "法治政府建设情况报告"]
