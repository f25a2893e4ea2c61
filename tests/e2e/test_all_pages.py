"""Every page there is, in a small county: accessible, in Chinese, no wider than an office screen, on paper too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.e2e.hand import Hand, Tally
from tests.e2e.looking import on_a_phone, overflow, strange_words, violations, watched
from tests.standing import standing
from tests.workbench.conftest import NOW, PASSWORD, World, _world
from tests.workbench.pages import PAGES
from tests.workbench.test_pages import SHOWN
from yifa.ledger.models import Organization, User

__all__ = ["watched"]

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


SPOILT = """() => {
  document.body.innerHTML = `<main><h1>标题</h1><input id="mute"><p id="pale">看不清的字 unreadable</p>
    <p id="dim" class="dim">夜里看不清</p></main>`;
  const grey = new CSSStyleSheet();
  grey.replaceSync("#pale { color: #777; background: #888; } [data-bs-theme=dark] #dim { color: #222 !important; }");
  document.adoptedStyleSheets.push(grey);
}"""


def test_what_is_wrong_with_a_page_is_found(watched: Page) -> None:
    watched.goto("/login/")
    watched.evaluate(SPOILT)
    found = violations(watched, set())
    for rule in ("label: #mute", "color-contrast: #pale", "dark color-contrast: #dim"):
        assert any(one.startswith(rule) for one in found), (rule, found)
    assert "unreadable" in strange_words(watched, set())


def test_every_page_is_accessible_and_chinese(small: World, watched: Page) -> None:
    page, words, looks = watched, data_words(), set[str]()
    found: list[str] = []

    def look(name: str) -> None:
        wrong = violations(page, looks)
        wrong += [f"not Chinese: {word}" for word in sorted(strange_words(page, words))]
        if over := overflow(page):
            wrong.append(f"{over} px wider than the window")
        found.extend(f"{name}: {fault}" for fault in wrong + on_a_phone(page))

    page.goto("/login/")
    look("login")
    Hand(page, Tally("")).sign_in("admin", PASSWORD)
    seen = 0
    for one in SHOWN:
        if opened(page, one.url(small)):
            seen += 1
            look(one.name)
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list li").first).to_be_visible()
    look("palette")
    page.route(
        "**/*", lambda route: route.fulfill(response=route.fetch(), status=200)
    )  # no error of the console
    page.goto("/nowhere/")
    look("no such page")
    page.goto(reverse("new_entry", args=["powers"]))
    page.locator("main form [type=submit]").first.click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    look("a form refused")
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
