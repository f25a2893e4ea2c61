"""Every page there is, in a small county: accessible, in Chinese, no wider than an office screen, on paper too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.e2e.hand import Hand, Tally
from tests.e2e.looking import axe, on_a_phone, overflow, strange_words, violations
from tests.standing import standing
from tests.workbench.conftest import NOW, PASSWORD, World, _world
from tests.workbench.pages import PAGES
from tests.workbench.test_pages import SHOWN
from yifa.ledger.models import Organization, User

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def small(transactional_db: None, window: Callable[[], Page]) -> Iterator[World]:
    """The county of the page tests, on its day, for a server that answers beside the test."""
    with time_machine.travel(NOW):
        yield standing(_world)


def data_words() -> set[str]:
    """What the county itself is called by in Latin letters: codes and accounts."""
    given = [*Organization.objects.values_list("code", flat=True)]
    given += [word for user in User.objects.all() for word in (user.username, user.display_name)]
    return {word for text in given for word in re.findall("[A-Za-z]+", text)}


def opened(page: Page, address: str) -> bool:
    """Whether an address is a whole page, not a piece of one."""
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, address
    expect(page.locator(".htmx-request")).to_have_count(0)  # what a page asks for once it is there
    return page.locator("main").count() == 1


def test_every_page_is_accessible_and_chinese(small: World, window: Callable[[], Page], axe: str) -> None:
    page, words, looks = window(), data_words(), set[str]()
    page.goto("/login/")
    found = [f"login: {one}" for one in violations(page, axe, looks)]
    Hand(page, Tally("")).sign_in("admin", PASSWORD)
    seen = 0
    for one in SHOWN:
        if not opened(page, one.url(small)):
            continue
        seen += 1
        wrong = violations(page, axe, looks)
        wrong += [f"not Chinese: {word}" for word in sorted(strange_words(page, words))]
        if over := overflow(page):
            wrong.append(f"{over} px wider than the window")
        wrong += on_a_phone(page)
        found += [f"{one.name}: {fault}" for fault in wrong]
    assert seen > 90
    assert len(looks) > 1000
    assert not found, "\n".join(found)


WALKED = ("home", "cases", "case", "record_act", "register", "plan", "report", "exchange")
FOCUS = """() => {
  const at = document.activeElement;
  const shown = at.matches(".visually-hidden, .form-check-input") && at.nextElementSibling || at;
  const marked = [at, shown].map((one) => getComputedStyle(one)).some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
  return { where: at === document.body ? "" : at.outerHTML.slice(0, 120), marked };
}"""


def test_keyboard_alone_reaches_everything(small: World, window: Callable[[], Page]) -> None:
    page = window()
    page.goto("/login/")
    Hand(page, Tally("")).sign_in("coordinator", PASSWORD)
    by_name = {one.name: one for one in PAGES}
    for name in WALKED:
        page.goto(by_name[name].url(small))
        page.wait_for_load_state("networkidle")
        page.evaluate("document.activeElement.blur()")  # a form that begins in its first field
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="跳到正文")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        for number in range(12):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            if not focus["where"]:
                break  # past the last of the page
            if number == 0:
                assert page.locator("main :focus").count() == 1, (
                    f"{name}: skipping did not lead into the text"
                )
            assert focus["marked"], f"{name}: nothing shows the focus on {focus['where']}"
