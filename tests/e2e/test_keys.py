"""By keys alone: signing in, a case found by the box of commands, its next act opened, a file brought in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_all_pages import small
from tests.workbench.conftest import PASSWORD, World

__all__ = ["small"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FAR = 60  # keys of Tab somebody may need from the beginning of the text


def tab_to(page: Page, wanted: str) -> None:
    """From where the focus is, past the places by the link that skips them, on until what is wanted has the focus."""
    page.wait_for_load_state("networkidle")
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.locator(f"{wanted}:focus").count():
            return
        if page.locator("a.skip:focus").count():
            page.keyboard.press("Enter")
    raise AssertionError(f"{wanted} is not reached by {FAR} keys on {page.url}")


def test_a_case_is_found_and_a_file_brought_in_without_a_mouse(
    small: World, window: Callable[[], Page], tmp_path: Path
) -> None:
    page, case = window(), small.case
    page.goto("/login/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type("coordinator")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="首页")).to_be_visible()

    page.wait_for_load_state()  # the key is heard once the page's script runs
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-words")).to_be_focused()
    page.keyboard.type(case.title[:8])
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text(case.title[:8])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, f"a[href^='/cases/{case.pk}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.pk}/**")
    tab_to(page, "a[href*='/acts/answer/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acts/answer/**")

    page.goto("/exchange/")
    sheet = tmp_path / "人员.csv"
    sheet.write_text("姓名,执法证号\n甲一,0001\n", encoding="utf-8")
    tab_to(page, "[name=what]")
    page.keyboard.type("行政执法人员")
    tab_to(page, "#file")
    page.locator("#file:focus").set_input_files(sheet)  # what the system's own window gives is not the page's
    tab_to(page, "button:text('导入')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/exchange/imports/"))
