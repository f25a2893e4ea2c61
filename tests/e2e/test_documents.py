"""As the officer of a case: one click makes the answer, what is missing leads to its field, Word comes down."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_walk import body, due_today, sign_in
from yifa.ledger.models import Organization

__all__ = ["body"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_case_to_the_paper_and_its_act(page: Page, body: Organization) -> None:
    case = due_today(body)
    sign_in(page)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("button", name="制作政府信息公开申请答复书").click()
    expect(page.get_by_role("heading", level=1, name="政府信息公开申请答复书")).to_be_visible()

    page.locator("#missing").get_by_text("答复的日期").click()
    expect(page.get_by_label("拟定日期")).to_be_in_viewport()
    page.get_by_label("拟定日期").fill("2026-01-05")
    page.get_by_label("答复的结果").select_option("信息不存在")
    page.get_by_label("检索查找的经过").fill("查阅了工程档案和文书档案。")
    page.get_by_role("button", name="保存并填入文书").click()
    sheet = page.locator(".y-sheet")
    expect(sheet).to_contain_text("检索情况：查阅了工程档案和文书档案。")
    expect(sheet).to_contain_text("二〇二六年一月五日")
    with page.expect_download() as down:
        page.get_by_role("link", name="Word").click()
    assert down.value.suggested_filename == "政府信息公开申请答复书.docx"

    page.get_by_role("link", name="办理“答复”并归入").click()
    expect(page.get_by_label("发生日期")).to_have_value("2026-01-05")
    expect(page.get_by_text("已上传：政府信息公开申请答复书.docx")).to_be_visible()
