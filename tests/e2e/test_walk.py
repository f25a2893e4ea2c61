"""From signing in to a figure that opens to the case that changed it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from yifa.law.calendar import default_calendar
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, OpenCase
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, Organization, Role
from yifa.reporting.actions import BuildReport

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "walk-through-7"
TITLE = "示例水库除险加固的批复"


@pytest.fixture
def body() -> Organization:
    """A county with a coordinator who also handles cases, and one request that is due within days."""
    organization = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", short_name="澜亭县", level="county"
    ).execute()
    user = CreateUser(
        actor=None, username="zouzou", display_name="走查", organization=organization, password=PASSWORD
    ).execute()
    for role in (Role.COORDINATOR, Role.OFFICER):
        GrantRole(actor=None, user=user, organization=organization, role=role).execute()
    return organization


def due_today(organization: Organization) -> Case:
    """A request whose twenty working days end today or, where today is a day off, right after it."""
    today = timezone.localdate()
    received = next(
        today - timedelta(days=back)
        for back in range(60, 19, -1)
        if default_calendar().add_workdays(today - timedelta(days=back), 20) >= today
    )
    return OpenCase(
        actor=None,
        organization=organization,
        case_type="information_request",
        act="receive",
        on=received,
        facts={"content": TITLE},
    ).execute()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill("zouzou")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="首页")).to_be_visible()


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def test_from_due_today_to_the_figure_and_back_to_the_case(page: Page, body: Organization) -> None:
    case = due_today(body)
    today = timezone.localdate()
    before = state_of(case, today).clocks["answer"].due
    assert before is not None
    report = BuildReport(actor=None, organization=body, year=today.year).execute()
    sign_in(page)

    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("#due")).to_have_text(chinese(before))

    page.get_by_role("link", name="办理延长答复期限").click()
    page.get_by_role("button", name="记入台账").click()
    expect(page.get_by_text("已记入台账")).to_be_visible()
    after = state_of(case, today).clocks["answer"].due
    assert after is not None
    assert after > before
    expect(page.locator("#due")).to_have_text(chinese(after))
    page.locator("#why-answer summary").click()
    expect(page.locator("#why-answer")).to_contain_text(chinese(after))

    page.get_by_role("link", name="办理答复", exact=True).click()
    page.get_by_label("结果").select_option("予以公开")
    page.get_by_label("答复书：已有纸质件").check()
    page.get_by_role("button", name="记入台账").click()
    expect(page.locator("#timeline")).to_contain_text("答复：予以公开")

    page.goto(f"/reports/{report.pk}/")
    answered = page.locator("a.y-figure[href*='/information_requests_answered/']").filter(has_text="1件")
    expect(answered).to_have_count(0)
    page.get_by_role("button", name="重新计算").click()
    expect(answered.first).to_have_text("1件")
    answered.first.click()
    panel = page.locator("#figure-panel")
    expect(panel).to_contain_text("口径")
    panel.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    assert re.search(rf"/cases/{case.pk}/", page.url)


def test_live_filter_changes_the_list_and_the_address(page: Page, body: Organization) -> None:
    due_today(body)
    sign_in(page)
    page.get_by_role("link", name="事项台账").first.click()
    rows = page.locator("#list tbody tr")
    expect(rows.first).to_contain_text(TITLE)
    page.get_by_role("searchbox").fill("没有这样的事项")
    expect(page.locator("#list")).to_contain_text("没有符合条件的记录")
    assert "q=" in page.url
    page.get_by_role("searchbox").fill("水库")
    expect(rows.first).to_contain_text(TITLE)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert "q=" in download.value.url
    page.set_viewport_size({"width": 1366, "height": 500})
    expect(page.get_by_role("button", name="退出")).to_be_in_viewport()  # whatever the height of the screen


def test_keyboard_alone(page: Page, body: Organization) -> None:
    """Sign in, reach the search with one key, open a case, all without a mouse."""
    due_today(body)
    page.goto("/login/")
    expect(page.get_by_label("用户名")).to_be_focused()  # a key pressed before goes nowhere
    page.keyboard.type("zouzou")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="首页")).to_be_visible()
    page.goto("/cases/")
    page.keyboard.press("/")
    page.keyboard.type("水库")
    page.wait_for_url("**q=%E6%B0%B4%E5%BA%93*")
    drawing = page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    expect(drawing).to_have_count(0)  # the list is drawn anew; a focus set before would be lost
    link = page.get_by_role("link", name=TITLE)
    link.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#due")).to_be_visible()
