"""Somebody of an office at a window of their own; what they type, choose, click and press is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import time_machine
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError

PASSWORD = "walk-through-7"


@dataclass
class Tally:
    """What one task asked of everybody together; signing in stands by itself."""

    task: str
    people: int = 0
    signed_in: int = 0
    typed: int = 0
    chosen: int = 0
    files: int = 0
    clicks: int = 0
    keys: int = 0


SENDS = "button => !!button.form && button.type === 'submit' && button.form.method === 'post'"


@dataclass
class Hand:
    """One person. Everything done to a page goes through here, or it is not counted."""

    page: Page
    tally: Tally

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """From the door to the first page; counted by itself, not in fields and clicks."""
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", name="首页", level=1)).to_be_visible()
        self.tally.signed_in += 1

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field of a label, whether or not its unit of measure and the mark of a required field follow."""
        place = within or self.page.locator("main")
        return place.get_by_label(re.compile(rf"^{re.escape(label)}(（[^）]+）)?\s*\*?$"))

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into a field."""
        self.field(label, within).fill(text)
        self.tally.typed += 1

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose from a menu."""
        self.field(label, within).select_option(option)
        self.tally.chosen += 1

    def tick(self, label: str, within: Locator | None = None) -> None:
        """Tick a box."""
        self.field(label, within).check()
        self.tally.clicks += 1

    def open(self, name: str, within: Locator | None = None) -> None:
        """Follow a link."""
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()
        self.tally.clicks += 1

    def push(self, name: str, within: Locator | None = None) -> None:
        """Push a button; where it sends a form, the answer is waited for: who walks away before would lose it."""
        button = (within or self.page).get_by_role("button", name=name, exact=True).first
        if button.evaluate(SENDS):
            with suppress(TooLateError), self.page.expect_event("framenavigated", timeout=3000):
                button.click()
        else:
            button.click()
        self.tally.clicks += 1

    def click(self, what: Locator) -> None:
        """Click anything else that is on the page."""
        what.click()
        self.tally.clicks += 1

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.tally.keys += 1

    def attach(self, label: str, *files: Path) -> None:
        """Give files."""
        self.field(label).set_input_files(list(files))
        self.tally.files += len(files)

    def sees(self, text: str) -> None:
        """The page shows a text."""
        expect(self.page.locator("body")).to_contain_text(text)


@dataclass
class Staff:
    """Who takes part in a task: each has a window of their own, and signs in when first asked or shut out."""

    window: Callable[[], Page]
    clock: time_machine.Traveller
    tally: Tally
    hands: dict[str, Hand] = field(default_factory=dict)
    here: set[str] = field(default_factory=set)

    def __call__(self, username: str) -> Hand:
        """The person of that name, signed in; on the first page where the day has just begun."""
        if username not in self.hands:
            self.hands[username] = Hand(self.window(), self.tally)
            self.tally.people += 1
        hand = self.hands[username]
        if username not in self.here:
            self.here.add(username)
            hand.page.goto("/")
            if "/login/" in hand.page.url:
                hand.sign_in(username)
        return hand

    def day(self, on: str) -> None:
        """Another morning; what pages asked for the evening before has been answered on that day."""
        for hand in self.hands.values():
            hand.page.wait_for_load_state("load")
            expect(hand.page.locator(".htmx-request")).to_have_count(0)
        self.clock.move_to(datetime.fromisoformat(f"{on}T09:30:00+08:00"))
        self.here.clear()
