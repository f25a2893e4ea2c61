"""Check-ups kept in memory for a while, so that their pages and downloads need no second upload.

Nothing is written to the disk: a check-up is gone after half an hour without use, after two hours at the latest, when the
browser throws it away, and when the server stops (docs/decisions/0055). Only the browser that made it sees it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from yifa.checking import Finding, Severity
from yifa.reading import Document

UNUSED, OLDEST = 30 * 60.0, 2 * 3600.0  # seconds
MOST_CHARACTERS = 10_000_000  # of all check-ups together; the longest unused goes first
MOST_BYTES = 200 * 1024 * 1024  # of the originals kept for filing


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with its findings, or why it could not be read. `content` is there only where it may be filed."""

    name: str
    document: Document | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""
    code: str = ""
    content: bytes = b""

    @property
    def title(self) -> str:
        """What to call it: its title, else the name of the file."""
        return (self.document.title if self.document else None) or self.name

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(one.severity == severity for one in self.findings)

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many findings ask for a judgment."""
        return self.count(Severity.WARNING)

    @property
    def notices(self) -> int:
        """How many findings are only mentioned."""
        return self.count(Severity.NOTICE)

    @property
    def weight(self) -> int:
        """Characters of text."""
        return len(self.document.text) if self.document else 0


@dataclass
class CheckUp:
    """What one upload gave. `others` are only compared with and have no page of their own."""

    token: str
    browser: str
    user: int | None
    made: float
    used: float
    items: list[Checked] = field(default_factory=list)
    others: list[Checked] = field(default_factory=list)
    ledgers: dict[int, str] = field(default_factory=dict)  # unit compared with, by number of the file
    taken: int = 0  # bytes received
    done: bool = False

    @property
    def characters(self) -> int:
        """Characters of all its texts."""
        return sum(one.weight for one in (*self.items, *self.others))

    @property
    def bytes(self) -> int:
        """Bytes of the originals it holds."""
        return sum(len(one.content) for one in self.items)

    @property
    def readable(self) -> list[Checked]:
        """The files that could be read."""
        return [one for one in self.items if one.document]


class Kept:
    """The check-ups of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_token: dict[str, CheckUp] = {}

    def open(self, browser: str, user: int | None) -> CheckUp:
        """A new, empty check-up."""
        now = self._clock()
        made = CheckUp(secrets.token_urlsafe(24), browser, user, now, now)
        with self._lock:
            self._sweep(now)
            self._by_token[made.token] = made
        return made

    def find(self, token: str, browser: str, user: int | None) -> CheckUp | None:
        """The check-up, for the browser and the account that made it.

        Who made it without signing in and signs in afterwards keeps it; who signs out loses it.
        """
        now = self._clock()
        with self._lock:
            self._sweep(now)
            found = self._by_token.get(token)
            if found is None or not browser or not secrets.compare_digest(found.browser, browser):
                return None
            if found.user is not None and found.user != user:
                return None
            found.user, found.used = user, now
            return found

    def forget(self, token: str) -> None:
        """Throw one away."""
        with self._lock:
            self._by_token.pop(token, None)

    def make_room(self, keep: CheckUp) -> None:
        """Throw the longest unused away until all fit."""
        with self._lock:
            self._sweep(self._clock())
            rows = sorted(self._by_token.values(), key=lambda one: one.used)
            characters, size = sum(one.characters for one in rows), sum(one.bytes for one in rows)
            for one in rows:
                if characters <= MOST_CHARACTERS and size <= MOST_BYTES:
                    return
                if one is not keep:
                    characters, size = characters - one.characters, size - one.bytes
                    self._by_token.pop(one.token, None)

    def _sweep(self, now: float) -> None:
        gone = [
            token
            for token, one in self._by_token.items()
            if now - one.used > UNUSED or now - one.made > OLDEST
        ]
        for token in gone:
            del self._by_token[token]

    def __len__(self) -> int:
        return len(self._by_token)


kept = Kept()
