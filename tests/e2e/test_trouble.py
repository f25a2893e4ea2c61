"""What goes wrong in an office: two at one case, no network, a broken file. Nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.looking import overflow
from tests.e2e.test_walk import body, due_today, sign_in
from yifa.ledger.models import Case, Organization
from yifa.ledger.models.records import Seal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["body"]


def second_window(page: Page, case: Case, act: str) -> Page:
    """Another window of the same person; refusals in it are expected."""
    window = page.context.new_page()
    window.goto(f"/cases/{case.pk}/acts/{act}/")
    return window


def record(window: Page) -> None:
    window.get_by_role("button", name="记入台账").click()


def test_the_slower_of_two_keeps_what_was_typed(page: Page, body: Organization) -> None:
    case = due_today(body)
    sign_in(page)
    page.goto(f"/cases/{case.pk}/acts/extend/")
    slower = second_window(page, case, "extend")
    record(page)
    expect(page.get_by_text("已记入台账")).to_be_visible()
    slower.get_by_label("经办人").fill("后到的人")
    record(slower)
    expect(slower.get_by_role("alert").first).to_contain_text("这个事项刚有新的记录")
    expect(slower.get_by_label("经办人")).to_have_value("后到的人")
    assert case.acts.filter(act="extend").count() == 1


def test_without_network_the_form_stays(page: Page, body: Organization) -> None:
    case = due_today(body)
    sign_in(page)
    window = second_window(page, case, "extend")
    window.get_by_label("经办人").fill("断网的人")
    window.context.set_offline(True)
    record(window)
    expect(window.get_by_role("alert")).to_contain_text("连不上服务器")
    expect(window.get_by_label("经办人")).to_have_value("断网的人")
    window.context.set_offline(False)
    record(window)
    expect(window.get_by_text("已记入台账")).to_be_visible()
    assert case.acts.get(act="extend").actor == "断网的人"


def test_empty_file_is_named_when_it_is_chosen_and_not_taken(page: Page, body: Organization) -> None:
    case = due_today(body)
    sign_in(page)
    window = second_window(page, case, "extend")
    window.get_by_label("经办人").fill("传空文件的人")
    window.locator("#papers").set_input_files(
        {"name": "空.docx", "mimeType": "application/octet-stream", "buffer": b""}
    )
    expect(window.get_by_text("“空.docx”是空文件，没有选入。")).to_be_visible()
    assert window.evaluate(
        "Array.from(document.querySelectorAll('input[type=file]')).every((one) => !one.files.length)"
    )
    expect(window.get_by_label("经办人")).to_have_value("传空文件的人")
    assert not case.acts.filter(act="extend").exists()


def test_nothing_is_done_with_rows_where_there_are_none(page: Page, body: Organization) -> None:
    due_today(body)
    sign_in(page)
    page.goto("/cases/")
    expect(page.locator("#chosen")).to_be_visible()
    page.get_by_role("searchbox").fill("没有这样的事项")
    expect(page.locator("#list .y-empty")).to_be_visible()
    expect(page.locator("#chosen")).to_be_hidden()


def test_digests_break_on_paper_before_the_table_is_cut(page: Page, body: Organization) -> None:
    due_today(body)
    Seal.objects.create(
        day=date(2020, 1, 1), count=1, root="ab" * 32, previous="", digest="cd" * 32, sealed_at=timezone.now()
    )
    sign_in(page)
    page.goto("/ledger/")
    expect(page.locator("td.y-mono").first).to_be_visible()
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 upright less its margins
    page.emulate_media(media="print")
    assert overflow(page) == 0
