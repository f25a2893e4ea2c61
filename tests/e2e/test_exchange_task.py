"""Five thousand hotline tickets brought in by a clerk and held against the platform's next export."""

from __future__ import annotations

import io
import os
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page

from tests.e2e.hand import Hand, Staff
from tests.e2e.office import UNITS, staff
from yifa.exchange import samples
from yifa.ledger.models import Case, CaseAct, Record
from yifa.papers.sheets import Column, write_sheet

__all__ = ["staff"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY, GONE, MORE, RENAMED, ANSWERED = 5000, 40, 30, 6, 4
REASON = "以热线平台为准"


def tickets() -> list[list[str]]:
    """As the platform exports them: received and sent out, the last ones without an answer yet."""
    names = [name for code, name in UNITS]
    rows = samples.tickets(MANY + MORE, names, date(2026, 7, 31))
    return [[*row[:9], "", "", "", "", ""] for row in rows]


def saved(path: Path, rows: list[list[str]]) -> Path:
    target = io.BytesIO()
    write_sheet(target, "工单", [Column(head) for head in samples.HEADS], rows)
    path.write_bytes(target.getvalue())
    return path


def hand_in(hand: Hand, path: Path, way: str) -> None:
    """From the first page to what the list says."""
    hand.open("导入和对账")
    hand.write("一、这是什么表", "热线和网上诉求工单")
    hand.page.locator("#file").set_input_files(path)
    hand.tally.files += 1
    hand.push(way)


def waits(hand: Hand, text: str) -> None:
    """Thousands of rows take longer than a page."""
    hand.page.get_by_text(text).first.wait_for()


def look(page: Page, name: str) -> None:
    """A picture, for whoever asks for them."""
    folder = os.environ.get("YIFA_PICTURES")
    if folder:
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.setAttribute('data-bs-theme', '{theme}')")
            page.screenshot(path=f"{folder}/{name}-{theme}.png", full_page=True)
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")


@pytest.mark.task("Import 5,000 hotline tickets and reconcile them with the next export")
def test_import_and_reconcile(staff: Staff, settings: LazySettings, tmp_path: Path) -> None:
    settings.IMPORT_APART = sys.maxsize  # a process of its own would not see the test's database
    rows = tickets()
    clerk = staff("fazhi")
    hand_in(clerk, saved(tmp_path / "七月工单.xlsx", rows[:MANY]), "导入")
    waits(clerk, "新增")
    look(clerk.page, "tried")
    clerk.push("导入", clerk.page.locator("#trial"))
    waits(clerk, "撤销这次导入")
    assert Case.objects.filter(opened_on__isnull=False).count() == MANY
    look(clerk.page, "brought-in")

    theirs = [list(row) for row in rows[GONE:]]
    for row in theirs[:RENAMED]:
        row[5] = "改名某0000"
    for row in theirs[RENAMED : RENAMED + ANSWERED]:
        row[9:11] = ["2026-08-01", "已解决"]
    clerk.open("首页")
    hand_in(clerk, saved(tmp_path / "八月工单.xlsx", theirs), "与台账对账")
    waits(clerk, "开始对账")
    look(clerk.page, "matching")
    clerk.push("开始对账")
    waits(clerk, "结果指纹")
    look(clerk.page, "different")
    matched = MANY - GONE - RENAMED - ANSWERED
    for label, many in (
        ("一致", matched),
        ("不同", RENAMED + ANSWERED),
        ("只在外来表", MORE),
        ("只在本台账", GONE),
    ):
        clerk.sees(f"{label}{many:,}")
    clerk.tick("这一类待处理的全部 10 行，不只勾选的")
    clerk.write("理由或者说明", REASON)
    clerk.push("按外来表补录和更正")
    waits(clerk, "已按表更正")
    assert Case.objects.filter(facts__caller="改名某0000").count() == RENAMED
    assert Record.objects.filter(payload__contains=REASON).count() == RENAMED
    assert CaseAct.objects.filter(act="reply", outcome="已解决").count() == ANSWERED
    clerk.open(f"只在本台账 {GONE} {GONE} 行待处理")
    look(clerk.page, "only-here")
    clerk.tick(f"这一类待处理的全部 {GONE} 行，不只勾选的")
    clerk.write("理由或者说明", "平台次月才归档")
    clerk.push("只写明原因")
    clerk.open(f"只在外来表 {MORE} {MORE} 行待处理")
    clerk.tick(f"这一类待处理的全部 {MORE} 行，不只勾选的")
    clerk.push("转去导入")
    clerk.push("导入", clerk.page.locator("#trial"))
    waits(clerk, "撤销这次导入")
    assert Case.objects.filter(opened_on__isnull=False).count() == MANY + MORE
    clerk.open("撤销这次导入")
    look(clerk.page, "undo")
    clerk.write("撤销的理由", "平台重新派了号")
    clerk.push("撤销这次导入")
    waits(clerk, "已撤销：平台重新派了号")
    look(clerk.page, "undone")
    assert Case.objects.filter(opened_on__isnull=False).count() == MANY
